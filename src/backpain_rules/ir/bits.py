"""The three bits of a premise, in one small number, and what each composition does to them.

`certain` is 4, `established` 2 and `possible` 1, and always certain <= established <= possible; so a premise is 7
(known true), 3 (holds by default), 1 (only possible) or 0 (known false). all_of is `&` and any_of is `|`; what is
not monotone is a table over the eight numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

POSSIBLE: Final = 1
ESTABLISHED: Final = 2
CERTAIN: Final = 4
TRUE: Final = 7
UNKNOWN: Final = 1
FALSE: Final = 0

REFUTED: Final = {CERTAIN: POSSIBLE, ESTABLISHED: POSSIBLE, POSSIBLE: CERTAIN}
"""For each bit of `not_(x)` the bit of x that must be off."""
NOT_ESTABLISHED: Final = {CERTAIN: POSSIBLE, ESTABLISHED: ESTABLISHED, POSSIBLE: CERTAIN}
"""For each bit of `unless(x)` the bit of x that must be off."""


def _table(rule: Callable[[bool, bool, bool], tuple[bool, bool, bool]]) -> tuple[int, ...]:
    def row(bits: int) -> int:
        certain, established, possible = rule(bool(bits & CERTAIN), bool(bits & ESTABLISHED), bool(bits & POSSIBLE))
        return CERTAIN * certain + ESTABLISHED * established + POSSIBLE * possible

    return tuple(row(bits) for bits in range(8))


NOT: Final = _table(lambda c, e, p: (not p, not p, not c))
UNLESS: Final = _table(lambda c, e, p: (not p, not e, not c))
IS_UNKNOWN: Final = _table(lambda c, e, p: (False, p and not e, p and not c))
IS_KNOWN: Final = tuple(bits | NOT[bits] for bits in range(8))


def weigh(threshold: int, members: Iterable[tuple[int, int]]) -> int:
    """The bits of a count: `members` are (points, bits), and each bit holds where its points reach the threshold."""
    certain = established = possible = 0
    for points, bits in members:
        if bits & CERTAIN:
            certain += points
        if bits & ESTABLISHED:
            established += points
        if bits & POSSIBLE:
            possible += points
    return CERTAIN * (certain >= threshold) + ESTABLISHED * (established >= threshold) + POSSIBLE * (possible >= threshold)
