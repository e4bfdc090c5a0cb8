"""All of a case at once: the three bits of everything, and the unknowns that they rest on.

What facts change is little beside all that rules speak of. So what holds when nothing is said is computed once for a
program, and a case computes anew only what its facts change, from the ground up. `Evaluation` is the plain way to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import TypeAlias

from ..facts.base import Fact
from ..ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE, TRUE, UNKNOWN
from .evaluate import atom_bits
from .nodes import (
    TABLES,
    Atom,
    Count,
    Derived,
    Every,
    Fires,
    Flip,
    Gap,
    Known,
    Node,
    Place,
    Some,
    Stated,
    gaps,
    members,
)
from .program import Program

State: TypeAlias = int
"""The bits of something in the low three, and above them a bit for each unknown that they rest on; none when they are decided."""

BITS = 7
Rule: TypeAlias = Callable[[Sequence[State]], State]


class EmptyCase:
    """What holds when nothing is said, and what the facts of a case change of it.

    States are in one list: propositions by their number, then instances, atoms and constraints. `gaps` are all that can be
    unknown, in the order in which they are shown; gap i is bit i + 3 of a state.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._instances = len(program.facts)
        self._atoms = self._instances + len(program.instances)
        self._constraints = self._atoms + len(program.atoms)
        found = {gap for atom in program.atoms for gap in gaps(atom, {})}
        self.gaps: tuple[Gap, ...] = tuple(sorted(found, key=lambda gap: gap.order))
        self._bit = {gap: 8 << number for number, gap in enumerate(self.gaps)}
        self._atoms_at: dict[Place, list[int]] = {}
        for number in range(len(program.atoms)):
            for place in program.places(number):
                self._atoms_at.setdefault(place, []).append(number)
        self._rules: list[Rule] = [self._any_of([self._instances + i for i in made], ()) for made in program.producers]
        self._rules += [self._compiled(instance.condition) for instance in program.instances]
        self._rules += [_nothing] * len(program.atoms)
        self._rules += [self._compiled(constraint.body) for constraint in program.constraints]
        self._readers: list[list[int]] = [[] for _ in self._rules]
        self._groups: list[list[int]] = []
        self._group_of = [0] * len(self._rules)
        self._arrange()
        self.states: list[State] = [FALSE] * len(self._rules)
        for number, atom in enumerate(program.atoms):
            self.states[self._atoms + number] = self._atom(atom, {})
        self._settle(self.states, range(len(self._groups)))

    def with_facts(self, stated: Mapping[Place, Fact]) -> list[State]:
        """The states of a case."""
        atoms = {number for place in stated for number in self._atoms_at.get(place, ())}
        return self._changed((number, self._atom(self.program.atoms[number], stated)) for number in atoms)

    def with_atoms(self, decided: Mapping[int, bool]) -> list[State]:
        """The states of a case whose facts decide these atoms, and leave the others as they are in the empty case."""
        return self._changed((number, TRUE if holds else FALSE) for number, holds in decided.items())

    def breaks_constraint(self, states: Sequence[State]) -> bool:
        """Whether some constraint is broken."""
        return any(state & ESTABLISHED for state in states[self._constraints :])

    def numbers(self, state: State) -> Iterator[int]:
        """The numbers of the unknowns that a state rests on, in their order."""
        rest = state >> 3
        while rest:
            last = rest & -rest
            yield last.bit_length() - 1
            rest ^= last

    # --- inside -----------------------------------------------------------------------------------------------------

    def _changed(self, atoms: Iterable[tuple[int, State]]) -> list[State]:
        states = self.states.copy()
        changed: set[int] = set()
        for number, state in atoms:
            at = self._atoms + number
            if state != states[at]:
                states[at] = state
                changed.update(self._readers[at])
        self._settle(states, changed)
        return states

    def _atom(self, atom: Atom, stated: Mapping[Place, Fact]) -> State:
        state = atom_bits(atom, stated)
        if state == UNKNOWN:
            for gap in gaps(atom, stated):
                state |= self._bit[gap]
        return state

    def _arrange(self) -> None:
        """Group what depends on itself, number the groups from the ground up, and note which groups read what."""
        program = self.program
        for at, component in enumerate(program.component):
            while len(self._groups) <= component:
                self._groups.append([])
            self._groups[component].append(at)
            self._group_of[at] = component
        for number in range(len(program.constraints)):
            self._group_of[self._constraints + number] = len(self._groups)
            self._groups.append([self._constraints + number])
        for head, made in enumerate(program.producers):
            for instance in made:
                self._readers[self._instances + instance].append(self._group_of[head])
        bodies = [(self._instances + n, instance.condition) for n, instance in enumerate(program.instances)]
        bodies += [(self._constraints + n, constraint.body) for n, constraint in enumerate(program.constraints)]
        for at, body in bodies:
            for read in set(self._read(body)):
                self._readers[read].append(self._group_of[at])

    def _read(self, body: Node) -> Iterable[int]:
        stack = [body]
        while stack:
            node = stack.pop()
            at = self._place_of(node)
            if at is not None:
                yield at
            stack.extend(members(node))

    def _settle(self, states: list[State], groups: Iterable[int]) -> None:
        """Compute these groups anew, and those that read what that changes: they have higher numbers."""
        seen = set(groups)
        heap = list(seen)
        heapify(heap)
        rules, readers = self._rules, self._readers
        while heap:
            number = heappop(heap)
            group = self._groups[number]
            if len(group) == 1:
                (at,) = group
                state = rules[at](states)
                if state == states[at]:
                    continue
                states[at] = state
                changed: Iterable[int] = readers[at]
            else:
                changed = self._settle_together(states, group)
            for reader in changed:
                if reader not in seen:
                    seen.add(reader)
                    heappush(heap, reader)

    def _settle_together(self, states: list[State], group: Sequence[int]) -> set[int]:
        """The least fixpoint of the bits, and then, with these bits, that of the unknowns; the groups that read what changed."""
        before = [states[at] for at in group]
        for at in group:
            states[at] = FALSE
        self._iterate(states, group)
        for at in group:
            states[at] &= BITS
        self._iterate(states, group)
        changed = [at for at, old in zip(group, before, strict=True) if states[at] != old]
        return {reader for at in changed for reader in self._readers[at]} - {self._group_of[group[0]]}

    def _iterate(self, states: list[State], group: Sequence[int]) -> None:
        changed = True
        while changed:
            changed = False
            for at in group:
                state = self._rules[at](states)
                if state != states[at]:
                    states[at], changed = state, True

    # --- nodes as functions of the states -----------------------------------------------------------------------------

    def _place_of(self, node: Node) -> int | None:
        match node:
            case Derived(proposition=number):
                return number
            case Fires(instance=number):
                return self._instances + number
            case Stated(atom=number):
                return self._atoms + number
            case _:
                return None

    def _compiled(self, node: Node) -> Rule:
        match node:
            case Every(of=of):
                return self._all_of(*self._split(of))
            case Some(of=of):
                return self._any_of(*self._split(of))
            case Count(threshold=threshold, of=pairs):
                return _count(threshold, tuple((points, self._compiled(member)) for points, member in pairs))
            case Flip(how=how, of=member):
                return _flip(TABLES[how], self._compiled(member))
            case Known(bits=bits):
                return lambda states: bits
            case _:
                at = self._place_of(node)
                assert at is not None
                return lambda states: states[at]

    def _split(self, of: Sequence[Node]) -> tuple[list[int], list[Rule]]:
        """The members that are in the list of states, and the functions of the others."""
        places = [self._place_of(member) for member in of]
        others = [self._compiled(member) for member, at in zip(of, places, strict=True) if at is None]
        return [at for at in places if at is not None], others

    @staticmethod
    def _all_of(places: Sequence[int], others: Sequence[Rule]) -> Rule:
        def state(states: Sequence[State]) -> State:
            bits, found = TRUE, 0
            for at in places:
                here = states[at]
                bits &= here
                found |= here
                if not bits:
                    return FALSE
            for rule in others:
                here = rule(states)
                bits &= here
                found |= here
            return found & ~BITS | bits if bits and bits != TRUE else bits

        return state

    @staticmethod
    def _any_of(places: Sequence[int], others: Sequence[Rule]) -> Rule:
        def state(states: Sequence[State]) -> State:
            found = 0
            for at in places:
                found |= states[at]
            for rule in others:
                found |= rule(states)
            return TRUE if found & BITS == TRUE else found

        return state


def _count(threshold: int, pairs: Sequence[tuple[int, Rule]]) -> Rule:
    def state(states: Sequence[State]) -> State:
        certain = established = possible = found = 0
        for points, rule in pairs:
            here = rule(states)
            if here & POSSIBLE:
                found |= here
                possible += points
                if here & ESTABLISHED:
                    established += points
                    if here & CERTAIN:
                        certain += points
        if certain >= threshold:
            return TRUE
        if possible < threshold:
            return FALSE
        return found & ~BITS | (ESTABLISHED | POSSIBLE if established >= threshold else POSSIBLE)

    return state


def _flip(table: Sequence[int], inside: Rule) -> Rule:
    def state(states: Sequence[State]) -> State:
        here = inside(states)
        bits = table[here & BITS]
        return here & ~BITS | bits if bits and bits != TRUE else bits

    return state


def _nothing(states: Sequence[State]) -> State:
    raise AssertionError("an atom is decided by facts, not computed")
