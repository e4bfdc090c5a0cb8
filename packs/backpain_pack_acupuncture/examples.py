"""Facts that the small cases of several rules share."""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Injury, Pain

STRAINED_BACK = (
    Pain(region="lumbar", severity=8, duration=timedelta(hours=6)),
    Injury(region="lumbar", mechanism="lifting", since=timedelta(hours=6)),
)
CHRONIC_BACK = Pain(region="lumbar", severity=5, duration=timedelta(weeks=30))
CHRONIC_NECK = Pain(region="neck", severity=5, duration=timedelta(weeks=30))
MILD_CHRONIC_BACK = Pain(region="lumbar", severity=3, duration=timedelta(weeks=30))
RECENT_BACK = Pain(region="lumbar", severity=5, duration=timedelta(weeks=3))
NO_BACK_INJURY = Injury(region="lumbar", present=False)
