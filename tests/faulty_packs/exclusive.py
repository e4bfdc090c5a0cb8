"""Two rules that contradict each other for one patient."""

from __future__ import annotations

from backpain_rules import Rule, all_of, at_least, unless

from .example import ILL, REST, WORSE, A, B, C, Example, example, pack, pain, patient

DAILY, WEEKLY = REST.recommend(frequency="daily"), REST.recommend(frequency="weekly")
TWO = at_least(2, A, B, C)

EXAMPLES: list[Example] = [
    example(
        "two ranges share a value",
        "BR004 high+low",
        pack(Rule("high", when=pain.severity >= 5, then=DAILY), Rule("low", when=pain.severity <= 5, then=WEEKLY)),
        pack(
            Rule("high", when=all_of(pain.region == "neck", pain.severity >= 5), then=DAILY),
            Rule("low", when=all_of(pain.region == "neck", pain.severity < 5), then=WEEKLY),
        ),
    ),
    example(
        "two counts hold together",
        "BR004 some+two",
        pack(
            Rule("some", when=at_least(1, A, B, C), then=ILL.finding(strength="may_indicate")),
            Rule("two", when=at_least(2, A, B, C), then=ILL.finding(strength="indicates")),
        ),
        pack(
            Rule(
                "some", when=all_of(at_least(1, A, B, C), unless(at_least(2, A, B, C))), then=ILL.finding(strength="may_indicate")
            ),
            Rule("two", when=at_least(2, A, B, C), then=ILL.finding(strength="indicates")),
        ),
    ),
    example(
        "another pack adds an exception and forgets to override",
        "BR004 more:exception+p:r",
        [
            pack(Rule("r", when=A, then=DAILY)),
            pack(Rule("exception", when=all_of(A, B), then=WEEKLY), id="more", requires=["p"]),
        ],
        [
            pack(Rule("r", when=A, then=DAILY)),
            pack(Rule("exception", when=all_of(A, B), then=WEEKLY, overrides="p:r"), id="more", requires=["p"]),
        ],
    ),
    example(
        "two findings ask for different things",
        "BR004 ill-care+worse-care",
        pack(
            Rule("ill", when=pain.severity >= 4, then=ILL.finding()),
            Rule("worse", when=pain.severity >= 8, then=WORSE.finding()),
            Rule("ill-care", when=ILL, then=WEEKLY),
            Rule("worse-care", when=WORSE, then=DAILY),
        ),
        pack(
            Rule("ill", when=pain.severity >= 4, then=ILL.finding()),
            Rule("worse", when=pain.severity >= 8, then=WORSE.finding()),
            Rule("ill-care", when=all_of(ILL, unless(WORSE)), then=WEEKLY),
            Rule("worse-care", when=WORSE, then=DAILY),
        ),
    ),
    example(
        "two defaults hold while nobody has answered",
        "BR004 no+yes",
        pack(Rule("no", when=unless(A), then=DAILY), Rule("yes", when=unless(A.absent), then=WEEKLY)),
        pack(Rule("no", when=unless(A), then=DAILY), Rule("yes", when=A, then=WEEKLY)),
    ),
    example(
        "one word is named in both lists",
        "BR004 men+not-women",
        pack(
            Rule("men", when=patient.sex == "male", then=DAILY),
            Rule("not-women", when=patient.sex != "female", then=WEEKLY),
        ),
        pack(
            Rule("men", when=patient.sex == "male", then=DAILY),
            Rule("not-women", when=patient.sex != "male", then=WEEKLY),
        ),
    ),
]
