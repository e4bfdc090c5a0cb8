"""`kb.prove`, held to every case of small random rule bases; and what it says of names, values and the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_proofs_by_enumeration import CASES, CONDITIONS, SIGNS, Brute, Case, Version, bound, q, versions

from backpain_rules import (
    BackpainRulesError,
    Fact,
    Finding,
    KnowledgeBase,
    Pack,
    Pain,
    Rule,
    Verdict,
    all_of,
    any_of,
    at_least,
    can_follow,
    condition,
    disjoint,
    each,
    equivalent,
    implies,
    is_known,
    is_unknown,
    never,
    never_follows,
    not_,
    parameter,
    same_as,
    symptom,
    unless,
)
from backpain_rules.testing.playground import Episode
from effort import examples

A, B = SIGNS
X, Y = CONDITIONS
__all__ = ["bound"]
ASKED: list[Any] = [
    A, B, A.absent, X, Y, all_of(A, X), any_of(B, Y), unless(A), unless(X), not_(B), is_unknown(B), is_known(A), q.a >= 1,
    q.a + q.b + q.c >= 5, q.a * q.b >= 4, all_of(A, unless(q.a >= 1)), at_least(2, A, B, X),
]  # fmt: skip


def probed(version: Version, asked: Sequence[Any]) -> tuple[KnowledgeBase, list[frozenset[int]]]:
    """The rule base, and for each patient which of the premises hold: those of further rules with conclusions of their own."""
    kb = version.base()
    probes = [condition(f"probe{n}", "Probe") for n in range(len(asked))]
    rules = [Rule(f"probe{n}", when=asked[n], then=probe.finding()) for n, probe in enumerate(probes)]
    other = KnowledgeBase([*kb.packs, Pack("probes", version="1", title="Probes", rules=rules, requires=["t"])])
    names = {f"probe{n}": n for n in range(len(asked))}
    patients = Brute(kb).patients
    return kb, [frozenset(names[f.condition] for f in other.assess(case).findings if f.condition in names) for case in patients]


def in_order(fact: Fact) -> tuple[bool, str]:
    return not hasattr(fact, "term"), getattr(fact, "term", "")


@settings(max_examples=examples(40), deadline=None)
@given(version=versions(), one=st.sampled_from(ASKED), other=st.sampled_from(ASKED))
def test_a_question_is_true_exactly_if_enumeration_says_so(bound: None, version: Version, one: Any, other: Any) -> None:
    version = Version(version.rules, version.constraints)  # overrides of everything would take the probes back
    kb, found = probed(version, [one, other])
    expected = {
        implies(one, other): all(1 in held for held in found if 0 in held),
        equivalent(one, other): all(len(held) != 1 for held in found),
        disjoint(one, other): not any(len(held) == 2 for held in found),
        can_follow(one): any(0 in held for held in found),
        never_follows(one): not any(0 in held for held in found),
    }
    for query, is_true in expected.items():
        verdict = kb.prove(query)
        if verdict.how != "undecided":
            assert bool(verdict) is is_true, verdict
        assert is_true or not verdict
        if verdict.patient is not None:
            assert (
                tuple(sorted(verdict.patient, key=lambda fact: (not hasattr(fact, "term"), getattr(fact, "term", "")))) in CASES
            )


@settings(max_examples=examples(12), deadline=None)
@given(old=versions(), new=versions())
def test_two_knowledge_bases_are_the_same_if_no_patient_tells_them_apart(bound: None, old: Version, new: Version) -> None:
    one, other = Brute(old.base()), Brute(new.base())
    verdict = old.base().prove(same_as(new.base()))
    if verdict.how != "undecided":
        both: list[Case] = [case for case in CASES if not one.broken[case] and not other.broken[case]]
        forbid_alike = all(bool(one.broken[case]) == bool(other.broken[case]) for case in CASES)
        assert bool(verdict) is (forbid_alike and all(one.firm[case] == other.firm[case] for case in both))


pain = each(Pain)
ILL, WELL = condition("ill", "Ill"), condition("well", "Well")
HIGH = parameter("high", 7, "what is high", ge=1, le=10)


def knowledge(*rules: Rule, **more: Any) -> KnowledgeBase:
    return KnowledgeBase([Pack("p", version="1", title="P", rules=rules, **more)])


def test_a_variable_in_both_premises_is_one_fact() -> None:
    kb = knowledge(Rule("r", when=pain.severity >= HIGH, then=ILL.finding(region=pain.region)))
    assert kb.prove(implies(pain.severity >= HIGH, pain.severity >= 5))
    assert kb.prove(disjoint(pain.severity >= 5, pain.severity < 5))
    assert not kb.prove(disjoint(pain.severity >= 5, each(Pain).severity < 5))
    assert kb.prove(implies(all_of(pain, pain.severity >= HIGH), each(Finding, condition=ILL, region=pain.region)))


def test_a_verdict_shows_the_patient() -> None:
    verdict = knowledge(Rule("r", when=pain.severity >= 5, then=ILL.finding())).prove(implies(pain.severity >= 3, ILL))
    assert not verdict
    assert verdict.patient is not None
    assert repr(verdict).startswith("<implies(pain.severity >= 3, ill): false, for instance: pain lumbar, severity ")
    assert verdict.to_data()["patient"]["facts"]


def test_patients_that_a_constraint_rules_out_do_not_count() -> None:
    rule = Rule("r", when=all_of(A, B), then=ILL.finding())
    assert knowledge(rule).prove(can_follow(ILL))
    assert knowledge(rule, constraints=[never("both", A, B)]).prove(never_follows(ILL))


def test_what_rests_on_closed_facts_is_not_called_proved() -> None:
    episode = each(Episode)
    kb = knowledge(Rule("r", when=episode.severity >= 3, then=ILL.finding()), Rule("s", when=A, then=WELL.finding()))
    for asked in (never_follows(ILL), implies(ILL, A), never_follows(episode)):
        verdict = kb.prove(asked)
        assert (verdict.holds, verdict.how) == (False, "undecided")
        assert "closed type" in verdict.detail
    assert kb.prove(implies(WELL, A)).how == "proof"


def test_a_question_that_is_cut_off_is_undecided() -> None:
    kb = knowledge(Rule("r", when=A, then=ILL.finding()))
    for query in (implies(A, ILL), same_as(kb)):
        verdict = kb.prove(query, seconds=0)
        assert (verdict.holds, verdict.how, verdict.detail) == (False, "undecided", "the time was up")


def test_names_that_no_pack_has_are_refused() -> None:
    kb = knowledge(Rule("r", when=A, then=ILL.finding()))
    with pytest.raises(BackpainRulesError, match="no loaded pack declares symptom 'aa'; did you mean 'a'"):
        kb.prove(implies(symptom("aa", "AA", ask="?"), ILL))
    with pytest.raises(BackpainRulesError, match="no loaded pack has the fact type Episode"):
        kb.prove(never_follows(each(Episode)))
    with pytest.raises(BackpainRulesError, match="no loaded pack has the parameter 'high'"):
        kb.prove(can_follow(pain.severity >= HIGH))


@pytest.mark.parametrize("wrong", [None, "implies", A, True])
def test_what_is_no_question_is_refused(wrong: Any) -> None:
    kb = knowledge(Rule("r", when=A, then=ILL.finding()))
    with pytest.raises(BackpainRulesError, match="query="):
        kb.prove(wrong)
    with pytest.raises(BackpainRulesError, match="same_as"):
        same_as(wrong)


def test_a_question_has_no_truth_of_its_own() -> None:
    with pytest.raises(BackpainRulesError, match=r"kb\.prove"):
        assert implies(A, B)
    assert isinstance(knowledge(Rule("r", when=A, then=ILL.finding())).prove(can_follow(ILL)), Verdict)


def test_an_extra_fact_of_a_case_changes_no_verdict() -> None:
    kb = knowledge(Rule("r", when=A, then=ILL.finding()))
    facts: list[Fact] = [A.present]
    assert kb.assess(facts).findings
    assert kb.prove(equivalent(A, ILL))
