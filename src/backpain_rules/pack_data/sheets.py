"""Packs in CSV and XLSX: rows that declare words and sources, then a decision table.

    pack,clinic                        | the first cell says what a row is
    version,1
    title,Rules of a clinic
    requires,acupuncture
    symptom,fever,Fever,Do you have a fever?
    source,notes,Notes of the clinic
    statement,notes:A1,Strong pain with fever needs a look soon.
    hit policy,U
    rule,fever,pain.severity,-> referral,-> referral.urgency,source
    r1,yes,>= 7,physician,soon,notes:A1

Further sheets of a workbook have a hit policy and a table each.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

from ..csv_text import ADVICE, open_quote
from ..errors import PackLoadError, did_you_mean, shown
from ..extras import module_of_extra
from .tables import Row, Table

ARROW: Final = "->"
_HEAD: Final = "rule"
_WORDS: Final = (
    "pack",
    "version",
    "title",
    "requires",
    "symptom",
    "condition",
    "intervention",
    "parameter",
    "source",
    "statement",
    "hit policy",
)
Grid = Sequence[Sequence[str]]


def csv_grid(data: bytes, file: str) -> Grid:
    """The cells of a CSV file: UTF-8, separated by commas, semicolons or tabs."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackLoadError(f"{file}: this is not UTF-8 ({error.reason} at byte {error.start})", file=file) from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    unclosed = open_quote(io.StringIO(text, newline=""), separator)
    if unclosed is not None:
        row = unclosed.rows + unclosed.empty + 1
        _refuse(f"the quotation mark that is opened in line {unclosed.line} is not closed; {ADVICE}", file, "", row)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)]
    except csv.Error as error:
        raise PackLoadError(f"{file}: this is no CSV: {error}", file=file) from None


def xlsx_grids(path: Path) -> Iterator[tuple[str, Grid]]:
    """The sheets of a workbook by name, each with its cells as text; formulas count with the value they had when it was saved."""
    openpyxl = module_of_extra("openpyxl", "xlsx", "XLSX")
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # whatever openpyxl, zipfile or the XML parser make of a broken file
        raise PackLoadError(f"{path} is no workbook: {shown(str(error))}", file=str(path)) from None
    for sheet in workbook.worksheets:
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        width = max(map(len, rows), default=0)  # a workbook may leave out empty cells at the end of a row
        yield sheet.title, [row + [""] * (width - len(row)) for row in rows]
    workbook.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def read_grid(grid: Grid, data: dict[str, Any], file: str, sheet: str, table_id: str) -> Table | None:
    """Take what a sheet declares into `data`, a pack as data, and give its table, if it has one."""
    policy = "U"
    for number, row in enumerate(grid, 1):
        cells = [cell.strip() for cell in row]
        word = cells[0].lower() if cells else ""
        if not any(cells) or word.startswith("#"):
            continue
        if word == _HEAD:
            return _table(grid, number, policy, file, sheet, table_id)
        if word == "hit policy":
            policy = _needed(cells, 1, file, sheet, number)
        elif word in _WORDS:
            _declare(data, word, cells, file, sheet, number)
        else:
            hint = did_you_mean(word, [*_WORDS, _HEAD]) or f"; it is one of {', '.join([*_WORDS, _HEAD])}"
            _refuse(f"{shown(cells[0])} says nothing about its row{hint}", file, sheet, number)
    return None


def _declare(data: dict[str, Any], word: str, cells: Sequence[str], file: str, sheet: str, number: int) -> None:
    first = _needed(cells, 1, file, sheet, number)
    rest = list(cells[2:])
    while rest and not rest[-1]:
        rest.pop()
    second = rest[0] if rest else ""
    if word in ("pack", "version", "title"):
        data["id" if word == "pack" else word] = first
    elif word == "requires":
        data.setdefault("requires", []).extend(one for one in cells[1:] if one)
    elif word in ("symptom", "condition", "intervention"):
        term = {"label": _needed(cells, 2, file, sheet, number)}
        data.setdefault(f"{word}s", {})[first] = {**term, "ask": rest[1]} if len(rest) > 1 else term
    elif word == "parameter":
        default = int(second) if second.lstrip("-").isdigit() else {"duration": second}
        data.setdefault("parameters", {})[first] = {"default": default, "doc": rest[1] if len(rest) > 1 else first}
    elif word == "source":
        data.setdefault("sources", {})[first] = {"title": _needed(cells, 2, file, sheet, number), "statements": {}}
    else:
        source, colon, id = first.partition(":")
        if not colon or source not in data.get("sources", {}):
            _refuse(f"{shown(first)} names no source above it; write source:id", file, sheet, number)
        data["sources"][source]["statements"][id] = _needed(cells, 2, file, sheet, number)


def _table(grid: Grid, head: int, policy: str, file: str, sheet: str, table_id: str) -> Table:
    headings = [cell.strip() for cell in grid[head - 1]]
    while headings and not headings[-1]:
        headings.pop()
    inputs = [n for n, cell in enumerate(headings) if n and not cell.startswith(ARROW) and cell.lower() not in ("source", "note")]
    outputs = [n for n, cell in enumerate(headings) if cell.startswith(ARROW)]
    named = {cell.lower(): n for n, cell in enumerate(headings) if cell.lower() in ("source", "note")}
    if not inputs or not outputs:
        _refuse(f"a table needs a column that is asked and one that is concluded, such as '{ARROW} finding'", file, sheet, head)
    twice = next((cell for n, cell in enumerate(headings) if cell in headings[:n]), None)
    if twice is not None:
        _refuse(f"two columns are called {shown(twice)}; drop one", file, sheet, head)
    rows = []
    for number, row in enumerate(grid[head:], head + 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if len(row) < len(headings):
            _refuse(
                f"the row has {len(row)} cells, and the table has {len(headings)} columns; write a separator for each empty cell",
                file, sheet, number,
            )  # fmt: skip
        beyond = next((cell for cell in cells[len(headings) :] if cell), None)
        if beyond is not None:
            _refuse(f"the row has {shown(beyond)} beyond the last column; quote a cell that has a comma", file, sheet, number)
        said = {name: cells[n] for name, n in named.items()}
        rows.append(Row(number, tuple(cells[n] for n in inputs), tuple(cells[n] for n in outputs), cells[0], **said))
    if not rows:
        _refuse("the table has no rows", file, sheet, head)
    names = tuple(headings[n].removeprefix(ARROW).strip() for n in outputs)
    return Table(table_id, policy, tuple(headings[n] for n in inputs), names, tuple(rows), file, sheet, head)


def _needed(cells: Sequence[str], at: int, file: str, sheet: str, number: int) -> str:
    if len(cells) <= at or not cells[at]:
        _refuse(f"the row of {shown(cells[0])} needs something in its cell number {at + 1}", file, sheet, number)
    return cells[at]


def _refuse(what: str, file: str, sheet: str, row: int) -> NoReturn:
    where = f", sheet {sheet!r}" if sheet else ""
    raise PackLoadError(f"{file}{where}, row {row}: {what}", place="", file=file, sheet=sheet, row=row)
