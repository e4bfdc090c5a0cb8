"""Comparisons that read several slots: which slots they read, which slots influence each other, and which values to try."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from ..ground.nodes import JoinTest, Plain, Said, SlotValue, Sum
from ..ir.operators import OPERATORS

MOST_SUMS: Final = 64
"""At most so many sums and differences of constants are tried as values of slots that rules calculate with."""


def slots_of(atom: JoinTest) -> tuple[Said, ...]:
    """The slots that a comparison reads."""
    return tuple(dict.fromkeys(Said(part.place, part.slot) for part in _parts(atom) if isinstance(part, SlotValue)))


def constants_of(atom: JoinTest) -> tuple[Any, ...]:
    """The constants in a comparison."""
    return tuple(part.value for part in _parts(atom) if isinstance(part, Plain))


def calculates(atom: JoinTest) -> bool:
    """Whether a comparison adds, subtracts or multiplies."""
    return isinstance(atom.left, Sum) or isinstance(atom.right, Sum)


def bound_together(joins: Iterable[JoinTest]) -> dict[Said, frozenset[JoinTest]]:
    """For each slot, all comparisons that influence its value: those that read it, and those that share a slot with these."""
    found: dict[Said, set[JoinTest]] = {}
    for join in joins:
        groups = {id(group): group for said in slots_of(join) if (group := found.get(said)) is not None}
        together = {join}.union(*groups.values())
        found |= {said: together for one in together for said in slots_of(one)}
    return {said: frozenset(group) for said, group in found.items()}


def with_sums(constants: Iterable[Any]) -> tuple[Any, ...]:
    """The constants, and the sums and differences of any two that can be taken."""
    given = tuple(dict.fromkeys(constants))
    found: dict[Any, None] = dict.fromkeys(given)
    for a in given:
        for b in given:
            for op in "+-":
                if len(found) < MOST_SUMS:
                    with suppress(TypeError, OverflowError):
                        found[OPERATORS[op](a, b)] = None
    return tuple(found)


def _parts(atom: JoinTest) -> list[SlotValue | Plain]:
    found: list[SlotValue | Plain] = []
    stack: list[SlotValue | Sum | Plain] = [atom.right, atom.left]
    while stack:
        here = stack.pop()
        if isinstance(here, Sum):
            stack += [here.right, here.left]
        else:
            found.append(here)
    return found
