"""All of a case at once is what the plain way gives one by one: bits, unknowns, and the bytes of the result."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import Fact, InvalidFactError, KnowledgeBase, Pack, Rule, condition, symptom
from backpain_rules.engine.native import Native
from backpain_rules.explain.unknowns import Unknown, bearing_on
from backpain_rules.ground.compile import compile_program
from backpain_rules.ground.nodes import Derived
from backpain_rules.ground.whole import BITS, EmptyCase
from backpain_rules.link.link import link
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.chains import chained_cases, chained_packs
from backpain_rules.testing.rule_bases import packs


@given(packs(), st.data())
def test_what_a_case_changes_of_the_empty_one_is_what_an_evaluation_finds(rule_base: list[Pack], data: st.DataObject) -> None:
    linked = link(rule_base, {})
    native = Native(compile_program(linked))
    for case in data.draw(st.lists(cases_of(linked), min_size=1, max_size=3)):
        agree(native, case)


@given(chained_packs(), st.lists(chained_cases(), min_size=1, max_size=3))
def test_so_it_is_through_long_chains_and_circles(rule_base: list[Pack], cases: list[list[Fact]]) -> None:
    native = Native(compile_program(link(rule_base, {})))
    for case in cases:
        agree(native, case)


def agree(native: Native, case: list[Fact]) -> None:
    """Each proposition has the bits and the unknowns of the plain way, whether the engine said which atoms are decided or not."""
    outcome = native.run(case)
    program = outcome.program
    empty = program.once(EmptyCase)
    for states in (outcome.states, empty.with_facts(outcome.stated)):
        if states is None:  # facts of closed types make a program of their own, which goes the plain way
            continue
        for number in range(len(program.facts)):
            state = states.propositions[number]
            assert state & BITS == outcome.evaluation.proposition(number)
            found = tuple(Unknown(*empty.gaps[gap].place, empty.gaps[gap].slot) for gap in empty.numbers(state))
            assert found == bearing_on(outcome.evaluation, [Derived(number)])


@given(packs(), st.data())
def test_the_text_of_a_result_is_the_text_of_its_data(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    for case in data.draw(st.lists(cases_of(link(rule_base, {})), min_size=1, max_size=3)):
        plain = kb.assess(case, engine="reference").to_data()
        assert kb.assess(case).to_data() == plain
        assert kb.assess(case).to_json() == json.dumps(plain, ensure_ascii=False)
        assert kb.assess(case).to_json(indent=1) == json.dumps(plain, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("wrong", ['{"type": "symptom", "term": "cold", "present": 1}', '{"type": "symptom", "term": 1}'])
def test_a_fact_that_was_read_before_does_not_let_a_like_one_pass(wrong: str) -> None:

    cold = symptom("cold", "Cold", ask="Cold?")
    rule = Rule("chill", when=cold, then=condition("chill", "Chill").finding())
    kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule])])
    right = '{"type": "symptom", "term": "cold", "present": true}'
    for _ in range(2):
        assert kb.read_case(f'{{"facts": [{right}]}}') == (cold.present,)
        with pytest.raises(InvalidFactError, match=r"facts\[1\]"):
            kb.read_case(f'{{"facts": [{right}, {wrong}]}}')
