"""One case while its records are joined: the stated facts, the conclusions so far with their bits, and indexes over both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from ...facts.base import Fact
from ...ground.nodes import Place
from ...ground.search.index import Index
from ...ir.bits import FALSE, TRUE, UNKNOWN

Fired: TypeAlias = list[tuple[dict[str, set[Any]], int]]
"""Instances of a rule: the values of the keys that each binds, and its bits."""


class RecordCase:
    """`stated` are the open facts, `records` the closed ones by their type, `bits` those of the conclusions so far.

    `fires` gives the instances of a rule that no record bears on.
    """

    __slots__ = (
        "_closed", "_derived", "_fired", "_fires", "_records", "_stated_of", "added", "bits", "done", "found", "made", "stated",
    )  # fmt: skip

    def __init__(
        self,
        stated: Mapping[Place, Fact],
        records: Mapping[type[Fact], Sequence[Fact]],
        bits: dict[Fact, int],
        fires: Callable[[str], Fired],
    ) -> None:
        self.stated = stated
        self.bits = bits
        self.added: dict[Fact, bool] = {}
        """The conclusions whose bits are new; True for those that searches do not find yet."""
        self.done: set[tuple[Any, ...]] = set()
        """Rules that have concluded all they can, with the values that they copy there."""
        self.made: dict[tuple[Any, ...], tuple[Fact, ...]] = {}
        """What other rules conclude, by the same."""
        self.found: dict[object, int] = {}
        """What each `exists` that is being asked has found so far."""
        self._fired: dict[str, Fired] = {}
        self._fires = fires
        self._records = records
        self._closed: dict[type[Fact], Index[Fact]] = {}
        self._derived: dict[type[Fact], Index[Fact]] = {}
        self._stated_of: dict[type[Fact], list[Place]] = {}

    def closed(self, kind: type[Fact]) -> Index[Fact]:
        """The records of a type."""
        index = self._closed.get(kind)
        if index is None:
            index = self._closed[kind] = Index(_field, self._records.get(kind, ()))
        return index

    def derived(self, kind: type[Fact]) -> Index[Fact]:
        """The conclusions of a type, and of the types made from it."""
        index = self._derived.get(kind)
        if index is None:
            index = self._derived[kind] = Index(
                _field, [fact for fact in self.bits if kind in type(fact).__mro__ and not self.added.get(fact)]
            )
        return index

    def fired(self, rule: str) -> Fired:
        """The instances of a rule that overrides others; the rule itself adds to them."""
        fired = self._fired.get(rule)
        if fired is None:
            fired = self._fired[rule] = self._fires(rule)
        return fired

    def add(self, fact: Fact, before: int, bits: int) -> None:
        """A conclusion has these bits now, and had others before."""
        self.bits[fact] = bits
        self.added[fact] = not before or self.added.get(fact, False)

    def file(self) -> dict[Fact, bool]:
        """From now on searches find the conclusions that were added; these."""
        added, self.added = self.added, {}
        for fact in [fact for fact, is_new in added.items() if is_new] if self._derived else ():
            for kind in type(fact).__mro__:
                index = self._derived.get(kind)
                if index is not None:
                    index.add(fact)
        return added

    def presence(self, place: Place) -> int:
        """The bits of there being a fact at the place of an open type."""
        fact = self.stated.get(place)
        return UNKNOWN if fact is None else FALSE if fact.__dict__.get("present") is False else TRUE

    def stated_of(self, kind: type[Fact]) -> list[Place]:
        """The places of a type of which something is stated."""
        places = self._stated_of.get(kind)
        if places is None:
            places = self._stated_of[kind] = [place for place in self.stated if place.kind is kind]
        return places


def _field(fact: Fact, name: str) -> Any:
    return fact.__dict__[name]
