"""Quantities: the interval holds the number of every completion, answers narrow it, and firm comparisons stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import (
    Assessment,
    Fact,
    KnowledgeBase,
    Pack,
    Pain,
    PremiseError,
    Rule,
    condition,
    each,
    not_,
    parameter,
    quantity,
    score,
    symptom,
)
from backpain_rules.engine.reference import bounds
from backpain_rules.link.link import link
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.playground import Episode, Form
from backpain_rules.testing.rule_bases import packs
from effort import examples

A, B, C = SIGNS = tuple(symptom(id, id.upper(), ask=f"{id}?") for id in "abc")
FOUND = condition("found", "Found")
form, lumbar = each(Form), each(Pain, region="lumbar")


def pack(*rules: Rule, quantities: Sequence[Any] = ()) -> Pack:
    return Pack("demo", version="1", title="Demo", rules=rules, quantities=quantities, terms=[*SIGNS, FOUND], fact_types=[Form])


def measured(of: Any, *facts: Fact) -> tuple[object, object]:
    value = KnowledgeBase([pack(quantities=[quantity("q", "Q", of)])]).assess(facts).quantities["q"]
    return value.low, value.high


@settings(max_examples=examples(100))
@given(packs(), st.data())
def test_every_quantity_has_the_bounds_that_the_reference_engine_finds(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    case = data.draw(cases_of(kb.rule_base))
    found = {id: (one.low, one.high) for id, one in kb.assess(case).quantities.items()}
    assert found == {id: (one.low, one.high) for id, one in bounds(kb.rule_base, case).items()}


@settings(max_examples=examples(100))
@given(packs(max_rules=2), st.data())
def test_an_answer_never_widens_the_interval(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    whole = [fact for fact in data.draw(cases_of(kb.rule_base)) if fact.schema_.is_open]
    known = data.draw(st.lists(st.sampled_from(whole), unique=True)) if whole else []
    before, after = kb.assess(known), kb.assess(whole)
    for id, wide in before.quantities.items():
        narrow = after.quantities[id]
        assert wide.least <= wide.low <= narrow.low <= narrow.high <= wide.high <= wide.most
        assert wide.value is None or (wide.value == narrow.value and not wide.unknown)


FORMS = st.builds(
    Form,
    steps=st.sampled_from([None, 0, 3, 8]),
    stairs=st.sampled_from([None, -2, 8]),
    pace=st.sampled_from([None, "slow", "fast"]),
)
ANSWERED = st.builds(
    Form, steps=st.sampled_from([0, 3, 8]), stairs=st.sampled_from([-2, 1, 8]), pace=st.sampled_from(["slow", "brisk", "fast"])
)
POINTS = st.sampled_from([1, 2, -1, -3, 0.1, Decimal("0.3"), Fraction(1, 3)])


@st.composite
def numbers(draw: st.DrawFn) -> Any:
    members = [A, B, not_(C), form.pace == "slow", form.pace == "fast", form.steps >= 3, form.steps == 8]
    chosen = draw(st.lists(st.sampled_from(range(len(members))), unique=True, min_size=1))
    made: Any = score(*((draw(POINTS), members[number]) for number in chosen))
    return draw(st.sampled_from([made, made * -2, made / 3, made + form.stairs, 5 - made - form.steps * 2]))


def completed(case: Sequence[Fact], answers: Sequence[Fact]) -> list[Fact]:
    """The case with everything answered: what it says stays, the answers say the rest."""
    said = {(type(fact), tuple(fact.__dict__[k] for k in fact.schema_.keys)): fact for fact in case}
    whole: list[Fact] = []
    for answer in answers:
        stated = said.get((type(answer), tuple(answer.__dict__[k] for k in answer.schema_.keys)))
        if isinstance(answer, Form) and stated is not None:
            kept = {name: value for name, value in stated.__dict__.items() if value is not None}
            whole.append(Form(**{**answer.__dict__, **kept}))
        else:
            whole.append(answer if stated is None else stated)
    return whole


@settings(max_examples=examples(300))
@given(numbers(), FORMS, ANSWERED, st.lists(st.booleans(), min_size=3, max_size=3), st.sets(st.sampled_from([0, 1, 2])))
def test_the_interval_holds_the_number_of_every_completion_and_firm_comparisons_stay(
    of: Any, begun: Form, ended: Form, signs: list[bool], known: set[int]
) -> None:
    total = quantity("q", "Q", of)
    stated = [term.present if there else term.absent for term, there in zip(SIGNS, signs, strict=True)]
    part: list[Fact] = [begun, *(stated[number] for number in known)]
    whole = completed(part, [ended, *stated])
    measuring = KnowledgeBase([pack(quantities=[total])])
    before, after = measuring.assess(part).quantities["q"], measuring.assess(whole).quantities["q"]
    assert after.value is not None
    assert before.low <= after.value <= before.high
    if before.least < after.value < before.most:
        rules = {
            ">=": Rule("ge", when=total >= after.value, then=condition("ge", "").finding()),
            ">": Rule("gt", when=total > after.value, then=condition("gt", "").finding()),
            "<=": Rule("le", when=total <= after.value, then=condition("le", "").finding()),
            "<": Rule("lt", when=total < after.value, then=condition("lt", "").finding()),
            "==": Rule("eq", when=total == after.value, then=condition("eq", "").finding()),
            "!=": Rule("ne", when=total != after.value, then=condition("ne", "").finding()),
        }
        kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[*rules.values()], terms=[*SIGNS], fact_types=[Form])])
        open_, ended_ = kb.assess(part), kb.assess(whole)
        assert conditions(ended_) == {"ge", "le", "eq"}
        assert conditions(open_) <= {"ge", "le", "eq"}
        at = after.value
        assert ("ge" in conditions(open_)) is (before.low >= at)
        assert ("le" in conditions(open_)) is (before.high <= at)


def conditions(result: Assessment) -> set[str]:
    return {fact.condition for fact in result.findings if result.is_firm(fact)}


def test_arithmetic_is_exact() -> None:
    assert measured(score((0.1, A), (0.2, B)), A.present, B.present) == (Fraction(3, 10),) * 2
    assert measured(score((Fraction(1, 3), A), (Fraction(1, 3), B), (Fraction(1, 3), C)), *(s.present for s in SIGNS)) == (1, 1)
    assert measured(score((Decimal("0.1"), A)) * 3 - 0.3, A.present) == (0, 0)
    sums = KnowledgeBase([pack(Rule("r", when=score((0.1, A), (0.2, B), (1, C)) == 0.3, then=FOUND.finding()))])
    assert sums.assess([A.present, B.present, C.absent]).findings


def test_answers_to_one_question_are_counted_together() -> None:
    pace = score((1, form.pace == "brisk"), (2, form.pace == "fast"))
    assert measured(pace) == (0, 2)
    assert measured(pace, Form(pace="brisk")) == (1, 1)
    assert measured(score((5, form.pace == "slow"), (4, form.pace != "slow"))) == (4, 5)
    assert measured(score((3, lumbar.severity >= 5), (1, lumbar.severity < 5)), Pain(region="lumbar")) == (1, 3)
    assert measured(score((3, lumbar.severity >= 5), (1, lumbar.severity < 5))) == (0, 3)
    assert measured(score((3, lumbar.severity >= 5), (1, lumbar.severity < 5)), Pain(region="lumbar", present=False)) == (0, 0)


def test_negative_points_count_until_the_premise_is_known_to_be_false() -> None:
    assert measured(score((2, A), (-3, B))) == (-3, 2)
    assert measured(score((2, A), (-3, B)), A.present, B.absent) == (2, 2)


def test_a_quantity_reads_slots_other_quantities_and_parameters() -> None:
    weight = parameter("weight", 2, "how much a step counts")
    steps = quantity("steps", "Steps", form.steps)
    assert measured(steps * weight + 1) == (1, 17)
    assert measured((steps + form.stairs) / 3, Form(steps=3, stairs=1)) == (Fraction(4, 3),) * 2


def test_it_says_its_parts_and_what_is_not_known() -> None:
    kb = KnowledgeBase([pack(quantities=[quantity("q", "Sum", score((2, A), (1, B), (1, C)), unit="points")])])
    value = kb.assess([A.present, C.absent]).quantities["q"]
    assert str(value) == "Sum: 2 to 3 points of 4\n│  not known: b\n├─ + 2: a\n└─ ? 1: b"
    assert value.to_data() == {
        "id": "q", "label": "Sum", "unit": "points", "low": 2, "high": 3, "unknown": [{"type": "symptom", "term": "b"}]
    }  # fmt: skip


REFUSED = {
    "always": (score((1, A), (2, B)) >= 0, "always holds"),
    "never": (score((1, A), (2, B)) >= 4, "can never be reached: score(...) is 0 to 3"),
    "at most the most": (score((1, A), (2, B)) <= 3, "always holds"),
    "never equal": (score((1, A), (2, B)) == 5, "can never be reached"),
    "a product": (score((1, A)) * score((1, B)) >= 1, "are not multiplied"),
    "a quotient": (score((1, A)) / score((1, B)) >= 1, "divide by a number or a parameter"),
    "by nothing": (score((1, A)) / 0 >= 1, "is not divided by 0"),
    "a slot of any pain": (score((1, A)) + each(Pain).severity >= 1, "there may be several"),
    "a slot that may be absent": (score((1, A)) + lumbar.severity >= 1, "may be absent"),
}


@pytest.mark.parametrize(("when", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_compared_is_refused_with_the_reason(when: Any, said: str) -> None:
    with pytest.raises(PremiseError, match=said.replace("(", r"\(").replace(")", r"\)")) as caught:
        link([pack(Rule("r", when=when, then=FOUND.finding()))], {})
    assert caught.value.fields["rule"] == "demo:r"


def test_two_results_of_one_case_with_records_explain_a_comparison_alike() -> None:
    rule = Rule("few", when=score((-1, each(Episode, region="lumbar"))) >= 0, then=FOUND.finding())
    kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule], fact_types=[Episode])])
    case = [Episode(began=date(2026, 1, 1), region="neck")]
    one, other = ([result.why(fact) for fact in result.derived] for result in (kb.assess(case), kb.assess(case)))
    assert one == other != []
