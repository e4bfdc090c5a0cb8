"""FHIR and CDS Hooks: what others send becomes a case, what follows goes back, and the models of others accept it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.questionnaireresponse import QuestionnaireResponse
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import (
    ConflictingFactError,
    Diagnosis,
    Fact,
    Injury,
    InvalidFactError,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Symptom,
    condition,
    symptom,
)
from backpain_rules.interchange.cds_hooks import cds_cards
from backpain_rules.interchange.fhir_case import read_fhir
from backpain_rules.interchange.fhir_models import Version, checked
from backpain_rules.interchange.fhir_questionnaire import questionnaire
from backpain_rules.interchange.fhir_result import result_to_fhir
from backpain_rules.questions.items import items

KB = KnowledgeBase.load("acupuncture")
CASES = sorted(p for p in (Path(__file__).parents[2] / "examples" / "cases").glob("*.json") if ".expected" not in p.name)
VERSIONS: tuple[Version, ...] = ("R5", "R4B")
ICD11 = "http://id.who.int/icd/release/11/mms"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
WHO = {"reference": "Patient/1"}


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def observation(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": code, **more}


def condition_of(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    active = coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")
    return {"resourceType": "Condition", "clinicalStatus": active, "subject": WHO, "code": code, **more}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}


def verified(status: str) -> dict[str, Any]:
    return {"verificationStatus": coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", status)}


@pytest.mark.parametrize("version", VERSIONS)
def test_resources_become_the_facts_that_their_codes_stand_for(version: Version) -> None:
    sent = bundle(
        {"resourceType": "Patient", "birthDate": "1980-06-01", "gender": "female"},
        observation(coded(LOINC, "72514-3"), valueInteger=2, bodySite={"text": "Lumbar"}),
        condition_of(coded(ICD10CM, "M54.50"), onsetDateTime="2026-01-01"),
        condition_of(coded(ICD10CM, "S39.012A"), **verified("refuted")),
        condition_of(coded("http://hl7.org/fhir/sid/icd-10", "M51.2"), **verified("confirmed")),
        observation(coded(ICD11, "SE82"), valueBoolean=True),
        observation(coded("urn:backpain-rules:symptom", "night_sweats"), valueCodeableConcept=coded(LOINC, "LA32-8")),
    )
    read = read_fhir(KB, json.dumps(sent), version=version, at=date(2026, 5, 21))
    assert read.unmapped == ()
    assert set(read.facts) == {
        Patient(age=45, sex="female"),
        Pain(region="lumbar", severity=2, duration=timedelta(days=140)),
        Injury(region="lumbar", present=False),
        Diagnosis(condition="herniated_disk"),
        Symptom(term="dampness"),
        Symptom(term="night_sweats", present=False),
    }
    assert KB.assess(read.facts).findings


REASONS = [
    ("another resource", {"resourceType": "Practitioner"}, "says nothing that these packs ask for"),
    ("an unknown code", observation(coded(LOINC, "8867-4"), valueInteger=60), "no loaded pack knows its code"),
    ("no code", observation({"text": "dizzy"}, valueBoolean=True), "it has no code"),
    ("no answer", observation(coded(ICD11, "SE82")), "says neither yes nor no"),
    (
        "entered in error",
        observation(coded(ICD11, "SE82"), valueBoolean=True) | {"status": "entered-in-error"},
        "entered-in-error",
    ),
    ("no region", observation(coded(LOINC, "72514-3"), valueInteger=2), "its body site says no region"),
    ("half a grade", observation(coded(LOINC, "72514-3"), valueQuantity={"value": 2.5}, bodySite={"text": "neck"}), "2.5 is not"),
    ("a suspicion", condition_of(coded(ICD11, "SE82"), **verified("provisional")), "its verification status is provisional"),
    ("what only rules conclude", condition_of(coded(ICD11, "SF93")), "kidney_yin_deficiency is concluded by rules"),
    ("nothing of the patient", {"resourceType": "Patient", "birthDate": "1980"}, "neither an age"),
    ("an unborn pain", condition_of(coded(ICD10CM, "M54.2"), onsetDateTime="2027-01-01"), "after the day of the assessment"),
    (
        "a past one",
        condition_of(coded(ICD10CM, "M54.2"))
        | {"clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "resolved")},
        "does not speak of now",
    ),
]


@pytest.mark.parametrize(("resource", "reason"), [pytest.param(*row[1:], id=row[0]) for row in REASONS])
def test_what_no_fact_comes_of_is_listed_with_its_place_and_reason(resource: dict[str, Any], reason: str) -> None:
    read = read_fhir(KB, bundle(resource), at=date(2026, 5, 21))
    assert read.facts == ()
    (unmapped,) = read.unmapped
    assert unmapped.place == f"entry[0] {resource['resourceType']}"
    assert reason in unmapped.reason


def test_a_code_of_two_terms_is_not_guessed() -> None:
    one, two = (symptom(id, id, ask=f"{id}?", codes={"loinc": "1-8"}) for id in ("one", "two"))
    kb = KnowledgeBase([Pack("p", version="1", title="", terms=[one, two])])
    (unmapped,) = read_fhir(kb, observation(coded(LOINC, "1-8"), valueBoolean=True)).unmapped
    assert unmapped.reason == "its code fits several terms: one, two"


def test_codes_that_another_pack_adds_are_read_too() -> None:
    more = Pack("more", version="1", title="", requires=["acupuncture"], codes={"night_sweats": {"snomed": "1"}})
    kb = KnowledgeBase([*KB.packs, more])
    read = read_fhir(kb, observation(coded("http://snomed.info/sct", "1"), valueBoolean=True))
    assert read.facts == (Symptom(term="night_sweats"),)


BAD = [
    ("no JSON", "{", "this is not JSON"),
    ("no resource", {"facts": []}, '"resourceType"'),
    ("no such resource", {"resourceType": "Observtion"}, "has no resource called 'Observtion'"),
    ("no such resource, cleverly", {"resourceType": "os.path"}, "has no resource called 'os.path'"),
    ("a wrong shape", {"resourceType": "Observation", "status": "final"}, "Observation.code"),
    ("no such resource inside", bundle({"resourceType": "Nobody"}), "entry[0].resource: FHIR"),
    ("no resource inside", bundle({"status": "final"}), "entry[0].resource: a FHIR resource is an object"),
    ("a resource of two kinds", bundle({"resourceType": ["Patient"]}), "entry[0].resource: a FHIR resource is an object"),
    ("brackets without end", "[" * 100_000, "nests more than 100"),
    ("an impossible value", observation(coded(LOINC, "72514-3"), valueInteger=11, bodySite={"text": "neck"}), "cannot be 11"),
]


@pytest.mark.parametrize(("data", "said"), [pytest.param(*row[1:], id=row[0]) for row in BAD])
def test_what_is_no_fhir_or_cannot_be_is_refused(data: Any, said: str) -> None:
    with pytest.raises(InvalidFactError) as caught:
        read_fhir(KB, data)
    assert said in str(caught.value)


def test_two_resources_that_disagree_are_refused_with_both_places() -> None:
    sent = [observation(coded(LOINC, "72514-3"), valueInteger=n, bodySite={"text": "neck"}) for n in (2, 8)]
    with pytest.raises(ConflictingFactError, match=r"entry\[0\] Observation and entry\[1\] Observation .* severity 2 and 8"):
        read_fhir(KB, bundle(*sent))


# --- the questionnaire --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", KB.languages)
def test_the_questionnaire_asks_everything_once_in_each_language(version: Version, language: str) -> None:
    asked = questionnaire(KB, language=language, version=version)["item"]
    links = [item["linkId"] for item in asked]
    assert len(links) == len(set(links))
    assert {f"symptom/{term.id}" for term in KB.packs[0].terms if term.vocabulary == "symptom"} <= set(links)
    assert {"pain/lumbar", "pain/neck/severity", "injury/lumbar/since", "diagnosis/herniated_disk", "patient/age"} <= set(links)
    assert "diagnosis/kidney_yin_deficiency" not in links
    texts = {item["linkId"]: item["text"] for item in asked}
    assert texts["pain/neck"] == {"en": "Do you have neck pain?", "zh-Hans": "您有颈部疼痛吗？"}[language]
    assert (
        texts["symptom/night_sweats"] == {"en": "Do you wake up sweating at night?", "zh-Hans": "您夜里会出汗醒来吗？"}[language]
    )


def response(facts: tuple[Fact, ...]) -> dict[str, Any]:
    """The answers of somebody whose case has these facts."""
    answers: list[dict[str, Any]] = []
    for item in items(KB._linked):
        fact = next((f for f in facts if type(f) is item.kind and tuple(getattr(f, k) for k in f.schema_.keys) == item.key), None)
        if fact is None:
            continue
        value = fact.__dict__["present"] if item.slot is None else fact.__dict__[item.slot]
        if value is not None:
            answers.append({"linkId": item.link, "answer": [answer(value)]})
    return {"resourceType": "QuestionnaireResponse", "questionnaire": "urn:q", "status": "completed", "item": answers}


def answer(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, timedelta):
        return {"valueQuantity": {"value": value.total_seconds(), "code": "s"}}
    return {"valueInteger": value} if isinstance(value, int) else {"valueString": value}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_answered_as_a_questionnaire_is_the_same_case(case: Path) -> None:
    facts = KB.read_case(case.read_text())
    sent = response(facts)
    QuestionnaireResponse.model_validate(sent)
    read = read_fhir(KB, sent)
    assert read.unmapped == ()
    assert set(read.facts) == set(facts)


@given(
    st.dictionaries(
        st.sampled_from([item.link for item in items(KB._linked)]), st.integers(-5, 500) | st.booleans() | st.text(max_size=3)
    )
)
def test_any_answers_make_facts_or_are_listed_or_are_refused(given_answers: dict[str, Any]) -> None:
    sent = response(()) | {"item": [{"linkId": link, "answer": [answer(v)]} for link, v in given_answers.items() if v != ""]}
    try:
        read = read_fhir(KB, sent)
    except InvalidFactError:
        return
    said = sum(len(fact.model_fields_set - set(fact.schema_.keys)) for fact in read.facts)
    assert said + len(read.unmapped) == len(sent["item"])


# --- results ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_result_is_accepted_by_the_models_of_others_and_nothing_is_lost(case: Path, version: Version) -> None:
    result = KB.assess(KB.read_case(case.read_text()))
    sent = result_to_fhir(result, subject="Patient/1", version=version)
    checked(sent, version)
    resources = [entry["resource"] for entry in sent["entry"]]
    assert len({entry["fullUrl"] for entry in sent["entry"]}) == len(resources)
    assert len(resources) == len(result.derived) + len(result.conflicts) + bool(result.undecided)
    for finding in result.findings:
        kind = "Condition" if finding.strength == "indicates" else "RiskAssessment"
        own = {"system": "urn:backpain-rules:condition", "code": finding.condition}
        assert any(r["resourceType"] == kind and own in json_parts(r) for r in resources)


def json_parts(value: Any) -> list[Any]:
    """Everything inside a piece of JSON, itself included."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(part for item in inside for part in json_parts(item))]


