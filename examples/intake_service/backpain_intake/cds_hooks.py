"""CDS Hooks 2.0: what this service offers, and cards for the patient whose record is opened (cds-hooks.hl7.org/2.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from backpain_rules import KnowledgeBase
from backpain_rules.interchange.cds_hooks import cds_cards
from backpain_rules.interchange.fhir_case import Unmapped, read_fhir

from .faults import FAULTS, Fault

SERVICE = "back-pain"
PREFETCH = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}",
}


class Context(BaseModel):
    """Who looks at whom."""

    userId: str
    patientId: str
    encounterId: str | None = None


class Call(BaseModel):
    """One call of a hook. Without a prefetch there is nothing to go by: this service fetches nothing itself."""

    hook: Literal["patient-view"]
    hookInstance: UUID
    context: Context
    prefetch: dict[str, dict[str, Any] | None] = Field(default_factory=dict)


class Origin(BaseModel):
    label: str
    url: str | None = None


class Card(BaseModel):
    uuid: str
    summary: str = Field(max_length=140)
    detail: str
    indicator: Literal["info", "warning", "critical"]
    source: Origin


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


def cds_hooks_router(kb: KnowledgeBase, today: Callable[[], date], *, list_unused: bool = False) -> APIRouter:
    """The routes of the service. `list_unused` adds a card that lists what was not read, for whoever sets the service up."""
    router = APIRouter(tags=["CDS Hooks"])
    offered = Service(
        hook="patient-view",
        id=SERVICE,
        title="Back pain",
        description="What the loaded packs say of the patient's back pain, with the rules and sources behind it.",
        prefetch=PREFETCH,
    )

    @router.get("/cds-services")
    def services() -> Services:
        """What this service offers."""
        return Services(services=[offered])

    @router.post(
        "/cds-services/{service}",
        responses={
            **FAULTS,
            404: {"model": Fault, "description": "There is no such service"},
            412: {"model": Fault, "description": "The prefetch is missing"},
        },
    )
    def cards(service: str, call: Call) -> Cards:
        """Cards for the patient in the prefetch, the most urgent first."""
        if service != SERVICE:
            raise HTTPException(404, f"there is no service {service!r}; there is {SERVICE!r}")
        if not call.prefetch:
            raise HTTPException(412, f"there is no prefetch; this service asks for {', '.join(PREFETCH)}")
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": list(_entries(call.prefetch.values()))}
        read = read_fhir(kb, bundle, version="R4B", at=today(), patient=call.context.patientId)
        if not read.facts:  # nothing is on record: no cards, which is no error
            return Cards(cards=_unused(read.unmapped) if list_unused else [])
        made = cds_cards(kb.assess(read.facts), source="backpain_rules")
        found = Cards.model_validate(made)
        return Cards(cards=[*found.cards, *(_unused(read.unmapped) if list_unused else ())])

    return router


def _entries(fetched: Iterable[dict[str, Any] | None]) -> Iterable[dict[str, Any]]:
    """The resources that were fetched, one by one or as the results of a search."""
    for resource in fetched:
        if resource is None:
            continue
        if resource.get("resourceType") == "Bundle" and isinstance(entries := resource.get("entry", []), list):
            yield from ({"resource": e["resource"]} for e in entries if isinstance(e, dict) and "resource" in e)
        else:
            yield {"resource": resource}


def _unused(unmapped: Iterable[Unmapped]) -> list[Card]:
    """What no fact came of is said too: a reader must know what the cards do not rest on."""
    reasons = [f"- {one.place}: {one.reason}" for one in unmapped]
    if not reasons:
        return []
    summary = f"{len(reasons)} resources were not used"
    return [
        Card(uuid="unused", summary=summary, detail="\n".join(reasons), indicator="info", source=Origin(label="backpain_rules"))
    ]
