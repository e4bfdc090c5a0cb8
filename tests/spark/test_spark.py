"""Spark gives what the same kernel gives here: the same rows, columns and types, and the same refusals."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backpain_pack_acupuncture import PACK
from backpain_rules import KnowledgeBase, Pack, TableError
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.case_tables import batch_of
from backpain_rules.testing.rule_bases import packs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def spread(spark: SparkSession, kb: KnowledgeBase, table: pa.Table) -> pa.Table:
    """The results of a table that Spark has cut in three, in the order of the cases."""
    frame = spark.createDataFrame(table).repartition(3)
    return kb.cohort(frame, ignore=["case"]).orderBy("case").toArrow()


@FEW
@given(st.lists(cases_of(KnowledgeBase([PACK])._linked), min_size=20, max_size=60))
def test_spark_gives_what_the_kernel_gives_here(spark: SparkSession, cases: list[tuple[()]]) -> None:
    kb = KnowledgeBase([PACK])
    table = pa.Table.from_batches([batch_of(kb._kernel, cases)])
    assert spread(spark, kb, table) == kb.cohort(table, ignore=["case"])


@FEW
@given(packs(), st.data())
def test_so_it_does_for_any_rule_base(spark: SparkSession, rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    cases = data.draw(st.lists(cases_of(kb._linked, max_closed=0), min_size=1, max_size=20))
    table = pa.Table.from_batches([batch_of(kb._kernel, cases, text=True)])
    assert spread(spark, kb, table) == kb.cohort(table, ignore=["case"])


def test_a_row_that_is_no_case_stops_the_job_and_says_why(spark: SparkSession) -> None:
    from pyspark.errors import PySparkException

    frame = spark.createDataFrame(pa.table({"pain__lumbar__severity": [3, 11]}))
    with pytest.raises(PySparkException, match="11: input should be less than or equal to 10"):
        KnowledgeBase([PACK]).cohort(frame).count()


def test_a_column_that_no_case_can_have_is_refused_before_the_job(spark: SparkSession) -> None:
    frame = spark.createDataFrame(pa.table({"symptom__night_swaets": [True]}))
    with pytest.raises(TableError, match="did you mean 'symptom__night_sweats'"):
        KnowledgeBase([PACK]).cohort(frame)
