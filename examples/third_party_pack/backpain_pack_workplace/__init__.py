"""What the workplace adds to back pain: an example of a pack that extends and overrides another."""

from __future__ import annotations

from backpain_rules import Pack, hookimpl, rules_in, terms_in

from . import damp_place, heavy_work, words
from .sources import HOUSE_RULES
from .workplace import Workplace

PACK = Pack(
    "workplace",
    version="1.0",
    title="What the workplace adds to back pain",
    requires=["acupuncture"],
    sources=[HOUSE_RULES],
    fact_types=[Workplace],
    rules=rules_in(damp_place, heavy_work),
    extends=[damp_place.EXTENSION],
    terms=terms_in(words),
    parameters=[words.LONG_IN_DAMP, words.HEAVY_DAY],
)


@hookimpl
def backpain_rules_pack() -> Pack:
    """The hook by which the pack is found."""
    return PACK
