"""Run a rule base on a batch of cases: one Arrow record batch in, one out.

The kernel runs the plan of the program: it computes each premise once for all rows, and a recursive component to its fixpoint.
You can pickle a kernel and send it to the machine that holds the batches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from copy import copy
from functools import cached_property
from typing import Final

import pyarrow as pa

from ..ground.plan import Machine, make_plan
from ..ground.planes import Truth
from ..ground.program import Program
from .columns import Columns, InputColumn, OutputColumn
from .planes import MANY_CASES, ZERO, Plane, both, full, inverse
from .reading import Reader

WORKING_SET: Final = 64 << 20
"""Bytes of planes in use for a batch. More rows at once cost less for each row, until the planes leave the caches."""
FEWEST_ROWS: Final = 1 << 14
MOST_ROWS: Final = 1 << 19


class Kernel:
    """A program that runs on batches."""

    def __init__(self, program: Program, columns: Columns) -> None:
        self.program = program
        self.inputs: dict[str, InputColumn] = {column.name: column for column in columns.inputs}
        self.outputs: tuple[OutputColumn, ...] = columns.outputs
        self.ignore: frozenset[str] = frozenset()

    def ignoring(self, names: Iterable[str]) -> Kernel:
        """The same kernel, which carries these columns over without reading them."""
        wanted = frozenset(names)
        if wanted == self.ignore:
            return self
        ignoring = copy(self)
        ignoring.ignore = wanted
        return ignoring

    @cached_property
    def rows_at_once(self) -> int:
        """The number of rows in a batch at which the kernel is fastest."""
        planes = len(self.program.atoms) + len(self.program.facts) + len(self.outputs)
        rows = WORKING_SET * 8 // (planes + 1)
        return min(max(rows, FEWEST_ROWS), MOST_ROWS) // 8 * 8

    def reader(self, names: Sequence[str]) -> Reader:
        """A reader for batches with these columns. Raises `TableError` for columns that no case can have."""
        return Reader(self.program, self.inputs, names, self.ignore)

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the results for a table with the schema `given`: first the columns carried over, then the results."""
        carried = [given.field(position) for position in self.reader(given.names).carried]
        return pa.schema([*carried, *self._fields])

    def run(self, batch: pa.RecordBatch, reader: Reader | None = None) -> pa.RecordBatch:
        """The results of a batch of cases, row by row. Raises a `FactError` for a row that is not a case."""
        reader = reader or self.reader(batch.schema.names)
        registers = self._machine.run(reader.atoms(batch))
        results = [registers[self._machine.plan.nodes[column.node]] for column in self.outputs]
        carried = [batch.column(position) for position in reader.carried]
        ours = [_column(column, truth, batch.num_rows) for column, truth in zip(self.outputs, results, strict=True)]
        schema = pa.schema([*(batch.schema.field(position) for position in reader.carried), *self._fields])
        return pa.RecordBatch.from_arrays([*carried, *ours], schema=schema)

    @cached_property
    def _fields(self) -> list[pa.Field]:
        return [
            pa.field(
                column.name,
                pa.bool_(),
                nullable=column.shows == "result",
                metadata={"backpain_rules": json.dumps(column.about, ensure_ascii=False)},
            )
            for column in self.outputs
        ]

    @cached_property
    def _machine(self) -> Machine[Truth[Plane]]:
        return Machine(make_plan(self.program, [column.node for column in self.outputs]), MANY_CASES)


def _column(column: OutputColumn, truth: Truth[Plane], cases: int) -> pa.Array:
    """The plane or planes of a column as arrow buffers, without copying."""
    if column.shows == "firm":
        return _boolean(truth.certain, None, cases)
    if truth.established is truth.possible:
        return _boolean(truth.established, None, cases)
    open_ = both(truth.possible, inverse(truth.established))
    return _boolean(truth.established, None if open_ is ZERO else inverse(open_), cases)


def _boolean(values: Plane, known: Plane | None, cases: int) -> pa.Array:
    buffers = [None if known is None else pa.py_buffer(full(known, cases)), pa.py_buffer(full(values, cases))]
    return pa.Array.from_buffers(pa.bool_(), cases, buffers)
