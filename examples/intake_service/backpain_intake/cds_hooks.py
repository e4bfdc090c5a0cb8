"""CDS Hooks 2.0: what this service offers, and cards for the patient whose record is opened (cds-hooks.hl7.org/2.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import APIRouter, Depends, HTTPException
from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import Request

from backpain_rules import KnowledgeBase
from backpain_rules.interchange.cds_hooks import cds_cards
from backpain_rules.interchange.fhir_case import Unmapped, read_fhir

from .faults import FAULTS, Fault
from .prefetch import missing_in, prefetch_of, resources_in

SERVICE = "back-pain"
MOST_CARDS = 10
"""How many cards a call gets at most; the last names what is left."""
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9\-.]{1,64}$")]
"""An id of FHIR."""


class Context(BaseModel):
    """Who looks at whom."""

    userId: str
    patientId: Id
    encounterId: str | None = None


class Call(BaseModel):
    """One call of a hook. Without a prefetch there is nothing to go by: this service fetches nothing itself."""

    hook: Literal["patient-view"]
    hookInstance: UUID
    context: Context
    prefetch: dict[str, dict[str, Any] | None] = Field(default_factory=dict)


class Coding(BaseModel):
    system: str
    code: str
    display: str | None = None


class Origin(BaseModel):
    label: str
    url: str | None = None
    topic: Coding | None = None


class Action(BaseModel):
    type: Literal["create"]
    description: str
    resource: dict[str, Any]


class Suggestion(BaseModel):
    label: str
    uuid: UUID
    actions: list[Action]


class Link(BaseModel):
    label: str
    url: str
    type: Literal["absolute"]


class Card(BaseModel):
    uuid: UUID
    summary: str = Field(max_length=140)
    detail: str
    indicator: Literal["info", "warning", "critical"]
    source: Origin
    suggestions: list[Suggestion] | None = None
    selectionBehavior: Literal["at-most-one"] | None = None
    overrideReasons: list[Coding] | None = None
    links: list[Link] | None = None


class Cards(BaseModel):
    cards: list[Card]


class Service(BaseModel):
    hook: str
    id: str
    title: str
    description: str
    prefetch: dict[str, str]


class Services(BaseModel):
    services: list[Service]


class AcceptedSuggestion(BaseModel):
    id: UUID


class OverrideReason(BaseModel):
    reason: Coding | None = None
    userComment: str | None = None


class Outcome(BaseModel):
    """What a clinician did with a card."""

    card: UUID
    outcome: Literal["accepted", "overridden"]
    acceptedSuggestions: list[AcceptedSuggestion] = Field(default_factory=list)
    overrideReason: OverrideReason | None = None
    outcomeTimestamp: AwareDatetime


class Feedback(BaseModel):
    feedback: list[Outcome]


def cds_hooks_router(
    kb: KnowledgeBase,
    today: Callable[[], date],
    *,
    list_unused: bool = False,
    check_caller: Callable[[Request], None] | None = None,
    take_feedback: Callable[[Feedback], None] = lambda feedback: None,
) -> APIRouter:
    """The routes of the service. `list_unused` adds a card that lists what was not read, for whoever sets the service up.

    `check_caller` raises for a request that may not call (`callers.Callers`); without it everybody may. `take_feedback` gets
    what clinicians did with cards; by default it is not kept.
    """
    router = APIRouter(tags=["CDS Hooks"])
    offered = Service(
        hook="patient-view",
        id=SERVICE,
        title="Back pain",
        description="What the loaded packs say of the patient's back pain, with the rules and sources behind it.",
        prefetch=prefetch_of(kb),
    )
    checked = [] if check_caller is None else [Depends(check_caller)]
    answers: dict[int | str, dict[str, Any]] = {
        **FAULTS,
        401: {"model": Fault, "description": "The caller is not known"},
        404: {"model": Fault, "description": "There is no such service"},
    }

    @router.get("/cds-services")
    def services() -> Services:
        """What this service offers."""
        return Services(services=[offered])

    @router.post(
        "/cds-services/{service}",
        responses={**answers, 412: {"model": Fault, "description": "The prefetch is missing"}},
        dependencies=checked,
        response_model_exclude_none=True,
    )
    def cards(service: str, call: Call) -> Cards:
        """Cards for the patient in the prefetch, the most urgent first."""
        _known(service)
        if not call.prefetch:
            raise HTTPException(412, f"there is no prefetch; this service asks for {', '.join(offered.prefetch)}")
        _same_patient(call)
        entries = [{"resource": resource} for resource in resources_in(call.prefetch)]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        read = read_fhir(kb, bundle, version="R4B", at=today(), patient=call.context.patientId)
        made: list[dict[str, Any]] = []
        if read.facts:  # nothing on record gives no cards, which is no error
            subject, id = f"Patient/{call.context.patientId}", str(call.hookInstance)
            made += cds_cards(kb.assess(read.facts), source="backpain_rules", call=id, subject=subject, most=MOST_CARDS)["cards"]
        made += _list(call, "Parts of the record were not read", list(missing_in(call.prefetch)), "warning")
        if list_unused:
            made += _list(call, "Resources that were not used", _reasons(read.unmapped), "info")
        return Cards.model_validate({"cards": made})

    @router.post("/cds-services/{service}/feedback", responses=answers, dependencies=checked)
    def feedback(service: str, feedback: Feedback) -> dict[str, str]:
        """What clinicians did with the cards."""
        _known(service)
        take_feedback(feedback)
        return {}

    return router


def _known(service: str) -> None:
    if service != SERVICE:
        raise HTTPException(404, f"there is no service {service!r}; there is {SERVICE!r}")


def _same_patient(call: Call) -> None:
    """Refuse a record of somebody else: cards about the wrong patient are worse than none."""
    patient = call.prefetch.get("patient")
    if patient is None or patient.get("resourceType") != "Patient":
        return
    if patient.get("id") not in (None, call.context.patientId):
        raise HTTPException(422, "prefetch.patient is another patient than context.patientId; send the record of the one viewed")


def _reasons(unmapped: Iterable[Unmapped]) -> list[str]:
    return [f"{one.place}: {one.reason}" for one in unmapped]


def _list(call: Call, title: str, lines: list[str], indicator: str) -> list[dict[str, Any]]:
    """A card that lists what a reader must know of the cards, if there is anything."""
    if not lines:
        return []
    summary, detail = f"{title}: {len(lines)}", "\n".join(f"- {line}" for line in lines)
    uuid = uuid5(NAMESPACE_URL, f"urn:backpain-rules:call:{call.hookInstance}:{title}")
    return [{"uuid": uuid, "summary": summary, "detail": detail, "indicator": indicator, "source": {"label": "backpain_rules"}}]
