"""A Questionnaire generated from the terms of the packs; `read_fhir` reads the responses to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ..knowledge import KnowledgeBase
from ..link.model import Linked
from ..questions.items import Item, items, wording
from ..show.labels import ENGLISH, Labels
from .codes import Term, codes_of, equivalent, own_system
from .fhir_models import Resource, Version, checked

UNIT_OPTION = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
BOUNDS = {"ge": "http://hl7.org/fhir/StructureDefinition/minValue", "le": "http://hl7.org/fhir/StructureDefinition/maxValue"}
TIMES = (("h", "h"), ("d", "d"), ("wk", "wk"))


def questionnaire(kb: KnowledgeBase, *, language: str = ENGLISH, version: Version = "R5") -> Resource:
    """Everything that a case of this knowledge base can say, as a Questionnaire in one of its languages.

    Raises `UnknownLanguageError`, and `MissingExtraError` without the extra `[fhir]`.
    """
    linked = kb.rule_base
    labels = Labels(linked, language)
    resource: Resource = {
        "resourceType": "Questionnaire",
        "url": "urn:backpain-rules:questionnaire",
        "version": " ".join(f"{pack.id}-{pack.version}" for pack in kb.packs),
        "status": "active",
        "language": language,
        "item": [_item(linked, labels, item, version) for item in items(linked)],
    }
    return checked(resource, version)


def _item(linked: Linked, labels: Labels, item: Item, version: Version) -> dict[str, Any]:
    said: dict[str, Any] = {"linkId": item.link, "text": wording(labels, item.unknown), **_type(labels, item, version)}
    if item.slot is None:
        codes = list(_codes(linked, item))
        return {**said, "code": codes} if codes else said
    if item.kind.schema_.has_present:
        asked = {"question": item.link.rpartition("/")[0], "operator": "=", "answerBoolean": True}
        return {**said, "enableWhen": [asked]}
    return said


def _codes(linked: Linked, item: Item) -> Iterator[dict[str, str]]:
    for name, id in zip(item.kind.schema_.keys, item.key, strict=True):
        vocabulary = item.kind.schema_.fields[name].vocabulary
        if vocabulary and id is not None:
            term = linked.terms[vocabulary, id]
            yield from (
                {"system": c.system, "code": c.code, "display": term.label}
                for c in equivalent(codes_of(linked, Term(vocabulary, id)))
            )


def _type(labels: Labels, item: Item, version: Version) -> dict[str, Any]:
    if item.slot is None:
        return {"type": "boolean"}
    field = item.kind.schema_.fields[item.slot]
    if field.base is bool:
        return {"type": "boolean"}
    if field.values:
        options = [
            {
                "valueCoding": {
                    "system": own_system(item.slot),
                    "code": str(v),
                    "display": labels.field_value(item.kind, item.slot, v),
                }
            }
            for v in field.values
        ]
        return {"type": "coding" if version == "R5" else "choice", "answerOption": options}
    if field.base is timedelta:
        units = [
            {"url": UNIT_OPTION, "valueCoding": {"system": "http://unitsofmeasure.org", "code": code, "display": display}}
            for code, display in TIMES
        ]
        return {"type": "quantity", "extension": units}
    if field.base is int:
        bounds = (
            (name, getattr(m, name)) for m in getattr(field.annotation, "__metadata__", ()) for name in BOUNDS if hasattr(m, name)
        )
        limits = [{"url": BOUNDS[name], "valueInteger": value} for name, value in bounds]
        return {"type": "integer", **({"extension": limits} if limits else {})}
    return {"type": "string"}
