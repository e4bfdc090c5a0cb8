"""Truth maintenance: the three bits of everything, kept true while facts come and go.

A change reaches what depends on it, component by component from the ground up. Where conclusions support each other in
a circle, all that the change reaches there is taken back and derived anew, so that nothing stands on itself alone
(delete and rederive, Gupta, Mumick and Subrahmanian 1993); everywhere else a proposition counts its supports.

The law: after each change the bits are those of an evaluation of the whole case. `some` of the table, read as counts: a bit of a
proposition is on while one support or more has it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from ..errors import EngineError
from ..facts.base import Fact
from ..ground.evaluate import atom_bits
from ..ground.incremental import GroundInstance, IncrementalGrounder
from ..ground.nodes import Derived, Node, Place, Stated
from ..ground.planes import NEGATIONS
from ..ground.program import Program
from ..ground.states import composed
from ..ground.strata import components
from ..ir.bits import ESTABLISHED, FALSE, THREE_BITS

NO_SUPPORT: Final = (0, 0, 0)
RuleFired: TypeAlias = tuple[str, tuple[Fact, ...]]
"""The name of a rule, and what it concludes in one of its instances."""


class _Bits(dict[int, int]):
    """What is not in it has no bit."""

    def __missing__(self, number: int) -> int:
        return FALSE


class Maintained:
    """The bits of one case that changes. It begins with nothing stated: `Maintained.of(program)`."""

    def __init__(self, program: Program) -> None:
        self.ground = IncrementalGrounder(program)
        self.stated: dict[Place, Fact] = {}
        self._component = self._components_of(program)
        self._bits = _Bits()
        self._atoms: dict[int, int] = {}
        self._supports: dict[int, tuple[int, int, int]] = {}
        self._watched: tuple[list[RuleFired], list[RuleFired]] | None = None
        for group in _grouped(range(len(self._component)), self._component):
            self._settle_group(group)
        self.settle()

    @classmethod
    def of(cls, program: Program, *, watch: bool = False) -> Maintained:
        """A case without facts, which is worked out once for a program. With `watch` it keeps the activations of changes."""
        empty = program.once(cls)
        new = object.__new__(cls)
        new.ground, new.stated, new._component = empty.ground.copy(), {}, empty._component
        new._bits, new._atoms, new._supports = _Bits(empty._bits), empty._atoms.copy(), empty._supports.copy()
        new._watched = None
        new.watch(watch)
        if watch:
            for instance in new.ground.instances.values():
                new._watch(instance, FALSE, new._bits[instance.number])
        return new

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
                if before is not None:
                    for atom in self.ground.remove_closed(place):
                        self._atoms.pop(atom, None)
                if fact is not None:
                    self.ground.add_closed(place, fact)
        dirty = dict[int, None]()
        for place in places:
            for atom in self.ground.atoms_at.get(place, ()):
                bits = atom_bits(self.ground.asks[atom], self.stated)
                if self._atoms.get(atom) != bits:
                    self._atoms[atom] = bits
                    dirty.update(self.ground.atom_readers.get(atom, {}))
        return self.settle(dirty)

    def settle(self, dirty: Iterable[int] = ()) -> dict[Fact, tuple[int, int]]:
        """Bring every bit up to date; the conclusions whose bits changed, with those before and after."""
        ground = self.ground
        for instance in ground.removed:
            self._watch(instance, self._bits[instance.number], FALSE)
            self._give(instance.number, instance.heads, FALSE)
            del self._bits[instance.number]
        stale = {n for n in (*ground.dirty, *dirty) if n in ground.instances or n in self._supports or n in self._bits}
        ground.removed.clear()
        ground.dirty.clear()
        changed: dict[Fact, tuple[int, int]] = {}
        for group in self._reached(stale):
            if stale.isdisjoint(group):
                continue
            before = {number: self._bits[number] for number in group}
            self._settle_group(group)
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

    def watch(self, watch: bool) -> None:
        """Begin to keep the activations of changes, or stop it."""
        self._watched = ([], []) if watch else None

    def take_activations(self) -> tuple[list[RuleFired], list[RuleFired]]:
        """The rules that fire since this was last asked, and those that do no longer; only when told to `watch`."""
        taken = self._watched or ([], [])
        self._watched = ([], [])
        return taken

    # --- inside -----------------------------------------------------------------------------------------------------

    def _watch(self, instance: GroundInstance, before: int, after: int) -> None:
        if self._watched is not None and instance.rule is not None and (before ^ after) & ESTABLISHED:
            facts = tuple(self.ground.things[head] for head in instance.heads if head in self.ground.things)
            self._watched[0 if after & ESTABLISHED else 1].append((instance.rule.name, facts))

    def _components_of(self, program: Program) -> Sequence[int]:
        """The component of each number where the compiled program has them all; else they are found for each change."""
        return program.component if self.ground.is_fixed else ()

    def _reached(self, stale: Iterable[int]) -> list[list[int]]:
        """All that depends on these, in components, each after those that it depends on."""
        place: dict[int, int] = {}
        stack = list(stale)
        while stack:
            here = stack.pop()
            if here not in place:
                place[here] = len(place)
                stack += self._dependents(here)
        found: Sequence[int] = [self._component[here] for here in place] if self._component else self._found(place)
        return _grouped(place, found)

    def _found(self, place: Mapping[int, int]) -> list[int]:
        rests_on: list[list[int]] = [[] for _ in place]
        for here, index in place.items():
            for dependent in self._dependents(here):
                rests_on[place[dependent]].append(index)
        return components(rests_on)

    def _settle_group(self, group: Sequence[int]) -> None:
        if len(group) > 1:
            self._derive_anew(group)
        else:
            self._put(group[0], self._now(group[0]))

    def _derive_anew(self, group: Sequence[int]) -> None:
        """Take back all of a circle and derive it from what is outside: bits come, and none goes."""
        for number in group:
            self._put(number, FALSE)
        inside, waiting = set(group), set(group)
        queue = deque(group)
        while queue:
            number = queue.popleft()
            waiting.remove(number)
            old, new = self._bits[number], self._now(number)
            if old & ~new:
                raise EngineError("a session met a circle through a negation that was not refused when the rules were loaded")
            if new != old:
                self._put(number, new)
                again = [n for n in self._dependents(number) if n in inside and n not in waiting]
                queue.extend(again)
                waiting.update(again)

    def _dependents(self, number: int) -> list[int]:
        instance = self.ground.instances.get(number)
        if instance is None:
            return list(self.ground.readers.get(number, ()))
        return [*instance.heads, *self.ground.targets.get(number, ())]

    def _now(self, number: int) -> int:
        instance = self.ground.instances.get(number)
        if instance is None:
            supports = self._supports.get(number, NO_SUPPORT)
            return sum(bit for bit, count in zip(THREE_BITS, supports, strict=True) if count)
        bits = composed(instance.body, self._leaf)
        taken_back = FALSE
        for overrider in (*instance.taken_back_by, *self.ground.overriders.get(number, ())):
            taken_back |= self._bits[overrider]
        return bits & NEGATIONS["unless"][taken_back]

    def _leaf(self, node: Node) -> int:
        if isinstance(node, Stated):
            return self._atom(node.atom)
        assert isinstance(node, Derived)  # overrides are no part of the bodies here
        return self._bits[node.proposition]

    def _atom(self, number: int) -> int:
        bits = self._atoms.get(number)
        if bits is None:
            bits = self._atoms[number] = atom_bits(self.ground.asks[number], self.stated)
        return bits

    def _put(self, number: int, bits: int) -> None:
        instance = self.ground.instances.get(number)
        if instance is not None:
            self._give(number, instance.heads, bits)
        else:
            self._bits[number] = bits

    def _give(self, number: int, heads: Iterable[int], bits: int) -> None:
        """An instance has these bits now: each of its heads has one support more, or less, for each bit that changed."""
        before = self._bits[number]
        self._bits[number] = bits
        for head in heads if bits != before else ():
            certain, established, possible = (
                count + bool(bits & bit) - bool(before & bit)
                for count, bit in zip(self._supports.get(head, NO_SUPPORT), THREE_BITS, strict=True)
            )
            self._supports[head] = (certain, established, possible)
            if not (certain or established or possible):
                del self._supports[head]


def _grouped(numbers: Iterable[int], component: Iterable[int]) -> list[list[int]]:
    """Numbers by their components, in the order of these."""
    groups: dict[int, list[int]] = {}
    for number, at in zip(numbers, component, strict=True):
        groups.setdefault(at, []).append(number)
    return [group for _, group in sorted(groups.items())]
