"""CDS Hooks: the record system calls, and cards come back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from backpain_intake.cds_hooks import cds_hooks_router
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backpain_rules import KnowledgeBase

LOINC, ICD11 = "http://loinc.org", "http://id.who.int/icd/release/11/mms"
WHO = {"reference": "Patient/1"}


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def symptom(term: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "status": "final", "subject": WHO,
        "code": coded("urn:backpain-rules:symptom", term), "valueBoolean": True,
    }  # fmt: skip


PAIN = {
    "resourceType": "Observation", "status": "final", "subject": WHO, "code": coded(LOINC, "72514-3"),
    "valueInteger": 8, "bodySite": {"text": "lumbar"},
}  # fmt: skip


def call(*observations: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in observations]}
    return {
        "hook": "patient-view", "hookInstance": str(uuid4()),
        "context": {"userId": "Practitioner/1", "patientId": "1"},
        "prefetch": {"patient": {"resourceType": "Patient", "id": "1", "birthDate": "1980-06-01"}, "observations": found},
        **more,
    }  # fmt: skip


def test_the_service_is_discovered(client: TestClient) -> None:
    (service,) = client.get("/cds-services").json()["services"]
    assert (service["hook"], service["id"]) == ("patient-view", "back-pain")
    assert set(service["prefetch"]) == {"patient", "conditions", "observations", "medications", "statements"}


def test_an_emergency_is_the_first_card_and_critical(client: TestClient) -> None:
    answer = client.post("/cds-services/back-pain", json=call(PAIN, symptom("saddle_anaesthesia")))
    first = answer.json()["cards"][0]
    assert first["indicator"] == "critical"
    assert "saddle" in first["detail"].lower()
    assert all(len(card["summary"]) <= 140 for card in answer.json()["cards"])


STRANGE = {**PAIN, "code": coded(LOINC, "8867-4")}


def test_what_was_not_used_makes_no_card(client: TestClient) -> None:
    same = str(uuid4())
    cards = client.post("/cds-services/back-pain", json=call(PAIN, STRANGE, hookInstance=same)).json()["cards"]
    assert cards == client.post("/cds-services/back-pain", json=call(PAIN, hookInstance=same)).json()["cards"]


def test_what_was_not_used_is_listed_for_whoever_asks_for_it() -> None:
    app = FastAPI()
    app.include_router(cds_hooks_router(KnowledgeBase.load(), lambda: date(2026, 5, 21), list_unused=True))
    *_, last = TestClient(app).post("/cds-services/back-pain", json=call(PAIN, STRANGE)).json()["cards"]
    assert last["indicator"] == "info"
    assert "no loaded pack knows its code" in last["detail"]


@pytest.mark.parametrize("nothing", [None, {"resourceType": "Bundle", "type": "searchset", "total": 0}])
def test_a_patient_of_whom_nothing_is_on_record_gets_no_cards(client: TestClient, nothing: Any) -> None:
    answer = client.post(
        "/cds-services/back-pain", json=call(prefetch={"patient": None, "conditions": nothing, "observations": nothing})
    )
    assert (answer.status_code, answer.json()) == (200, {"cards": []})


def test_what_is_about_another_patient_is_not_used(client: TestClient) -> None:
    other = {**symptom("saddle_anaesthesia"), "subject": {"reference": "Patient/2"}}
    assert client.post("/cds-services/back-pain", json=call(other)).json() == {"cards": []}


def test_nothing_to_say_is_no_card(client: TestClient) -> None:
    assert client.post("/cds-services/back-pain", json=call()).json() == {"cards": []}


@pytest.mark.parametrize("made", [None, {"resourceType": "Bundle", "type": "searchset", "total": 0}])
def test_a_patient_of_whom_nothing_is_on_record_gets_no_card(client: TestClient, made: dict[str, Any] | None) -> None:
    fetched = {"patient": None, "conditions": made, "observations": made}
    answer = client.post("/cds-services/back-pain", json=call(prefetch=fetched))
    assert (answer.status_code, answer.json()) == (200, {"cards": []})


WRONG: dict[str, tuple[str, dict[str, Any], int, str]] = {
    "another service": ("neck-pain", call(PAIN), 404, "back-pain"),
    "another hook": ("back-pain", call(PAIN, hook="order-sign"), 422, "hook"),
    "no prefetch": ("back-pain", call(prefetch={}), 412, "prefetch"),
    "no context": ("back-pain", call(context=None), 422, "context"),
    "no FHIR": ("back-pain", call(prefetch={"patient": {"resourceType": "Nobody"}}), 200, ""),
    "an impossible grade": ("back-pain", call({**PAIN, "valueInteger": 80}), 200, ""),
    "a deep nothing": ("back-pain", call({"resourceType": "Bundle", "type": "collection", "entry": [{}]}), 200, ""),
}


@pytest.mark.parametrize(("service", "body", "status", "named"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(client: TestClient, service: str, body: dict[str, Any], status: int, named: str) -> None:
    answer = client.post(f"/cds-services/{service}", json=body)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert named in answer.json()["reason"]
