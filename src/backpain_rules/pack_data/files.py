"""A pack from a file or a folder, in whatever form it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Final, NamedTuple

from ..errors import InvalidFactError, PackLoadError, did_you_mean, shown
from ..json_text import read_json
from ..pack import Pack
from ..plugins.from_path import pack_from_path
from .names import asked_for
from .read import read_pack
from .table_packs import csv_tables, pack_from_dmn, pack_of_tables, xlsx_tables
from .yaml_text import pack_of, read_yaml


class PackFile(NamedTuple):
    """A file that was read once: the packs that its pack requires, by name, and the pack, made when those are there."""

    requires: tuple[str, ...]
    pack: Callable[[Sequence[Pack]], Pack]


def _json(path: Path) -> PackFile:
    try:
        data = read_json(_read(path))
    except InvalidFactError as error:
        raise PackLoadError(f"{path}: {error.message}", **error.fields) from None
    return PackFile(asked_for(data), lambda requires: read_pack(data, requires, lambda place: None, str(path)))


def _yaml(path: Path) -> PackFile:
    data, lines = read_yaml(_read(path), str(path))
    return PackFile(asked_for(data), lambda requires: pack_of(data, lines, requires, str(path)))


def _csv(path: Path) -> PackFile:
    declared, tables = csv_tables(_read(path), str(path))
    return PackFile(asked_for(declared), lambda requires: pack_of_tables(declared, tables, str(path), requires))


def _xlsx(path: Path) -> PackFile:
    declared, tables = xlsx_tables(path)
    return PackFile(asked_for(declared), lambda requires: pack_of_tables(declared, tables, str(path), requires))


def _dmn(path: Path) -> PackFile:
    data = _read(path)
    return PackFile((), lambda requires: pack_from_dmn(data, str(path), requires))


def _python(path: Path) -> PackFile:
    return PackFile((), lambda requires: pack_from_path(path))


FORMS: Final[Mapping[str, Callable[[Path], PackFile]]] = {
    ".json": _json, ".yaml": _yaml, ".yml": _yaml, ".csv": _csv, ".xlsx": _xlsx, ".dmn": _dmn, ".py": _python, "": _python,
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
    return open_pack(path).pack(requires)


def open_pack(path: str | PathLike[str]) -> PackFile:
    """The file of a pack, read but not yet made into one. Raises `PackLoadError`."""
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
    return form(where)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackLoadError(f"{path} cannot be read: {error.strerror}", path=str(path)) from None
