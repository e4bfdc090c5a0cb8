"""Test cases made from rules: what each case shows, and its expected conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from ..explain.words import say_fact
from ..facts.base import Fact, to_data
from .diagnostic import say_case
from .goal import Goal


class Expected(NamedTuple):
    """An expected conclusion, and whether it must be firm."""

    fact: Fact
    firm: bool

    def __str__(self) -> str:
        return f"{say_fact(self.fact)}  [{'firm' if self.firm else 'provisional'}]"


@dataclass(frozen=True)
class TestCase:
    """One patient, the expected conclusions, and the goals that the case shows.

    `expected` lists all conclusions, `undecided` those still possible. `shows` mentions each goal once in the whole set.
    """

    __test__: ClassVar[bool] = False  # keeps pytest from collecting the class

    facts: tuple[Fact, ...]
    shows: tuple[Goal, ...]
    expected: tuple[Expected, ...]
    undecided: tuple[Fact, ...]

    def __str__(self) -> str:
        lines = [say_case(self.facts)]
        lines += [f"    expect  {one}" for one in self.expected] or ["    expect  nothing"]
        lines += [f"    shows   {goal}" for goal in self.shows]
        return "\n".join(lines)

    def to_data(self) -> dict[str, Any]:
        """As JSON data; pass `case` to `read_case`."""
        return {
            "case": {"facts": [to_data(fact) for fact in self.facts]},
            "expected": [{**to_data(one.fact), "firm": one.firm} for one in self.expected],
            "undecided": [to_data(fact) for fact in self.undecided],
            "shows": [{name: said for name, said in goal._asdict().items() if said} for goal in self.shows],
        }


class Pair(NamedTuple):
    """Two cases, by their positions in the set, in which a leaf decides with different values."""

    one: Goal
    in_case: int
    other: Goal
    in_other_case: int


@dataclass(frozen=True)
class TestCases:
    """A small set of cases in which each rule fires and is silent, and in which pairs of cases show that each leaf decides.

    `idle` lists the leaves that decide nothing, as (rule, leaf): no pair of patients distinguishes two values of the leaf. Such a
    pair would be one patient in whom the leaf has one value, and in whom the other value would change whether the rule fires, is
    certain or is possible; and one patient the other way round. Only the rule itself counts, not other rules with the same
    conclusion. A sign that is written twice is two leaves. `left_out` lists what was not examined. The set is not `complete` if
    the time ran out.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
    >>> for case in kb.test_cases():
    ...     print(case.facts, [one.fact.condition for one in case.expected], len(case.shows))
    () [] 3
    (Symptom(term='cold', present=True),) ['chill'] 3
    (Symptom(term='cold', present=False),) [] 2
    """

    __test__: ClassVar[bool] = False

    criterion: str
    cases: tuple[TestCase, ...]
    idle: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    complete: bool = True

    def __iter__(self) -> Iterator[TestCase]:
        return iter(self.cases)

    def __len__(self) -> int:
        return len(self.cases)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """For each leaf and each two of its distinguishable values, the cases that distinguish them."""
        places = {goal: number for number, case in enumerate(self.cases) for goal in case.shows}
        found: list[Pair] = []
        for goal in sorted(places):
            if goal.value < goal.against:
                others = (o for o in places if o[:2] == goal[:2] and (o.value, o.against) == (goal.against, goal.value))
                found += [Pair(goal, places[goal], other, places[other]) for other in others]
        return tuple(found)

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "criterion": self.criterion,
            "complete": self.complete,
            "cases": [case.to_data() for case in self.cases],
            "idle": [{"rule": rule, "leaf": leaf} for rule, leaf in self.idle],
            "left_out": list(self.left_out),
        }
