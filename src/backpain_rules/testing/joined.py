"""Random rule bases that join records: by equal values, within ranges, through conclusions of other joins and in circles.

Slots are often unknown, bounds are moved by parts of days, and dates lie at the end of the calendar too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..errors import StratificationError
from ..facts.base import Fact, Key, Slot, slot
from ..facts.types import Finding, Pain, Region
from ..ground.compile import compile_program
from ..ir.conclusions import Conclusion, conclude
from ..ir.premises import Given, all_of, any_of, at_least, each, exists, is_known, is_unknown, not_, unless
from ..link.link import link
from ..pack import Pack
from ..rule import Overridden, Rule
from ..terms import condition, symptom


class Visit(Fact):
    """Stated and closed; it may follow another."""

    id: Key[int]
    follows: Slot[int] = slot()
    on: Slot[date] = slot()
    score: Slot[int] = slot(ge=0, le=10)
    stay: Slot[timedelta] = slot()


class Reading(Fact):
    """Stated and closed, with a key of two fields, one of them finite."""

    on: Key[date]
    region: Key[Region]
    score: Slot[int] = slot(ge=0, le=10)


class Linked(Fact):
    """Derived: that there is a way from one visit to another."""

    first: Key[int]
    last: Key[int]


SIGN: Final = symptom("sign", "Sign", ask="Sign?")
FOUND: Final = tuple(condition(f"found{number}", f"Found {number}") for number in range(3))
REGIONS: Final[tuple[Region, ...]] = ("lumbar", "neck")
DATES: Final = (*(date(2024, 1, day) for day in (1, 2, 3, 15)), date(1, 1, 1), date(9999, 12, 31))
SPANS: Final = tuple(timedelta(hours=hours) for hours in (-36, -24, 0, 12, 24, 36, 24 * 14))
IDS: Final = range(4)


@st.composite
def joined_packs(draw: DrawFn, *, max_rules: int = 5) -> list[Pack]:
    """One pack; rule bases with a cycle through a negation are left out."""
    rules = [_rule(draw, number) for number in range(draw(st.integers(1, max_rules)))]
    joined = Pack(
        "joined",
        version="1",
        title="Joined",
        rules=rules,
        terms=(SIGN, *FOUND),
        fact_types=[Visit, Reading, Linked, Finding, Pain],
    )
    try:
        compile_program(link([joined], {}))
    except StratificationError:
        assume(False)
    return [joined]


@st.composite
def joined_cases(draw: DrawFn) -> list[Fact]:
    """A case for them: up to five visits and four readings, a sign and pains."""
    visits = [
        Visit(
            id=id,
            follows=draw(st.sampled_from((None, *IDS))),
            on=draw(st.sampled_from((None, *DATES))),
            score=draw(st.sampled_from((None, 0, 2, 5, 7))),
            stay=draw(st.sampled_from((None, *SPANS))),
        )
        for id in draw(st.lists(st.integers(-1, 6), max_size=5, unique=True))
    ]
    keys = st.tuples(st.sampled_from(DATES), st.sampled_from(REGIONS))
    readings = [
        Reading(on=on, region=region, score=draw(st.sampled_from((None, 2, 7))))
        for on, region in draw(st.lists(keys, max_size=4, unique=True))
    ]
    pains = [
        Pain(region=region, severity=draw(st.sampled_from((None, 2, 7))))
        for region in draw(st.lists(st.sampled_from(REGIONS), unique=True))
    ]
    return [*visits, *readings, *pains, *draw(st.sampled_from(([], [SIGN.present], [SIGN.absent])))]


def _rule(draw: DrawFn, number: int) -> Rule:
    a, b, reading, linked, pain = each(Visit), each(Visit), each(Reading), each(Linked), each(Pain)
    then: list[Conclusion[Any]]
    match draw(st.sampled_from(("visits", "visits", "readings", "start", "circle", "linked", "pains"))):
        case "visits":
            premises: list[Given] = [a, b, *_some(draw, _between_visits(draw, a, b), least=1)]
            then = [conclude(Linked, first=a.id, last=b.id), conclude(Linked, first=a.id, last=a.id)]
        case "readings":
            premises = [reading, a, *_some(draw, _between_visit_and_reading(draw, a, reading))]
            then = [FOUND[0].finding(region=reading.region), conclude(Linked, first=a.id, last=a.id)]
        case "start":
            premises = [a, b, a.id == b.follows]
            then = [conclude(Linked, first=a.id, last=b.id)]
        case "circle":
            premises = [linked, a, linked.last == a.follows, *_some(draw, [lambda: a.score >= 2])[:1]]
            then = [conclude(Linked, first=linked.first, last=a.id)]
        case "linked":
            premises = [linked, a, *_some(draw, [lambda: linked.first == a.id, lambda: linked.last > a.id + 1])]
            then = [FOUND[1].finding()]
        case _:
            premises = [pain, a, *_some(draw, [lambda: pain.severity >= a.score, lambda: a.score + 2 >= pain.severity])]
            then = [FOUND[2].finding(region=pain.region), FOUND[2].finding()]
    premises += [_further(draw, a) for _ in range(draw(st.sampled_from((0, 0, 1, 2))))]
    then = [draw(st.sampled_from([*then, *then, *(one.finding() for one in FOUND)]))]
    overrides: list[Overridden] = draw(st.sampled_from(([], [], [], [FOUND[0].finding()], [Finding])))
    return Rule(f"r{number}", when=all_of(*premises), then=then, overrides=overrides)


def _between_visits(draw: DrawFn, a: Any, b: Any) -> Sequence[Callable[[], Given]]:
    span, score = draw(st.sampled_from(SPANS)), draw(st.integers(0, 7))
    return (
        lambda: a.id == b.follows, lambda: a.follows == b.follows, lambda: b.id == a.id + 1, lambda: a.id < b.id,
        lambda: b.on - a.on >= span, lambda: b.on - a.on <= span + a.stay, lambda: b.on > a.on + span, lambda: b.on - span < a.on,
        lambda: a.score < b.score, lambda: a.score + b.score >= score, lambda: 10 - a.score <= b.score,
        lambda: a.score * 2 >= b.score,
        lambda: a.on + a.stay == b.on, lambda: b.on != a.on, lambda: a.score >= score,
    )  # fmt: skip


def _between_visit_and_reading(draw: DrawFn, a: Any, reading: Any) -> Sequence[Callable[[], Given]]:
    span = draw(st.sampled_from(SPANS))
    return (
        lambda: reading.on == a.on, lambda: reading.on - a.on <= span, lambda: reading.on >= a.on - span,
        lambda: reading.score > a.score, lambda: reading.region == "lumbar",
    )  # fmt: skip


def _some(draw: DrawFn, tests: Sequence[Callable[[], Given]], *, least: int = 0) -> list[Given]:
    chosen = draw(st.lists(st.sampled_from(range(len(tests))), min_size=least, max_size=3, unique=True))
    return [tests[number]() for number in chosen]


def _further(draw: DrawFn, a: Any) -> Given:
    """A premise that stands beside the joins, or under a negation."""
    other: Any = each(Visit)
    linked = each(Linked, first=draw(st.sampled_from((a.id, 2))))
    span = draw(st.sampled_from(SPANS))
    inside: Any = draw(st.sampled_from((
        exists(other, other.follows == a.id), exists(other, other.on >= a.on + span, other.score > a.score), exists(linked),
        exists(Reading, on=a.on), exists(Visit, score=7), FOUND[0], FOUND[1], SIGN,
        at_least(2, SIGN, exists(Visit, score=2), exists(Reading, score=7)), any_of(SIGN, exists(other, other.id == a.follows)),
    )))  # fmt: skip
    how: Callable[[Any], Given] = draw(st.sampled_from((_as_it_is, _as_it_is, unless, not_, is_unknown, is_known)))
    return how(inside)


def _as_it_is(given: Any) -> Any:
    return given
