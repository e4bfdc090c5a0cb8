"""Find a small set of cases that shows every reachable goal of some rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from heapq import heapify, heappop, heapreplace
from typing import Final, TypeVar

from ..deadline import Deadline, OutOfTime
from ..errors import UnknownTargetError, did_you_mean
from ..facts.base import Fact
from ..link.dependencies import UNBOUNDED
from ..link.model import Linked
from .case_set import Expected, TestCase, TestCases
from .finder import Finder, Goals
from .goal import FIRES, Goal

K = TypeVar("K")

CRITERIA: Final = ("mcdc",)
OFTEN: Final = 32
"""A goal that so many cases show is not tracked further: the final set will hardly miss it."""
LATE: Final = "the time was up"

Judge = Callable[[Sequence[Fact]], tuple[tuple[Expected, ...], tuple[Fact, ...]]]
"""Assesses a case: the conclusions, and those still possible."""


def test_cases(linked: Linked, rules: Collection[str], judge: Judge, criterion: str, deadline: Deadline) -> TestCases:
    """Cases for these rules, as far as found before the deadline.

    Raises `UnknownTargetError` for an unknown criterion, `MissingExtraError` without python-sat.
    """
    if criterion not in CRITERIA:
        hint = did_you_mean(criterion, CRITERIA) or f"; there is {', '.join(CRITERIA)}"
        raise UnknownTargetError(f"there is no criterion {criterion!r} for test cases{hint}", criterion=criterion)
    try:
        deadline.poll("putting the rules into clauses")
        finder = Finder(linked, rules, deadline)
    except OutOfTime:
        return TestCases(criterion, (), (), tuple(f"rule {name}: {LATE}" for name in rules), complete=False)
    clauses = finder.cases.world.clauses
    with clauses.until(deadline.half()):
        goals = finder.goals()
    with clauses.until(deadline.half()):
        found = _found(finder, goals.all)
    cases: list[TestCase] = []
    unshown = dict.fromkeys(goals.all)
    with suppress(OutOfTime):
        for facts, shows in _fewest(found, deadline):
            deadline.poll()
            cases.append(TestCase(facts, shows, *judge(facts)))
            for goal in shows:
                unshown.pop(goal)
    unseen = {
        (one.rule, one.text): one for one in finder.leaves.all if one.written and goals.apart.get((one.rule, one.text)) == ()
    }
    idle = _in_time(unseen, lambda name: finder.is_idle(unseen[name]))
    undecided = [
        f"{rule}: {text}: {_open_or_late(idle.get((rule, text)))}" for rule, text in unseen if not idle.get((rule, text))
    ]
    late = (*_too_late(finder, goals, unshown), *(text for text in undecided if text.endswith(LATE)))
    left_out = (*late, *(text for text in undecided if not text.endswith(LATE)), *_left_out(finder, goals))
    return TestCases(criterion, tuple(cases), tuple(name for name in unseen if idle.get(name)), left_out, complete=not late)


def _in_time(things: Iterable[K], ask: Callable[[K], bool]) -> dict[K, bool]:
    """The answers before the deadline."""
    answers: dict[K, bool] = {}
    with suppress(OutOfTime):
        for thing in things:
            answers[thing] = ask(thing)
    return answers


def _open_or_late(idle: bool | None) -> str:
    return LATE if idle is None else "neither shown nor proved idle"


def _found(finder: Finder, goals: Sequence[Goal]) -> dict[tuple[Fact, ...], set[Goal]]:
    """Find cases until each goal is shown or the time runs out, with all goals that each case shows."""
    left = dict.fromkeys(goals)
    times = dict.fromkeys(goals, 0)
    found: dict[tuple[Fact, ...], set[Goal]] = {}
    many = len(left)
    with suppress(OutOfTime):
        while left:
            finder.cases.world.clauses.deadline.poll(f"finding cases: {many - len(left)} of {many} things are shown")
            facts, shown = finder.find(next(iter(left)), times)
            found[facts] = shown
            for goal in shown:
                left.pop(goal, None)
                times[goal] += 1
                if times[goal] == OFTEN:
                    del times[goal]
    return found


def _fewest(found: dict[tuple[Fact, ...], set[Goal]], deadline: Deadline) -> Iterator[tuple[tuple[Fact, ...], tuple[Goal, ...]]]:
    """Greedy cover: repeatedly take the case that shows most of the remaining goals, with the goals it adds.

    The gain of a case never grows. So a case whose current gain is at least the last known gain of all others comes next.
    """
    left = set().union(*found.values())
    cases = [*found]
    heap = [(-len(found[case]), len(case), number) for number, case in enumerate(cases)]
    heapify(heap)
    while left:
        deadline.poll()
        before, size, number = heap[0]
        adds = found[cases[number]] & left
        if len(adds) < -before:
            heapreplace(heap, (-len(adds), size, number))
            continue
        heappop(heap)
        yield cases[number], tuple(sorted(adds))
        left -= adds


def _too_late(finder: Finder, goals: Goals, unshown: Iterable[Goal]) -> Iterator[str]:
    """The goals that were not examined before the deadline."""
    known = {goal.rule for goal in (*goals.rules, *goals.never)}
    yield from (f"rule {name}: {LATE}" for name in finder.leaves.roots if name not in known)
    for leaf in finder.leaves.all:
        if (leaf.rule, leaf.text) not in goals.apart and leaf.rule in known:
            yield f"{leaf.rule}: {leaf.text}: {LATE}"
    yield from (f"{goal}: {LATE}" for goal in unshown)


def _left_out(finder: Finder, goals: Goals) -> Iterator[str]:
    for name in finder.beyond:
        yield f"rule {name}: {UNBOUNDED}"
    is_open = _in_time(goals.never, finder.is_open)
    for goal in goals.never:
        if is_open.get(goal, True):
            yield f"rule {goal.rule}: neither shown nor proved whether it {goal.value}"
        else:
            yield f"rule {goal.rule} {'fires for no patient' if goal.value == FIRES else 'fires for every patient'}"
    for name, text in finder.leaves.unseen:
        yield f"{name}: {text} compares keys inside a negation, a count or an exists"
    for said in finder.cases.world.inexact:
        yield f"{said.place.kind.__name__}.{said.slot}: not all of its values could be told apart, only samples were tried"
