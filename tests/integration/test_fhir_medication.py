"""Medicines of a record: what the patient takes now is read by code, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backpain_rules import Fact, KnowledgeBase, absent, present
from backpain_rules.interchange.fhir_case import read_fhir
from backpain_rules.interchange.fhir_models import Version

KB = KnowledgeBase.load("red_flags")
ATC = "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
BOTH = {present("anticoagulants"), present("warfarin")}


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def statement(code: dict[str, Any], version: Version = "R4B", **more: Any) -> dict[str, Any]:
    medicine = {"medication": {"concept": code}} if version == "R5" else {"medicationCodeableConcept": code}
    status = "recorded" if version == "R5" else "active"
    base = {"resourceType": "MedicationStatement", "status": status, "subject": {"reference": "Patient/1"}}
    return {**base, **medicine, **more}


def request(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    return statement(code, resourceType="MedicationRequest", intent="order", **more)


def facts(resource: dict[str, Any], version: Version = "R4B") -> set[Fact]:
    read = read_fhir(KB, resource, version=version, at=date(2026, 5, 21))
    assert bool(read.facts) is not bool(read.unmapped)
    return set(read.facts)


@pytest.mark.parametrize("version", ["R4B", "R5"])
def test_warfarin_is_an_anticoagulant_too(version: Version) -> None:
    assert facts(statement(concept(ATC, "B01AA03"), version), version) == BOTH


def test_an_order_that_is_active_counts() -> None:
    assert facts(request(concept(ATC, "B01AF02"))) == {present("anticoagulants")}


@pytest.mark.parametrize("code", ["11289", "855332", "202421"])
def test_warfarin_is_known_by_ingredient_tablet_and_brand_of_rxnorm(code: str) -> None:
    assert facts(statement(concept(RXNORM, code))) == BOTH


def test_an_anticoagulant_of_rxnorm_is_one() -> None:
    assert facts(request(concept(RXNORM, "1364430"))) == {present("anticoagulants")}


MEDICATION = {"resourceType": "Medication", "id": "m1", "code": concept(ATC, "B01AA03")}


def referring(reference: str, version: Version, **more: Any) -> dict[str, Any]:
    named = {"reference": reference}
    medicine = {"medication": {"reference": named}} if version == "R5" else {"medicationReference": named}
    whole = statement({}, version, **more)
    return {**{name: value for name, value in whole.items() if not name.startswith("medication")}, **medicine}


@pytest.mark.parametrize("version", ["R4B", "R5"])
def test_a_medicine_is_found_in_the_resource_and_in_the_bundle(version: Version) -> None:
    inside = referring("#m1", version, contained=[MEDICATION])
    assert facts(inside, version) == BOTH
    for reference in ("Medication/m1", "urn:uuid:1"):
        entries = [{"resource": referring(reference, version)}, {"fullUrl": "urn:uuid:1", "resource": MEDICATION}]
        sent = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        assert facts(sent, version) == BOTH


def test_a_medication_that_nobody_takes_and_one_that_was_not_sent_are_listed() -> None:
    entries = [{"resource": referring("Medication/m2", "R4B")}, {"resource": MEDICATION}]
    read = read_fhir(KB, {"resourceType": "Bundle", "type": "collection", "entry": entries}, version="R4B")
    assert read.facts == ()
    assert [one.reason for one in read.unmapped] == [
        "its medicine is a reference to a Medication that was not sent",
        "resources of the type Medication are not read",
    ]


def test_what_the_patient_does_not_take_is_absent_and_its_class_stays_unknown() -> None:
    assert facts(statement(concept(ATC, "B01AA03"), status="not-taken")) == {absent("warfarin")}


UNUSED = {
    "an antiplatelet": (statement(concept(ATC, "B01AC06")), "no loaded pack knows its code"),
    "one that ended": (statement(concept(ATC, "B01AA03"), effectivePeriod={"end": "2026-05-01"}), "it ended on 2026-05-01"),
    "one that was stopped": (statement(concept(ATC, "B01AA03"), status="stopped"), "its status is stopped"),
    "a proposal": (request(concept(ATC, "B01AA03")) | {"intent": "proposal"}, "it is a proposal and no order"),
    "an order not to give it": (request(concept(ATC, "B01AA03"), doNotPerform=True), "not to be given"),
    "a later order": (request(concept(ATC, "B01AA03"), authoredOn="2026-06-01"), "after the day of the assessment"),
    "text alone": (statement({"text": "warfarin"}), "named by no code"),
    "a class that is not taken": (statement(concept(ATC, "B01AF02"), status="not-taken"), "narrower than what the packs ask"),
}


@pytest.mark.parametrize(("resource", "reason"), UNUSED.values(), ids=UNUSED)
def test_a_medicine_is_not_used_and_the_reason_is_listed(resource: dict[str, Any], reason: str) -> None:
    read = read_fhir(KB, resource, version="R4B", at=date(2026, 5, 21))
    assert read.facts == ()
    assert any(reason in one.reason for one in read.unmapped)


def test_the_medicine_of_another_patient_is_not_used() -> None:
    read = read_fhir(KB, statement(concept(ATC, "B01AA03")), version="R4B", patient="2")
    assert (read.facts, len(read.unmapped)) == ((), 1)


def test_an_onset_at_an_age_leaves_the_duration_unknown_and_says_so() -> None:
    pain = {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/1"},
        "code": concept("http://hl7.org/fhir/sid/icd-10-cm", "M54.50"),
        "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        "onsetAge": {"value": 30, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"},
    }
    read = read_fhir(KB, pain, version="R4B", at=date(2026, 5, 21))
    assert [fact.__dict__.get("duration") for fact in read.facts] == [None]
    assert "onsetAge names no day" in read.unmapped[0].reason
