"""Rank conclusions by the harm of a wrong one, so that people with little time read the gravest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias, get_args

from ...facts.base import Fact
from ...facts.types import Caution, Recommendation, Referral

Harm: TypeAlias = Literal["emergency", "referral", "medication", "treatment", "investigation", "caution", "advice", "finding"]
ORDER: Final[tuple[Harm, ...]] = get_args(Harm)
"""The gravest first."""


def gravest(conclusions: Iterable[tuple[type[Fact], Any]]) -> Harm:
    """The gravest of some conclusions, each given as a type and fields."""
    return min((_harm(kind, fields) for kind, fields in conclusions), key=ORDER.index, default="finding")


def _harm(kind: type[Fact], fields: Any) -> Harm:
    if issubclass(kind, Referral):
        return "emergency" if fields.get("urgency") == "emergency" else "referral"
    if issubclass(kind, Recommendation):
        done = fields.get("kind")
        return done if done in ORDER else "treatment"
    return "caution" if issubclass(kind, Caution) else "finding"
