"""The details of an error come back from JSON as they were, whatever value is at fault."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import BackpainRulesError, Pain
from backpain_rules.durations import parse_duration


class Speechless:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


def errors_below(kind: type[BackpainRulesError]) -> list[type[BackpainRulesError]]:
    return [kind, *(below for one in kind.__subclasses__() for below in errors_below(one))]


plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.complex_numbers(),
    st.decimals(allow_nan=False),
    st.dates(), st.times(), st.datetimes(), st.timedeltas(), st.just(10**400),
    st.builds(Speechless),
    st.sampled_from(["\ud800", Pain, Pain(region="neck"), object(), len]),
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers(), st.none()), inner, max_size=3),
        st.frozensets(plain, max_size=3),
    ),
    max_leaves=12,
)


@given(st.sampled_from(errors_below(BackpainRulesError)), values)
def test_the_fields_of_every_error_come_back_from_json(kind: type[BackpainRulesError], value: Any) -> None:
    error = kind("it is wrong", value=value).at("facts[0]").with_details(more=(value, value))
    assert json.loads(json.dumps(error.fields, allow_nan=False)) == error.fields


@given(st.timedeltas(max_value=timedelta(days=36500), min_value=timedelta(0)))
def test_a_duration_in_the_fields_is_exact(duration: timedelta) -> None:
    assert parse_duration(BackpainRulesError("", value=duration).fields["value"]) == duration
