"""BR004: two rules that can fire for one patient and whose conclusions contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from ...explain.words import say_fact
from ...facts.base import Fact
from ...ground.program import Program
from ..diagnostic import Diagnostic
from ..prover import Prover


def check(prover: Prover) -> Iterator[Diagnostic]:
    """BR004, once for each pair of rules."""
    done = {subjects for code, subjects in prover.known if code == "BR004"}
    program = prover.program
    said = {number: say_fact(program.facts[number]) for number in program.rivals}
    for one, other in map(sorted, contradictions(prover.program)):
        for left in program.producers[one]:
            for right in program.producers[other]:
                subjects = tuple(sorted({program.instances[left].rule.name, program.instances[right].rule.name}))
                if subjects in done:
                    continue
                if not prover.can_meet(left, right):
                    if prover.is_open(left, right):
                        names = " and ".join(subjects)
                        prover.leave_open(
                            "BR004", f"{names}: no patient was found for whom both fire, nor a proof that there is none"
                        )
                    continue
                done.add(subjects)
                sides = (left, one), (right, other)
                if program.instances[left].rule.name != subjects[0]:
                    sides = sides[1], sides[0]
                yield Diagnostic(
                    "BR004",
                    f"{' and '.join(subjects)} can conclude together what contradicts itself: {said[one]} | {said[other]}",
                    subjects,
                    prover.places(*subjects),
                    partial(prover.case_of_both, left, right),
                    instances=tuple(instance for instance, _ in sides),
                    conclusions=tuple(program.facts[head] for _, head in sides),
                )


def count(prover: Prover) -> int:
    """The number of contradicting pairs of conclusions."""
    return sum(1 for _ in contradictions(prover.program))


def contradictions(program: Program) -> Iterator[tuple[int, int]]:
    """The contradicting pairs of conclusions."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in sorted(program.rivals):
        fact = program.facts[number]
        groups.setdefault((type(fact), *(fact.__dict__[name] for name in fact.schema_.keys)), []).append(number)
    for group in groups.values():
        for one, other in combinations(group, 2):
            if _contradict(program.facts[one], program.facts[other]):
                yield one, other


def _contradict(one: Fact, other: Fact) -> bool:
    """Whether two facts with one key have different values in a slot."""
    values = ((one.__dict__[name], other.__dict__[name]) for name in one.schema_.slots)
    return any(a is not None and b is not None and a != b for a, b in values)
