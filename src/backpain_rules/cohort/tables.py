"""A whole table of cases: whatever comes as a table, as batches or as a stream goes through the kernel and comes back alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from ..errors import TableError
from .kernel import Kernel
from .reading import Reader


def run(kernel: Kernel, table: Any) -> Any:
    """The results as the same kind of thing: a table, a batch, a stream, or an iterator of batches."""
    match table:
        case pa.Table():
            return run_table(kernel, table)
        case pa.RecordBatch():
            return kernel.run(table)
        case pa.RecordBatchReader():
            return run_reader(kernel, table)
        case Iterable():
            return run_batches(kernel, table)
        case _:
            raise TableError(
                f"a {type(table).__name__} is no Arrow table, record batch, record batch reader or series of batches; "
                "pyarrow.table(...) makes a table of most data frames",
                value=table,
            )  # fmt: skip


def run_table(kernel: Kernel, table: pa.Table) -> pa.Table:
    schema = kernel.schema(table.schema)
    return pa.Table.from_batches(run_batches(kernel, table.to_batches()), schema=schema)


def run_reader(kernel: Kernel, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """A stream of results, computed as they are read."""
    return pa.RecordBatchReader.from_batches(kernel.schema(reader.schema), run_batches(kernel, reader))


def run_batches(kernel: Kernel, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The results batch by batch, in memory for one batch at a time; long batches come back as several."""
    names: list[str] | None = None
    reader: Reader | None = None
    first = 0
    for batch in batches:
        if reader is None or batch.schema.names != names:
            names = batch.schema.names
            reader = kernel.reader(names)
        for start in range(0, batch.num_rows, kernel.rows_at_once):
            part = batch.slice(start, kernel.rows_at_once)
            try:
                yield kernel.run(part, reader)
            except TableError as error:
                raise _counted_from(first + start, error) from None
        first += batch.num_rows


def _counted_from(first: int, error: TableError) -> TableError:
    """The same error with its row counted from the beginning of the whole table."""
    row = error.fields.get("row")
    if not isinstance(row, int) or first == 0:
        return error
    fields: dict[str, Any] = {**error.fields, "row": first + row}
    return TableError(error.message.replace(f"row {row}:", f"row {first + row}:", 1), **fields)
