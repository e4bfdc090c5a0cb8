"""All of a case at once: the three bits of everything, and the unknowns that they rest on.

What facts change is little beside all that rules speak of. So what holds when nothing is said is computed once for a
program, and a case computes anew only what its facts change, from the ground up. `Evaluation` is the plain way to the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple, TypeAlias

from ..facts.base import Fact
from ..ir.bits import ESTABLISHED, FALSE, POSSIBLE, TRUE, UNKNOWN
from .evaluate import atom_bits
from .nodes import (
    TABLES,
    Atom,
    Count,
    Derived,
    Every,
    Fires,
    Flip,
    Known,
    Node,
    Place,
    Said,
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


class States(NamedTuple):
    """The states of a case: of each proposition, and of each constraint, which is broken when it is established."""

    propositions: Sequence[State]
    constraints: Sequence[State]

    @property
    def breaks_constraint(self) -> bool:
        return any(state & ESTABLISHED for state in self.constraints)


class EmptyCase:
    """What holds when nothing is said, and what the facts of a case change of it.

    Inside, states are in one list: propositions by their number, then instances, atoms and constraints. A proposition that one
    instance gives has its state there only: `_at` says where. `gaps` are all that can be unknown, in the order in which they
    are shown; gap i is bit i + 3 of a state.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._instances = len(program.facts)
        self._atoms = self._instances + len(program.instances)
        self._constraints = self._atoms + len(program.atoms)
        self._at = [self._instances + made[0] if len(made) == 1 else n for n, made in enumerate(program.producers)]
        found = {gap for atom in program.atoms for gap in gaps(atom, {})}
        self.gaps: tuple[Said, ...] = tuple(sorted(found, key=lambda gap: gap.order))
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
        self._alone: list[int | None] = []
        self._group_of = [0] * len(self._rules)
        self._arrange()
        self._states: list[State] = [FALSE] * len(self._rules)
        for number, atom in enumerate(program.atoms):
            self._states[self._atoms + number] = self._atom(atom, {})
        self._settle(self._states, [number for number, group in enumerate(self._groups) if group])

    def with_facts(self, stated: Mapping[Place, Fact]) -> States:
        """The states of a case."""
        states, changed = self._states.copy(), list[int]()
        for number in {number for place in stated for number in self._atoms_at.get(place, ())}:
            at = self._atoms + number
            states[at] = self._atom(self.program.atoms[number], stated)
            changed += self._readers[at]
        return self._settled(states, changed)

    def with_atoms(self, true: Iterable[int], false: Iterable[int]) -> States:
        """The states of a case that makes these atoms true and those false, and leaves the others as in the empty case."""
        states, changed = self._states.copy(), list[int]()
        first, readers = self._atoms, self._readers
        for number in true:
            states[first + number] = TRUE
            changed += readers[first + number]
        for number in false:
            states[first + number] = FALSE
            changed += readers[first + number]
        return self._settled(states, changed)

    def _settled(self, states: list[State], changed: Iterable[int]) -> States:
        self._settle(states, changed)
        return States([states[at] for at in self._at], states[self._constraints :])

    def numbers(self, state: State) -> Iterator[int]:
        """The numbers of the unknowns that a state rests on, in their order."""
        rest = state >> 3
        while rest:
            last = rest & -rest
            yield last.bit_length() - 1
            rest ^= last

    # --- inside -----------------------------------------------------------------------------------------------------

    def _atom(self, atom: Atom, stated: Mapping[Place, Fact]) -> State:
        state = atom_bits(atom, stated)
        if state == UNKNOWN:
            for gap in gaps(atom, stated):
                state |= self._bit[gap]
        return state

    def _arrange(self) -> None:
        """Group what depends on itself, number the groups from the ground up, and note which groups read what."""
        program = self.program
        self._groups = [[] for _ in range(max(program.component, default=-1) + 1)]
        for at, component in enumerate(program.component):
            self._group_of[at] = component
            if at >= self._instances or self._at[at] == at:
                self._groups[component].append(at)
        circles = {component for component, count in Counter(program.component).items() if count > 1}
        for number in range(len(program.constraints)):
            self._group_of[self._constraints + number] = len(self._groups)
            self._groups.append([self._constraints + number])
        self._alone = [group[0] if group and n not in circles else None for n, group in enumerate(self._groups)]
        for head, made in enumerate(program.producers):
            for instance in made if self._at[head] == head else ():
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
            at = self._alone[number]
            if at is not None:
                state = rules[at](states)
                if state == states[at]:
                    continue
                states[at] = state
                changed: Iterable[int] = readers[at]
            else:
                changed = self._settle_together(states, self._groups[number])
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
                return self._at[number]
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
                return self._counted(threshold, pairs)
            case Flip(how=how, of=member):
                at = self._place_of(member)
                return _flip(TABLES[how], self._compiled(member)) if at is None else _flip_at(TABLES[how], at)
            case Known(bits=bits):
                return lambda states: bits
            case _:
                at = self._place_of(node)
                assert at is not None
                return lambda states: states[at]

    def _counted(self, threshold: int, pairs: Sequence[tuple[int, Node]]) -> Rule:
        places = [(points, at) for points, member in pairs if (at := self._place_of(member)) is not None]
        others = [(points, self._compiled(member)) for points, member in pairs if self._place_of(member) is None]
        return _count(threshold, places, others)

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


def _count(threshold: int, places: Sequence[tuple[int, int]], others: Sequence[tuple[int, Rule]]) -> Rule:
    def state(states: Sequence[State]) -> State:
        certain = established = possible = found = 0
        weighed = [(points, states[at]) for points, at in places]
        if others:
            weighed += [(points, rule(states)) for points, rule in others]
        for points, here in weighed:
            if here == TRUE:
                certain += points
            elif here:
                found |= here
                possible += points
                if here & ESTABLISHED:
                    established += points
        if certain >= threshold:
            return TRUE
        if certain + possible < threshold:
            return FALSE
        return found & ~BITS | (ESTABLISHED | POSSIBLE if certain + established >= threshold else POSSIBLE)

    return state


def _flip_at(table: Sequence[int], at: int) -> Rule:
    def state(states: Sequence[State]) -> State:
        here = states[at]
        bits = table[here & BITS]
        return here & ~BITS | bits if bits and bits != TRUE else bits

    return state


def _flip(table: Sequence[int], inside: Rule) -> Rule:
    def state(states: Sequence[State]) -> State:
        here = inside(states)
        bits = table[here & BITS]
        return here & ~BITS | bits if bits and bits != TRUE else bits

    return state


def _nothing(states: Sequence[State]) -> State:
    raise AssertionError("an atom is decided by facts, not computed")
