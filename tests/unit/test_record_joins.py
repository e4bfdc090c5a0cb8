"""What joining records costs: counted, not timed. That it means what the reference engine means is tested with all engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import Fact, Key, KnowledgeBase, Pack, Rule, Slot, all_of, condition, each, slot, symptom, unless
from backpain_rules.engine import outcome
from backpain_rules.ground.search.index import Ordered
from backpain_rules.ground.search.order import in_order


class Episode(Fact):
    day: Key[date]
    severity: Slot[int] = slot()


DAYS = timedelta(days=1)
RECURRENT, FEVER = condition("recurrent", "Recurrent"), symptom("fever", "Fever", ask="Fever?")
a, b = each(Episode), each(Episode)
JOIN = all_of(a, b, b.day - a.day >= 30 * DAYS, b.day - a.day <= 60 * DAYS, a.severity >= 5)


def knowledge_base(*rules: Rule) -> KnowledgeBase:
    return KnowledgeBase([Pack("demo", version="1", title="Demo", rules=rules, fact_types=[Episode], terms=[FEVER])])


def episodes(count: int) -> list[Episode]:
    return [Episode(day=date(2000, 1, 1) + 20 * number * DAYS, severity=number % 10) for number in range(count)]


def test_the_conclusions_of_a_case_with_records_need_no_ground_program(monkeypatch: pytest.MonkeyPatch) -> None:
    kb = knowledge_base(Rule("recurrent", when=all_of(JOIN, unless(FEVER)), then=RECURRENT.finding()))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody ground the case")

    monkeypatch.setattr(outcome, "with_closed", refuse)
    assert [found.condition for found in kb.assess(episodes(50)).findings] == ["recurrent"]
    assert not kb.assess([*episodes(50), FEVER.present]).findings


def test_an_explanation_shows_the_records_of_a_join() -> None:
    result = knowledge_base(Rule("recurrent", when=JOIN, then=RECURRENT.finding())).assess(episodes(9))
    assert "2000-04-10" in str(result.why(result.findings[0]))
    assert result.is_firm(result.findings[0])


def test_a_record_of_a_session_brings_the_joins_in_its_range_and_no_others() -> None:
    session = knowledge_base(Rule("recurrent", when=JOIN, then=RECURRENT.finding())).session()
    brought: list[int] = []
    for record in episodes(200):
        before = len(session._conclusions.maintained.ground.instances)
        session.insert(record)
        brought.append(len(session._conclusions.maintained.ground.instances) - before)
    assert max(brought) == 2  # two earlier days are 30 to 60 days away


def test_a_session_sees_a_join_that_a_replaced_record_makes_and_breaks() -> None:
    session = knowledge_base(Rule("recurrent", when=JOIN, then=RECURRENT.finding())).session(episodes(3))
    assert not session.derived
    session.replace(Episode(day=date(2000, 1, 1), severity=9))
    assert session.derived
    session.replace(Episode(day=date(2000, 1, 1)))
    assert not session.derived
    assert session.result.undecided


def test_the_variable_that_a_constant_restricts_comes_first_and_a_range_restricts_the_other() -> None:
    later, earlier = each(Episode), each(Episode)
    tests: list[Any] = [later.day - earlier.day >= 30 * DAYS, earlier.severity >= 5]
    (first, _), (second, restriction) = in_order([later, earlier], tests)
    assert (first, second, restriction.ranged) == (earlier, later, "day")


MOMENTS = (
    date(2024, 1, 1), date(2024, 1, 2), datetime(2024, 1, 1), timedelta(0), timedelta(hours=1), 1, 2, 2.5,
    float("nan"), None, "x",
)  # fmt: skip


@given(st.lists(st.sampled_from(MOMENTS)), st.lists(st.sampled_from(MOMENTS)), st.sampled_from(MOMENTS), st.sampled_from(MOMENTS))
def test_a_range_leaves_out_nothing_that_lies_in_it(first: Sequence[Any], then: Sequence[Any], low: Any, high: Any) -> None:
    ordered = Ordered[int](first, range(len(first)))
    for number, value in enumerate(then, len(first)):
        ordered.add(value, number)
    for number, value in enumerate(first[:2]):
        ordered.discard(value, number)
    found = list(ordered.between(low, high))
    discarded = range(min(2, len(first)))
    assert len(found) == len(set(found))
    assert not set(discarded).intersection(found)
    for number, value in enumerate([*first, *then]):
        if number in discarded:
            continue
        if value is not None and value == value and type(value) is type(low) is type(high) and low <= value <= high:
            assert number in found
