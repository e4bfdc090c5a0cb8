"""The three bits of any proposition, on demand: only what it depends on is computed.

The plain way through a program. The native engine has a faster one for the established set; this one answers
everything else: what is firm, what is still possible, which premise of a rule holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..facts.base import Fact
from ..ir.bits import FALSE, TRUE, UNKNOWN, UNLESS, weigh
from .joins import comparison_holds
from .nodes import (
    OPERATORS,
    TABLES,
    Atom,
    Count,
    Derived,
    Every,
    Fires,
    Flip,
    JoinTest,
    Known,
    Node,
    Place,
    Presence,
    SlotTest,
    Some,
    Stated,
    gaps,
    places_of,
)
from .program import Program, reads


class Evaluation:
    """The bits of one case under one program, each computed when it is first asked for."""

    def __init__(self, program: Program, facts: Mapping[Place, Fact], propositions: Mapping[int, int] | None = None) -> None:
        self.program = program
        self.stated = facts
        self._size = len(program.facts)
        self._atoms: dict[int, int] = {}
        self._bits: dict[int, int] = {}
        if propositions is not None:
            self._bits = {number: propositions.get(number, FALSE) for number in range(self._size)}

    def proposition(self, number: int) -> int:
        """The bits of a derived fact."""
        if number not in self._bits:
            self._settle((number,))
        return self._bits[number]

    def instance(self, number: int) -> int:
        """The bits of a rule instance: that it fires, overrides considered."""
        number += self._size
        if number not in self._bits:
            self._settle((number,))
        return self._bits[number]

    def node(self, node: Node) -> int:
        """The bits of any node of this program."""
        if len(self._bits) < self._size + len(self.program.instances):  # otherwise everything is settled
            needed = [n if n >= 0 else self._size - 1 - n for n, _ in reads(node)]
            self._settle(n for n in needed if n not in self._bits)
        return self._node(node)

    def atom(self, number: int) -> int:
        bits = self._atoms.get(number)
        if bits is None:
            bits = self._atoms[number] = atom_bits(self.program.atoms[number], self.stated)
        return bits

    def settle_all(self) -> None:
        """Compute every proposition and every instance."""
        self._settle(range(self._size + len(self.program.instances)))

    # --- inside -----------------------------------------------------------------------------------------------------

    def _settle(self, wanted: Iterable[int]) -> None:
        """Compute these (propositions, then instances by their number after them) and all they depend on."""
        needed: set[int] = set()
        stack = [n for n in wanted if n not in self._bits]
        while stack:
            here = stack.pop()
            if here in needed or here in self._bits:
                continue
            needed.add(here)
            stack.extend(self._depends(here))
        groups: dict[int, list[int]] = {}
        for here in needed:
            groups.setdefault(self.program.component[here], []).append(here)
        for _, group in sorted(groups.items()):
            for here in group:
                self._bits[here] = FALSE
            changed = True
            while changed:
                changed = False
                for here in group:
                    bits = self._compute(here)
                    if bits != self._bits[here]:
                        self._bits[here], changed = bits, len(group) > 1

    def _depends(self, number: int) -> Iterable[int]:
        if number < self._size:
            return (self._size + i for i in self.program.producers[number])
        return self.program.dependencies(number - self._size)

    def _compute(self, number: int) -> int:
        bits = FALSE
        if number < self._size:
            for producer in self.program.producers[number]:
                bits |= self._bits[self._size + producer]
            return bits
        instance = self.program.instances[number - self._size]
        for overrider in instance.overriders:
            bits |= self._bits[self._size + overrider]
        return self._node(instance.body) & UNLESS[bits] if instance.overriders else self._node(instance.body)

    def _node(self, node: Node) -> int:
        match node:
            case Stated(atom=atom):
                return self.atom(atom)
            case Derived(proposition=proposition):
                return self._bits[proposition]
            case Every(of=of):
                bits = TRUE
                for member in of:
                    bits &= self._node(member)
                    if not bits:
                        break
                return bits
            case Some(of=of):
                bits = FALSE
                for member in of:
                    bits |= self._node(member)
                    if bits == TRUE:
                        break
                return bits
            case Count(threshold=threshold, of=pairs):
                return weigh(threshold, ((points, self._node(member)) for points, member in pairs))
            case Flip(how=how, of=member):
                return TABLES[how][self._node(member)]
            case Fires(instance=instance):
                return self._bits[self._size + instance]
            case Known(bits=bits):
                return bits


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
