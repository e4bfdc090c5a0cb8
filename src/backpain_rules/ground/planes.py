"""The meaning of every composition, written once: the table of the three bits over any algebra of planes.

A plane says where one bit holds: of one case (a bool), of thousands (a whole number with a bit for each), of millions (a
numpy array), or of all there can be (a literal of a SAT solver). An algebra has the Boolean operations on its planes and the
count; `ThreeBits` makes the compositions of `docs/meaning.md` from them. The reference engine has a table of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import is_, itemgetter
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from .nodes import Negation
from .plan import Step

P = TypeVar("P")


class Algebra(Protocol[P]):
    """Boolean operations on planes. `at_least`: where the points of the planes that hold add up to the threshold."""

    @property
    def false(self) -> P: ...
    @property
    def true(self) -> P: ...
    def conjunction(self, of: Sequence[P], /) -> P: ...
    def disjunction(self, of: Sequence[P], /) -> P: ...
    def inverse(self, of: P, /) -> P: ...
    def at_least(self, threshold: int, points: Sequence[int], of: Sequence[P], /) -> P: ...
    def same(self, a: P, b: P, /) -> bool: ...


class Truth(NamedTuple, Generic[P]):
    """The three bits of something, a plane for each. Planes that are the same object are computed once."""

    certain: P
    established: P
    possible: P


class ThreeBits(Generic[P]):
    """The compositions over one algebra, and the values of a plan whose registers hold three planes each."""

    settled = None

    def __init__(self, algebra: Algebra[P]) -> None:
        self.algebra = algebra

    def constant(self, bits: int) -> Truth[P]:
        """What has these bits in every case."""
        true, false = self.algebra.true, self.algebra.false
        return Truth(*(true if bits & bit else false for bit in (CERTAIN, ESTABLISHED, POSSIBLE)))

    def stated(self, true: P, false: P) -> Truth[P]:
        """What is true there, known to be false there, and unknown elsewhere."""
        return Truth(true, true, self.algebra.inverse(false))

    def every(self, of: Sequence[Truth[P]]) -> Truth[P]:
        """All of these."""
        return _bit_by_bit(self.algebra.conjunction, of)

    def some(self, of: Sequence[Truth[P]]) -> Truth[P]:
        """One of these or more."""
        return _bit_by_bit(self.algebra.disjunction, of)

    def count(self, threshold: int, points: Sequence[int], of: Sequence[Truth[P]]) -> Truth[P]:
        """The points of those that hold reach the threshold."""
        return _bit_by_bit(partial(self.algebra.at_least, threshold, points), of)

    def negation(self, how: Negation, of: Truth[P]) -> Truth[P]:
        """The compositions that are not monotone."""
        a, (certain, established, possible) = self.algebra, of
        not_possible = a.inverse(possible)
        not_certain = not_possible if certain is possible else a.inverse(certain)
        if how == "not":
            return Truth(not_possible, not_possible, not_certain)
        if how == "is_known":
            of = Truth(not_possible, not_possible, not_certain)
            return Truth(*(a.disjunction((x, y)) for x, y in zip((certain, established, possible), of, strict=True)))
        same_as_possible = established is possible
        not_established = not_possible if same_as_possible else not_certain if established is certain else a.inverse(established)
        if how == "unless":
            return Truth(not_possible, not_established, not_certain)
        return Truth(a.false, a.conjunction((possible, not_established)), a.conjunction((possible, not_certain)))

    def compiled(self, step: Step) -> Callable[[Sequence[Truth[P]]], Truth[P]]:
        """What a step of a plan does."""
        first = step.of[0]
        compose: Callable[[Sequence[Truth[P]]], Truth[P]]
        match step.operation:
            case "every":
                compose = self.every
            case "some":
                compose = self.some
            case "count":
                compose = partial(self.count, step.threshold, step.points)
            case how:
                return lambda registers: self.negation(how, registers[first])
        read = itemgetter(*step.of) if len(step.of) > 1 else itemgetter(slice(first, first + 1))
        return lambda registers: compose(read(registers))

    def same(self, a: Truth[P], b: Truth[P]) -> bool:
        """Whether two have the same bits in every case."""
        return all(x is y or self.algebra.same(x, y) for x, y in zip(a, b, strict=True))


def _bit_by_bit(operation: Callable[[Sequence[P]], P], of: Sequence[Truth[P]]) -> Truth[P]:
    certain, established, possible = zip(*of, strict=True)
    first = operation(certain)
    second = first if all(map(is_, certain, established)) else operation(established)
    return Truth(first, second, second if all(map(is_, established, possible)) else operation(possible))


# --- one case ------------------------------------------------------------------------------------------------------------


class Bools:
    """The algebra of one case."""

    false, true = False, True

    def conjunction(self, of: Sequence[bool]) -> bool:
        return all(of)

    def disjunction(self, of: Sequence[bool]) -> bool:
        return any(of)

    def inverse(self, of: bool) -> bool:
        return not of

    def at_least(self, threshold: int, points: Sequence[int], of: Sequence[bool]) -> bool:
        return sum(weight for weight, holds in zip(points, of, strict=True) if holds) >= threshold

    def same(self, a: bool, b: bool) -> bool:
        return a is b


ONE_CASE: Final = ThreeBits(Bools())


def packed(of: Truth[bool]) -> int:
    """The three bits of one case in one small number."""
    return CERTAIN * of.certain + ESTABLISHED * of.established + POSSIBLE * of.possible


def _table(how: Negation) -> tuple[int, ...]:
    return tuple(packed(ONE_CASE.negation(how, ONE_CASE.constant(bits))) for bits in range(8))


NEGATIONS: Final[dict[Negation, tuple[int, ...]]] = {
    "not": _table("not"),
    "unless": _table("unless"),
    "is_unknown": _table("is_unknown"),
    "is_known": _table("is_known"),
}
"""The table for one case: the bits of each negation, by the bits of its member."""
