"""Deadlines of searches. Every search polls one, and only this module reads the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, TypeAlias

from .errors import BackpainRulesError, shown

Progress: TypeAlias = Callable[[str], None]
"""A callback that receives what a search is doing, in a few words."""


class OutOfTime(Exception):
    """Raised inside a search after its deadline. The search catches it and returns an incomplete answer."""


@dataclass(frozen=True)
class Deadline:
    """When a search must end, if ever, and who receives its progress.

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
        """So many seconds from now; None means never. Raises `BackpainRulesError` if it is not a number of seconds."""
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
        """A deadline after half of the remaining time, which leaves time for the next step."""
        return self if self.at is None else replace(self, at=(monotonic() + self.at) / 2)

    def poll(self, doing: str = "") -> None:
        """Raise `OutOfTime` after the deadline; otherwise report the progress, if given."""
        if self.at is not None and monotonic() >= self.at:
            raise OutOfTime
        if doing and self.progress is not None:
            self.progress(doing)


NEVER: Final = Deadline()
"""The deadline of a search without a limit."""
