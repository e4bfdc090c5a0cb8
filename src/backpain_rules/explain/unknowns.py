"""What is not known of a case, and on which unknowns a conclusion rests."""

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
"""How many places of unknowns are said in one line."""


@dataclass(frozen=True)
class Unknown:
    """Something nobody said: whether the fact with this key is there, or one slot of it."""

    kind: type[Fact]
    key: tuple[Any, ...]
    slot: str | None = None

    @cached_property
    def place(self) -> Place:
        """The fact that it is about, by type and key."""
        return Place(self.kind, self.key)

    def __str__(self) -> str:
        return f"{say_place(self.place)}{f': {self.slot}' if self.slot else ''}"

    def to_data(self) -> dict[str, Any]:
        """As JSON data: the type, the key and perhaps the slot."""
        key = dict(zip(self.kind.schema_.keys, self.key, strict=True))
        slot = {"slot": self.slot} if self.slot else {}
        data: dict[str, Any] = jsonable({"type": self.kind.tag(), **key, **slot})
        return data


@dataclass(frozen=True)
class Undecided:
    """A conclusion that is still possible, with the unknowns that bear on it."""

    fact: Fact
    needs: tuple[Unknown, ...]

    def __str__(self) -> str:
        return f"{say_fact(self.fact)}: needs {', '.join(map(str, self.needs))}"

    def to_data(self) -> dict[str, Any]:
        """As JSON data: the conclusion, and what it needs."""
        return {**to_data(self.fact), "needs": [unknown.to_data() for unknown in self.needs]}


def sort_key(unknown: Unknown) -> tuple[str, ...]:
    return Said(unknown.place, unknown.slot).order


def by_place(unknowns: Iterable[Unknown]) -> dict[Place, list[str | None]]:
    """The slots that are not known at each place; None where it is not known whether there is a fact."""
    places: dict[Place, list[str | None]] = {}
    for unknown in unknowns:
        places.setdefault(unknown.place, []).append(unknown.slot)
    return places


def say_unknowns(unknowns: Iterable[Unknown]) -> str:
    """The first few, place by place, and how many more there are: `thirst, pain neck (duration), pain lumbar: severity`."""
    places = by_place(unknowns)
    said = ", ".join([_say_slots(place, places[place]) for place in islice(places, MOST_SAID)])
    return said if len(places) <= MOST_SAID else f"{said} and {len(places) - MOST_SAID} more"


def _say_slots(place: Place, slots: list[str | None]) -> str:
    named = ", ".join(slot for slot in slots if slot)
    if None not in slots:
        return f"{say_place(place)}: {named}"
    return f"{say_place(place)} ({named})" if named else say_place(place)


def bearing_on(evaluation: Evaluation, nodes: Iterable[Node]) -> tuple[Unknown, ...]:
    """The unknowns that the bits of these nodes rest on, sorted; an upper bound, as the possible set is."""
    return unknowns_of(evaluation, evaluation.rests_on(nodes))


def unknowns_of(evaluation: Evaluation, state: State) -> tuple[Unknown, ...]:
    """The unknowns that a state rests on, sorted."""
    known = evaluation.program.once(_all_unknowns)
    return tuple([known[number] for number in evaluation.baseline.rests_on(state)])


def _all_unknowns(program: Program) -> tuple[Unknown, ...]:
    """What can be unknown, by the number it has in the states of cases."""
    return tuple(Unknown(*place, slot) for place, slot in program.once(Baseline).unknowns)


def open_atoms(evaluation: Evaluation, nodes: Iterable[Node]) -> set[int]:
    """The atoms that are unknown and that the bits of these nodes rest on; an upper bound, as the possible set is."""
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
