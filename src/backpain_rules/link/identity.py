"""Which packs a rule base was made of, by content: the same id and version with another rule is another pack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from ..facts.schema import FieldSchema
from ..facts.types import DERIVED, STATED, TREATMENT
from ..ir.conclusions import Conclusion, Phrase
from ..ir.expressions import CompareQuantity, Constant, Named, Parameter, Ref, Variable
from ..ir.premises import Exists
from ..ir.render import Namer
from ..ir.serialize import constant_to_data, premise_to_data
from ..pack import Pack
from ..rule import Rule
from ..terms import InterventionTerm
from .declared import Declared, declared, known_conditions, mentioned
from .model import Linked

T = TypeVar("T")


class PackIdentity(NamedTuple):
    """A pack as a saved session names it; `content` is the SHA-256 of everything in it that decides what follows."""

    id: str
    version: str
    content: str


@lru_cache(maxsize=16)  # a pure function of what never changes; an interview is saved under it with each answer
def identity(linked: Linked) -> tuple[PackIdentity, ...]:
    """The identities of the packs of a rule base, by id."""
    found = declared(linked.packs)
    names = {id(rule): f"{pack.id}:{rule.id}" for pack in linked.packs for rule in pack.rules}
    names |= {id(signs): name for signs, name in found.sign_sets.items()}
    return tuple(sorted(PackIdentity(pack.id, pack.version, _hash(pack, found, names)) for pack in linked.packs))


def parameter_values(linked: Linked) -> dict[str, dict[str, Any]]:
    """The values of the parameters as JSON data, by qualified name."""
    return {name: constant_to_data(value) for name, (_, value) in linked.parameters.items()}


def _hash(pack: Pack, found: Declared, names: Mapping[int, str]) -> str:
    text = json.dumps(list(_content(pack, found, names)), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(pack: Pack, found: Declared, names: Mapping[int, str]) -> Iterator[Any]:
    """All that decides what follows, as JSON data that loses nothing; what is printed for people has no part in it.

    What the pack lists and what it only uses count alike, and so do a rule or a sign set and its name.
    """
    for rule in sorted(pack.rules, key=lambda rule: rule.id):
        variables = Namer()
        premise = premise_to_data(rule.premise, variables)
        concluded = [_conclusion(template, variables) for template in rule.conclusions]
        targets = [_target(target, names) for target in rule.targets]
        yield "rule", rule.id, premise, concluded, targets, None if rule.replaces is None else _target(rule.replaces, names)
    for constraint in sorted(pack.constraints, key=lambda constraint: constraint.id):
        yield "constraint", constraint.id, premise_to_data(constraint.premise)
    for extension in pack.extends:
        target = extension.target if isinstance(extension.target, str) else names.get(id(extension.target), extension.target.id)
        yield "extends", target, [premise_to_data(member) for member in extension.members]
    for signs in sorted(_own(found.sign_sets, pack), key=lambda signs: signs.id):
        yield "sign set", signs.id, [premise_to_data(member) for member in signs.members]
    for one in sorted((q for q, owner in found.quantities.items() if owner == pack.id), key=lambda one: one.id):
        yield "quantity", one.id, premise_to_data(CompareQuantity(">=", one.of, Constant(0)))
    for number in sorted(_own(found.parameters, pack), key=lambda number: number.id):
        yield "parameter", number.id, *map(constant_to_data, (number.default, number.ge, number.le))
    for kind in sorted({*pack.fact_types, *mentioned(pack).fact_types} - {*STATED, *DERIVED}, key=lambda kind: kind.tag()):
        yield "fact type", kind.tag(), kind.schema_.has_present, [_field(field) for field in kind.schema_.fields.values()]
    own = {place: found.terms[place] for place, owner in found.owners.items() if owner == pack.id}
    yield "terms", sorted(own), sorted(pack.requires)
    kinds = {term.id: term.kind for term in own.values() if isinstance(term, InterventionTerm) and term.kind != TREATMENT}
    if kinds:
        yield "kinds", sorted(kinds.items())
    if known := [term.id for term in known_conditions(own)]:
        yield "known", known


def _own(named: Mapping[T, str], pack: Pack) -> list[T]:
    """The things whose qualified name begins with that of the pack."""
    return [thing for thing, name in named.items() if name.startswith(f"{pack.id}:")]


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
            return constant_to_data(id)
        case _:
            return constant_to_data(value)


def _field(field: FieldSchema) -> list[Any]:
    domain = [constant_to_data(value) for value in field.values]
    return [field.name, field.is_key, field.may_be_none, field.vocabulary, domain, constant_to_data(field.default)]


def _target(target: Any, names: Mapping[int, str]) -> Any:
    if isinstance(target, str):
        return target
    if isinstance(target, Rule):
        return names.get(id(target), target.id)
    if isinstance(target, Conclusion):
        said = {name: _value(value, Namer()) for name, value in target.fields.items() if name in target.said}
        return [target.kind.tag(), said]
    if isinstance(target, Variable) and target._where:
        return premise_to_data(Exists((target,)))
    kind = target._kind if isinstance(target, Variable) else target
    return ["every", kind.tag()]
