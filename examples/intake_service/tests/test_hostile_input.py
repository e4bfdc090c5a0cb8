"""Whatever is sent, the answer is a 4xx with a reason, and nothing of it stands in a log."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urlencode

import pytest
from backpain_intake import create_app
from backpain_intake.guard import Guard, Limits
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

SECRET = "Wilhelmina-and-her-secret"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
POSTED = ("/interview", "/interview/answer", "/interview/back", "/interview/report", "/cds-services/back-pain")
PAGES = ("/pages/begin", "/pages/answer", "/pages/back", "/pages/result")

HALF = rb'"\ud800"'
NAMED = f'"{SECRET}"'.encode()


def body(term: bytes) -> bytes:
    """What every route reads something of, with this in each place of a word."""
    return b'{"facts": [{"type": "symptom", "term": %s}], "state": {"facts": %s}, "answer": %s}' % (term, term, term)


BODIES: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"{", 400),
    "no UTF-8": (body(b'"\xff\xfe"'), 400),
    "nothing": (b"", 422),
    "a list": (b"[]", 422),
    "a million brackets": (b"[" * 900_000, 400),
    "a huge number": (body(b"1" + b"0" * 400), 422),
    "more than can be read": (b'"' + b"a" * 2_000_000 + b'"', 413),
    "half a letter": (body(HALF), 422),
    "no number": (body(b"NaN"), 422),
    "a secret": (body(NAMED), 422),
}


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_wrong_gets_a_reason(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str, body: bytes, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = client.post(path, content=body, headers=JSON)
    assert answer.status_code == status, answer.text[:500]
    assert answer.json()["reason"]
    assert SECRET not in "".join(record.getMessage() for record in caplog.records)


FIELDS: dict[str, dict[str, str]] = {
    "nothing": {},
    "a state that is none": {"state": "{}", "answer": "true"},
    "a state that is no JSON": {"state": "{", "answer": "true"},
    "a secret": {"state": SECRET, "answer": SECRET, "language": SECRET},
    "markup": {"state": "<script>alert(1)</script>", "answer": "<script>", "language": "<script>alert(1)</script>"},
    "half a letter": {"state": '{"a": "\\ud800"}', "language": "\\ud800"},
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_a_form_that_is_wrong_gets_a_page_that_says_so(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str, fields: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = client.post(path, content=urlencode(fields), headers={**FORM, "accept": "text/html"})
    if path == "/pages/begin" and "language" not in fields:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 422, answer.text
        assert "Something is wrong" in answer.text
    assert "<script>" not in answer.text
    assert SECRET not in "".join(record.getMessage() for record in caplog.records)


def test_of_what_nobody_foresaw_the_words_are_not_written_down(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app()

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(SECRET)

    caplog.set_level(logging.DEBUG)
    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert "fault of the service" in answer.json()["reason"]
    assert SECRET not in answer.text + caplog.text
    assert "RuntimeError in broken" in caplog.text


def test_a_request_is_logged_by_its_route_alone(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "backpain_intake")
    client.get(f"/{SECRET}")
    client.post(f"/cds-services/{SECRET}", content=b"{}", headers=JSON)
    assert [record.getMessage() for record in caplog.records if record.name == "backpain_intake"] == [
        "GET (no such page) 404",
        "POST /cds-services/{service} 422",
    ]


def test_no_answer_is_kept_on_the_way(client: TestClient) -> None:
    headers = client.get("/").headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_host_that_the_service_does_not_go_by_is_refused_and_not_repeated(client: TestClient) -> None:
    for path in ("/", "/interview/", "/nothing"):
        answer = client.get(path, headers={"host": "stranger.example"}, follow_redirects=False)
        assert answer.status_code == 400
        assert "stranger" not in answer.text + str(answer.headers)


def test_no_page_loads_anything_from_elsewhere(client: TestClient) -> None:
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404
    assert client.get("/openapi.json").status_code == 200


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("nothing comes")


def _statuses(guard: Guard, clients: int) -> list[int]:
    """What so many clients get who begin a body and never end it."""
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [(b"host", b"localhost:80")]}

    async def one() -> int:
        found: list[int] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                found.append(message["status"])

        await guard(dict(scope), _never, send)
        return found[0]

    async def every() -> list[int]:
        return list(await asyncio.gather(*(one() for _ in range(clients))))

    return asyncio.run(every())


def test_a_body_that_does_not_come_is_given_up_and_too_many_at_once_are_told_to_come_back() -> None:
    guard = Guard(_answer, limits=Limits(bytes=10, seconds=0.05, at_once=3), hosts=frozenset({"localhost"}))
    assert sorted(_statuses(guard, 5)) == [408, 408, 408, 503, 503]
    assert sorted(_statuses(guard, 3)) == [408, 408, 408]
