"""Detect and refuse concurrent use of a session: by two threads, or from within one of its own changes."""

from __future__ import annotations

from types import TracebackType
from typing import Final
from weakref import ref

from ..errors import SessionInUseError

_NOW: Final = "now"


class Turns:
    """The current call of a session. Put `with turns.take():` around everything that reads or changes it."""

    def __init__(self) -> None:
        self._at_work: dict[str, ref[Turn]] = {}

    def take(self) -> Turn:
        """A turn for a `with` block. Entering it raises `SessionInUseError` while another turn lasts."""
        return Turn(self._at_work)


class Turn:
    """The turn of one call. If a signal prevents its exit, it ends when the call is garbage collected."""

    __slots__ = ("__weakref__", "_at_work", "_me")

    def __init__(self, at_work: dict[str, ref[Turn]]) -> None:
        self._at_work = at_work
        self._me = ref(self)

    def __enter__(self) -> None:
        other = self._at_work.setdefault(_NOW, self._me)  # atomic, even with threads in parallel
        if other is not self._me:
            if other() is not None:
                raise SessionInUseError(
                    "another call is at work in this session; a session is for one thread at a time, and cannot be used by what "
                    "its own change calls. Make one for each thread, or hold a lock around its use"
                )
            self._at_work[_NOW] = self._me

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._at_work.pop(_NOW, None)
