"""Limits on one step of a test: an endless step fails and does not hang the run.

The main limit counts processor time, because on a busy machine a slow step looks like an endless one. A second, generous limit by
the clock stops a step that waits without computing.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext


@contextmanager
def stopped_after(error: BaseException, *, processor: float, clock: float) -> Iterator[None]:
    """Raise `error` if the block uses more processor time than this, or takes longer by the clock. Both limits are in seconds.

    Needs POSIX signals and the main thread.
    """

    def stop(*_: object) -> None:
        raise error

    timers = ((signal.ITIMER_PROF, signal.SIGPROF, processor), (signal.ITIMER_REAL, signal.SIGALRM, clock))
    before = [signal.signal(sent, stop) for _, sent, _ in timers]
    for timer, _, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for (timer, sent, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(sent, handler)


@contextmanager
def returning(what: str, processor: float = 60, clock: float = 600) -> Iterator[None]:
    """Raise an `AssertionError` that names `what` if the block exceeds one of these limits, in seconds.

    Without POSIX signals, and outside the main thread, there is no limit.
    """
    error = AssertionError(f"{what} does not return within {processor:g} s of processor time, or {clock:g} s by the clock")
    can_stop = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    with stopped_after(error, processor=processor, clock=clock) if can_stop else nullcontext():
        yield
