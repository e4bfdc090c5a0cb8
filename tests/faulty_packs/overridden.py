"""Rules that are taken back whenever their premise holds."""

from __future__ import annotations

from backpain_rules import Caution, Recommendation, Rule, all_of, at_least, conclude, is_unknown, not_, unless

from .example import ILL, REST, WELL, WORK, A, B, C, Example, example, pack, pain

CAUTION = conclude(Caution, about="red_flag")

EXAMPLES: list[Example] = [
    example(
        "the exception is wider than the rule",
        ["BR002 r", "BR009 b"],
        pack(
            Rule("r", when=all_of(A, B), then=WORK.recommend()),
            Rule("wider", when=A, then=REST.recommend(), overrides="r"),
        ),
        pack(
            Rule("r", when=A, then=WORK.recommend()),
            Rule("wider", when=all_of(A, B), then=REST.recommend(), overrides="r"),
        ),
    ),
    example(
        "another pack takes back all advice on any pain",
        "BR002 p:r",
        [
            pack(Rule("r", when=pain.severity >= 3, then=WORK.recommend())),
            pack(Rule("flag", when=pain, then=CAUTION, overrides=Recommendation), id="flags", requires=["p"]),
        ],
        [
            pack(Rule("r", when=pain.severity >= 3, then=WORK.recommend())),
            pack(Rule("flag", when=pain.severity >= 8, then=CAUTION, overrides=Recommendation), id="flags", requires=["p"]),
        ],
    ),
    example(
        "the exception holds by default wherever the sign is unknown",
        "BR002 r",
        pack(
            Rule("r", when=is_unknown(A), then=WORK.recommend()),
            Rule("default", when=unless(A), then=REST.recommend(), overrides="r"),
        ),
        pack(
            Rule("r", when=is_unknown(A), then=WORK.recommend()),
            Rule("default", when=not_(A), then=REST.recommend(), overrides="r"),
        ),
    ),
    example(
        "the exception follows from the premise, one rule further on",
        ["BR002 r", "BR009 b"],
        pack(
            Rule("r", when=all_of(A, B), then=WORK.recommend()),
            Rule("step", when=A, then=ILL.finding()),
            Rule("late", when=ILL, then=REST.recommend(), overrides="r"),
        ),
        pack(
            Rule("r", when=all_of(A, B), then=WORK.recommend()),
            Rule("step", when=C, then=ILL.finding()),
            Rule("late", when=ILL, then=REST.recommend(), overrides="r"),
        ),
    ),
    example(
        "whoever has two of the signs has one of them",
        "BR002 r",
        pack(
            Rule("r", when=at_least(2, A, B, C), then=WORK.recommend()),
            Rule("one", when=at_least(1, A, B, C), then=WELL.finding(), overrides="r"),
        ),
        pack(
            Rule("r", when=at_least(2, A, B, C), then=WORK.recommend()),
            Rule("one", when=at_least(3, A, B, C), then=WELL.finding(), overrides="r"),
        ),
    ),
]
