"""A limit on one step of a test: a step that never comes back fails, and does not hang the run."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def returning(what: str, seconds: int = 60) -> Iterator[None]:
    """Raise an `AssertionError` that says what does not come back after so many seconds.

    Needs `SIGALRM` and the main thread; elsewhere there is no limit.
    """

    def give_up(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"{what} does not come back after {seconds} seconds")

    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
