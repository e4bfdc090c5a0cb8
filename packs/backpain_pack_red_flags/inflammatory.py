"""May the back pain be inflammatory?

By the features that experts of the ASAS agreed on, in pain that has lasted. Inflammatory back pain is no diagnosis; it is a
reason to see a rheumatologist, and acupuncture is not the first thing to do.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_pack_acupuncture.words import ACUPUNCTURE
from backpain_rules import Pain, Referral, Rule, all_of, at_least, conclude, each

from .sources import ASAS2009, DECISIONS
from .words import (
    BETTER_WITH_EXERCISE,
    INFLAMMATORY_AFTER,
    INFLAMMATORY_BACK_PAIN,
    INFLAMMATORY_SIGN_SET,
    INFLAMMATORY_SIGNS,
    NO_BETTER_WITH_REST,
    ONSET_BEFORE_40,
    SLOW_ONSET,
    WAKES_AND_RISES,
)

lumbar = each(Pain, region="lumbar")

LONG_PAIN = Pain(region="lumbar", severity=5, duration=timedelta(weeks=12))
SHORT_PAIN = Pain(region="lumbar", severity=5, duration=timedelta(weeks=11))
FOUR = (ONSET_BEFORE_40.present, SLOW_ONSET.present, BETTER_WITH_EXERCISE.present, WAKES_AND_RISES.present)
ALSO_FOUR = (ONSET_BEFORE_40.present, SLOW_ONSET.present, BETTER_WITH_EXERCISE.present, NO_BETTER_WITH_REST.present)
ENOUGH = [[LONG_PAIN, *FOUR], [LONG_PAIN, *ALSO_FOUR]]
NOT_ENOUGH = ([LONG_PAIN, *FOUR[:3]], [SHORT_PAIN, *FOUR], [*FOUR], [Pain(region="neck", duration=timedelta(weeks=30)), *FOUR])

inflammatory = Rule(
    "inflammatory-back-pain",
    when=all_of(lumbar.duration >= INFLAMMATORY_AFTER, at_least(INFLAMMATORY_SIGNS, INFLAMMATORY_SIGN_SET)),
    then=INFLAMMATORY_BACK_PAIN.finding(strength="may_indicate"),
    source=ASAS2009["FEATURES"],
    fires_on=ENOUGH,
    silent_on=NOT_ENOUGH,
)
rheumatology = Rule(
    "inflammatory-to-rheumatology",
    when=INFLAMMATORY_BACK_PAIN,
    then=conclude(Referral, to="rheumatologist", reason="inflammatory_back_pain", urgency="soon"),
    source=(ASAS2009["FEATURES"], DECISIONS["RHEUMATOLOGY"]),
    overrides=ACUPUNCTURE.recommend(),
    fires_on=ENOUGH,
    silent_on=NOT_ENOUGH,
)
