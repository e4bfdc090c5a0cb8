"""The smallest input that still fails: whatever can be left out is left out, as long as the failure stays the same."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def smallest(given: T, fails: Callable[[T], bool], tries: int) -> T:
    """The input after every single cut that keeps the failure, found with at most so many calls of `fails`."""
    left = tries
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _cuts(given):
            if left == 0:
                return given
            left -= 1
            if fails(copy.deepcopy(candidate)):
                given, shrunk = candidate, True
                break
    return given


def _cuts(given: Any) -> Iterator[Any]:
    """Smaller inputs, those that leave out most first."""
    if isinstance(given, (str, bytes)):
        yield from _shorter(given)
    elif isinstance(given, list):
        yield from _shorter(given)
        for number, inner in enumerate(given):
            yield from ([*given[:number], cut, *given[number + 1 :]] for cut in _cuts(inner))
    elif isinstance(given, dict):
        for name in given:
            yield {other: value for other, value in given.items() if other != name}
        for name, inner in given.items():
            yield from ({**given, name: cut} for cut in _cuts(inner))


def _shorter(given: Any) -> Iterator[Any]:
    """A text or a list without one of its pieces, from all of it down to a single member."""
    size = len(given)
    while size:
        for start in range(0, len(given), size):
            yield given[:start] + given[start + size :]
        size //= 2
