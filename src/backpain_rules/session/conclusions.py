"""The current conclusions as they are presented: compatible conclusions merged, each firm or provisional."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from ..engine.maintenance import Maintained
from ..facts.base import Fact, exact
from ..facts.merged import group_of, merged
from ..ground.nodes import Place
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED

Shown: TypeAlias = dict[Fact, bool]
"""Conclusions, each with whether it is firm."""


class Conclusions:
    """The facts of a session and their conclusions, kept up to date. After an interrupted change, discard it."""

    def __init__(self, program: Program, stated: Mapping[Place, Fact], *, watch: bool) -> None:
        self.maintained = Maintained.of(program, watch=watch)
        self.shown: Shown = {}
        self._groups: dict[tuple[object, ...], dict[Fact, int]] = {}
        self._take_up({fact: bits for fact, bits in self.maintained.facts().items() if bits & ESTABLISHED})
        if stated:
            self.change(stated)

    @property
    def stated(self) -> Mapping[Place, Fact]:
        """The facts, by place."""
        return self.maintained.stated

    def firm(self, fact: Fact) -> bool | None:
        """Whether a conclusion, or a part of a merged one, is firm; None for any other fact."""
        if not isinstance(fact, Fact):  # pyright: ignore[reportUnnecessaryIsInstance]
            return None
        if fact in self.shown:
            return self.shown[fact]
        bits = self._groups.get(group_of(fact), {}).get(fact)
        return None if bits is None else bool(bits & CERTAIN)

    def change(self, places: Mapping[Place, Fact | None]) -> tuple[Shown, Shown]:
        """Set or remove (None) the facts at these places. Returns the affected conclusions before and after."""
        return self._take_up({fact: bits for fact, (_, bits) in self.maintained.change(places).items()})

    def _take_up(self, changed: Mapping[Fact, int]) -> tuple[Shown, Shown]:
        was: Shown = {}
        now: Shown = {}
        for key in dict.fromkeys(map(group_of, changed)):
            was.update(_shown(self._groups.get(key, {})))
        for fact, bits in changed.items():
            group = self._groups.setdefault(group_of(fact), {})
            group.pop(fact, None)
            if bits & ESTABLISHED:
                group[fact] = bits
        for key in dict.fromkeys(map(group_of, changed)):
            now.update(_shown(self._groups[key]))
            if not self._groups[key]:
                del self._groups[key]
        for fact in was:
            self.shown.pop(fact, None)
        self.shown.update(now)
        return was, now


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=exact))


def _shown(group: Mapping[Fact, int]) -> Shown:
    """The presented conclusions of one key, each with whether it is firm."""
    if not group:
        return {}
    one = merged(list(in_order(group)))
    if one is not None:
        return {one: all(bits & CERTAIN for bits in group.values())}
    return {fact: bool(bits & CERTAIN) for fact, bits in group.items()}
