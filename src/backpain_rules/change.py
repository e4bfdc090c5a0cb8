"""What one change of a case did: the facts that came and went, and the conclusions that did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .explain.words import say_fact
from .facts.base import Fact, canonical, to_data


@dataclass(frozen=True)
class Change:
    """The difference between two cases and what follows from them; every list in canonical order.

    `firmed` and `loosened` are conclusions that stood before and after, and became firm or provisional.

    >>> from backpain_rules import Change, present
    >>> Change(inserted=(present("cold"),)).to_data()
    {'inserted': [{'type': 'symptom', 'term': 'cold', 'present': True}]}
    """

    inserted: tuple[Fact, ...] = ()
    retracted: tuple[Fact, ...] = ()
    appeared: tuple[Fact, ...] = ()
    gone: tuple[Fact, ...] = ()
    firmed: tuple[Fact, ...] = ()
    loosened: tuple[Fact, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return any(self._lists().values())

    def __str__(self) -> str:
        """One line for each difference in what follows: `+ acute_strain (lumbar)`."""
        marks = (("+", self.appeared), ("-", self.gone), ("firm:", self.firmed), ("provisional:", self.loosened))
        return "\n".join(f"{mark} {say_fact(fact)}" for mark, facts in marks for fact in facts) or "no conclusion changes"

    def to_data(self) -> dict[str, Any]:
        """As JSON data; what is empty is left out."""
        return {name: [to_data(fact) for fact in facts] for name, facts in self._lists().items() if facts}

    def _lists(self) -> dict[str, tuple[Fact, ...]]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def difference(
    before: Mapping[Fact, bool],
    after: Mapping[Fact, bool],
    *,
    inserted: Iterable[Fact] = (),
    retracted: Iterable[Fact] = (),
) -> Change:
    """The change from some conclusions to others, each with whether it is firm."""
    both = before.keys() & after.keys()
    return Change(
        inserted=_ordered(inserted),
        retracted=_ordered(retracted),
        appeared=_ordered(after.keys() - before.keys()),
        gone=_ordered(before.keys() - after.keys()),
        firmed=_ordered(fact for fact in both if after[fact] and not before[fact]),
        loosened=_ordered(fact for fact in both if before[fact] and not after[fact]),
    )


def _ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=canonical))
