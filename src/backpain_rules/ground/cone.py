"""What bears on some nodes of a program: the atoms, conclusions and rule instances that they rest on, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .nodes import Derived, Fires, Node, Place, Stated, members
from .program import Program


class Cone(NamedTuple):
    """All by number, ascending."""

    atoms: tuple[int, ...]
    propositions: tuple[int, ...]
    instances: tuple[int, ...]


def cone(program: Program, nodes: Iterable[Node]) -> Cone:
    """What these nodes rest on, through rules, overrides and negations; no other rule is looked at."""
    atoms: set[int] = set()
    propositions: set[int] = set()
    instances: set[int] = set()
    stack = list(nodes)
    while stack:
        match stack.pop():
            case Stated(atom=atom):
                atoms.add(atom)
            case Derived(proposition=number):
                if number not in propositions:
                    propositions.add(number)
                    stack += [Fires(instance) for instance in program.producers[number]]
            case Fires(instance=number):
                if number not in instances:
                    instances.add(number)
                    instance = program.instances[number]
                    stack += [instance.body, *(Fires(overrider) for overrider in instance.overriders)]
            case other:
                stack += members(other)
    return Cone(*(tuple(sorted(found)) for found in (atoms, propositions, instances)))


def places_in(program: Program, atoms: Iterable[int]) -> frozenset[Place]:
    """The places whose facts decide these atoms."""
    return frozenset(place for atom in atoms for place in program.places(atom))


def bound_up(program: Program, places: Iterable[Place], constraints: Sequence[int]) -> tuple[tuple[int, ...], frozenset[int]]:
    """Which of the constraints may be broken when facts at these places change, and the atoms that they rest on.

    A change that keeps one constraint may break another, so that those which share a place with it are bound up too.
    """
    waiting = {number: cone(program, (program.constraints[number].body,)).atoms for number in constraints}
    reached = set(places)
    found: dict[int, tuple[int, ...]] = {}
    grown = True
    while grown:
        near = {n: atoms for n, atoms in waiting.items() if not reached.isdisjoint(places_in(program, atoms))}
        for number, atoms in near.items():
            del waiting[number]
            reached |= places_in(program, atoms)
        found |= near
        grown = bool(near)
    return tuple(sorted(found)), frozenset(atom for atoms in found.values() for atom in atoms)
