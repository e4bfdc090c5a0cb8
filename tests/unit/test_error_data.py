"""`error.fields` keeps every entry of a mapping."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backpain_rules.errors import BackpainRulesError, as_data

KEYS = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["1", "1 (2)", "None", "(1,)"])


@given(st.dictionaries(KEYS | st.tuples(st.integers()), st.integers()))
def test_a_mapping_as_data_has_every_entry_and_texts_name_themselves(mapping: dict[Any, int]) -> None:
    data = as_data(mapping)
    assert sorted(data.values()) == sorted(mapping.values())
    assert all(data[key] == value for key, value in mapping.items() if isinstance(key, str))


def test_two_keys_that_show_alike_are_both_there() -> None:
    assert BackpainRulesError("x", value={1: "number", "1": "text"}).fields == {"value": {"1": "text", "1 (2)": "number"}}
