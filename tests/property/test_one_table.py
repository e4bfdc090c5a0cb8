"""Every special form of the three bits keeps to the one table: bits read downward, and the formulas of the watch network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules.engine.formulas import Leaves, conjunction, leaves_of
from backpain_rules.engine.network import compiled
from backpain_rules.ground.nodes import Count, Derived, Every, Fires, Flip, Known, Negation, Node, Some, Stated
from backpain_rules.ground.plan import composed
from backpain_rules.ground.planes import DEFINITIONS, ONE_CASE, Truth, packed, unfolded
from backpain_rules.ir.bits import ESTABLISHED, FALSE, THREE_BITS, TRUE, UNKNOWN

STATES: Final = (TRUE, 3, UNKNOWN, FALSE)
POINTS: Final = (1, 2, 2)
MEMBERS: Final = tuple(Derived(number) for number in range(len(POINTS)))
NEGATIONS: Final[tuple[Negation, ...]] = ("not", "unless", "is_unknown", "is_known")
COMPOSITIONS: Final[tuple[Every | Some | Count | Flip, ...]] = (
    Every(MEMBERS),
    Some(MEMBERS),
    *(Count(threshold, tuple(zip(POINTS, MEMBERS, strict=True))) for threshold in range(7)),
    *(Flip(how, MEMBERS[0]) for how in NEGATIONS),
)


class Decided(NamedTuple):
    """The bits of two atoms, propositions and instances each, as a run of the watch network has them."""

    atoms: Sequence[int]
    propositions: Sequence[int]
    instances: Sequence[int]

    def bits(self, node: Node) -> int:
        """Those of a node, by the table over planes of one case."""
        return packed(composed(node, ONE_CASE, self._leaf))

    def _leaf(self, node: Node) -> Truth[bool]:
        match node:
            case Stated(atom=number):
                return ONE_CASE.constant(self.atoms[number])
            case Derived(proposition=number):
                return ONE_CASE.constant(self.propositions[number])
            case Fires(instance=number):
                return ONE_CASE.constant(self.instances[number])
            case _:
                raise AssertionError(node)

    @property
    def true(self) -> set[int]:
        found = {LEAVES.true(number) for number, bits in enumerate(self.atoms) if bits == TRUE}
        found |= {LEAVES.false(number) for number, bits in enumerate(self.atoms) if bits == FALSE}
        found |= {number for number, bits in enumerate(self.propositions) if bits & ESTABLISHED}
        return found | {LEAVES.fired + number for number, bits in enumerate(self.instances) if bits & ESTABLISHED}

    def state(self, number: int) -> int:
        return self.propositions[number] if number >= 0 else self.instances[-1 - number]


LEAVES: Final = Leaves(fired=2, stated=4, end=8)


def compositions(of: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(of, min_size=1, max_size=3).map(tuple)
    weighed = st.lists(st.tuples(st.integers(1, 3), of), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Every, some),
        st.builds(Some, some),
        st.builds(Count, st.integers(0, 9), weighed),
        st.builds(Flip, st.sampled_from(NEGATIONS), of),
    )


leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Stated, st.integers(0, 1)),
    st.builds(Derived, st.integers(0, 1)),
    st.builds(Fires, st.integers(0, 1)),
    st.builds(Known, st.sampled_from(STATES)),
)
states = st.tuples(*[st.sampled_from(STATES)] * 2)
cases = st.builds(Decided, st.tuples(*[st.sampled_from((TRUE, UNKNOWN, FALSE))] * 2), states, states)


@pytest.mark.parametrize("node", COMPOSITIONS, ids=str)
@pytest.mark.parametrize("bit", THREE_BITS)
@pytest.mark.parametrize("on", [True, False])
def test_what_it_takes_for_a_bit_is_what_the_table_says(node: Any, bit: int, on: bool) -> None:
    operation, aims, threshold, points = unfolded(node, bit, on)
    for bits in product(STATES, repeat=len(MEMBERS)):
        case = Decided((), bits, ())
        met = [bool(case.bits(member) & of) is wanted for member, of, wanted in aims]
        counted = sum(weight for weight, is_met in zip(points, met, strict=False) if is_met) >= threshold
        expected = bool(case.bits(node) & bit) is on
        assert {"every": all(met), "some": any(met), "count": counted}[operation] is expected


def test_the_table_has_every_negation() -> None:
    assert set(DEFINITIONS) == set(NEGATIONS)


@given(st.recursive(leaves, compositions, max_leaves=6), cases)
def test_a_formula_of_the_network_says_where_a_bit_is_on_or_off(node: Node, case: Decided) -> None:
    for bit, on in product(THREE_BITS, (True, False)):
        holds = compiled(LEAVES.formula(node, bit, on))
        assert holds(case) is (bool(case.bits(node) & bit) is on)  # type: ignore[arg-type]  # all that it reads of a run


@given(st.recursive(leaves, compositions, max_leaves=6), cases)
def test_a_plain_conjunction_holds_where_all_its_leaves_are_true(node: Node, case: Decided) -> None:
    formula = LEAVES.established(node)
    together = conjunction(formula)
    if together:
        assert set(together) == leaves_of(formula)
        assert case.true.issuperset(together) is bool(case.bits(node) & ESTABLISHED)
