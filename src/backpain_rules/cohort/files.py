"""Tables in files: Parquet, Arrow and CSV, read and written batch by batch, never leaving a partial file.

Results go to a temporary file beside the target, which is renamed when it is complete. An interrupted run leaves the target
unchanged.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from ..csv_text import ADVICE, OpenQuote, open_quote
from ..errors import FactError, TableError, shown
from .batches import run_batches
from .changes import changes
from .columns import column_named
from .kernel import Kernel
from .long_table import widen
from .schema import arrow_type_of_text

BLOCK: Final = 8 << 20
"""Bytes of a CSV file to read at once."""
_CSV_VALUE: Final = re.compile(r"CSV column #(\d+): .*invalid value '(.*)'", re.DOTALL)
_UNEVEN: Final = "CSV parse error: "
FORMATS: Final = {".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow", ".csv": "csv"}


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: its columns, its batches, and its number of rows if known."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    rows: int | None


Progress = Callable[[int, int | None], object]


def run_file(kernel: Kernel, source: Path, target: Path, *, long: bool = False, progress: Progress | None = None) -> int:
    """Write the results of every row of `source` to `target`; returns the number of rows.

    The file names choose the formats: .parquet, .arrow (or .feather) and .csv. Memory use does not grow with the file, except for
    a `long` table, which is widened as a whole. `progress` is called after each batch with the rows done and, if known, the
    total. Raises a `FactError` for a row that is not a case or a file that is not a table, and `OSError` if reading or writing
    fails.
    """
    reads, writes = _READERS[format_of(source)], _WRITERS[format_of(target)]
    done = 0
    try:
        with reads(kernel, source) as read, _written_whole(target) as beside:
            table = _widened(kernel, read) if long else read
            with writes(beside, kernel.schema(table.schema)) as write:
                for results in _joined(run_batches(kernel, table.batches), kernel.rows_at_once):
                    write(results)
                    done += results.num_rows
                    if progress:
                        progress(done, table.rows)
    except pa.ArrowException as error:
        raise _of_arrow(kernel, source, error) from None
    except UnicodeDecodeError:
        raise _not_text(source) from None
    except csv.Error as error:  # a header field longer than 128 KiB
        raise TableError(f"{source}: the header cannot be read: {error}", file=str(source)) from None
    except FactError as error:
        raise error.at(str(source)) from None
    return done


def diff_files(old: Kernel, new: Kernel, source: Path, target: Path) -> int:
    """Write the rows of `source` on which two rule bases differ; returns how many rows differ.

    The whole table is held in memory. Raises the errors of `run_file`.
    """
    reads, writes = _READERS[format_of(source)], _WRITERS[format_of(target)]
    try:
        with reads(old, source) as read:
            table = changes(old, new, pa.Table.from_batches(read.batches, schema=read.schema))
        with _written_whole(target) as beside, writes(beside, table.schema) as write:
            for batch in table.to_batches():
                write(batch)
    except pa.ArrowException as error:
        raise _of_arrow(old, source, error) from None
    except UnicodeDecodeError:
        raise _not_text(source) from None
    except FactError as error:
        raise error.at(str(source)) from None
    return len(table.column("row").unique())


def _of_arrow(kernel: Kernel, source: Path, error: Exception) -> TableError:
    """Turn an error of Arrow into one that names the column and the row if possible."""
    told = " ".join(str(error).split())
    if format_of(source) != "csv":
        return TableError(f"{source}: {told[:500]}", file=str(source))
    if "Empty CSV" in told:
        return TableError(
            f"{source}: it holds no rows; the first line of a table names its columns, and every other is a row", file=str(source)
        )
    if _UNEVEN in told:
        return _uneven(source, told)
    value = _CSV_VALUE.search(str(error))
    if value is None:
        return _not_text(source) if "UTF8" in told else TableError(f"{source}: {told[:500]}", file=str(source))
    return _impossible(kernel, source, int(value[1]), value[2])


def _impossible(kernel: Kernel, source: Path, position: int, value: str) -> TableError:
    """A value that its column cannot hold."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = _rows(file)
        name = next(rows)[position]
        row = next((number for number, row in enumerate(rows) if row[position : position + 1] == [value]), None)
    column = column_named(kernel.inputs, name)
    where = f"column {name!r}" if row is None else f"column {name!r}, row {row}"
    holds = column.holds if column else "text"
    return TableError(f"{source}: {where}: {shown(value)}: {holds}", file=str(source), column=name, row=row, value=value)


