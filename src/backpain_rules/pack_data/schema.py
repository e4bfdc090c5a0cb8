"""The JSON Schema of a pack as data, for editors that complete and check while somebody writes."""

from __future__ import annotations

from typing import Any, Final, get_args

from ..acceptance import CODES
from ..facts.types import InterventionKind
from ..ir.expressions import Operator
from ..source import STANDINGS
from ..terms import Audience
from .fact_types import TYPES
from .names import VOCABULARIES
from .write import VERSION

_TEXT: Final = {"type": "string"}
_PREMISE: Final = {"$ref": "#/$defs/premise"}
_VALUE: Final = {"$ref": "#/$defs/value"}
_SOURCE: Final = {"$ref": "#/$defs/source"}
_FOR_EACH: Final = {"$ref": "#/$defs/for_each"}
_POINTS: Final = {
    "description": "A number that is not 0, or the id of a parameter.", "anyOf": [{"type": "number"}, _TEXT, {"type": "object"}]
}  # fmt: skip
_COUNT: Final = {
    "description": "A whole number, or the id of a parameter.",
    "anyOf": [{"type": "integer", "minimum": 1}, _TEXT, {"type": "object"}],
}


def pack_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a pack as `pack_to_data` writes it and `pack_from_data` reads it.

    What it allows may still be refused: that a term exists, that a value fits its field. `pack_from_data` checks everything.

    >>> pack_schema()["required"]
    ['backpain_rules_pack', 'id', 'version', 'title']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pack of rules",
        **_object(
            ("backpain_rules_pack", "id", "version", "title"),
            backpain_rules_pack={"const": VERSION, "description": "The version of this form."},
            id={**_TEXT, "description": "Letters, digits, '_' and '-', starting with a letter."},
            version={**_TEXT, "description": "The version of the knowledge, in quotes."},
            title=_TEXT,
            requires={"type": "array", "items": _TEXT, "description": "The packs whose words and rules this one uses, by id."},
            sources=_map(_statements()),
            fact_types=_map(_fact_type()),
            **{f"{vocabulary}s": _map(_term(vocabulary)) for vocabulary in VOCABULARIES},
            parameters=_map(_object(("default", "doc"), default=_VALUE, ge=_VALUE, le=_VALUE, doc=_TEXT)),
            quantities=_map(_object(("label", "of"), label=_TEXT, unit=_TEXT, for_each=_FOR_EACH, of=_VALUE)),
            sign_sets=_map(_object(("signs",), label=_TEXT, for_each=_FOR_EACH, signs=_list(_PREMISE))),
            extends=_list(
                _object(("sign_set", "signs"), sign_set=_TEXT, for_each=_FOR_EACH, signs=_list(_PREMISE), source=_SOURCE), least=0
            ),
            rules=_list(_rule(), least=0),
            constraints=_list(
                _object(
                    ("id", "never"), id=_TEXT, for_each=_FOR_EACH, never={"anyOf": [_PREMISE, _list(_PREMISE)]}, source=_SOURCE
                ),
                least=0,
            ),
            partitions=_list(
                _object(
                    ("id", "kinds"), id=_TEXT, for_each=_FOR_EACH, given=_PREMISE, kinds=_list(_PREMISE, least=2), source=_SOURCE
                ),
                least=0,
            ),
            accepts=_list(
                _object(("code", "of", "reason"), code={"enum": sorted(CODES)}, of=_several(_TEXT), reason=_TEXT, source=_SOURCE),
                least=0,
            ),
            codes=_map(_map(_several(_TEXT))),
            translations=_map(_object((), labels=_map(_TEXT), questions=_map(_TEXT), statements=_map(_TEXT), texts=_map(_TEXT))),
        ),
        "$defs": _definitions(),
    }


