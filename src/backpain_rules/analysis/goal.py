"""Goals: what a case can show about a rule, named equally in every knowledge base with that rule.

A leaf is a premise without nested premises: a comparison, the presence of a fact, a conclusion, or an overriding rule. It
*decides* in a case if its rule would behave differently with another value of this leaf. Two cases in which it decides with
different values are a pair of masking MC/DC (modified condition/decision coverage: Chilenski, An investigation of three forms of
the MC/DC criterion, FAA report DOT/FAA/AR-01/18, 2001; there a leaf is called a condition): all other differences between the
cases are masked in both. Here a leaf has three values, and each two of them are distinguished.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final, NamedTuple

from ..ir.bits import FALSE, TRUE, UNKNOWN

BITS: Final[Mapping[str, int]] = {"true": TRUE, "unknown": UNKNOWN, "false": FALSE}
"""The values of a leaf and their bits."""
PAIRS: Final = tuple(combinations(BITS, 2))
FIRING: Final = "firing"
STANDING: Final = "standing"
FIRES: Final = "fires"
SILENT: Final = "is silent"


class Goal(NamedTuple):
    """One goal: something that a case can show about a rule.

    Without a leaf: the rule `FIRES` or is `SILENT`. With a leaf: it has a value or, with `against`, it has this value and the
    other value would change the rule. `at` is the position of a comparison beside its threshold. The change concerns whether the
    rule fires or, if no leaf value can change that, whether it is certain or possible.
    """

    rule: str
    leaf: str
    value: str
    against: str = ""
    at: str = ""
    turns: str = ""

    def __str__(self) -> str:
        if not self.leaf:
            return f"{self.rule} {self.value}"
        value = {"below": "just below its threshold", "at": "at its threshold", "above": "just above its threshold"}.get(
            self.at, self.value
        )
        if not self.against:
            return f"{self.rule}: {self.leaf} {value}"
        what = "how sure it is" if self.turns == STANDING else "whether it fires"
        return f"{self.rule}: {self.leaf} {value}, not {self.against}, decides {what}"
