"""A case during an interview: the stated facts, the declined questions, and what can still be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..explain.unknowns import Unknown
from ..facts.base import Fact
from ..ground.nodes import Place, Said
from ..link.model import Linked
from ..terms import Audience
from .items import can_be_stated, is_asked_of


@dataclass(frozen=True)
class Case:
    """`facts` are stated; `declined` are the unknowns that were answered by "I don't know"."""

    facts: Mapping[Place, Fact]
    declined: frozenset[Unknown] = frozenset()

    def is_said(self, said: Said) -> bool:
        """Whether an input is known: the presence of a fact, or the value of a slot."""
        fact = self.facts.get(said.place)
        return fact is not None and (said.slot is None or fact.__dict__[said.slot] is not None)

    def is_absent(self, place: Place) -> bool:
        """Whether a fact is known to be absent."""
        fact = self.facts.get(place)
        return fact is not None and fact.__dict__.get("present") is False

    def is_declined(self, said: Said) -> bool:
        """Whether the answer to its question was "I don't know"."""
        return Unknown(*said.place, said.slot) in self.declined


class Askable:
    """Decides what an audience can be asked under a rule base, in any case."""

    def __init__(self, linked: Linked, audience: Audience = "practitioner") -> None:
        self._linked = linked
        self._audience = audience
        self._places: dict[Place, bool] = {}

    def __call__(self, said: Said) -> bool:
        """Whether an answer can state it: its terms have questions, and a fact of its type needs no further field."""
        schema = said.place.kind.schema_
        if said.slot is None:
            return schema.has_present and self._place(said.place)
        return schema.fields[said.slot].is_slot and self._place(said.place)

    def _place(self, place: Place) -> bool:
        known = self._places.get(place)
        if known is None:
            schema = place.kind.schema_
            needs = (f for f in schema.fields.values() if not f.is_key and not f.is_slot)
            known = schema.is_open and not any(f.required for f in needs) and can_be_stated(self._linked, *place)
            known = known and is_asked_of(self._linked, *place, self._audience)
            self._places[place] = known
        return known
