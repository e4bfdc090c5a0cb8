"""Rules that fire for no patient."""

from __future__ import annotations

from backpain_rules import Rule, all_of, at_least, is_unknown, never, not_, score

from .example import ILL, WELL, WORSE, A, B, Example, example, ill, pack, pain, patient, worse

LUMBAR = Rule("lumbar", when=A, then=ILL.finding(region="lumbar"))

EXAMPLES: list[Example] = [
    example(
        "two thresholds leave no number between them",
        "BR001 r",
        pack(Rule("r", when=all_of(pain.severity >= 8, pain.severity <= 3), then=ILL.finding())),
        pack(Rule("r", when=all_of(pain.severity >= 3, pain.severity <= 8), then=ILL.finding())),
    ),
    example(
        "no whole number lies between two that are next to each other",
        "BR001 r",
        pack(Rule("r", when=all_of(pain.severity > 4, pain.severity < 5), then=ILL.finding())),
        pack(Rule("r", when=all_of(pain.severity > 4, pain.severity < 6), then=ILL.finding())),
    ),
    example(
        "one slot cannot be two words",
        "BR001 r",
        pack(Rule("r", when=all_of(patient.sex == "female", patient.sex == "male"), then=ILL.finding())),
        pack(Rule("r", when=all_of(patient.sex == "female", patient.sex != "male"), then=ILL.finding())),
    ),
    example(
        "a count needs two members that exclude each other",
        "BR001 r",
        pack(Rule("r", when=at_least(3, patient.age >= 50, patient.age < 30, patient.sex == "male"), then=ILL.finding())),
        pack(Rule("r", when=at_least(2, patient.age >= 50, patient.age < 30, patient.sex == "male"), then=ILL.finding())),
    ),
    example(
        "the points that can hold together do not reach the threshold",
        ["BR001 r", "BR009 a", "BR009 b"],
        pack(Rule("r", when=score((1, A), (2, A.absent), (2, B)) >= 5, then=ILL.finding())),
        pack(Rule("r", when=score((1, A), (2, A.absent), (2, B)) >= 4, then=ILL.finding())),
    ),
    example(
        "two findings come from premises that clash",
        "BR001 r",
        pack(
            Rule("mild", when=pain.severity <= 3, then=ILL.finding(region=pain.region)),
            Rule("hard", when=pain.severity >= 7, then=WORSE.finding(region=pain.region)),
            Rule("r", when=all_of(ill, worse, ill.region == worse.region), then=WELL.finding()),
        ),
        pack(
            Rule("mild", when=pain.severity <= 3, then=ILL.finding(region=pain.region)),
            Rule("hard", when=pain.severity >= 7, then=WORSE.finding(region=pain.region)),
            Rule("r", when=all_of(ill, worse), then=WELL.finding()),
        ),
    ),
    example(
        "no rule concludes what is read",
        "BR001 r",
        pack(
            Rule("lumbar", when=A, then=ILL.finding(region="lumbar")),
            Rule("r", when=all_of(ill, ill.region == "neck"), then=WELL.finding()),
        ),
        pack(
            Rule("lumbar", when=A, then=ILL.finding(region="lumbar")),
            Rule("r", when=all_of(ill, ill.region == "lumbar"), then=WELL.finding()),
        ),
    ),
    example(
        "what is there is not unknown",
        ["BR001 r", "BR009 a"],
        pack(Rule("r", when=all_of(is_unknown(A), A), then=ILL.finding())),
        pack(Rule("r", when=all_of(is_unknown(A), B), then=ILL.finding()), Rule("s", when=A, then=WELL.finding())),
    ),
    example(
        "a constraint keeps its premises apart",
        "BR001 r",
        pack(Rule("r", when=all_of(A, B), then=ILL.finding()), constraints=[never("apart", A, B)]),
        pack(Rule("r", when=all_of(A, not_(B)), then=ILL.finding()), constraints=[never("apart", A, B)]),
    ),
    example(
        "two findings rest on each other and on nothing else",
        ["BR001 to-and", "BR001 fro"],
        pack(Rule("to-and", when=ILL, then=WORSE.finding()), Rule("fro", when=WORSE, then=ILL.finding())),
        pack(
            Rule("to-and", when=ILL, then=WORSE.finding()),
            Rule("fro", when=WORSE, then=ILL.finding()),
            Rule("start", when=A, then=WORSE.finding()),
            Rule("other-start", when=B, then=ILL.finding()),
        ),
    ),
]
