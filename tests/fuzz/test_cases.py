"""Cases, mutated: read or refused, as text and as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fuzzing import fuzz
from mutations import mutated, mutated_json, mutated_text

from backpain_rules import KnowledgeBase

CASES = Path(__file__).parents[2] / "examples" / "cases"


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load("acupuncture")


@pytest.fixture(scope="module")
def good() -> list[Mapping[str, Any]]:
    files = sorted(path for path in CASES.glob("*.json") if not path.name.endswith(".expected.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def test_a_mutated_case_is_read_or_refused(inputs: int, kb: KnowledgeBase, good: list[Mapping[str, Any]]) -> None:
    fuzz("case", inputs, good, mutated_json, lambda text: kb.assess(kb.read_case(text)))


def test_a_mutated_case_as_data_is_read_or_refused(inputs: int, kb: KnowledgeBase, good: list[Mapping[str, Any]]) -> None:
    fuzz("case data", inputs, good, mutated, lambda data: kb.assess(kb.read_case(data)))


def test_mutated_bytes_of_a_case_are_read_or_refused(inputs: int, kb: KnowledgeBase, good: list[Mapping[str, Any]]) -> None:
    texts = [json.dumps(case, indent=1) for case in good]
    fuzz("case text", inputs, texts, mutated_text, lambda text: kb.read_case(text.encode("utf-8", "surrogatepass")))
