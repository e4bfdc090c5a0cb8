"""The evaluation of one case: the three bits of everything, and the unknowns that they rest on.

What facts change is little beside all that rules speak of. So the evaluation of the empty case, the baseline, is computed once
for a program, and a case computes anew only what its facts change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_

from ..facts.base import Fact
from ..ir.bits import ESTABLISHED, FALSE, TRUE, UNKNOWN
from ..ir.operators import OPERATORS
from .cone import cone
from .joins import comparison_holds
from .nodes import (
    Atom,
    Derived,
    Fires,
    JoinTest,
    Node,
    Place,
    Presence,
    SlotTest,
    Stated,
    by_place,
    gaps,
    places_of,
)
from .plan import Machine, make_plan
from .program import Program
from .states import BITS, State, States, composed


class Baseline:
    """The evaluation of the empty case, from which every other is computed: of all, or of what some conclusions rest on.

    `unknowns` are all that can be unknown, in the order in which they are shown; unknown i is bit i + 3 of a state.
    """

    def __init__(self, program: Program, of: Sequence[Derived | Fires] | None = None) -> None:
        self.program = program
        self.plan = program.once(make_plan)
        if of is not None:
            self.plan = self.plan.cone(map(self.plan.register, of))
        self.unknowns = tuple(sorted({gap for atom in program.atoms for gap in gaps(atom, {})}, key=lambda gap: gap.order))
        self._bit = {unknown: 8 << number for number, unknown in enumerate(self.unknowns)}
        self._atoms_at: dict[Place, list[int]] = {}
        self.atoms = range(len(program.atoms)) if of is None else cone(program, of).atoms
        for number in self.atoms:
            for place in program.places(number):
                self._atoms_at.setdefault(place, []).append(number)
        self._machine = Machine(self.plan, States())
        self.registers = self._machine.run([self._atom(atom, {}) for atom in program.atoms])

    def with_facts(self, stated: Mapping[Place, Fact]) -> list[State]:
        """The registers of a case."""
        atoms = {number for place in stated for number in self._atoms_at.get(place, ())}
        return self.with_states({number: self._atom(self.program.atoms[number], stated) for number in atoms})

    def with_atoms(self, true: Iterable[int], false: Iterable[int]) -> list[State]:
        """The registers of a case that makes these atoms true and those false, and leaves the others as in the empty case."""
        return self.with_states({**dict.fromkeys(true, TRUE), **dict.fromkeys(false, FALSE)})

    def with_states(self, atoms: Mapping[int, State]) -> list[State]:
        """The registers of a case in which these atoms have these states, and the others those of the empty case."""
        registers, readers, stages = self.registers.copy(), self.plan.readers, list[int]()
        for number, state in atoms.items():
            registers[number] = state
            stages += readers[number]
        self._machine.update(registers, stages)
        return registers

    def rests_on(self, state: State) -> Iterator[int]:
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


class Evaluation:
    """One case under one program: `facts`, by place or as they came.

    `atoms`, true ones and false ones, are for callers who know which ones the facts decide. `bits` are for an engine that
    computed those of every possible proposition itself; they take the place of the evaluation's own.
    """

    def __init__(
        self,
        program: Program,
        facts: Mapping[Place, Fact] | tuple[Fact, ...],
        *,
        atoms: tuple[Iterable[int], Iterable[int]] | None = None,
        bits: Mapping[int, int] | None = None,
    ) -> None:
        self.program = program
        self._facts = facts
        self.baseline = baseline = program.once(Baseline)
        self._plan = baseline.plan
        self._registers = baseline.with_facts(self.stated) if atoms is None else baseline.with_atoms(*atoms)
        self.propositions: list[State] = [self._registers[register] for register in self._plan.propositions]
        """The states of the propositions."""
        if bits is not None:
            self.propositions = [state & ~BITS | bits.get(number, FALSE) for number, state in enumerate(self.propositions)]

    @cached_property
    def stated(self) -> Mapping[Place, Fact]:
        """The stated facts by place."""
        return by_place(self._facts) if isinstance(self._facts, tuple) else self._facts

    def proposition(self, number: int) -> int:
        """The bits of a derived fact."""
        return self.propositions[number] & BITS

    def instance(self, number: int) -> int:
        """The bits of a rule instance: that it fires, overrides considered."""
        return self._registers[self._plan.instances[number]] & BITS

    def atom(self, number: int) -> int:
        """The bits of an atom."""
        return self._registers[number] & BITS

    def node(self, node: Node) -> int:
        """The bits of any node of this program."""
        return self.state(node) & BITS

    def state(self, node: Node) -> State:
        """The state of any node of this program."""
        register = self._plan.nodes.get(node)
        return composed(node, self._leaf) if register is None else self._registers[register]

    def rests_on(self, nodes: Iterable[Node]) -> State:
        """The unknowns that the bits of these nodes rest on, without the bits; an upper bound, as the possible set is."""
        return reduce(or_, map(self.state, nodes), 0) & ~BITS

    def broken(self) -> tuple[int, ...]:
        """The constraints that are broken, by number."""
        registers = self._registers
        return tuple([n for n, register in enumerate(self._plan.constraints) if registers[register] & ESTABLISHED])

    def _leaf(self, node: Node) -> State:
        match node:
            case Stated(atom=atom):
                return self._registers[atom]
            case Derived(proposition=number):
                return self.propositions[number]
            case Fires(instance=number):
                return self._registers[self._plan.instances[number]]
            case _:
                raise AssertionError(f"{node} is composed of others")


def atom_bits(atom: Atom, facts: Mapping[Place, Fact]) -> int:
    """What the stated facts say of an atom: 7 true, 0 false, 1 unknown."""
    match atom:
        case Presence(place=place):
            fact = facts.get(place)
            return UNKNOWN if fact is None else FALSE if _is_absent(fact) else TRUE
        case SlotTest(place=place, slot=slot, op=op, value=value):
            fact = facts.get(place)
            if fact is None:
                return UNKNOWN
            if _is_absent(fact):
                return FALSE
            said = fact.__dict__[slot]
            return UNKNOWN if said is None else TRUE if OPERATORS[op](said, value) else FALSE
        case JoinTest():
            if any(_is_absent(fact) for place in places_of(atom) if (fact := facts.get(place)) is not None):
                return FALSE
            if any(gaps(atom, facts)):
                return UNKNOWN
            return TRUE if comparison_holds(atom, lambda slot: facts[slot.place].__dict__[slot.slot]) else FALSE


def _is_absent(fact: Fact) -> bool:
    return fact.__dict__.get("present") is False
