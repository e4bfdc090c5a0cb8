"""Variants of an assessed case: with other facts, or with other parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..engine.edits import put_in, take_out
from ..engine.native import Native
from ..engine.outcome import Outcome
from ..facts.base import Fact
from ..ground.compile import compile_program
from ..link.link import link
from ..link.model import Linked
from .smallest import Run


def changed_case(
    outcome: Outcome, insert: Iterable[Fact], retract: Iterable[Fact], replace: Iterable[Fact]
) -> tuple[tuple[Fact, ...], tuple[Fact, ...], tuple[Fact, ...]]:
    """The facts of the changed case, the added facts, and the removed facts.

    Raises a `FactError` for a fact that cannot be retracted, and a `ConflictingFactError` for two facts that contradict each
    other.
    """
    linked, stated = outcome.linked, outcome.stated
    gone = take_out(linked, stated, retract, named="retract", of="the case")
    left = {place: fact for place, fact in stated.items() if place not in gone}
    replaced = put_in(linked, left, replace, replace=True, named="replace", hint="give one of them")
    left |= replaced
    inserted = put_in(
        linked, left, insert, replace=False, named="insert", hint="what_if(replace=[...]) puts it in that one's place"
    )
    case = {**left, **inserted}
    new = tuple(fact for place, fact in case.items() if stated.get(place) != fact)
    old = tuple(fact for place, fact in stated.items() if case.get(place) != fact)
    return tuple(case.values()), new, old


def with_parameters(linked: Linked, parameters: Mapping[Any, object]) -> tuple[Run, tuple[tuple[str, object, object], ...]]:
    """An assessor with these parameter values, and the parameters that change: name, before, after."""
    before = {name: value for name, (_, value) in linked.parameters.items()}
    other = link(linked.packs, {**before, **parameters})
    changed = ((name, before[name], value) for name, (_, value) in sorted(other.parameters.items()) if before[name] != value)
    return Native(compile_program(other)).run, tuple(changed)
