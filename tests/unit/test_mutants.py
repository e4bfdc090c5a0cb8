"""Slips in rules: each small change of a premise is made, and a set of cases is held against all of them."""

from __future__ import annotations

import pytest

from backpain_rules import (
    KnowledgeBase,
    Pack,
    Pain,
    Premise,
    Rule,
    all_of,
    any_of,
    at_least,
    condition,
    each,
    not_,
    score,
    symptom,
    unless,
)
from backpain_rules.testing import mutation_score
from backpain_rules.testing.mutants import mutants
from backpain_rules.testing.mutation import main

A, B, C = (symptom(id, id.upper(), ask=f"{id}?") for id in "abc")
ILL, WELL = condition("ill", "Ill"), condition("well", "Well")
pain = each(Pain, region="neck")


def knowledge(when: Premise, *more: Rule) -> KnowledgeBase:
    rules = [Rule("r", when=when, then=ILL.finding()), *more]
    return KnowledgeBase([Pack("small", version="1", title="Small", rules=rules, terms=[A, B, C])])


def changes(when: Premise) -> set[str]:
    linked = knowledge(when)._linked
    found = [mutant.change for mutant in mutants(linked, {"small:r"})]
    assert len(found) == len(set(found))
    return set(found)


def test_a_comparison_gets_each_other_operator_and_the_numbers_beside_its_own() -> None:
    found = changes(all_of(pain.severity >= 5))
    assert {f"pain.severity >= 5 as pain.severity {op} 5" for op in ("<", "<=", "==", "!=", ">")} <= found
    assert {"pain.severity >= 5 as pain.severity >= 4", "pain.severity >= 5 as pain.severity >= 6"} <= found


def test_members_go_and_counts_move() -> None:
    found = changes(at_least(2, A, B, C))
    assert {"a left out", "b left out", "c left out"} <= found
    assert {"at_least(2, a, b, c) as at_least(1, a, b, c)", "at_least(2, a, b, c) as at_least(3, a, b, c)"} <= found
    assert "score((2, a), (1, b)) >= 2 as score((1, a), (1, b)) >= 2" in changes(score((2, A), (1, B)) >= 2)


def test_all_and_any_and_the_kinds_of_no_change_places() -> None:
    found = changes(all_of(A, any_of(B, not_(C))))
    assert "all_of(a, any_of(b, c.absent)) as any_of(a, any_of(b, c.absent))" in found
    assert "any_of(b, c.absent) as all_of(b, c.absent)" in found
    assert {"c.absent as c", "c.absent as unless(c)", "c.absent as is_unknown(c)"} <= found


def test_no_negation_comes_under_a_negation_that_may_not_stand_there() -> None:
    found = changes(not_(any_of(A, not_(B))))
    assert not [change for change in found if change.startswith("b.absent as unless")]


def test_an_override_is_left_out() -> None:
    over = Rule("over", when=B, then=WELL.finding(), overrides="r")
    assert "not overridden by small:over" in {m.change for m in mutants(knowledge(all_of(A), over)._linked, {"small:r"})}


def test_the_cases_of_a_small_pack_kill_all_that_can_be_killed() -> None:
    over = Rule("over", when=B, then=WELL.finding(), overrides="r")
    kb = knowledge(all_of(pain.severity >= 5, any_of(A, not_(C), unless(B)), at_least(2, A, B, C)), over)
    score = mutation_score(kb, [case.facts for case in kb.test_cases()])
    assert score.value == 1, str(score)
    assert len(score.killed) > 20


def test_a_mutant_that_concludes_the_same_of_every_patient_does_not_count() -> None:
    kb = knowledge(any_of(A, all_of(A, B)))
    score = mutation_score(kb, [case.facts for case in kb.test_cases()])
    assert "small:r: all_of(a, b) left out" in map(str, score.equivalent)
    assert score.alive == ()


def test_mutants_that_no_case_notices_are_listed_as_alive() -> None:
    kb = knowledge(all_of(A, pain.severity >= 5))
    score = mutation_score(kb, [[A.present, Pain(region="neck", severity=9)], []])
    assert "small:r: pain.severity >= 5 as pain.severity >= 6" in map(str, score.alive)
    assert 0 < score.value < 1
    assert f"{len(score.alive)} alive" in str(score)


REFUSED = [
    ([], "usage:"),
    (["nothing_like_it"], "no installed pack is called 'nothing_like_it'"),
    (["acupuncture", "many"], "'many' is not a number of percent"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_the_command_refuses_what_it_cannot_use(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
