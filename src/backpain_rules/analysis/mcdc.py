"""Few cases that show all that can be shown of some rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from ..errors import UnknownTargetError, did_you_mean
from ..facts.base import Fact
from ..link.model import Linked
from .case_set import Expected, TestCase, TestCases
from .finder import Finder
from .goal import FIRES, SILENT, Goal

CRITERIA: Final = ("mcdc",)

Judge = Callable[[Sequence[Fact]], tuple[tuple[Expected, ...], tuple[Fact, ...]]]
"""What a knowledge base makes of a case: the conclusions, and those that are still possible."""


def test_cases(linked: Linked, rules: Collection[str], judge: Judge, criterion: str) -> TestCases:
    """Cases for these rules. Raises `UnknownTargetError` for an unknown criterion, `MissingExtraError` without python-sat."""
    if criterion not in CRITERIA:
        hint = did_you_mean(criterion, CRITERIA) or f"; there is {', '.join(CRITERIA)}"
        raise UnknownTargetError(f"there is no criterion {criterion!r} for test cases{hint}", criterion=criterion)
    finder = Finder(linked, rules)
    goals = finder.goals()
    found = _found(finder, goals.all)
    cases = tuple(_case(facts, shows, judge) for facts, shows in _fewest(found, goals.all))
    unseen = [one for one in finder.leaves.all if one.written and not goals.apart[one.rule, one.text]]
    idle = tuple((one.rule, one.text) for one in unseen if finder.is_idle(one))
    left_out = [f"{one.rule}: {one.text}: neither shown nor proved idle" for one in unseen if (one.rule, one.text) not in idle]
    return TestCases(criterion, cases, idle, (*_left_out(finder, goals.rules), *left_out))


def _found(finder: Finder, goals: Sequence[Goal]) -> dict[tuple[Fact, ...], set[Goal]]:
    """Cases until each goal is shown by one, with all that each of them shows."""
    left = dict.fromkeys(goals)
    found: dict[tuple[Fact, ...], set[Goal]] = {}
    while left:
        facts, shown = finder.find(next(iter(left)), goals)
        found[facts] = shown
        for goal in shown:
            left.pop(goal, None)
    return found


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


def _left_out(finder: Finder, rules: Sequence[Goal]) -> Iterator[str]:
    for name in finder.beyond:
        yield f"rule {name}: it rests on facts of a closed type, of which a patient can have any number"
    for name in finder.leaves.roots:
        for value, never in ((FIRES, "fires for no patient"), (SILENT, "fires for every patient")):
            goal = Goal(name, "", value)
            if goal not in rules:
                yield (
                    f"rule {name}: neither shown nor proved whether it {value}"
                    if finder.is_open(goal)
                    else f"rule {name} {never}"
                )
    for name, text in finder.leaves.unseen:
        yield f"{name}: {text} compares keys inside a negation, a count or an exists"
    for said in finder.cases.world.inexact:
        yield f"{said.place.kind.__name__}.{said.slot}: not all of its values could be told apart, only samples were tried"
