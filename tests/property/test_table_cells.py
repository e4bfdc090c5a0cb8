"""A cell of a decision table allows the values that FEEL says, and two cells meet exactly when some value is allowed by both."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backpain_rules import KnowledgeBase, Pain, PremiseError
from backpain_rules.pack_data import pack_from_data
from backpain_rules.pack_data.cells import meet, premise_of, read_cell
from effort import examples

often = settings(deadline=None, max_examples=examples(200))
NUMBERS = range(11)
numbers = st.integers(0, 10)


@st.composite
def unary_tests(draw: st.DrawFn) -> tuple[str, set[int]]:
    """One test as text, and the whole numbers from 0 to 10 that it allows."""
    one, other = sorted((draw(numbers), draw(numbers)))
    match draw(st.integers(0, 3)):
        case 0:
            return f"{one}", {one}
        case 1:
            op = draw(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
            python = {"=": "=="}.get(op, op)
            return f"{op} {one}", {n for n in NUMBERS if _holds(n, python, one)}
        case 2:
            return f"[{one}..{other}]", {n for n in NUMBERS if one <= n <= other}
        case _:
            return f"({one}..{other}[", {n for n in NUMBERS if one < n < other}


def _holds(n: int, op: str, k: int) -> bool:
    return {"<": n < k, "<=": n <= k, ">": n > k, ">=": n >= k, "==": n == k, "!=": n != k}[op]


cells = st.tuples(st.lists(unary_tests(), min_size=1, max_size=3), st.booleans()).map(
    lambda drawn: (
        ("not({})" if drawn[1] else "{}").format(", ".join(text for text, _ in drawn[0])),
        set(NUMBERS) - set[int]().union(*(some for _, some in drawn[0]))
        if drawn[1]
        else set[int]().union(*(some for _, some in drawn[0])),
    )
)


def read(text: str) -> Any:
    return read_cell(text, True, lambda word: (float(word), {"value": int(word)}), "cell")


@often
@given(cells)
@example(("0, != 0", set(NUMBERS)))
def test_a_cell_becomes_a_premise_that_holds_for_exactly_its_values(cell: tuple[str, set[int]]) -> None:
    text, allowed = cell
    ranges = read(text)
    if not ranges:
        assert not allowed
        return
    premise = premise_of(ranges, {"field": "pain.severity"})
    pack = pack_from_data(
        {
            "backpain_rules_pack": 1, "id": "p", "version": "1", "title": "P",
            "rules": [{"id": "r", "for_each": {"pain": "pain"}, "when": premise, "then": {"caution": "x"}}],
        }
    )  # fmt: skip
    kb = KnowledgeBase([pack])
    for severity in NUMBERS:
        assert bool(kb.assess([Pain(region="lumbar", severity=severity)]).derived) == (severity in allowed), text
    assert not kb.assess([Pain(region="lumbar")]).derived, "a test is not met by a value that nobody knows"


@often
@given(cells, cells)
def test_two_cells_meet_when_a_value_is_in_both(one: tuple[str, set[int]], other: tuple[str, set[int]]) -> None:
    if one[1] & other[1]:
        assert meet(read(one[0]), read(other[0]))
    # between two whole numbers lie others, so cells without a common whole number may still meet


@often
@given(cells)
def test_a_cell_never_meets_its_negation(cell: tuple[str, set[int]]) -> None:
    text, _ = cell
    if not text.startswith("not"):
        assert not meet(read(text), read(f"not({text})"))


@pytest.mark.parametrize("text", ["1,,2", "[5..3]", "not()", ","])
def test_a_cell_that_is_no_test_is_refused(text: str) -> None:
    with pytest.raises(PremiseError, match="cell"):
        read(text)
