"""When a search must end. Every search polls one, and this module alone reads the clock for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, TypeAlias

from .errors import BackpainRulesError, shown

Progress: TypeAlias = Callable[[str], None]
"""Is told what a search does now, in a few words."""


class OutOfTime(Exception):
    """Raised inside a search whose time is up. It never leaves the search: the answer says what is missing."""


@dataclass(frozen=True)
class Deadline:
    """The moment when a search must end, if there is one, and who is told how far it is.

    >>> Deadline.after(None).poll("waiting")
    >>> Deadline.after(0).poll()
    Traceback (most recent call last):
    ...
    backpain_rules.deadline.OutOfTime
    """

    at: float | None = None
    progress: Progress | None = None

    @classmethod
    def after(cls, seconds: float | None, progress: Progress | None = None) -> Deadline:
        """So many seconds from now; with None, never. Raises `BackpainRulesError` for what is no number of seconds."""
        if progress is not None and not callable(progress):
            raise BackpainRulesError(
                f"progress={shown(progress)} cannot be called: give a function that takes a text, such as print",
                argument="progress", value=progress,
            )  # fmt: skip
        if seconds is None:
            return cls(None, progress)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
            raise BackpainRulesError(
                f"seconds={shown(seconds)}: give the most seconds to search for, 0 or more, or None to search to the end",
                seconds=str(seconds),
            )
        return cls(monotonic() + seconds, progress)

    def half(self) -> Deadline:
        """A deadline after half of the time that is left, so that what comes next has time too."""
        return self if self.at is None else replace(self, at=(monotonic() + self.at) / 2)

    def poll(self, doing: str = "") -> None:
        """Raise `OutOfTime` once the time is up; otherwise tell what is being done, if anything is said."""
        if self.at is not None and monotonic() >= self.at:
            raise OutOfTime
        if doing and self.progress is not None:
            self.progress(doing)


NEVER: Final = Deadline()
"""The deadline of a search that runs to its end."""
