"""The harness itself catches what it is for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fuzzing import fuzz, mutated, mutated_text, replay

from backpain_rules import FactError


def test_another_error_than_one_of_the_library_is_caught_and_can_be_replayed() -> None:
    def read(data: Any) -> object:
        return data["a"]["b"]

    with pytest.raises(AssertionError, match=r"^name (\d+): \w+: ") as caught:
        fuzz("name", 1000, [{"a": {"b": 1}}], mutated, read)
    number = int(str(caught.value).split()[1].rstrip(":"))
    with pytest.raises((KeyError, TypeError, IndexError)):
        read(replay("name", number, [{"a": {"b": 1}}], mutated))


def test_a_reader_that_hangs_is_stopped() -> None:
    def read(text: str) -> None:
        while True:
            pass

    with pytest.raises(AssertionError, match="TimeoutError"):
        fuzz("name", 1, ["text"], mutated_text, read)


def test_a_sentence_as_long_as_its_input_is_caught() -> None:
    def read(text: str) -> None:
        raise FactError(f"what is {'x' * 10_000}?")

    with pytest.raises(AssertionError, match="characters"):
        fuzz("name", 1, ["text"], mutated_text, read)


def test_the_good_input_is_left_as_it_was() -> None:
    good = {"facts": [{"type": "pain", "severity": 3}]}
    text = json.dumps(good)
    for number in range(200):
        replay("name", number, [good], mutated)
    assert json.dumps(good) == text
