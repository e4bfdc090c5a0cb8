"""Changes asked of a case, by the place of each fact, or an error that says which of them cannot be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import ConflictingFactError, FactError, shown
from ..facts.base import Fact
from ..ground.nodes import Place, place_of
from ..link.model import Linked
from .case import check_fact, describe
from .moments import MomentCheck


def put_in(
    linked: Linked, stated: Mapping[Place, Fact], facts: Iterable[Fact], *, replace: bool, named: str = "facts", hint: str
) -> dict[Place, Fact]:
    """The facts that are new, by place. With `replace` they may stand where the case says something else.

    `named` is what the caller calls these facts, `hint` says what to do about two of one place. Raises what `check_fact`
    does, and `ConflictingFactError` when the case, or these facts, say something else of the same thing.
    """
    places: dict[Place, Fact] = {}
    for number, fact in enumerate(facts):
        where = f"{named}[{number}]"
        check_fact(linked, fact, where)
        place = place_of(fact)
        before = places.get(place, stated.get(place))
        is_free = before is None or before == fact or (replace and place not in places)
        if not is_free:
            raise ConflictingFactError(
                f"{where}: {shown(fact)} says something else of {describe(place)} than {shown(before)}; {hint}",
                place=where, fact_type=type(fact).tag(), facts=(before, fact),
            )  # fmt: skip
        if before != fact:
            places[place] = fact
    others = (fact for place, fact in stated.items() if place not in places)
    check_moments = MomentCheck(linked, others)
    for number, fact in enumerate(places.values()):
        check_moments(fact, f"{named}[{number}]")
    return places


def take_out(
    linked: Linked, stated: Mapping[Place, Fact], facts: Iterable[Fact], *, named: str = "facts", of: str
) -> dict[Place, None]:
    """The places of facts to take out; raises a `FactError` when the case, which the caller calls `of`, does not have one."""
    places: dict[Place, None] = {}
    for number, fact in enumerate(facts):
        where = f"{named}[{number}]"
        check_fact(linked, fact, where)
        place = place_of(fact)
        known = stated.get(place)
        if known != fact:
            hint = f"; it has {shown(known)}" if known is not None else ""
            raise FactError(f"{where}: {of} does not have {shown(fact)}{hint}", place=where, fact=fact)
        places[place] = None
    return places
