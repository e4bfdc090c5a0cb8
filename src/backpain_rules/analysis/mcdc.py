"""Few cases that show all that can be shown of some rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import Final

from ..deadline import Deadline, OutOfTime
from ..errors import UnknownTargetError, did_you_mean
from ..facts.base import Fact
from ..link.model import Linked
from .case_set import Expected, TestCase, TestCases
from .finder import Finder, Goals
from .goal import FIRES, Goal

CRITERIA: Final = ("mcdc",)

Judge = Callable[[Sequence[Fact]], tuple[tuple[Expected, ...], tuple[Fact, ...]]]
"""What a knowledge base makes of a case: the conclusions, and those that are still possible."""


def test_cases(linked: Linked, rules: Collection[str], judge: Judge, criterion: str, deadline: Deadline) -> TestCases:
    """Cases for these rules, those that were found before the deadline.

    Raises `UnknownTargetError` for an unknown criterion, `MissingExtraError` without python-sat.
    """
    if criterion not in CRITERIA:
        hint = did_you_mean(criterion, CRITERIA) or f"; there is {', '.join(CRITERIA)}"
        raise UnknownTargetError(f"there is no criterion {criterion!r} for test cases{hint}", criterion=criterion)
    try:
        deadline.poll("putting the rules into clauses")
        finder = Finder(linked, rules, deadline)
    except OutOfTime:
        return TestCases(criterion, (), (), tuple(f"rule {name}: the time was up" for name in rules), complete=False)
    clauses = finder.cases.world.clauses
    with clauses.until(deadline.half()):
        goals = finder.goals()
    found, unshown = _found(finder, goals.all)
    shown = set().union(*found.values())
    cases = tuple(_case(facts, shows, judge) for facts, shows in _fewest(found, [goal for goal in goals.all if goal in shown]))
    idle = [(one.rule, one.text) for one in finder.leaves.all if one.written and goals.apart.get((one.rule, one.text)) == ()]
    late = tuple(_too_late(finder, goals, unshown))
    return TestCases(criterion, cases, tuple(idle), (*late, *_left_out(finder, goals)), complete=not late)


def _found(finder: Finder, goals: Sequence[Goal]) -> tuple[dict[tuple[Fact, ...], set[Goal]], tuple[Goal, ...]]:
    """Cases until each goal is shown by one, with all that each of them shows; and the goals that no time was left for."""
    left = dict.fromkeys(goals)
    found: dict[tuple[Fact, ...], set[Goal]] = {}
    many = len(left)
    with suppress(OutOfTime):
        while left:
            finder.cases.world.clauses.deadline.poll(f"finding cases: {many - len(left)} of {many} things are shown")
            facts, shown = finder.find(next(iter(left)), goals)
            found[facts] = shown
            for goal in shown:
                left.pop(goal, None)
    return found, tuple(left)


def _fewest(
    found: dict[tuple[Fact, ...], set[Goal]], goals: Sequence[Goal]
) -> Iterator[tuple[tuple[Fact, ...], tuple[Goal, ...]]]:
    """The cases that show most of what is left, one after the other, each with what it is there to show."""
    left = set(goals)
    while left:
        facts = max(found, key=lambda case: (len(found[case] & left), -len(case)))
        yield facts, tuple(sorted(found[facts] & left))
        left -= found[facts]


def _case(facts: tuple[Fact, ...], shows: tuple[Goal, ...], judge: Judge) -> TestCase:
    return TestCase(facts, shows, *judge(facts))


def _too_late(finder: Finder, goals: Goals, unshown: Sequence[Goal]) -> Iterator[str]:
    """What no time was left for."""
    known = {goal.rule for goal in (*goals.rules, *goals.never)}
    yield from (f"rule {name}: the time was up" for name in finder.leaves.roots if name not in known)
    for leaf in finder.leaves.all:
        if (leaf.rule, leaf.text) not in goals.apart and leaf.rule in known:
            yield f"{leaf.rule}: {leaf.text}: the time was up"
    yield from (f"{goal}: the time was up" for goal in unshown)


def _left_out(finder: Finder, goals: Goals) -> Iterator[str]:
    for name in finder.beyond:
        yield f"rule {name}: it rests on facts of a closed type, of which a patient can have any number"
    for goal in goals.never:
        yield f"rule {goal.rule} {'fires for no patient' if goal.value == FIRES else 'fires for every patient'}"
    for name, text in finder.leaves.unseen:
        yield f"{name}: {text} compares keys inside a negation, a count or an exists"
    for said in finder.cases.world.inexact:
        yield f"{said.place.kind.__name__}.{said.slot}: not all of its values could be told apart, only samples were tried"
