"""Records as they are sent: pain, diagnoses, medicines and denials are read as a clinician reads them, the rest is listed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backpain_rules import Diagnosis, KnowledgeBase, Pain, absent, present
from backpain_rules.interchange.fhir_case import FhirCase, read_fhir

RECORDS = Path(__file__).parent / "records"
NAMES = sorted(path.stem for path in RECORDS.glob("*.json") if ".expected" not in path.name)
KB = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")


def expected(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((RECORDS / f"{name}.expected.json").read_bytes())
    return told


def read(name: str, **more: Any) -> FhirCase:
    told = expected(name)
    at, patient = date.fromisoformat(told["at"]), told.get("patient")
    sent = (RECORDS / f"{name}.json").read_bytes()
    return read_fhir(KB, sent, version=told["version"], at=at, patient=patient, **more)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_the_case_that_a_clinician_reads(name: str) -> None:
    assert set(read(name).facts) == set(KB.read_case({"facts": expected(name)["facts"]}))


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_is_used_or_listed_with_a_true_reason(name: str) -> None:
    reasons = {one.place.rpartition(" ")[2]: one.reason for one in read(name).unmapped}
    assert reasons.keys() == expected(name)["unused"].keys()
    assert {place for place, said in expected(name)["unused"].items() if said not in reasons[place]} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_valid_fhir(name: str) -> None:
    assert read(name, strict=True) == read(name)


def test_the_records_speak_of_pain_diagnoses_medicines_and_denials() -> None:
    facts = {fact for name in NAMES for fact in read(name).facts}
    assert {fact.region for fact in facts if isinstance(fact, Pain) and fact.__dict__["present"]} == {"lumbar", "neck"}
    assert {Diagnosis(condition="osteoporosis"), Diagnosis(condition="osteoporosis", present=False)} <= facts
    assert {present("warfarin"), absent("warfarin"), present("anticoagulants"), absent("saddle_anaesthesia")} <= facts


@pytest.mark.parametrize("name", NAMES)
def test_only_the_known_emergency_is_one(name: str) -> None:
    why = [referral.reason for referral in KB.assess(read(name).facts).emergencies]
    assert why == [expected(name)["emergency"]] if "emergency" in expected(name) else why == []
