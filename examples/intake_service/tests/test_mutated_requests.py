"""Mutated requests: the answer has a status that the OpenAPI document names for the route, and no log holds a word of them.

`FUZZ_INPUTS=20000 .venv/bin/pytest tests/test_mutated_requests.py` tries so many on each route. Request n of a route is always
the same.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from mutations import mutated, mutated_json
from test_cds_hooks import PAIN, WHO, call, symptom

SECRET = "Wilhelmina-and-her-secret"
INPUTS = int(os.environ.get("FUZZ_INPUTS", "300"))
FACTS: list[dict[str, Any]] = [
    {"type": "pain", "region": "lumbar", "severity": 8, "duration": "PT6H"},
    {"type": "symptom", "term": "saddle_anaesthesia", "present": False},
]
NAMED: dict[str, Any] = {"resourceType": "Patient", "id": "1", "birthDate": "1980-06-01", "name": [{"text": SECRET}]}
TOLD: dict[str, Any] = {**symptom("saddle_anaesthesia"), "subject": {**WHO, "display": SECRET}, "note": [{"text": SECRET}]}


def documented(app: FastAPI, route: str) -> set[int]:
    return {int(status) for status in app.openapi()["paths"][route]["post"]["responses"]}


@pytest.fixture
def good(client: TestClient) -> Mapping[str, list[dict[str, Any]]]:
    """For each route what it takes."""
    turn = client.post("/interview", json={"facts": FACTS}).json()
    state, option = turn["state"], turn["question"]["options"][0]["value"]
    later = client.post("/interview/answer", json={"state": state, "answer": option}).json()["state"]
    known = call(PAIN, TOLD)
    return {
        "/cds-services/{service}": [known, {**known, "prefetch": {"patient": NAMED, "conditions": None, "observations": TOLD}}],
        "/interview": [{"facts": FACTS, "language": "en"}],
        "/interview/answer": [{"state": state, "answer": option}, {"state": state, "answer": SECRET}],
        "/interview/back": [{"state": later}],
        "/interview/report": [{"state": state}],
    }


@pytest.mark.parametrize(
    "route", ["/cds-services/{service}", "/interview", "/interview/answer", "/interview/back", "/interview/report"]
)
def test_a_mutated_request_gets_a_documented_status_and_leaves_no_word_in_a_log(
    app: FastAPI,
    client: TestClient,
    good: Mapping[str, list[dict[str, Any]]],
    caplog: pytest.LogCaptureFixture,
    route: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    allowed, seen = documented(app, route), set[int]()
    path = route.replace("{service}", "back-pain")
    for number in range(INPUTS):
        rng = Random(f"{route}:{number}")
        body = mutated_json(rng, rng.choice(good[route])).encode("utf-8", "surrogatepass")
        answer = client.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in allowed, f"{route} {number}: {answer.status_code} {answer.text[:300]}"
        if answer.status_code != 200:
            assert answer.json()["reason"], f"{route} {number}"
        seen.add(answer.status_code)
    assert {200, 422} <= seen
    assert not [record for record in caplog.records if SECRET in record.getMessage()]


def test_a_mutated_page_gets_a_page_and_leaves_no_word_in_a_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    state = client.post("/interview", json={"facts": FACTS}).json()["state"]
    for number in range(INPUTS):
        rng = Random(f"page:{number}")
        fields = mutated(rng, {"answer": SECRET, "number": "8", "amount": "3", "unit": "days"})
        form = (
            {name: str(value)[:1000].replace("\ud800", "?") for name, value in fields.items()} if isinstance(fields, dict) else {}
        )
        form["state"] = mutated_json(rng, state).encode("utf-8", "replace").decode() if rng.random() < 0.5 else json.dumps(state)
        answer = client.post("/pages/answer", data=form, headers={"accept": "text/html"})
        assert answer.status_code in (200, 400, 422), f"{number}: {answer.status_code} {answer.text[:300]}"
        assert answer.headers["content-type"].startswith("text/html"), number
    assert not [record for record in caplog.records if SECRET in record.getMessage()]
