"""Run the kernel on a table, a data frame, batches or a stream, and return the same kind of object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ..errors import TableError
from .batches import run_batches, run_side_by_side
from .frames import frame_of, run_native
from .kernel import Kernel
from .spark import run_frame


def cohort(kernel: Kernel, table: Any) -> Any:
    """The results as the same kind of object: a table, a batch, a stream, an iterator of batches, or a data frame."""
    match table:
        case pa.Table():
            return run_table(kernel, table)
        case pa.RecordBatch():
            return kernel.run(table)
        case pa.RecordBatchReader():
            return run_reader(kernel, table)
        case _ if type(table).__module__.startswith("pyspark."):
            return run_frame(kernel, table)
        case list() | tuple() if all(isinstance(batch, pa.RecordBatch) for batch in table):
            return run_batches(kernel, table)
        case Iterator():
            return run_batches(kernel, table)
    frame = frame_of(table)
    if frame is not None:
        return run_native(kernel, frame)
    raise TableError(
        f"a {type(table).__name__} is no Arrow table, record batch, stream or series of batches, and no data frame "
        "of pandas or polars; collect a lazy frame, or make a table with pyarrow.table(...)",
        value=table,
    )


def run_table(kernel: Kernel, table: pa.Table) -> pa.Table:
    schema = kernel.schema(table.schema)
    return pa.Table.from_batches(run_side_by_side(kernel, table.to_batches()), schema=schema)


def run_reader(kernel: Kernel, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """A stream of results, computed as it is read."""
    return pa.RecordBatchReader.from_batches(kernel.schema(reader.schema), run_batches(kernel, reader))
