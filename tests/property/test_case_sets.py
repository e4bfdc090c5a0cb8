"""Test cases made from any rule base: they are cases, both engines agree on what follows, and what they claim to show is so."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from backpain_rules import KnowledgeBase, Pack
from backpain_rules.testing.rule_bases import packs
from effort import examples

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@settings(max_examples=examples(25), suppress_health_check=SLOW)
@given(packs())
def test_what_is_expected_is_what_the_other_engine_says_too(rule_base: list[Pack]) -> None:
    kb = KnowledgeBase(rule_base)
    made = kb.test_cases()
    for case in made:
        judged = kb.assess(case.facts, engine="reference")
        assert {one.fact: one.firm for one in case.expected} == {fact: judged.is_firm(fact) for fact in judged.derived}
        assert set(case.undecided) == {one.fact for one in judged.undecided}
        assert not [conflict for conflict in judged.conflicts if conflict.constraint]
        assert case.shows
    shown = [goal for case in made for goal in case.shows]
    assert len(shown) == len(set(shown))
    for goal in shown:
        if goal.against:
            other = {g for g in shown if g[:2] == goal[:2] and (g.value, g.against) == (goal.against, goal.value)}
            assert other, f"{goal} has no case on its other side"
