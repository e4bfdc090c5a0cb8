"""Truth values of many cases at once: one bit a case, packed into bytes, one plane for each of the three bits.

A plane that is the same as another is the same object: where nothing is unknown, the three planes of a premise are one,
and so is the work. `zero` and `one` are the planes of what never and always holds; meeting them costs nothing. The bits
after the last case are of no meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE

Plane: TypeAlias = NDArray[np.uint8]


class Bits(NamedTuple):
    """The three bits of a premise, for every case of a batch."""

    certain: Plane
    established: Plane
    possible: Plane


class Planes:
    """The algebra of the planes of one batch."""

    def __init__(self, cases: int) -> None:
        self.cases = cases
        self.zero: Plane = np.zeros((cases + 7) // 8, np.uint8)
        self.one: Plane = np.full((cases + 7) // 8, 255, np.uint8)
        self.false = Bits(self.zero, self.zero, self.zero)

    # --- one plane ------------------------------------------------------------------------------------------------------

    def both(self, a: Plane, b: Plane) -> Plane:
        if a is b or b is self.one:
            return a
        if a is self.one:
            return b
        return self.zero if a is self.zero or b is self.zero else a & b

    def either(self, a: Plane, b: Plane) -> Plane:
        if a is b or b is self.zero:
            return a
        if a is self.zero:
            return b
        return self.one if a is self.one or b is self.one else a | b

    def differ(self, a: Plane, b: Plane) -> Plane:
        if a is self.zero:
            return b
        return a if b is self.zero else a ^ b

    def flip(self, a: Plane) -> Plane:
        if a is self.zero:
            return self.one
        return self.zero if a is self.one else ~a

    def every(self, planes: Iterable[Plane]) -> Plane:
        held = self.one
        for plane in planes:
            held = self.both(held, plane)
        return held

    def some(self, planes: Iterable[Plane]) -> Plane:
        held = self.zero
        for plane in planes:
            held = self.either(held, plane)
        return held

    def reach(self, threshold: int, points: Sequence[int], planes: Sequence[Plane]) -> Plane:
        """Where the points of the planes that hold add up to the threshold: addition by digits, a plane for each."""
        if threshold <= 0:
            return self.one
        if threshold > sum(points):
            return self.zero
        columns: list[list[Plane]] = [[] for _ in range(sum(points).bit_length() + 1)]
        for weight, plane in zip(points, planes, strict=True):
            for place in range(weight.bit_length()):
                if weight >> place & 1:
                    columns[place].append(plane)
        reached = self.one  # compared from the lowest digit up: so far, the sum is at least the threshold
        for place, column in enumerate(columns):
            while len(column) > 1:
                a, b = column.pop(), column.pop()
                c = column.pop() if column else self.zero
                half = self.differ(a, b)
                column.insert(0, self.differ(half, c))
                carry = self.either(self.both(a, b), self.both(half, c))
                if place + 1 < len(columns):
                    columns[place + 1].append(carry)
            digit = column[0] if column else self.zero
            reached = self.both(digit, reached) if threshold >> place & 1 else self.either(digit, reached)
        return reached

    # --- three planes ---------------------------------------------------------------------------------------------------

    def known(self, bits: int) -> Bits:
        """The bits of what is the same for every case."""
        return Bits(*(self.one if bits & bit else self.zero for bit in (CERTAIN, ESTABLISHED, POSSIBLE)))

    def all_of(self, members: Sequence[Bits]) -> Bits:
        return _bit_by_bit(self.every, members)

    def any_of(self, members: Sequence[Bits]) -> Bits:
        return _bit_by_bit(self.some, members)

    def count(self, threshold: int, points: Sequence[int], members: Sequence[Bits]) -> Bits:
        return _bit_by_bit(lambda planes: self.reach(threshold, points, planes), members)

    def not_(self, of: Bits) -> Bits:
        never = self.flip(of.possible)
        return Bits(never, never, never if of.certain is of.possible else self.flip(of.certain))

    def unless(self, of: Bits) -> Bits:
        never = self.flip(of.possible)
        by_default = never if of.established is of.possible else self.flip(of.established)
        return Bits(never, by_default, by_default if of.certain is of.established else self.flip(of.certain))

    def is_unknown(self, of: Bits) -> Bits:
        if of.certain is of.possible:
            return self.false
        open_ = self.both(of.possible, self.flip(of.established))
        uncertain = open_ if of.certain is of.established else self.both(of.possible, self.flip(of.certain))
        return Bits(self.zero, open_, uncertain)

    def is_known(self, of: Bits) -> Bits:
        return self.any_of((of, self.not_(of)))

    def negation(self, how: Literal["not", "unless", "is_unknown", "is_known"]) -> Callable[[Bits], Bits]:
        """The composition that is called so in a program."""
        return {"not": self.not_, "unless": self.unless, "is_unknown": self.is_unknown, "is_known": self.is_known}[how]

    # --- in and out -----------------------------------------------------------------------------------------------------

    def pack(self, truth: NDArray[np.bool_]) -> Plane:
        """One truth value a case as a plane."""
        return np.packbits(truth, bitorder="little")

    def first(self, plane: Plane) -> int | None:
        """The first case where the plane holds."""
        if plane is self.zero or not plane.any():
            return None
        cases = np.flatnonzero(np.unpackbits(plane, count=self.cases, bitorder="little"))
        return int(cases[0]) if len(cases) else None


def same(a: Bits, b: Bits) -> bool:
    return all(x is y or np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def _bit_by_bit(combine: Callable[[Sequence[Plane]], Plane], members: Sequence[Bits]) -> Bits:
    certain = combine([m.certain for m in members])
    established = certain
    if any(m.established is not m.certain for m in members):
        established = combine([m.established for m in members])
    possible = established
    if any(m.possible is not m.established for m in members):
        possible = combine([m.possible for m in members])
    return Bits(certain, established, possible)
