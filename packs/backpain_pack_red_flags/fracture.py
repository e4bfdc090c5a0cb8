"""May it be a fracture?

A flag alone is weak evidence, so flags are counted. Yet one is enough for the treatment of a strain to wait: the injury
that would make it a strain is the flag.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import ACUTE_STRAIN
from backpain_rules import Recommendation, Referral, Rule, at_least, conclude, each

from .examples import ADULT, BACK_PAIN, ELDER, LIFTING, NO_INJURY
from .sources import ACR2021, AHCPR, DECISIONS, DOWNIE2013, IFOMPT
from .words import FRACTURE, FRACTURE_FLAG_SET, FRACTURE_FLAGS, FRAGILITY_FRACTURE, MAJOR_TRAUMA, OSTEOPOROSIS, STEROIDS

ONE_FLAG = (BACK_PAIN, LIFTING, ELDER)
TWO_FLAGS = (*ONE_FLAG, MAJOR_TRAUMA.present)
ON_STEROIDS = (BACK_PAIN, STEROIDS.present)
NO_FLAG = (
    [BACK_PAIN, LIFTING, ADULT],
    [BACK_PAIN, LIFTING],
    [BACK_PAIN, NO_INJURY, ELDER],
    [BACK_PAIN, NO_INJURY, OSTEOPOROSIS.diagnosed],
    [BACK_PAIN, NO_INJURY, FRAGILITY_FRACTURE.present],
    [STEROIDS.present],
)

fracture_flag = Rule(
    "fracture-flag",
    when=at_least(1, FRACTURE_FLAG_SET),
    then=[
        conclude(Referral, to="physician", reason="fracture_flag", urgency="soon"),
        FRACTURE.caution(
            "fracture_flag", "a flag of a fracture: weak evidence if alone, and enough to look before treating a strain"
        ),
    ],
    source=(
        *AHCPR("FRACTURE_MAJOR", "FRACTURE_MINOR"),
        ACR2021["FRACTURE"],
        DOWNIE2013["FRACTURE"],
        IFOMPT["ONE"],
        *DECISIONS("URGENCY", "FRACTURE_FIRST"),
    ),
    overrides=[
        each(Recommendation, for_condition=ACUTE_STRAIN, kind="treatment"),
        each(Recommendation, for_condition=ACUTE_STRAIN, kind="medication"),
    ],
    fires_on=[
        ONE_FLAG,
        [MAJOR_TRAUMA.present],
        [BACK_PAIN, LIFTING, OSTEOPOROSIS.diagnosed],
        [BACK_PAIN, LIFTING, FRAGILITY_FRACTURE.present],
        ON_STEROIDS,
    ],
    silent_on=NO_FLAG,
)
fracture = Rule(
    "fracture",
    when=at_least(FRACTURE_FLAGS, FRACTURE_FLAG_SET),
    then=FRACTURE.finding(strength="may_indicate"),
    source=(*AHCPR("FRACTURE_MAJOR", "FRACTURE_MINOR"), ACR2021["FRACTURE"], DOWNIE2013["FRACTURE"], IFOMPT["ONE"]),
    fires_on=[TWO_FLAGS, [*ONE_FLAG, STEROIDS.present]],
    silent_on=[ONE_FLAG, ON_STEROIDS, [MAJOR_TRAUMA.present], *NO_FLAG],
)
urgent = Rule(
    "fracture-urgent",
    when=FRACTURE,
    then=conclude(Referral, to="physician", reason="vertebral_fracture", urgency="urgent"),
    source=DECISIONS["URGENCY"],
    fires_on=[TWO_FLAGS, [FRACTURE.diagnosed]],
    silent_on=[ONE_FLAG, *NO_FLAG],
)
