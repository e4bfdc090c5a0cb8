"""How hard the properties are tried: on 12 % of their examples by default, on all of them with `--thorough`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from hypothesis import settings

T = TypeVar("T")
QUICK: Final = 12
THOROUGH: Final = 100
FEWEST: Final = 5


def examples(thorough: int) -> int:
    """The number of examples for a property that gets `thorough` of them when it is tried thoroughly."""
    return max(FEWEST, thorough * settings().max_examples // THOROUGH)


def some(of: Sequence[T]) -> Sequence[T]:
    """Every fifth of these and the last; all of them when properties are tried thoroughly."""
    return of if settings().max_examples >= THOROUGH else (*of[:-1:5], *of[-1:])
