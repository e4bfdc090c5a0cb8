"""Which values of a slot are worth telling apart: one for each way in which they can stand to the tests on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from ..facts.schema import FieldSchema

ENUMERATED: Final = 256
"""An integer slot with no more values than this between its bounds is taken value by value where slots are compared."""
STEPS: Final[dict[type, Any]] = {
    int: 1,
    float: 1.0,
    Decimal: Decimal(1),
    timedelta: timedelta(hours=1),
    datetime: timedelta(hours=1),
    date: timedelta(days=1),
}
DISCRETE: Final[dict[type, Any]] = {int: 1, date: timedelta(days=1)}
_LIKE: Final[dict[type, tuple[type, ...]]] = {float: (float, int)}


class Values(NamedTuple):
    """Values of one slot. `exact` says that every other value stands to all tests as one of these does."""

    found: tuple[Any, ...]
    exact: bool


def values_of(field: FieldSchema, ids: Sequence[str], constants: Iterable[Any], together: int = 1) -> Values:
    """Values of a slot that is compared with these constants, each of them and what lies between, in ascending order.

    `ids` are the values of a slot that holds ids. `together` is how many slots are compared with each other: so many
    values are needed in each gap.
    """
    if field.is_finite:
        return Values(tuple(ids) if field.vocabulary else field.values, True)
    bounds: list[Any] = [bound for bound in _bounds(field) if isinstance(bound, field.base)]
    if together > 1 and is_enumerated(field):
        return Values(tuple(v for v in range(min(bounds), max(bounds) + 1) if _admits(field, v)), True)
    named = {constant for constant in constants if type(constant) in _LIKE.get(field.base, (field.base,))}
    if field.base not in STEPS:
        return _unordered(field, sorted(named, key=repr))
    step = STEPS[field.base]
    points: list[Any] = sorted({*named, *bounds})
    if not points:
        return _first_admitted(field)
    below = [points[0] - n * step for n in range(together, 0, -1)]
    above = [points[-1] + n * step for n in range(1, together + 1)]
    exact = True
    found: list[Any] = [*below]
    for low, high in pairwise(points):
        inside = list(_between(field, low, high, together))
        exact = exact and bool(inside or _is_empty(field, low, high))
        found += [low, *inside]
    found += [points[-1], *above]
    admitted = tuple(value for value in found if _admits(field, value))
    return Values(admitted, exact and bool(admitted))


def is_enumerated(field: FieldSchema) -> bool:
    """Whether this is an integer slot whose bounds leave so few values that each of them can be taken."""
    bounds = [bound for bound in _bounds(field) if type(bound) is int]
    return field.base is int and len(bounds) == 2 and max(bounds) - min(bounds) < ENUMERATED


def group_by(values: Iterable[Any], tests: Sequence[Callable[[Any], bool]]) -> tuple[Any, ...]:
    """The first value of each kind, where two are of one kind when every test says the same of them."""
    first: dict[tuple[bool, ...], Any] = {}
    for value in values:
        first.setdefault(tuple(test(value) for test in tests), value)
    return tuple(first.values())


def _bounds(field: FieldSchema) -> Iterator[Any]:
    for mark in getattr(field.annotation, "__metadata__", ()):
        for name in ("ge", "gt", "le", "lt"):
            bound = getattr(mark, name, None)
            if bound is not None:
                yield bound


def _between(field: FieldSchema, low: Any, high: Any, count: int) -> Iterator[Any]:
    """Values strictly between two others, as many as asked for where there are so many."""
    unit = DISCRETE.get(field.base)
    if unit is None:
        for part in range(1, count + 1):
            value = low + (high - low) * part / (count + 1)
            if low < value < high and _admits(field, value):
                yield value
        return
    value, tried = low + unit, 0
    while value < high and count and tried < ENUMERATED:
        if _admits(field, value):
            count -= 1
            yield value
        value, tried = value + unit, tried + 1


def _is_empty(field: FieldSchema, low: Any, high: Any) -> bool:
    unit = DISCRETE.get(field.base)
    return unit is not None and low + unit >= high


def _unordered(field: FieldSchema, named: Sequence[Any]) -> Values:
    """The constants themselves, and one value that is none of them."""
    if field.base is not str:
        return Values(tuple(value for value in named if _admits(field, value)), False)
    other = "other"
    while other in named:
        other = f"an{other}"
    return Values(tuple(value for value in (*named, other) if _admits(field, value)), _admits(field, other))


def _first_admitted(field: FieldSchema) -> Values:
    """Any one value of a slot that is compared with no constant."""
    guesses: dict[type, tuple[Any, ...]] = {
        date: (date(2000, 1, 1),), datetime: (datetime(2000, 1, 1),), timedelta: (timedelta(days=1),),
    }  # fmt: skip
    for value in guesses[field.base] if field.base in guesses else tuple(field.base(n) for n in (1, 0, -1, 10, 100)):
        if _admits(field, value):
            return Values((value,), True)
    return Values((), False)


def _admits(field: FieldSchema, value: Any) -> bool:
    try:
        field.adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True
