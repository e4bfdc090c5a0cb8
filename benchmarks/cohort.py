"""Tables of cases against what one would write by hand: `python -m benchmarks.cohort` (needs polars; --stream ROWS for a file).

Knowledge base A is eleven rules, chained and counting, over 20 columns; B(n) adds n random rules of three symptoms out of
200, a tenth of them chained. Contenders take turns in one process, and agree on every row before they are timed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from .rule_bases import POOL, SIGNS, YANG, YIN, Drawn, drawn_rules, knowledge_base

ROUNDS: Final = 7


def table(rows: int, *, symptoms: Sequence[str] = (), unknown: float = 0.0, text: bool = False) -> pa.Table:
    """Random cases; with `unknown`, that share of each sign is null, and with `text`, words are not dictionary-encoded."""
    dice = np.random.default_rng(11)

    def words(*choices: str) -> pa.Array:
        coded = pa.DictionaryArray.from_arrays(dice.integers(0, len(choices), rows, dtype=np.int32), list(choices))
        return coded.cast(pa.string()) if text else coded

    def signs(share: float) -> pa.Array:
        return pa.array(dice.random(rows) < share, mask=dice.random(rows) < unknown if unknown else None)

    columns = {f"symptom__{name}": signs(0.4) for name in SIGNS}
    columns |= {f"symptom__{name}": signs(0.06) for name in symptoms}
    columns |= {"complaint__onset": words("acute", "chronic"), "complaint__mechanism": words("lifting", "fall", "none")}
    columns |= {"complaint__hours": pa.array(np.round(dice.random(rows) * 72, 1)), "complaint__pain": dice.integers(0, 11, rows)}
    return pa.table(columns)


# --- by hand ------------------------------------------------------------------------------------------------------------


def polars_by_hand() -> dict[str, pl.Expr]:
    """Knowledge base A as one would write it for Polars."""

    def sign(name: str) -> pl.Expr:
        return pl.col(f"symptom__{name}")

    def three_of(names: Sequence[str]) -> pl.Expr:
        return pl.sum_horizontal([sign(name).cast(pl.UInt8) for name in names]) >= 3

    strain = (pl.col("complaint__onset") == "acute") & (pl.col("complaint__mechanism") != "none")
    chronic = pl.col("complaint__onset") == "chronic"
    return {
        "acute_strain": strain,
        "treat_now": strain & (pl.col("complaint__hours") <= 24),
        "every_other_day": strain & (pl.col("complaint__pain") >= 5),
        "chronic_pain": chronic,
        "strength_training": chronic & sign("muscle_weakness") & ~sign("muscle_imbalance"),
        "egoscue_first": chronic & sign("muscle_imbalance"),
        "herniated_disk": sign("disk_herniation"),
        "kidney_yin": chronic & three_of(YIN),
        "kidney_yang": chronic & three_of(YANG),
        "damp_heat": chronic & sign("dampness") & sign("heat"),
        "damp_cold": chronic & sign("dampness") & sign("feeling_cold") & ~sign("heat"),
    }


def packed_numpy(drawn: Sequence[Drawn], batch: pa.RecordBatch) -> dict[str, Any]:
    """The random rules of B by hand: each symptom packed eight cases a byte, two `&` for each rule."""
    planes = {name: np.packbits(batch[f"symptom__{name}"].to_numpy(zero_copy_only=False), bitorder="little") for name in POOL}
    found: dict[str, Any] = {}
    for conclusion, symptoms, earlier in drawn:
        held = planes[symptoms[0]] & planes[symptoms[1]]
        found[conclusion] = held & (planes[symptoms[2]] if earlier is None else found[earlier])
    return found


# --- measuring ----------------------------------------------------------------------------------------------------------


def medians(contenders: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds for each, in turns."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(ROUNDS + 1):
        for name, run in contenders.items():
            started = time.perf_counter()
            run()
            if turn:  # the first is to warm up
                times[name].append(time.perf_counter() - started)
    return {name: statistics.median(measured) for name, measured in times.items()}


def line(what: str, rows: int, measured: Mapping[str, float]) -> str:
    (_, ours), (name, other) = measured.items()
    return f"| {what} | {rows:,} | {rows / ours / 1e6:,.1f} | {name}: {rows / other / 1e6:,.1f} | {other / ours:.2f} |"


def measure_a(rows: int, *, text: bool) -> str:
    kb, cases = knowledge_base(), table(rows, text=text)
    frame, expressions = pl.DataFrame(cases), polars_by_hand()
    ours, theirs = kb.cohort(cases), frame.select(**expressions)
    for name in expressions:
        assert ours[f"finding__{name}"].to_pylist() == theirs[name].to_list(), name
    return line(
        f"A, words {'as text' if text else 'in dictionaries'}",
        rows,
        medians({"kb.cohort": lambda: kb.cohort(cases), "Polars": lambda: frame.select(**expressions)}),
    )


def measure_unknown(rows: int) -> str:
    """The cost of nulls; a sample is checked one by one."""
    kb, cases = knowledge_base(), table(rows, unknown=0.1)
    for row, results in zip(cases.slice(0, 500).to_pylist(), kb.cohort(cases.slice(0, 500)).to_pylist(), strict=True):
        result = kb.assess(kb.read_row(row))
        assert {f"finding__{fact.condition}" for fact in result.findings} == {name for name, said in results.items() if said}
        assert len(result.undecided) == sum(said is None for said in results.values())
    complete = table(rows)
    contenders = {"kb.cohort": lambda: kb.cohort(cases), "without nulls": lambda: kb.cohort(complete)}
    return line("A, a tenth of the signs unknown", rows, medians(contenders))


def measure_b(count: int, rows: int) -> str:
    drawn = drawn_rules(count)
    kb = knowledge_base(drawn)
    (batch,) = table(rows, symptoms=POOL).to_batches()
    ours, theirs = kb.cohort(batch), packed_numpy(drawn, batch)
    for name, plane in theirs.items():
        by_hand = np.unpackbits(plane, count=rows, bitorder="little").astype(bool)
        assert np.array_equal(ours[f"finding__{name}"].to_numpy(zero_copy_only=False), by_hand), name
    contenders = {"kb.cohort": lambda: kb.cohort(batch), "numpy, packed by hand": lambda: packed_numpy(drawn, batch)}
    return line(f"B({count:,})", rows, medians(contenders))


def measure_stream(rows: int) -> None:
    """The command, from a Parquet file to another, with the shipped pack; its peak memory beside that of a small file."""
    with tempfile.TemporaryDirectory() as folder:
        for size in (rows // 100, rows):
            source, target = Path(folder, "cases.parquet"), Path(folder, "results.parquet")
            write_cases(source, size)
            started = time.perf_counter()
            command = [sys.executable, "-m", "backpain_rules", "cohort", str(source), str(target), "--pack", "acupuncture"]
            process = subprocess.Popen(command)
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            assert status == 0
            assert pq.read_metadata(target).num_rows == size
            print(
                f"| {size:,} rows | {source.stat().st_size / 2**20:,.0f} MB in, {target.stat().st_size / 2**20:,.0f} MB out "
                f"| {seconds:,.0f} s | {used.ru_maxrss / 1024:,.0f} MB at most |"
            )


def write_cases(path: Path, rows: int) -> None:
    """A file of random cases: a number, how bad the pain is and for how long, and six signs with gaps."""
    dice = np.random.default_rng(5)
    names = ("night_sweats", "hot_flashes", "weak_knees", "cold_feet", "muscle_imbalance", "dampness")
    writer = None
    for start in range(0, rows, 1 << 20):
        count = min(1 << 20, rows - start)
        columns = {
            "case": pa.array(np.arange(start, start + count)),
            "pain__lumbar__severity": pa.array(dice.integers(0, 11, count, dtype=np.int8), mask=dice.random(count) < 0.1),
            "pain__lumbar__duration": pa.array(dice.integers(1, 400, count) * 86_400_000_000).cast(pa.duration("us")),
            **{f"symptom__{name}": pa.array(dice.random(count) < 0.3, mask=dice.random(count) < 0.2) for name in names},
        }
        part = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part)
    if writer:
        writer.close()


def measured(rows: int) -> Iterator[str]:
    """The lines of a Markdown table, each when it has been measured; `rows` is for knowledge base A."""
    yield "| rule base | rows | `kb.cohort`, million rows/s | against, million rows/s | ratio |\n|---|---|---|---|---|"
    yield measure_a(rows, text=False)
    yield measure_a(rows, text=True)
    yield measure_unknown(rows)
    for count, batch in ((1000, 10_000), (1000, 100_000), (10_000, 10_000), (10_000, 50_000)):
        yield measure_b(count, batch)


def main() -> None:
    parser = argparse.ArgumentParser(description="Tables of cases, measured against what one would write by hand.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows for knowledge base A (default: 1,000,000)")
    parser.add_argument("--stream", type=int, metavar="ROWS", help="stream a file of so many rows, and nothing else")
    options = parser.parse_args()
    if options.stream:
        measure_stream(options.stream)
        return
    for said in measured(options.rows):
        print(said, flush=True)
    print(f"\nAt most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB.")


if __name__ == "__main__":
    main()
