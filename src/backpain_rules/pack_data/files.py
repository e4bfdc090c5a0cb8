"""A pack from a file or a folder, in whatever form it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

from ..errors import PackLoadError, did_you_mean, shown
from ..json_text import read_json
from ..pack import Pack
from ..plugins.from_path import pack_from_path
from .read import read_pack
from .sheets import csv_grid, xlsx_grids
from .table_packs import pack_from_csv, pack_from_dmn, pack_from_xlsx
from .yaml_text import pack_from_yaml, read_yaml


def _json(path: Path, requires: Sequence[Pack]) -> Pack:
    return read_pack(_read(path), requires, lambda place: None, str(path))


def _yaml(path: Path, requires: Sequence[Pack]) -> Pack:
    return pack_from_yaml(_read(path), requires=requires, file=str(path))


def _csv(path: Path, requires: Sequence[Pack]) -> Pack:
    return pack_from_csv(_read(path), str(path), requires)


def _dmn(path: Path, requires: Sequence[Pack]) -> Pack:
    return pack_from_dmn(_read(path), str(path), requires)


def _python(path: Path, requires: Sequence[Pack]) -> Pack:
    return pack_from_path(path)


FORMS: Final[Mapping[str, Callable[[Path, Sequence[Pack]], Pack]]] = {
    ".json": _json, ".yaml": _yaml, ".yml": _yaml, ".csv": _csv, ".xlsx": pack_from_xlsx, ".dmn": _dmn, ".py": _python,
    "": _python,
}  # fmt: skip
"""By the ending of its name, how a file is read; a folder has none."""


def is_path(name: str | PathLike[str]) -> bool:
    """Whether the name of a pack is that of a file or a folder: no name of a pack has a dot or a slash."""
    return not isinstance(name, str) or any(sign in name for sign in "./\\")


def pack_from_file(path: str | PathLike[str], *, requires: Sequence[Pack] = ()) -> Pack:
    """The pack in a file or a folder: `.json`, `.yaml`, `.yml`, a decision table (`.csv`, `.xlsx`, `.dmn`), or Python (`.py`,
    or a folder that is a package).

    Only Python is run. Raises `PackLoadError` with the file, the line where there is one, and what to do.
    """
    name = fspath(path) if isinstance(path, (str, PathLike)) else path  # pyright: ignore[reportUnnecessaryIsInstance]
    if not isinstance(name, str) or "\0" in name:
        raise PackLoadError(f"pack_from_file takes the path of a file or a folder, not {shown(path)}", path=path)
    where = Path(name)
    form = FORMS.get("" if where.is_dir() else where.suffix.lower())
    if not where.exists():
        near = did_you_mean(where.name, [one.name for one in where.parent.iterdir()] if where.parent.is_dir() else [])
        raise PackLoadError(f"there is no file {shown(str(where))}{near}", path=str(where))
    if form is None:
        raise PackLoadError(
            f"{where} ends in {where.suffix!r}; a pack is a folder, or ends in {', '.join(s for s in FORMS if s)}",
            path=str(where),
        )
    return form(where, requires)


def required_by(path: str | PathLike[str]) -> tuple[str, ...]:
    """The packs that a pack in a data file requires, by name, before the pack itself can be read. For Python it is empty."""
    where = Path(fspath(path))
    suffix = where.suffix.lower()
    if not where.is_file() or suffix not in (".json", ".yaml", ".yml", ".csv", ".xlsx"):
        return ()
    if suffix in (".csv", ".xlsx"):
        grids = [csv_grid(_read(where), str(where))] if suffix == ".csv" else [grid for _, grid in xlsx_grids(where)]
        rows = [[cell.strip() for cell in row] for grid in grids for row in grid]
        return tuple(name for row in rows if row and row[0].lower() == "requires" for name in row[1:] if name)
    data: Any = read_json(_read(where)) if suffix == ".json" else read_yaml(_read(where), str(where))[0]
    asked = data.get("requires", []) if isinstance(data, Mapping) else []
    return tuple(name for name in asked if isinstance(name, str)) if isinstance(asked, list) else ()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackLoadError(f"{path} cannot be read: {error.strerror}", path=str(path)) from None
