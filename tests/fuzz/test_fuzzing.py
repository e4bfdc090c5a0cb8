"""The harness itself catches what it is for."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import pytest
from fuzzing import fuzz, replay
from mutations import mutated, mutated_text
from shrinking import smallest

from backpain_rules import FactError


def read_member(data: Any) -> object:
    return data["a"]["b"]


def test_another_error_than_one_of_the_library_is_caught_and_can_be_replayed() -> None:
    with pytest.raises(AssertionError, match=r"^name (\d+): \w+ at .*test_fuzzing.py:\d+: ") as caught:
        fuzz("name", 1000, [{"a": {"b": 1}}], mutated, read_member)
    number = int(str(caught.value).split()[1].rstrip(":"))
    with pytest.raises((KeyError, TypeError, IndexError)):
        read_member(replay("name", number, [{"a": {"b": 1}}], mutated))


def test_a_failure_shows_the_smallest_input_that_fails_in_the_same_way() -> None:
    def read(data: dict[str, Any]) -> None:
        if data["facts"][0]["wrong"]:
            raise ValueError("the same")

    good = {"facts": [{"wrong": ["long", "list"], "right": "text"}, {"more": 1}], "other": [1, 2, 3]}
    with pytest.raises(AssertionError) as caught:
        fuzz("name", 1, [good], lambda _, data: data, read)
    assert str(caught.value).endswith("{'facts': [{'wrong': ['']}]}")


def test_text_shrinks_to_the_characters_that_matter() -> None:
    assert smallest("a long text with an x in it", lambda text: "x" in text, 1000) == "x"


def test_a_reader_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzzing.MOST_SECONDS", 0.05)

    def read(text: str) -> None:
        while True:
            try:
                text += "x"
            except Exception:
                continue

    with pytest.raises(AssertionError, match="name 0: hangs"):
        fuzz("name", 1, ["text"], mutated_text, read)


def test_a_reader_that_waits_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzzing.MOST_WAITING", 0.05)
    with pytest.raises(AssertionError, match="name 0: hangs"):
        fuzz("name", 1, ["text"], mutated_text, lambda _: Event().wait())


def test_a_sentence_as_long_as_its_input_is_caught() -> None:
    def read(text: str) -> None:
        raise FactError(f"what is {'x' * 10_000}?")

    with pytest.raises(AssertionError, match="a sentence as long as its input"):
        fuzz("name", 1, ["text"], mutated_text, read)


def test_the_good_input_is_left_as_it_was() -> None:
    good = {"facts": [{"type": "pain", "severity": 3}]}
    text = json.dumps(good)
    for number in range(200):
        replay("name", number, [good], mutated)
    assert json.dumps(good) == text
