"""Turn a long table, with one row for each statement (case, term, value), into a table with one row for each case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..arguments import text
from ..errors import TableError, did_you_mean, shown
from .columns import SEPARATOR, InputColumn, column_named
from .schema import arrow_type, arrow_type_of_text


def widen(
    columns: Mapping[str, InputColumn], table: pa.Table, *, case: str = "case", term: str = "term", value: str = "value"
) -> pa.Table:
    """The table of cases from a long table; cases come in order of first appearance.

    A term is the name of a column (`pain__lumbar__severity`) or the id of a symptom (`night_sweats`). The value has the type of
    its column, or is text that reads as one (true, 3, PT6H); null is ignored. The whole table is held in memory. Raises
    `TableError` for an unknown term, a value of the wrong type, and two values for one column of a case.
    """
    if not isinstance(table, pa.Table):
        raise TableError(f"a long table is a pyarrow.Table, not {shown(table)}", value=table)
    for argument, name in (("case", case), ("term", term), ("value", value)):
        text("widen", argument, name, hint="give the name of a column")
        if name not in table.column_names:
            raise TableError(f"a long table has the columns {case}, {term} and {value}; there is no {name!r}", column=name)
        if name != value and table[name].null_count:
            raise TableError(f"column {name!r} of a long table has a value in every row", column=name)
    cases, terms, said = (table[name].combine_chunks() for name in (case, term, value))
    coded, spoken = (_coded(array) for array in (cases, terms))
    row_of = np.asarray(coded.indices)
    found: dict[str, pa.Array] = {}
    for code, name in enumerate(spoken.dictionary.to_pylist()):
        column = _column_of(columns, name)
        rows = np.flatnonzero((np.asarray(spoken.indices) == code) & np.asarray(said.is_valid()))
        values = _values(column, said.take(pa.array(rows)))
        spread = _spread(column, row_of[rows], values, coded.dictionary)
        found[column.name] = _merged(column, found[column.name], spread, coded.dictionary) if column.name in found else spread
    ordered = [name for name in columns if name in found]
    return pa.table({case: coded.dictionary, **{name: found[name] for name in ordered}})


def _coded(array: pa.Array) -> pa.DictionaryArray:
    return array.dictionary_encode() if not pa.types.is_dictionary(array.type) else _coded(array.cast(array.type.value_type))


def _column_of(columns: Mapping[str, InputColumn], term: str) -> InputColumn:
    column = column_named(columns, term)
    if column is None:
        short = [name.removeprefix(f"symptom{SEPARATOR}") for name in columns]
        raise TableError(f"no column and no symptom is called {shown(term)}{did_you_mean(term, [*columns, *short])}", value=term)
    return column


def _values(column: InputColumn, said: pa.Array) -> pa.Array:
    """The values of one column, in its type."""
    is_text = pa.types.is_string(said.type) or pa.types.is_large_string(said.type) or pa.types.is_dictionary(said.type)
    wanted = arrow_type_of_text(column) if is_text else arrow_type(column)
    try:
        if pa.types.is_boolean(wanted) and not is_text and not pa.types.is_boolean(said.type):
            said = said.cast(pa.int64())
            if len(said) and not pc.all(pc.is_in(said, pa.array([0, 1]))).as_py():
                raise TableError(f"column {column.name!r} is true or false, or 1 or 0", column=column.name)
        if pa.types.is_dictionary(wanted):
            return said.cast(pa.string())
        return (said.cast(pa.string()) if is_text else said).cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise TableError(f"column {column.name!r} holds {column.holds}: {str(error)[:300]}", column=column.name) from None


def _spread(column: InputColumn, rows: NDArray[Any], values: pa.Array, cases: pa.Array) -> pa.Array:
    """The values, each in the row of its case; null elsewhere."""
    at = np.full(len(cases), -1)
    at[rows[::-1]] = np.arange(len(rows))[::-1]  # the first of several
    if len(np.unique(rows)) < len(rows):
        differs = pc.fill_null(pc.not_equal(values, values.take(pa.array(at[rows]))), False)
        if pc.any(differs).as_py():
            row = int(rows[np.flatnonzero(np.asarray(differs))[0]])
            raise TableError(f"case {shown(cases[row].as_py())} has two values for {column.name!r}", column=column.name)
    return values.take(pa.array(at, mask=at < 0))


def _merged(column: InputColumn, one: pa.Array, other: pa.Array, cases: pa.Array) -> pa.Array:
    """One column from two names for it."""
    differs = pc.fill_null(pc.not_equal(one, other), False)
    if pc.any(differs).as_py():
        row = int(np.flatnonzero(np.asarray(differs))[0])
        raise TableError(f"case {shown(cases[row].as_py())} has two values for {column.name!r}", column=column.name)
    return pc.coalesce(one, other)
