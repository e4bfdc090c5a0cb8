"""The Arrow type that each column of a table of cases has by rights; others are read too where they say the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

import pyarrow as pa

from .columns import InputColumn

TEXT: Final = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final[dict[type, Any]] = {
    bool: pa.bool_(), int: pa.int64(), float: pa.float64(), timedelta: pa.duration("us"), date: pa.date32(),
    datetime: pa.timestamp("us"),
}  # fmt: skip


def arrow_type(column: InputColumn) -> pa.DataType:
    """Booleans, 64-bit numbers, durations in microseconds, dates; everything else as text, in dictionaries."""
    field = column.field
    if field is None:
        return pa.bool_()
    return _TYPES.get(field.base, TEXT)


def input_schema(columns: Iterable[InputColumn]) -> pa.Schema:
    return pa.schema([(column.name, arrow_type(column)) for column in columns])
