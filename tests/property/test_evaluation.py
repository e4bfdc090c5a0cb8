"""The evaluation of a case agrees with the reference engine, and a result says what its evaluation says, in the same bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import Fact, InvalidFactError, KnowledgeBase, Pack, Rule, condition, symptom
from backpain_rules.assessment import Assessment
from backpain_rules.engine import reference
from backpain_rules.engine.native import Native
from backpain_rules.engine.reference import evaluate
from backpain_rules.explain.unknowns import bearing_on, open_atoms, sort_key
from backpain_rules.facts.base import to_data
from backpain_rules.ground.compile import compile_program
from backpain_rules.ground.evaluate import Baseline, Evaluation
from backpain_rules.ground.nodes import Derived, Every, Known, Node, Said, gaps
from backpain_rules.ground.planes import NEGATIONS, ONE_CASE, packed
from backpain_rules.ground.states import count, every, negation, some
from backpain_rules.ir.bits import FALSE, TRUE, UNKNOWN
from backpain_rules.link.link import link
from backpain_rules.result_json import SECTIONS
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.chains import chained_cases, chained_packs
from backpain_rules.testing.rule_bases import packs

bits = st.sampled_from([TRUE, 3, UNKNOWN, FALSE])
TABLE = {"not": reference.NOT, "unless": reference.UNLESS, "is_unknown": reference.IS_UNKNOWN, "is_known": reference.IS_KNOWN}


@pytest.mark.parametrize("how", list(NEGATIONS))
@given(bits)
def test_a_negation_is_that_of_the_reference_engine(how: Any, of: int) -> None:
    assert negation(how, of) == TABLE[how][of]


def counted(threshold: int, weighed: list[tuple[int, int]]) -> int:
    return count(threshold, [(points, number) for number, (points, _) in enumerate(weighed)], [state for _, state in weighed])


@given(st.lists(st.tuples(st.integers(1, 9), bits)), st.integers(-1, 40))
def test_a_count_is_that_of_the_reference_engine(weighed: list[tuple[int, int]], threshold: int) -> None:
    assert counted(threshold, weighed) == reference.weigh(threshold, weighed)


@given(st.lists(st.tuples(st.integers(1, 9), bits), min_size=1), st.integers(-1, 40))
def test_states_compose_as_three_planes_do(weighed: list[tuple[int, int]], threshold: int) -> None:
    points, of = zip(*weighed, strict=True)
    planes = [ONE_CASE.constant(one) for one in of]
    assert every(range(len(of)), of) == packed(ONE_CASE.every(planes))
    assert some(range(len(of)), of) == packed(ONE_CASE.some(planes))
    assert counted(threshold, weighed) == packed(ONE_CASE.count(threshold, points, planes))


@given(packs(), st.data())
def test_an_evaluation_has_the_bits_of_the_reference_engine(rule_base: list[Pack], data: st.DataObject) -> None:
    linked = link(rule_base, {})
    native = Native(compile_program(linked))
    for case in data.draw(st.lists(cases_of(linked), min_size=1, max_size=3)):
        agree(native, case)


@given(chained_packs(), st.lists(chained_cases(), min_size=1, max_size=3))
def test_so_it_has_through_long_chains_and_cycles(rule_base: list[Pack], cases: list[list[Fact]]) -> None:
    native = Native(compile_program(link(rule_base, {})))
    for case in cases:
        agree(native, case)


def agree(native: Native, case: list[Fact]) -> None:
    """Whether the engine said which atoms are decided or not, the bits and the unknowns are the same."""
    outcome = native.run(case)
    program = outcome.program
    judged = evaluate(program.linked, outcome.facts)
    part = Baseline(program, [Derived(number) for number in range(0, len(program.facts), 2)])
    registers = part.with_facts(outcome.stated)
    for number in range(0, len(program.facts), 2):  # a part of the plan says what the whole says
        assert registers[part.plan.propositions[number]] == outcome.evaluation.propositions[number]
    for evaluation in (outcome.evaluation, Evaluation(program, outcome.stated)):
        for number, fact in enumerate(program.facts):
            assert evaluation.proposition(number) == judged.get(fact, FALSE)
            found = bearing_on(evaluation, [Derived(number)])
            assert {(unknown.place, unknown.slot) for unknown in found} == below(evaluation, number)
            assert list(found) == sorted(found, key=sort_key)
        for instance in (*program.instances, *program.constraints):
            assert evaluation.node(instance.body) == reread(evaluation, instance.body)


def below(evaluation: Evaluation, number: int) -> set[Said]:
    """The unknowns below a proposition, found by walking down through what is undecided."""
    atoms = evaluation.program.atoms
    return {gap for atom in open_atoms(evaluation, [Derived(number)]) for gap in gaps(atoms[atom], evaluation.stated)}


def reread(evaluation: Evaluation, node: Node) -> int:
    """The bits of a copy of a node, which the plan does not know: composed from its leaves."""
    return evaluation.node(Every((node, Known(TRUE))))


@given(packs(), st.data())
def test_every_face_of_a_result_says_the_same(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    for case in data.draw(st.lists(cases_of(link(rule_base, {})), min_size=1, max_size=3)):
        plain = plainly(kb.assess(case, engine="reference"))
        for result in (kb.assess(case), kb.assess(case, engine="reference")):
            assert result.to_data() == plain
            assert result.to_json() == json.dumps(plain, ensure_ascii=False)
            assert result.to_json(indent=1) == json.dumps(plain, ensure_ascii=False, indent=1)


def plainly(result: Assessment) -> dict[str, Any]:
    """The data of a result, from what else it says of itself."""

    def conclusion(fact: Fact) -> dict[str, Any]:
        has_section = type(fact) in SECTIONS.values()
        said = {n: v for n, v in to_data(fact).items() if n != "type" or not has_section} | {"firm": result.is_firm(fact)}
        return said if said["firm"] else {**said, "rests_on": [unknown.to_data() for unknown in result.rests_on(fact)]}

    data: dict[str, Any] = {name: [conclusion(fact) for fact in result.of(kind)] for name, kind in SECTIONS.items()}
    others = [conclusion(f) for f in result.derived if not isinstance(f, tuple(SECTIONS.values()))]
    data |= {"others": others} if others else {}
    measured = [value.to_data() for value in result.quantities.values()]
    data |= {"quantities": measured} if measured else {}
    conflicts = [conflict.to_data() for conflict in result.conflicts]
    return {**data, "conflicts": conflicts, "undecided": [undecided.to_data() for undecided in result.undecided]}


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
