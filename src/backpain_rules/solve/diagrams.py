"""Comparisons of slots as decision diagrams: for which values a sum, a difference or a product passes its test.

Slots get their values one after the other. The part that is already computable is folded into a constant, so all choices with
the same partial result lead to one node: a sum of eight slots of 0 to 5 has some 40 partial sums but 1.7 million combinations.
Folding applies the operators of the engine in the same order, so the result is exact for every type, rounding included.
(Bryant, Graph-based algorithms for Boolean function manipulation, 1986; with values in place of bits, such diagrams are called
multi-valued.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeAlias

from ..ground.joins import comparison_holds
from ..ground.nodes import JoinTest, Plain, Said, SlotValue, Sum
from ..ir.operators import OPERATORS

MOST_EDGES: Final = 20_000
"""If the diagram of a comparison needs more edges, only some values are tried, and the comparison proves nothing."""
NEVER: Final = 0
ALWAYS: Final = 1

Operand: TypeAlias = SlotValue | Sum | Plain


class Branch(NamedTuple):
    """An edge: the values between two positions lead to a node."""

    start: int
    end: int
    node: int


class Node(NamedTuple):
    """A node that chooses the value of one slot."""

    slot: Said
    branches: tuple[Branch, ...]


class Diagram(NamedTuple):
    """`nodes[i]` is node i + 2 and leads to earlier nodes. Nodes 0 and 1 are `NEVER` and `ALWAYS`. Start at `root`."""

    nodes: tuple[Node, ...]
    root: int


def diagram_of(atom: JoinTest, values: Mapping[Said, Sequence[Any]], most: int = MOST_EDGES) -> Diagram | None:
    """The diagram of a comparison for these values of its slots; None if it needs more edges than `most`, and than slots."""
    order = _deepest_first(atom)
    most = max(most, len(order))
    layers: list[list[list[int]]] = []
    states: dict[JoinTest, int] = {atom: 0}
    for said in order:
        following: dict[JoinTest, int] = {}
        most -= len(states) * len(values[said])
        if most < 0:
            return None
        layers.append(
            [[following.setdefault(_given(state, said, value), len(following)) for value in values[said]] for state in states]
        )
        states = following
    reached = [ALWAYS if comparison_holds(state, _no_slot) else NEVER for state in states]
    made: dict[Node, int] = {}
    for said, layer in zip(reversed(order), reversed(layers), strict=True):
        reached = [_node(made, said, [reached[state] for state in choices]) for choices in layer]
    return Diagram(tuple(made), reached[0])


def _node(made: dict[Node, int], said: Said, reached: Sequence[int]) -> int:
    """The shared node with these edges for the values of a slot; if all edges lead to one node, that node."""
    if reached and all(one == reached[0] for one in reached):
        return reached[0]
    branches: list[Branch] = []
    for node, run in groupby(range(len(reached)), key=reached.__getitem__):
        positions = list(run)
        branches.append(Branch(positions[0], positions[-1] + 1, node))
    return made.setdefault(Node(said, tuple(branches)), len(made) + 2)


def _deepest_first(atom: JoinTest) -> tuple[Said, ...]:
    """The slots, innermost first, so that inner expressions fold first."""

    def order(operand: Operand) -> list[Said]:
        match operand:
            case SlotValue(place=place, slot=slot):
                return [Said(place, slot)]
            case Sum(left=left, right=right):
                return longer_first(order(left), order(right))
            case Plain():
                return []

    def longer_first(one: list[Said], other: list[Said]) -> list[Said]:
        return [*one, *other] if len(one) >= len(other) else [*other, *one]

    return tuple(dict.fromkeys(longer_first(order(atom.left), order(atom.right))))


def _given(atom: JoinTest, said: Said, value: Any) -> JoinTest:
    return JoinTest(atom.op, _folded(atom.left, said, value), _folded(atom.right, said, value))


def _folded(operand: Operand, said: Said, value: Any) -> Operand:
    """An operand after substituting the value of one slot and folding constants."""
    match operand:
        case SlotValue(place=place, slot=slot):
            return Plain(value) if said == (place, slot) else operand
        case Sum(op=op, left=left, right=right):
            a, b = _folded(left, said, value), _folded(right, said, value)
            if isinstance(a, Plain) and isinstance(b, Plain):
                with suppress(OverflowError):  # not folded: the comparison handles values without an end
                    return Plain(OPERATORS[op](a.value, b.value))
            return Sum(op, a, b)
        case Plain():
            return operand


def _no_slot(slot: SlotValue) -> Any:
    raise AssertionError(f"{slot} has a value by now")
