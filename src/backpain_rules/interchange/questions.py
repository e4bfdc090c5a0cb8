"""What a case can be asked, as items of a questionnaire: one for each fact that can be stated, one for each of its slots."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from ..facts.base import Fact
from ..link.model import Linked


class Item(NamedTuple):
    """One question: whether a fact is there (`slot` is None), or the value of a slot of it.

    `link` is the id of the item: `symptom/night_sweats`, `pain/lumbar/severity`.
    """

    link: str
    kind: type[Fact]
    key: tuple[Any, ...]
    slot: str | None


def items(linked: Linked) -> tuple[Item, ...]:
    """Every item, by type and key; facts of closed types have no end of keys and are left to the caller."""
    return tuple(item for kind in linked.fact_types.values() if _is_asked(linked, kind) for item in _of(linked, kind))


def _is_asked(linked: Linked, kind: type[Fact]) -> bool:
    return kind not in linked.derived_types and kind.schema_.is_open


def _of(linked: Linked, kind: type[Fact]) -> Iterator[Item]:
    schema = kind.schema_
    for key in product(*(linked.domain(kind, name) for name in schema.keys)):
        if not can_be_stated(linked, kind, key):
            continue
        link = "/".join((kind.tag(), *map(str, key)))
        if schema.has_present:
            yield Item(link, kind, key, None)
        for slot in schema.slots:
            yield Item(f"{link}/{slot}", kind, key, slot)


def can_be_stated(linked: Linked, kind: type[Fact], key: tuple[Any, ...]) -> bool:
    """Whether somebody can know it: a term that has a question, or whatever is no term."""
    vocabularies = (kind.schema_.fields[name].vocabulary for name in kind.schema_.keys)
    terms = (linked.terms[vocabulary, id] for vocabulary, id in zip(vocabularies, key, strict=True) if vocabulary)
    return all(getattr(term, "ask", None) for term in terms)
