"""Kinds of interventions: a recommendation has the kind that its intervention is declared with, and rules go by it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backpain_rules import (
    DefinitionError,
    Fact,
    InterventionTerm,
    Key,
    KnowledgeBase,
    Pack,
    PremiseError,
    Recommendation,
    Rule,
    conclude,
    condition,
    each,
    exists,
    intervention,
    symptom,
    unless,
)
from backpain_rules.facts.types import InterventionId
from backpain_rules.interchange.fhir_result import result_to_fhir
from backpain_rules.link.identity import identity
from backpain_rules.link.link import link
from backpain_rules.testing import to_source

COLD, STOP = symptom("cold", "Cold", ask="Cold?"), symptom("stop", "Stop", ask="Stop?")
HELD = condition("held", "Held back")
REST = intervention("rest", "Rest")
PILL = intervention("pill", "Pill", kind="medication")
SCAN = intervention("scan", "Scan", kind="investigation")
RING = intervention("ring", "Ring back if it gets worse", kind="advice")
ALL = (REST, PILL, SCAN, RING)
TREATS = each(Recommendation, kind="treatment")

every_engine = pytest.mark.parametrize("engine", ["native", "reference", "durable"])


class Wish(Fact):
    """What a patient wants done."""

    intervention: Key[InterventionId]
    present: bool = True


class Order(Fact):
    """What was ordered elsewhere, in a word of theirs. A closed type."""

    word: Key[str]


def pack(*rules: Rule, id: str = "p", **more: Any) -> Pack:
    return Pack(id, version="1", title=id, rules=rules, **more)


def recommended(kb: KnowledgeBase, *case: Fact, engine: str = "native") -> dict[str, str]:
    """The kind of each intervention that is recommended."""
    return {r.intervention: r.kind for r in kb.assess(case, engine=engine).recommendations}


CARE = pack(Rule("care", when=COLD, then=[term.recommend() for term in ALL]), terms=[COLD])
HOLD = pack(Rule("hold", when=STOP, then=HELD.finding(), overrides=TREATS), id="flags", terms=[STOP])


def test_an_intervention_is_a_treatment_unless_its_pack_says_otherwise() -> None:
    assert [term.kind for term in ALL] == ["treatment", "medication", "investigation", "advice"]


def test_a_kind_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(DefinitionError, match=r"intervention 'scan': kind='investigate' .*did you mean 'investigation'"):
        intervention("scan", "Scan", kind="investigate")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@every_engine
def test_a_recommendation_has_the_kind_of_its_intervention_however_it_is_written(engine: str) -> None:
    by_id = Rule("by-id", when=COLD, then=conclude(Recommendation, intervention="scan"))
    for rule in (Rule("by-term", when=COLD, then=SCAN.recommend()), by_id):
        kb = KnowledgeBase([pack(rule, terms=[SCAN])])
        assert recommended(kb, COLD.present, engine=engine) == {"scan": "investigation"}


@every_engine
def test_a_recommendation_that_copies_its_intervention_has_the_kind_of_what_it_copies(engine: str) -> None:
    wish = each(Wish)
    grant = Rule("grant", when=wish, then=conclude(Recommendation, intervention=wish.intervention))
    kb = KnowledgeBase([pack(grant, terms=ALL), HOLD])
    wishes = [Wish(intervention=term.id) for term in ALL]
    assert recommended(kb, *wishes, engine=engine) == {term.id: term.kind for term in ALL}
    assert recommended(kb, *wishes, STOP.present, engine=engine) == {t.id: t.kind for t in ALL if t is not REST}


@every_engine
def test_a_word_that_no_pack_declares_is_taken_for_a_treatment(engine: str) -> None:
    order = each(Order)
    copy = Rule("copy", when=order, then=conclude(Recommendation, intervention=order.word))
    kb = KnowledgeBase([pack(copy, terms=ALL), HOLD])
    orders = [Order(word="scan"), Order(word="leeches")]
    assert recommended(kb, *orders, engine=engine) == {"scan": "investigation", "leeches": "treatment"}
    assert recommended(kb, *orders, STOP.present, engine=engine) == {"scan": "investigation"}


@every_engine
def test_an_override_by_kind_takes_back_that_kind_and_no_other(engine: str) -> None:
    kb = KnowledgeBase([CARE, HOLD])
    assert set(recommended(kb, COLD.present, STOP.present, engine=engine)) == {"pill", "scan", "ring"}
    result = kb.assess([COLD.present], engine=engine)
    assert {r.intervention for r in result.recommendations if not result.is_firm(r)} == {"rest"}


@every_engine
def test_a_premise_reads_the_kind(engine: str) -> None:
    untreated = Rule("untreated", when=unless(exists(TREATS)), then=HELD.finding())
    kb = KnowledgeBase([CARE, pack(untreated, id="q")])
    assert [bool(kb.assess(case, engine=engine).findings) for case in ([COLD.present], [COLD.absent])] == [False, True]


def test_a_recommendation_of_another_kind_than_its_intervention_is_refused() -> None:
    wish = each(Wish)
    for what in ("scan", wish.intervention):
        rule = Rule("r", when=wish, then=conclude(Recommendation, intervention=what, kind="advice"))
        with pytest.raises(PremiseError, match=r"Recommendation.kind = 'advice': a recommendation has the kind .*leave kind out"):
            KnowledgeBase([pack(rule, terms=[SCAN])])


def test_packs_that_declare_one_intervention_with_two_kinds_are_refused_with_both() -> None:
    other: InterventionTerm = intervention("scan", "Scan")
    with pytest.raises(DefinitionError, match="otherwise than pack 'p' does: kind 'treatment' and 'investigation'"):
        KnowledgeBase([pack(terms=[SCAN]), pack(id="q", terms=[other])])


def test_the_kind_decides_what_follows_so_it_is_part_of_the_identity_of_a_pack() -> None:
    def content(kind: Any) -> str:
        scan = intervention("scan", "Scan", kind=kind)
        return identity(link([pack(Rule("r", when=COLD, then=scan.recommend()))], {}))[0].content

    assert content("treatment") != content("advice")


def test_a_kind_is_kept_where_a_pack_is_written_as_python() -> None:
    names: dict[str, Any] = {}
    exec(to_source([CARE, HOLD]), names)
    assert recommended(KnowledgeBase(names["packs"]), COLD.present) == {term.id: term.kind for term in ALL}


def test_an_explanation_says_the_kind_of_what_is_no_treatment() -> None:
    result = KnowledgeBase([CARE]).assess([COLD.present])
    told = {r.intervention: "kind:" in str(result.why(r)).partition("because")[0] for r in result.recommendations}
    assert told == {"rest": False, "pill": True, "scan": True, "ring": True}


def test_the_kind_is_in_the_json_and_the_category_of_the_request() -> None:
    result = KnowledgeBase([CARE]).assess([COLD.present])
    assert {r["intervention"]: r["kind"] for r in json.loads(result.to_json())["recommendations"]} == {t.id: t.kind for t in ALL}
    requests = [entry["resource"] for entry in result_to_fhir(result, subject="Patient/1")["entry"]]
    assert {one["category"][0]["coding"][0]["code"] for one in requests} == {term.kind for term in ALL}
