"""The relation between the premises of two rules that can fire together: equal, one inside the other, or partial overlap."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..prover import Prover

Relation: TypeAlias = Literal["same", "inside", "around", "partial"]
"""The first rule fires for the same patients as the second, for fewer, for more, or each fires for patients of its own."""


def relation(prover: Prover, one: int, other: int) -> Relation:
    """The relation between two rule instances over all cases."""
    inside, around = is_inside(prover, one, other), is_inside(prover, other, one)
    if inside and around:
        return "same"
    return "inside" if inside else "around" if around else "partial"


def is_inside(prover: Prover, one: int, other: int) -> bool:
    """Whether it is proved that the other instance fires whenever this one does."""
    if prover.seen_without(one, [other]):
        return False
    return not prover.cases.is_possible([prover.fires[one], -prover.fires[other]])
