"""Answer named questions about a rule base by a proof or a patient."""

from __future__ import annotations

from dataclasses import replace

from ..deadline import NEVER, Deadline, OutOfTime
from ..explain.words import say_place
from ..facts.base import Fact
from ..ground.compile import compile_program
from ..link.dependencies import UNBOUNDED
from ..link.goal import linked_goal
from ..link.model import Linked, LinkedConstraint
from ..solve.clauses import Clauses
from ..solve.witness import Claim, PossibleCases
from ..solve.world import World
from .diff import ConstraintDifference, Difference, diff
from .prover import rests_on_closed_facts
from .query import Query, Verdict, answered

TOO_LATE = "the time was up"


def prove(linked: Linked, query: Query, deadline: Deadline = NEVER) -> Verdict:
    """Prove or refute a question over all cases that break no constraint, until the deadline.

    Raises a `RuleBaseError` for a name that the rule base does not know, and `MissingExtraError` without python-sat.
    """
    if query.other is not None:
        return _compared(linked, query.other.rule_base, query, deadline)
    goals = goals_of(linked, query)
    patient: tuple[Fact, ...] | None = None
    open_: list[str] = []
    proof = ""
    try:
        patient, open_, proof = _search(linked, goals, deadline)
    except OutOfTime:
        open_ = [TOO_LATE]
    return answered(str(query), patient=patient, open_=open_, wanted=query.kind == "can_follow", proof=proof)


def goals_of(linked: Linked, query: Query) -> tuple[LinkedConstraint, ...]:
    """The conditions of a patient who shows the question or its opposite."""
    match query.kind, query.of:
        case "implies", (one, other):
            return (linked_goal(linked, "implies", [one], [other]),)
        case "equivalent", (one, other):
            return linked_goal(linked, "forward", [one], [other]), linked_goal(linked, "backward", [other], [one])
        case _:
            return (linked_goal(linked, query.kind, query.of),)


def _search(
    linked: Linked, goals: tuple[LinkedConstraint, ...], deadline: Deadline
) -> tuple[tuple[Fact, ...] | None, list[str], str]:
    """A patient who meets one of the goals; otherwise why one may still exist, and the scope in which none does."""
    program = compile_program(replace(linked, constraints=(*linked.constraints, *goals), partitions=()))
    world = World(Clauses(deadline), program.linked, program.atoms)
    kept = [number for number, one in enumerate(program.constraints) if one.constraint not in goals]
    cases = PossibleCases(program, constraints=kept, world=world)
    asked = [Claim(one.body) for one in program.constraints if one.constraint in goals]
    for claim in asked:
        deadline.poll()
        patient = cases.find([claim], least=True)
        if patient is not None:
            return patient, [], ""
    open_ = [
        f"{say_place(said.place)}: not all values of {said.slot} could be told apart"
        for said in world.sampled
        if any(cases.is_open([claim]) for claim in asked)
    ]
    if any(rests_on_closed_facts(linked, goal) for goal in goals):
        open_.append(UNBOUNDED)
    slots = len(world.said) - len(world.places)
    return None, open_, f"no patient, over all cases of {len(world.places)} stated facts and {slots} of their slots"


def _compared(linked: Linked, other: Linked, query: Query, deadline: Deadline) -> Verdict:
    comparison = diff(linked, other, deadline)
    changes: tuple[Difference | ConstraintDifference, ...] = (*comparison.differences, *comparison.constraints)
    for change in changes:
        return Verdict(str(query), False, "patient", change.case, str(change).splitlines()[0])
    if comparison.equivalent:
        return Verdict(str(query), True, "proof", detail="; ".join(comparison.not_compared))
    why = comparison.undecided if comparison.complete else (TOO_LATE,)
    return Verdict(str(query), False, "undecided", detail="; ".join(why))
