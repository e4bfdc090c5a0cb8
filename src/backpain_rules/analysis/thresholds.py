"""The points beside a threshold at which test cases examine a comparison: at it, just below and just above."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from ..facts.values import STEPS
from ..ground.nodes import Atom, JoinTest, Node, SlotTest, Stated
from ..ground.program import Program
from ..ir.expressions import Compare, Operator
from ..ir.operators import OPERATORS
from ..solve.joins import slots_of


class Point(NamedTuple):
    """A point beside a threshold, where all these atoms hold, and the value of the comparison there."""

    atoms: tuple[Atom, ...]
    value: str


def points_of(program: Program, node: Node) -> dict[str, Point]:
    """The points of a comparison of ordered values: at its threshold, and within one step on each side."""
    if not isinstance(node, Stated) or not isinstance(node.origin, Compare):
        return {}
    atom = program.atoms[node.atom]
    if isinstance(atom, SlotTest):
        step = STEPS.get(atom.place.kind.schema_.fields[atom.slot].base)
        if step is None:
            return {}
        here = atom.value
        found = {"at": Point((atom._replace(op="=="),), _value(atom.op, here, here))}
        with suppress(OverflowError):
            near = (atom._replace(op="<"), atom._replace(op=">=", value=here - step))
            found["below"] = Point(near, _value(atom.op, here - step, here))
        with suppress(OverflowError):
            near = (atom._replace(op=">"), atom._replace(op="<=", value=here + step))
            found["above"] = Point(near, _value(atom.op, here + step, here))
        return found
    if isinstance(atom, JoinTest) and all(s.place.kind.schema_.fields[str(s.slot)].base in STEPS for s in slots_of(atom)):
        orders: tuple[tuple[str, Operator, int], ...] = (("below", "<", -1), ("at", "==", 0), ("above", ">", 1))
        return {at: Point((atom._replace(op=op),), _value(atom.op, sign, 0)) for at, op, sign in orders}
    return {}


def _value(op: Operator, left: Any, right: Any) -> str:
    return "true" if OPERATORS[op](left, right) else "false"
