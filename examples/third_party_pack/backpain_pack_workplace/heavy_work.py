"""Is the work so heavy that strength training waits?"""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Rule, each

from .sources import HOUSE_RULES
from .words import HEAVY_DAY, HEAVY_WORK
from .workplace import Workplace

workplace = each(Workplace)

HEAVY = [Workplace(place="outdoors", lifting=timedelta(hours=2))]
NOT_HEAVY = (
    [Workplace(place="outdoors", lifting=timedelta(minutes=90))],
    [Workplace(place="outdoors")],
    [Workplace(place="outdoors", present=False)],
)

heavy_work = Rule(
    "heavy-work",
    when=workplace.lifting >= HEAVY_DAY,
    then=HEAVY_WORK.finding(),
    source=HOUSE_RULES["R2"],
    fires_on=[HEAVY],
    silent_on=NOT_HEAVY,
)
no_training = Rule(
    "no-training-beside-heavy-work",
    when=HEAVY_WORK,
    then=HEAVY_WORK.caution("strength_training", "no strength training beside heavy work"),
    source=HOUSE_RULES["R2"],
    overrides="acupuncture:strength-training",
    fires_on=[HEAVY],
    silent_on=NOT_HEAVY,
)
