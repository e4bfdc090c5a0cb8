"""From facts to leaves: which atoms each fact decides, looked up in tables made once for a program."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from ..facts.base import Fact
from ..ground.nodes import OPERATORS, JoinTest, Place, Presence, SlotTest
from ..ground.program import Program
from ..link.model import Linked
from .network import Network, Watch

MOST_KEPT = 1024
"""How many values of one slot have their leaves kept; more are worked out anew."""


@dataclass(slots=True)
class SlotTable:
    """The leaves of one slot by its value: a test with its constant, and the leaves of its holding and of its not holding."""

    name: str
    tests: list[tuple[Callable[[Any, Any], Any], Any, int, int]] = field(default_factory=list)
    kept: dict[Any, tuple[int, ...]] = field(default_factory=dict)

    def leaves(self, value: Any) -> tuple[int, ...]:
        """The leaf of each test: that it holds, or that it does not."""
        found = tuple(true if test(value, wanted) else false for test, wanted, true, false in self.tests)
        if len(self.kept) < MOST_KEPT:
            self.kept[value] = found
        return found


@dataclass(slots=True)
class PlaceTable:
    """The leaves of one place: when its fact is there, when it is absent, and by its slots; `joins` are atoms that read it too.

    `leaf` stands for the place: one that nothing waits for and that, halved, no other place and no atom has. A slot comes
    with its name and its kept leaves taken out, for speed.
    """

    leaf: int
    present: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    slots: tuple[tuple[str, dict[Any, tuple[int, ...]], SlotTable], ...] = ()
    joins: tuple[int, ...] = ()


@dataclass(slots=True)
class KindTable:
    """The places of one fact type, by key; `key` reads it from a fact's values.

    Where the key is one field and all that rules ask of a fact is whether it is there (a symptom, most often), `only` is
    the name of that field and `said[key]` the leaf of its being there, which also stands for the place, with what waits for
    it; the next leaf is that it is absent.
    """

    key: Callable[[Mapping[str, Any]], Any]
    places: dict[Any, PlaceTable]
    only: str | None = None
    said: dict[Any, tuple[int, Watch | None]] = field(default_factory=dict)

    def shorten(self, kind: type[Fact], watches: Mapping[int, Watch]) -> None:
        """Fill in `only` and `said`, if that is all there is to these places."""
        schema = kind.schema_
        if len(schema.keys) == 1 and schema.has_present and not any(p.slots or p.joins for p in self.places.values()):
            self.only = schema.keys[0]
            leaves = {key: p.present[0] if p.present else p.leaf for key, p in self.places.items()}
            self.said = {key: (leaf, watches.get(leaf)) for key, leaf in leaves.items()}


def build_tables(program: Program, network: Network) -> dict[type[Fact], KindTable]:
    """Tables for every open stated type; a fact that is not in them is for `read_case` to judge."""
    linked, leaves = program.linked, network.leaves
    tables: dict[type[Fact], KindTable] = {}
    for kind in linked.fact_types.values():
        if kind not in linked.derived_types and kind.schema_.is_open and _is_plain(linked, kind):
            tables[kind] = KindTable(_key_reader(kind), {})
    spare = itertools.count(leaves.end, 2)

    def at(place: Place) -> PlaceTable:
        places = tables[place.kind].places
        key = place.key[0] if len(place.key) == 1 else place.key
        if key not in places:
            places[key] = PlaceTable(next(spare))
        return places[key]

    for kind in tables:
        for key in _all_keys(linked, kind):
            at(Place(kind, key))
    for number, atom in enumerate(program.atoms):
        true, false = leaves.true(number), leaves.false(number)
        match atom:
            case Presence(place=place) if place.kind in tables:
                table = at(place)
                table.present += (true,)
                table.absent += (false,)
            case SlotTest(place=place, slot=slot, op=op, value=value) if place.kind in tables:
                table = at(place)
                known = next((s for name, _, s in table.slots if name == slot), None)
                if known is None:
                    known = SlotTable(slot)
                    table.slots += ((slot, known.kept, known),)
                known.tests.append((OPERATORS[op], value, true, false))
                table.absent += (false,)
            case JoinTest():
                for place in program.places(number):
                    if place.kind in tables:
                        at(place).joins += (number,)
            case _:
                pass
    for kind, kind_table in tables.items():
        kind_table.shorten(kind, network.watches)
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
