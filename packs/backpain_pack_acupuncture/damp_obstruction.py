"""Is the bladder channel obstructed by dampness with cold, or with heat?

The article names both patterns and gives no signs (E4). So this pack asks for the dampness, the cold and the heat
themselves; each is a sign set of one, for another pack to extend with what it concludes from signs. Where cold and
heat are both stated, both patterns may be indicated: the article does not say that they exclude each other.
"""

from __future__ import annotations

from backpain_rules import Rule, all_of, at_least

from .article import ARTICLE
from .examples import CHRONIC_BACK, MILD_CHRONIC_BACK
from .words import (
    COLD,
    COLD_SIGNS,
    DAMP_COLD,
    DAMP_HEAT,
    DAMPNESS,
    DAMPNESS_SIGNS,
    HEAT,
    HEAT_SIGNS,
    ORGAN_GATE,
)

damp_cold = Rule(
    "damp-cold",
    when=all_of(ORGAN_GATE, at_least(1, DAMPNESS_SIGNS), at_least(1, COLD_SIGNS)),
    then=DAMP_COLD.finding(strength="may_indicate"),
    source=ARTICLE["E4"],
    fires_on=[[MILD_CHRONIC_BACK, DAMPNESS.present, COLD.present]],
    silent_on=[
        [MILD_CHRONIC_BACK, DAMPNESS.present],
        [MILD_CHRONIC_BACK, COLD.present],
        [MILD_CHRONIC_BACK, DAMPNESS.present, HEAT.present],
        [CHRONIC_BACK, DAMPNESS.present, COLD.present],
    ],
)
damp_heat = Rule(
    "damp-heat",
    when=all_of(ORGAN_GATE, at_least(1, DAMPNESS_SIGNS), at_least(1, HEAT_SIGNS)),
    then=DAMP_HEAT.finding(strength="may_indicate"),
    source=ARTICLE["E4"],
    fires_on=[[MILD_CHRONIC_BACK, DAMPNESS.present, HEAT.present]],
    silent_on=[
        [MILD_CHRONIC_BACK, DAMPNESS.present],
        [MILD_CHRONIC_BACK, HEAT.present],
        [MILD_CHRONIC_BACK, DAMPNESS.present, COLD.present],
        [CHRONIC_BACK, DAMPNESS.present, HEAT.present],
    ],
)
