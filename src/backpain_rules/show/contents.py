"""What a report of one assessment holds: what was said, what follows, what does not go together, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..explain.conflict import Conflict
from ..explain.derivation import Derivation, in_order
from ..explain.unknowns import Undecided, Unknown
from ..facts.base import Fact
from ..facts.types import Caution, Finding, Recommendation, Referral, haste
from ..pack import Pack
from .labels import Labels

TITLES: Final[dict[type[Fact], str]] = {
    Referral: "Referrals",
    Finding: "Findings",
    Recommendation: "Recommendations",
    Caution: "Cautions",
}
"""The parts of a report, what is most urgent first."""
DISCLAIMER: Final = "This repeats what the cited sources say. It is not medical advice."


@dataclass(frozen=True)
class Contents:
    """An assessment, and the language that it is to be told in."""

    labels: Labels
    packs: tuple[Pack, ...]
    facts: tuple[Fact, ...]
    derivations: tuple[Derivation, ...]
    conflicts: tuple[Conflict, ...]
    undecided: tuple[Undecided, ...]

    def parts(self) -> dict[str, tuple[Derivation, ...]]:
        """The conclusions under their titles, the most urgent first, else each after those that it rests on."""
        found: dict[str, list[Derivation]] = {title: [] for title in (*TITLES.values(), "Other conclusions")}
        for derivation in sorted(in_order(self.derivations), key=lambda derivation: haste(derivation.fact)):
            found[_title(derivation.fact)].append(derivation)
        return {title: tuple(listed) for title, listed in found.items() if listed}

    def waiting(self) -> dict[tuple[Unknown, ...], tuple[str, ...]]:
        """What could still follow, named once where it waits for the same answers; what needs the fewest answers first."""
        found: dict[tuple[Unknown, ...], dict[str, None]] = {}
        for one in sorted(self.undecided, key=lambda undecided: len(undecided.needs)):
            found.setdefault(one.needs, {})[self.labels.title(one.fact)] = None
        return {needs: tuple(titles) for needs, titles in found.items()}


def _title(fact: Fact) -> str:
    return next((title for kind, title in TITLES.items() if isinstance(fact, kind)), "Other conclusions")
