"""What proofs, comparisons, test cases and interviews say of sums, circles, constraints and answers that nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from annotated_types import Interval
from pydantic import model_validator

from backpain_rules import (
    DONT_KNOW,
    Fact,
    Key,
    KnowledgeBase,
    Pack,
    Region,
    Rule,
    Slot,
    all_of,
    any_of,
    condition,
    each,
    is_known,
    is_unknown,
    never,
    slot,
    symptom,
    unless,
)

Points = Annotated[int, Interval(ge=0, le=5)]
A, B = (symptom(name, name, ask=f"{name}?") for name in ("a", "b"))
X, Y = (condition(name, name) for name in ("x", "y"))


class Eight(Fact):
    region: Key[Region]
    a: Slot[Points] = slot(ask="a?")
    b: Slot[Points] = slot(ask="b?")
    c: Slot[Points] = slot(ask="c?")
    d: Slot[Points] = slot(ask="d?")
    e: Slot[Points] = slot(ask="e?")
    f: Slot[Points] = slot(ask="f?")
    g: Slot[Points] = slot(ask="g?")
    h: Slot[Points] = slot(ask="h?")


class Wide(Fact):
    region: Key[Region]
    a: Slot[int] = slot(ask="a?")
    b: Slot[int] = slot(ask="b?")
    share: Slot[Annotated[float, Interval(ge=0, le=100)]] = slot(ask="share?")


class Even(Fact):
    region: Key[Region]
    pairs: Slot[int] = slot()

    @model_validator(mode="after")
    def _is_even(self) -> Even:
        if self.pairs is not None and self.pairs % 2:
            raise ValueError("pairs come in twos")
        return self


class Spell(Fact):
    began: Key[date]


q, wide, even = each(Eight, region="lumbar"), each(Wide, region="lumbar"), each(Even, region="lumbar")
total = q.a + q.b + q.c + q.d + q.e + q.f + q.g + q.h


def kb(*rules: Rule, **more: Any) -> KnowledgeBase:
    return KnowledgeBase(
        [Pack("t", version="1", title="T", rules=rules, terms=[A, B, X, Y], fact_types=[Eight, Wide, Even, Spell], **more)]
    )


def found(base: KnowledgeBase, code: str) -> list[str]:
    return ["+".join(one.subjects) for one in base.check() if one.code == code]


@pytest.mark.parametrize(("least", "faults"), [(24, []), (40, []), (41, ["t:r"])])
def test_a_sum_of_eight_slots_is_proved_exactly(least: int, faults: list[str]) -> None:
    base = kb(Rule("r", when=total >= least, then=X.finding()))
    assert found(base, "BR001") == faults
    assert not [text for text in base.check().not_proved if "Eight" in text]


def test_versions_with_other_thresholds_of_a_sum_differ() -> None:
    one, other = (kb(Rule("r", when=total >= least, then=X.finding())) for least in (24, 39))
    assert not one.diff(other).equivalent
    assert one.diff(kb(Rule("r", when=total > 23, then=X.finding()))).equivalent


def test_an_interview_over_a_sum_stops_when_the_rest_cannot_reach_it() -> None:
    interview = kb(Rule("r", when=total >= 39, then=X.finding())).interview()
    interview.answer(3)
    assert interview.question is None


def test_what_was_only_sampled_proves_nothing() -> None:
    base = kb(Rule("r", when=wide.a * 7919 - wide.b * 104_729 == 12_345, then=X.finding()))
    report = base.check()
    assert "BR001" not in {one.code for one in report}
    assert [text for text in report.not_proved if text.startswith("rule t:r: no patient was found")]
    comparison = base.diff(kb(Rule("r", when=wide.a * 7919 - wide.b * 104_729 == 54_321, then=X.finding())))
    assert comparison.undecided
    assert not comparison.equivalent
    assert base.interview().question is not None


def test_a_number_between_the_last_threshold_and_a_bound_is_a_patient() -> None:
    assert not found(kb(Rule("r", when=wide.share > 99.95, then=X.finding())), "BR001")


def test_a_value_that_a_type_forbids_does_not_stand_for_another_that_it_allows() -> None:
    rules = [Rule("r", when=all_of(even.pairs > 4, even.pairs < 8), then=X.finding())]
    assert not found(kb(*rules), "BR001")


@pytest.mark.parametrize(
    "premise",
    [is_known(B), is_unknown(B), any_of(B, B.absent), all_of(A, is_unknown(B)), all_of(A, unless(all_of(B, B.absent)))],
)
def test_a_sign_decides_something_where_knowing_it_does(premise: Any) -> None:
    assert not [name for name in found(kb(Rule("r", when=premise, then=X.finding())), "BR009") if name == "t:b"]


def test_an_interview_takes_not_knowing_for_an_answer() -> None:
    interview = kb(Rule("r", when=all_of(A, is_unknown(B)), then=X.finding())).interview()
    while (question := interview.question) is not None:
        interview.answer(True if question.id == "symptom/a" else DONT_KNOW)
    assert interview.result.findings


def test_a_constraint_that_forbids_the_patients_who_differ_is_a_difference() -> None:
    old, new = (
        kb(Rule("r", when=A, then=X.finding())),
        kb(Rule("r", when=all_of(A, B), then=X.finding()), constraints=[never("n", A)]),
    )
    [change] = old.diff(new).constraints
    assert (change.constraint, change.forbidden_by, change.case) == ("t:n", "new", (A.present,))
    assert not old.diff(new).equivalent
    [back] = new.diff(old).constraints
    assert back.forbidden_by == "old"


def test_a_sign_in_a_circle_decides_what_holds_itself_up_only_with_it() -> None:
    base = kb(Rule("x", when=any_of(A, Y), then=X.finding()), Rule("y", when=X, then=Y.finding()))
    assert base.test_cases().idle == (("t:x", "y"),)


def test_the_patient_of_two_contradicting_rules_says_no_more_than_both_need() -> None:
    base = kb(
        Rule("one", when=any_of(all_of(A, B), B), then=X.finding(strength="indicates")),
        Rule("other", when=any_of(A, B), then=X.finding(strength="may_indicate")),
    )
    assert [one.witness for one in base.check() if one.code == "BR004"] == [(B.present,)]


def test_a_sign_that_a_rule_over_spells_reads_is_not_accused() -> None:
    """Beside a spell it decides, of which nothing is proved."""
    idle = Rule("idle", when=any_of(A, all_of(A, B)), then=X.finding())
    beside = Rule("beside", when=all_of(each(Spell), B), then=Y.finding())
    assert found(kb(idle), "BR009") == ["t:b"]
    assert not found(kb(idle, beside), "BR009")
    apart = never("apart", each(Spell), B)
    assert not found(kb(idle, constraints=[apart]), "BR009")


def test_a_comparison_that_decides_far_from_its_threshold_is_not_idle() -> None:
    forbidden = [never("three", q.a == 3), never("two", q.a == 2), never("unknown", is_unknown(q.a >= 3))]
    made = kb(Rule("r", when=q.a >= 3, then=X.finding()), constraints=forbidden).test_cases()
    assert not made.idle
    assert {goal.value for case in made for goal in case.shows if goal.against} == {"true", "false"}
