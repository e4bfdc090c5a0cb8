"""Many cases at once: one bit a case, packed into bytes. The algebra on which tables run the plan of a program.

`ZERO` and `ONE` are the planes of what never and what always holds, for any number of cases: operations on those very objects
cost nothing. The bits after the last case are of no meaning.
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
    """Where all of these hold."""
    return reduce(both, of, ONE)


def disjunction(of: Iterable[Plane]) -> Plane:
    """Where one of these holds or more."""
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
    """Where the points of the planes that hold reach the threshold: addition by digits, a plane for each."""
    if threshold <= 0:
        return ONE
    if threshold > sum(points):
        return ZERO
    columns: list[list[Plane]] = [[] for _ in range(sum(points).bit_length() + 1)]
    for weight, plane in zip(points, of, strict=True):
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


def same(a: Plane, b: Plane) -> bool:
    """Whether two say the same of every case, also where one is written once for all cases and the other for each."""
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
