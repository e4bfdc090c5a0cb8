"""JSON text is read strictly: nothing in it is dropped, guessed or read in unbounded time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import FactError, InvalidFactError, KnowledgeBase
from backpain_rules.json_text import DEEPEST, MOST_BYTES, read_json

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(DATA, st.booleans(), st.booleans())
def test_what_is_written_is_read(data: Any, mark: bool, ascii_only: bool) -> None:
    text = "\ufeff" * mark + json.dumps(data, ensure_ascii=ascii_only)
    for given_as in (text, text.encode(), bytearray(text.encode())):
        assert json.dumps(read_json(given_as)) == json.dumps(data)


@given(DATA)
def test_what_is_data_already_is_given_back(data: Any) -> None:
    if not isinstance(data, str):
        assert read_json(data) is data


REFUSED = [
    ('{"facts": [{"a": 1}, {"present": true, "present": true}]}', "facts[1].present", "is given twice"),
    ('{"a": 1, "b": [{"c": {}, "c": {}}], "a": 2}', "a", "is given twice"),
    ("[NaN]", "", "NaN is no JSON value"),
    ("[-Infinity]", "", "-Infinity is no JSON value"),
    ("[1e999]", "", "1e999 is too large"),
    ('["\\ud800"]', "[0]", "half of a surrogate pair"),
    ('{"a": {"\\udc00": 1}}', "a", "half of a surrogate pair"),
    ('"\ud800"', "character 1", "half of a surrogate pair"),
    ('{"a" 1}', "line 1, column 6", "this is not JSON"),
    ("", "line 1, column 1", "this is not JSON"),
    ("\ufeff\ufeff{}", "line 1, column 1", "this is not JSON"),
    (b"\xff\xfe{\0}\0", "byte 0", "not UTF-8"),
    ("1" * 5000, "", "4,300 digits"),
    ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "", "nests more than 100"),
    ("[" * 10_000_000, "", "nests more than 100"),
    (" " * (MOST_BYTES + 1), "", "longer than 32 MiB"),
]


@pytest.mark.parametrize(("text", "place", "said"), REFUSED, ids=[str(row[0])[:20] for row in REFUSED])
def test_what_is_no_json_is_refused_with_its_place(text: str | bytes, place: str, said: str) -> None:
    with pytest.raises(InvalidFactError) as caught:
        read_json(text)
    assert said in str(caught.value)
    assert caught.value.fields["place"] == place


def test_a_hundred_levels_are_read() -> None:
    assert json.dumps(read_json("[" * DEEPEST + "]" * DEEPEST)) == "[" * DEEPEST + "]" * DEEPEST


def test_no_error_repeats_ten_megabytes_of_text(kb: KnowledgeBase) -> None:
    long = "x" * 10_000_000
    for fact in ({"type": long}, {"type": "symptom", "term": long}, {"type": "pain", "region": long}, {"type": "pain", long: 1}):
        with pytest.raises(FactError) as caught:
            kb.read_case({"facts": [fact]})
        assert len(str(caught.value)) < 1000


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load("acupuncture")
