"""A comparison that computes beyond what Python's dates and numbers hold still holds, or does not: everywhere the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import Fact, Key, KnowledgeBase, Pack, Region, Rule, Slot, condition, each, slot
from backpain_rules.ir.exact import combined, exact
from backpain_rules.ir.expressions import Premise

SPANS = st.timedeltas(timedelta(days=-4000), timedelta(days=4000))
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))
NUMBERS = st.integers(-1000, 1000)
FITTING = {
    "+": [(DAYS, SPANS), (MOMENTS, SPANS), (SPANS, SPANS), (NUMBERS, NUMBERS)],
    "-": [(DAYS, SPANS), (DAYS, DAYS), (MOMENTS, SPANS), (MOMENTS, MOMENTS), (SPANS, SPANS), (NUMBERS, NUMBERS)],
    "*": [(SPANS, NUMBERS), (NUMBERS, SPANS), (NUMBERS, NUMBERS)],
}


@given(st.data())
def test_where_python_can_compute_the_exact_way_gives_the_same(data: st.DataObject) -> None:
    op = data.draw(st.sampled_from("+-*"))
    left, right = data.draw(st.sampled_from(FITTING[op]).flatmap(lambda two: st.tuples(*two)))
    computed: Any = left + right if op == "+" else left - right if op == "-" else left * right
    assert combined(op, exact(left), exact(right)) == exact(computed)


def test_moments_of_different_zones_are_one_moment() -> None:
    noon = datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert exact(noon) == exact(noon.astimezone())


class Course(Fact):
    region: Key[Region]
    start: Slot[date] = slot()
    takes: Slot[timedelta] = slot()
    checked: Slot[date] = slot()
    weight: Slot[int] = slot()
    factor: Slot[float] = slot()


course = each(Course)
LONG = timedelta(days=90_000_000)
LONGEST = timedelta(days=999_999_999)
TODAY = date(2020, 1, 1)


def kb_of(premise: Premise) -> KnowledgeBase:
    rule = Rule("r", when=premise, then=condition("late", "Late").finding())
    return KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule], fact_types=[Course])])


BEYOND: list[tuple[Premise, dict[str, Any], bool]] = [
    (course.start + course.takes > course.checked, {"start": TODAY, "takes": LONG, "checked": date.max}, True),
    (course.start - course.takes > course.checked, {"start": TODAY, "takes": LONG, "checked": date.min}, False),
    (course.start + course.takes - course.takes == course.checked, {"start": date.max, "takes": LONG, "checked": date.max}, True),
    (course.start + course.takes < course.checked + course.takes, {"start": TODAY, "takes": LONG, "checked": date.max}, True),
    (course.takes + course.takes > LONGEST, {"takes": LONGEST}, True),
    (course.takes * 2 < LONGEST, {"takes": LONGEST}, False),
    (course.factor * course.weight > 5.0, {"factor": 0.5, "weight": 10**400}, True),
]


@pytest.mark.parametrize(("premise", "said", "holds"), BEYOND)
def test_it_holds_or_does_not_in_every_engine(premise: Premise, said: dict[str, Any], holds: bool) -> None:
    kb = kb_of(premise)
    case = [Course(region="lumbar", **said)]
    assert [bool(kb.assess(case, engine=engine).findings) for engine in ("native", "reference")] == [holds] * 2
    assert bool(kb.session(case).result.findings) is holds


@pytest.mark.parametrize(("premise", "said", "holds"), [entry for entry in BEYOND if entry[1].get("takes") == LONG])
def test_it_holds_or_does_not_in_a_table(premise: Premise, said: dict[str, Any], holds: bool) -> None:
    kinds = {"takes": pa.duration("us")}
    row = {f"course__lumbar__{name}": pa.array([value], kinds.get(name)) for name, value in said.items()}
    assert kb_of(premise).cohort(pa.table(row))["finding__late"].to_pylist() == [holds or None]  # of the neck nothing is known


def test_it_holds_for_facts_that_come_and_go_as_well() -> None:
    class Episode(Fact):
        day: Key[date]
        takes: Slot[timedelta] = slot()

    episode = each(Episode)
    rule = Rule("r", when=episode.day + timedelta(days=5_000_000) > episode.day, then=condition("late", "Late").finding())
    kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule], fact_types=[Episode])])
    for engine in ("native", "reference"):
        assert kb.assess([Episode(day=date(2020, 1, 1))], engine=engine).findings
    assert kb.session([Episode(day=date(2020, 1, 1))]).result.findings
