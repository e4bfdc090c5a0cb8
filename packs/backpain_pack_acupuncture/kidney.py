"""Is it a pattern of the kidneys, as Chinese medicine understands them?

Both patterns need mild chronic lumbar pain and enough of their signs. Thirst tells them apart: a thirst for warm drinks
counts for yin deficiency, its absence for yang deficiency, and one patient cannot state both (E5). Neither is concluded
from the other. E2 is disputed; see its note.
"""

from __future__ import annotations

from backpain_rules import Rule, all_of, at_least, never

from .article import ARTICLE
from .examples import CHRONIC_BACK, MILD_CHRONIC_BACK
from .words import (
    COLD_FEET,
    DRY_MEMBRANES,
    FEELING_COLD,
    FREQUENT_URINATION,
    HOT_FLASHES,
    KIDNEY_YANG,
    KIDNEY_YANG_SIGNS,
    KIDNEY_YIN,
    KIDNEY_YIN_SIGNS,
    MIN_SIGNS,
    NIGHT_SWEATS,
    NOCTURNAL_URINATION,
    ORGAN_GATE,
    THIRST,
    THIRST_FOR_WARM_DRINKS,
)

YIN = (HOT_FLASHES.present, NIGHT_SWEATS.present, DRY_MEMBRANES.present)
YANG = (FEELING_COLD.present, THIRST.absent, NOCTURNAL_URINATION.present)

kidney_yin = Rule(
    "kidney-yin",
    when=all_of(ORGAN_GATE, at_least(MIN_SIGNS, KIDNEY_YIN_SIGNS)),
    then=KIDNEY_YIN.finding(strength="may_indicate"),
    source=ARTICLE["E2"],
    fires_on=[[MILD_CHRONIC_BACK, *YIN]],
    silent_on=[[MILD_CHRONIC_BACK, *YIN[:2]], [CHRONIC_BACK, *YIN], [*YIN], [MILD_CHRONIC_BACK]],
)
kidney_yang = Rule(
    "kidney-yang",
    when=all_of(ORGAN_GATE, at_least(MIN_SIGNS, KIDNEY_YANG_SIGNS)),
    then=KIDNEY_YANG.finding(strength="may_indicate"),
    source=ARTICLE["E3"],
    fires_on=[[MILD_CHRONIC_BACK, *YANG]],
    silent_on=[
        [MILD_CHRONIC_BACK, FEELING_COLD.present, THIRST.present, NOCTURNAL_URINATION.present],
        [MILD_CHRONIC_BACK, COLD_FEET.present, FREQUENT_URINATION.present, NOCTURNAL_URINATION.present],
        [CHRONIC_BACK, *YANG],
        [MILD_CHRONIC_BACK, FEELING_COLD.present, NOCTURNAL_URINATION.present],
    ],
    note="Urination counts once, whether frequent, at night or both. An unknown thirst does not count as none.",
)
thirst = never("thirst-and-no-thirst", THIRST_FOR_WARM_DRINKS, THIRST.absent, source=ARTICLE["E5"])
