"""What a case can show of a rule, in words that are the same in every knowledge base with that rule.

A leaf is a premise with no premise inside: a comparison, a fact that is there, a conclusion that was drawn, a rule that
overrides. It *decides* in a case where its rule would do otherwise if this one leaf had another value. Two cases in which it
decides, with one value in the one and another in the other, are a pair of masking MC/DC (modified condition/decision coverage:
Chilenski, An investigation of three forms of the MC/DC criterion, FAA report DOT/FAA/AR-01/18, 2001), where a leaf is called
a condition: whatever else differs between the two is masked in both. Here a leaf has three values, and each two are told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final, NamedTuple

from ..ir.bits import FALSE, TRUE, UNKNOWN

BITS: Final[Mapping[str, int]] = {"true": TRUE, "unknown": UNKNOWN, "false": FALSE}
"""The values of a leaf, with the bits that stand for them."""
PAIRS: Final = tuple(combinations(BITS, 2))
FIRING: Final = "firing"
STANDING: Final = "standing"
FIRES: Final = "fires"
SILENT: Final = "is silent"


class Goal(NamedTuple):
    """One thing that a case can show of a rule.

    That the rule `FIRES` or is `SILENT`, with no leaf named; that a leaf has a value; or, with `against`, that it has
    this value and would turn the rule with that other one. `at` says where beside its threshold a comparison stands. What is
    turned is whether the rule fires or, where nothing can turn that, how sure or how possible it is.
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
