"""Tables of cases as data frames of pandas and polars: the same rows as the Arrow table, and a frame of the same library."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from backpain_pack_acupuncture import PACK
from backpain_rules import KnowledgeBase, TableError

KB = KnowledgeBase([PACK])
DAY = timedelta(days=1)
COLUMNS: dict[str, list[Any]] = {
    "id": ["c", "a", "b", "a"],
    "pain__lumbar__severity": [8, 2, None, 3],
    "pain__lumbar__duration": [DAY / 4, 100 * DAY, None, 90 * DAY],
    "injury__lumbar": [True, False, None, None],
    "injury__lumbar__since": [DAY / 4, None, None, None],
    "symptom__night_sweats": [None, True, False, True],
}
RESULTS = KB.cohort(pa.table(COLUMNS)).to_pydict()


def test_polars_gives_the_rows_of_the_arrow_table_in_their_order() -> None:
    results = KB.cohort(pl.DataFrame(COLUMNS))
    assert isinstance(results, pl.DataFrame)
    assert results.to_dict(as_series=False) == RESULTS


def test_pandas_gives_the_rows_of_the_arrow_table_with_its_index() -> None:
    index = pd.Index(["w", "x", "x", "v"], name="visit")
    results = KB.cohort(pd.DataFrame(COLUMNS, index=index))
    assert isinstance(results, pd.DataFrame)
    assert results.index.equals(index)
    assert results.index.name == "visit"
    said = {name: [None if pd.isna(value) else value for value in results[name]] for name in results.columns}
    assert said == RESULTS
    assert {str(results[name].dtype) for name in results.columns if name != "id"} == {"boolean"}


def test_a_column_of_your_own_keeps_its_type() -> None:
    frame = pd.DataFrame({"ward": pd.Categorical(["x", "y"]), "symptom__cold": [True, None]}, index=[7, 3])
    results = KB.cohort(frame)
    pd.testing.assert_series_equal(results["ward"], frame["ward"])
    assert list(KB.cohort(frame.drop(columns="ward")).index) == [7, 3]


def test_no_rows_give_no_rows() -> None:
    assert KB.cohort(pl.DataFrame({"symptom__cold": pl.Series([], dtype=pl.Boolean)})).height == 0
    assert len(KB.cohort(pd.DataFrame({"symptom__cold": pd.Series([], dtype="boolean")}))) == 0


def test_a_row_that_is_no_case_is_named_as_in_the_arrow_table() -> None:
    rows = {"pain__lumbar__severity": [3, 11]}
    with pytest.raises(TableError) as arrow:
        KB.cohort(pa.table(rows))
    for frame in (pd.DataFrame(rows), pl.DataFrame(rows)):
        with pytest.raises(TableError) as native:
            KB.cohort(frame)
        assert native.value.message == arrow.value.message


@pytest.mark.parametrize(
    "table",
    [
        {"symptom__cold": [True]},
        [{"symptom__cold": True}],
        "cases.parquet",
        b"",
        None,
        7,
        pl.DataFrame({"symptom__cold": [True]}).lazy(),
        pl.Series("symptom__cold", [True]),
        pd.Series([True], name="symptom__cold"),
        pd.DataFrame({0: [True]}),
        pd.DataFrame({"id": [1, "x"]}),
        pd.DataFrame([[True, False]], columns=["symptom__cold", "symptom__cold"]),
        pd.DataFrame([[True]], columns=pd.MultiIndex.from_tuples([("symptom", "cold")])),
    ],
    ids=lambda table: type(table).__name__,
)
def test_anything_else_is_one_typed_error(table: Any) -> None:
    with pytest.raises(TableError) as error:
        KB.cohort(table)
    assert "\n" not in error.value.message


def test_a_series_with_something_else_than_batches_in_it_is_refused_where_it_stands() -> None:
    with pytest.raises(TableError, match="has a dict in it"):
        list(KB.cohort(iter([{"symptom__cold": True}])))
