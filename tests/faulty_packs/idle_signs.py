"""Signs that decide nothing."""

from __future__ import annotations

from backpain_rules import Rule, all_of, any_of, at_least, never, not_, unless

from .example import ILL, WORSE, A, B, C, Example, example, pack

EXAMPLES: list[Example] = [
    example(
        "a sign that is declared and never read",
        "BR009 b",
        pack(Rule("r", when=A, then=ILL.finding()), terms=[B]),
        pack(Rule("r", when=all_of(A, B), then=ILL.finding()), terms=[B]),
    ),
    example(
        "a sign as an alternative to what must be there anyway",
        "BR009 b",
        pack(Rule("r", when=all_of(A, any_of(B, A)), then=ILL.finding())),
        pack(Rule("r", when=all_of(A, any_of(B, B.absent)), then=ILL.finding())),
    ),
    example(
        "a sign that adds nothing to a count of one",
        "BR009 b",
        pack(Rule("r", when=at_least(1, A, all_of(A, B)), then=ILL.finding())),
        pack(Rule("r", when=at_least(2, A, all_of(A, B)), then=ILL.finding())),
    ),
    example(
        "a sign for a finding that follows without it",
        ["BR003 first", "BR009 b"],
        pack(
            Rule("first", when=all_of(A, B), then=ILL.finding()),
            Rule("second", when=A, then=ILL.finding()),
            Rule("third", when=ILL, then=WORSE.finding()),
        ),
        pack(
            Rule("first", when=B, then=ILL.finding()),
            Rule("second", when=A, then=ILL.finding()),
            Rule("third", when=ILL, then=WORSE.finding()),
        ),
    ),
    example(
        "a sign that only rules out what cannot be",
        "BR009 b",
        pack(Rule("r", when=all_of(A, unless(all_of(B, not_(A)))), then=ILL.finding())),
        pack(Rule("r", when=all_of(A, unless(all_of(B, not_(B)))), then=ILL.finding())),
    ),
    example(
        "a sign of which nobody asked, beside one that says who can be a patient",
        "BR009 c",
        pack(Rule("r", when=A, then=ILL.finding()), terms=[C], constraints=[never("apart", A, B)]),
        pack(Rule("r", when=any_of(A, C), then=ILL.finding()), terms=[C], constraints=[never("apart", A, B)]),
    ),
    example(
        "a sign that could only break a constraint that is broken without it",
        ["BR005 apart", "BR009 b"],
        pack(
            Rule("r", when=A, then=ILL.finding()),
            Rule("s", when=C, then=WORSE.finding()),
            constraints=[never("apart", ILL, any_of(B, WORSE), C)],
        ),
        pack(Rule("r", when=A, then=ILL.finding()), Rule("s", when=any_of(B, C), then=WORSE.finding())),
    ),
]
