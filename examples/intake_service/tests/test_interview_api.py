"""The interview as JSON: whoever has the state goes on from there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backpain_rules import DONT_KNOW, KnowledgeBase, Pain

FACTS = [{"type": "pain", "region": "lumbar", "severity": 8, "duration": "PT6H"}]


def turn(client: TestClient, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/interview{path}", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_an_interview_goes_from_question_to_question_to_a_result(client: TestClient) -> None:
    now = turn(client, "", facts=FACTS)
    asked = []
    while not now["finished"]:
        asked.append(now["question"]["id"])
        assert len(asked) < 100
        now = turn(client, "/answer", state=now["state"], answer=False if now["question"]["kind"] == "yes_no" else None)
    assert len(set(asked)) == len(asked) > 3
    assert now["question"] is None
    assert now["result"]["undecided"] == [] or all(one["needs"] for one in now["result"]["undecided"])


def test_a_turn_depends_on_the_state_that_was_sent_and_on_nothing_else(client: TestClient) -> None:
    first = turn(client, "", facts=FACTS)
    one, other = (option["value"] for option in first["question"]["options"][:2])
    now = turn(client, "/answer", state=first["state"], answer=one)
    assert now["state"] != turn(client, "/answer", state=first["state"], answer=other)["state"]
    assert turn(client, "/answer", state=first["state"], answer=one) == now


def test_going_back_gives_the_question_before(client: TestClient) -> None:
    first = turn(client, "", facts=FACTS)
    second = turn(client, "/answer", state=first["state"], answer=None)
    assert second["question"] != first["question"]
    assert turn(client, "/back", state=second["state"])["question"] == first["question"]


def test_it_asks_in_the_language_that_was_asked_for(client: TestClient) -> None:
    assert turn(client, "", language="zh-Hans")["question"]["text"] != turn(client, "")["question"]["text"]


def test_the_report_is_a_page_in_that_language(client: TestClient) -> None:
    state = turn(client, "", facts=FACTS, language="zh-Hans")["state"]
    page = client.post("/interview/report", json={"state": state})
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="zh-Hans">' in page.text


WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "a symptom that no pack has": ("", {"facts": [{"type": "symptom", "term": "nigth_sweats"}]}, "night_sweats"),
    "facts that contradict each other": ("", {"facts": [*FACTS, {"type": "pain", "region": "lumbar", "severity": 2}]}, "lumbar"),
    "a language that no pack has": ("", {"language": "xx"}, "xx"),
    "facts that are none": ("", {"facts": 3}, "facts"),
    "a state that is none": ("/answer", {"state": {"a": 1}, "answer": True}, "no saved interview"),
    "no state": ("/answer", {"answer": True}, "state"),
    "no answer": ("/answer", {"state": {}}, "answer"),
}


@pytest.mark.parametrize(("path", "body", "named"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(client: TestClient, path: str, body: dict[str, Any], named: str) -> None:
    answer = client.post(f"/interview{path}", json=body)
    assert answer.status_code == 422
    assert named in answer.json()["reason"]


@pytest.mark.parametrize("answer", ["perhaps", 7, "PT6H"])
def test_an_answer_that_does_not_fit_the_question_is_refused(client: TestClient, answer: object) -> None:
    state = turn(client, "")["state"]
    refused = client.post("/interview/answer", json={"state": state, "answer": answer})
    assert refused.status_code == 422
    assert str(answer) in refused.json()["reason"]


def test_zero_is_a_number_and_a_mistyped_one_keeps_the_interview(client: TestClient) -> None:
    kb = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
    interview = kb.interview([Pain(region="lumbar", duration=timedelta(weeks=20))])
    while (question := interview.question) is not None and question.kind != "number":
        interview.answer(False if question.kind == "yes_no" else DONT_KNOW)
    assert question is not None
    state = interview.to_json()
    refused = client.post("/pages/answer", data={"state": state, "number": "thirty"}, headers={"accept": "text/html"})
    assert refused.status_code == 422
    assert "is no number" in refused.text
    assert question.text in refused.text
    assert client.post("/pages/answer", data={"state": state, "number": "0"}).status_code == 200
