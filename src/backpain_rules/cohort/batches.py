"""Run the kernel on many batches: one after the other, or the batches of a table in parallel."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pyarrow as pa

from ..errors import TableError, shown
from .kernel import Kernel
from .reading import Reader


class Part(NamedTuple):
    """A slice of a batch that is computed at once; `first` is the number of its first row in the whole table."""

    batch: pa.RecordBatch
    reader: Reader
    first: int


def run_batches(kernel: Kernel, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The results, batch by batch, holding one batch in memory; a long batch gives several results."""
    return (_run(kernel, part) for part in _parts(kernel, batches))


def run_side_by_side(kernel: Kernel, batches: Sequence[pa.RecordBatch]) -> list[pa.RecordBatch]:
    """The same for batches in memory, on all processors: numpy and arrow release Python's lock."""
    parts = list(_parts(kernel, batches))
    if len(parts) < 2:
        return [_run(kernel, part) for part in parts]
    with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as workers:
        return list(workers.map(lambda part: _run(kernel, part), parts))


def _parts(kernel: Kernel, batches: Iterable[pa.RecordBatch]) -> Iterator[Part]:
    names: list[str] | None = None
    reader: Reader | None = None
    first = 0
    for batch in batches:
        if not isinstance(batch, pa.RecordBatch):
            raise TableError(f"a series of record batches has a {type(batch).__name__} in it: {shown(batch)}", value=batch)
        if reader is None or batch.schema.names != names:
            names = batch.schema.names
            reader = kernel.reader(names)
        for start in range(0, batch.num_rows, kernel.rows_at_once):
            yield Part(batch.slice(start, kernel.rows_at_once), reader, first + start)
        first += batch.num_rows


def _run(kernel: Kernel, part: Part) -> pa.RecordBatch:
    try:
        return kernel.run(part.batch, part.reader)
    except TableError as error:
        raise _counted_from(part.first, error) from None


def _counted_from(first: int, error: TableError) -> TableError:
    """The same error, with the row number in the whole table."""
    row = error.fields.get("row")
    if not isinstance(row, int) or first == 0:
        return error
    fields: dict[str, Any] = {**error.fields, "row": first + row}
    return TableError(error.message.replace(f"row {row}:", f"row {first + row}:", 1), **fields)
