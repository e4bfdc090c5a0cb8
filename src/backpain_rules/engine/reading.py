"""From facts to leaves: which atoms each fact decides, looked up in tables made once for a program."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias

from ..facts.base import Fact
from ..ground.nodes import JoinTest, Place, Presence, SlotTest
from ..ground.program import Program
from ..ir.operators import OPERATORS
from ..link.model import Linked
from .network import Network, Watch

MOST_KEPT = 1024
"""How many values of one slot have their leaves kept; more are worked out anew."""


Said: TypeAlias = tuple[tuple[int, ...], tuple[Watch, ...]]
"""Leaves that something said makes true, and what waits for them."""


@dataclass(slots=True)
class SlotTable:
    """The leaves of one slot by its value: a test with its constant, and the leaves of its holding and of its not holding."""

    name: str
    said: Callable[[Iterable[int]], Said]
    tests: list[tuple[Callable[[Any, Any], Any], Any, int, int]] = field(default_factory=list)
    kept: dict[Any, Said] = field(default_factory=dict)

    def leaves(self, value: Any) -> Said:
        """The leaf of each test: that it holds, or that it does not."""
        found = self.said(true if test(value, wanted) else false for test, wanted, true, false in self.tests)
        if len(self.kept) < MOST_KEPT:
            self.kept[value] = found
        return found


@dataclass(slots=True)
class PlaceTable:
    """What one place says: when its fact is there, when it is absent, and by its slots; `joins` are atoms that read it too.

    `leaf` stands for the place: one that nothing waits for and that, halved, no other place and no atom has. A slot comes
    with its name and what is kept of it taken out, for speed.
    """

    leaf: int
    present: Said = ((), ())
    absent: Said = ((), ())
    slots: tuple[tuple[str, dict[Any, Said], SlotTable], ...] = ()
    joins: tuple[int, ...] = ()


@dataclass(slots=True)
class KindTable:
    """The places of one fact type, by key; `key` reads it from a fact's values. `alone` is the place of a type without keys.

    Where the key is one field and all that rules ask of a fact is whether it is there (a symptom, most often), `only` is
    the name of that field, `said[key]` the leaf of its being there, which also stands for the place, with what waits for it,
    and `leaf_of[key]` that leaf alone; the next one is that it is absent.
    """

    key: Callable[[Mapping[str, Any]], Any]
    has_present: bool
    places: dict[Any, PlaceTable] = field(default_factory=dict)
    alone: PlaceTable | None = None
    only: str | None = None
    said: dict[Any, tuple[int, Watch | None]] = field(default_factory=dict)
    leaf_of: dict[Any, int] = field(default_factory=dict)

    def complete(self, linked: Linked, kind: type[Fact], network: Network, spare: Iterator[int]) -> None:
        """Add the places that no rule reads, and fill in what there are short ways for."""
        schema = kind.schema_
        keys = [key[0] if len(key) == 1 else key for key in linked.keys(kind)]
        if len(schema.keys) == 1 and schema.has_present and not any(p.slots or p.joins for p in self.places.values()):
            self.only = schema.keys[0]
            read = {key: p.present[0][0] if p.present[0] else p.leaf for key, p in self.places.items()}
            self.leaf_of = {key: read[key] if key in read else next(spare) for key in keys}
            self.said = {key: (leaf, network.watches.get(leaf)) for key, leaf in self.leaf_of.items()}
            self.places.clear()
            return
        for key in keys:
            if key not in self.places:
                self.places[key] = PlaceTable(next(spare))
        if not schema.keys:
            (self.alone,) = self.places.values()


def build_tables(program: Program, network: Network) -> dict[type[Fact], KindTable]:
    """Tables for every open stated type; a fact that is not in them is for `read_case` to judge."""
    linked, leaves = program.linked, network.leaves
    tables: dict[type[Fact], KindTable] = {}
    for kind in linked.fact_types.values():
        if kind not in linked.derived_types and kind.schema_.is_open and _is_plain(linked, kind):
            tables[kind] = KindTable(_key_reader(kind), kind.schema_.has_present)
    spare = itertools.count(leaves.end, 2)

    def at(place: Place) -> PlaceTable:
        places = tables[place.kind].places
        key = place.key[0] if len(place.key) == 1 else place.key
        if key not in places:
            places[key] = PlaceTable(next(spare))
        return places[key]

    def said(found: Iterable[int]) -> Said:
        true = tuple(found)
        return true, tuple(network.watches[leaf] for leaf in true if leaf in network.watches)

    for number, atom in enumerate(program.atoms):
        true, false = leaves.true(number), leaves.false(number)
        match atom:
            case Presence(place=place) if place.kind in tables:
                table = at(place)
                table.present = said((*table.present[0], true))
                table.absent = said((*table.absent[0], false))
            case SlotTest(place=place, slot=slot, op=op, value=value) if place.kind in tables:
                table = at(place)
                known = next((s for name, _, s in table.slots if name == slot), None)
                if known is None:
                    known = SlotTable(slot, said)
                    table.slots += ((slot, known.kept, known),)
                known.tests.append((OPERATORS[op], value, true, false))
                table.absent = said((*table.absent[0], false))
            case JoinTest():
                for place in program.places(number):
                    if place.kind in tables:
                        at(place).joins += (number,)
            case _:
                pass
    for kind, kind_table in tables.items():
        kind_table.complete(linked, kind, network, spare)
    return tables


def _is_plain(linked: Linked, kind: type[Fact]) -> bool:
    """Whether a fact in the tables is sure to be valid: no slot of it holds ids to look up, or moments to hold against others."""
    return not kind.schema_.moments and not any(kind.schema_.fields[name].vocabulary for name in kind.schema_.slots)


def _key_reader(kind: type[Fact]) -> Callable[[Mapping[str, Any]], Any]:
    return itemgetter(*kind.schema_.keys) if kind.schema_.keys else _no_key


def _no_key(values: Mapping[str, Any]) -> tuple[()]:
    return ()