def _definitions() -> dict[str, Any]:
    one = {word: _object((word,), **{word: _PREMISE}) for word in ("not", "unless", "is_known", "is_unknown")}
    term = {word: _object((word,), **{word: _TEXT}) for word in (*VOCABULARIES, "absent", "diagnosed", "excluded", "matches")}
    pattern = {"type": "object", "properties": {"type": _TEXT}, "required": ["type"], "additionalProperties": _VALUE}
    return {
        "premise": {
            "description": "A term ('fever'), a variable, a comparison ('pain.severity >= 5'), or one of the forms below.",
            "anyOf": [
                _TEXT,
                *term.values(),
                *(_object((word,), **{word: _list(_PREMISE)}) for word in ("all_of", "any_of")),
                *one.values(),
                _object(("at_least",), at_least=_COUNT, signs=_TEXT, of=_list(_PREMISE), mandatory=_list(_PREMISE)),
                _object(
                    ("score", "at_least"), at_least=_POINTS,
                    score=_list({"type": "array", "prefixItems": [_POINTS, _PREMISE], "minItems": 2, "maxItems": 2}),
                ),
                _object(("exists",), exists={"anyOf": [pattern, _list(_TEXT)]}, that=_PREMISE),
                _object(
                    ("compare",),
                    compare={"type": "array", "prefixItems": [{"enum": list(get_args(Operator))}, _VALUE, _VALUE], "minItems": 3},
                ),
            ],
        },
        "value": {
            "description": "Text, a number, true or false as the field reads it; or {field: pain.region}, {parameter: id}, "
            "{phrase: 'text with {id}'}, {duration: 2 weeks}, {date: 2026-01-31}, "
            "{score: [[points, premise], ...]}, {quantity: id}.",
            "type": ["string", "number", "boolean", "object", "null"],
        },
        "source": {"description": "What is cited: source:statement, one or several.", **_several(_TEXT)},
        "for_each": {
            "description": "The facts that the whole rule speaks of, by the name of a variable.",
            **_map({"anyOf": [_TEXT, pattern]}),
        },
        "fact": {"description": "A symptom by its id, or {pain: lumbar, severity: 5}.", "type": ["string", "object"]},
        "conclusion": {"description": "{finding: id}, {recommendation: id}, {caution: ...}, {referral: ...}.", "type": "object"},
    }  # fmt: skip


def _rule() -> dict[str, Any]:
    conclusion, cases = {"$ref": "#/$defs/conclusion"}, _list(_list({"$ref": "#/$defs/fact"}, least=0), least=0)
    every = {"type": "object", "properties": {"every": _TEXT}, "required": ["every"], "additionalProperties": _VALUE}
    target = {"description": "A rule as pack:rule, {every: type, ...}, or a conclusion.", "anyOf": [_TEXT, every, conclusion]}
    return _object(
        ("id", "when", "then"), id=_TEXT, for_each=_FOR_EACH, when=_PREMISE, then=_several(conclusion), source=_SOURCE,
        overrides=_several(target), replaces=_TEXT, fires_on=cases, silent_on=cases, note=_TEXT,
    )  # fmt: skip


def _statements() -> dict[str, Any]:
    weak = _object(("text",), text=_TEXT, standing={"enum": list(STANDINGS)}, note=_TEXT, unused=_TEXT, at=_TEXT)
    return _object(("title", "statements"), title=_TEXT, url=_TEXT, statements=_map({"anyOf": [_TEXT, weak]}))


def _term(vocabulary: str) -> dict[str, Any]:
    if vocabulary == "intervention":
        more: dict[str, Any] = {"kind": {"enum": list(get_args(InterventionKind))}}
    else:
        more = {"ask": {**_TEXT, "description": "A question that yes or no answers."}}
    if vocabulary == "symptom":
        more["ask_of"] = {"enum": list(get_args(Audience))}
    if vocabulary == "condition":
        more["known"] = {"type": "boolean", "description": "Whether a diagnosis of it counts as a finding."}
    return {"anyOf": [_TEXT, _object(("label",), label=_TEXT, **more, codes=_map(_several(_TEXT)))]}


def _fact_type() -> dict[str, Any]:
    words = {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1}
    field = _object(
        ("type",), type={"anyOf": [{"enum": [*TYPES, *VOCABULARIES]}, words]},
        role={"enum": ["key", "optional key", "slot", "value"]}, ge=_VALUE, gt=_VALUE, le=_VALUE, lt=_VALUE, unit=_TEXT,
        ask=_TEXT, doc=_TEXT, default=_VALUE,
    )  # fmt: skip
    return _object((), made_from=_TEXT, doc=_TEXT, ask=_TEXT, can_be_absent={"type": "boolean"}, fields=_map(field))


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _map(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _list(items: dict[str, Any], least: int = 1) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


def _several(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, _list(one, least=0)]}
