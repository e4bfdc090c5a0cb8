"""Truth values of many cases at once: one bit a case, packed into bytes, one plane for each of the three bits.

Where the three bits of a premise are the same for every case, as they are where nothing is unknown, it is one plane and costs
one operation; else it is `Bits`. `&` and `|` work on either. `ZERO` and `ONE` are the planes of what never and what always
holds, for any number of cases. The bits after the last case are of no meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE

Plane: TypeAlias = NDArray[np.uint8]

ZERO: Final[Plane] = np.array(0, np.uint8)
ONE: Final[Plane] = np.array(255, np.uint8)


class Bits:
    """Three planes, not all of them the same."""

    __slots__ = ("certain", "established", "possible")
    __array_ufunc__ = None  # so that `plane & bits` is ours and not numpy's

    def __init__(self, certain: Plane, established: Plane, possible: Plane) -> None:
        self.certain, self.established, self.possible = certain, established, possible

    def __and__(self, other: Truth) -> Truth:
        return _with(both, self, other)

    def __or__(self, other: Truth) -> Truth:
        return _with(either, self, other)

    __rand__, __ror__ = __and__, __or__


Truth: TypeAlias = Plane | Bits
UNKNOWN: Final = Bits(ZERO, ZERO, ONE)


def bits(certain: Plane, established: Plane, possible: Plane) -> Truth:
    """Three planes as one thing; they are the same where they are the same object."""
    return certain if certain is established and established is possible else Bits(certain, established, possible)


def planes_of(truth: Truth) -> tuple[Plane, Plane, Plane]:
    """The planes: certain, established and possible."""
    return (truth.certain, truth.established, truth.possible) if type(truth) is Bits else (truth, truth, truth)  # type: ignore[return-value]


def known(number: int) -> Truth:
    """What is the same for every case, from its three bits."""
    return bits(*(ONE if number & bit else ZERO for bit in (CERTAIN, ESTABLISHED, POSSIBLE)))


# --- one plane ---------------------------------------------------------------------------------------------------------


def both(a: Plane, b: Plane) -> Plane:
    if a is b or b is ONE:
        return a
    if a is ONE:
        return b
    return ZERO if a is ZERO or b is ZERO else a & b


def either(a: Plane, b: Plane) -> Plane:
    if a is b or b is ZERO:
        return a
    if a is ZERO:
        return b
    return ONE if a is ONE or b is ONE else a | b


def differ(a: Plane, b: Plane) -> Plane:
    if a is ZERO:
        return b
    return a if b is ZERO else a ^ b


def flip(a: Plane) -> Plane:
    if a is ZERO:
        return ONE
    return ZERO if a is ONE else ~a


def reach(threshold: int, points: Sequence[int], planes: Iterable[Plane]) -> Plane:
    """Where the points of the planes that hold add up to the threshold: addition by digits, a plane for each."""
    if threshold <= 0:
        return ONE
    if threshold > sum(points):
        return ZERO
    columns: list[list[Plane]] = [[] for _ in range(sum(points).bit_length() + 1)]
    for weight, plane in zip(points, planes, strict=True):
        for place in range(weight.bit_length()):
            if weight >> place & 1:
                columns[place].append(plane)
    reached = ONE  # compared from the lowest digit up: so far, the sum is at least the threshold
    for place, column in enumerate(columns):
        while len(column) > 1:
            a, b = column.pop(), column.pop()
            c = column.pop() if column else ZERO
            half = differ(a, b)
            column.insert(0, differ(half, c))
            if place + 1 < len(columns):
                columns[place + 1].append(either(both(a, b), both(half, c)))
        digit = column[0] if column else ZERO
        reached = both(digit, reached) if threshold >> place & 1 else either(digit, reached)
    return reached


# --- all three ---------------------------------------------------------------------------------------------------------


def every(of: Iterable[Truth]) -> Truth:
    return reduce(and_, of)


def some(of: Iterable[Truth]) -> Truth:
    return reduce(or_, of)


def count(threshold: int, points: Sequence[int], of: Iterable[Truth]) -> Truth:
    return _plane_by_plane(lambda *planes: reach(threshold, points, planes), tuple(of))


def not_(of: Truth) -> Truth:
    certain, _, possible = planes_of(of)
    never = flip(possible)
    return bits(never, never, never if certain is possible else flip(certain))


def unless(of: Truth) -> Truth:
    certain, established, possible = planes_of(of)
    never = flip(possible)
    by_default = never if established is possible else flip(established)
    return bits(never, by_default, by_default if certain is established else flip(certain))


def is_unknown(of: Truth) -> Truth:
    certain, established, possible = planes_of(of)
    if certain is possible:
        return ZERO
    open_ = both(possible, flip(established))
    return bits(ZERO, open_, open_ if certain is established else both(possible, flip(certain)))


def is_known(of: Truth) -> Truth:
    return of | not_(of)


def same(a: Truth, b: Truth) -> bool:
    """Whether two say the same of every case, also where one is written once for all cases and the other for each."""
    return all(x is y or not np.any(x != y) for x, y in zip(planes_of(a), planes_of(b), strict=True))


def _with(combine: Callable[[Plane, Plane], Plane], one: Bits, other: Truth) -> Truth:
    """`_plane_by_plane` of two, where most of the work is."""
    c, e, p = planes_of(other)
    certain = combine(one.certain, c)
    established = certain if e is c and one.established is one.certain else combine(one.established, e)
    possible = established if p is e and one.possible is one.established else combine(one.possible, p)
    return bits(certain, established, possible)


def _plane_by_plane(combine: Callable[..., Plane], of: Sequence[Truth]) -> Truth:
    certain, established, possible = zip(*map(planes_of, of), strict=True)
    first = combine(*certain)
    second = first if all(map(_is, certain, established)) else combine(*established)
    return bits(first, second, second if all(map(_is, established, possible)) else combine(*possible))


def _is(a: object, b: object) -> bool:
    return a is b


# --- in and out --------------------------------------------------------------------------------------------------------


def pack(truth: NDArray[np.bool_]) -> Plane:
    """One truth value a case as a plane."""
    return np.packbits(truth, bitorder="little")


def unpack(plane: Plane, cases: int) -> NDArray[np.bool_]:
    """The truth value of each case."""
    return np.unpackbits(full(plane, cases), count=cases, bitorder="little").view(np.bool_)


def full(plane: Plane, cases: int) -> Plane:
    """The plane with a byte for every eight cases, also of what is the same for all."""
    return plane if plane.ndim else np.full((cases + 7) // 8, plane, np.uint8)


def first(plane: Plane, cases: int) -> int | None:
    """The first case where the plane holds."""
    if not plane.any():
        return None
    found: Any = np.flatnonzero(unpack(plane, cases))
    return int(found[0]) if len(found) else None
