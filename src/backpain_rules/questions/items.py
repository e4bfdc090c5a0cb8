"""The items of a questionnaire: one for each fact that can be stated, and one for each of its slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..explain.unknowns import Unknown
from ..facts.base import Fact
from ..link.model import Linked
from ..show.labels import Labels
from ..terms import Audience, ConditionTerm, SymptomTerm, Term


class Item(NamedTuple):
    """One item: the presence of a fact (`slot` is None), or the value of a slot.

    `link` is its id: `symptom/night_sweats`, `pain/lumbar/severity`.
    """

    link: str
    kind: type[Fact]
    key: tuple[Any, ...]
    slot: str | None

    @property
    def unknown(self) -> Unknown:
        """The unknown that the item asks for."""
        return Unknown(self.kind, self.key, self.slot)


def link_of(unknown: Unknown) -> str:
    """The id of the item for an unknown. A missing key is empty: `numbness//grade`."""
    return "/".join((unknown.kind.tag(), *map(_part, unknown.key), *([unknown.slot] if unknown.slot else [])))


def _part(value: object) -> str:
    return "" if value is None else str(value).replace("%", "%25").replace("/", "%2F")


def wording(labels: Labels, unknown: Unknown) -> str:
    """The question of an item: that of its term or type, or else the names of the type, the key and the slot."""
    names = unknown.kind.schema_.keys
    own = labels.question_of(unknown.kind, dict(zip(names, unknown.key, strict=True)), unknown.slot)
    if own:
        return own
    if unknown.slot is None and len(names) == 1:
        vocabulary = unknown.kind.schema_.fields[names[0]].vocabulary
        asked = labels.question(vocabulary, unknown.key[0]) if vocabulary else None
        if asked:
            return asked
    said = [(name, value) for name, value in zip(names, unknown.key, strict=True) if value is not None]
    parts = [labels.field_value(unknown.kind, name, value) for name, value in said]
    what = labels.say("{} ({})", labels.kind(unknown.kind), ", ".join(parts)) if parts else labels.kind(unknown.kind)
    return labels.say("{}?", what if unknown.slot is None else labels.say("{}: {}", what, labels.field(unknown.slot)))


@lru_cache(maxsize=16)  # cached: the rule base never changes, and each restored interview reads it
def items(linked: Linked) -> tuple[Item, ...]:
    """Every item, by type and key. Closed types are left out, because their keys are unbounded."""
    return tuple(item for kind in linked.fact_types.values() if _is_asked(linked, kind) for item in _of(linked, kind))


@lru_cache(maxsize=16)
def unknowns_by_link(linked: Linked) -> Mapping[str, Unknown]:
    """The unknown of each item, by the id of the item."""
    return {item.link: item.unknown for item in items(linked)}


def _is_asked(linked: Linked, kind: type[Fact]) -> bool:
    return kind not in linked.derived_types and kind.schema_.is_open


def _of(linked: Linked, kind: type[Fact]) -> Iterator[Item]:
    schema = kind.schema_
    for key in linked.keys(kind):
        if not can_be_stated(linked, kind, key):
            continue
        for slot in (*([None] if schema.has_present else []), *schema.slots):
            yield Item(link_of(Unknown(kind, key, slot)), kind, key, slot)


def is_asked_of(linked: Linked, kind: type[Fact], key: tuple[Any, ...], audience: Audience) -> bool:
    """Whether this audience is asked: a practitioner about everything, a patient not about what only a practitioner sees."""
    vocabularies = (kind.schema_.fields[name].vocabulary for name in kind.schema_.keys)
    terms = (linked.terms.get((v, id)) for v, id in zip(vocabularies, key, strict=True) if v and id is not None)
    return audience == "practitioner" or not any(map(_only_practitioners_know, terms))


def _only_practitioners_know(term: Term | None) -> bool:
    is_known_without_question = isinstance(term, ConditionTerm) and term.known and term.ask is None
    return is_known_without_question or (isinstance(term, SymptomTerm) and term.ask_of == "practitioner")


def can_be_stated(linked: Linked, kind: type[Fact], key: tuple[Any, ...]) -> bool:
    """Whether a fact can be stated: each of its terms has a question, or is a condition that may be known."""
    vocabularies = (kind.schema_.fields[name].vocabulary for name in kind.schema_.keys)
    given = ((vocabulary, id) for vocabulary, id in zip(vocabularies, key, strict=True) if id is not None)
    terms = (linked.terms[vocabulary, id] for vocabulary, id in given if vocabulary)
    return all(getattr(term, "ask", None) or getattr(term, "known", False) for term in terms)
