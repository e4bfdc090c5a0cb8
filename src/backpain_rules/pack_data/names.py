"""The names that a pack as data uses for what it and the packs that it requires declare."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..arguments import listed
from ..facts.base import Fact
from ..ir.expressions import Parameter
from ..ir.premises import SignSet
from ..ir.quantities import Quantity
from ..link.declared import Declared, declared, in_order
from ..pack import Pack
from ..source import Source
from ..terms import Term


@dataclass(frozen=True, eq=False)
class Names:
    """What is declared, by name. Terms go by vocabulary and id, fact types by tag, sources and quantities by id. Parameters and
    sign sets of the pack itself go by id, those of another pack by "pack:id"."""

    terms: Mapping[tuple[str, str], Term]
    parameters: Mapping[str, Parameter[Any]]
    sign_sets: Mapping[str, SignSet]
    quantities: Mapping[str, Quantity]
    fact_types: Mapping[str, type[Fact]]
    sources: Mapping[str, Source]

    def vocabularies(self, id: str) -> tuple[str, ...]:
        """The vocabularies that have a term of this id."""
        return tuple(vocabulary for vocabulary in VOCABULARIES if (vocabulary, id) in self.terms)


VOCABULARIES = ("symptom", "condition", "intervention")


def names_of(packs: Sequence[Pack]) -> Names:
    """The names of everything that these packs declare, as a pack that requires them uses them.

    Raises `UnknownPackError` when a pack that one of them requires is not among them.
    """
    return names_in(declared(in_order(listed("pack data", "requires", packs, Pack, "a pack"))), packs)


def names_in(found: Declared, packs: Sequence[Pack]) -> Names:
    """The same of packs whose declarations are collected already."""
    return Names(
        terms=found.terms,
        parameters={name: number for number, name in found.parameters.items()},
        sign_sets={name: signs for signs, name in found.sign_sets.items()},
        quantities={one.id: one for one in found.quantities},
        fact_types=found.fact_types,
        sources={source.id: source for pack in packs for source in pack.sources},
    )


def asked_for(data: object) -> tuple[str, ...]:
    """The packs that a pack as data requires, by name, before anything else in it is read."""
    asked = data.get("requires", []) if isinstance(data, Mapping) else []
    return tuple(name for name in asked if isinstance(name, str)) if isinstance(asked, list) else ()


def id_from(text: str) -> str:
    """An id made from a title: small letters, digits and '_', beginning with a letter.

    >>> id_from("Weeks of pain"), id_from("2nd visit")
    ('weeks_of_pain', 'n_2nd_visit')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").lower()
    return plain if plain[:1].isalpha() else f"n_{plain}".rstrip("_")
