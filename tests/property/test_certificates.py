"""Certificates of what `check` proved: they verify without a solver, for these rules alone, and no change of one goes unseen."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_groups_of_findings import PREMISES, rule_bases

from backpain_rules import (
    BackpainRulesError,
    CertificateError,
    KnowledgeBase,
    Pack,
    Patient,
    Rule,
    all_of,
    any_of,
    at_least,
    can_follow,
    condition,
    disjoint,
    each,
    equivalent,
    implies,
    intervention,
    never,
    never_follows,
    not_,
    partition,
    same_as,
    symptom,
    unless,
    verify,
)
from backpain_rules.cli import main
from backpain_rules.deadline import NEVER
from backpain_rules.drup import Propagator, digest
from backpain_rules.solve.clauses import Clauses
from backpain_rules.solve.solver import Refuter, Solver
from effort import examples

SIGNS = [symptom(f"s{n}", f"s{n}", ask="?") for n in range(7)]
DRUG, ILL = intervention("drug", "A drug"), condition("ill", "Ill")
patient = each(Patient)


def counting() -> KnowledgeBase:
    """Rules that never meet, for reasons that propagation alone does not see; with a constraint and a partition."""
    few, many = at_least(3, *SIGNS), at_least(5, *(sign.absent for sign in SIGNS))
    rules = [
        Rule("few", when=few, then=DRUG.recommend(strength="yes")),
        Rule("many", when=many, then=DRUG.recommend(strength="no")),
        Rule("ill", when=any_of(*SIGNS[:2]), then=ILL.finding()),
        Rule("spare", when=SIGNS[0], then=ILL.finding()),
        Rule("none", when=any_of(*(not_(any_of(sign, sign.absent)) for sign in SIGNS[:2])), then=ILL.finding()),
    ]
    kinds = partition("age", patient.age < 40, patient.age >= 40, given=patient.age >= 0)
    both = never("ill-and-no", ILL, SIGNS[0].absent, SIGNS[1].absent)
    return KnowledgeBase([Pack("p", version="1", title="P", rules=rules, partitions=[kinds], constraints=[both])])


KB = counting()
CERTIFICATE = json.loads(json.dumps(KB.certificate()))


def test_a_certificate_has_lemmas_where_propagation_is_not_enough() -> None:
    assert any(claim.get("proof") for claim in CERTIFICATE["claims"])
    assert {claim["key"][0] for claim in CERTIFICATE["claims"]} >= {"BR001", "BR003", "BR004", "BR005", "BR006", "BR007", "BR009"}
    verified = KB.verify(CERTIFICATE)
    assert verified == verify(CERTIFICATE)
    assert sum(verified) == len(CERTIFICATE["claims"])


@settings(max_examples=examples(60), deadline=None)
@given(rule_bases())
def test_every_statement_of_a_check_is_certified_and_verifies(kb: KnowledgeBase) -> None:
    report = kb.check()
    certificate = json.loads(json.dumps(kb.certificate(report)))
    kb.verify(certificate)
    assert certificate["not_certified"] == []
    keys = [tuple(map(str, claim["key"])) for claim in certificate["claims"]]
    if report.proved:
        silent = {one.subjects[0] for one in report if one.code in ("BR001", "BR002")}
        rules = {rule.name for rule in kb.rule_base.rules}
        assert {key[2] for key in keys if key[:2] == ("BR001", "possible")} == rules - silent
        assert {key[2] for key in keys if key[:2] == ("BR001", "impossible")} == silent


def test_what_the_solver_learnt_from_other_questions_is_in_no_proof() -> None:
    """The model of the first claim teaches the solver a unit that the second proof must not rest on."""
    clash = all_of(SIGNS[0], any_of(SIGNS[1], SIGNS[2]), any_of(SIGNS[1], SIGNS[2].absent), SIGNS[1].absent)
    rules = [
        Rule("a", when=any_of(clash, SIGNS[3]), then=ILL.finding()),
        Rule("b", when=clash, then=DRUG.recommend()),
        Rule("c", when=all_of(clash, SIGNS[4]), then=ILL.finding(strength="may_indicate")),
    ]
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=rules)])
    assert kb.verify(json.loads(json.dumps(kb.certificate()))).impossible >= 2


@pytest.mark.parametrize("module", ["constraints", "exclusive", "overridden", "partitions", "redundant", "unreachable"])
def test_the_certificates_of_faulty_packs_verify(module: str) -> None:
    for example in import_module(f"faulty_packs.{module}").EXAMPLES:
        for packs in (example.faulty, example.repaired):
            kb = KnowledgeBase(packs)
            assert kb.verify(json.loads(json.dumps(kb.certificate())))


def test_every_shipped_pack_has_a_certificate_that_verifies() -> None:
    kb = KnowledgeBase.load()
    certificate = kb.certificate()
    assert sum(kb.verify(json.loads(json.dumps(certificate)))) > 200
    assert [text.partition(":")[0] for text in certificate["not_certified"]] == ["BR008"]


@settings(max_examples=examples(60), deadline=None)
@given(rule_bases(), st.sampled_from(PREMISES), st.sampled_from(PREMISES))
def test_the_answer_to_a_named_question_is_certified_be_it_yes_or_no(kb: KnowledgeBase, one: Any, other: Any) -> None:
    for query in (implies(one, other), equivalent(one, other), disjoint(one, other), can_follow(one), never_follows(other)):
        certificate = json.loads(json.dumps(kb.certificate(query)))
        verified = kb.verify(certificate, query)
        assert bool(verified.possible) is (kb.prove(query).how == "patient")
        with pytest.raises(CertificateError):
            kb.verify(certificate)


def test_what_cannot_be_certified_is_said() -> None:
    with pytest.raises(CertificateError, match="another knowledge base"):
        KB.certificate(same_as(KB))
    with pytest.raises(BackpainRulesError, match="of="):
        KB.certificate(CERTIFICATE)


@st.composite
def tampered(draw: st.DrawFn, parts: tuple[str, ...]) -> Any:
    """The certificate with one value in it changed, left out, or doubled."""
    data = copy.deepcopy(CERTIFICATE)
    here, at = data, draw(st.sampled_from(parts))
    while isinstance(here[at], (list, dict)) and here[at] and draw(st.integers(0, 9)):
        here = here[at]
        at = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
    value = here[at]
    change = draw(st.sampled_from(["other", "gone", "twice"] if isinstance(here, list) else ["other"]))
    if change == "gone":
        del here[at]
    elif change == "twice":
        here.insert(at, value)
    else:
        others = [-value, value + 1, value - 1, True, None] if type(value) is int else [f"{value}x", None, [], {}, 1]
        here[at] = draw(st.sampled_from([other for other in others if json.dumps(other) != json.dumps(value)]))
    return data


@settings(max_examples=examples(1000), deadline=None)
@given(tampered(tuple(sorted(CERTIFICATE))))
def test_whatever_is_changed_in_a_certificate_is_refused(data: Any) -> None:
    with pytest.raises(CertificateError):
        verify(data)


@settings(max_examples=examples(200), deadline=None)
@given(tampered(("clauses", "variables", "packs", "parameters", "claims", "models")))
def test_a_change_under_a_new_digest_leaves_a_proof_of_the_same_claims_of_these_rules_or_is_refused(data: Any) -> None:
    data["digest"] = digest(data)
    try:
        KB.verify(data)
    except CertificateError:
        return
    claims = [(claim["says"], claim["literals"]) for claim in data["claims"]]
    mine = [(claim["says"], claim["literals"]) for claim in CERTIFICATE["claims"]]
    assert all(claim in mine for claim in claims)
    assert data["packs"] == CERTIFICATE["packs"]


def test_a_certificate_of_other_rules_is_refused() -> None:
    other = KnowledgeBase([Pack("p", version="1", title="P", rules=[Rule("few", when=unless(SIGNS[0]), then=ILL.finding())])])
    assert verify(other.certificate())
    with pytest.raises(CertificateError, match="no certificate of p 1"):
        KB.verify(other.certificate())


def random_clauses(dice: random.Random, variables: int) -> list[tuple[int, ...]]:
    def clause() -> tuple[int, ...]:
        return tuple(dice.choice((-1, 1)) * one for one in dice.sample(range(2, variables + 1), dice.randint(1, 3)))

    return [clause() for _ in range(dice.randint(1, 5 * variables))]


@settings(max_examples=examples(300), deadline=None)
@given(st.randoms(use_true_random=False), st.integers(4, 8))
def test_the_checker_takes_the_proofs_of_the_solver_and_none_of_what_is_possible(dice: random.Random, variables: int) -> None:
    clauses = Clauses()
    while clauses.size < variables:
        clauses.fresh()
    for clause in random_clauses(dice, variables):
        clauses.add(*clause)
    literals = [dice.choice((-1, 1)) * one for one in dice.sample(range(2, variables + 1), dice.randint(0, 2))]
    solver, propagator = Solver(clauses), Propagator(variables, clauses.all)
    for _ in range(2):  # what one claim adds is gone before the next
        if solver.is_possible(literals):
            lemmas = random_clauses(dice, variables)
            assert not propagator.refutes(literals, lemmas)
        else:
            assert propagator.refutes(literals, Refuter(clauses).lemmas(literals, NEVER))


def pigeons(holes: int) -> Iterator[tuple[int, ...]]:
    def sits(pigeon: int, hole: int) -> int:
        return 2 + pigeon * holes + hole

    for pigeon in range(holes + 1):
        yield tuple(sits(pigeon, hole) for hole in range(holes))
    for hole in range(holes):
        yield from ((-sits(one, hole), -sits(other, hole)) for one, other in combinations(range(holes + 1), 2))


def test_six_pigeons_in_five_holes_need_lemmas_and_a_wrong_one_is_refused() -> None:
    clauses = Clauses()
    for clause in pigeons(5):
        clauses.add(*clause)
    clauses.size = 32
    lemmas = Refuter(clauses).lemmas([], NEVER)
    propagator = Propagator(32, clauses.all)
    assert propagator.refutes([], lemmas)
    assert not propagator.refutes([], [])
    assert not propagator.refutes([], lemmas[:5])
    assert not propagator.refutes([], [[2], *lemmas])


# --- the command line -------------------------------------------------------------------------------------------------


def test_check_writes_a_certificate_and_verify_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "acupuncture.json"
    assert main(["check", "acupuncture", "--certificate", str(file)]) == 0
    capsys.readouterr()
    assert main(["verify", str(file), "acupuncture"]) == 0
    assert "Verified without a solver" in capsys.readouterr().out
    assert main(["verify", str(file)]) == 0
    assert "not compared with any rules" in capsys.readouterr().out
    assert main(["verify", str(file), "tcm_signs"]) == 1
    assert "no certificate of" in capsys.readouterr().err
    assert main(["verify", str(file), "acupuncture", "--set", "acupuncture:mild_max=4"]) == 1
    file.write_text(file.read_text(encoding="utf-8").replace('"version": "1', '"version": "2', 1), encoding="utf-8")
    assert main(["verify", str(file)]) == 1
    assert "changed after it was written" in capsys.readouterr().err


def test_a_certificate_is_checked_without_python_sat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pysat.solvers", None)
    assert KB.verify(CERTIFICATE)


def test_a_check_that_was_cut_off_is_not_certified() -> None:
    with pytest.raises(CertificateError, match="cut off"):
        KB.certificate(KB.check(seconds=0))
    with pytest.raises(CertificateError):
        KB.certificate(KB.check(), seconds=0)


@pytest.mark.parametrize("data", [None, [], {}, {"format": "x"}, {"format": "backpain-rules certificate 1"}])
def test_what_is_no_certificate_is_refused(data: Any) -> None:
    with pytest.raises(CertificateError, match="certificate"):
        verify(data)


def test_a_sign_that_only_a_constraint_reads_is_certified_to_decide_whether_it_is_broken() -> None:
    rule = Rule("ill", when=SIGNS[0], then=ILL.finding())
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=[rule], constraints=[never("both", SIGNS[0], SIGNS[1])])])
    data = kb.certificate(kb.check())
    says = [claim["says"] for claim in data["claims"]]
    assert "sign s0 decides something: ill (established)" in says
    assert "sign s1 decides something: whether constraint p:both #0 is broken" in says
    assert (data["not_certified"], kb.verify(data).possible) == ([], len(says))
