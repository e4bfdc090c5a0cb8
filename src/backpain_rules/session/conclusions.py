"""What is concluded now, as it is shown: conclusions that do not contradict each other said as one, and which are firm."""

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
    """The facts of a session and all that follows from them, kept up to date. Half a change leaves it worthless."""

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
        """Whether a conclusion is firm, one that is shown as a part of another included; None for any other fact."""
        if not isinstance(fact, Fact):  # pyright: ignore[reportUnnecessaryIsInstance]
            return None
        if fact in self.shown:
            return self.shown[fact]
        bits = self._groups.get(group_of(fact), {}).get(fact)
        return None if bits is None else bool(bits & CERTAIN)

    def change(self, places: Mapping[Place, Fact | None]) -> tuple[Shown, Shown]:
        """Put facts at their places, or take them away (None): the conclusions concerned as they were, and as they are."""
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
    """The conclusions of one key as they are shown, each with whether it is firm."""
    if not group:
        return {}
    one = merged(list(in_order(group)))
    if one is not None:
        return {one: all(bits & CERTAIN for bits in group.values())}
    return {fact: bool(bits & CERTAIN) for fact, bits in group.items()}
