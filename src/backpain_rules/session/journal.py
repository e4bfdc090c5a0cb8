"""A file that remembers every change: one JSON line each with its checksum, written before the change is reported.

A line that lost its end, as a crash leaves it, was never acknowledged and is cut off; any other damage is refused with
its place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zlib import crc32

from ..errors import JournalError


class Journal:
    """An append-only file of changes. `sync` makes every line reach the disk (fsync) before its change is made.

    Raises `JournalError` when the file is damaged, or when it belongs to another session.
    """

    def __init__(self, path: str | os.PathLike[str], *, sync: bool = False, accept_other_packs: bool = False) -> None:
        self.path = Path(path)
        self.sync = sync
        self.accept_other_packs = accept_other_packs
        self.lines = _read(self.path)
        kept = sum(len(line) + 1 for line, _ in self.lines)
        self._file = self.path.open("ab")
        if self._file.tell() != kept:
            self._file.truncate(kept)

    @property
    def header(self) -> Mapping[str, Any] | None:
        """The first line, which says what session it is; None in a new file."""
        return self.lines[0][1] if self.lines else None

    @property
    def changes(self) -> Iterable[tuple[int, Mapping[str, Any]]]:
        """Every change, with the number of its line."""
        return ((number, data) for number, (_, data) in enumerate(self.lines[1:], start=2))

    def append(self, data: Mapping[str, Any]) -> None:
        """Write one line, whole or not at all. Raises `JournalError` when it cannot be written."""
        start = 0
        try:
            start = self._file.tell()
            self._file.write(_line({**data, "crc": _checksum(data)}) + b"\n")
            self._file.flush()
            if self.sync:
                os.fsync(self._file.fileno())
        except (OSError, ValueError) as error:
            if not self._file.closed:
                self._file.truncate(start)
            raise JournalError(f"{self.path}: {error}; the change was not made", path=str(self.path)) from error

    def close(self) -> None:
        """Close the file; the session can be changed no more."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _checksum(data: Mapping[str, Any]) -> str:
    return f"{crc32(_line(data)):08x}"


def _read(path: Path) -> list[tuple[bytes, Mapping[str, Any]]]:
    """Every whole line with what it says."""
    if not path.exists():
        return []
    *whole, _torn = path.read_bytes().split(b"\n")
    lines: list[tuple[bytes, Mapping[str, Any]]] = []
    for number, line in enumerate(whole, start=1):
        try:
            data = json.loads(line)
            if not isinstance(data, dict) or data.pop("crc", None) != _checksum(data):
                raise ValueError("its checksum is wrong")
        except ValueError as error:
            raise JournalError(
                f"{path}, line {number}: this is no change: {error}; restore the file, or cut it off before this line",
                path=str(path), line=number,
            ) from None  # fmt: skip
        lines.append((line, data))
    return lines
