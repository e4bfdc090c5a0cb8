"""Do the signs make a picture of dampness with cold, or with heat?

The acupuncture pack names both obstructions of the bladder channel and asks for the dampness, the cold and the heat
themselves. Here each picture is concluded from its signs and added to the sign sets of that pack: dampness and cold from
the one, dampness and heat from the other. The pages describe the pictures as a whole, so no single sign is called damp.

Heaviness belongs to both pictures, so a picture takes two signs at the least. Bed rest that does not help is a sign
only where it is known not to help.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import COLD_SIGNS, DAMP_HEAT, DAMPNESS_SIGNS, HEAT_SIGNS
from backpain_rules import Rule, all_of, at_least, extend

from .examples import MILD_CHRONIC_BACK
from .sources import DAMP_PAGES, HERBADAY, INNERPATH
from .words import (
    BACK_FEELS_COLD,
    BACK_FEELS_HEAVY,
    BETTER_WITH_WARMTH,
    DAMP_COLD_PICTURE,
    DAMP_COLD_SIGNS,
    DAMP_HEAT_PICTURE,
    DAMP_HEAT_SIGNS,
    DAMP_SIGNS,
    DEEP_TIGHT_PULSE,
    LOCAL_HEAT,
    RELIEVED_BY_REST,
    SCANTY_DARK_URINE,
    WHITE_GREASY_COATING,
    WORSE_IN_RAIN_OR_COLD,
    WORSE_WITH_HEAT,
    YELLOW_GREASY_COATING,
)

COLD_BACK = (BACK_FEELS_HEAVY.present, WORSE_IN_RAIN_OR_COLD.present, WHITE_GREASY_COATING.present)
HOT_BACK = (BACK_FEELS_HEAVY.present, LOCAL_HEAT.present, YELLOW_GREASY_COATING.present)
HOT_BACK_AND_WARMTH = (MILD_CHRONIC_BACK, *HOT_BACK, BETTER_WITH_WARMTH.present)
NO_QUESTION_OF_WARMTH = (
    [MILD_CHRONIC_BACK, *HOT_BACK],
    [MILD_CHRONIC_BACK, *HOT_BACK, BETTER_WITH_WARMTH.absent],
    [MILD_CHRONIC_BACK, *COLD_BACK, BETTER_WITH_WARMTH.present],
)

damp_cold_picture = Rule(
    "damp-cold-picture",
    when=at_least(DAMP_SIGNS, DAMP_COLD_SIGNS),
    then=DAMP_COLD_PICTURE.finding(strength="may_indicate"),
    source=(DAMP_PAGES["COLD"], INNERPATH["DAMP"]),
    fires_on=[COLD_BACK, [BACK_FEELS_COLD.present, DEEP_TIGHT_PULSE.present, RELIEVED_BY_REST.absent]],
    silent_on=[COLD_BACK[:2], [BACK_FEELS_COLD.present, DEEP_TIGHT_PULSE.present], HOT_BACK],
)
damp_heat_picture = Rule(
    "damp-heat-picture",
    when=at_least(DAMP_SIGNS, DAMP_HEAT_SIGNS),
    then=DAMP_HEAT_PICTURE.finding(strength="may_indicate"),
    source=DAMP_PAGES["HEAT"],
    fires_on=[HOT_BACK, [WORSE_WITH_HEAT.present, SCANTY_DARK_URINE.present, BACK_FEELS_HEAVY.present]],
    silent_on=[HOT_BACK[:2], COLD_BACK],
)
worse_with_heat = Rule(
    "damp-heat-worse-with-heat",
    when=all_of(DAMP_HEAT, BETTER_WITH_WARMTH),
    then=DAMP_HEAT.caution("warmth", "heat is said to make damp-heat worse, so relief by warmth does not fit"),
    source=DAMP_PAGES["HEAT"],
    fires_on=[HOT_BACK_AND_WARMTH],
    silent_on=NO_QUESTION_OF_WARMTH,
    note="Another source says the contrary; both cautions stand, and the conflict is reported.",
)
better_with_warmth = Rule(
    "damp-heat-better-with-warmth",
    when=all_of(DAMP_HEAT, BETTER_WITH_WARMTH),
    then=DAMP_HEAT.caution("warmth", "warmth is said to relieve damp-heat, so relief by warmth fits"),
    source=HERBADAY["WARMTH"],
    fires_on=[HOT_BACK_AND_WARMTH],
    silent_on=NO_QUESTION_OF_WARMTH,
    note="Two other sources say the contrary; both cautions stand, and the conflict is reported.",
)

EXTENSIONS = (
    extend(DAMPNESS_SIGNS, DAMP_COLD_PICTURE, DAMP_HEAT_PICTURE, source=DAMP_PAGES("COLD", "HEAT")),
    extend(COLD_SIGNS, DAMP_COLD_PICTURE, source=DAMP_PAGES["COLD"]),
    extend(HEAT_SIGNS, DAMP_HEAT_PICTURE, source=DAMP_PAGES["HEAT"]),
)
