"""Data frames in and out of the kernel, in the same library: pandas, polars, and any eager frame that narwhals supports."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
from narwhals.exceptions import NarwhalsError

from ..errors import TableError, shown
from .batches import run_side_by_side
from .kernel import Kernel


def frame_of(table: Any) -> nw.DataFrame[Any] | None:
    """The table as a narwhals frame; None if it is not a data frame in memory."""
    try:
        frame = nw.from_native(table, eager_only=True, pass_through=True)
    except NarwhalsError as error:
        raise _no_table(error) from None
    return frame if isinstance(frame, nw.DataFrame) else None


def run_native(kernel: Kernel, frame: nw.DataFrame[Any]) -> Any:
    """The results as a frame of the same library, with the same rows, order and index.

    Your own columns are carried over unchanged. In pandas a conclusion has the dtype "boolean", in which `NA` is unknown.
    """
    wrong = next((name for name in frame.columns if not isinstance(name, str)), None)  # pyright: ignore[reportUnnecessaryIsInstance]
    if wrong is not None:
        raise TableError(f"the columns of a table of cases have text as names; {shown(wrong)} is none: rename it", column=wrong)
    index, frame = nw.maybe_get_index(frame), nw.maybe_reset_index(frame)
    try:
        table: pa.Table = frame.to_arrow()
    except (pa.ArrowException, NarwhalsError) as error:
        raise _no_table(error) from None
    schema = kernel.schema(table.schema)
    results = pa.Table.from_batches(run_side_by_side(kernel, table.to_batches()), schema=schema)
    own = len(schema) - len(kernel.outputs)
    said = _said(results.select(range(own, len(schema))), frame)
    whole = nw.concat([frame.select(schema.names[:own]), said], how="horizontal") if own else said
    native = whole.to_native()
    return native if index is None else native.set_axis(index, axis=0)


def _said(results: pa.Table, frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """The conclusions in the library of the frame. numpy's bool has no unknown, so pandas gets its nullable dtype."""
    if frame.implementation.is_pandas():
        boolean = frame.implementation.to_native_namespace().BooleanDtype()
        return nw.from_native(results.to_pandas(types_mapper={pa.bool_(): boolean}.get), eager_only=True)
    return nw.from_arrow(results, backend=frame.implementation)


def _no_table(error: Exception) -> TableError:
    return TableError(f"the data frame cannot be read as a table of cases: {shown(str(error).splitlines()[0])}", value=str(error))
