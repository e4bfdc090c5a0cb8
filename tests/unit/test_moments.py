"""Moments with and without a time zone never meet: one error, which names the field, wherever they would be compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pyarrow as pa
import pytest

from backpain_rules import (
    Fact,
    FactError,
    FieldValueError,
    InvalidFactError,
    Key,
    KnowledgeBase,
    Pack,
    Premise,
    Rule,
    Slot,
    all_of,
    condition,
    each,
    slot,
)  # fmt: skip


class Visit(Fact):
    at: Key[datetime]


class Alarm(Fact):
    at: Slot[time] = slot()


class Seen(Fact):
    at: Slot[datetime] = slot()
    again: Slot[datetime] = slot()


OK = condition("ok", "Ok")
AWARE, NAIVE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2)
a, b = each(Visit), each(Visit)


def kb(*premises: Premise) -> KnowledgeBase:
    rules = [Rule(f"r{number}", when=premise, then=OK.finding()) for number, premise in enumerate(premises)]
    return KnowledgeBase([Pack("p", version="1", title="P", rules=rules, fact_types=[Visit, Alarm, Seen])])


SEEN = each(Seen).at >= AWARE
MEETINGS: dict[str, Callable[[], object]] = {
    "a fact and a rule": lambda: kb(SEEN).assess([Seen(at=NAIVE)]),
    "equality": lambda: kb(each(Seen).at == AWARE).assess([Seen(at=NAIVE)]),
    "the reference engine": lambda: kb(SEEN).assess([Seen(at=NAIVE)], engine="reference"),
    "a new session": lambda: kb(SEEN).session([Seen(at=NAIVE)]),
    "a time of day": lambda: kb(each(Alarm).at >= time(8, tzinfo=UTC)).assess([Alarm(at=time(9))]),
    "a comparison of facts": lambda: kb(all_of(a, b, a.at < b.at)).assess([Visit(at=AWARE), Visit(at=NAIVE)]),
    "a difference of facts": lambda: kb(all_of(a, b, a.at - b.at >= timedelta(0))).assess([Visit(at=AWARE), Visit(at=NAIVE)]),
    "two fields of one fact": lambda: kb(each(Seen).at < each(Seen).again).assess([Seen(at=AWARE, again=NAIVE)]),
    "a table and a rule": lambda: kb(SEEN).cohort(pa.table({"seen__at": pa.array([None, NAIVE])})),
    "two columns": lambda: kb().cohort(pa.table({"seen__at": [AWARE], "seen__again": [NAIVE]})),
    "JSON": lambda: (base := kb(SEEN)).assess(base.read_case('{"facts": [{"type": "seen", "at": "2026-01-02T00:00:00"}]}')),
}


@pytest.mark.parametrize("meeting", MEETINGS)
def test_a_moment_with_a_zone_never_meets_one_without(meeting: str) -> None:
    with pytest.raises(FactError, match=r"give all (of them )?a time zone, or none"):
        MEETINGS[meeting]()


def test_a_session_stays_as_it_was() -> None:
    session = kb(all_of(a, b, a.at < b.at)).session([Visit(at=AWARE)])
    with pytest.raises(InvalidFactError, match=r"facts\[0\]: Visit.at is a datetime without a time zone"):
        session.insert(Visit(at=NAIVE))
    assert session.facts == (Visit(at=AWARE),)


def test_a_session_may_replace_its_only_moment() -> None:
    session = kb().session([Seen(at=AWARE)])
    session.replace(Seen(at=NAIVE))
    assert session.facts == (Seen(at=NAIVE),)


def test_rules_that_differ_are_refused_when_they_are_loaded() -> None:
    with pytest.raises(FieldValueError, match="p:r1 compares a datetime without a time zone, and p:r0 one with a time zone"):
        kb(SEEN, each(Seen).again >= NAIVE)


def test_moments_of_one_sort_are_compared() -> None:
    assert kb(SEEN).assess([Seen(at=AWARE)]).findings
    assert kb(each(Seen).at >= NAIVE).assess([Seen(at=NAIVE)]).findings
