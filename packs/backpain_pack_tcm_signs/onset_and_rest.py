"""Does the pain look like one of the kidney, or like one of an injury?

Where an injury is known, or the pain looks like one, the pain is not called one of the kidney; and where a kidney
pattern was found all the same, a caution says what the criteria ask for.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import FEELING_COLD, KIDNEY_YANG, KIDNEY_YIN, MILD_MAX, NOCTURNAL_URINATION, WEAK_KNEES
from backpain_rules import Caution, Injury, Pain, Rule, all_of, any_of, conclude, each, exists, not_, unless

from .examples import BACK_INJURY, MILD_CHRONIC_BACK, NO_BACK_INJURY, SEVERE_CHRONIC_BACK
from .sources import CRITERIA, INNERPATH
from .words import (
    FIXED_PAIN,
    INJURY_PICTURE,
    INSIDIOUS_ONSET,
    KIDNEY_PICTURE,
    RELIEVED_BY_REST,
    WORSE_ON_PRESSURE,
    WORSE_ON_TURNING,
)

lumbar = each(Pain, region="lumbar")

SLOW_AND_RESTED = (INSIDIOUS_ONSET.present, RELIEVED_BY_REST.present)
INJURED = (FIXED_PAIN.present, WORSE_ON_PRESSURE.present)
YANG = (FEELING_COLD.present, NOCTURNAL_URINATION.present, WEAK_KNEES.present)

injury_picture = Rule(
    "injury-picture",
    when=all_of(lumbar, FIXED_PAIN, any_of(WORSE_ON_PRESSURE, WORSE_ON_TURNING)),
    then=INJURY_PICTURE.finding(region=lumbar.region, strength="may_indicate"),
    source=INNERPATH["TRAUMA"],
    fires_on=[[MILD_CHRONIC_BACK, *INJURED], [MILD_CHRONIC_BACK, FIXED_PAIN.present, WORSE_ON_TURNING.present]],
    silent_on=[[MILD_CHRONIC_BACK, FIXED_PAIN.present], [MILD_CHRONIC_BACK, WORSE_ON_PRESSURE.present], [*INJURED]],
)
kidney_picture = Rule(
    "kidney-picture",
    when=all_of(
        lumbar.severity <= MILD_MAX,
        INSIDIOUS_ONSET,
        RELIEVED_BY_REST,
        not_(exists(Injury, region="lumbar")),
        unless(INJURY_PICTURE),
    ),
    then=KIDNEY_PICTURE.finding(region=lumbar.region, strength="may_indicate"),
    source=(INNERPATH["KIDNEY"], CRITERIA["KIDNEY"]),
    fires_on=[[MILD_CHRONIC_BACK, NO_BACK_INJURY, *SLOW_AND_RESTED]],
    silent_on=[
        [MILD_CHRONIC_BACK, BACK_INJURY, *SLOW_AND_RESTED],
        [MILD_CHRONIC_BACK, *SLOW_AND_RESTED],
        [MILD_CHRONIC_BACK, NO_BACK_INJURY, *SLOW_AND_RESTED, *INJURED],
        [SEVERE_CHRONIC_BACK, NO_BACK_INJURY, *SLOW_AND_RESTED],
        [MILD_CHRONIC_BACK, NO_BACK_INJURY, INSIDIOUS_ONSET.present, RELIEVED_BY_REST.absent],
    ],
    note="An injury has to be known not to be there. It says kidney, and neither yin nor yang.",
)
injury_first = Rule(
    "injury-first",
    when=all_of(any_of(KIDNEY_YIN, KIDNEY_YANG, KIDNEY_PICTURE), any_of(INJURY_PICTURE, exists(Injury, region="lumbar"))),
    then=conclude(
        Caution, about="injury_before_kidney", text="criteria of kidney deficiency ask that an injury be excluded first"
    ),
    source=CRITERIA("KIDNEY", "BOTH"),
    fires_on=[[MILD_CHRONIC_BACK, BACK_INJURY, *YANG], [MILD_CHRONIC_BACK, *INJURED, *YANG]],
    silent_on=[[MILD_CHRONIC_BACK, NO_BACK_INJURY, *YANG], [MILD_CHRONIC_BACK, *YANG], [MILD_CHRONIC_BACK, BACK_INJURY]],
)
