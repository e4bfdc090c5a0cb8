"""The three bits of a premise in one small number.

`certain` is 4, `established` 2 and `possible` 1, and always certain <= established <= possible; so a premise is 7
(known true), 3 (holds by default), 1 (only possible) or 0 (known false).
"""

from __future__ import annotations

from typing import Final

POSSIBLE: Final = 1
ESTABLISHED: Final = 2
CERTAIN: Final = 4
THREE_BITS: Final = (CERTAIN, ESTABLISHED, POSSIBLE)
TRUE: Final = 7
UNKNOWN: Final = 1
FALSE: Final = 0
