"""Thousands of cases at once: one bit a case, in Python's own whole numbers.

A plane is an int whose bit i says something of case i; it may be negative, so that -1 is what holds of all. Bits after
the last case are of no meaning. Nothing but the standard library, so that an interview needs no more: the tables, with
millions of rows, have planes of their own kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import eq, or_
from typing import Final, TypeAlias

from .planes import ThreeBits, Truth

ALL: Final = -1
NONE: Final = 0
Bits: TypeAlias = Truth[int]
"""The three bits of something, for all cases."""


def union(planes: Iterable[int]) -> int:
    """Where one of these holds or more."""
    return reduce(or_, planes, NONE)


def members(plane: int) -> Iterator[int]:
    """The numbers of the bits of a plane that is not negative, in ascending order."""
    for start, byte in enumerate(plane.to_bytes((plane.bit_length() + 7) // 8, "little")):
        if byte:
            yield from (start * 8 + bit for bit in range(8) if byte >> bit & 1)


class WholeNumbers:
    """The algebra of these planes."""

    false, true = NONE, ALL
    disjunction = staticmethod(union)
    same = staticmethod(eq)

    @staticmethod
    def conjunction(of: Sequence[int]) -> int:
        found = ALL
        for plane in of:
            found &= plane
            if not found:
                break
        return found

    @staticmethod
    def inverse(of: int) -> int:
        return ~of

    @staticmethod
    def at_least(threshold: int, points: Sequence[int], of: Sequence[int]) -> int:
        if threshold <= 0:
            return ALL
        reached = [ALL] + [NONE] * threshold  # reached[k]: where there are at least k points so far
        for weight, plane in zip(points, of, strict=True):
            for k in range(threshold, 0, -1):
                reached[k] |= plane & reached[max(0, k - weight)]
        return reached[threshold]


CASES: Final = ThreeBits(WholeNumbers())
