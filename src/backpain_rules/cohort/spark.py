"""Run the kernel in Spark: each worker runs it on Arrow batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from .batches import run_batches
from .kernel import Kernel

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def run_frame(kernel: Kernel, frame: DataFrame) -> DataFrame:
    """The results of each row of a Spark data frame, as a data frame, by `mapInArrow`."""
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    schema = kernel.schema(to_arrow_schema(frame.schema))

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return run_batches(kernel, batches)

    return frame.mapInArrow(run, from_arrow_schema(schema))
