"""Does the place of work count as dampness?

The acupuncture pack asks for dampness itself. What is concluded here is added to its sign set, named by a string, as a
stranger would who does not import it.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Rule, each, extend

from .sources import HOUSE_RULES
from .words import DAMP_PLACE, LONG_IN_DAMP
from .workplace import Workplace

workplace = each(Workplace)

damp_place = Rule(
    "damp-place",
    when=workplace.damp_for >= LONG_IN_DAMP,
    then=DAMP_PLACE.finding(strength="may_indicate"),
    source=HOUSE_RULES["R1"],
    fires_on=[[Workplace(place="indoors", damp_for=timedelta(weeks=12))]],
    silent_on=[
        [Workplace(place="indoors", damp_for=timedelta(weeks=11))],
        [Workplace(place="indoors")],
        [Workplace(place="outdoors", present=False)],
    ],
)

EXTENSION = extend("acupuncture:dampness_signs", DAMP_PLACE, source=HOUSE_RULES["R1"])
