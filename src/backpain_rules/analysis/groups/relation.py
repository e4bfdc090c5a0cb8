"""How the premises of two rules that meet lie to each other: the same, one inside the other, or overlapping in part."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..prover import Prover

Relation: TypeAlias = Literal["same", "inside", "around", "partial"]
"""Of the first rule to the second: it fires for the same patients; for fewer; for more; or each has patients of its own."""


def relation(prover: Prover, one: int, other: int) -> Relation:
    """How two rule instances that can meet lie to each other, over all cases."""
    inside, around = is_inside(prover, one, other), is_inside(prover, other, one)
    if inside and around:
        return "same"
    return "inside" if inside else "around" if around else "partial"


def is_inside(prover: Prover, one: int, other: int) -> bool:
    """Whether it is proved that the other instance fires wherever the one does."""
    if prover.seen_without(one, [other]):
        return False
    return not prover.cases.is_possible([prover.fires[one], -prover.fires[other]])
