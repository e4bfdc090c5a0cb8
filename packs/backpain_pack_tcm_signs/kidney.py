"""Kidney yin or kidney yang?

The article counts a thirst for warm drinks for yin deficiency, and is alone with that. Here it counts for yang
deficiency, so both rules of the acupuncture pack are replaced. Weak knees belong to both patterns: they count for
either and decide for none, so yin deficiency needs another sign of its own, and yang deficiency needs the feeling of cold.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import (
    COLD_FEET,
    DRY_MEMBRANES,
    FEELING_COLD,
    HOT_FLASHES,
    KIDNEY_YANG,
    KIDNEY_YANG_SIGNS,
    KIDNEY_YIN,
    LOW_LIBIDO,
    NIGHT_SWEATS,
    NOCTURNAL_URINATION,
    ORGAN_GATE,
    THIRST_FOR_WARM_DRINKS,
    WEAK_KNEES,
)
from backpain_rules import Rule, all_of, any_of, at_least, extend

from .examples import MILD_CHRONIC_BACK, SEVERE_CHRONIC_BACK
from .sources import CODES, CRITERIA, JFMDP
from .words import KIDNEY_SIGNS, KIDNEY_YIN_AND_YANG, YIN_SIGNS

YIN = (WEAK_KNEES.present, HOT_FLASHES.present, NIGHT_SWEATS.present)
YANG = (FEELING_COLD.present, NOCTURNAL_URINATION.present, THIRST_FOR_WARM_DRINKS.present)

kidney_yin = Rule(
    "kidney-yin",
    when=all_of(ORGAN_GATE, at_least(KIDNEY_SIGNS, YIN_SIGNS), any_of(HOT_FLASHES, NIGHT_SWEATS, DRY_MEMBRANES)),
    then=KIDNEY_YIN.finding(strength="may_indicate"),
    source=(JFMDP["HOT"], *CRITERIA("KIDNEY", "KNEES")),
    replaces="acupuncture:kidney-yin",
    fires_on=[[MILD_CHRONIC_BACK, *YIN]],
    silent_on=[
        [MILD_CHRONIC_BACK, HOT_FLASHES.present, NIGHT_SWEATS.present, THIRST_FOR_WARM_DRINKS.present],
        [SEVERE_CHRONIC_BACK, *YIN],
        [MILD_CHRONIC_BACK, WEAK_KNEES.present],
        [MILD_CHRONIC_BACK, *YANG],
    ],
    note="Supersedes what article:E2 says of warm drinks; its other signs are kept.",
)
kidney_yang = Rule(
    "kidney-yang",
    when=all_of(ORGAN_GATE, at_least(KIDNEY_SIGNS, KIDNEY_YANG_SIGNS, mandatory=[FEELING_COLD])),
    then=KIDNEY_YANG.finding(strength="may_indicate"),
    source=(JFMDP["HOT"], *CRITERIA("KIDNEY", "YANG", "BOTH")),
    replaces="acupuncture:kidney-yang",
    fires_on=[[MILD_CHRONIC_BACK, *YANG], [MILD_CHRONIC_BACK, FEELING_COLD.present, WEAK_KNEES.present, LOW_LIBIDO.present]],
    silent_on=[
        [MILD_CHRONIC_BACK, COLD_FEET.present, NOCTURNAL_URINATION.present, THIRST_FOR_WARM_DRINKS.present],
        [MILD_CHRONIC_BACK, FEELING_COLD.present, NOCTURNAL_URINATION.present],
        [SEVERE_CHRONIC_BACK, *YANG],
    ],
    note="The signs are those of article:E3, with one that may not be missing.",
)
kidney_yin_and_yang = Rule(
    "kidney-yin-and-yang",
    when=all_of(KIDNEY_YIN, KIDNEY_YANG),
    then=KIDNEY_YIN_AND_YANG.finding(strength="may_indicate"),
    source=CODES["SF94"],
    fires_on=[[MILD_CHRONIC_BACK, *YIN, *YANG]],
    silent_on=[[MILD_CHRONIC_BACK, *YIN], [MILD_CHRONIC_BACK, *YANG], [SEVERE_CHRONIC_BACK, *YIN, *YANG]],
)

EXTENSIONS = (
    extend(KIDNEY_YANG_SIGNS, THIRST_FOR_WARM_DRINKS, source=JFMDP["HOT"]),
    extend(KIDNEY_YANG_SIGNS, WEAK_KNEES, source=CRITERIA["KNEES"]),
)
