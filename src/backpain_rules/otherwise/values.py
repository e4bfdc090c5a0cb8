"""Choose readable values for a changed fact: close to the old value, or a number that rules name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from ..facts.base import Fact
from ..facts.values import STEPS
from ..ground.nodes import Atom, Place, Said, SlotTest
from ..solve.world import World

Facts: TypeAlias = Mapping[Place, Fact | None]
"""Changed places, each with its new fact or None."""


def told_best(
    world: World, atoms: Iterable[Atom], stated: Mapping[Place, Fact], facts: Facts, holds: Callable[[Facts], bool]
) -> Facts:
    """Replace values of the changed facts by more readable ones as long as `holds` accepts the result.

    A changed value moves as little as possible. A value that was unknown becomes one that rules compare the slot with, if one of
    these works: a severity of 3 if it must be at most 3.
    """
    found = dict(facts)
    named = _named(atoms)
    for place, fact in facts.items():
        before = stated.get(place)
        slots = world.slots_at(place) if fact is not None and is_there(fact) else []
        for said in slots:
            assert fact is not None
            name = str(said.slot)
            was, now = None if before is None else before.__dict__[name], fact.__dict__[name]
            if now is None or now == was or type(now) not in STEPS:
                continue
            near = _nearer(world.values(said), was, now) if was is not None else _other(named.get(said, set()), now)
            for value in near:
                tried = _with(fact, name, value)
                if tried is not None and holds({**found, place: tried}):
                    found[place] = fact = tried
                    break
    return found


def is_there(fact: Fact) -> bool:
    """Whether a fact states its presence."""
    return fact.__dict__.get("present") is not False


def _nearer(values: Iterable[Any], was: Any, now: Any) -> list[Any]:
    """Values nearer to the old one, the nearest first: the distinguished values and their neighbours."""
    found = {near for value in values for near in _around(value)}
    return sorted((v for v in found if abs(v - was) < abs(now - was)), key=lambda v: (abs(v - was), v))


def _around(value: Any) -> Iterator[Any]:
    yield value
    with suppress(OverflowError):
        yield value - STEPS[type(value)]
    with suppress(OverflowError):
        yield value + STEPS[type(value)]


def _other(named: set[Any], now: Any) -> list[Any]:
    return [] if now in named else sorted(named)


def _named(atoms: Iterable[Atom]) -> dict[Said, set[Any]]:
    """The values that atoms compare each slot with."""
    found: dict[Said, set[Any]] = {}
    for atom in atoms:
        if isinstance(atom, SlotTest):
            found.setdefault(Said(atom.place, atom.slot), set()).add(atom.value)
    return found


def _with(fact: Fact, name: str, value: object) -> Fact | None:
    """The fact with another value in one slot; None if its type forbids it."""
    fields = {field: fact.__dict__[field] for field in type(fact).model_fields if fact.__dict__[field] is not None}
    try:
        return type(fact)(**{**fields, name: value})
    except Exception:  # a validator of the fact type may raise anything
        return None
