"""Partitions with a gap, or with an overlap."""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Injury, Rule, all_of, any_of, at_least, exists, not_, parameter, partition, unless

from .example import ILL, WELL, WORSE, A, B, C, Example, example, pack, pain, patient

MONTH = parameter("month", timedelta(days=30), "a month", ge=timedelta(days=28), le=timedelta(days=31))
SIGNS = Rule("ill", when=any_of(A, B, C), then=ILL.finding())
WELL_WITHOUT_A = Rule("well", when=not_(A), then=WELL.finding())


def kinds(*of: object, given: object = None, rules: tuple[Rule, ...] = (SIGNS,)) -> object:
    return pack(*rules, partitions=[partition("kinds", *of, given=given)])  # type: ignore[arg-type]


EXAMPLES: list[Example] = [
    example(
        "a whole number falls between two ranges",
        "BR006 kinds",
        kinds(pain.severity < 4, pain.severity > 4, given=all_of(pain, any_of(pain.severity >= 0))),
        kinds(pain.severity < 4, pain.severity >= 4, given=all_of(pain, any_of(pain.severity >= 0))),
    ),
    example(
        "one word of an enum is left out",
        "BR006 kinds",
        kinds(all_of(patient, patient.sex == "male"), all_of(patient.sex == "female", patient.age >= 18), given=patient),
        kinds(patient.sex == "male", patient.sex == "female", given=patient),
    ),
    example(
        "one count is left out",
        "BR006 kinds",
        kinds(not_(at_least(1, A, B, C)), at_least(2, A, B, C)),
        kinds(not_(at_least(2, A, B, C)), at_least(2, A, B, C)),
    ),
    example(
        "acute by cause and chronic by duration",
        ["BR006 kinds", "BR007 kinds"],
        kinds(exists(Injury, region=pain.region), pain.duration >= MONTH, given=pain),
        kinds(pain.duration < MONTH, pain.duration >= MONTH, given=pain),
    ),
    example(
        "findings leave out whom no rule speaks of",
        "BR006 kinds",
        kinds(
            ILL, WELL, rules=(Rule("ill", when=all_of(A, B), then=ILL.finding()), Rule("well", when=not_(A), then=WELL.finding()))
        ),
        kinds(ILL, WELL, rules=(Rule("ill", when=A, then=ILL.finding()), Rule("well", when=not_(A), then=WELL.finding()))),
    ),
    example(
        "two ranges share a number",
        "BR007 kinds",
        kinds(pain.severity <= 4, pain.severity >= 4, given=all_of(pain, any_of(pain.severity >= 0))),
        kinds(pain.severity <= 4, pain.severity > 4, given=all_of(pain, any_of(pain.severity >= 0))),
    ),
    example(
        "two counts share a number",
        "BR007 kinds",
        kinds(not_(at_least(3, A, B, C)), at_least(2, A, B, C)),
        kinds(not_(at_least(3, A, B, C)), at_least(3, A, B, C)),
    ),
    example(
        "findings of which the second does not look at the first",
        "BR007 kinds",
        kinds(
            ILL,
            WORSE,
            given=any_of(A, B),
            rules=(Rule("ill", when=A, then=ILL.finding()), Rule("worse", when=B, then=WORSE.finding())),
        ),
        kinds(
            ILL,
            WORSE,
            given=any_of(A, B),
            rules=(Rule("ill", when=all_of(A, not_(B)), then=ILL.finding()), Rule("worse", when=B, then=WORSE.finding())),
        ),
    ),
    example(
        "a default that holds beside what it stands for",
        "BR007 kinds",
        kinds(
            ILL,
            WELL,
            given=any_of(B, C),
            rules=(
                Rule("ill", when=any_of(B, C), then=ILL.finding()),
                Rule("well", when=all_of(B, unless(A)), then=WELL.finding()),
            ),
        ),
        kinds(
            ILL,
            WELL,
            given=any_of(B, C),
            rules=(
                Rule("ill", when=all_of(any_of(B, C), unless(WELL)), then=ILL.finding()),
                Rule("well", when=all_of(B, unless(A)), then=WELL.finding()),
            ),
        ),
    ),
]
