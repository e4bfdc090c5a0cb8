"""From facts to leaves: which atoms each fact decides, looked up in tables made once for a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from ..facts.base import Fact
from ..ground.grounding import OPERATORS
from ..ground.nodes import JoinTest, Place, Presence, SlotTest
from ..ground.program import Program
from ..link.model import Linked

MOST_KEPT = 1024
"""How many values of one slot have their leaves kept; more are worked out anew."""


@dataclass(slots=True)
class SlotTable:
    """The leaves of one slot by its value."""

    name: str
    tests: list[tuple[Callable[[Any, Any], Any], Any, int]] = field(default_factory=list)
    kept: dict[Any, tuple[int, ...]] = field(default_factory=dict)

    def leaves(self, value: Any) -> tuple[int, ...]:
        """2 * atom for each test that holds, 2 * atom + 1 for each that does not."""
        found = tuple(2 * atom if test(value, wanted) else 2 * atom + 1 for test, wanted, atom in self.tests)
        if len(self.kept) < MOST_KEPT:
            self.kept[value] = found
        return found


@dataclass(slots=True)
class PlaceTable:
    """The leaves of one place: when its fact is there, when it is absent, and by its slots; `joins` read it too."""

    number: int
    present: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    slots: tuple[SlotTable, ...] = ()
    joins: tuple[int, ...] = ()


@dataclass(slots=True)
class KindTable:
    """The places of one fact type, by key; `key` reads it from a fact's values.

    Where the key is one field and all that rules ask of a fact is whether it is there (a symptom, most often), `only` is
    the name of that field and `said[present][key]` the one leaf: 2n and 2n + 1, with a number n that only this place has.
    """

    key: Callable[[Mapping[str, Any]], Any]
    places: dict[Any, PlaceTable]
    only: str | None = None
    said: dict[bool, dict[Any, int]] = field(default_factory=dict)

    def shorten(self, kind: type[Fact], spare: int) -> None:
        """Fill in `only` and `said`, if that is all there is to these places; `spare` is above all numbers in use."""
        schema = kind.schema_
        if len(schema.keys) == 1 and schema.has_present and not any(p.slots or p.joins for p in self.places.values()):
            self.only = schema.keys[0]
            there = {key: p.present[0] if p.present else 2 * (spare + p.number) for key, p in self.places.items()}
            self.said = {True: there, False: {key: leaf + 1 for key, leaf in there.items()}}


def build_tables(program: Program) -> dict[type[Fact], KindTable]:
    """Tables for every open stated type; a fact that is not in them is for `read_case` to judge."""
    linked = program.linked
    tables: dict[type[Fact], KindTable] = {}
    for kind in linked.fact_types.values():
        if kind not in linked.derived_types and kind.schema_.is_open and _is_plain(linked, kind):
            tables[kind] = KindTable(_key_reader(kind), {})
    numbers = 0

    def at(place: Place) -> PlaceTable:
        nonlocal numbers
        places = tables[place.kind].places
        key = place.key[0] if len(place.key) == 1 else place.key
        if key not in places:
            places[key] = PlaceTable(numbers)
            numbers += 1
        return places[key]

    for kind in tables:
        for key in _all_keys(linked, kind):
            at(Place(kind, key))
    for number, atom in enumerate(program.atoms):
        match atom:
            case Presence(place=place) if place.kind in tables:
                table = at(place)
                table.present += (2 * number,)
                table.absent += (2 * number + 1,)
            case SlotTest(place=place, slot=slot, op=op, value=value) if place.kind in tables:
                table = at(place)
                known = next((s for s in table.slots if s.name == slot), None)
                if known is None:
                    known = SlotTable(slot)
                    table.slots += (known,)
                known.tests.append((OPERATORS[op], value, number))
                table.absent += (2 * number + 1,)
            case JoinTest():
                for place in program.places(number):
                    if place.kind in tables:
                        at(place).joins += (number,)
            case _:
                pass
    spare = len(program.atoms) + len(program.facts) + len(program.instances)
    for kind, kind_table in tables.items():
        kind_table.shorten(kind, spare)
    return tables


def _is_plain(linked: Linked, kind: type[Fact]) -> bool:
    """Whether a fact in the tables is sure to be valid: no slot of it holds ids that would have to be looked up."""
    return not any(kind.schema_.fields[name].vocabulary for name in kind.schema_.slots)


def _all_keys(linked: Linked, kind: type[Fact]) -> list[tuple[Any, ...]]:
    keys: list[tuple[Any, ...]] = [()]
    for name in kind.schema_.keys:
        domain = linked.domain(kind, name) + ((None,) if kind.schema_.fields[name].is_slot else ())
        keys = [(*key, value) for key in keys for value in domain]
    return keys


def _key_reader(kind: type[Fact]) -> Callable[[Mapping[str, Any]], Any]:
    return itemgetter(*kind.schema_.keys) if kind.schema_.keys else _no_key


def _no_key(values: Mapping[str, Any]) -> tuple[()]:
    return ()
