"""Codes of the terms: which coding systems there are, and which terms, regions and ratings a code stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar

from ..facts.base import Fact
from ..facts.types import Injury, Pain, Region
from ..link.model import Linked
from ..terms import ANY_SUFFIX, NARROWER, Codes
from ..vocabulary import codes_of_term

T = TypeVar("T")

SYSTEMS: Final = {
    "atc": "http://www.whocc.no/atc",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd11": "http://id.who.int/icd/release/11/mms",
    "loinc": "http://loinc.org",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
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

REGIONS: Final[Mapping[Code, tuple[type[Fact], Region]]] = {
    Code(SYSTEMS["icd10"], "M54.5"): (Pain, "lumbar"),
    Code(SYSTEMS["icd10cm"], "M54.5"): (Pain, "lumbar"),
    Code(SYSTEMS["icd10cm"], "M54.5*"): (Pain, "lumbar"),
    Code(SYSTEMS["icd11"], "SC61"): (Pain, "lumbar"),
    Code(SYSTEMS["snomed"], "279039007"): (Pain, "lumbar"),
    Code(SYSTEMS["snomed"], "<278860009"): (Pain, "lumbar"),
    Code(SYSTEMS["snomed"], "<278862001"): (Pain, "lumbar"),
    Code(SYSTEMS["icd10"], "M54.2"): (Pain, "neck"),
    Code(SYSTEMS["icd10cm"], "M54.2"): (Pain, "neck"),
    Code(SYSTEMS["snomed"], "81680005"): (Pain, "neck"),
    Code(SYSTEMS["icd10"], "<S33.5"): (Injury, "lumbar"),
    Code(SYSTEMS["icd10cm"], "<S33.5XXA"): (Injury, "lumbar"),
    Code(SYSTEMS["icd10cm"], "<S39.012A"): (Injury, "lumbar"),
}
"""Codes that name a pain or an injury together with its region, written as in `Codes`: WHO ICD-10, ICD-10-CM, ICD-11 chapter
26, and SNOMED CT (low back pain, its chronic and its acute form, neck pain)."""

PAINS: Final = frozenset({Code(SYSTEMS["snomed"], "22253000"), Code(SYSTEMS["snomed"], "82423001")})
"""Codes for a pain, or a chronic pain, whose region is the body site (SNOMED CT)."""

SITES: Final[Mapping[Code, Region]] = {
    Code(SYSTEMS["snomed"], "37822005"): "lumbar",
    Code(SYSTEMS["snomed"], "122496007"): "lumbar",
    Code(SYSTEMS["snomed"], "1141985005"): "lumbar",
    Code(SYSTEMS["snomed"], "45048000"): "neck",
    Code(SYSTEMS["snomed"], "122494005"): "neck",
    Code(SYSTEMS["snomed"], "1141983003"): "neck",
}
"""Body sites of SNOMED CT: lower back, lumbar spine and its region; neck, cervical spine and its region."""


PREGNANCY_STATUS: Final = Code(SYSTEMS["loinc"], "82810-3")
PREGNANT: Final[Mapping[Code, bool]] = {
    Code(SYSTEMS["snomed"], "77386006"): True,
    Code(SYSTEMS["loinc"], "LA15173-0"): True,
    Code(SYSTEMS["snomed"], "60001007"): False,
    Code(SYSTEMS["loinc"], "LA26683-5"): False,
}
"""Pregnant and not pregnant, as a Condition or as the value of the pregnancy status (International Patient Summary)."""


def own_system(vocabulary: str) -> str:
    """The system in which the ids of a vocabulary are themselves codes."""
    return f"urn:backpain-rules:{vocabulary}"


def system_of(name: str) -> str:
    """The URI of a system that a pack names."""
    return SYSTEMS.get(name, name if ":" in name else own_system(name))


def listed(given: Codes) -> tuple[str, ...]:
    """One code or several, as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given)


def equivalent(codes: tuple[Code, ...]) -> tuple[Code, ...]:
    """Those that say the same as their term, so that a resource can carry them; the others are for reading only."""
    return tuple(code for code in codes if not code.code.endswith(ANY_SUFFIX) and not code.code.startswith(NARROWER))


def codes_of(linked: Linked, term: Term) -> tuple[Code, ...]:
    """The codes of a term: its id as a code of ours, those it was declared with, those that other packs add."""
    found = (Code(system_of(one.system), one.code) for one in codes_of_term(linked, term.vocabulary, term.id))
    return tuple(dict.fromkeys((Code(own_system(term.vocabulary), term.id), *found)))


def codes_in(concept: Mapping[str, Any] | None) -> tuple[Code, ...]:
    """The codes of a CodeableConcept. Its text is for people and stands for no code."""
    codings = (concept or {}).get("coding", ())
    return tuple(Code(coding.get("system", ""), coding["code"]) for coding in codings if "code" in coding)


class CodeIndex(Generic[T]):
    """What codes stand for, by entries written as in `Codes`."""

    def __init__(self, entries: Iterable[tuple[Code, T]]) -> None:
        self._same: dict[Code, dict[T, None]] = {}
        self._narrower: dict[Code, dict[T, None]] = {}
        for (system, written), meaning in entries:
            is_narrower = written.startswith(NARROWER)
            into = self._narrower if is_narrower or written.endswith(ANY_SUFFIX) else self._same
            into.setdefault(Code(system, written.removeprefix(NARROWER)), {})[meaning] = None

    def find(self, codes: Iterable[Code]) -> dict[T, bool]:
        """What one of these codes stands for, and whether it says the whole of it: a narrower code can tell that a thing is
        there, and never that it is not."""
        found: dict[T, bool] = {}
        for code in codes:
            for meaning in self._same.get(code, ()):
                found[meaning] = True
            for entry in _entries_over(code):
                for meaning in self._narrower.get(entry, ()):
                    found.setdefault(meaning, False)
        return found


def _entries_over(code: Code) -> Iterator[Code]:
    yield code
    for length in range(len(code.code), 0, -1):
        yield Code(code.system, code.code[:length] + ANY_SUFFIX)


def term_index(linked: Linked) -> CodeIndex[Term]:
    """The terms that codes stand for in a rule base."""
    terms = (Term(vocabulary, id) for vocabulary, id in sorted(linked.terms))
    return CodeIndex((code, term) for term in terms for code in codes_of(linked, term))
