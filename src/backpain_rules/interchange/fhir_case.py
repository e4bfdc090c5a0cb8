"""A case out of FHIR resources, by code. What no fact came of is listed with the reason, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from pydantic import ValidationError

from ..errors import ConflictingFactError, InvalidFactError
from ..facts.base import Fact, invalid_fact
from ..facts.types import Diagnosis, Pain, Patient, Symptom
from ..knowledge import KnowledgeBase
from ..link.model import Linked
from ..questions.items import Item, can_be_stated, items
from .codes import PAIN_SEVERITY, REGIONS, Code, Term, own_system, terms_by_code
from .fhir_models import Resource, Version, read_resource

ANSWERS: Final = {
    Code("http://loinc.org", "LA33-6"): True,
    Code("http://loinc.org", "LA32-8"): False,
    Code("http://terminology.hl7.org/CodeSystem/v2-0136", "Y"): True,
    Code("http://terminology.hl7.org/CodeSystem/v2-0136", "N"): False,
    Code("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "POS"): True,
    Code("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "NEG"): False,
}
"""Coded answers that say yes or no."""
UNITS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800}
"""Seconds in the units of UCUM that have a length; a month or a year has none."""
NOT_SAID: Final = ("entered-in-error", "cancelled", "registered", "unknown", "in-progress", "stopped")
CLINICAL: Final = ("active", "recurrence", "relapse")


@dataclass(frozen=True)
class Unmapped:
    """A resource, or a part of one, that no fact came of: where it stands, why, and its codes."""

    place: str
    reason: str
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True)
class FhirCase:
    """The facts, ready for `assess`, and everything else that was there."""

    facts: tuple[Fact, ...]
    unmapped: tuple[Unmapped, ...]


Said: TypeAlias = tuple[type[Fact], tuple[Any, ...], Mapping[str, Any]]
"""A piece of a fact: its type, its key and the fields that are said."""


def read_fhir(
    kb: KnowledgeBase, data: str | bytes | Mapping[str, Any], *, version: Version = "R5", at: date | None = None
) -> FhirCase:
    """The case in a Bundle or a single resource: Observation, Condition, QuestionnaireResponse and Patient, by code.

    `at` is the day of the assessment; ages and durations are counted up to it, and left unknown without it.
    Raises `InvalidFactError` for what is no FHIR of this version or has an impossible value, `ConflictingFactError` when
    two resources say different things of one fact, and `MissingExtraError` without the extra `[fhir]`.
    """
    reader = _Reader(kb._linked, at)
    for place, resource in _resources(read_resource(data, version)):
        reader.read(place, resource)
    return FhirCase(tuple(reader.facts()), tuple(reader.unmapped))


def _resources(resource: Resource) -> Iterator[tuple[str, Resource]]:
    if resource["resourceType"] != "Bundle":
        yield _named("", resource), resource
        return
    for number, entry in enumerate(resource.get("entry", ())):
        if "resource" in entry:
            yield _named(f"entry[{number}] ", entry["resource"]), entry["resource"]


def _named(before: str, resource: Resource) -> str:
    return f"{before}{resource['resourceType']}" + (f"/{resource['id']}" if resource.get("id") else "")


class _NoFactError(Exception):
    """Why no fact comes of something."""


class _Reader:
    def __init__(self, linked: Linked, at: date | None) -> None:
        self.linked = linked
        self.at = at
        self.unmapped: list[Unmapped] = []
        self._terms = terms_by_code(linked)
        self._items = {item.link: item for item in items(linked)}
        self._said: dict[tuple[type[Fact], tuple[Any, ...]], dict[str, tuple[Any, str]]] = {}
        self._readers: dict[str, Callable[[Resource], Iterator[Said]]] = {
            "Observation": self._observation,
            "Condition": self._condition,
            "Patient": self._patient,
        }

    def read(self, place: str, resource: Resource) -> None:
        if resource["resourceType"] == "QuestionnaireResponse":
            self._response(place, resource)
            return
        reader = self._readers.get(resource["resourceType"])
        codes = _codes(resource.get("code"))
        try:
            if reader is None:
                raise _NoFactError(f"a {resource['resourceType']} says nothing that these packs ask for")
            for said in reader(resource):
                self._add(place, said)
        except _NoFactError as reason:
            self.unmapped.append(Unmapped(place, str(reason), codes))

    def facts(self) -> Iterator[Fact]:
        """The facts, put together from all that was said of each."""
        for (kind, key), fields in self._said.items():
            values = {**dict(zip(kind.schema_.keys, key, strict=True)), **{name: value for name, (value, _) in fields.items()}}
            try:
                yield kind.model_validate(values)
            except (ValidationError, InvalidFactError) as error:
                wrong = error if isinstance(error, InvalidFactError) else invalid_fact(kind, error)
                raise wrong.at(", ".join(dict.fromkeys(place for _, place in fields.values()))) from None

    def _add(self, place: str, said: Said) -> None:
        kind, key, fields = said
        known = self._said.setdefault((kind, key), {})
        for name, value in fields.items():
            before, where = known.setdefault(name, (value, place))
            if before != value:
                raise ConflictingFactError(
                    f"{where} and {place} say different things of {kind.tag()} {' '.join(map(str, key))}: "
                    f"{name} {before!r} and {value!r}; send the one that holds",
                    place=place, fact_type=kind.tag(), field=name, values=(before, value),
                )  # fmt: skip

    # --- resources ------------------------------------------------------------------------------------------------------

    def _observation(self, resource: Resource) -> Iterator[Said]:
        _refuse_status(resource)
        codes = _codes(resource.get("code"))
        if PAIN_SEVERITY in codes:
            region = _region(resource.get("bodySite"))
            value = resource.get("valueInteger", resource.get("valueQuantity", {}).get("value"))
            if value is None:
                raise _NoFactError("it has no number")
            yield Pain, (region,), {"severity": _whole(value)}
            return
        term = self._term(codes)
        yield *self._place(term), {"present": _yes_or_no(resource)}

    def _condition(self, resource: Resource) -> Iterator[Said]:
        status = {code.code for code in _codes(resource.get("verificationStatus"))}
        if status & {"entered-in-error", "unconfirmed", "provisional", "differential"}:
            raise _NoFactError(f"its verification status is {', '.join(sorted(status))}")
        clinical = {code.code for code in _codes(resource.get("clinicalStatus"))}
        if clinical and clinical.isdisjoint(CLINICAL):
            raise _NoFactError(f"its clinical status is {', '.join(sorted(clinical))}, so it does not speak of now")
        present = "refuted" not in status
        codes = _codes(resource.get("code"))
        regional = next((REGIONS[code] for code in codes if code in REGIONS), None)
        if regional is not None:
            kind, region = regional
            since = self._since(resource.get("onsetDateTime")) if present else None
            slot = "duration" if kind is Pain else "since"
            yield kind, (region,), {"present": present, **({slot: since} if since is not None else {})}
            return
        yield *self._place(self._term(codes)), {"present": present}

    def _patient(self, resource: Resource) -> Iterator[Said]:
        born, sex = resource.get("birthDate"), resource.get("gender")
        fields: dict[str, Any] = {}
        if sex in ("female", "male"):
            fields["sex"] = sex
        if born is not None and self.at is not None and len(born) == 10:
            day = date.fromisoformat(born)
            fields["age"] = self.at.year - day.year - ((self.at.month, self.at.day) < (day.month, day.day))
        if not fields:
            raise _NoFactError("neither an age (which takes a full birthDate, and the day of the assessment as `at`) nor a sex")
        yield Patient, (), fields

    def _response(self, place: str, resource: Resource) -> None:
        if resource.get("status") not in ("completed", "amended", "in-progress"):
            self.unmapped.append(Unmapped(place, f"its status is {resource.get('status')}"))
            return
        stack = list(reversed(resource.get("item", ())))
        while stack:
            entry = stack.pop()
            stack += reversed(entry.get("item", ()))
            for answer in entry.get("answer", ()):
                stack += reversed(answer.get("item", ()))
            if entry.get("answer"):
                where = f"{place}.{entry['linkId']}"
                try:
                    self._add(where, _answered(self._items, entry))
                except _NoFactError as reason:
                    self.unmapped.append(Unmapped(where, str(reason)))

    # --- codes ----------------------------------------------------------------------------------------------------------

    def _term(self, codes: tuple[Code, ...]) -> Term:
        found = dict.fromkeys(term for code in codes for term in self._terms.get(code, ()))
        usable = [term for term in found if self._can_be_stated(term)]
        if len(usable) == 1:
            return usable[0]
        if usable:
            raise _NoFactError(f"its code fits several terms: {', '.join(term.id for term in usable)}")
        if found:
            raise _NoFactError(f"{', '.join(term.id for term in found)} is concluded by rules and not stated")
        raise _NoFactError("no loaded pack knows its code" if codes else "it has no code")

    def _can_be_stated(self, term: Term) -> bool:
        if term.vocabulary == "intervention":
            return False
        kind, key = self._place(term)
        return can_be_stated(self.linked, kind, key)

    def _place(self, term: Term) -> tuple[type[Fact], tuple[Any, ...]]:
        return (Symptom if term.vocabulary == "symptom" else Diagnosis), (term.id,)

    def _since(self, onset: str | None) -> timedelta | None:
        if onset is None or self.at is None or len(onset) < 10:
            return None
        began = datetime.fromisoformat(onset)
        now = datetime(self.at.year, self.at.month, self.at.day, tzinfo=began.tzinfo)
        if isinstance(self.at, datetime) and len(onset) > 10:
            now = self.at if self.at.tzinfo else self.at.replace(tzinfo=began.tzinfo)
        if now < began:
            raise _NoFactError("it begins after the day of the assessment")
        return now - began


# --- parts of resources -------------------------------------------------------------------------------------------------


def _codes(concept: Mapping[str, Any] | None) -> tuple[Code, ...]:
    codings = (concept or {}).get("coding", ())
    return tuple(Code(coding.get("system", ""), coding["code"]) for coding in codings if "code" in coding)


def _refuse_status(resource: Resource) -> None:
    if resource.get("status") in NOT_SAID:
        raise _NoFactError(f"its status is {resource['status']}")


def _region(site: Mapping[str, Any] | None) -> Literal["lumbar", "neck"]:
    said = [
        *(c.code for c in _codes(site) if c.system == own_system("region")),
        str((site or {}).get("text", "")).strip().lower(),
    ]
    for region in ("lumbar", "neck"):
        if region in said:
            return region
    raise _NoFactError(f"its body site says no region; as code of {own_system('region')} or as text: lumbar, neck")


def _yes_or_no(resource: Resource) -> bool:
    if "valueBoolean" in resource:
        return bool(resource["valueBoolean"])
    coded = [*_codes(resource.get("valueCodeableConcept"))]
    for concept in resource.get("interpretation", ()):
        coded += _codes(concept)
    found = {ANSWERS[code] for code in coded if code in ANSWERS}
    if len(found) != 1:
        raise _NoFactError("its value says neither yes nor no")
    return found.pop()


def _whole(value: float) -> int:
    if value != int(value):
        raise _NoFactError(f"{value} is not a whole number")
    return int(value)


def _answered(known: Mapping[str, Item], entry: Mapping[str, Any]) -> Said:
    item = known.get(entry["linkId"])
    if item is None:
        raise _NoFactError("no loaded pack asks this")
    if len(entry["answer"]) > 1:
        raise _NoFactError("it has several answers")
    value = _value(item, entry["answer"][0])
    return item.kind, item.key, {item.slot or "present": value}


def _value(item: Item, answer: Mapping[str, Any]) -> object:
    base = bool if item.slot is None else item.kind.schema_.fields[item.slot].base
    if base is timedelta and "valueQuantity" in answer:
        quantity = answer["valueQuantity"]
        unit = quantity.get("code", quantity.get("unit"))
        if unit not in UNITS:
            raise _NoFactError(f"a time in {unit!r}; give it in {', '.join(UNITS)}")
        return timedelta(seconds=float(quantity["value"]) * UNITS[unit])
    if base is int and ("valueInteger" in answer or "valueDecimal" in answer):
        return _whole(answer.get("valueInteger", answer.get("valueDecimal")))
    if base is bool and "valueBoolean" in answer:
        return bool(answer["valueBoolean"])
    if base is str and ("valueString" in answer or "valueCoding" in answer):
        return answer.get("valueString", answer.get("valueCoding", {}).get("code"))
    raise _NoFactError(f"its answer is no {base.__name__}")
