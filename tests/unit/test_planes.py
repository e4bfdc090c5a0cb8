"""Truth values of many cases, packed: every operation is the one on single cases, whatever way a plane is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules.cohort.planes import MANY_CASES, ONE, ZERO, Plane, first, full, pack, unpack
from backpain_rules.engine.reference import IS_KNOWN, IS_UNKNOWN, NOT, UNLESS, weigh
from backpain_rules.ground.nodes import Negation
from backpain_rules.ground.planes import Truth
from backpain_rules.ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE, TRUE, UNKNOWN

CASES = 11
column = st.lists(st.sampled_from([TRUE, 3, UNKNOWN, FALSE]), min_size=CASES, max_size=CASES)
same_for_all = st.sampled_from([TRUE, 3, UNKNOWN, FALSE]).map(lambda number: [number] * CASES)
plain = st.lists(st.sampled_from([TRUE, FALSE]), min_size=CASES, max_size=CASES)
columns = column | same_for_all | plain


def packed(numbers: Sequence[int]) -> Truth[Plane]:
    """Three planes, as few as will do."""
    if len(set(numbers)) == 1:
        return MANY_CASES.constant(numbers[0])
    certain, established, possible = (pack(np.array([n & bit > 0 for n in numbers])) for bit in (CERTAIN, ESTABLISHED, POSSIBLE))
    is_one = set(numbers) <= {TRUE, FALSE}
    return Truth(certain, certain, certain) if is_one else Truth(certain, established, possible)


def unpacked(truth: Truth[Plane]) -> list[int]:
    held = zip((CERTAIN, ESTABLISHED, POSSIBLE), truth, strict=True)
    return [int(number) for number in sum(bit * unpack(plane, CASES).astype(int) for bit, plane in held)]


@given(columns, columns)
def test_and_and_or_are_bit_by_bit(a: list[int], b: list[int]) -> None:
    assert unpacked(MANY_CASES.every((packed(a), packed(b)))) == [x & y for x, y in zip(a, b, strict=True)]
    assert unpacked(MANY_CASES.some((packed(a), packed(b)))) == [x | y for x, y in zip(a, b, strict=True)]


TABLES: dict[Negation, Mapping[int, int]] = {"not": NOT, "unless": UNLESS, "is_unknown": IS_UNKNOWN, "is_known": IS_KNOWN}


@pytest.mark.parametrize("how", list(TABLES))
@given(of=columns)
def test_a_negation_is_its_table(how: Negation, of: list[int]) -> None:
    assert unpacked(MANY_CASES.negation(how, packed(of))) == [TABLES[how][number] for number in of]


@given(st.lists(st.tuples(st.integers(1, 9), columns), min_size=1, max_size=9), st.integers(-1, 40))
def test_a_count_adds_the_points_of_each_case(weighed: list[tuple[int, list[int]]], threshold: int) -> None:
    points = [weight for weight, _ in weighed]
    counted = MANY_CASES.count(threshold, points, [packed(numbers) for _, numbers in weighed])
    expected = [weigh(threshold, [(weight, numbers[case]) for weight, numbers in weighed]) for case in range(CASES)]
    assert unpacked(counted) == expected


@pytest.mark.parametrize("constant", [Truth(ZERO, ZERO, ZERO), Truth(ONE, ONE, ONE), Truth(ZERO, ZERO, ONE)])
def test_what_holds_for_all_is_the_same_as_what_holds_for_each(constant: Truth[Plane]) -> None:
    for_each = Truth(*(full(plane, CASES) for plane in constant))
    assert MANY_CASES.same(constant, for_each)
    assert not MANY_CASES.same(for_each, MANY_CASES.constant(3))


@given(columns)
def test_the_first_case_is_found(of: list[int]) -> None:
    held = [case for case, number in enumerate(of) if number & ESTABLISHED]
    assert first(packed(of).established, CASES) == (held[0] if held else None)
