"""Whether a comparison that reads several slots, or computes, holds for the values that its slots have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..ir.exact import combined, exact
from ..ir.operators import OPERATORS
from .nodes import JoinTest, Plain, SlotValue, Sum

Read: TypeAlias = Callable[[SlotValue], Any]
Compute: TypeAlias = Callable[[str, Any, Any], Any]


def comparison_holds(join: JoinTest, read: Read) -> bool:
    """`read` gives the value of each slot, none of them None."""
    try:
        left, right = (_value(side, read, _as_it_is, _computed) for side in (join.left, join.right))
    except OverflowError:  # dates end in the year 9999, and a comparison beyond still holds or does not
        left, right = (_value(side, read, exact, combined).amount for side in (join.left, join.right))
    return bool(OPERATORS[join.op](left, right))


def _value(
    side: SlotValue | Sum | Plain,
    read: Callable[[SlotValue], Any],
    lift: Callable[[Any], Any],
    compute: Callable[[str, Any, Any], Any],
) -> Any:
    match side:
        case Plain(value=constant):
            return lift(constant)
        case SlotValue():
            return lift(read(side))
        case Sum(op=op, left=left, right=right):
            return compute(op, _value(left, read, lift, compute), _value(right, read, lift, compute))


def _as_it_is(value: Any) -> Any:
    return value


def _computed(op: str, left: Any, right: Any) -> Any:
    return OPERATORS[op](left, right)
