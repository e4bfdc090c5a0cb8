"""A case as JSON, read strictly, and the JSON Schema that describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import to_json

from ..errors import BackpainRulesError, FactError, InvalidFactError, UnknownFactTypeError, did_you_mean, shown
from ..facts.base import Fact
from ..facts.reading import fact_from_json
from ..json_text import read_json
from ..link.model import Linked
from ..vocabulary import TermEntry, by_system, terms_of
from .case import check_fact

MOST_FAULTS: Final = 100
"""How many facts may be at fault before the others are not read."""
MOST_KEPT: Final = 20_000
"""How many facts are kept; more are made anew."""


class CaseReader:
    """Reads cases as JSON for one rule base. Facts that can say few different things, a symptom above all, are made once."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._kept: dict[bytes, Fact] = {}

    def facts(self, data: str | bytes | bytearray | Mapping[str, Any]) -> tuple[Fact, ...]:
        """The facts of a case given as JSON text or as data.

        Raises `InvalidFactError`, `UnknownFactTypeError` or `UnknownIdError` for the first fault, with its place (`facts[2]`).
        Its `errors` list every fault of the case, each with its `place` (`facts[2].severity`) and `message`, for a form.
        """
        data = read_json(data)
        if not isinstance(data, Mapping) or not isinstance(data.get("facts"), (list, tuple)):
            raise InvalidFactError(
                'a case is an object with a list called "facts": {"facts": [{"type": "pain", "region": "lumbar"}]}', place=""
            )
        extra = [name for name in data if name != "facts"]
        if extra:
            raise InvalidFactError(
                f'a case has only "facts"; {shown(extra[0])} is not known{did_you_mean(extra[0], ["facts"])}',
                place=str(extra[0]),
            )
        facts: list[Fact] = []
        faults: list[FactError] = []
        for number, entry in enumerate(data["facts"]):
            try:
                facts.append(self._fact(number, entry))
            except FactError as fault:
                faults.append(fault)
                if len(faults) == MOST_FAULTS:
                    break
        if faults:
            raise faults[0].with_details(errors=tuple(one for fault in faults for one in faults_of(fault)))
        return tuple(facts)

    def _fact(self, number: int, entry: Any) -> Fact:
        text = b""
        if type(entry) is dict and isinstance(entry.get("type"), str):
            try:
                text = to_json(entry, inf_nan_mode="strings")  # tells apart what Python takes for equal, as true and 1
            except ValueError:
                text = b""  # what is no JSON is for the careful way to refuse
            known = self._kept.get(text)
            if known is not None:
                return known
        fact = _fact(self._linked, number, entry)
        if text and fact.schema_.is_finite and len(self._kept) < MOST_KEPT:
            self._kept[text] = fact
        return fact


def faults_of(fault: BackpainRulesError) -> list[dict[str, object]]:
    """What is wrong with one fact, field by field, for a form."""
    place = str(fault.fields.get("place", ""))
    inside: Any = fault.fields.get("errors", ())
    if inside:
        return [{**one, "place": f"{place}.{one['place']}" if one["place"] else place} for one in inside]
    return [{"place": place, "message": fault.message}]


def _fact(linked: Linked, number: int, entry: Any) -> Fact:
    place = f"facts[{number}]"
    if not isinstance(entry, Mapping) or not isinstance(entry.get("type"), str):
        raise InvalidFactError(
            f'{place} is an object with a "type", one of {", ".join(_stated_tags(linked))}; not {shown(entry)}',
            place=place,
            value=entry,
        )
    tag = entry["type"]
    kind = linked.fact_types.get(tag)
    if kind is None:
        stated = _stated_tags(linked)
        hint = did_you_mean(tag, stated) or f"; known are {', '.join(stated)}"
        raise UnknownFactTypeError(f"{place}: no loaded pack knows the fact type {shown(tag)}{hint}", place=place, fact_type=tag)
    fields = {name: value for name, value in entry.items() if name != "type"}
    fact = fact_from_json(kind, fields, place)
    if kind.schema_.words or kind in linked.derived_types:
        check_fact(linked, fact, f"facts[{number}]")
    return fact


def _stated_tags(linked: Linked) -> list[str]:
    return sorted(tag for tag, kind in linked.fact_types.items() if kind not in linked.derived_types)


def case_schema(linked: Linked) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a case of this rule base: ids have a title, a question (`x-ask`) and codes (`x-codes`)."""
    kinds = {tag: kind for tag, kind in sorted(linked.fact_types.items()) if kind not in linked.derived_types}
    terms = terms_of(linked)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Case",
        "type": "object",
        "properties": {"facts": {"type": "array", "items": {"oneOf": [_fact_schema(terms, kind) for kind in kinds.values()]}}},
        "required": ["facts"],
        "additionalProperties": False,
    }


def _fact_schema(terms: tuple[TermEntry, ...], kind: type[Fact]) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(json.dumps(kind.model_json_schema()))
    properties = {"type": {"const": kind.tag()}, **schema["properties"]}
    for name, field in kind.schema_.fields.items():
        if field.vocabulary:
            shown = {key: value for key, value in properties[name].items() if key in ("title", "description")}
            one_of = [_term_schema(term) for term in terms if term.kind == field.vocabulary]
            properties[name] = {**shown, "type": "string", **({"oneOf": one_of} if one_of else {})}
    asked = {} if kind.ask_ is None else {"x-ask": kind.ask_}
    return {**schema, **asked, "properties": properties, "required": ["type", *schema.get("required", [])]}


def _term_schema(term: TermEntry) -> dict[str, Any]:
    """One id, with the label as its title; `x-ask` and `x-codes` are no words of JSON Schema, so validators pass them over."""
    asked = {} if term.question is None else {"x-ask": term.question}
    coded = {"x-codes": by_system(term.codes)} if term.codes else {}
    return {"const": term.id, "title": term.label, **asked, **coded}
