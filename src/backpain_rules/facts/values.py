"""Which values of a slot are worth telling apart: one for each way in which they can stand to the tests on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from .schema import FieldSchema

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
_LIKE: Final[dict[type, tuple[type, ...]]] = {float: (float, int), Decimal: (Decimal, int)}


class Values(NamedTuple):
    """Values of one slot. `exact` says that every other value stands to all tests as one of these does."""

    found: tuple[Any, ...]
    exact: bool


def values_of(
    field: FieldSchema, ids: Sequence[str], constants: Iterable[Any], together: int = 1, *, has_zone: bool = False
) -> Values:
    """Values of a slot that is compared with these constants, each of them and what lies between, in ascending order.

    `ids` are the values of a slot that holds ids. `together` is how many slots are compared with each other: so many
    values are needed in each gap. `has_zone` says whether moments have a time zone where no constant says so.
    """
    if field.is_finite:
        return Values(tuple(ids) if field.vocabulary else field.values, True)
    alike = _LIKE.get(field.base, (field.base,))
    if together > 1 and is_enumerated(field):
        return Values(all_of(field, ids), True)
    named = {constant for constant in constants if type(constant) in alike}
    if field.base is time and not named:
        return Values(_first_admitted(field, has_zone).found, False)
    if field.base not in STEPS:
        return _unordered(field, sorted(named, key=repr))
    lower, upper = _bounds(field)
    bounds = (bound for bound in (*lower, *upper) if type(bound) in alike)
    points: list[Any] = sorted({field.base(point) if type(point) is int else point for point in (*named, *bounds)})
    if not points:
        return _first_admitted(field, has_zone)
    step = STEPS[field.base]
    nothing: tuple[list[Any], bool] = [], True
    below, exact_below = nothing if lower and points[0] <= max(lower) else _beyond(field, points[0], -step, together)
    above, exact_above = nothing if upper and points[-1] >= min(upper) else _beyond(field, points[-1], step, together)
    exact = exact_below and exact_above
    found: list[Any] = [*reversed(below)]
    for low, high in pairwise(points):
        inside, enough = _between(field, low, high, together)
        exact = exact and enough
        found += [low, *inside]
    found += [points[-1], *above]
    admitted = tuple(value for value in found if admits(field, value))
    return Values(admitted, exact and bool(admitted))


def is_enumerated(field: FieldSchema) -> bool:
    """Whether this is an integer slot whose bounds leave so few values that each of them can be taken."""
    lower, upper = _bounds(field)
    whole = all(type(bound) is int for bound in (*lower, *upper))
    return field.base is int and whole and bool(lower and upper) and min(upper) - max(lower) < ENUMERATED


def is_listed(field: FieldSchema) -> bool:
    """Whether each value of a slot can be taken, as there are few and they are known."""
    return field.is_finite or is_enumerated(field)


def all_of(field: FieldSchema, ids: Sequence[str]) -> tuple[Any, ...]:
    """Every value of a slot that is listed. `ids` are the values of one that holds ids."""
    if field.is_finite:
        return tuple(ids) if field.vocabulary else field.values
    lower, upper = _bounds(field)
    return tuple(value for value in range(max(lower), min(upper) + 1) if admits(field, value))


def group_by(values: Iterable[Any], tests: Sequence[Callable[[Any], bool]]) -> tuple[Any, ...]:
    """The first value of each kind, where two are of one kind when every test says the same of them."""
    first: dict[tuple[bool, ...], Any] = {}
    for value in values:
        first.setdefault(tuple(test(value) for test in tests), value)
    return tuple(first.values())


def _bounds(field: FieldSchema) -> tuple[list[Any], list[Any]]:
    """The lower and the upper bounds that an annotation names."""
    lower: list[Any] = []
    upper: list[Any] = []
    stack = list(getattr(field.annotation, "__metadata__", ()))
    while stack:
        mark = stack.pop()
        stack += getattr(mark, "metadata", ())  # those of a `Field(ge=...)`
        for names, bounds in ((("ge", "gt"), lower), (("le", "lt"), upper)):
            bounds += [bound for name in names if (bound := getattr(mark, name, None)) is not None]
    return lower, upper


def _between(field: FieldSchema, low: Any, high: Any, count: int) -> tuple[list[Any], bool]:
    """Values strictly between two others, as many as asked for; and whether these are so many, or all there are."""
    unit = DISCRETE.get(field.base)
    if unit is None:
        parts = (low + (high - low) * part / (count + 1) for part in range(1, count + 1))
        inside = [value for value in parts if low < value < high and admits(field, value)]
        return inside, len(inside) == count
    found: list[Any] = []
    value, tried = low + unit, 0
    while value < high and len(found) < count and tried < ENUMERATED:
        if admits(field, value):
            found.append(value)
        value, tried = value + unit, tried + 1
    return found, len(found) == count or value >= high


def _beyond(field: FieldSchema, last: Any, step: Any, count: int) -> tuple[list[Any], bool]:
    """Values beyond the last point, the nearest first; and whether these are as many as asked for, or all there are."""
    found: list[Any] = []
    value = last
    for _ in range(ENUMERATED):
        try:
            value += step
        except OverflowError:  # the end of the calendar
            return found, True
        if admits(field, value):
            found.append(value)
            if len(found) == count:
                return found, True
    return found, False


def _unordered(field: FieldSchema, named: Sequence[Any]) -> Values:
    """The constants themselves, and one value that is none of them."""
    if field.base is not str:
        return Values(tuple(value for value in named if admits(field, value)), False)
    other = "other"
    while other in named:
        other = f"an{other}"
    return Values(tuple(value for value in (*named, other) if admits(field, value)), admits(field, other))


def _first_admitted(field: FieldSchema, has_zone: bool) -> Values:
    """Any one value of a slot that is compared with no constant."""
    zone = UTC if has_zone else None
    guesses: dict[type, tuple[Any, ...]] = {
        date: (date(2000, 1, 1),), timedelta: (timedelta(days=1),),
        datetime: (datetime(2000, 1, 1, tzinfo=zone),), time: (time(12, tzinfo=zone),),
    }  # fmt: skip
    for value in guesses[field.base] if field.base in guesses else tuple(field.base(n) for n in (1, 0, -1, 10, 100)):
        if admits(field, value):
            return Values((value,), True)
    return Values((), False)


def admits(field: FieldSchema, value: Any) -> bool:
    """Whether a field can have this value."""
    try:
        field.adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True
