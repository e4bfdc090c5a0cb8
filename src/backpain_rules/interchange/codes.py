"""Codes of the terms: which coding systems there are, and which terms, regions and ratings a code stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ..facts.base import Fact
from ..facts.types import Injury, Pain
from ..link.model import Linked

SYSTEMS: Final = {
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd11": "http://id.who.int/icd/release/11/mms",
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
}
"""The systems that packs name in short; a name that is a URI stands for itself."""


class Code(NamedTuple):
    """A code and the URI of its system."""

    system: str
    code: str


class Term(NamedTuple):
    """A declared term, by its vocabulary and its id."""

    vocabulary: str
    id: str


PAIN_SEVERITY: Final = Code(SYSTEMS["loinc"], "72514-3")
"""Pain severity, 0-10 verbal numeric rating."""

REGIONS: Final[Mapping[Code, tuple[type[Fact], str]]] = {
    Code(SYSTEMS["icd10"], "M54.5"): (Pain, "lumbar"),
    Code(SYSTEMS["icd10cm"], "M54.50"): (Pain, "lumbar"),
    Code(SYSTEMS["icd10cm"], "M54.59"): (Pain, "lumbar"),
    Code(SYSTEMS["icd11"], "SC61"): (Pain, "lumbar"),
    Code(SYSTEMS["icd10"], "M54.2"): (Pain, "neck"),
    Code(SYSTEMS["icd10cm"], "M54.2"): (Pain, "neck"),
    Code(SYSTEMS["icd10"], "S33.5"): (Injury, "lumbar"),
    Code(SYSTEMS["icd10cm"], "S33.5XXA"): (Injury, "lumbar"),
    Code(SYSTEMS["icd10cm"], "S39.012A"): (Injury, "lumbar"),
}
"""Codes that name a pain or an injury together with its region (WHO ICD-10, ICD-10-CM, ICD-11 chapter 26)."""


def own_system(vocabulary: str) -> str:
    """The system in which the ids of a vocabulary are themselves codes."""
    return f"urn:backpain-rules:{vocabulary}"


def system_of(name: str) -> str:
    """The URI of a system that a pack names."""
    return SYSTEMS.get(name, name if ":" in name else own_system(name))


def codes_of(linked: Linked, term: Term) -> tuple[Code, ...]:
    """The codes of a term: its id as a code of ours, those it was declared with, those that other packs add."""
    declared = linked.terms[term].codes
    added = [item for pack in linked.packs for item in pack.codes.get(term.id, {}).items()]
    found = (Code(system_of(system), code) for system, code in (*declared.items(), *added))
    return tuple(dict.fromkeys((Code(own_system(term.vocabulary), term.id), *found)))


def terms_by_code(linked: Linked) -> dict[Code, tuple[Term, ...]]:
    """The terms that each code stands for; more than one where they share it."""
    found: dict[Code, list[Term]] = {}
    for vocabulary, id in sorted(linked.terms):
        for code in codes_of(linked, Term(vocabulary, id)):
            found.setdefault(code, []).append(Term(vocabulary, id))
    return {code: tuple(terms) for code, terms in found.items()}
