"""The bands of a slot: the values that rules distinguish; for a number, the intervals between relevant thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..facts.schema import FieldSchema
from ..facts.values import DISCRETE, STEPS, values_of
from ..ground.nodes import SlotTest
from ..ir.operators import OPERATORS
from ..json_text import jsonable


class Bound(NamedTuple):
    """One end of a band: a comparison with a constant."""

    op: str
    value: Any

    def holds(self, value: Any) -> bool:
        return bool(OPERATORS[self.op](value, self.value))


class Band(NamedTuple):
    """Values that no open rule distinguishes. `value` represents the band when an answer is recorded.

    A single value, as of a choice, has no `bounds`. `str(band)` is its name: `>=4,<5`, `<PT24H`.
    """

    value: Any
    bounds: tuple[Bound, ...] = ()

    def __contains__(self, value: object) -> bool:
        return all(bound.holds(value) for bound in self.bounds) if self.bounds else value == self.value

    def __str__(self) -> str:
        return ",".join(f"{bound.op}{jsonable(bound.value)}" for bound in self.bounds) or str(self.value)


def bands_of(field: FieldSchema, ids: Sequence[str], tests: Iterable[SlotTest], open_: Iterable[SlotTest]) -> tuple[Band, ...]:
    """The bands of a slot between the thresholds of its `open_` tests, in ascending order, or each of its few values.

    `tests` are all tests on the slot, so that the representative of a band does not depend on which of them are open.
    """
    if field.is_finite:
        return tuple(Band(value) for value in (ids if field.vocabulary else field.values))
    candidates = values_of(field, ids, [test.value for test in tests]).found
    if field.base not in STEPS:
        named = {test.value for test in open_}
        return tuple(Band(value) for value in candidates if value in named) + tuple(
            Band(value) for value in candidates[-1:] if value not in named
        )
    cuts = sorted({cut for test in open_ for cut in _cuts(field, test)}, key=lambda cut: (cut[0], cut[1]))
    found: list[Band] = []
    for low, high in pairwise([None, *cuts, None]):
        bounds = _bounds(low, high)
        inside = [value for value in candidates if all(bound.holds(value) for bound in bounds)]
        if inside:
            found.append(Band(_typical(field, inside, low, high), bounds))
    return tuple(found)


def _typical(field: FieldSchema, inside: Sequence[Any], low: Cut | None, high: Cut | None) -> Any:
    """The representative of a band: the value nearest to its threshold, such as 19 for below 20 years."""
    if low is not None or high is None:
        return inside[0]
    if field.base in DISCRETE:
        with suppress(ValidationError):
            return field.adapter.validate_python(high[0] - DISCRETE[field.base], strict=True)
    return inside[-1]


Cut = tuple[Any, bool]
"""A cut between two values: just before this one, or just after it."""


def _cuts(field: FieldSchema, test: SlotTest) -> list[Cut]:
    before, after = (test.value, False), (test.value, True)
    if field.base in DISCRETE and isinstance(test.value, field.base):
        after = (test.value + DISCRETE[field.base], False)
    match test.op:
        case "<" | ">=":
            return [before]
        case "<=" | ">":
            return [after]
        case _:
            return [before, after]


def _bounds(low: Cut | None, high: Cut | None) -> tuple[Bound, ...]:
    above = () if low is None else (Bound(">" if low[1] else ">=", low[0]),)
    below = () if high is None else (Bound("<=" if high[1] else "<", high[0]),)
    return (*above, *below)
