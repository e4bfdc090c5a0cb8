"""Random completions of a case as bit planes: the values of their atoms, and how each answer partitions them.

The samples assume no prevalence: yes is as likely as no, and each band of a number as any other. If few inputs are open, all
their combinations are used, so the expectation is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, repeat
from math import prod
from random import Random
from typing import Any, Final

from ..deadline import Deadline
from ..explain.unknowns import Unknown
from ..ground.evaluate import Evaluation
from ..ground.nodes import Atom, JoinTest, Place, Presence, Said, SlotTest, places_of
from ..ground.whole_numbers import ALL, CASES, NONE, Bits, union
from ..ir.bits import FALSE, TRUE
from ..ir.operators import OPERATORS
from ..solve.joins import slots_of
from ..solve.world import World
from .bands import Band
from .case import Askable, Case
from .items import link_of

_DIGITS: Final = bytes.maketrans(b"\0\1", b"01")
COUNT: Final = 6000
"""With fewer samples, noise hides which question is better and interviews get longer; more samples do not shorten them."""


class Samples:
    """The sampled completions of one case: `count` of them, the bits of the plane `every`."""

    def __init__(
        self, world: World, askable: Askable, dice: Dice, evaluation: Evaluation, case: Case, relevant: Iterable[int]
    ) -> None:
        self._world, self._askable, self._dice, self._case = world, askable, dice, case
        self._evaluation = evaluation
        self._there: dict[Place, int] = {}
        self._values: dict[Said, dict[Any, int]] = {}
        atoms = evaluation.program.atoms
        places = dict.fromkeys(place for number in sorted(relevant) for place in places_of(atoms[number]))
        self._choose(places, world.clauses.deadline)
        self.every = (1 << self.count) - 1
        self.atoms = [self._atom(number, atom) for number, atom in enumerate(atoms)]

    def parts(self, unknown: Unknown, bands: Sequence[Band]) -> list[int]:
        """The completions with each answer: yes and no, each band, or each distinguished value."""
        there = self._there_at(unknown.place)
        if unknown.slot is None:
            return [there, ~there & self.every]
        values = self._values_of(Said(unknown.place, unknown.slot))
        if not bands:
            return [there & plane for plane in values.values()]
        return [there & union(plane for value, plane in values.items() if value in band) for band in bands]

    def with_other(self, unknown: Unknown, numbers: Iterable[int]) -> dict[int, Bits]:
        """These atoms with another answer in each completion: no instead of yes, or the next value of a slot."""
        there, values = dict(self._there), dict(self._values)
        if unknown.slot is None:
            self._there[unknown.place] = ~self._there_at(unknown.place) & self.every
        else:
            said = Said(unknown.place, unknown.slot)
            own = self._values_of(said)
            planes = list(own.values())
            self._values[said] = dict(zip(own, [*planes[1:], *planes[:1]], strict=True))
        atoms = {number: self._atom(number, self._evaluation.program.atoms[number]) for number in numbers}
        self._there, self._values = there, values
        return atoms

    # --- inside -------------------------------------------------------------------------------------------------------

    def _choose(self, places: Iterable[Place], deadline: Deadline) -> None:
        """Planes for the open inputs at these places: every combination if there are few, else random ones."""
        thrown: list[tuple[Said, int]] = []
        for place in places:
            if place not in self._case.facts and self._is_open(Said(place)):
                thrown.append((Said(place), 2))
            if not self._case.is_absent(place):
                slots = (said for said in self._world.slots(place) if not self._case.is_said(said) and self._is_open(said))
                thrown += [(said, len(self._world.values(said))) for said in slots]
        combinations = prod(sides for _, sides in thrown)
        self.count = min(combinations, COUNT)
        stride = 1
        for said, sides in thrown:
            deadline.poll()
            faces = _counted(stride, sides, self.count) if combinations <= COUNT else self._dice.roll(said, sides)
            stride *= sides
            if said.slot is None:
                self._there[said.place] = faces[1]
            else:
                self._values[said] = dict(zip(self._world.values(said), faces, strict=True))

    def _is_open(self, said: Said) -> bool:
        return self._askable(said) and not self._case.is_declined(said)

    def _there_at(self, place: Place) -> int:
        """The completions in which the fact of a place exists."""
        if place in self._there:
            return self._there[place]
        if place in self._case.facts:
            return NONE if self._case.is_absent(place) else ALL
        by_slots = not place.kind.schema_.has_present and any(map(self._is_open, self._world.slots(place)))
        return ALL if by_slots else NONE

    def _absent_at(self, place: Place) -> int:
        if place in self._there:
            return ~self._there[place]
        return ALL if self._case.is_absent(place) else NONE

    def _values_of(self, said: Said) -> Mapping[Any, int]:
        """For each value of a slot, the completions that have it."""
        if said in self._values:
            return self._values[said]
        fact = self._case.facts.get(said.place)
        field = said.place.kind.schema_.fields[str(said.slot)]
        value = fact.__dict__[str(said.slot)] if fact is not None else None if field.is_slot else field.default
        return {} if value is None else {value: ALL}

    def _atom(self, number: int, atom: Atom) -> Bits:
        bits = self._evaluation.atom(number)
        if bits in (TRUE, FALSE):
            return CASES.constant(bits)
        match atom:
            case Presence(place=place):
                return CASES.stated(self._there_at(place), self._absent_at(place))
            case SlotTest(place=place, slot=slot, op=op, value=constant):
                there, test = self._there_at(place), OPERATORS[op]
                values = self._values_of(Said(place, slot))
                true = union(plane for value, plane in values.items() if test(value, constant))
                false = union(plane for value, plane in values.items() if not test(value, constant))
                return CASES.stated(there & true, self._absent_at(place) | there & false)
            case JoinTest():
                return self._join(atom)

    def _join(self, atom: JoinTest) -> Bits:
        """Evaluate the diagram of a comparison node by node, for all completions at once."""
        slots = slots_of(atom)
        absent = union(self._absent_at(place) for place in places_of(atom))
        values = {said: self._by_position(said) for said in slots}
        known = ALL
        for place in places_of(atom):
            known &= self._there_at(place)
        for planes in values.values():
            known &= union(planes)
        diagram = self._world.diagrams[atom]
        reached = [NONE, ALL]
        for node in diagram.nodes:
            planes = values[node.slot]
            reached.append(union(union(planes[one.start : one.end]) & reached[one.node] for one in node.branches))
        true = known & reached[diagram.root]
        return CASES.stated(true, absent | known & ~true)

    def _by_position(self, said: Said) -> list[int]:
        """For each distinguished value of a slot, by position, the completions that have it."""
        values = self._values_of(said)
        return [values.get(value, NONE) for value in self._world.values(said)]


def _counted(stride: int, sides: int, count: int) -> list[int]:
    """The planes of one counter digit: each face for `stride` completions in turn, so all combinations occur once."""
    every_round = ((1 << count) - 1) // ((1 << stride * sides) - 1)
    return [(((1 << stride) - 1) << stride * face) * every_round for face in range(sides)]


def _packed(cases: Iterable[bool]) -> int:
    """A plane from one truth value for each case."""
    return int(bytes(cases)[::-1].translate(_DIGITS), 2)


class Dice:
    """Random planes for open inputs, drawn on demand and then fixed: the same for an input in every case."""

    def __init__(self) -> None:
        self._rolled: dict[tuple[Said, int], list[int]] = {}

    def roll(self, said: Said, sides: int) -> list[int]:
        """For each face, the completions that drew it."""
        faces = self._rolled.get((said, sides))
        if faces is None:
            draw, bits = Random(link_of(Unknown(*said.place, said.slot))).getrandbits, sides.bit_length()
            rolls = list(islice(filter(sides.__gt__, map(draw, repeat(bits))), COUNT))
            faces = self._rolled[said, sides] = [_packed(map(face.__eq__, rolls)) for face in range(sides)]
        return faces
