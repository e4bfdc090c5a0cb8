"""Parameters that allow a value with which something breaks."""

from __future__ import annotations

from backpain_rules import Rule, all_of, at_least, never, parameter, partition

from .example import ILL, REST, WELL, A, B, C, Example, example, pack, pain


def count(le: int | None) -> Rule:
    return Rule("r", when=at_least(parameter("k", 2, "how many", ge=1, le=le), A, B, C), then=ILL.finding())


def between(le: int) -> Rule:
    most = parameter("low", 3, "the lowest that counts", ge=0, le=le)
    return Rule("r", when=all_of(pain.severity >= most, pain.severity <= 6), then=ILL.finding())


def advice(le: int) -> object:
    high = parameter("high", 4, "up to here it is mild", ge=0, le=le)
    return pack(
        Rule("mild", when=all_of(pain.region == "neck", pain.severity <= high), then=REST.recommend(frequency="weekly")),
        Rule("hard", when=all_of(pain.region == "neck", pain.severity >= 6), then=REST.recommend(frequency="daily")),
    )


def kinds(le: int) -> object:
    high = parameter("high", 4, "from here on it is hard", ge=4, le=le)
    split = partition("kinds", pain.severity < 5, pain.severity >= high, given=all_of(pain, pain.severity <= 10))
    return pack(Rule("r", when=pain.severity >= high, then=ILL.finding()), partitions=[split])


def constrained(ge: int) -> object:
    high = parameter("high", 7, "from here on it is an illness", ge=ge, le=10)
    return pack(
        Rule("ill", when=all_of(pain.region == "neck", pain.severity >= high), then=ILL.finding()),
        Rule("well", when=all_of(pain.region == "neck", pain.severity <= 3), then=WELL.finding()),
        constraints=[never("ill-and-well", ILL, WELL)],
    )


EXAMPLES: list[Example] = [
    example("more signs than there are", "BR008 k", pack(count(4)), pack(count(3))),
    example("as many signs as one likes", "BR008 k", pack(count(None)), pack(count(2))),
    example("a lower bound above the upper", "BR008 low", pack(between(7)), pack(between(6))),
    example("two ranges that may grow into each other", "BR008 high", advice(6), advice(5)),
    example("two findings that may grow into each other", "BR008 high", constrained(3), constrained(4)),
]
