"""What rules say beside their premises, as data: conclusions, overrides, example facts and citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from ..errors import DefinitionError, did_you_mean, shown
from ..facts.base import Fact, to_data
from ..facts.reading import fact_from_json
from ..facts.schema import FactSchema
from ..facts.types import Diagnosis, Symptom
from ..ir.conclusions import Conclusion, Phrase, conclude
from ..ir.expressions import Expression, Named, Parameter, Variable
from ..ir.shapes import at, find, object_of, refuse
from ..json_text import member
from ..rule import Overridden, Rule, Sources
from ..source import Statement
from .names import Names
from .premises import ScopeReader, ScopeWriter
from .values import phrase_from_data, phrase_to_data, value_to_data

EVERY: Final = "every"


def _first(schema: FactSchema) -> str | None:
    """The field whose value stands under the name of the type: `{finding: flu}` for `{type: finding, condition: flu}`."""
    name = schema.keys[0] if schema.keys else None
    return None if schema.tag in schema.fields else name


def headed(schema: FactSchema, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a fact or a conclusion, headed by its type."""
    first = _first(schema)
    if first is None:
        return {"type": schema.tag, **fields}
    return {schema.tag: fields.get(first), **{name: value for name, value in fields.items() if name != first}}


def unheaded(data: object, kinds: Mapping[str, type[Fact]], what: str, place: str) -> tuple[type[Fact], dict[str, Any]]:
    """The type and the fields of what `headed` wrote."""
    of = dict(object_of(data, place))
    if "type" in of:
        return find(kinds, of.pop("type"), "fact type", f"{place}.type"), of
    tags = [name for name in of if name in kinds and _first(kinds[name].schema_) is not None]
    if not tags:
        hint = did_you_mean(next(iter(of), ""), kinds) or f"; it begins with the name of a fact type: {', '.join(kinds)}"
        refuse(f"{shown(data)} is no {what}{hint}", place)
    kind = kinds[tags[0]]
    first = _first(kind.schema_)
    assert first is not None
    value = of.pop(tags[0])
    if first in of:
        refuse(f"{first!r} is said twice: it is what stands under {tags[0]!r}", member(place, first))
    return kind, of if value is None else {first: value, **of}


# --- conclusions ------------------------------------------------------------------------------------------------------


def conclusion_to_data(template: Conclusion[Any], scope: ScopeWriter, parameters: Mapping[Parameter[Any], str]) -> dict[str, Any]:
    """A conclusion: the fields that its author gave."""
    schema = template.kind.schema_
    said = {name: template.fields[name] for name in schema.fields if name in template.said}
    return headed(schema, {name: _field_to_data(template.kind, name, v, scope, parameters) for name, v in said.items()})


def _field_to_data(
    kind: type[Fact], name: str, value: object, scope: ScopeWriter, parameters: Mapping[Parameter[Any], str]
) -> Any:
    match value:
        case Named(id=id):
            return id
        case Phrase():
            return phrase_to_data(value, parameters)
        case Expression():
            return scope.value(value)
        case _:
            return value_to_data(kind.schema_.fields[name], value)


def conclusion_from_data(data: object, scope: ScopeReader, names: Names, place: str) -> Conclusion[Any]:
    """The conclusion that `conclusion_to_data` wrote."""
    kind, of = unheaded(data, names.fact_types, "conclusion", place)
    fields: dict[str, object] = {}
    for name, value in of.items():
        here = member(place, name)
        if isinstance(value, Mapping) and "phrase" in value:
            with at(here):
                fields[name] = phrase_from_data(value, names.parameters, here)
        elif name in kind.schema_.fields:
            fields[name] = scope.field_value(kind, name, value, here, kind.schema_.fields[name].base)
        else:
            fields[name] = value  # refused below, with the fields that there are
    with at(place):
        return conclude(kind, **fields)


# --- overrides --------------------------------------------------------------------------------------------------------


def target_to_data(
    target: Overridden, scope: ScopeWriter, parameters: Mapping[Parameter[Any], str], rules: Mapping[int, str]
) -> Any:
    """What a rule overrides: the name of a rule, `{every: type, ...}` for a pattern, or a conclusion."""
    if isinstance(target, Conclusion):
        return conclusion_to_data(target, scope, parameters)
    if isinstance(target, Variable):
        pattern = scope.pattern(target)
        return {EVERY: pattern.pop("type"), **pattern}
    if isinstance(target, type):
        return {EVERY: target.tag()}
    return rule_name(target, rules)


