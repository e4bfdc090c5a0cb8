"""A pack from decision tables: what the sheets declare, and a rule for each row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import PackLoadError
from ..pack import Pack
from ..rule import Written
from .dmn import read_dmn
from .names import id_from, names_of
from .read import read_pack
from .sheets import Grid, csv_grid, read_grid, xlsx_grids
from .tables import Table, rules_of
from .write import VERSION

Tables = tuple[dict[str, Any], list[Table]]


def csv_tables(data: bytes, file: str) -> Tables:
    """What a CSV file declares, as the data of a pack, and its table; see `sheets`."""
    return _of_grids([("", csv_grid(data, file))], file)


def xlsx_tables(path: Path) -> Tables:
    """The same of a workbook: its first sheet declares words, and each sheet may have a table."""
    return _of_grids(list(xlsx_grids(path)), str(path))


def pack_from_dmn(data: bytes, file: str, requires: Sequence[Pack]) -> Pack:
    """The pack in a DMN file: a rule for each row of each decision table in it."""
    return pack_of_tables(*read_dmn(data, file, names_of(requires)), file, requires)


def _of_grids(grids: Sequence[tuple[str, Grid]], file: str) -> Tables:
    declared = _head(file)
    tables = []
    for sheet, grid in grids:
        table = read_grid(grid, declared, file, sheet, id_from(sheet) if len(grids) > 1 else "row")
        if table is not None:
            tables.append(table)
    if not tables:
        raise PackLoadError(
            f"{file} has no table: write a row that begins with 'rule' and names the columns", file=file, place=""
        )
    return declared, tables


def _head(file: str) -> dict[str, Any]:
    name = id_from(Path(file).stem)
    return {"backpain_rules_pack": VERSION, "id": name, "version": "1", "title": Path(file).stem}


def pack_of_tables(declared: Mapping[str, Any], tables: Sequence[Table], file: str, requires: Sequence[Pack]) -> Pack:
    """The pack made from tables and their declarations. Words are declared first, so that columns can refer to them."""
    words = read_pack(dict(declared), requires, lambda place: None, file)
    names = names_of([*requires, words])
    own = f"{words.id}:"
    names = replace(names, parameters={name.removeprefix(own): number for name, number in names.parameters.items()})
    rows = [row for table in tables for row in table.rows]
    rules = [rule for table in tables for rule in rules_of(table, words.id, names)]

    def line(place: str) -> Written | None:
        at = re.match(r"rules\[(\d+)\]", place)
        return Written(file, rows[int(at[1])].number) if at else None

    return read_pack({**declared, "rules": rules}, requires, line, file)
