"""A limit on one step of a test: a step that never comes back fails, and does not hang the run.

The limit counts processor time, so that a busy machine does not make a slow step look like an endless one.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def returning(what: str, seconds: int = 60) -> Iterator[None]:
    """Raise an `AssertionError` that says what does not come back after so many seconds of processor time.

    Needs `SIGPROF` and the main thread; elsewhere there is no limit. A step that waits without computing is not stopped.
    """

    def give_up(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"{what} does not come back after {seconds} seconds of processor time")

    if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