def test_a_provisional_conclusion_asks_for_what_it_rests_on() -> None:
    weak = KB.assess(KB.read_case((CASES[0].parent / "weakness_imbalance_unknown.json").read_text()))
    sent = result_to_fhir(weak, subject="Patient/1")
    codes = [
        part["code"] for part in json_parts(sent) if isinstance(part, dict) and part.get("system") == "urn:backpain-rules:symptom"
    ]
    assert "muscle_imbalance" in codes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_cards_are_as_the_specification_of_cds_hooks_wants_them(case: Path) -> None:
    result = KB.assess(KB.read_case(case.read_text()))
    cards = cds_cards(result, source="Acupuncture", url="https://example.org")["cards"]
    assert len(cards) == len((*result.referrals, *result.cautions, *result.recommendations, *result.conflicts))
    for card in cards:
        assert set(card) == {"uuid", "summary", "detail", "indicator", "source"}
        assert UUID(card["uuid"])
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"] == {"label": "Acupuncture", "url": "https://example.org"}
    assert len({card["uuid"] for card in cards}) == len(cards)


def test_what_is_urgent_comes_first() -> None:
    from backpain_rules import Referral, Rule, conclude

    numb, tea = symptom("numb", "Numb", ask="Numb?"), condition("x", "X")
    rules = [
        Rule("soon", when=numb, then=conclude(Referral, to="gp", urgency="soon")),
        Rule("now", when=numb, then=conclude(Referral, to="emergency_department", urgency="emergency")),
        Rule("care", when=numb, then=tea.caution("care", "take care")),
    ]
    cards = cds_cards(KnowledgeBase([Pack("p", version="1", title="", rules=rules)]).assess([numb.present]))["cards"]
    assert [card["indicator"] for card in cards] == ["critical", "warning", "warning"]
