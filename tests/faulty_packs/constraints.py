"""Constraints that rules can break."""

from __future__ import annotations

from backpain_rules import Rule, all_of, at_least, is_unknown, never, not_, unless

from .example import ILL, WELL, WORK, WORSE, A, B, C, Example, example, pack, pain

ILL_AND_WELL = never("ill-and-well", ILL, WELL)

EXAMPLES: list[Example] = [
    example(
        "two findings that exclude each other share a value",
        "BR005 ill-and-well",
        pack(
            Rule("ill", when=all_of(pain.region == "neck", pain.severity >= 3), then=ILL.finding()),
            Rule("well", when=all_of(pain.region == "neck", pain.severity <= 3), then=WELL.finding()),
            constraints=[ILL_AND_WELL],
        ),
        pack(
            Rule("ill", when=all_of(pain.region == "neck", pain.severity >= 4), then=ILL.finding()),
            Rule("well", when=all_of(pain.region == "neck", pain.severity <= 3), then=WELL.finding()),
            constraints=[ILL_AND_WELL],
        ),
    ),
    example(
        "a recommendation goes out where it is forbidden",
        "BR005 no-work-when-worse",
        pack(
            Rule("ill", when=A, then=ILL.finding()),
            Rule("worse", when=B, then=WORSE.finding()),
            Rule("work", when=ILL, then=WORK.recommend()),
            constraints=[never("no-work-when-worse", WORK, WORSE)],
        ),
        pack(
            Rule("ill", when=A, then=ILL.finding()),
            Rule("worse", when=B, then=WORSE.finding()),
            Rule("work", when=all_of(ILL, unless(WORSE)), then=WORK.recommend()),
            constraints=[never("no-work-when-worse", WORK, WORSE)],
        ),
    ),
    example(
        "a finding against a sign that was stated",
        "BR005 c-is-no-illness",
        pack(Rule("ill", when=at_least(2, A, B, C), then=ILL.finding()), constraints=[never("c-is-no-illness", ILL, C)]),
        pack(
            Rule("ill", when=all_of(at_least(1, A, B), not_(C)), then=ILL.finding()),
            constraints=[never("c-is-no-illness", ILL, C)],
        ),
    ),
    example(
        "a default where an answer is asked for",
        "BR005 ask-first",
        pack(Rule("ill", when=unless(A), then=ILL.finding()), constraints=[never("ask-first", ILL, is_unknown(A))]),
        pack(Rule("ill", when=not_(A), then=ILL.finding()), constraints=[never("ask-first", ILL, is_unknown(A))]),
    ),
    example(
        "every patient breaks one",
        "BR005 a-known",
        pack(Rule("ill", when=A, then=ILL.finding()), constraints=[never("a-known", unless(ILL))]),
        pack(Rule("ill", when=A, then=ILL.finding()), constraints=[never("a-known", A, B)]),
    ),
]
