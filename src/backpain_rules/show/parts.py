"""Under which heading a conclusion stands, and in which order: the most urgent first, and an emergency before all else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from ..explain.unknowns import Undecided, Unknown
from ..explain.wording import Wording
from ..facts.base import Fact
from ..facts.types import Caution, Finding, Recommendation, Referral, haste, is_emergency

EMERGENCY: Final = "Emergency"
HEADINGS: Final[tuple[tuple[type[Fact], str], ...]] = (
    (Referral, "Referrals"),
    (Finding, "Findings"),
    (Caution, "Cautions"),
    (Recommendation, "Recommendations"),
)
OTHER: Final = "Other conclusions"
NOT_RULED_OUT: Final = "Emergencies that are not ruled out"
"""The heading of an emergency that is still open."""
FIRM: Final = "Firm: no answer to an open question can change it."
PROVISIONAL: Final = "Provisional: it stands until an answer to an open question takes it back."
T = TypeVar("T")


def heading_of(fact: Fact) -> str:
    """The heading of a conclusion."""
    if is_emergency(fact):
        return EMERGENCY
    return next((heading for kind, heading in HEADINGS if isinstance(fact, kind)), OTHER)


def in_parts(items: Iterable[T], fact_of: Callable[[T], Fact]) -> dict[str, tuple[T, ...]]:
    """Items under the headings of their facts: the most urgent first, otherwise in the order given. No heading is empty."""
    found: dict[str, list[T]] = {heading: [] for heading in (EMERGENCY, *(heading for _, heading in HEADINGS), OTHER)}
    for item in sorted(items, key=lambda item: haste(fact_of(item))):
        found[heading_of(fact_of(item))].append(item)
    return {heading: tuple(listed) for heading, listed in found.items() if listed}


Waiting = dict[tuple[Unknown, ...], tuple[str, ...]]
"""The titles of conclusions, by the unknowns that they wait for."""


def still_open(undecided: Iterable[Undecided], wording: Wording) -> dict[str, Waiting]:
    """What could still follow, under its headings.

    Conclusions that wait for the same answers stand together, where the most urgent of them belongs. Within a heading the
    most urgent come first, then those that need the fewest answers.
    """
    together: dict[tuple[Unknown, ...], list[Fact]] = {}
    for one in undecided:
        together.setdefault(one.needs, []).append(one.fact)
    groups = [(needs, [fact for part in in_parts(facts, _itself).values() for fact in part]) for needs, facts in together.items()]
    groups.sort(key=lambda group: len(group[0]))
    return {
        NOT_RULED_OUT if heading == EMERGENCY else heading: {
            needs: tuple(dict.fromkeys(map(wording.title, facts))) for needs, facts in listed
        }
        for heading, listed in in_parts(groups, lambda group: group[1][0]).items()
    }


def _itself(fact: Fact) -> Fact:
    return fact
