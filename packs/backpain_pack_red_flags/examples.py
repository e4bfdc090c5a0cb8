"""Facts that the small cases of several rules share."""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Injury, Pain, Patient

BACK_PAIN = Pain(region="lumbar", severity=5, duration=timedelta(days=5))
NECK_PAIN = Pain(region="neck", severity=5, duration=timedelta(days=5))
LIFTING = Injury(region="lumbar", mechanism="lifting", since=timedelta(days=5))
NO_INJURY = Injury(region="lumbar", present=False)
ADULT = Patient(age=40)
ELDER = Patient(age=72)
