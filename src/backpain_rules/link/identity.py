"""Which packs a rule base was made of, by content: the same id and version with another rule is another pack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from ..facts.base import Fact
from ..facts.schema import FieldSchema
from ..facts.types import TREATMENT
from ..ir.conclusions import Conclusion, Phrase
from ..ir.expressions import Named, Parameter, Ref
from ..ir.premises import Exists
from ..ir.render import Namer
from ..ir.serialize import constant_to_data, premise_to_data
from ..ir.walk import variables, walk
from ..pack import Pack
from ..rule import Rule
from ..terms import InterventionTerm
from .model import Linked


class PackIdentity(NamedTuple):
    """A pack as a saved session names it; `content` is the SHA-256 of everything in it that decides what follows."""

    id: str
    version: str
    content: str


@lru_cache(maxsize=16)  # a pure function of what never changes; an interview is saved under it with each answer
def identity(linked: Linked) -> tuple[PackIdentity, ...]:
    """The identities of the packs of a rule base, by id."""
    return tuple(sorted(PackIdentity(pack.id, pack.version, _hash(pack)) for pack in linked.packs))


def parameter_values(linked: Linked) -> dict[str, dict[str, Any]]:
    """The values of the parameters as JSON data, by qualified name."""
    return {name: constant_to_data(value) for name, (_, value) in linked.parameters.items()}


def _hash(pack: Pack) -> str:
    text = json.dumps(list(_content(pack)), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(pack: Pack) -> Iterator[Any]:
    """All that decides what follows, as JSON data that loses nothing; what is printed for people has no part in it."""
    for rule in sorted(pack.rules, key=lambda rule: rule.id):
        names = Namer()
        premise = premise_to_data(rule.premise, names)
        concluded = [_conclusion(template, names) for template in rule.conclusions]
        yield "rule", rule.id, premise, concluded, [_target(t) for t in rule.targets], _target(rule.replaces)
    for constraint in sorted(pack.constraints, key=lambda constraint: constraint.id):
        yield "constraint", constraint.id, premise_to_data(constraint.premise)
    for extension in pack.extends:
        target = extension.target if isinstance(extension.target, str) else extension.target.id
        yield "extends", target, [premise_to_data(member) for member in extension.members]
    for signs in sorted(pack.sign_sets, key=lambda signs: signs.id):
        yield "sign set", signs.id, [premise_to_data(member) for member in signs.members]
    for number in sorted(pack.parameters, key=lambda number: number.id):
        yield "parameter", number.id, *map(constant_to_data, (number.default, number.ge, number.le))
    for kind in sorted(_fact_types(pack), key=lambda kind: kind.tag()):
        yield "fact type", kind.tag(), kind.schema_.has_present, [_field(field) for field in kind.schema_.fields.values()]
    yield "terms", sorted((term.vocabulary, term.id) for term in pack.terms), sorted(pack.requires)
    if kinds := {term.id: term.kind for term in _interventions(pack) if term.kind != TREATMENT}:
        yield "kinds", sorted(kinds.items())


def _interventions(pack: Pack) -> Iterator[InterventionTerm]:
    """The interventions that a pack lists or recommends."""
    recommended = (value for rule in pack.rules for template in rule.conclusions for value in template.fields.values())
    yield from (term for term in (*pack.terms, *recommended) if isinstance(term, InterventionTerm))


def _fact_types(pack: Pack) -> set[type[Fact]]:
    """The fact types that a pack lists or uses."""
    premises = [rule.premise for rule in pack.rules] + [constraint.premise for constraint in pack.constraints]
    read = {variable._kind for one in premises for node in walk(one) for variable in variables(node)}
    return {*pack.fact_types, *read, *(template.kind for rule in pack.rules for template in rule.conclusions)}


def _conclusion(template: Conclusion[Any], names: Namer) -> list[Any]:
    said = {name: _value(value, names) for name, value in template.fields.items() if value is not None}
    return [template.kind.tag(), said]


def _value(value: object, names: Namer) -> dict[str, Any]:
    match value:
        case Phrase(text=text, parameters=parameters):
            return {"phrase": text, "parameters": [number.id for number in parameters]}
        case Ref(variable=variable, name=name):
            return {"field": [names(variable), name]}
        case Parameter(id=id):
            return {"parameter": id}
        case Named(id=id):
            return {"term": id}
        case _:
            return constant_to_data(value)


def _field(field: FieldSchema) -> list[Any]:
    domain = [constant_to_data(value) for value in field.values]
    return [field.name, field.is_key, field.may_be_none, field.vocabulary, domain, constant_to_data(field.default)]


def _target(target: Any) -> Any:
    if target is None or isinstance(target, str):
        return target
    if isinstance(target, (Rule, type)):
        return target.id if isinstance(target, Rule) else target.__name__
    if isinstance(target, Conclusion):
        said = {name: _value(value, Namer()) for name, value in target.fields.items() if name in target.said}
        return [target.kind.tag(), said]
    return premise_to_data(Exists((target,)))