def target_from_data(data: object, scope: ScopeReader, names: Names, place: str) -> Any:
    """The target that `target_to_data` wrote."""
    if isinstance(data, str):
        return data
    of = object_of(data, place)
    if EVERY not in of:
        return conclusion_from_data(data, scope, names, place)
    if len(of) == 1:
        return find(names.fact_types, of[EVERY], "fact type", f"{place}.{EVERY}")
    return scope.pattern({"type": of[EVERY], **{name: value for name, value in of.items() if name != EVERY}}, place)


def rule_name(rule: Rule | str, rules: Mapping[int, str]) -> str:
    """The qualified name of a rule that this or a required pack has."""
    if isinstance(rule, str):
        return rule
    if id(rule) not in rules:
        raise DefinitionError(
            f"rule {rule.id!r} is overridden or replaced, and neither this pack nor one given in requires= has it", rule=rule.id
        )
    return rules[id(rule)]


# --- facts of example cases -------------------------------------------------------------------------------------------


def fact_to_data(fact: Fact, names: Names) -> Any:
    """A fact of an example case, in the short forms that premises have too."""
    for kind, vocabulary, there, gone in (
        (Symptom, "symptom", None, "absent"),
        (Diagnosis, "condition", "diagnosed", "excluded"),
    ):
        if type(fact) is kind:
            id = str(fact.__dict__[fact.schema_.keys[0]])
            if not fact.__dict__["present"]:
                return {gone: id}
            return {there: id} if there else id if names.vocabularies(id) == (vocabulary,) else {"symptom": id}
    fields = {name: value for name, value in to_data(fact).items() if name != "type"}
    for name in fields:
        if isinstance(fact.__dict__[name], timedelta):
            fields[name] = value_to_data(fact.schema_.fields[name], fact.__dict__[name])
    if fields.get("present") is True:
        del fields["present"]
    return headed(fact.schema_, fields)


def fact_from_data(data: object, names: Names, place: str) -> Fact:
    """The fact that `fact_to_data` wrote."""
    if isinstance(data, str):
        if ("symptom", data) not in names.terms:
            known = [id for vocabulary, id in names.terms if vocabulary == "symptom"]
            refuse(f"no symptom is called {shown(data)}{did_you_mean(data, known)}", place)
        return Symptom(term=data)
    if isinstance(data, Mapping) and len(data) == 1:
        [(word, id)] = data.items()
        if word in ("absent", "diagnosed", "excluded") or (word == "symptom" and isinstance(id, str)):
            vocabulary = "symptom" if word in ("absent", "symptom") else "condition"
            find({one: one for kind, one in names.terms if kind == vocabulary}, id, vocabulary, f"{place}.{word}")
            there = word in ("symptom", "diagnosed")
            return Symptom(term=id, present=there) if vocabulary == "symptom" else Diagnosis(condition=id, present=there)
    kind, fields = unheaded(data, names.fact_types, "fact", place)
    return fact_from_json(kind, fields, place)


# --- citations --------------------------------------------------------------------------------------------------------


def sources_to_data(cited: Sequence[Statement], names: Names, place: str) -> dict[str, Any]:
    """What is cited, as `article:B2`, one or several; every statement is one of a source that is given."""
    for one in cited:
        source = names.sources.get(one.source)
        if source is None or source.statements.get(one.id) != one.text:
            raise DefinitionError(
                f"{place} cites {one.cite!r}, which no source of this pack has; list its source in sources=", statement=one.cite
            )
    if not cited:
        return {}
    return {"source": cited[0].cite if len(cited) == 1 else [one.cite for one in cited]}


def sources_from_data(data: object, names: Names, place: str) -> Sources | None:
    """The statements that `sources_to_data` wrote."""
    if data is None:
        return None
    several = data if isinstance(data, (list, tuple)) else [data]
    found: list[Statement] = []
    for number, cite in enumerate(several):
        here = f"{place}[{number}]" if isinstance(data, (list, tuple)) else place
        id, colon, statement = str(cite).partition(":")
        if not isinstance(cite, str) or not colon:
            refuse(f"{shown(cite)} cites no statement; write source:statement, as in article:B2", here)
        with at(here):
            found.append(find(names.sources, id, "source", here)[statement])
    return found[0] if not isinstance(data, (list, tuple)) else tuple(found)
