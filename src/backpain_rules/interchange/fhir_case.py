"""A case out of FHIR resources, by code. What no fact came of is listed with the reason, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from ..engine.case_json import faults_of
from ..errors import BackpainRulesError, ConflictingFactError, FactError, InvalidFactError, printable
from ..facts.base import Fact, invalid_fact
from ..facts.types import Diagnosis, Pain, Patient, Region, Symptom
from ..knowledge import KnowledgeBase
from ..link.model import Linked
from ..questions.items import can_be_stated, items
from .codes import (
    PAIN_SEVERITY,
    PAINS,
    PREGNANCY_STATUS,
    PREGNANT,
    REGIONS,
    SITES,
    Code,
    CodeIndex,
    Term,
    codes_in,
    own_system,
    term_index,
)
from .fhir_bundle import Elements, Entry, Subject, Unmapped, entries, medications, not_understood, without_version
from .fhir_dates import UnreadableDateError, When, read_date, read_period, read_range, time_since, years_between
from .fhir_models import Version, accepted, read_frame
from .fhir_values import NoValueError, answer_value, rating, yes_or_no

NOT_SAID: Final = ("entered-in-error", "cancelled", "registered", "unknown", "in-progress", "stopped")
SURE: Final = {"confirmed": True, "refuted": False}
"""Verification statuses that say whether a condition is there; all others leave it open."""
LONGEST_REASON: Final = 500
ACTIVE: Final = {"active", "recurrence", "relapse"}
TAKEN: Final = ("active", "recorded", "not-taken")
"""Statuses of a medicine that speak of now: MedicationStatement and MedicationRequest of R4, MedicationStatement of R5."""
ORDERED: Final = ("order", "original-order", "reflex-order", "filler-order", "instance-order")


@dataclass(frozen=True)
class FhirCase:
    """The facts, ready for `assess`, and everything that was not used for them."""

    facts: tuple[Fact, ...]
    unmapped: tuple[Unmapped, ...]


class _Said(NamedTuple):
    """A piece of a fact: one field of it, who says so, and when it was so."""

    kind: type[Fact]
    key: tuple[Any, ...]
    field: str
    value: Any


class _Source(NamedTuple):
    value: Any
    place: str
    when: When | None


def read_fhir(
    kb: KnowledgeBase,
    data: str | bytes | bytearray | Mapping[str, Any],
    *,
    version: Version = "R5",
    at: date | None = None,
    patient: str | None = None,
    strict: bool = False,
) -> FhirCase:
    """The case in a Bundle or a single resource, by code: Observation, Condition, QuestionnaireResponse, Patient,
    MedicationStatement and MedicationRequest.

    `at` is the day, or the moment, of the assessment: ages and durations are counted up to it and left unknown without it, and
    what is dated after it is not used. Of several dated values of one thing the latest counts. `patient` is whose case it is, as
    a reference ("Patient/1"); without it the resources must be about one patient. Everything that is not used is listed in
    `unmapped`, entries that are no valid FHIR and values that contradict each other included; with `strict` those two raise.

    Raises `InvalidFactError` for what is no FHIR at all, or about several patients; with `strict`, for an invalid entry too, and
    `ConflictingFactError` for a contradiction: the first of them, whose `errors` list all with `place` and `message`.
    Raises `MissingExtraError` without the extra `[fhir]`.
    """
    plain = read_frame(data)
    reader = _Reader(kb.rule_base, at)
    found: list[Entry] = []
    for entry in entries(plain):
        if isinstance(entry, Unmapped):
            reader.unmapped.append(entry)
            continue
        try:
            found.append(replace(entry, resource=accepted(entry.resource, version)))
        except InvalidFactError as error:
            if entry.resource is plain:
                raise
            reader.unmapped.append(Unmapped(entry.place, error.message))
            reader.faults.append(error.at(entry.place))
    subject = Subject(found, patient)
    reader.medications = medications(found)
    # Medications last: one that nobody takes is listed as unused.
    for entry in sorted(found, key=lambda entry: entry.resource["resourceType"] == "Medication"):
        reason = not_understood(entry.resource) or subject.not_about(entry)
        if reason:
            reader.unmapped.append(Unmapped(entry.place, reason, codes_in(entry.resource.get("code"))))
        else:
            reader.read(entry)
    facts = tuple(reader.facts())
    if strict and reader.faults:
        raise reader.faults[0].with_details(errors=tuple(one for fault in reader.faults for one in faults_of(fault)))
    return FhirCase(facts, tuple(replace(one, place=_brief(one.place), reason=_brief(one.reason)) for one in reader.unmapped))


def _brief(text: str) -> str:
    """A text on one line that a reader can take in, whatever a resource put into it."""
    return printable(text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 3]}...")


class _Reader:
    def __init__(self, linked: Linked, at: date | None) -> None:
        self.linked = linked
        self.at = at
        self.unmapped: list[Unmapped] = []
        self.faults: list[BackpainRulesError] = []
        """Entries that are no valid FHIR, impossible values and contradictions, which are in `unmapped` too."""
        self._terms = term_index(linked)
        self._regions = CodeIndex(REGIONS.items())
        self._items = {item.link: item for item in items(linked)}
        self._said: dict[tuple[type[Fact], tuple[Any, ...]], dict[str, list[_Source]]] = {}
        self._remarks: list[str] = []
        self.medications: dict[str, Entry] = {}
        """Medications of the Bundle, by reference and by address."""
        self._prescribed: set[str] = set()
        self._readers: dict[str, Callable[[Elements], Iterator[_Said]]] = {
            "Observation": self._observation,
            "Condition": self._condition,
            "Patient": self._patient,
            "MedicationStatement": self._medication,
            "MedicationRequest": self._medication,
        }

    def read(self, entry: Entry) -> None:
        """Take what a resource says, and list what it says in vain."""
        kind = entry.resource["resourceType"]
        if kind == "QuestionnaireResponse":
            self._response(entry)
        elif kind == "Observation" and entry.resource.get("component"):
            self._components(entry)
        elif kind in self._readers:
            self._one(entry.place, entry.resource, kind)
        elif entry.place not in self._prescribed:
            codes = codes_in(entry.resource.get("code"))
            self.unmapped.append(Unmapped(entry.place, f"resources of the type {kind} are not read", codes))

    def _one(self, place: str, resource: Mapping[str, Any], kind: str) -> None:
        elements = Elements(resource)
        self._remarks.clear()
        try:
            when = self._when(elements)
            if when is not None and self.at is not None and when.is_after(self.at):
                raise NoValueError(f"it is dated {when}, after the day of the assessment")
            said = list(self._readers[kind](elements))
        except (NoValueError, UnreadableDateError) as reason:
            self.unmapped.append(Unmapped(place, str(reason), codes_in(resource.get("code"))))
            return
        for one in said:
            self._add(one, place, when)
        self.unmapped += [Unmapped(place, remark) for remark in self._remarks]
        if left := elements.left():
            self.unmapped.append(Unmapped(place, f"only read in part; not used: {', '.join(left)}"))

    def _components(self, entry: Entry) -> None:
        """An Observation with parts: each part is read as one of its own, and the whole where it has a value."""
        whole = {name: value for name, value in entry.resource.items() if name != "component"}
        if any(name.startswith("value") for name in whole):
            self._one(entry.place, whole, "Observation")
        about = {
            name: value for name, value in whole.items() if not name.startswith(("value", "code", "interpretation", "dataA"))
        }
        for number, part in enumerate(entry.resource["component"]):
            self._one(f"{entry.place}.component[{number}]", {**about, **part}, "Observation")

    # --- facts from all that was said ------------------------------------------------------------------------------------

    def _add(self, said: _Said, place: str, when: When | None) -> None:
        known = self._said.setdefault((said.kind, said.key), {})
        known.setdefault(said.field, []).append(_Source(said.value, place, when))

    def facts(self) -> Iterator[Fact]:
        """The facts, put together from all that was said of each."""
        for (kind, key), fields in self._said.items():
            chosen = {name: one for name, sources in fields.items() if (one := self._latest(kind, key, name, sources))}
            if not chosen:
                continue
            keys = dict(zip(kind.schema_.keys, key, strict=True))
            # A field is tried alone first, so that one wrong value does not take the others with it.
            usable = {name: one for name, one in chosen.items() if self._fact(kind, keys, {name: one}) is not None}
            fact = self._fact(kind, keys, usable) if usable else None
            if fact is not None:
                yield fact

    def _fact(self, kind: type[Fact], keys: Mapping[str, Any], fields: Mapping[str, _Source]) -> Fact | None:
        try:
            return kind.model_validate({**keys, **{name: one.value for name, one in fields.items()}})
        except (ValidationError, FactError) as error:
            wrong = error if isinstance(error, FactError) else invalid_fact(kind, error)
            places = list(dict.fromkeys(one.place for one in fields.values()))
            self.faults.append(wrong.at(", ".join(places)))
            self.unmapped += [Unmapped(place, wrong.message) for place in places]
            return None

    def _latest(self, kind: type[Fact], key: tuple[Any, ...], field: str, sources: list[_Source]) -> _Source | None:
        """The value that counts: the latest, where every other one is certainly older; None where they contradict each other."""
        for one in sources:
            others = [other for other in sources if other.value != one.value]
            if all(one.when and other.when and other.when.is_before(one.when) for other in others):
                for other in others:
                    self.unmapped.append(Unmapped(other.place, f"{field} {other.value!r} is older than what {one.place} says"))
                return one
        about = " ".join([kind.tag(), *map(str, key)])
        distinct = list({repr(one.value): one for one in sources}.values())
        first, second = distinct[:2]
        self.faults.append(
            ConflictingFactError(
                f"{first.place} and {second.place} say different things of {about}: "
                f"{field} {first.value!r} and {second.value!r}; send the one that holds",
                place=second.place, fact_type=kind.tag(), field=field, values=(first.value, second.value),
            )
        )  # fmt: skip
        for one in sources:
            other = next(other for other in distinct if other.value != one.value)
            self.unmapped.append(
                Unmapped(
                    one.place, f"{about}: {field} {one.value!r} contradicts {other.value!r} of {other.place}; neither is used"
                )
            )
        return None

    # --- resources ------------------------------------------------------------------------------------------------------

    def _when(self, elements: Elements) -> When | None:
        """The time of which a resource speaks, if it says so."""
        for name in ("effectiveDateTime", "effectiveInstant"):
            if (text := elements.get(name)) is not None:
                return read_date(text)
        if elements.get("effectiveTiming") is not None:
            raise NoValueError("its time is a Timing, which this library does not read")
        if (period := elements.get("effectivePeriod")) is not None and (when := read_period(period)) is not None:
            return when
        for name in ("issued", "recordedDate", "authored", "authoredOn", "dateAsserted"):
            if (text := elements.get(name)) is not None:
                return read_date(text)
        return None

    def _observation(self, elements: Elements) -> Iterator[_Said]:
        status = elements.get("status")
        if status in NOT_SAID:
            raise NoValueError(f"its status is {status}")
        absent = elements.get("dataAbsentReason")
        if absent is not None:
            raise NoValueError(f"its value is absent: {' '.join(code.code for code in codes_in(absent)) or absent.get('text')}")
        codes = elements.codes()
        if PAIN_SEVERITY in codes:
            region = _region(elements.get("bodySite"))
            severity, remark = rating(elements.starting("value"))
            if remark:
                self._remarks.append(remark)
            yield _Said(Pain, (region,), "severity", severity)
            return
        if PREGNANCY_STATUS in codes:
            status_codes = codes_in(elements.get("valueCodeableConcept"))
            said = {PREGNANT[code] for code in status_codes if code in PREGNANT}
            if len(said) != 1:
                raise NoValueError("its value says neither pregnant nor not pregnant")
            yield _Said(Patient, (), "pregnant", said.pop())
            return
        term, is_whole = self._term(codes)
        present = yes_or_no({**elements.starting("value"), **elements.starting("interpretation")})
        _refuse_narrow_absence(is_whole, present)
        yield _Said(*_place(term), "present", present)

    def _condition(self, elements: Elements) -> Iterator[_Said]:
        present = True
        if (verification := _status(elements, "verificationStatus")) is not None:
            if len(said := {SURE[code] for code in verification if code in SURE}) != 1:
                raise NoValueError(f"its verification status is {', '.join(sorted(verification))}")
            present = said.pop()
        clinical = _status(elements, "clinicalStatus")
        if clinical is not None and clinical.isdisjoint(ACTIVE):
            raise NoValueError(f"its clinical status is {', '.join(sorted(clinical))}, so it does not speak of now")
        self._refuse_ended(elements)
        codes = elements.codes()
        pregnant = {PREGNANT[code] for code in codes if code in PREGNANT}
        if len(pregnant) == 1:
            yield _Said(Patient, (), "pregnant", pregnant.pop() is present)
            return
        regional = self._regions.find(codes)
        if not regional and not PAINS.isdisjoint(codes):
            sites = elements.get("bodySite") or [None]
            regional = {(Pain, _region(sites[0] if len(sites) == 1 else None)): True}
        if len(regional) > 1:
            raise NoValueError("its codes name several regions or kinds of complaint")
        if not regional:
            term, is_whole = self._term(codes)
            _refuse_narrow_absence(is_whole, present)
            yield _Said(*_place(term), "present", present)
            return
        ((kind, region), is_whole), *_ = regional.items()
        _refuse_narrow_absence(is_whole, present)
        yield _Said(kind, (region,), "present", present)
        began = self._onset(elements) if present else None
        if began is not None and self.at is not None:
            try:
                yield _Said(kind, (region,), "duration" if kind is Pain else "since", time_since(began, self.at))
            except UnreadableDateError as reason:
                if began.is_after(self.at):
                    raise
                self._remarks.append(str(reason))

    def _medication(self, elements: Elements) -> Iterator[_Said]:
        """A medicine that the patient takes, or that is prescribed: every term that its code stands for is there."""
        status, intent = elements.get("status"), elements.get("intent")
        if status not in TAKEN:
            raise NoValueError(f"its status is {status}")
        if intent not in (None, *ORDERED):
            raise NoValueError(f"it is a {intent} and no order")
        if elements.get("doNotPerform"):
            raise NoValueError("it asks for the medicine not to be given")
        adherence = codes_in((elements.get("adherence") or {}).get("code"))
        takes = status != "not-taken" and not any(code.code.startswith("not-taking") for code in adherence)
        ended = (elements.get("effectivePeriod") or {}).get("end")
        if ended is not None and self.at is not None and not read_date(ended).is_after(self.at):
            raise NoValueError(f"it ended on {ended}")
        codes = self._medicines(elements)
        found = {term: is_whole for term, is_whole in self._terms.find(codes).items() if self._can_be_stated(term)}
        if not found:
            raise NoValueError("no loaded pack knows its code")
        usable = [term for term, is_whole in found.items() if takes or is_whole]
        if not usable:
            _refuse_narrow_absence(False, False)
        for term in usable:
            yield _Said(*_place(term), "present", takes)

    def _medicines(self, elements: Elements) -> tuple[Code, ...]:
        """The codes of a medicine, which stand in the resource itself or in the Medication that it refers to."""
        either = elements.get("medication") or {}
        referred = elements.get("medicationReference") or either.get("reference")
        if codes := codes_in(elements.get("medicationCodeableConcept") or either.get("concept")):
            return codes
        if referred is None:
            raise NoValueError("its medicine is named by no code")
        reference = referred.get("reference", "")
        if reference.startswith("#"):
            inside = elements.get("contained", [])
            medication = next((one for one in inside if f"#{one.get('id')}" == reference), None)
            reason = not_understood(medication) if medication else None
        else:
            found = self.medications.get(without_version(reference))
            medication, reason = (found.resource, not_understood(found.resource)) if found else (None, None)
            if found is not None:
                self._prescribed.add(found.place)
        if medication is None or medication["resourceType"] != "Medication":
            raise NoValueError("its medicine is a reference to a Medication that was not sent")
        if reason or medication.get("status") == "entered-in-error":
            raise NoValueError(f"of its Medication: {reason or 'its status is entered-in-error'}")
        if not (codes := codes_in(medication.get("code"))):
            raise NoValueError("its medicine is named by no code")
        return codes

    def _refuse_ended(self, elements: Elements) -> None:
        ended = elements.starting("abatement")
        if not ended:
            return
        moment = ended.get("abatementDateTime")
        if moment is None or self.at is None or not read_date(moment).is_after(self.at):
            raise NoValueError(f"it has ended ({', '.join(sorted(ended))} {moment or ''}".rstrip() + "), so it is not there now")

    def _onset(self, elements: Elements) -> When | None:
        if (moment := elements.get("onsetDateTime")) is not None:
            return read_date(moment)
        if (period := elements.get("onsetPeriod")) is not None and (began := read_range(period)) is not None:
            return began
        for name in elements.starting("onset"):
            self._remarks.append(f"{name} names no day, so that the duration stays unknown")
        return None

    def _patient(self, elements: Elements) -> Iterator[_Said]:
        born, sex = elements.get("birthDate"), elements.get("gender")
        known = False
        if sex in ("female", "male"):
            known = True
            yield _Said(Patient, (), "sex", sex)
        elif sex is not None:
            self._remarks.append(f"gender {sex!r} is no sex that a fact can hold")
        if born is not None and self.at is not None:
            age = years_between(read_date(born), self.at)
            if age is not None:
                known = True
                yield _Said(Patient, (), "age", age)
            else:
                self._remarks.append(f"birthDate {born} leaves the age open; send the full date")
        elif born is not None:
            self._remarks.append("birthDate gives an age only with the day of the assessment as `at`")
        if not known:
            raise NoValueError("neither an age (which takes a full birthDate, and the day of the assessment as `at`) nor a sex")

    def _response(self, entry: Entry) -> None:
        resource, place = entry.resource, entry.place
        elements = Elements(resource)
        try:
            if elements.get("status") not in ("completed", "amended", "in-progress"):
                raise NoValueError(f"its status is {resource.get('status')}")
            when = self._when(elements)
            if when is not None and self.at is not None and when.is_after(self.at):
                raise NoValueError(f"it is dated {when}, after the day of the assessment")
        except (NoValueError, UnreadableDateError) as reason:
            self.unmapped.append(Unmapped(place, str(reason)))
            return
        stack = list(reversed(elements.get("item", [])))
        while stack:
            item = stack.pop()
            stack += reversed(item.get("item", []))
            for answer in item.get("answer", []):
                stack += reversed(answer.get("item", []))
            if item.get("answer"):
                where = f"{place}.{item['linkId']}"
                try:
                    self._add(self._answered(item), where, when)
                except NoValueError as reason:
                    self.unmapped.append(Unmapped(where, str(reason)))
        if left := elements.left():
            self.unmapped.append(Unmapped(place, f"only read in part; not used: {', '.join(left)}"))

    def _answered(self, entry: Mapping[str, Any]) -> _Said:
        item = self._items.get(entry["linkId"])
        if item is None:
            raise NoValueError("no loaded pack asks this")
        if len(entry["answer"]) > 1:
            raise NoValueError("it has several answers")
        return _Said(item.kind, item.key, item.slot or "present", answer_value(item, entry["answer"][0]))

    def _term(self, codes: tuple[Code, ...]) -> tuple[Term, bool]:
        """The one term that these codes stand for, and whether one of them says the whole of it."""
        found = self._terms.find(codes)
        usable = [term for term in found if self._can_be_stated(term)]
        usable = [term for term in usable if found[term]] or usable  # what it says as a whole comes before what it is a kind of
        if len(usable) == 1:
            return usable[0], found[usable[0]]
        if usable:
            raise NoValueError(f"its code fits several terms: {', '.join(term.id for term in usable)}")
        if found:
            raise NoValueError(f"{', '.join(term.id for term in found)} is concluded by rules and not stated")
        raise NoValueError("no loaded pack knows its code" if codes else "it has no code")

    def _can_be_stated(self, term: Term) -> bool:
        return term.vocabulary != "intervention" and can_be_stated(self.linked, *_place(term))


def _status(elements: Elements, name: str) -> set[str] | None:
    """The codes of a status that decides what the resource means; None where there is no such element."""
    concept = elements.get(name)
    if concept is None:
        return None
    codes = {code.code for code in codes_in(concept)}
    if not codes:
        raise NoValueError(f"its {name} has no code, and its text is not read")
    return codes


def _refuse_narrow_absence(is_whole: bool, present: bool) -> None:
    if not present and not is_whole:
        raise NoValueError("its code is narrower than what the packs ask for, so that its absence does not answer the question")


def _place(term: Term) -> tuple[type[Fact], tuple[Any, ...]]:
    return (Symptom if term.vocabulary == "symptom" else Diagnosis), (term.id,)


def _region(site: Mapping[str, Any] | None) -> Region:
    codes = codes_in(site)
    text = str((site or {}).get("text", "")).strip().lower()
    found: set[Region] = {SITES[code] for code in codes if code in SITES}
    regions: tuple[Region, ...] = ("lumbar", "neck")
    found |= {region for region in regions if Code(own_system("region"), region) in codes or text == region}
    if len(found) == 1:
        return found.pop()
    raise NoValueError(f"its body site says no region; as code of SNOMED CT or {own_system('region')}, or as text: lumbar, neck")
