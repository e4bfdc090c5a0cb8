"""What the clauses say of a case is what the engine computes, bit by bit; what is found is small and real."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import Fact, KnowledgeBase, Pack, Pain, Rule, Symptom, all_of, any_of, condition, each, score, symptom
from backpain_rules.engine.native import Native
from backpain_rules.facts.values import values_of
from backpain_rules.ground.compile import compile_program, with_closed
from backpain_rules.ground.nodes import Derived
from backpain_rules.ground.program import Program
from backpain_rules.ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from backpain_rules.link.link import link
from backpain_rules.solve.clauses import FALSE, Clauses
from backpain_rules.solve.solver import Solver
from backpain_rules.solve.witness import Claim, PossibleCases
from backpain_rules.testing.case_strategies import cases_of, completions_of
from backpain_rules.testing.chains import chained_cases, chained_packs
from backpain_rules.testing.playground import Episode
from backpain_rules.testing.rule_bases import packs
from effort import examples

BITS = (CERTAIN, ESTABLISHED, POSSIBLE)


def of_case(rule_base: Sequence[Pack], case: Sequence[Fact]) -> Program:
    """The program of a case, its closed facts considered."""
    program = compile_program(link(rule_base, {}))
    return with_closed(program, [fact for fact in case if not fact.schema_.is_open])


def agree(program: Program, case: Sequence[Fact]) -> None:
    """The clauses and the engine say the same of every proposition in this case."""
    cases = PossibleCases(program, known=case, constraints=False)
    literals = [[cases.encoding.proposition(number, bit) for bit in BITS] for number in range(len(program.facts))]
    model = cases.solver.solve(cases.world.exactly(case))
    assert model is not None
    evaluation = Native(program).run(case).evaluation
    numbers = evaluation.program.numbers  # of a program that has no more of the records than the case needs
    for fact, bits in zip(program.facts, literals, strict=True):
        found = evaluation.proposition(numbers[fact]) if fact in numbers else 0
        assert [model[literal] for literal in bits] == [bool(found & bit) for bit in BITS]


@settings(max_examples=examples(100))
@given(packs(), st.data())
def test_the_clauses_have_the_three_bits_of_the_engine(rule_base: list[Pack], data: st.DataObject) -> None:
    case = data.draw(cases_of(link(rule_base, {})))
    agree(of_case(rule_base, case), case)


@settings(max_examples=examples(60))
@given(chained_packs(), chained_cases())
def test_the_clauses_have_the_three_bits_of_the_engine_through_recursion(rule_base: list[Pack], case: list[Fact]) -> None:
    agree(of_case(rule_base, case), case)


@settings(max_examples=examples(60))
@given(packs(), st.data())
def test_what_a_completion_shows_the_clauses_allow(rule_base: list[Pack], data: st.DataObject) -> None:
    linked = link(rule_base, {})
    case = data.draw(cases_of(linked, max_closed=0))
    full = data.draw(completions_of(linked, case))
    cases = PossibleCases(compile_program(linked), known=full, constraints=False)
    assert cases.is_possible([cases.world.complete, *cases.world.extending(case)])
    assert cases.is_possible([cases.world.complete, *cases.world.extending(full)])


@settings(max_examples=examples(60))
@given(packs(), st.data())
def test_a_case_that_is_found_does_what_is_claimed_and_can_spare_nothing(rule_base: list[Pack], data: st.DataObject) -> None:
    cases = PossibleCases(compile_program(link(rule_base, {})))
    if not cases.program.facts:
        return
    number = data.draw(st.integers(0, len(cases.program.facts) - 1))
    claim = Claim(Derived(number), data.draw(st.sampled_from(BITS)), data.draw(st.booleans()))
    found = cases.find([claim])
    if found is None:
        return
    kb = KnowledgeBase(rule_base)
    assert not any(conflict.constraint for conflict in kb.assess(found).conflicts)
    least = cases.find([claim], least=True)
    assert least is not None
    assert said_in(least) <= said_in(found)
    for left_out in range(len(found)):
        rest = found[:left_out] + found[left_out + 1 :]
        outcome = Native(cases.program).run(rest)
        same = bool(outcome.evaluation.proposition(number) & claim.bit) is claim.holds
        assert not same or any(conflict.constraint for conflict in kb.assess(rest).conflicts)


def said_in(case: Sequence[Fact]) -> int:
    """How many things a case says: that a fact is there or not, and each of its slots."""
    return sum(1 + sum(fact.__dict__[name] is not None for name in fact.schema_.slots) for fact in case)


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=6), st.integers(0, 12))
def test_a_count_holds_exactly_where_the_points_reach_the_threshold(members: list[tuple[int, bool]], threshold: int) -> None:
    clauses = Clauses()
    variables = [clauses.fresh() for _ in members]
    gate = clauses.count(threshold, [(points, variable) for (points, _), variable in zip(members, variables, strict=True)])
    model = Solver(clauses).solve([v if there else -v for v, (_, there) in zip(variables, members, strict=True)])
    assert model is not None
    assert model[gate] is (sum(points for points, there in members if there) >= threshold)


def test_gates_that_are_asked_for_twice_are_made_once() -> None:
    clauses = Clauses()
    a, b = clauses.fresh(), clauses.fresh()
    assert clauses.every((a, b)) == clauses.every((b, a, a))
    assert clauses.every((a, -a)) == FALSE
    assert clauses.some((a, b)) == -clauses.every((-b, -a))


def test_a_minimal_core_holds_only_what_clashes() -> None:
    clauses = Clauses()
    a, b, c, d = (clauses.fresh() for _ in range(4))
    clauses.add(-a, -c)
    solver = Solver(clauses)
    assert solver.minimal_core([a, b, c, d]) == (a, c)
    assert solver.minimal_core([a, b, d]) is None
    assert solver.minimal_core([b, c, d], given=[a]) == (c,)


def test_the_least_case_says_as_little_as_any() -> None:
    signs = [symptom(f"s{n}", "Sign", ask="?") for n in range(5)]
    ill = condition("ill", "Ill")
    pain = each(Pain)
    rules = [
        Rule("few", when=all_of(pain.region == "neck", pain.severity >= 3, signs[4]), then=ill.finding()),
        Rule("many", when=any_of(all_of(*signs[:4]), score((1, signs[0]), (3, signs[3])) >= 3), then=ill.finding()),
    ]
    cases = PossibleCases(KnowledgeBase([Pack("p", version="1", title="P", rules=rules)])._program)
    assert cases.find([Claim(Derived(0))], least=True) == (Symptom(term="s3"),)


def test_a_slot_that_is_compared_with_no_constant_has_a_value_to_try() -> None:
    for kind, name in ((Episode, "ended"), (Episode, "severity"), (Pain, "duration"), (Pain, "severity")):
        assert values_of(kind.schema_.fields[name], (), ()).found


def test_every_comparison_of_two_slots_is_met_both_ways() -> None:
    neck, back = each(Pain, region="neck"), each(Pain, region="lumbar")
    worse, longer = condition("worse", "Worse"), condition("longer", "Longer")
    rules = [
        Rule("worse", when=neck.severity > back.severity, then=worse.finding()),
        Rule("longer", when=neck.duration > back.duration, then=longer.finding()),
    ]
    cases = PossibleCases(KnowledgeBase([Pack("p", version="1", title="P", rules=rules)])._program)
    assert not cases.world.inexact
    for claims in product(*([Claim(Derived(n), holds=holds) for holds in (True, False)] for n in range(2))):
        assert cases.find(claims, [cases.world.complete]) is not None
