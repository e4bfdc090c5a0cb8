"""The effect of one change of a case: the facts and conclusions that were added and removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .explain.words import say_fact
from .facts.base import Fact, canonical, to_data
from .ir.conclusions import spoken


@dataclass(frozen=True)
class Change:
    """The difference between two cases and their conclusions; every list is in canonical order.

    `firmed` and `loosened` are conclusions in both cases that became firm or provisional. `parameters` lists the parameters with
    different values: the name, the value before and the value after.

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
    parameters: tuple[tuple[str, object, object], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.parameters) or any(self._lists().values())

    def __str__(self) -> str:
        """One line for each difference in the conclusions: `+ acute_strain (lumbar)`."""
        marks = (("+", self.appeared), ("-", self.gone), ("firm:", self.firmed), ("provisional:", self.loosened))
        return "\n".join(f"{mark} {say_fact(fact)}" for mark, facts in marks for fact in facts) or "no conclusion changes"

    def to_data(self) -> dict[str, Any]:
        """As JSON data, without empty members."""
        data: dict[str, Any] = {name: [to_data(fact) for fact in facts] for name, facts in self._lists().items() if facts}
        if self.parameters:
            data["parameters"] = {name: {"from": spoken(a), "to": spoken(b)} for name, a, b in self.parameters}
        return data

    def _lists(self) -> dict[str, tuple[Fact, ...]]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "parameters"}


def difference(
    before: Mapping[Fact, bool],
    after: Mapping[Fact, bool],
    *,
    inserted: Iterable[Fact] = (),
    retracted: Iterable[Fact] = (),
    parameters: tuple[tuple[str, object, object], ...] = (),
) -> Change:
    """The change between two sets of conclusions, each with its firmness."""
    both = before.keys() & after.keys()
    return Change(
        inserted=_ordered(inserted),
        retracted=_ordered(retracted),
        appeared=_ordered(after.keys() - before.keys()),
        gone=_ordered(before.keys() - after.keys()),
        firmed=_ordered(fact for fact in both if after[fact] and not before[fact]),
        loosened=_ordered(fact for fact in both if before[fact] and not after[fact]),
        parameters=parameters,
    )


def _ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=canonical))