def _uneven(source: Path, told: str) -> TableError:
    """A row with more or fewer fields than columns."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = _rows(file)
        names = next(rows)
        uneven = next(((number, len(row)) for number, row in enumerate(rows) if len(row) != len(names)), None)
    if uneven is None:
        return TableError(f"{source}: {told[:500]}", file=str(source))
    row, fields = uneven
    return TableError(
        f"{source}: row {row} has {fields} fields, and the header has {len(names)}; a field with a comma takes quotation marks",
        file=str(source), row=row,
    )  # fmt: skip


def _unclosed(source: Path, quote: OpenQuote) -> TableError:
    """An unclosed quotation mark, which would turn the following rows into one value."""
    row = quote.rows - 1 if quote.rows else None
    where = "the header" if row is None else f"row {row}"
    return TableError(
        f"{where} (line {quote.line}) opens a quotation mark and does not close it; {ADVICE}",
        file=str(source), row=row, line=quote.line,
    )  # fmt: skip


def _not_text(source: Path) -> TableError:
    """The first line that is not UTF-8. A line with a NUL is UTF-16 or binary."""
    with source.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                where = f"line {number}" if number > 1 else "the header"
                return TableError(
                    f"{source}: {where} is not UTF-8 text, as CSV must be; save it as CSV UTF-8", file=str(source), line=number
                )
    return TableError(f"{source}: this is not UTF-8 text, as CSV must be; save it as CSV UTF-8", file=str(source))


def _rows(file: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a CSV file as Arrow counts them, which skips empty lines."""
    return (row for row in csv.reader(file) if row)


def _widened(kernel: Kernel, source: Source) -> Source:
    table = widen(kernel.inputs, pa.Table.from_batches(source.batches, schema=source.schema))
    return Source(table.schema, iter(table.to_batches()), table.num_rows)


def format_of(path: Path) -> str:
    """The format of a file, from its name."""
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise TableError(f"{path}: a table is called *{', *'.join(FORMATS)}", file=str(path)) from None


@contextmanager
def _written_whole(target: Path) -> Iterator[Path]:
    """A temporary file beside `target`: it replaces `target` on success and is deleted on failure."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield beside
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _joined(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Combine small batches, so that a file does not consist of many small pieces."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield pa.concat_batches(waiting)
            waiting, count = [], 0
    if waiting:
        yield pa.concat_batches(waiting)


# --- reading -----------------------------------------------------------------------------------------------------------


@contextmanager
def _read_parquet(kernel: Kernel, path: Path) -> Iterator[Source]:
    with pq.ParquetFile(path) as described:
        text = [field.name for field in described.schema_arrow if pa.types.is_string(field.type) and field.name in kernel.inputs]
    # read_dictionary: dictionary codes compare fastest. buffer_size: read a large row group piece by piece.
    with pq.ParquetFile(path, read_dictionary=text, buffer_size=1 << 20, pre_buffer=False) as file:
        yield Source(file.schema_arrow, file.iter_batches(kernel.rows_at_once), file.metadata.num_rows)


@contextmanager
def _read_arrow(kernel: Kernel, path: Path) -> Iterator[Source]:
    with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
        batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
        yield Source(reader.schema, batches, None)


@contextmanager
def _read_csv(kernel: Kernel, path: Path) -> Iterator[Source]:
    """Read known columns by their types and others as text, to be carried over unchanged. An empty field is unknown."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = next(_rows(file), [])
        file.seek(0)
        unclosed = open_quote(file)
    if unclosed is not None:
        raise _unclosed(path, unclosed)
    if any("\0" in name for name in names):
        raise TableError("the header has a NUL, so this is no UTF-8 text; save it as CSV UTF-8", file=str(path))
    if names and names[0].lower().startswith("sep="):
        raise TableError(f"its first line, {shown(names[0])}, is for spreadsheets alone; remove it", file=str(path))
    columns = {name: None if name in kernel.ignore else column_named(kernel.inputs, name) for name in names}
    types = {name: arrow_type_of_text(column) if column else pa.string() for name, column in columns.items()}
    convert = pacsv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True)
    several_lines = pacsv.ParseOptions(newlines_in_values=True)  # otherwise a block may end inside a quoted value
    with pacsv.open_csv(path, pacsv.ReadOptions(block_size=BLOCK), several_lines, convert) as reader:
        yield Source(reader.schema, iter(reader), None)


_READERS: Final = {"parquet": _read_parquet, "arrow": _read_arrow, "csv": _read_csv}

# --- writing -----------------------------------------------------------------------------------------------------------

Write = Callable[[pa.RecordBatch], Any]


@contextmanager
def _write_parquet(path: Path, schema: pa.Schema) -> Iterator[Write]:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield writer.write_batch


@contextmanager
def _write_arrow(path: Path, schema: pa.Schema) -> Iterator[Write]:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        yield writer.write_batch


@contextmanager
def _write_csv(path: Path, schema: pa.Schema) -> Iterator[Write]:
    with pacsv.CSVWriter(str(path), schema) as writer:
        yield writer.write_batch


_WRITERS: Final = {"parquet": _write_parquet, "arrow": _write_arrow, "csv": _write_csv}
