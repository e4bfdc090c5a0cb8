"""The algebra by which tables run the plan of a program: bit planes with one bit for each case, packed into bytes.

`ZERO` and `ONE` are the constant planes for any number of cases; operations on these objects cost nothing. The bits after the
last case are meaningless.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..ground.planes import ThreeBits

Plane: TypeAlias = NDArray[np.uint8]

ZERO: Final[Plane] = np.array(0, np.uint8)
ONE: Final[Plane] = np.array(255, np.uint8)


def conjunction(of: Iterable[Plane]) -> Plane:
    """The cases where all of these hold."""
    return reduce(both, of, ONE)


def disjunction(of: Iterable[Plane]) -> Plane:
    """The cases where at least one of these holds."""
    return reduce(either, of, ZERO)


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


def inverse(a: Plane) -> Plane:
    if a is ZERO:
        return ONE
    return ZERO if a is ONE else ~a


def at_least(threshold: int, points: Sequence[int], of: Sequence[Plane]) -> Plane:
    """The cases where the points of the holding planes reach the threshold. Adds in binary, with one plane for each digit."""
    if threshold <= 0:
        return ONE
    if threshold > sum(points):
        return ZERO
    columns: list[list[Plane]] = [[] for _ in range(sum(points).bit_length() + 1)]
    for weight, plane in zip(points, of, strict=True):
        for place in range(weight.bit_length()):
            if weight >> place & 1:
                columns[place].append(plane)
    reached = ONE  # compare from the lowest digit up; invariant: the digits so far are at least the threshold's
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


def same(a: Plane, b: Plane) -> bool:
    """Whether two planes are equal for every case, even if one is constant and the other is not."""
    return not np.any(a != b)


class ManyCases:
    """The algebra of packed planes."""

    false, true = ZERO, ONE
    conjunction = staticmethod(conjunction)
    disjunction = staticmethod(disjunction)
    inverse = staticmethod(inverse)
    at_least = staticmethod(at_least)
    same = staticmethod(same)


MANY_CASES: Final = ThreeBits(ManyCases())


# --- in and out --------------------------------------------------------------------------------------------------------


def pack(truth: NDArray[np.bool_]) -> Plane:
    """A plane from one truth value for each case."""
    return np.packbits(truth, bitorder="little")


def unpack(plane: Plane, cases: int) -> NDArray[np.bool_]:
    """The truth value of each case."""
    return np.unpackbits(full(plane, cases), count=cases, bitorder="little").view(np.bool_)


def full(plane: Plane, cases: int) -> Plane:
    """The plane with a byte for every eight cases, also for a constant plane."""
    return plane if plane.ndim else np.full((cases + 7) // 8, plane, np.uint8)


def first(plane: Plane, cases: int) -> int | None:
    """The number of the first case where the plane holds."""
    if not plane.any():
        return None
    found: Any = np.flatnonzero(unpack(plane, cases))
    return int(found[0]) if len(found) else None
