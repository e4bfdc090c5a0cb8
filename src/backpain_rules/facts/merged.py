"""Several conclusions about one thing, said as one where they do not contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from .base import Fact, exact


def merged(facts: Sequence[Fact]) -> Fact | None:
    """Facts of one key as one, each field from whichever says something; None when two say different things."""
    fields: dict[str, object] = {}
    for fact in facts:
        for name in fact.schema_.fields:
            value = fact.__dict__[name]
            if value is not None and fields.setdefault(name, value) != value:
                return None
    kind = type(facts[0])
    return kind(**fields)


def group_of(fact: Fact) -> tuple[object, ...]:
    """The type and the key of a fact: the same for those that could be said as one."""
    return (type(fact), *(fact.__dict__[name] for name in fact.schema_.keys))


def together(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Facts in canonical order, and those of one key that do not contradict each other as one."""
    groups: dict[tuple[object, ...], list[Fact]] = {}
    found = [fact for fact in facts if not fact.schema_.slots]  # their keys are all that they say
    for fact in facts:
        if fact.schema_.slots:
            groups.setdefault(group_of(fact), []).append(fact)
    if len(groups) + len(found) == len(facts):
        return tuple(facts)
    for group in groups.values():
        one = merged(group) if len(group) > 1 else group[0]
        found += group if one is None else (one,)
    return tuple(sorted(found, key=exact))
