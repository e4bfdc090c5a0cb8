"""Findings that are accepted, and acceptances that are needed no more."""

from __future__ import annotations

from backpain_rules import Rule, accept, all_of, partition

from .example import ILL, A, B, Example, example, pack, pain

NARROW = Rule("narrow", when=all_of(A, B), then=ILL.finding())
WIDE = Rule("wide", when=A, then=ILL.finding())
SPLIT = partition("kinds", pain.severity < 4, pain.severity > 4, given=all_of(pain, pain.severity >= 0))
WHOLE = partition("kinds", pain.severity < 4, pain.severity >= 4, given=all_of(pain, pain.severity >= 0))

EXAMPLES: list[Example] = [
    example(
        "an accepted finding is no fault, its acceptance without it is one",
        "BR010 kinds",
        pack(WIDE, partitions=[WHOLE], accepts=[accept("BR006", WHOLE, "a pain of four is not looked at")]),
        pack(WIDE, partitions=[SPLIT], accepts=[accept("BR006", SPLIT, "a pain of four is not looked at")]),
    ),
    example(
        "an acceptance of the wrong kind accepts nothing",
        ["BR006 kinds", "BR010 kinds"],
        pack(WIDE, partitions=[SPLIT], accepts=[accept("BR007", "kinds", "a pain of four is not looked at")]),
        pack(WIDE, partitions=[SPLIT], accepts=[accept("BR006", "kinds", "a pain of four is not looked at")]),
    ),
    example(
        "an acceptance in one pack of a rule in another",
        "BR010 p:wide",
        [
            pack(NARROW, WIDE, accepts=[accept("BR003", NARROW, "kept"), accept("BR009", B, "kept")]),
            pack(id="q", requires=["p"], accepts=[accept("BR003", "p:wide", "kept")]),
        ],
        [
            pack(NARROW, WIDE, accepts=[accept("BR009", B, "kept")]),
            pack(id="q", requires=["p"], accepts=[accept("BR003", "p:narrow", "both are in the source")]),
        ],
    ),
]
