"""The words of this pack, and the numbers that its source leaves open."""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import condition, parameter

DAMP_PLACE = condition("damp_workplace", "Long work in a damp place")
HEAVY_WORK = condition("heavy_work", "Heavy lifting at work")

LONG_IN_DAMP = parameter(
    "long_in_damp",
    timedelta(weeks=12),
    "work in a damp place for this long, or longer, is a sign (R1 gives no number)",
    ge=timedelta(weeks=1),
    le=timedelta(weeks=104),
)
HEAVY_DAY = parameter(
    "heavy_day",
    timedelta(hours=2),
    "lifting for this long a day, or longer, is heavy work (R2 gives no number)",
    ge=timedelta(minutes=30),
    le=timedelta(hours=12),
)
