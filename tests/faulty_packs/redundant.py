"""Rules that add nothing to the others."""

from __future__ import annotations

from backpain_rules import Rule, all_of, any_of, at_least, not_, unless

from .example import ILL, WORSE, A, B, C, D, Example, example, pack, pain, patient

EXAMPLES: list[Example] = [
    example(
        "a premise more, and the same conclusion",
        "BR003 narrow",
        pack(Rule("narrow", when=all_of(A, pain.severity >= 5), then=ILL.finding()), Rule("wide", when=A, then=ILL.finding())),
        pack(Rule("narrow", when=all_of(A, pain.severity >= 5), then=WORSE.finding()), Rule("wide", when=A, then=ILL.finding())),
    ),
    example(
        "a higher threshold, and the same conclusion",
        "BR003 high",
        pack(
            Rule("high", when=pain.severity >= 7, then=ILL.finding()),
            Rule("low", when=pain.severity >= 5, then=ILL.finding()),
        ),
        pack(
            Rule("high", when=pain.severity >= 7, then=ILL.finding()),
            Rule("low", when=pain.severity <= 5, then=ILL.finding()),
        ),
    ),
    example(
        "two certain signs are two of three",
        "BR003 both",
        pack(
            Rule("both", when=all_of(A, B), then=ILL.finding()),
            Rule("two", when=at_least(2, A, B, C), then=ILL.finding()),
        ),
        pack(
            Rule("both", when=all_of(A, D), then=ILL.finding()),
            Rule("two", when=at_least(2, A, B, C), then=ILL.finding()),
        ),
    ),
    example(
        "two rules cover a third between them",
        "BR003 either",
        pack(
            Rule("either", when=any_of(patient.sex == "female", patient.sex == "male"), then=ILL.finding()),
            Rule("female", when=patient.sex == "female", then=ILL.finding()),
            Rule("male", when=patient.sex == "male", then=ILL.finding()),
        ),
        pack(
            Rule("female", when=patient.sex == "female", then=ILL.finding()),
            Rule("male", when=patient.sex == "male", then=ILL.finding()),
        ),
    ),
    example(
        "the long way round leads there too",
        "BR003 direct",
        pack(
            Rule("direct", when=A, then=ILL.finding()),
            Rule("first", when=any_of(A, B), then=WORSE.finding()),
            Rule("second", when=WORSE, then=ILL.finding()),
        ),
        pack(
            Rule("direct", when=C, then=ILL.finding()),
            Rule("first", when=any_of(A, B), then=WORSE.finding()),
            Rule("second", when=WORSE, then=ILL.finding()),
        ),
    ),
    example(
        "what is known to be absent is not established either",
        "BR003 absent",
        pack(
            Rule("absent", when=not_(A), then=ILL.finding()),
            Rule("default", when=unless(A), then=ILL.finding()),
        ),
        pack(
            Rule("absent", when=not_(A), then=ILL.finding()),
            Rule("default", when=unless(A), then=WORSE.finding()),
        ),
    ),
]
