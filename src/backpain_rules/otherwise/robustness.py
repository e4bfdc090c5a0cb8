"""The smallest changes of the stated facts that remove a conclusion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..deadline import Deadline
from ..explain.words import title
from ..facts.base import Fact, to_data
from .edit import Edit
from .smallest import Found, Smallest, within


@dataclass(frozen=True)
class Robustness:
    """The changes that would remove a conclusion. The search runs on first access (extra `[prove]`).

    >>> from backpain_rules import KnowledgeBase, Pack, Pain, Rule, condition, each
    >>> STRONG, pain = condition("strong", "Strong pain"), each(Pain)
    >>> rule = Rule("strong", when=pain.severity >= 5, then=STRONG.finding(region=pain.region))
    >>> result = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule])]).assess([Pain(region="neck", severity=8)])
    >>> print(result.robustness(result.findings[0]))
    strong (neck) stands until pain neck: severity 8 -> 4
    """

    fact: Fact
    _search: Callable[[Deadline], Smallest] = field(repr=False, compare=False)
    _seconds: float | None = field(default=None, repr=False, compare=False)

    @property
    def changes(self) -> tuple[Edit, ...]:
        """The smallest sets of stated facts to retract or replace so that the conclusion disappears, at most five.

        Size counts facts. Within a fact, as many values as possible stay, and the others move as little as possible. Unknowns
        stay unknown, facts of closed types stay unchanged, and no constraint that holds now is broken. Empty if no such change
        removes the conclusion.
        """
        return self._found.sets

    @property
    def has_more(self) -> bool:
        """Whether there are further sets of the same size."""
        return self._found.more

    @property
    def sampled(self) -> tuple[str, ...]:
        """The slots for which only some values were tried, so smaller sets may exist."""
        return self._found.sampled

    @property
    def complete(self) -> bool:
        """Whether the search finished; if not, further sets may exist."""
        return self._found.complete

    @cached_property
    def _found(self) -> Found[Edit]:
        return within(self._search, self._seconds, lambda smallest: smallest.changes(of_stated=True))

    def __str__(self) -> str:
        """One line for each set: `strong (neck) stands until pain neck: severity 8 -> 4`."""
        said = title(self.fact)
        if not self.changes and not self.complete:
            return f"{said}: the time was up before a change was found that takes it away"
        if not self.changes and self.sampled:
            return f"{said}: no change was found that takes it away; only some values were tried of {', '.join(self.sampled)}"
        if not self.changes:
            return f"{said} stands whatever is changed of the stated facts"
        if len(self.changes) == 1 and not self.has_more and self.complete:
            return f"{said} stands until {self.changes[0]}"
        more = ("  or others, as few",) if self.has_more else ()
        if not self.complete:
            more = ("  and perhaps others, as few: the time was up",)
        return "\n".join((f"{said} stands until one of", *(f"  {edit}" for edit in self.changes), *more))

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "fact": to_data(self.fact),
            "changes": [edit.to_data() for edit in self.changes],
            "has_more": self.has_more,
            "sampled": list(self.sampled),
            "complete": self.complete,
        }
