"""Back pain as an acupuncturist's article sees it: seven patterns and their care.

One clinical question a file. SOURCES.md shows where each statement of the article ended. This is a worked example
of a knowledge pack; it is no medical advice. It knows no red flags and no contraindications: those belong to other packs.
"""

from __future__ import annotations

from backpain_rules import Pack, constraints_in, hookimpl, partitions_in, rules_in, terms_in

from . import (
    acute_or_chronic,
    acute_strain,
    chronic_care,
    damp_obstruction,
    herniated_disk,
    imbalance,
    kidney,
    organ_gate,
    weakness,
    words,
)
from .article import ARTICLE
from .zh_hans import SIMPLIFIED_CHINESE

QUESTIONS = (
    acute_or_chronic,
    acute_strain,
    weakness,
    imbalance,
    herniated_disk,
    organ_gate,
    kidney,
    damp_obstruction,
    chronic_care,
)

PACK = Pack(
    "acupuncture",
    version="1.0",
    title="Acupuncture for back pain",
    sources=[ARTICLE],
    rules=rules_in(*QUESTIONS),
    constraints=constraints_in(*QUESTIONS),
    partitions=partitions_in(*QUESTIONS),
    accepts=acute_or_chronic.ACCEPTED,
    terms=terms_in(words),
    parameters=[words.ACUTE_WINDOW, words.CHRONIC_AFTER, words.MILD_MAX, words.STOP_BELOW, words.MIN_SIGNS],
    translations={"zh-Hans": SIMPLIFIED_CHINESE},
    sign_sets=[words.KIDNEY_YIN_SIGNS, words.KIDNEY_YANG_SIGNS, words.DAMPNESS_SIGNS, words.COLD_SIGNS, words.HEAT_SIGNS],
)


@hookimpl
def backpain_rules_pack() -> Pack:
    """The hook by which the pack is found."""
    return PACK
