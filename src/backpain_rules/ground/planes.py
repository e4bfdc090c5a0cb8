"""The meaning of every composition, written once: the table of the three bits over any algebra of planes.

A plane says where one bit holds: of one case (a bool), of thousands (a whole number with a bit for each), of millions (a
numpy array), or of all there can be (a literal of a SAT solver). An algebra has the Boolean operations on its planes and the
count; `ThreeBits` makes the compositions of `docs/meaning.md` from them. `unfolded` reads the same table downward, for those who
ask for one bit of a premise. The reference engine has a table of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import is_, itemgetter
from typing import Final, Generic, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE, THREE_BITS
from .nodes import Count, Every, Flip, Negation, Node, Some
from .plan import Step

P = TypeVar("P")


class Definition(NamedTuple):
    """One bit of a negation: every one, or some, of these bits of its member, each on or off."""

    operation: Literal["every", "some"]
    of: tuple[tuple[int, bool], ...]


def _every(*of: tuple[int, bool]) -> Definition:
    return Definition("every", of)


def _some(*of: tuple[int, bool]) -> Definition:
    return Definition("some", of)


DEFINITIONS: Final[dict[Negation, dict[int, Definition]]] = {
    "not": {
        CERTAIN: _every((POSSIBLE, False)),
        ESTABLISHED: _every((POSSIBLE, False)),
        POSSIBLE: _every((CERTAIN, False)),
    },
    "unless": {
        CERTAIN: _every((POSSIBLE, False)),
        ESTABLISHED: _every((ESTABLISHED, False)),
        POSSIBLE: _every((CERTAIN, False)),
    },
    "is_unknown": {
        CERTAIN: _some(),
        ESTABLISHED: _every((POSSIBLE, True), (ESTABLISHED, False)),
        POSSIBLE: _every((POSSIBLE, True), (CERTAIN, False)),
    },
    "is_known": {
        CERTAIN: _some((CERTAIN, True), (POSSIBLE, False)),
        ESTABLISHED: _some((ESTABLISHED, True), (POSSIBLE, False)),
        POSSIBLE: _some((POSSIBLE, True), (CERTAIN, False)),
    },
}
"""The table of the compositions that are not monotone. All others are computed bit by bit."""


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
        self._join = {"every": algebra.conjunction, "some": algebra.disjunction}

    def constant(self, bits: int) -> Truth[P]:
        """What has these bits in every case."""
        true, false = self.algebra.true, self.algebra.false
        return Truth(*(true if bits & bit else false for bit in THREE_BITS))

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
        """The compositions that are not monotone. What is the same plane is computed once."""
        inverses: dict[int, P] = {}
        made: dict[tuple[object, ...], P] = {}
        planes = dict(zip(THREE_BITS, of, strict=True))

        def read(bit: int, on: bool) -> P:
            plane = planes[bit]
            if on:
                return plane
            if id(plane) not in inverses:
                inverses[id(plane)] = self.algebra.inverse(plane)
            return inverses[id(plane)]

        found: list[P] = []
        for operation, literals in DEFINITIONS[how].values():
            members = tuple([read(bit, on) for bit, on in literals])
            known_as = (operation, *map(id, members))
            if known_as not in made:
                made[known_as] = members[0] if len(members) == 1 else self._join[operation](members)
            found.append(made[known_as])
        return Truth(*found)

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


# --- one bit, read downward ----------------------------------------------------------------------------------------------

Aim: TypeAlias = tuple[Node, int, bool]
"""One bit of a node, that it is on or that it is off."""


class Unfolded(NamedTuple):
    """An aim in terms of aims for the members: every one, some, or a count with its points that reach the threshold."""

    operation: Literal["every", "some", "count"]
    of: tuple[Aim, ...]
    threshold: int = 0
    points: tuple[int, ...] = ()


def unfolded(node: Every | Some | Count | Flip, bit: int, on: bool) -> Unfolded:
    """What it takes for one bit of a composition to be on, or off."""
    match node:
        case Every(of=of):
            return Unfolded("every" if on else "some", tuple([(member, bit, on) for member in of]))
        case Some(of=of):
            return Unfolded("some" if on else "every", tuple([(member, bit, on) for member in of]))
        case Count(threshold=threshold, of=pairs):
            points = tuple([points for points, _ in pairs])
            # those that hold stay below the threshold where all but fewer than so many points fail
            needed = threshold if on else sum(points) - threshold + 1
            return Unfolded("count", tuple([(member, bit, on) for _, member in pairs]), needed, points)
        case Flip(how=how, of=member):
            operation, literals = DEFINITIONS[how][bit]
            aims = tuple([(member, read, wanted is on) for read, wanted in literals])
            return Unfolded(operation if on else "some" if operation == "every" else "every", aims)


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


NEGATIONS: Final = {how: _table(how) for how in DEFINITIONS}
"""The table for one case: the bits of each negation, by the bits of its member."""
