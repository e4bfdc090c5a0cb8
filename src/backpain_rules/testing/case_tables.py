"""Cases as a table of cases, to hold what a table gives against what each case gives alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

import pyarrow as pa
from hypothesis import assume

from ..cohort.kernel import Kernel
from ..cohort.rows import row_of_facts
from ..cohort.schema import arrow_type
from ..facts.base import Fact
from ..json_text import jsonable

LONGEST: Final = timedelta(microseconds=2**63 - 1)
"""What an Arrow duration can hold: some 292,000 years."""


def batch_of(kernel: Kernel, cases: Iterable[Iterable[Fact]], *, text: bool = False) -> pa.RecordBatch:
    """The cases as rows, numbered in the column `case`. A column that no case speaks of is left out.

    With `text`, times and dates are written as text, as in the JSON form of a case, and words are not dictionary-encoded.
    """
    rows = [row_of_facts(kernel.program.linked, kernel.inputs, case) for case in cases]
    columns: dict[str, Any] = {"case": pa.array(range(len(rows)), pa.int64())}
    for name, column in kernel.inputs.items():
        values = [row.get(name) for row in rows]
        if all(value is None for value in values):
            continue
        kind = arrow_type(column)
        if text and pa.types.is_dictionary(kind):
            kind = pa.string()
        elif text and (pa.types.is_date(kind) or pa.types.is_duration(kind)):
            kind, values = pa.string(), [None if value is None else jsonable(value) for value in values]
        assume(not any(isinstance(value, timedelta) and value > LONGEST for value in values))
        columns[name] = pa.array(values, kind)
    return pa.RecordBatch.from_pydict(columns)
