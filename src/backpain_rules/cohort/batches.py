"""A series of batches through the kernel: in memory for one batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from ..errors import TableError
from .kernel import Kernel
from .reading import Reader


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
