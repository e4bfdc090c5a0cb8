"""Who is told of each case that is assessed, in this thread or task: nobody, unless a tool of `testing` asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeAlias

from .outcome import Outcome

See: TypeAlias = Callable[[Outcome], None]

_WATCHERS: Final[ContextVar[tuple[See, ...]]] = ContextVar("watchers", default=())


def tell(outcome: Outcome) -> None:
    """Show an outcome to all who watch."""
    for see in _WATCHERS.get():
        see(outcome)


def is_watched() -> bool:
    """Whether anybody watches, so that an outcome that only a watcher needs is worth making."""
    return bool(_WATCHERS.get())


@contextmanager
def told(see: See) -> Iterator[None]:
    """Watch for the length of a `with`."""
    token = _WATCHERS.set((*_WATCHERS.get(), see))
    try:
        yield
    finally:
        _WATCHERS.reset(token)
