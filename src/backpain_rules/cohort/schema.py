"""The preferred Arrow type of each column of a table of cases. Equivalent types are read too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa

from .columns import InputColumn

TEXT: Final = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final[dict[type, Any]] = {
    bool: pa.bool_(), int: pa.int64(), float: pa.float64(), date: pa.date32(), timedelta: pa.duration("us")
}  # fmt: skip


def arrow_type(column: InputColumn) -> pa.DataType:
    """Booleans, 64-bit numbers, dates, durations in microseconds; everything else as dictionary-encoded text."""
    return _TYPES.get(bool if column.field is None else column.field.base, TEXT)


def arrow_type_of_text(column: InputColumn) -> pa.DataType:
    """The type by which text, as in a CSV file, is parsed. Durations stay text, PT6H as in JSON."""
    kind = arrow_type(column)
    return TEXT if pa.types.is_duration(kind) else kind
