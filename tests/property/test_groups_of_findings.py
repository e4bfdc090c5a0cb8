"""Groups of findings, held to every case of small rule bases: which pairs meet, how their premises lie, what proposals settle."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import (
    Fact,
    KnowledgeBase,
    Pack,
    Rule,
    Symptom,
    all_of,
    any_of,
    at_least,
    intervention,
    never,
    not_,
    symptom,
    unless,
)
from backpain_rules.analysis.diagnostic import Report
from backpain_rules.analysis.groups.changes import Changes, revised
from backpain_rules.ir.bits import ESTABLISHED
from effort import examples

SIGNS = A, B, C = [symptom(name, name, ask=f"{name}?") for name in "abc"]
DRUGS = [intervention(name, name, kind="medication") for name in ("first", "second")]
POSITIONS = ("yes", "no", "perhaps")
PREMISES: list[Any] = [
    A, B, C, A.absent, all_of(A, B), all_of(A, B, C), any_of(A, B), any_of(B, C), all_of(A, not_(B)), all_of(A, unless(C)),
    all_of(C, unless(any_of(A, B))), at_least(2, A, B, C), all_of(B, C),
]  # fmt: skip
CONSTRAINTS: list[Any] = [all_of(A, B), all_of(B, C), all_of(A, not_(C))]


@st.composite
def rule_bases(draw: st.DrawFn) -> KnowledgeBase:
    drawn = draw(st.lists(st.tuples(st.sampled_from(PREMISES), st.sampled_from(DRUGS), st.sampled_from(POSITIONS)), max_size=6))
    rules = [Rule(f"r{n}", when=when, then=drug.recommend(strength=said)) for n, (when, drug, said) in enumerate(drawn)]
    constraints = [never("c", of) for of in draw(st.lists(st.sampled_from(CONSTRAINTS), max_size=1))]
    return KnowledgeBase([Pack("p", version="1", title="P", rules=rules, terms=[*SIGNS, *DRUGS], constraints=constraints)])


def cases() -> Iterator[tuple[Fact, ...]]:
    answers = [[None, Symptom(term=name), Symptom(term=name, present=False)] for name in "abc"]
    for chosen in product(*answers):
        yield tuple(fact for fact in chosen if fact is not None)


def fired(kb: KnowledgeBase) -> list[frozenset[str]]:
    """The rules that fire, for each patient that breaks no constraint."""
    found: list[frozenset[str]] = []
    for case in cases():
        outcome = kb.assess(case)._outcome
        says, program = outcome.evaluation, outcome.program
        if not any(says.node(one.body) & ESTABLISHED for one in program.constraints):
            firing = (one for number, one in enumerate(program.instances) if says.instance(number) & ESTABLISHED)
            found.append(frozenset(one.rule.name for one in firing))
    return found


def meetings(kb: KnowledgeBase) -> dict[tuple[str, ...], str]:
    """The pairs of rules that contradict each other for some patient, with how their premises lie."""
    concluded = {f"p:{rule.id}": rule.conclusions[0].fields for pack in kb.packs for rule in pack.rules}
    by_patient = fired(kb)
    found: dict[tuple[str, ...], str] = {}
    for one, other in combinations(sorted(concluded), 2):
        mine, theirs = concluded[one], concluded[other]
        if mine["intervention"] != theirs["intervention"] or mine["strength"] == theirs["strength"]:
            continue
        if any({one, other} <= rules for rules in by_patient):
            alone = any(one in rules and other not in rules for rules in by_patient)
            other_alone = any(other in rules and one not in rules for rules in by_patient)
            found[one, other] = "partial" if alone and other_alone else "inside" if alone or other_alone else "same"
    return found


def conflicts(report: Report) -> list[tuple[str, ...]]:
    return sorted(one.subjects for one in report if one.code == "BR004")


@settings(max_examples=examples(100), deadline=None)
@given(rule_bases())
def test_the_conflicts_in_groups_are_the_pairs_that_enumeration_finds(kb: KnowledgeBase) -> None:
    report, expected = kb.check(), meetings(kb)
    assert conflicts(report) == sorted(expected)
    grouped = [one for group in report.groups for one in group.findings]
    assert sorted(map(id, grouped)) == sorted(map(id, report))
    for group in report.groups:
        kinds = sorted(expected[one.subjects] for one in group.findings if one.code == "BR004")
        assert kinds == sorted(kind for kind, many in group.kinds.items() for _ in range(many))


@settings(max_examples=examples(100), deadline=None)
@given(rule_bases())
def test_each_proposal_that_settles_a_group_leaves_none_of_its_conflicts(kb: KnowledgeBase) -> None:
    for group in kb.check().groups:
        aim = {one.subjects for one in group.findings if one.code == "BR004"}
        for proposal in group.proposals[1:] if group.code == "BR004" else ():
            if proposal.settles:
                assert aim.isdisjoint(meetings(kb.revised(proposal.upon, proposal)))


@settings(max_examples=examples(100), deadline=None)
@given(rule_bases())
def test_the_first_proposals_of_all_groups_together_leave_no_conflict(kb: KnowledgeBase) -> None:
    report = kb.check()
    if any(group.code != "BR009" and group.best is None for group in report.groups):
        return
    after = kb.revised(*(group.best for group in report.groups if group.best is not None))
    assert {one.code for one in after.check()} <= {"BR009"}
    assert not meetings(after)


@settings(max_examples=examples(30), deadline=None)
@given(rule_bases())
def test_a_report_keeps_its_groups_in_another_process(kb: KnowledgeBase) -> None:
    report = kb.check()
    again = pickle.loads(pickle.dumps(report))
    assert [group.title for group in again.groups] == [group.title for group in report.groups]
    assert again == report


def test_a_rule_that_is_left_out_takes_its_names_along() -> None:
    old = Rule("old", when=A, then=DRUGS[0].recommend(strength="no"))
    new = Rule("new", when=B, then=DRUGS[0].recommend(strength="yes"), overrides=old, replaces="older")
    older = Rule("older", when=C, then=DRUGS[0].recommend(strength="perhaps"))
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=[old, new, older])])
    without_old = revised(kb.packs, Changes(left_out=("p:old",)))
    assert [(rule.id, rule.targets) for rule in without_old[0].rules] == [("new", ()), ("older", ())]
    assert [rule.id for rule in revised(kb.packs, Changes(left_out=("p:new",)))[0].rules] == ["old"]
