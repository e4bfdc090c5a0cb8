"""Truth maintenance: the three bits of everything, kept true while facts come and go.

A change reaches what depends on it, component by component from the ground up. Where conclusions support each other in
a circle, all that the change reaches there is taken back and derived anew, so that nothing stands on itself alone
(delete and rederive, Gupta, Mumick and Subrahmanian 1993); everywhere else a proposition counts its supports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from ..facts.base import Fact
from ..ground.evaluate import atom_bits
from ..ground.live import LiveGround, LiveInstance
from ..ground.nodes import Derived, Node, Place, Stated
from ..ground.planes import NEGATIONS
from ..ground.states import composed
from ..ground.strata import components
from ..ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE
from ..link.model import Linked

BITS: Final = (CERTAIN, ESTABLISHED, POSSIBLE)
RuleFired: TypeAlias = tuple[str, tuple[Fact, ...]]
"""The name of a rule, and what it concludes in one of its instances."""


class _Bits(dict[int, int]):
    """What is not in it has no bit."""

    def __missing__(self, number: int) -> int:
        return FALSE


class Maintained:
    """The bits of one case that changes."""

    def __init__(self, linked: Linked, *, watch: bool = False) -> None:
        self.ground = LiveGround(linked)
        self.stated: dict[Place, Fact] = {}
        self._bits: dict[int, int] = _Bits()
        self._atoms: dict[int, int] = {}
        self._supports: dict[int, list[int]] = {}
        self._watched: tuple[list[RuleFired], list[RuleFired]] | None = ([], []) if watch else None
        self.settle()

    def facts(self) -> dict[Fact, int]:
        """Every conclusion that is at least possible, with its bits."""
        known = ((fact, self._bits[number]) for number, fact in self.ground.things.items())
        return {fact: bits for fact, bits in known if bits}

    def change(self, places: Mapping[Place, Fact | None]) -> dict[Fact, tuple[int, int]]:
        """Put facts at their places, or take them away (None); what that changes, with the bits before and after."""
        for place, fact in places.items():
            before = self.stated.pop(place, None)
            if fact is not None:
                self.stated[place] = fact
            if not place.kind.schema_.is_open:
                if fact is None and before is not None:
                    for atom in self.ground.remove_closed(place):
                        self._atoms.pop(atom, None)
                elif fact is not None and before is None:
                    self.ground.add_closed(place)
        for place in places:
            for atom in self.ground.atoms_at.get(place, ()):
                bits = atom_bits(self.ground.asks[atom], self.stated)
                if self._atoms.get(atom) != bits:
                    self._atoms[atom] = bits
                    self.ground.touched.update(self.ground.atom_readers.get(atom, {}))
        return self.settle()

    def settle(self) -> dict[Fact, tuple[int, int]]:
        """Bring every bit up to date; the conclusions whose bits changed, with those before and after."""
        ground = self.ground
        for instance in ground.removed:
            self._watch(instance, self._bits[instance.number], FALSE)
            self._give(instance.number, instance.heads, FALSE)
            del self._bits[instance.number]
        ground.removed.clear()
        stale = {n for n in ground.touched if n in ground.instances or n in self._supports or n in self._bits}
        ground.touched.clear()
        changed: dict[Fact, tuple[int, int]] = {}
        for group in self._reached(stale):
            if stale.isdisjoint(group):
                continue
            before = {number: self._bits[number] for number in group}
            if len(group) > 1:
                for number in group:
                    self._put(number, FALSE)
            grown = True
            while grown:
                grown = False
                for number in group:
                    bits = self._now(number)
                    if bits != self._bits[number]:
                        self._put(number, bits)
                        grown = len(group) > 1
            for number, old in before.items():
                new = self._bits[number]
                if new != old:
                    if number in ground.instances:
                        self._watch(ground.instances[number], old, new)
                    stale.update(self._dependents(number))
                    if number in ground.things:
                        changed[ground.things[number]] = (old, new)
                if not new and number not in ground.instances:
                    self._bits.pop(number, None)
        return changed

    def atom(self, number: int) -> int:
        bits = self._atoms.get(number)
        if bits is None:
            bits = self._atoms[number] = atom_bits(self.ground.asks[number], self.stated)
        return bits

    def watch(self, watch: bool) -> None:
        """Begin to keep the activations of changes, or stop it."""
        self._watched = ([], []) if watch else None

    def take_activations(self) -> tuple[list[RuleFired], list[RuleFired]]:
        """The rules that fire since this was last asked, and those that do no longer; only when told to `watch`."""
        taken = self._watched or ([], [])
        self._watched = ([], [])
        return taken

    # --- inside -----------------------------------------------------------------------------------------------------

    def _watch(self, instance: LiveInstance, before: int, after: int) -> None:
        if self._watched is not None and instance.rule is not None and (before ^ after) & ESTABLISHED:
            facts = tuple(self.ground.things[head] for head in instance.heads if head in self.ground.things)
            self._watched[0 if after & ESTABLISHED else 1].append((instance.rule.name, facts))

    def _reached(self, stale: Iterable[int]) -> list[list[int]]:
        """All that depends on these, in components, each after those that it depends on."""
        place: dict[int, int] = {}
        stack = list(stale)
        while stack:
            here = stack.pop()
            if here not in place:
                place[here] = len(place)
                stack += self._dependents(here)
        rests_on: list[list[int]] = [[] for _ in place]
        for here, index in place.items():
            for dependent in self._dependents(here):
                rests_on[place[dependent]].append(index)
        groups: dict[int, list[int]] = {}
        for here, component in zip(place, components(rests_on), strict=True):
            groups.setdefault(component, []).append(here)
        return [group for _, group in sorted(groups.items())]

    def _dependents(self, number: int) -> list[int]:
        instance = self.ground.instances.get(number)
        if instance is None:
            return list(self.ground.readers.get(number, ()))
        return [*instance.heads, *instance.targets]

    def _now(self, number: int) -> int:
        instance = self.ground.instances.get(number)
        if instance is None:
            supports = self._supports.get(number)
            return FALSE if supports is None else sum(bit for bit, count in zip(BITS, supports, strict=True) if count)
        bits = composed(instance.body, self._leaf)
        taken_back = FALSE
        for overrider in (*instance.taken_back_by, *instance.overriders):
            taken_back |= self._bits[overrider]
        return bits & NEGATIONS["unless"][taken_back]

    def _leaf(self, node: Node) -> int:
        if isinstance(node, Stated):
            return self.atom(node.atom)
        assert isinstance(node, Derived)  # overrides are no part of the bodies here
        return self._bits[node.proposition]

    def _put(self, number: int, bits: int) -> None:
        instance: LiveInstance | None = self.ground.instances.get(number)
        if instance is not None:
            self._give(number, instance.heads, bits)
        else:
            self._bits[number] = bits

    def _give(self, number: int, heads: Iterable[int], bits: int) -> None:
        """An instance has these bits now: each of its heads has one support more, or less, for each bit that changed."""
        before = self._bits[number]
        self._bits[number] = bits
        for head in heads:
            supports = self._supports.setdefault(head, [0, 0, 0])
            for index, bit in enumerate(BITS):
                supports[index] += bool(bits & bit) - bool(before & bit)
            if supports == [0, 0, 0]:
                del self._supports[head]
