"""A sign whose answer changes no conclusion for any patient, or that no rule reads at all.

Present, absent and unknown are the three answers. A sign decides something if another answer of some possible patient leads to
other conclusions, to conclusions that are more or less firm, or to a case that breaks a constraint.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from ...facts.types import Symptom
from ...ground.nodes import Place, Presence
from ...ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from ...ir.expressions import Constant
from ...link.dependencies import is_closed, may_give, patterns
from ...link.model import LinkedConstraint, LinkedRule
from ...solve.clauses import FALSE, TRUE
from ..diagnostic import Diagnostic
from ..prover import Prover

ANSWERS: Final = ((TRUE, FALSE), (FALSE, TRUE), (FALSE, FALSE))
"""Present, absent, unknown: whether it is true, whether it is known to be false."""
MOST_TRIED: Final = 8
"""How many small cases the engine is asked about before the solver is."""


def check(prover: Prover) -> Iterator[Diagnostic]:
    """BR009 for each symptom, but for those that rules or constraints of which nothing is proved may read."""
    read = {atom.place for atom in prover.program.atoms if isinstance(atom, Presence)}
    unproved = _read_beyond(prover)
    for id in prover.linked.ids("symptom"):
        place = Place(Symptom, (id,))
        if id in unproved or None in unproved or (place in read and _decides(prover, place)):
            continue
        changes = "no conclusion and breaks no constraint" if prover.linked.constraints else "no conclusion"
        why = f"whether it is there, not there or unknown changes {changes}" if place in read else "no rule reads it"
        yield Diagnostic("BR009", f"sign {id} decides nothing: {why}", (f"{prover.linked.owners['symptom', id]}:{id}",))


def _read_beyond(prover: Prover) -> set[object]:
    """The symptoms that a rule or constraint may read of which nothing is proved; None stands for any symptom."""
    linked = prover.linked
    beyond = [rule for rule in linked.rules if rule.name in prover.beyond]
    given = [template for rule in beyond for template in rule.templates]

    def is_beyond(constraint: LinkedConstraint) -> bool:
        return any(is_closed(linked, v) or any(may_give(t, v) for t in given) for v in patterns(constraint))

    read: list[LinkedRule | LinkedConstraint] = [*beyond, *filter(is_beyond, linked.constraints)]
    variables = [v for one in read for v in patterns(one)]
    terms = [v._where.get("term") for v in variables if v._kind is Symptom]
    return {term.value if isinstance(term, Constant) else None for term in terms}


def _decides(prover: Prover, place: Place) -> bool:
    atom = prover.program.atom_numbers[Presence(place)]
    readers, propositions = _downstream(prover, atom)
    for number in readers[:MOST_TRIED]:
        if prover.can_fire(number) and _turned_by_engine(prover, number, place):
            return True
    cases = prover.cases
    answered = [cases.encoding.given({atom: answer}) for answer in ANSWERS]
    # Whichever answer a possible patient gives: where two of the three differ, one of them differs from that of the patient.
    shown = [[encoding.node(prover.program.constraints[number].body) for encoding in answered] for number in prover.constraints]
    bits: tuple[int, ...] = (ESTABLISHED, CERTAIN, POSSIBLE) if prover.beyond else (ESTABLISHED, CERTAIN)
    shown += [[encoding.proposition(number, bit) for encoding in answered] for number in propositions for bit in bits]
    return any(
        one != other and (cases.is_possible([one, -other]) or cases.is_possible([-one, other]))
        for literals in shown
        for one, other in combinations(literals, 2)
    )


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
