"""What a case can be asked, as items of a questionnaire: one for each fact that can be stated, one for each of its slots."""

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
    """One question: whether a fact is there (`slot` is None), or the value of a slot of it.

    `link` is the id of the item: `symptom/night_sweats`, `pain/lumbar/severity`.
    """

    link: str
    kind: type[Fact]
    key: tuple[Any, ...]
    slot: str | None

    @property
    def unknown(self) -> Unknown:
        """What it asks for, where nobody has said it."""
        return Unknown(self.kind, self.key, self.slot)


def link_of(unknown: Unknown) -> str:
    """The id of the item that asks for something unknown. A key that is left out is empty: `numbness//grade`."""
    return "/".join((unknown.kind.tag(), *map(_part, unknown.key), *([unknown.slot] if unknown.slot else [])))


def _part(value: object) -> str:
    return "" if value is None else str(value).replace("%", "%25").replace("/", "%2F")


def wording(labels: Labels, unknown: Unknown) -> str:
    """What to ask for it: the question of its term or its type, or else the names of the type, the key and the slot."""
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


@lru_cache(maxsize=16)  # a pure function of what never changes; each saved interview that is taken up again is read by it
def items(linked: Linked) -> tuple[Item, ...]:
    """Every item, by type and key; facts of closed types have no end of keys and are left to the caller."""
    return tuple(item for kind in linked.fact_types.values() if _is_asked(linked, kind) for item in _of(linked, kind))


@lru_cache(maxsize=16)
def unknowns_by_link(linked: Linked) -> Mapping[str, Unknown]:
    """What each item asks for, by the id of the item."""
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
    """Whether this audience is asked for it: a practitioner for everything, a patient not for what only a practitioner sees."""
    vocabularies = (kind.schema_.fields[name].vocabulary for name in kind.schema_.keys)
    terms = (linked.terms.get((v, id)) for v, id in zip(vocabularies, key, strict=True) if v and id is not None)
    return audience == "practitioner" or not any(map(_only_practitioners_know, terms))


def _only_practitioners_know(term: Term | None) -> bool:
    is_known_without_question = isinstance(term, ConditionTerm) and term.known and term.ask is None
    return is_known_without_question or (isinstance(term, SymptomTerm) and term.ask_of == "practitioner")


def can_be_stated(linked: Linked, kind: type[Fact], key: tuple[Any, ...]) -> bool:
    """Whether somebody can know it: a term that has a question, a condition that may be known, or whatever is no term."""
    vocabularies = (kind.schema_.fields[name].vocabulary for name in kind.schema_.keys)
    given = ((vocabulary, id) for vocabulary, id in zip(vocabularies, key, strict=True) if id is not None)
    terms = (linked.terms[vocabulary, id] for vocabulary, id in given if vocabulary)
    return all(getattr(term, "ask", None) or getattr(term, "known", False) for term in terms)
