"""Every conclusion of some thousand cases at once: one bit a case, in Python's own whole numbers.

A plane is an int whose bit i says something of case i; it may be negative, so that -1 is what holds of all. Bits after
the last case are of no meaning. Nothing but the standard library, so that an interview needs no more: the tables, with
millions of rows, have planes of their own kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Some, Stated, members
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE

ALL: Final = -1
NONE: Final = 0


class Planes(NamedTuple):
    """The three bits of something, for all cases."""

    certain: int
    established: int
    possible: int


NEVER: Final = Planes(NONE, NONE, NONE)
ALWAYS: Final = Planes(ALL, ALL, ALL)


class _Over:
    """Values laid over others."""

    def __init__(self, values: Sequence[Planes]) -> None:
        self.over: dict[int, Planes] = {}
        self._values = values

    def __getitem__(self, number: int) -> Planes:
        found = self.over.get(number)
        return self._values[number] if found is None else found

    def __setitem__(self, number: int, value: Planes) -> None:
        self.over[number] = value


Values: TypeAlias = Mapping[int, Planes] | Sequence[Planes] | _Over


class Circuit:
    """A program, ready to be computed for many cases; propositions have their numbers, instances those after them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._size = len(program.facts)
        self._order = sorted(range(len(program.component)), key=program.component.__getitem__)
        self._groups: list[list[int]] = []
        for number in self._order:
            if self._groups and program.component[self._groups[-1][0]] == program.component[number]:
                self._groups[-1].append(number)
            else:
                self._groups.append([number])
        self._cones: dict[frozenset[int], tuple[int, ...]] = {}

    def all(self, atoms: Sequence[Planes]) -> list[Planes]:
        """Everything that follows from these atoms."""
        values: dict[int, Planes] = {}
        for group in range(len(self._groups)):
            self._compute(group, values, atoms)
        return [values[number] for number in range(len(self._order))]

    def changed(self, values: Sequence[Planes], atoms: Sequence[Planes], numbers: frozenset[int]) -> dict[int, Planes]:
        """What is other than in `values` when atoms with these numbers are as they are now."""
        both = _Over(values)
        for group in self._cone(numbers):
            self._compute(group, both, atoms)
        return {number: value for number, value in both.over.items() if value != values[number]}

    def propositions_of(self, atoms: frozenset[int]) -> tuple[int, ...]:
        """The propositions that these atoms may bear on, whatever the case."""
        return tuple(n for group in self._cone(atoms) for n in self._groups[group] if n < self._size)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _cone(self, atoms: frozenset[int]) -> tuple[int, ...]:
        """The groups that depend on these atoms, from the ground up."""
        if atoms not in self._cones:
            found: set[int] = set()
            stack = [n for atom in atoms for n in self._readers.get(atom, ())]
            while stack:
                here = stack.pop()
                if here not in found:
                    found.add(here)
                    stack += self._users.get(here, ())
            groups = {self._group_of[number] for number in found}
            self._cones[atoms] = tuple(sorted(groups))
        return self._cones[atoms]

    @cached_property
    def _group_of(self) -> Mapping[int, int]:
        return {number: at for at, group in enumerate(self._groups) for number in group}

    @cached_property
    def _readers(self) -> Mapping[int, list[int]]:
        """The instances that read each atom, by their number after the propositions."""
        found: dict[int, list[int]] = {}
        for number, instance in enumerate(self.program.instances):
            stack: list[Node] = [instance.body]
            while stack:
                here = stack.pop()
                if isinstance(here, Stated):
                    found.setdefault(here.atom, []).append(self._size + number)
                stack.extend(members(here))
        return found

    @cached_property
    def _users(self) -> Mapping[int, list[int]]:
        """What depends on each proposition and each instance."""
        found: dict[int, list[int]] = {}
        for number, producers in enumerate(self.program.producers):
            for producer in producers:
                found.setdefault(self._size + producer, []).append(number)
        for number in range(len(self.program.instances)):
            for other in self.program.dependencies(number):
                found.setdefault(other, []).append(self._size + number)
        return found

    def _compute(self, group: int, values: dict[int, Planes] | _Over, atoms: Sequence[Planes]) -> None:
        numbers = self._groups[group]
        if len(numbers) == 1:
            values[numbers[0]] = self._one(numbers[0], values, atoms)
            return
        for number in numbers:
            values[number] = NEVER
        inside, waiting = set(numbers), set(numbers)
        stack = list(reversed(numbers))
        while (
            stack
        ):  # what has changed goes on at once to those who read it, so that a long circle is gone round twice, not n times
            number = stack.pop()
            if number not in waiting:
                continue
            waiting.remove(number)
            now = self._one(number, values, atoms)
            if now != values[number]:
                values[number] = now
                readers = [reader for reader in self._users.get(number, ()) if reader in inside]
                waiting.update(readers)
                stack += readers

    def _one(self, number: int, values: Values, atoms: Sequence[Planes]) -> Planes:
        if number < self._size:
            return some(values[self._size + producer] for producer in self.program.producers[number])
        instance = self.program.instances[number - self._size]
        body = _node(instance.body, values, atoms, self._size)
        if not instance.overriders or body == NEVER:
            return body
        return both(body, unless(some(values[self._size + other] for other in instance.overriders)))

    def node(self, node: Node, values: Values, atoms: Sequence[Planes]) -> Planes:
        """Any node of the program, once everything is computed."""
        return _node(node, values, atoms, self._size)


