"""Cases drawn at random, many at once, are cases, and what the clauses say of each is what the engine says."""

from __future__ import annotations

from typing import Self

from hypothesis import HealthCheck, given, settings
from pydantic import model_validator

from backpain_rules import Fact, Key, KnowledgeBase, Pack, Pain, Region, Rule, Slot, all_of, condition, each, intervention, slot
from backpain_rules.ground.nodes import Fires
from backpain_rules.ground.program import Program
from backpain_rules.ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from backpain_rules.solve.sample import Sample, around, support
from backpain_rules.solve.witness import Claim, PossibleCases
from backpain_rules.testing.rule_bases import packs
from effort import examples

CASES = 12
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def literals(cases: PossibleCases, program: Program) -> dict[tuple[int, int], int]:
    """The literal of each bit of each rule instance."""
    numbers = range(len(program.instances))
    return {(n, bit): cases.encoding.instance(n, bit) for n in numbers for bit in (CERTAIN, ESTABLISHED, POSSIBLE)}


@settings(max_examples=examples(30), suppress_health_check=SLOW)
@given(packs())
def test_the_engine_agrees_with_every_drawn_case(rule_base: list[Pack]) -> None:
    kb = KnowledgeBase(rule_base)
    cases = PossibleCases(kb._program, constraints=False)
    asked = literals(cases, kb._program)
    sample = Sample(cases.world, CASES)
    for number in range(CASES):
        drawn = sample.case(number)
        evaluation = kb._native.run(cases.world.facts(drawn)).evaluation
        for (instance, bit), literal in asked.items():
            assert drawn[literal] == bool(evaluation.instance(instance) & bit)


@settings(max_examples=examples(30), suppress_health_check=SLOW)
@given(packs())
def test_what_an_instance_rests_on_makes_it_fire_whatever_else_is_drawn(rule_base: list[Pack]) -> None:
    kb = KnowledgeBase(rule_base)
    cases = PossibleCases(kb._program)
    firing = [n for n in range(len(kb._program.instances)) if cases.is_possible([cases.encoding.instance(n)])]
    supports = []
    for instance in firing:
        literal = cases.encoding.instance(instance)
        model = cases.model([literal])
        assert model is not None
        supports.append(support(cases.world, [literal], model))
    sample = around(cases.world, supports, CASES)
    for place, instance in enumerate(firing):
        for number in range(place * CASES, (place + 1) * CASES):
            evaluation = kb._native.run(cases.world.facts(sample.case(number))).evaluation
            assert evaluation.instance(instance) & ESTABLISHED


class Stay(Fact):
    """How long somebody stays, and how long of that in bed."""

    region: Key[Region]
    days: Slot[int] = slot(ge=0, le=30)
    in_bed: Slot[int] = slot(ge=0, le=30)

    @model_validator(mode="after")
    def _no_longer_in_bed_than_there(self) -> Self:
        assert self.days is None or self.in_bed is None or self.in_bed <= self.days
        return self


def test_what_a_fact_type_forbids_by_a_rule_of_its_own_is_never_claimed() -> None:
    stay, pain, rest = each(Stay, region="neck"), each(Pain, region="neck"), intervention("rest", "Rest")
    rules = [
        Rule("short", when=stay.days <= 3, then=rest.recommend(frequency="daily")),
        Rule("bed", when=stay.in_bed >= 10, then=rest.recommend(frequency="weekly")),
        Rule("pain", when=all_of(pain, stay.in_bed >= 10), then=rest.recommend(frequency="monthly")),
        Rule("ill", when=all_of(stay.days <= 3, stay.in_bed >= 10), then=condition("ill", "Ill").finding()),
    ]
    kb = KnowledgeBase([Pack("stay", version="1", title="Stay", rules=rules)])
    found = {(one.code, one.subjects): one.witness for one in kb.check()}
    assert set(found) == {("BR001", ("stay:ill",)), ("BR004", ("stay:bed", "stay:pain"))}
    assert found["BR004", ("stay:bed", "stay:pain")] == (Pain(region="neck"), Stay(region="neck", in_bed=10))


def test_a_claim_of_two_rules_that_meet_is_shown_by_the_engine_when_it_is_read() -> None:
    pain, rest = each(Pain, region="neck"), intervention("rest", "Rest")
    rules = [
        Rule("hard", when=pain.severity >= 5, then=rest.recommend(frequency="daily")),
        Rule("mild", when=pain.severity <= 5, then=rest.recommend(frequency="weekly")),
    ]
    kb = KnowledgeBase([Pack("rest", version="1", title="Rest", rules=rules)])
    (one,) = kb.check()
    assert one.witness == (Pain(region="neck", severity=5),)
    outcome = PossibleCases(kb._program).replay(one.witness or (), [Claim(Fires(0)), Claim(Fires(1))])
    assert len(outcome.established) == 2
