"""How hard the properties are tried: a fifth of their examples by default, all of them with `--thorough`."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

QUICK: Final = 20
THOROUGH: Final = 100
FEWEST: Final = 5


def examples(thorough: int) -> int:
    """The number of examples for a property that gets `thorough` of them when it is tried thoroughly."""
    return max(FEWEST, thorough * settings().max_examples // THOROUGH)
