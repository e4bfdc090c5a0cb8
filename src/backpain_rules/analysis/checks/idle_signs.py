"""A sign whose answer changes no conclusion for any patient, or that no rule reads at all.

Present, absent and unknown are the three answers: a sign decides something where two of them lead to other conclusions, or to
conclusions that are more or less firm.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from ...facts.types import Symptom
from ...ground.nodes import Place, Presence
from ...ir.bits import CERTAIN, ESTABLISHED
from ...solve.clauses import FALSE, TRUE
from ..diagnostic import Diagnostic
from ..prover import Prover, atoms_of

ANSWERS: Final = ((TRUE, FALSE), (FALSE, TRUE), (FALSE, FALSE))
"""Present, absent, unknown: whether it is true, whether it is known to be false."""
MOST_TRIED: Final = 8
"""How many small cases the engine is asked about before the solver is."""


def check(prover: Prover) -> Iterator[Diagnostic]:
    """BR009 for each symptom. Signs that a constraint reads are used: they say who can be a patient."""
    read = {place for atom in prover.program.atoms if isinstance(atom, Presence) for place in (atom.place,)}
    constrained = _constrained(prover)
    for id in prover.linked.ids("symptom"):
        place = Place(Symptom, (id,))
        name = f"{prover.linked.owners['symptom', id]}:{id}"
        if place in constrained or (place in read and _decides(prover, place)):
            continue
        if place not in read and prover.beyond:
            continue
        why = "whether it is there, not there or unknown changes no conclusion" if place in read else "no rule reads it"
        yield Diagnostic("BR009", f"sign {id} decides nothing: {why}", (name,))


def _constrained(prover: Prover) -> set[Place]:
    atoms = {atom for number in prover.constraints for atom in atoms_of(prover.program.constraints[number].body)}
    return {place for atom in atoms for place in prover.program.places(atom)}


def _decides(prover: Prover, place: Place) -> bool:
    atom = prover.program.atom_numbers[Presence(place)]
    readers, propositions = _downstream(prover, atom)
    for number in readers[:MOST_TRIED]:
        if prover.can_fire(number) and _turned_by_engine(prover, number, place):
            return True
    cases = prover.cases
    answered = [cases.encoding.given({atom: answer}) for answer in ANSWERS]
    for number in propositions:
        for bit in (ESTABLISHED, CERTAIN):
            for one, other in combinations([encoding.proposition(number, bit) for encoding in answered], 2):
                if one != other and (cases.is_possible([one, -other]) or cases.is_possible([-one, other])):
                    return True
    return False


def _turned_by_engine(prover: Prover, instance: int, place: Place) -> bool:
    """Whether a small case in which an instance fires has other conclusions when the answer is turned round."""
    case = prover.small_case(instance) or ()
    rest = [fact for fact in case if not (type(fact) is place.kind and (fact.__dict__["term"],) == place.key)]
    one = prover.native.run([*rest, Symptom(term=place.key[0])])
    other = prover.native.run([*rest, Symptom(term=place.key[0], present=False)])
    return set(one.established) != set(other.established)


def _downstream(prover: Prover, atom: int) -> tuple[list[int], list[int]]:
    """The instances that read an atom, and every proposition that may depend on it."""
    program = prover.program
    size = len(program.facts)
    readers = prover.readers.get(atom, [])
    users = prover.users
    reached = {size + number for number in readers}
    stack = list(reached)
    while stack:
        here = stack.pop()
        following = list(users.get(here, ()))
        if here >= size:
            following += program.instances[here - size].heads
        for number in following:
            if number not in reached:
                reached.add(number)
                stack.append(number)
    return readers, sorted(number for number in reached if number < size)
