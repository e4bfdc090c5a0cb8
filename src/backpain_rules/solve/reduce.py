"""Minimise a case by trying all single deletions in parallel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..ground.nodes import Said
from .clauses import TRUE
from .sample import support
from .solver import Assignment
from .world import World


class Settled:
    """The assignment in which exactly the input literals `said` hold; gates are evaluated on demand."""

    def __init__(self, world: World, said: Iterable[int]) -> None:
        self._gates = world.clauses.gates
        self._holds: dict[int, bool] = {TRUE: True, **dict.fromkeys(said, True)}

    def __getitem__(self, literal: int) -> bool:
        variable = abs(literal)
        if variable not in self._holds:
            parts = self._gates.get(variable)
            self._holds[variable] = parts is not None and all(self[part] for part in parts)
        return self._holds[variable] is (literal > 0)


def reduced(world: World, literals: Sequence[int], case: Assignment) -> Assignment:
    """A minimal part of a case in which these literals and all requirements of the world hold.

    The literals must be inputs or gates over inputs, of fact types that allow every combination of values.
    """
    literals = [*literals, *world.required]
    gates, read = _cone(world, literals)
    kept = _rested_on(world, support(world, literals, case))
    things = {literal: _thing(world, literal) for literal in read if literal in world.said_by and case[literal]}
    while True:
        places = {one.place: 1 << at for at, one in enumerate(kept) if one.slot is None}
        stays = {one: ~(1 << at | places.get(one.place, 0)) for at, one in enumerate(kept)}
        holds = {TRUE: -1, **{literal: stays.get(thing, 0) for literal, thing in things.items()}}
        for gate, parts in gates:
            found = -1
            for part in parts:
                found &= holds.get(part, 0) if part > 0 else ~holds.get(-part, 0)
            holds[gate] = found
        free = (1 << len(kept)) - 1
        for literal in literals:
            free &= holds.get(literal, 0) if literal > 0 else ~holds.get(-literal, 0)
        if not free:
            return Settled(world, (one for one in world.said_by if case[one] and _thing(world, one) in kept))
        left = kept[(free & -free).bit_length() - 1]
        kept = [one for one in kept if one != left and (left.slot is not None or one.place != left.place)]


def _rested_on(world: World, literals: Iterable[int]) -> list[Said]:
    """The inputs that some literals depend on, places before slots: a slot can be stated only if its fact is there."""
    found = dict.fromkeys(_thing(world, literal) for literal in literals if literal > 0)
    found |= {Said(one.place): None for one in found if Said(one.place) in world.said}
    return sorted(found, key=lambda one: one.slot is not None)


def _thing(world: World, literal: int) -> Said:
    """What to delete so that this input is unknown: the slot, or the whole fact if the fact always states the slot."""
    said = world.said_by[literal]
    return said if said in world.said else Said(said.place)


def _cone(world: World, literals: Iterable[int]) -> tuple[list[tuple[int, tuple[int, ...]]], set[int]]:
    """The cone of influence of literals: its gates in topological order, and all its variables."""
    gates = world.clauses.gates
    read: set[int] = set()
    stack = [abs(literal) for literal in literals]
    while stack:
        here = stack.pop()
        if here not in read:
            read.add(here)
            stack += map(abs, gates.get(here, ()))
    return [(gate, gates[gate]) for gate in sorted(read) if gate in gates], read
