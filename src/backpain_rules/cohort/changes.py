"""The rows of a table on which two rule bases differ, and the rules that make the difference."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import TableError
from ..ground.nodes import Derived, Fires, Node, Some, members
from ..ground.program import Program
from .columns import Columns, OutputColumn, column_named
from .kernel import Kernel
from .tables import run_table

OURS: Final = ("row", "conclusion", "old", "new", "old_rules", "new_rules")
"""The columns of a table of changes, before those that are carried over."""
NULL: Final = 2
"""What stands for null where values are compared."""


class _Change(NamedTuple):
    """A conclusion that stands otherwise in some rows: its columns in the two versions, if it has one, and those rows."""

    name: str
    columns: tuple[OutputColumn | None, OutputColumn | None]
    rows: np.ndarray


def changes(old: Kernel, new: Kernel, table: pa.Table) -> pa.Table:
    """One row for each row of the table and each conclusion that stands otherwise, with the rules that give it there.

    A column that only one of the two knows is read by that one alone. Raises a `FactError` for a row that no case can have, and
    a `TableError` for a column of a name that ours has.
    """
    if not isinstance(table, pa.Table):
        raise TableError(f"a {type(table).__name__} is no Arrow table; pyarrow.table(...) makes one", value=table)
    sides = [_reads(one, other, table.schema.names) for one, other in ((old, new), (new, old))]
    results = [run_table(kernel, table) for kernel in sides]
    found = list(_changes(sides, results))
    carried = [name for name in table.schema.names if not (_knows(old, name) or _knows(new, name))]
    for name in carried:
        if name in OURS:
            raise TableError(f"column {name!r} has a name that the table of changes uses; rename it", column=name)
    return _table(sides, results, found, table, carried)


def _reads(kernel: Kernel, other: Kernel, names: Iterable[str]) -> Kernel:
    """The kernel, which leaves aside what only the other knows."""
    strange = [name for name in names if _knows(other, name) and not _knows(kernel, name)]
    return kernel.ignoring([*kernel.ignore, *strange])


def _knows(kernel: Kernel, name: str) -> bool:
    return column_named(kernel.inputs, name) is not None


def _changes(sides: Sequence[Kernel], results: Sequence[pa.Table]) -> Iterator[_Change]:
    known = [{(json.dumps(one.about, sort_keys=True), one.shows): one for one in kernel.outputs} for kernel in sides]
    for key in dict.fromkeys((*known[1], *known[0])):
        old, new = known[0].get(key), known[1].get(key)
        if old is not None and new is not None and results[0].column(old.name).equals(results[1].column(new.name)):
            continue
        values = [_values(result, column) for result, column in zip(results, (old, new), strict=True)]
        rows = np.flatnonzero(values[0] != values[1])
        if len(rows):
            name = new.name if new is not None else old.name if old is not None else ""
            yield _Change(name, (old, new), rows)


def _values(result: pa.Table, column: OutputColumn | None) -> np.ndarray:
    """A column as 0, 1 and `NULL`; what no rule of a version gives is false."""
    if column is None:
        return np.zeros(result.num_rows, np.int8)
    cast = pc.fill_null(pc.cast(result.column(column.name), pa.int8()), NULL)
    return np.asarray(cast.to_numpy())


def _table(
    sides: Sequence[Kernel], results: Sequence[pa.Table], found: Sequence[_Change], table: pa.Table, carried: Sequence[str]
) -> pa.Table:
    rows = np.concatenate([np.zeros(0, np.int64), *(change.rows for change in found)])
    order = np.argsort(rows, kind="stable")
    shown = np.unique(rows)
    part = table.take(pa.array(shown))
    columns: list[pa.Array] = [pa.array(rows)]
    names = np.array([change.name for change in found], object)
    columns.append(pa.array(np.repeat(names, [len(change.rows) for change in found]), pa.string()))
    for position, result in enumerate(results):
        values = [_said(result, change.columns[position], change.rows) for change in found]
        columns.append(pa.concat_arrays([pa.array([], pa.bool_()), *values]))
    for position, kernel in enumerate(sides):
        given = _rules(kernel, part, [change.columns[position] for change in found])
        texts = np.concatenate(
            [np.zeros(0, object), *(given[n][np.searchsorted(shown, change.rows)] for n, change in enumerate(found))]
        )
        columns.append(pa.array(texts, pa.string()))
    made = pa.table(dict(zip(OURS, columns, strict=True)))
    for name in carried:
        made = made.append_column(name, table.column(name).take(pa.array(rows)))
    return made.take(pa.array(order))


def _said(result: pa.Table, column: OutputColumn | None, rows: np.ndarray) -> pa.Array:
    if column is None:
        return pa.array([False] * len(rows), pa.bool_())
    return pa.concat_arrays([pa.array([], pa.bool_()), *result.column(column.name).take(pa.array(rows)).chunks])


def _rules(kernel: Kernel, part: pa.Table, wanted: Sequence[OutputColumn | None]) -> list[np.ndarray]:
    """For each of these columns and each row of a table the rules that fire and give it, as one text."""
    givers = [{} if column is None else _givers(kernel.program, column.node) for column in wanted]
    outputs = [
        OutputColumn(f"{number}:{name}", "result", Some(tuple(map(Fires, instances))), {})
        for number, rules in enumerate(givers)
        for name, instances in rules.items()
    ]
    columns = Columns(tuple(kernel.inputs.values()), tuple(outputs), ())
    fired = run_table(Kernel(kernel.program, columns).ignoring(kernel.ignore), part)
    fires = {one.name: np.asarray(pc.fill_null(fired.column(one.name), False).to_numpy()) for one in outputs}
    return [
        _texts(sorted(rules), [fires[f"{number}:{name}"] for name in sorted(rules)], part.num_rows)
        for number, rules in enumerate(givers)
    ]


def _texts(names: Sequence[str], fires: Sequence[np.ndarray], rows: int) -> np.ndarray:
    """For each row the names of what holds there. Few combinations occur, so each is put into words once."""
    if not names:
        return np.full(rows, "", object)
    unlike, which = np.unique(np.stack(fires, axis=1), axis=0, return_inverse=True)
    said = [", ".join(name for name, here in zip(names, row, strict=True) if here) for row in unlike]
    return np.array(said, object)[which.reshape(-1)]


def _givers(program: Program, node: Node) -> dict[str, tuple[int, ...]]:
    """The rules that give the conclusions in a node, each with all of its instances that give one of these."""
    found: dict[str, list[int]] = {}
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Derived):
            for number in program.producers[here.proposition]:
                found.setdefault(program.instances[number].rule.name, []).append(number)
        stack.extend(members(here))
    return {name: tuple(numbers) for name, numbers in found.items()}
