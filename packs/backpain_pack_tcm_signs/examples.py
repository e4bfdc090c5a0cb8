"""Facts that the small cases of several rules share."""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Injury, Pain

MILD_CHRONIC_BACK = Pain(region="lumbar", severity=3, duration=timedelta(weeks=30))
SEVERE_CHRONIC_BACK = Pain(region="lumbar", severity=8, duration=timedelta(weeks=30))
BACK_INJURY = Injury(region="lumbar", since=timedelta(weeks=40))
NO_BACK_INJURY = Injury(region="lumbar", present=False)
