"""Comparisons that read several slots or compute: on whole arrays of numbers if that is exact, otherwise row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import numpy as np

from ..ground.joins import comparison_holds
from ..ground.nodes import JoinTest, Place, Plain, SlotValue, Sum
from ..ir.operators import OPERATORS
from .planes import ZERO, Plane, both, conjunction, pack, unpack
from .values import Numbers, SlotValues, as_number

Operand = SlotValue | Sum | Plain
Values = Mapping[tuple[Place, str], SlotValues]

EXACT: Final = 2**62
"""Whole numbers up to this size add and multiply in 64 bits without overflow."""


def join_holds(join: JoinTest, values: Values, cases: int) -> tuple[Plane, Plane]:
    """The rows where the comparison holds, and the rows where all its values are known."""
    slots = [*_slots(join.left), *_slots(join.right)]
    if any((slot.place, slot.slot) not in values for slot in slots):
        return ZERO, ZERO
    read = [values[slot.place, slot.slot] for slot in slots]
    known = conjunction(column.known for column in read)
    if known is ZERO:
        return ZERO, ZERO
    numbers = [column for column in read if isinstance(column, Numbers)]
    if len(numbers) == len(read) and _is_exact(join, numbers):
        holds = OPERATORS[join.op](_whole(join.left, values), _whole(join.right, values))
        return both(pack(holds), known), known
    columns = {(slot.place, slot.slot): values[slot.place, slot.slot].objects() for slot in slots}
    found = np.zeros(cases, np.bool_)
    for row in np.flatnonzero(unpack(known, cases)).tolist():
        found[row] = comparison_holds(join, lambda slot, row=row: columns[slot.place, slot.slot][row])  # type: ignore[misc]
    return pack(found), known


def _is_exact(join: JoinTest, read: list[Numbers]) -> bool:
    """Whether 64-bit arithmetic equals Python's: plain comparisons within one type, sums of whole numbers or times."""
    base = read[0].base
    if any(column.base is not base for column in read):
        return False
    if not isinstance(join.left, Sum) and not isinstance(join.right, Sum):
        return base is not float or all(isinstance(side, SlotValue) for side in (join.left, join.right))
    if base not in (int, timedelta) or any(type(constant) is not base for constant in _constants(join)):
        return False
    largest = {id(column): _largest(column) for column in read}
    most = max([1, *largest.values(), *(abs(as_number(c)) for c in _constants(join))])
    operations = [*_operations(join.left), *_operations(join.right)]
    if base is timedelta and "*" in operations:
        return False
    return bool(most ** (1 + operations.count("*")) << len(operations) < EXACT)


def _largest(column: Numbers) -> int:
    values = column.values
    return max(abs(int(values.min())), abs(int(values.max()))) if len(values) else 0


def _whole(value: Operand, values: Values) -> Any:
    """One side of the comparison for all rows."""
    match value:
        case Plain(value=constant):
            return as_number(constant)
        case SlotValue(place=place, slot=slot):
            column = values[place, slot]
            assert isinstance(column, Numbers)
            return column.values if column.values.dtype.kind == "f" else column.values.astype(np.int64, copy=False)
        case Sum(op=op, left=left, right=right):
            return OPERATORS[op](_whole(left, values), _whole(right, values))


def _slots(value: Operand) -> Iterator[SlotValue]:
    if isinstance(value, Sum):
        yield from _slots(value.left)
        yield from _slots(value.right)
    elif isinstance(value, SlotValue):
        yield value


def _constants(join: JoinTest) -> list[Any]:
    found: list[Any] = []
    stack: list[Operand] = [join.left, join.right]
    while stack:
        here = stack.pop()
        if isinstance(here, Sum):
            stack += [here.left, here.right]
        elif isinstance(here, Plain):
            found.append(here.value)
    return found


def _operations(value: Operand) -> Iterator[str]:
    if isinstance(value, Sum):
        yield value.op
        yield from _operations(value.left)
        yield from _operations(value.right)
