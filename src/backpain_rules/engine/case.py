"""Facts given, made a case: every fact in its place, or an error that says which one is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ConflictingFactError, InvalidFactError, UnknownFactTypeError, UnknownIdError, did_you_mean, nearest, shown
from ..facts.base import Fact
from ..ground.nodes import Place, place_of
from ..ir.expressions import Named
from ..link.model import Linked
from .moments import MomentCheck


def read_case(linked: Linked, facts: Iterable[Fact]) -> dict[Place, Fact]:
    """Each fact by its place. A fact given twice counts once.

    Raises `UnknownFactTypeError`, `InvalidFactError` (a conclusion cannot be given), `UnknownIdError` and
    `ConflictingFactError`.
    """
    case: dict[Place, Fact] = {}
    check_moments = MomentCheck(linked)
    for number, fact in enumerate(facts):
        check_fact(linked, fact, f"facts[{number}]")
        if fact.schema_.moments:
            check_moments(fact, f"facts[{number}]")
        place = place_of(fact)
        known = case.setdefault(place, fact)
        if known is not fact and known != fact:
            raise ConflictingFactError(
                f"two facts say different things of {describe(place)}: {shown(known)} and {shown(fact)}; "
                "give one of them (a session can replace a fact)",
                place=f"facts[{number}]", fact_type=type(fact).tag(), facts=(known, fact),
            )  # fmt: skip
    return case


def check_fact(linked: Linked, fact: object, where: str) -> None:
    """Refuse what cannot be a stated fact of this rule base; `where` is what the caller calls it."""
    if not isinstance(fact, Fact):
        advice = "write Pain(region=...) or present(...)"
        if isinstance(fact, Named):
            advice = f"a term is no fact: write {fact.id.upper()}.present or {fact.id.upper()}.absent"
        raise InvalidFactError(f"{where} is {shown(fact)}, which is no fact; {advice}", value=fact)
    kind = type(fact)
    if linked.fact_types.get(kind.tag()) is not kind:
        known = linked.fact_types.get(kind.tag())
        hint = did_you_mean(kind.tag(), linked.fact_types) or "; list it in the fact_types of a pack"
        if known is not None:
            hint = f", which is another class than the {known.__name__} of {known.__module__}; use that one"
        raise UnknownFactTypeError(
            f"{where}: no loaded pack knows the fact type {kind.__name__} of {kind.__module__}{hint}",
            place=where, fact_type=kind.tag(),
        )  # fmt: skip
    if kind in linked.derived_types:
        raise InvalidFactError(
            f"{where}: {kind.__name__} is concluded by rules, so it cannot be stated",
            place=where,
            fact_type=kind.tag(),
        )
    for name, vocabulary in kind.schema_.words:
        value = fact.__dict__[name]
        if value is not None and (vocabulary, value) not in linked.terms:
            raise unknown_id(linked, f"{where}.{name}", vocabulary, value)


def unknown_id(linked: Linked, place: str, vocabulary: str, value: str) -> UnknownIdError:
    """The error for an id that no loaded pack declares, with the nearest ones and the packs that have them."""
    known = linked.ids(vocabulary)
    near = nearest(value, known, 3)
    packs = {id: linked.owners[vocabulary, id] for id in near}
    hint = f"; did you mean {near[0]!r} (pack {packs[near[0]]})?" if near else f"; {len(known)} are known"
    return UnknownIdError(
        f"{place}: no loaded pack declares the {vocabulary} {shown(value)}{hint}",
        place=place, value=value, vocabulary=vocabulary, suggestions=near, packs=packs,
    )  # fmt: skip


def describe(place: Place) -> str:
    """A place in words: `Pain(region='lumbar')`."""
    said = ", ".join(f"{name}={shown(value)}" for name, value in zip(place.kind.schema_.keys, place.key, strict=True))
    return f"{place.kind.__name__}({said})"
