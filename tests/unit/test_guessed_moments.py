"""Where no rule compares a moment with a constant, the moments that proofs choose have a time zone as those of the rules do."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from backpain_rules import Fact, Finding, KnowledgeBase, Pack, Rule, Slot, all_of, condition, each, slot

OK = condition("ok", "Ok")


class Visit(Fact):
    came: Slot[datetime] = slot()
    left: Slot[datetime] = slot()
    booked: Slot[datetime] = slot()
    opens: Slot[time] = slot()
    closes: Slot[time] = slot()


visit = each(Visit)


def cases(premise: Any) -> list[Any]:
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=[Rule("r", when=premise, then=OK.finding())])])
    found = list(kb.test_cases(seconds=5))
    for case in found:
        kb.assess(case.facts)
    assert any(kb.assess(case.facts).of(Finding, condition="ok") for case in found)
    return [value for case in found for fact in case.facts for value in (fact.__dict__["came"], fact.__dict__["left"]) if value]


@pytest.mark.parametrize("zone", [None, UTC])
def test_two_moments_compared_are_in_a_zone_as_the_constants_of_the_rules_are(zone: Any) -> None:
    chosen = cases(all_of(visit.came < visit.left, visit.booked > datetime(2020, 1, 1, tzinfo=zone)))
    assert chosen
    assert all(value.tzinfo is zone for value in chosen)


def test_two_times_of_day_can_be_compared() -> None:
    cases(visit.opens == visit.closes)
