"""The unknowns of a case, and those that a conclusion depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final

from ..facts.base import Fact, to_data
from ..ground.evaluate import Baseline, Evaluation
from ..ground.nodes import Derived, Fires, Node, Place, Said, Stated, members
from ..ground.program import Program
from ..ground.states import State
from ..ir.bits import FALSE, POSSIBLE, TRUE
from ..json_text import jsonable
from .words import say_fact, say_place

MOST_SAID: Final = 6
"""At most so many places of unknowns are listed on one line."""


@dataclass(frozen=True)
class Unknown:
    """Something unknown: whether the fact with this key is there, or one slot of it."""

    kind: type[Fact]
    key: tuple[Any, ...]
    slot: str | None = None

    @cached_property
    def place(self) -> Place:
        """The fact it belongs to, by type and key."""
        return Place(self.kind, self.key)

    def __str__(self) -> str:
        return f"{say_place(self.place)}{f': {self.slot}' if self.slot else ''}"

    def to_data(self) -> dict[str, Any]:
        """As JSON data: the type, the key, and the slot if any."""
        key = dict(zip(self.kind.schema_.keys, self.key, strict=True))
        slot = {"slot": self.slot} if self.slot else {}
        data: dict[str, Any] = jsonable({"type": self.kind.tag(), **key, **slot})
        return data


@dataclass(frozen=True)
class Undecided:
    """A conclusion that is still possible, with the unknowns that can decide it."""

    fact: Fact
    needs: tuple[Unknown, ...]

    def __str__(self) -> str:
        return f"{say_fact(self.fact)}: needs {', '.join(map(str, self.needs))}"

    def to_data(self) -> dict[str, Any]:
        """As JSON data: the conclusion and its unknowns."""
        return {**to_data(self.fact), "needs": [unknown.to_data() for unknown in self.needs]}


def sort_key(unknown: Unknown) -> tuple[str, ...]:
    return Said(unknown.place, unknown.slot).order


def by_place(unknowns: Iterable[Unknown]) -> dict[Place, list[str | None]]:
    """The unknown slots at each place; None if the fact itself is unknown."""
    places: dict[Place, list[str | None]] = {}
    for unknown in unknowns:
        places.setdefault(unknown.place, []).append(unknown.slot)
    return places


def say_unknowns(unknowns: Iterable[Unknown]) -> str:
    """The first few unknowns, place by place, and how many more: `thirst, pain neck (duration), pain lumbar: severity`."""
    places = by_place(unknowns)
    said = ", ".join([_say_slots(place, places[place]) for place in islice(places, MOST_SAID)])
    return said if len(places) <= MOST_SAID else f"{said} and {len(places) - MOST_SAID} more"


def _say_slots(place: Place, slots: list[str | None]) -> str:
    named = ", ".join(slot for slot in slots if slot)
    if None not in slots:
        return f"{say_place(place)}: {named}"
    return f"{say_place(place)} ({named})" if named else say_place(place)


def bearing_on(evaluation: Evaluation, nodes: Iterable[Node]) -> tuple[Unknown, ...]:
    """The unknowns that the bits of these nodes depend on, sorted; an upper bound, like the possible set."""
    return unknowns_of(evaluation, evaluation.rests_on(nodes))


def unknowns_of(evaluation: Evaluation, state: State) -> tuple[Unknown, ...]:
    """The unknowns that a state depends on, sorted."""
    known = evaluation.program.once(_all_unknowns)
    return tuple([known[number] for number in evaluation.baseline.rests_on(state)])


def _all_unknowns(program: Program) -> tuple[Unknown, ...]:
    """Everything that can be unknown, by its number in the states of cases."""
    return tuple(Unknown(*place, slot) for place, slot in program.once(Baseline).unknowns)


def open_atoms(evaluation: Evaluation, nodes: Iterable[Node]) -> set[int]:
    """The unknown atoms that the bits of these nodes depend on; an upper bound, like the possible set."""
    found: set[int] = set()
    seen: set[tuple[str, int]] = set()
    program = evaluation.program
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if evaluation.node(node) in (TRUE, FALSE):
            continue
        match node:
            case Stated(atom=atom):
                found.add(atom)
            case Derived(proposition=number):
                if ("proposition", number) not in seen:
                    seen.add(("proposition", number))
                    stack.extend(Fires(i) for i in program.producers[number] if evaluation.instance(i) & POSSIBLE)
            case Fires(instance=number):
                if ("instance", number) not in seen:
                    seen.add(("instance", number))
                    stack.append(program.instances[number].condition)
            case _:
                stack.extend(members(node))
    return found
