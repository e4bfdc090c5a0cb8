"""Conflicts in one case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ..facts.base import Fact, to_data
from ..source import Statement
from .derivation import Derivation
from .words import say_fact


@dataclass(frozen=True)
class Conflict:
    """Conclusions that contradict each other, or facts that a constraint forbids together."""

    kind: Literal["contradiction", "constraint"]
    about: str
    facts: tuple[Fact, ...]
    derive: Callable[[], tuple[Derivation, ...]] = field(repr=False, compare=False)
    sources: tuple[Statement, ...] = ()
    constraint: str | None = None

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivation of each of these conclusions, computed on first access."""
        return self.derive()

    def __str__(self) -> str:
        return f"{self.about}: {' | '.join(say_fact(fact) for fact in self.facts)}"

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        data: dict[str, Any] = {"kind": self.kind, "about": self.about, "facts": [to_data(fact) for fact in self.facts]}
        if self.constraint:
            data["constraint"] = self.constraint
        return {**data, "sources": [s.cite for s in self.sources]} if self.sources else data