def _node(node: Node, values: Values, atoms: Sequence[Planes], size: int) -> Planes:
    match node:
        case Stated(atom=atom):
            return atoms[atom]
        case Derived(proposition=number):
            return values[number]
        case Fires(instance=number):
            return values[size + number]
        case Every(of=of):
            certain, established, possible = ALWAYS
            for member in of:
                c, e, p = _node(member, values, atoms, size)
                certain, established, possible = certain & c, established & e, possible & p
                if not possible:
                    return NEVER
            return Planes(certain, established, possible)
        case Some(of=of):
            return some(_node(member, values, atoms, size) for member in of)
        case Count(threshold=threshold, of=pairs):
            points = [points for points, _ in pairs]
            found = [_node(member, values, atoms, size) for _, member in pairs]
            if all(c == p for c, _, p in found):
                reached = reach(threshold, points, [c for c, _, _ in found])
                return Planes(reached, reached, reached)
            return Planes(*(reach(threshold, points, planes) for planes in zip(*found, strict=True)))
        case Flip(how=how, of=member):
            return _flip(how, _node(member, values, atoms, size))
        case Known(bits=bits):
            return Planes(*(ALL if bits & bit else NONE for bit in (CERTAIN, ESTABLISHED, POSSIBLE)))


def both(a: Planes, b: Planes) -> Planes:
    return Planes(a[0] & b[0], a[1] & b[1], a[2] & b[2])


def some(of: Iterable[Planes]) -> Planes:
    certain = established = possible = NONE
    for c, e, p in of:
        certain, established, possible = certain | c, established | e, possible | p
    return Planes(certain, established, possible)


def unless(of: Planes) -> Planes:
    return Planes(~of[2], ~of[1], ~of[0])


def _flip(how: str, of: Planes) -> Planes:
    certain, established, possible = of
    match how:
        case "not":
            return Planes(~possible, ~possible, ~certain)
        case "unless":
            return unless(of)
        case "is_unknown":
            return Planes(NONE, possible & ~established, possible & ~certain)
        case _:
            return Planes(certain | ~possible, established | ~possible, possible | ~certain)


def reach(threshold: int, points: Sequence[int], planes: Sequence[int]) -> int:
    """Where the points of the planes that hold add up to the threshold."""
    if threshold <= 0:
        return ALL
    reached = [ALL] + [NONE] * threshold  # reached[k]: where there are at least k points so far
    for weight, plane in zip(points, planes, strict=True):
        for k in range(threshold, 0, -1):
            reached[k] |= plane & reached[max(0, k - weight)]
    return reached[threshold]
