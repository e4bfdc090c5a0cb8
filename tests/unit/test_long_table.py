"""A long table says what a table of cases says."""

from __future__ import annotations

from random import Random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_pack_acupuncture import PACK
from backpain_rules import Fact, KnowledgeBase, TableError
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.case_tables import batch_of

KB = KnowledgeBase([PACK])


def long(*said: tuple[object, object, object]) -> pa.Table:
    cases, terms, values = ([row[column] for row in said] for column in range(3))
    return pa.table({"case": cases, "term": terms, "value": values})


@given(st.lists(cases_of(KB._linked), min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_widening_undoes_lengthening(cases: list[tuple[Fact, ...]], dice: Random) -> None:
    wide = [{n: v for n, v in row.items() if v is not None} for row in batch_of(KB._kernel, cases, text=True).to_pylist()]
    said = [(row["case"], name, as_text(value)) for row in wide for name, value in row.items() if name != "case"]
    said += [(row["case"], "heat", None) for row in wide]
    again = KB.widen(long(*dice.sample(said, len(said)))).sort_by("case")
    assert [{n: v for n, v in row.items() if v is not None} for row in again.to_pylist()] == wide


def as_text(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("yes", [True, 1, 1.0, "true", "1"])
def test_a_sign_is_said_in_any_of_these_ways(yes: object) -> None:
    assert KB.widen(long(("a", "night_sweats", yes))).to_pydict() == {"case": ["a"], "symptom__night_sweats": [True]}


def test_the_columns_may_have_other_names() -> None:
    said = pa.table({"patient_id": [7], "concept": ["pain__lumbar__severity"], "result": [3]})
    assert KB.widen(said, case="patient_id", term="concept", value="result").to_pydict() == {
        "patient_id": [7],
        "pain__lumbar__severity": [3],
    }


def test_the_same_said_twice_counts_once() -> None:
    said = long(("a", "heat", "true"), ("a", "symptom__heat", "true"), ("a", "heat", "true"), ("b", "heat", None))
    assert KB.widen(said).to_pydict() == {"case": ["a", "b"], "symptom__heat": [True, None]}


@pytest.mark.parametrize(
    ("said", "telling"),
    [
        ([("a", "night_swaets", "true")], "no symptom is called 'night_swaets'; did you mean 'night_sweats'"),
        ([("a", "heat", "true"), ("b", "heat", "false"), ("a", "heat", "false")], "case 'a' has two values for 'symptom__heat'"),
        ([("a", "heat", "true"), ("a", "symptom__heat", "false")], "case 'a' has two values for 'symptom__heat'"),
        ([("a", "heat", "perhaps")], "'symptom__heat' holds true or false"),
        ([("a", "heat", 2)], "'symptom__heat' is true or false, or 1 or 0"),
        ([("a", "pain__lumbar__severity", "3.5")], "'pain__lumbar__severity' holds a whole number"),
        ([(None, "heat", "true"), ("b", "heat", "true")], "'case' of a long table has a value in every row"),
    ],
)
def test_what_no_table_can_hold_is_refused(said: list[tuple[object, object, object]], telling: str) -> None:
    with pytest.raises(TableError) as caught:
        KB.widen(long(*said))
    assert telling in caught.value.message


def test_a_table_without_these_columns_is_refused() -> None:
    with pytest.raises(TableError, match="there is no 'term'"):
        KB.widen(pa.table({"case": [1], "value": [1]}))
