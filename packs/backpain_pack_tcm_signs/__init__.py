"""Tongue, pulse, weather and rest: what tells damp-cold from damp-heat, and kidney yin from kidney yang.

It extends the pack `acupuncture` and supersedes one of its statements. One clinical question a file. SOURCES.md shows
where each statement ended. This is a worked example of a pack that acts on another; it is no medical advice.
"""

from __future__ import annotations

from backpain_rules import Pack, accept, hookimpl, rules_in, terms_in

from . import damp, kidney, onset_and_rest, words
from .sources import DAMP_PAGES, HERBADAY, SOURCES
from .zh_hans import SIMPLIFIED_CHINESE

PACK = Pack(
    "tcm_signs",
    version="1.0",
    title="Signs of Chinese medicine in lumbar pain",
    requires=["acupuncture"],
    sources=SOURCES,
    rules=rules_in(damp, kidney, onset_and_rest),
    extends=[*damp.EXTENSIONS, *kidney.EXTENSIONS],
    accepts=[
        accept(
            "BR004",
            [damp.worse_with_heat, damp.better_with_warmth],
            "sources disagree whether warmth relieves damp-heat; both are shown, and neither is preferred",
            source=(DAMP_PAGES["HEAT"], HERBADAY["WARMTH"]),
        )
    ],
    terms=terms_in(words),
    parameters=[words.DAMP_SIGNS, words.KIDNEY_SIGNS],
    translations={"zh-Hans": SIMPLIFIED_CHINESE},
    sign_sets=[words.DAMP_COLD_SIGNS, words.DAMP_HEAT_SIGNS, words.YIN_SIGNS],
)


@hookimpl
def backpain_rules_pack() -> Pack:
    """The hook by which the pack is found."""
    return PACK
