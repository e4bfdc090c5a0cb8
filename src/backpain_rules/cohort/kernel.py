"""The rule base on a batch of cases: an Arrow record batch in, one out.

Stratum by stratum, as the program orders them: each premise is computed once for all rows, and a recursive component again
until nothing more comes. A kernel can be pickled, and sent to where the batches are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from typing import Final

import pyarrow as pa

from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Some, Stated
from ..ground.program import Program
from .columns import Columns, InputColumn, OutputColumn
from .planes import Bits, Plane, Planes, same
from .reading import Reader

WORKING_SET: Final = 8 << 20
"""Bytes of planes that are kept busy at once: about what a processor keeps close."""
FEWEST_ROWS: Final = 1 << 14
MOST_ROWS: Final = 1 << 19


class Kernel:
    """A program that runs on batches."""

    def __init__(self, program: Program, columns: Columns) -> None:
        self.program = program
        self.inputs: dict[str, InputColumn] = {column.name: column for column in columns.inputs}
        self.outputs: tuple[OutputColumn, ...] = columns.outputs

    @cached_property
    def rows_at_once(self) -> int:
        """How many rows a batch should have to be computed fastest."""
        planes = len(self.program.atoms) + len(self.program.facts) + len(self.outputs)
        rows = WORKING_SET * 8 // (planes + 1)
        return min(max(rows, FEWEST_ROWS), MOST_ROWS) // 8 * 8

    def reader(self, names: Sequence[str]) -> Reader:
        """Reads batches with these columns. Raises `TableError` for columns that no case can have."""
        return Reader(self.program, self.inputs, names)

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the results of a table with the schema `given`: those that are no slots carried over, then ours."""
        carried = [given.field(position) for position in self.reader(given.names).carried]
        return pa.schema([*carried, *self._fields])

    def run(self, batch: pa.RecordBatch, reader: Reader | None = None) -> pa.RecordBatch:
        """The results of a batch of cases, row by row. Raises a `FactError` for a row that is no case."""
        reader = reader or self.reader(batch.schema.names)
        planes = Planes(batch.num_rows)
        case = _Cases(self.program, planes, reader.atoms(batch, planes))
        case.settle(self._order)
        carried = [batch.column(position) for position in reader.carried]
        fields = [batch.schema.field(position) for position in reader.carried]
        ours = [_column(column, case.node(column.node), planes) for column in self.outputs]
        return pa.RecordBatch.from_arrays([*carried, *ours], schema=pa.schema([*fields, *self._fields]))

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
    def _order(self) -> tuple[tuple[int, ...], ...]:
        """Propositions, and instances by their number after them, in the order of computing; a recursive component together."""
        component = self.program.component
        order = sorted(range(len(component)), key=component.__getitem__)
        return tuple(tuple(group) for _, group in groupby(order, key=component.__getitem__))


class _Cases:
    """The bits of everything in the program, for the cases of one batch."""

    def __init__(self, program: Program, planes: Planes, atoms: Sequence[Bits]) -> None:
        self.program, self.planes, self.atoms = program, planes, atoms
        self.size = len(program.facts)
        self.bits = [planes.false] * (self.size + len(program.instances))

    def settle(self, order: Sequence[Sequence[int]]) -> None:
        for group in order:
            if len(group) == 1:
                self.bits[group[0]] = self.compute(group[0])
                continue
            changed = True
            while changed:
                changed = False
                for number in group:
                    bits = self.compute(number)
                    if not same(bits, self.bits[number]):
                        self.bits[number], changed = bits, True

    def compute(self, number: int) -> Bits:
        """The bits of a proposition or an instance from those of what it depends on."""
        if number < self.size:
            return self.planes.any_of([self.bits[self.size + producer] for producer in self.program.producers[number]])
        instance = self.program.instances[number - self.size]
        bits = self.node(instance.body)
        if instance.overriders:
            overridden = self.planes.any_of([self.bits[self.size + overrider] for overrider in instance.overriders])
            bits = self.planes.all_of((bits, self.planes.unless(overridden)))
        return bits

    def node(self, node: Node) -> Bits:
        match node:
            case Stated(atom=atom):
                return self.atoms[atom]
            case Derived(proposition=proposition):
                return self.bits[proposition]
            case Every(of=of):
                return self.planes.all_of([self.node(member) for member in of])
            case Some(of=of):
                return self.planes.any_of([self.node(member) for member in of])
            case Count(threshold=threshold, of=pairs):
                points = [points for points, _ in pairs]
                return self.planes.count(threshold, points, [self.node(member) for _, member in pairs])
            case Flip(how=how, of=member):
                return self.planes.negation(how)(self.node(member))
            case Fires(instance=instance):
                return self.bits[self.size + instance]
            case Known(bits=bits):
                return self.planes.known(bits)


def _column(column: OutputColumn, bits: Bits, planes: Planes) -> pa.Array:
    """The plane or planes of a column, handed to arrow as they are."""
    if column.shows == "firm":
        return _boolean(bits.certain, None, planes)
    if bits.possible is bits.established:
        return _boolean(bits.established, None, planes)
    return _boolean(bits.established, planes.either(bits.established, planes.flip(bits.possible)), planes)


def _boolean(values: Plane, known: Plane | None, planes: Planes) -> pa.Array:
    buffers = [None if known is None else pa.py_buffer(known), pa.py_buffer(values)]
    return pa.Array.from_buffers(pa.bool_(), planes.cases, buffers)
