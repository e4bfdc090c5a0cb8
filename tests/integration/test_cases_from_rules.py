"""A set of cases made from rules: each leaf of each rule decides in it, whichever kind of no it stands under."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backpain_rules import (
    Fact,
    Finding,
    Goal,
    Injury,
    Key,
    KnowledgeBase,
    Pack,
    Pain,
    Premise,
    Rule,
    TestCases,
    UnknownPackError,
    UnknownTargetError,
    all_of,
    any_of,
    at_least,
    condition,
    each,
    is_unknown,
    not_,
    score,
    sign_set,
    symptom,
    unless,
)
from backpain_rules.cli import main
from backpain_rules.engine.engines import Reference
from backpain_rules.ground.compile import compile_program
from backpain_rules.ir.expressions import CompareQuantity
from backpain_rules.ir.premises import AllOf, AnyOf, AtLeast, IsKnown, IsUnknown, Not, Unless
from backpain_rules.ir.quantities import Score
from backpain_rules.ir.render import render

A, B, C, D = (symptom(id, id.upper(), ask=f"{id}?") for id in "abcd")
ILL, WELL = condition("ill", "Ill"), condition("well", "Well")
pain, injury = each(Pain), each(Injury)


def knowledge(*rules: Rule, **more: object) -> KnowledgeBase:
    return KnowledgeBase([Pack("small", version="1", title="Small", rules=rules, terms=[A, B, C, D], **more)])  # type: ignore[arg-type]


def one_rule(when: object) -> KnowledgeBase:
    return knowledge(Rule("r", when=when, then=ILL.finding()))  # type: ignore[arg-type]


def shown(made: TestCases) -> set[Goal]:
    return {goal for case in made for goal in case.shows}


def decides(made: TestCases, leaf: str) -> set[tuple[str, str]]:
    """Each value of a leaf that decides whether its rule fires, with the value that it is held against."""
    return {(goal.value, goal.against) for goal in shown(made) if goal.leaf == leaf and goal.turns == "firing"}


def test_each_kind_of_no_is_told_apart_by_the_values_that_it_tells_apart() -> None:
    either_way = {("true", "unknown"), ("unknown", "true")}
    false_too = {("unknown", "false"), ("false", "unknown")}
    assert decides(one_rule(all_of(A, B)).test_cases(), "b") >= either_way
    assert decides(one_rule(all_of(A, unless(B))).test_cases(), "b") >= either_way
    assert decides(one_rule(all_of(A, is_unknown(B))).test_cases(), "b") >= either_way | {
        ("unknown", "false"),
        ("false", "unknown"),
    }
    known_no = decides(one_rule(all_of(A, not_(B))).test_cases(), "b")
    assert known_no >= false_too
    assert not known_no & either_way


@pytest.mark.parametrize(
    "when",
    [
        all_of(A, B, not_(C)),
        any_of(all_of(A, B), all_of(C, D)),
        at_least(2, A, B, not_(C), D),
        score((2, A), (1, B), (1, C)) >= 3,
        all_of(A, unless(any_of(B, C))),
        all_of(any_of(A, B), is_unknown(any_of(C, D))),
    ],
    ids=render,
)
def test_the_rule_does_otherwise_where_the_other_engine_is_told_that_the_leaf_is_otherwise(when: Premise) -> None:
    kb = one_rule(when)
    made = kb.test_cases()
    assert made.idle == ()
    for case in made:
        for goal in case.shows:
            if goal.turns == "firing" and "unknown" not in (goal.value, goal.against):
                assert fires(kb, case.facts) is not fires(with_leaf(kb, goal), case.facts), str(goal)


def fires(kb: KnowledgeBase, case: Sequence[Fact]) -> bool:
    return bool(Reference(kb._program).run(case).established)


def with_leaf(kb: KnowledgeBase, goal: Goal) -> KnowledgeBase:
    """The rule with one leaf replaced by what always holds or never does."""
    constant = AllOf(()) if goal.against == "true" else AnyOf(())

    def put(node: Premise) -> Premise:
        if render(node) == goal.leaf:
            return constant
        match node:
            case AllOf(members=of) | AnyOf(members=of):
                return type(node)(tuple(map(put, of)))
            case AtLeast(k=k, members=of):
                return AtLeast(k, tuple(map(put, of)))
            case CompareQuantity(op=op, left=Score(members=pairs), right=right):
                return CompareQuantity(op, Score(tuple((points, put(member)) for points, member in pairs)), right)
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                return type(node)(put(member))
            case _:
                return node

    linked = kb._linked
    other = KnowledgeBase(kb.packs)
    other._program = compile_program(replace(linked, rules=tuple(replace(rule, body=put(rule.body)) for rule in linked.rules)))
    return other


def test_cases_stand_below_at_and_above_each_threshold() -> None:
    made = one_rule(all_of(pain.severity >= 5, pain.duration < timedelta(weeks=12))).test_cases()
    facts = [fact for case in made for fact in case.facts if isinstance(fact, Pain)]
    assert {4, 5, 6} <= {fact.severity for fact in facts}
    durations = {fact.duration for fact in facts if fact.duration is not None}
    week_12 = timedelta(weeks=12)
    assert week_12 in durations
    assert any(week_12 - timedelta(hours=1) <= one < week_12 for one in durations)
    assert any(week_12 < one <= week_12 + timedelta(hours=1) for one in durations)
    at = {(goal.leaf.partition(" ")[0], goal.at, goal.value) for goal in shown(made) if goal.at}
    assert at >= {("pain.severity", "below", "false"), ("pain.severity", "at", "true"), ("pain.severity", "above", "true")}
    assert at >= {("pain.duration", "below", "true"), ("pain.duration", "at", "false"), ("pain.duration", "above", "false")}


def test_a_comparison_of_keys_is_shown_by_facts_that_do_not_meet() -> None:
    made = one_rule(all_of(injury, pain, injury.region == pain.region)).test_cases()
    assert decides(made, "injury.region == pain.region") == {("true", "false"), ("false", "true")}
    apart = next(case for case in made if any(goal.value == "false" and "==" in goal.leaf for goal in case.shows))
    assert {fact.region for fact in apart.facts if isinstance(fact, Pain | Injury)} == {"lumbar", "neck"}
    assert apart.expected == ()


def test_a_rule_that_overrides_is_a_leaf_of_those_it_takes_back() -> None:
    first = Rule("first", when=A, then=ILL.finding())
    made = knowledge(first, Rule("second", when=B, then=WELL.finding(), overrides=first)).test_cases()
    assert decides(made, "unless small:second fires") == {
        ("true", "unknown"),
        ("unknown", "true"),
        ("true", "false"),
        ("false", "true"),
    }


def test_what_decides_nothing_is_listed() -> None:
    made = one_rule(any_of(A, all_of(A, B))).test_cases()
    assert ("small:r", "b") in made.idle
    made = KnowledgeBase.load("red_flags").test_cases()
    assert ("red_flags:pacemaker", "exists(Recommendation, intervention='acupuncture')") in made.idle  # no loaded rule gives any


class Visit(Fact):
    """A visit: a patient can have any number."""

    number: Key[int]


def test_what_cannot_be_looked_at_is_said() -> None:
    made = knowledge(
        Rule("clash", when=all_of(A, A.absent), then=ILL.finding()),
        Rule("visits", when=Visit, then=WELL.finding()),
        fact_types=[Visit],
    ).test_cases()
    assert any("clash fires for no patient" in text for text in made.left_out)
    assert any(text.startswith("rule small:visits: it rests on facts of a closed type") for text in made.left_out)


def test_leaves_that_are_written_alike_are_two_leaves() -> None:
    signs = sign_set("signs", A, B, C)
    made = knowledge(
        Rule("r", when=all_of(at_least(1, A, B), at_least(2, signs)), then=ILL.finding()), sign_sets=[signs]
    ).test_cases()
    assert {goal.leaf for goal in shown(made)} >= {"a", "b", "c", "a (2)", "b (2)"} or {leaf for _, leaf in made.idle}


def test_the_acupuncture_pack_has_a_small_set_in_which_nothing_is_idle() -> None:
    kb = KnowledgeBase.load("acupuncture")
    made = kb.test_cases()
    assert made.idle == made.left_out == ()
    assert len(made) < len(shown(made)) / 4
    assert {goal.rule for goal in shown(made) if goal.value == "fires"} == {rule.name for rule in kb._linked.rules}
    for pair in made.pairs:
        one, other = made.cases[pair.in_case], made.cases[pair.in_other_case]
        assert pair.one in one.shows
        assert pair.other in other.shows


def test_only_the_rules_of_the_pack_that_is_asked_for_are_looked_at() -> None:
    more = Pack(
        "more", version="1", title="More", requires=["small"], rules=[Rule("m", when=all_of(ILL, B), then=WELL.finding())]
    )
    kb = KnowledgeBase([*one_rule(all_of(A, B)).packs, more])
    assert {goal.rule for goal in shown(kb.test_cases(pack="more"))} == {"more:m"}
    assert {goal.rule for goal in shown(kb.test_cases())} == {"more:m", "small:r"}
    with pytest.raises(UnknownPackError, match="did you mean 'more'"):
        kb.test_cases(pack="mor")
    with pytest.raises(UnknownTargetError, match="there is mcdc"):
        kb.test_cases("branches")


# --- the command --------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_test_module_that_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "acupuncture", "--format", "python", "--set", "acupuncture:min_signs=2"]) == 0
    (tmp_path / "test_made.py").write_text(capsys.readouterr().out, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_made.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_the_command_writes_cases_that_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "acupuncture", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    kb = KnowledgeBase.load("acupuncture")
    for one in data["cases"][:20]:
        result = kb.assess(kb.read_case(one["case"]))
        told = {json.dumps({k: v for k, v in c.items() if k != "firm"}, sort_keys=True): c["firm"] for c in one["expected"]}
        assert len(told) == len(result.derived)
        assert sorted(told.values()) == sorted(map(result.is_firm, result.derived))


def test_the_text_says_what_each_case_shows_and_what_must_follow(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "acupuncture"]) == 0
    text = capsys.readouterr().out
    assert (
        "shows   acupuncture:organ-gate: pain.severity <= mild_max just above its threshold, not true, decides whether it" in text
    )
    assert "expect  organ_gate (lumbar)  [firm]" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["acupunctur"], "did you mean 'acupuncture'"),
        (["acupuncture", "--criterion", "lines"], "invalid choice: 'lines'"),
        (["acupuncture", "--set", "acupuncture:min_sign=2"], "did you mean 'acupuncture:min_signs'"),
    ],
)
def test_input_that_cannot_be_used_is_one_line(arguments: Iterable[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_names_of_findings_in_several_regions_stay_apart() -> None:
    found = each(Finding, condition=ILL)
    rules = [
        Rule("where", when=pain.severity >= 5, then=ILL.finding(region=pain.region)),
        Rule("then", when=all_of(found, injury, injury.region == found.region), then=WELL.finding(region=found.region)),
    ]
    made = knowledge(*rules).test_cases()
    assert made.idle == ()
    assert decides(made, "injury.region == finding.region") == {("true", "false"), ("false", "true")}
