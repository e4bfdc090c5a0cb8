"""How much of what was stated a conclusion can lose: the smallest changes of the stated facts that take it away."""

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
    """What would take a conclusion away, found when it is first asked for (extra `[prove]`).

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
        """The smallest sets of stated facts to retract or replace so that it is not concluded any more, at most five.

        Smallest by the number of facts; inside a fact as many values stay as can, and the others stay as near as can be. What
        is unknown stays unknown, facts of closed types stay as they are, and no constraint that holds now is broken. Empty
        where no such change takes it away.
        """
        return self._found.sets

    @property
    def has_more(self) -> bool:
        """Whether there are other changes that are as few as those given."""
        return self._found.more

    @property
    def sampled(self) -> tuple[str, ...]:
        """The slots of which only some values were tried, so that fewer changes than those given are not excluded."""
        return self._found.sampled

    @property
    def complete(self) -> bool:
        """Whether the search came to its end; if not, other changes than those given are not excluded."""
        return self._found.complete

    @cached_property
    def _found(self) -> Found[Edit]:
        return within(self._search, self._seconds, lambda smallest: smallest.changes(of_stated=True))

    def __str__(self) -> str:
        """In one line, or one for each set: `strong (neck) stands until pain neck: severity 8 -> 4`."""
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
