"""A journal file: a chain of JSON lines, one for each change, with its number and the hash of the line before.

A line is written before its change is reported. A crash can leave an incomplete last line; its change was never acknowledged, so
the next change overwrites it. Any other damage raises an error that names the line: a changed byte, lines that were removed,
swapped or duplicated, a second writer. The chain cannot detect whole lines missing at the end.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from ..errors import InvalidFactError, JournalError, shown
from ..json_text import MOST_BYTES, read_json
from .saved import VERSION

if sys.platform != "win32":
    import fcntl

_HASH: Final = 32
_END: Final = len(b',"hash":""}') + _HASH
_FLAGS: Final = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Mark(NamedTuple):
    """The end of the last whole line: its place in the file, its number, and its hash."""

    end: int = 0
    number: int = 0
    hash: str = ""


class _Coming(NamedTuple):
    """A compacted file that will replace the journal; None before it is open."""

    file: FileIO | None = None
    mark: Mark = Mark()


class Journal:
    """An open, append-only file of changes. With `sync`, every line reaches the disk (fsync) before its change takes effect.

    While it is open, no other process can open it for a session, on systems with `flock` (Linux, macOS, BSD; not Windows). On all
    systems, a change raises an error if another process wrote to the file, removed it or replaced it. A file that is not a
    journal is refused and not changed. Only its owner can read and write a new file.

    Raises `JournalError` with the `path`, and the `line` if it applies.
    """

    def __init__(self, path: str | os.PathLike[str], header: Mapping[str, Any], *, sync: bool = False) -> None:
        try:
            self.path = Path(path)
        except TypeError:
            raise JournalError(f"journal= takes the path of a file, not {shown(path)}", path=shown(path)) from None
        self.sync = sync
        self.lines: list[Mapping[str, Any]] = []
        """What stood in the file when it was opened: first what session it is of, then every change."""
        self.mark = Mark()
        self._header = {"journal": VERSION, **header}
        self._size: int | None = None
        self._coming: _Coming | None = None
        self._is_new = False
        self._file = self._opened()
        try:
            self._read()
            if not self.lines:
                self.append(self._header)
                if self.sync:
                    self._sync_folder()
        except BaseException:
            self.abandon()
            raise

    # --- writing --------------------------------------------------------------------------------------------------------

    def append(self, data: Mapping[str, Any]) -> None:
        """Write one line, completely or not at all. Raises `JournalError` if that fails."""
        try:
            text, mark = _line(self.mark, data)
        except ValueError as error:
            raise self._error(f"a text cannot be written as UTF-8: {error}; the change was not made") from None
        if len(text) > MOST_BYTES:
            raise self._error(f"this change takes {len(text)} bytes, and a line holds {MOST_BYTES}; make it in several")
        self._check_is_ours()
        self._size = None  # from here on, do not trust the file beyond the mark
        try:
            self._file.truncate(self.mark.end)
            _write(self._file, self.mark.end, text)
            if self.sync:
                os.fsync(self._file.fileno())
        except BaseException as error:
            with suppress(OSError, ValueError):
                self._file.truncate(self.mark.end)
            if isinstance(error, (OSError, ValueError)):
                raise self._error(f"{_reason(error)}; the change was not made") from error
            raise
        self._size = mark.end
        self.mark = mark

    def rewind(self, mark: Mark) -> None:
        """Remove everything after a mark, because its change did not happen.

        If that fails, the next line overwrites it; until then the file holds the complete state after the change.
        """
        if mark != self.mark or self._size is None:
            self._size, self.mark = None, mark
            with suppress(OSError, ValueError):
                self._file.truncate(mark.end)
                self._size = mark.end

    def compact(self, inserts: Iterable[Mapping[str, Any]]) -> None:
        """Replace the file by one with these lines, completely or not at all, and continue with it.

        The new file is complete, on the disk and locked before it replaces the old one. Until then it is called `.NAME.compact`.
        A killed process may leave such a file; the next compaction removes it.
        """
        self._check_is_ours()
        mark = Mark()
        try:
            self._beside.unlink(missing_ok=True)
            self._coming = _Coming()
            new = FileIO(os.open(self._beside, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600), "r+")
            self._coming = _Coming(new)
            _lock(new)
            for data in (self._header, *inserts):
                text, after = _line(mark, data)
                _write(new, mark.end, text)
                mark = after
            os.fsync(new.fileno())
            self._coming = _Coming(new, mark)
            os.replace(self._beside, self.path)
            self._sync_folder()
        except OSError as error:
            raise self._error(f"{_reason(error)}; nothing that it says is lost") from error
        finally:
            self._arrive()

    @property
    def _beside(self) -> Path:
        return self.path.with_name(f".{self.path.name}.compact")

    def _arrive(self) -> None:
        """Continue with the compacted file if it has replaced this one; otherwise drop it. Safe to interrupt."""
        if self._coming is not None:
            new, mark = self._coming
            old = self._file
            if new is None or not _is_at(new, self.path):
                with suppress(OSError):
                    self._beside.unlink()
                if new is not None:
                    new.close()
            elif old is not new:
                self._file, self._size, self.mark = new, mark.end, mark
                old.close()
            self._coming = None

    def abandon(self) -> None:
        """Close a journal whose session could not be made, and delete the file if it is new."""
        if self._is_new and _is_at(self._file, self.path):
            with suppress(OSError):
                self.path.unlink()
        self.close()

    def close(self) -> None:
        """Close the file. The session can no longer change."""
        self._arrive()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # --- opening --------------------------------------------------------------------------------------------------------

    def _opened(self) -> FileIO:
        flags = _FLAGS | getattr(os, "O_NONBLOCK", 0)
        try:
            try:
                file = FileIO(os.open(self.path, flags | os.O_CREAT | os.O_EXCL, 0o600), "r+")
                self._is_new = True
            except FileExistsError:
                file = FileIO(os.open(self.path, flags), "r+")
        except (OSError, ValueError) as error:
            is_link = isinstance(error, OSError) and error.errno == errno.ELOOP
            raise self._error("this is a symbolic link; give the file itself" if is_link else _reason(error)) from error
        try:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise self._error("this is no regular file")
            try:
                _lock(file)
            except OSError as error:
                is_open = error.errno in (errno.EWOULDBLOCK, errno.EACCES)
                what = (
                    "another session has it open; close that one first" if is_open else f"it cannot be locked: {_reason(error)}"
                )
                raise self._error(what) from error
            if not _is_at(file, self.path):
                raise self._error("another session has just made it compact; open it again")
        except BaseException:
            file.close()
            raise
        return file

    def _read(self) -> None:
        """Every complete line. Only an incomplete next line may follow the last one; nothing else is ever cut off."""
        text = self._file.readall()
        self._size = len(text)
        *whole, torn = text.split(b"\n")
        for line in whole:
            self.lines.append(self._checked(line))
            self.mark = Mark(self.mark.end + len(line) + 1, self.mark.number + 1, line[-_HASH - 2 : -2].decode())
        torn = torn.rstrip(b"\0")  # a file system may reserve space for bytes that never arrived
        begun = _begun(self.mark) if whole else _line(Mark(), self._header)[0]
        if not (begun.startswith(torn) or (whole and torn.startswith(begun))):
            raise (
                self._no_journal()
                if not whole
                else self._error("something else than a change stands behind the last line", self.mark.number + 1)
            )

    def _checked(self, line: bytes) -> Mapping[str, Any]:
        number = self.mark.number + 1
        body, end = line[:-_END], line[-_END:]
        hash = sha256(body).hexdigest()[:_HASH]
        is_whole = end == b',"hash":"' + hash.encode() + b'"}'
        if number == 1 and not (is_whole and line.startswith(b'{"line":1,"after":"","journal":')):
            raise self._no_journal(line)
        if not is_whole:
            raise self._error("it is damaged: its hash is wrong", number)
        try:
            data: dict[str, Any] = dict(read_json(body + b"}"))
        except (InvalidFactError, TypeError, ValueError) as error:
            raise self._error(f"it is damaged: {getattr(error, 'message', error)}", number) from None
        stands, after = data.pop("line", None), data.pop("after", None)
        if stands != number:
            raise self._error(f"line {shown(stands)} stands here: lines were removed, doubled or moved", number)
        if after != self.mark.hash:
            raise self._error("it does not follow the line before: two sessions wrote to this file", number)
        return data

    # --- inside ---------------------------------------------------------------------------------------------------------

    def _check_is_ours(self) -> None:
        self._arrive()
        try:
            size, is_there = os.fstat(self._file.fileno()).st_size, _is_at(self._file, self.path)
        except (OSError, ValueError) as error:
            raise self._error(f"{_reason(error)}; the change was not made") from error
        if not is_there:
            raise self._error("the file was removed, or another was put in its place; the change was not made")
        if self._size not in (None, size):
            raise self._error("somebody else wrote to it since; the change was not made")

    def _no_journal(self, first: bytes = b"") -> JournalError:
        if first.startswith(b'{"session":1,'):
            return self._error(
                f"this is a journal of format 1, and this library reads format {VERSION}. Open it with the version that wrote it "
                "and save its facts; the file was left as it is", 1
            )  # fmt: skip
        return self._error(
            "this is no journal, and was left as it is; give the path of a journal, or of a file that is not there", 1
        )

    def _error(self, what: str, line: int | None = None) -> JournalError:
        if line is None:
            return JournalError(f"{self.path}: {what}", path=str(self.path))
        hint = "" if line == 1 else f"; restore the file from a copy, or keep the lines before line {line} only"
        return JournalError(f"{self.path}, line {line}: {what}{hint}", path=str(self.path), line=line)

    def _sync_folder(self) -> None:
        """Flush the directory entry of the file to the disk; POSIX only."""
        if sys.platform != "win32":
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _begun(mark: Mark) -> bytes:
    """The fixed beginning of the line after a mark."""
    return f'{{"line":{mark.number + 1},"after":"{mark.hash}"'.encode()


def _line(mark: Mark, data: Mapping[str, Any]) -> tuple[bytes, Mark]:
    """The line after a mark, and the mark after that line."""
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    body = _begun(mark) + b"," + said[1:-1]
    hash = sha256(body).hexdigest()[:_HASH]
    text = b'%b,"hash":"%b"}\n' % (body, hash.encode())
    return text, Mark(mark.end + len(text), mark.number + 1, hash)


def _write(file: FileIO, place: int, text: bytes) -> None:
    """Write all of the text, continuing after partial writes until the system reports an error."""
    file.seek(place)
    written = 0
    while written < len(text):
        written += file.write(text[written:]) or 0


def _lock(file: FileIO) -> None:
    if sys.platform != "win32":
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_at(file: FileIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path, follow_symlinks=False))
    except FileNotFoundError:
        return False


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
