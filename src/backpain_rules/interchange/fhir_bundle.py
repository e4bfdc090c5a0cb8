"""Which resources of a Bundle speak of the patient now: the rest is listed as unused, with its place and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..errors import InvalidFactError, shown
from .codes import Code, codes_in
from .fhir_models import Resource

CLINICAL: Final = ("Observation", "Condition", "QuestionnaireResponse", "MedicationStatement", "MedicationRequest")


@dataclass(frozen=True)
class Unmapped:
    """A resource, or a part of one, that no fact came of: where it stands, why, and its codes."""

    place: str
    reason: str
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A resource with its place in what was given, for people, and its address (`fullUrl`) if it has one."""

    place: str
    resource: Resource
    url: str | None = None


def entries(data: Resource) -> Iterator[Entry | Unmapped]:
    """The resources of a Bundle, or the one that is given; nothing is checked yet but the frame."""
    if data["resourceType"] != "Bundle":
        yield Entry(_named("", data), data)
        return
    given = data.get("entry", [])
    if not isinstance(given, list):
        raise InvalidFactError("Bundle.entry: a list of entries is expected", place="Bundle.entry")
    history = data.get("type") == "history"
    for number, entry in enumerate(given):
        place = f"entry[{number}]"
        if not isinstance(entry, dict):
            yield Unmapped(place, "an entry is an object")
            continue
        resource = entry.get("resource")
        request = entry.get("request")
        if isinstance(request, dict) and request.get("method") == "DELETE":
            yield Unmapped(place, "it is deleted")
        elif resource is None:
            if set(entry) - {"link", "fullUrl", "response", "request", "search"} or not entry:
                yield Unmapped(place, "it holds no resource")
        elif not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            yield Unmapped(place, 'a FHIR resource is an object with a "resourceType"')
        elif history:
            yield Unmapped(_named(f"{place} ", resource), "a history holds old versions; send the present record")
        else:
            url = entry.get("fullUrl")
            yield Entry(_named(f"{place} ", resource), resource, url if isinstance(url, str) else None)
    links = data.get("link")
    if isinstance(links, list) and any(isinstance(link, dict) and link.get("relation") == "next" for link in links):
        yield Unmapped("Bundle.link", "the search has more pages (`next`); fetch them and read them too")


def _named(before: str, resource: Resource) -> str:
    id = resource.get("id")
    kind = shown(resource["resourceType"])[1:-1]
    return f"{before}{kind}" + (f"/{shown(id)[1:-1]}" if isinstance(id, str) and id else "")


def not_understood(resource: Resource) -> str | None:
    """Why a resource must not be used as if a part of it were not there, if so (FHIR: modifier elements)."""
    if resource.get("implicitRules"):
        return f"it follows rules of its own (implicitRules {shown(resource['implicitRules'])}) which this library does not know"
    waiting: list[Any] = [resource]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting += here
        elif isinstance(here, dict):
            if here.get("modifierExtension"):
                first = here["modifierExtension"][0]
                url = first.get("url") if isinstance(first, dict) else None
                return f"its meaning is modified by an extension which this library does not know ({url})"
            waiting += (value for name, value in here.items() if name != "contained")
    return None


class Subject:
    """Whose case it is. Resources about others are refused with a reason, never mixed in."""

    def __init__(self, found: list[Entry], patient: str | None) -> None:
        """`patient` is a reference ("Patient/1") or an id; without it the resources must be about one patient only."""
        self._urls = {entry.url: _own_reference(entry) for entry in found if entry.url and entry.resource.get("id")}
        people = [_own_reference(entry) for entry in found if entry.resource["resourceType"] == "Patient"]
        named = [
            self._relative(reference)
            for entry in found
            if entry.resource["resourceType"] in CLINICAL and (reference := _reference(entry))
        ]
        if patient is not None:
            self.reference: str | None = self._relative(patient if "/" in patient or ":" in patient else f"Patient/{patient}")
            return
        patients = [one for one in dict.fromkeys([*people, *named]) if one is not None]
        if len(patients) > 1 or len(set(people)) + max(people.count(None) - 1, 0) > 1:
            listed = ", ".join(shown(one)[1:-1] for one in patients[:6]) if len(patients) > 1 else "several without an id"
            raise InvalidFactError(
                f"the resources are about several patients ({listed}); say whose case to read with patient=", patients=patients
            )
        self.reference = patients[0] if patients else None

    def not_about(self, entry: Entry) -> str | None:
        """Why a resource does not speak of this patient, if so."""
        resource = entry.resource
        if resource["resourceType"] == "Patient":
            own = _own_reference(entry)
            return None if self.reference in (None, own) or own is None else f"it is {own}, not {self.reference}"
        if resource.get("focus"):
            return "it is about something other than its subject (focus)"
        subject = resource.get("subject")
        if subject is None:
            return None
        reference = _reference(entry)
        if reference is None:
            return "its subject is named without a reference, so that nobody can tell whose it is"
        about = self._relative(reference)
        return None if self.reference in (None, about) else f"it is about {about}, not {self.reference}"

    def _relative(self, reference: str) -> str:
        """A reference to a resource of this Bundle by type and id; others as they are, without the version."""
        plain = without_version(reference)
        return self._urls.get(plain) or plain


def without_version(reference: str) -> str:
    """A reference to a resource as it is now, and not to one of its versions."""
    return reference.partition("/_history/")[0]


def medications(found: list[Entry]) -> dict[str, Entry]:
    """The Medications of a Bundle, by what another resource refers to them with."""
    listed = [entry for entry in found if entry.resource["resourceType"] == "Medication"]
    return {name: entry for entry in listed for name in (_own_reference(entry), entry.url) if name}


def _own_reference(entry: Entry) -> str | None:
    id = entry.resource.get("id")
    return f"{entry.resource['resourceType']}/{id}" if id else entry.url


def _reference(entry: Entry) -> str | None:
    """The subject of a resource; one that it contains is another person than one that another resource contains."""
    subject = entry.resource.get("subject")
    found = subject.get("reference") if isinstance(subject, Mapping) else None
    if not isinstance(found, str) or not found:
        return None
    return f"{entry.place}{found}" if found.startswith("#") else found


ADMINISTRATIVE: Final = frozenset({
    "resourceType", "id", "meta", "text", "language", "identifier", "status", "category", "encounter", "performer", "recorder",
    "asserter", "recordedDate", "issued", "subject", "basedOn", "partOf", "questionnaire", "source", "author", "linkId",
    "definition", "active", "managingOrganization", "authoredOn", "dateAsserted", "requester",
})  # fmt: skip
"""Elements that say nothing of the patient's state that a rule could read."""


class Elements:
    """One resource while it is read: remembers which elements were looked at, so that the others can be listed."""

    def __init__(self, resource: Mapping[str, Any]) -> None:
        self.resource = resource
        self._seen: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an element, which counts as used from now on."""
        self._seen.add(name)
        return self.resource.get(name, default)

    def starting(self, name: str) -> dict[str, Any]:
        """The elements of a choice (`value[x]`), which count as used."""
        found = {key: value for key, value in self.resource.items() if key.startswith(name)}
        self._seen |= found.keys()
        return found

    def codes(self) -> tuple[Code, ...]:
        """The codes of the element `code`."""
        return codes_in(self.get("code"))

    def left(self) -> list[str]:
        """The elements that nobody looked at, but those about the paperwork."""
        return sorted(self.resource.keys() - self._seen - ADMINISTRATIVE)
