"""What is not known of a case, and on which unknowns a conclusion rests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..facts.base import Fact, to_data
from ..ground.evaluate import Evaluation
from ..ground.nodes import Derived, Fires, Node, Place, Said, Stated, gaps, members
from ..ir.bits import FALSE, POSSIBLE, TRUE
from ..json_text import jsonable
from .words import say_fact, say_place


@dataclass(frozen=True)
class Unknown:
    """Something nobody said: whether the fact with this key is there, or one slot of it."""

    kind: type[Fact]
    key: tuple[Any, ...]
    slot: str | None = None

    @property
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


def say_unknowns(unknowns: Iterable[Unknown], most: int = 6) -> str:
    """The first few, place by place, and how many more there are: `thirst, pain neck (duration), pain lumbar: severity`."""
    places: dict[Place, list[str | None]] = {}
    for unknown in unknowns:
        places.setdefault(unknown.place, []).append(unknown.slot)
    said = [_say_slots(place, slots) for place, slots in places.items()]
    return ", ".join(said[:most]) + (f" and {len(said) - most} more" if len(said) > most else "")


def _say_slots(place: Place, slots: list[str | None]) -> str:
    named = ", ".join(slot for slot in slots if slot)
    if None not in slots:
        return f"{say_place(place)}: {named}"
    return f"{say_place(place)} ({named})" if named else say_place(place)


def bearing_on(evaluation: Evaluation, nodes: Iterable[Node]) -> tuple[Unknown, ...]:
    """The unknowns that the bits of these nodes rest on, sorted; an upper bound, as the possible set is."""
    atoms, stated = evaluation.program.atoms, evaluation.stated
    found = {gap for number in open_atoms(evaluation, nodes) for gap in gaps(atoms[number], stated)}
    return tuple(sorted((Unknown(*place, slot) for place, slot in found), key=sort_key))


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
