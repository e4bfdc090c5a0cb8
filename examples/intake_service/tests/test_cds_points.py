"""CDS Hooks 2.0 point by point (cds-hooks.hl7.org/2.0): each test is a point, its name says what the service does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import jwt
import pytest
from backpain_intake import create_app
from backpain_intake.callers import Callers
from backpain_intake.cds_hooks import MOST_CARDS, Feedback, cds_hooks_router
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fhir.resources.R4B.servicerequest import ServiceRequest
from test_cds_hooks import PAIN, call, symptom

from backpain_rules import KnowledgeBase

URL = "/cds-services/back-pain"
TODAY = date(2026, 5, 21)
SEARCHES = ["conditions", "observations", "medications", "statements"]


def cards_of(client: TestClient, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(URL, json=body)
    assert answer.status_code == 200, answer.text
    cards: list[dict[str, Any]] = answer.json()["cards"]
    return cards


EMERGENCY = (PAIN, symptom("saddle_anaesthesia"))

# --- prefetch ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_is_of_the_patient_the_newest_first_and_of_limited_size(client: TestClient, name: str) -> None:
    [service] = client.get("/cds-services").json()["services"]
    asked = parse_qs(urlsplit(service["prefetch"][name]).query)
    assert asked["patient"] == ["{{context.patientId}}"]
    assert asked["_count"] == ["200"]
    assert asked["_sort"][0].startswith("-")


def test_observations_are_asked_for_by_the_codes_that_the_packs_know(client: TestClient) -> None:
    [service] = client.get("/cds-services").json()["services"]
    [codes] = parse_qs(urlsplit(service["prefetch"]["observations"]).query)["code"]
    assert "http://loinc.org|72514-3" in codes.split(",")
    assert "urn:" not in codes
    assert "*" not in codes


NOTHING: list[Any] = [None, {"resourceType": "Bundle", "type": "searchset", "total": 0}]


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_null_or_empty_prefetch_gives_no_cards_and_is_no_error(client: TestClient, nothing: Any) -> None:
    assert cards_of(client, call(prefetch=dict.fromkeys(["patient", *SEARCHES], nothing))) == []


FAILED = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
HINT = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "processing"}]}


def found(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources], **more}


@pytest.mark.parametrize("failed", [FAILED, found(FAILED)])
def test_a_search_that_failed_is_told_and_the_rest_is_used(client: TestClient, failed: dict[str, Any]) -> None:
    first, *_, last = cards_of(client, call(prefetch={"observations": found(*EMERGENCY), "conditions": failed}))
    assert first["indicator"] == "critical"
    assert (last["indicator"], "conditions" in last["detail"]) == ("warning", True)


def test_a_hint_beside_what_was_found_is_no_failure(client: TestClient) -> None:
    cards = cards_of(client, call(prefetch={"observations": found(*EMERGENCY, HINT)}))
    assert all("not read" not in card["summary"] for card in cards)


def test_more_pages_of_a_search_are_told(client: TestClient) -> None:
    page = found(PAIN, link=[{"relation": "next", "url": "https://record.example/next"}])
    *_, last = cards_of(client, call(prefetch={"observations": page}))
    assert "more than the 1 that were fetched" in last["detail"]


def test_without_any_prefetch_the_precondition_failed(client: TestClient) -> None:
    assert client.post(URL, json=call(prefetch={})).status_code == 412


def test_the_record_of_another_patient_is_refused(client: TestClient) -> None:
    body = call(*EMERGENCY)
    body["prefetch"]["patient"]["id"] = "2"
    answer = client.post(URL, json=body)
    assert answer.status_code == 422
    assert "another patient" in answer.json()["reason"]


# --- cards ------------------------------------------------------------------------------------------------------------


def test_a_card_has_an_id_of_its_own_for_each_call(client: TestClient) -> None:
    first, second = (cards_of(client, call(*EMERGENCY)) for _ in range(2))
    ids = [UUID(card["uuid"]) for card in (*first, *second)]
    assert len(set(ids)) == len(ids)


def test_the_same_call_gets_the_same_ids(client: TestClient) -> None:
    body = call(*EMERGENCY)
    assert cards_of(client, body) == cards_of(client, body)


def test_the_most_urgent_card_comes_first_and_there_are_few(client: TestClient) -> None:
    signs = (
        "saddle_anaesthesia", "flank_pain", "haematuria", "night_sweats", "fever_or_chills", "foot_drop", "wants_acupuncture",
        "pacemaker", "bleeding_disorder", "skin_infection", "warfarin", "takes_herbs", "low_libido", "weak_knees",
    )  # fmt: skip
    cards = cards_of(client, call(PAIN, *map(symptom, signs)))
    assert len(cards) == MOST_CARDS + 1
    assert "EMERGENCY" in cards[0]["summary"]
    order = [["critical", "warning", "info"].index(card["indicator"]) for card in cards]
    assert order == sorted(order)
    assert "more conclusions" in cards[-1]["summary"]


def test_a_referral_suggests_a_draft_request_for_this_patient(client: TestClient) -> None:
    first = cards_of(client, call(*EMERGENCY))[0]
    assert first["selectionBehavior"] == "at-most-one"
    [suggestion] = first["suggestions"]
    [action] = suggestion["actions"]
    assert (action["type"], bool(action["description"]), bool(UUID(suggestion["uuid"]))) == ("create", True, True)
    request = ServiceRequest.model_validate(action["resource"])
    assert (request.subject.reference, request.status, request.priority) == ("Patient/1", "draft", "stat")


def test_no_card_without_suggestions_says_how_to_select_them(client: TestClient) -> None:
    assert all(("selectionBehavior" in card) == ("suggestions" in card) for card in cards_of(client, call(*EMERGENCY)))


def test_what_is_urgent_can_be_overridden_with_a_coded_reason(client: TestClient) -> None:
    for card in cards_of(client, call(*EMERGENCY)):
        reasons = card.get("overrideReasons", [])
        assert bool(reasons) is (card["indicator"] != "info")
        assert all({"code", "system", "display"} == set(reason) for reason in reasons)


def test_a_card_links_to_its_sources_and_has_a_topic(client: TestClient) -> None:
    first = cards_of(client, call(*EMERGENCY))[0]
    assert first["source"]["topic"] == {"system": "urn:backpain-rules:topic", "code": "referral"}
    assert {link["type"] for link in first["links"]} == {"absolute"}
    assert all(link["url"].startswith("https://") for link in first["links"])


def test_no_member_of_a_card_is_null(client: TestClient) -> None:
    assert "null" not in client.post(URL, json=call(*EMERGENCY)).text


# --- feedback ---------------------------------------------------------------------------------------------------------

WHEN = "2026-05-21T10:00:00Z"


def test_feedback_is_taken_and_handed_on() -> None:
    taken: list[Feedback] = []
    app = FastAPI()
    app.include_router(cds_hooks_router(KnowledgeBase.load("red_flags"), lambda: TODAY, take_feedback=taken.append))
    reason = {"reason": {"system": "urn:backpain-rules:override-reason", "code": "declined"}, "userComment": "later"}
    said = [
        {"card": str(uuid4()), "outcome": "accepted", "acceptedSuggestions": [{"id": str(uuid4())}], "outcomeTimestamp": WHEN},
        {"card": str(uuid4()), "outcome": "overridden", "overrideReason": reason, "outcomeTimestamp": WHEN},
    ]
    assert TestClient(app).post(f"{URL}/feedback", json={"feedback": said}).status_code == 200
    assert [one.outcome for one in taken[0].feedback] == ["accepted", "overridden"]


@pytest.mark.parametrize("wrong", [{"outcome": "ignored"}, {"card": "x"}, {"outcomeTimestamp": "yesterday"}])
def test_feedback_that_says_nothing_known_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    said = {"card": str(uuid4()), "outcome": "accepted", "outcomeTimestamp": WHEN, **wrong}
    assert client.post(f"{URL}/feedback", json={"feedback": [said]}).status_code == 422


def test_feedback_to_another_service_is_not_found(client: TestClient) -> None:
    assert client.post("/cds-services/neck-pain/feedback", json={"feedback": []}).status_code == 404


# --- who may call -----------------------------------------------------------------------------------------------------

SANDBOX = "https://sandbox.cds-hooks.org"


def test_a_page_of_a_named_origin_may_call_and_no_other() -> None:
    client = TestClient(create_app(KnowledgeBase.load("red_flags"), today=lambda: TODAY, origins=[SANDBOX]))
    for origin, allowed in ((SANDBOX, SANDBOX), ("https://elsewhere.example", None)):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        assert client.options(URL, headers=headers).headers.get("access-control-allow-origin") == allowed
        assert client.get("/cds-services", headers={"Origin": origin}).headers.get("access-control-allow-origin") == allowed


RECORD, BASE = "https://record.example", "https://cds.example.org"
PRIVATE, STRANGER = (ec.generate_private_key(ec.SECP384R1()) for _ in range(2))
PUBLIC = {**jwt.algorithms.ECAlgorithm.to_jwk(PRIVATE.public_key(), as_dict=True), "kid": "one", "alg": "ES384"}


def token(*, key: Any = PRIVATE, algorithm: str = "ES384", kid: str = "one", without: str = "", **claims: Any) -> str:
    now = int(time.time())
    said = {"iss": RECORD, "aud": BASE + URL, "iat": now, "exp": now + 60, "jti": str(uuid4()), **claims}
    said.pop(without, None)
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid})


@pytest.fixture(scope="module")
def guarded() -> TestClient:
    callers = Callers({RECORD: [PUBLIC]}, base=BASE)
    return TestClient(create_app(KnowledgeBase.load("red_flags"), today=lambda: TODAY, check_caller=callers))


def called(client: TestClient, token: str | None) -> int:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return client.post(URL, json=call(*EMERGENCY), headers=headers).status_code


def test_a_signed_token_of_a_trusted_issuer_may_call(guarded: TestClient) -> None:
    assert called(guarded, token()) == 200
    assert guarded.get("/cds-services").status_code == 200


NOW = int(time.time())
REFUSED: dict[str, str | None] = {
    "no token": None,
    "no JSON Web Token": "abc",
    "another key": token(key=STRANGER),
    "a key that is not known": token(kid="two"),
    "another issuer": token(iss="https://elsewhere.example"),
    "another address": token(aud=BASE + "/cds-services/other"),
    "out of time": token(iat=NOW - 400, exp=NOW - 200),
    "from the future": token(iat=NOW + 4000, exp=NOW + 4060),
    "valid for too long": token(exp=NOW + 100_000),
    "a shared secret": token(key="s" * 48, algorithm="HS384"),
    "no signature": token(key=None, algorithm="none"),
    "no id": token(without="jti"),
    "no end": token(without="exp"),
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED)
def test_a_token_is_refused_that_has(guarded: TestClient, made: str | None) -> None:
    assert called(guarded, made) == 401


def test_a_token_can_be_used_once(guarded: TestClient) -> None:
    once = token()
    assert [called(guarded, once) for _ in range(2)] == [200, 401]


def test_feedback_needs_a_token_too(guarded: TestClient) -> None:
    assert guarded.post(f"{URL}/feedback", json={"feedback": []}).status_code == 401
    signed = {"Authorization": f"Bearer {token(aud=f'{BASE}{URL}/feedback')}"}
    assert guarded.post(f"{URL}/feedback", json={"feedback": []}, headers=signed).status_code == 200
