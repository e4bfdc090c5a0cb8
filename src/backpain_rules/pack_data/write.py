"""A pack written as data that `read` turns back into an equal pack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from ..acceptance import Acceptance
from ..arguments import listed, wrong
from ..errors import DefinitionError
from ..facts.types import DERIVED, STATED, TREATMENT
from ..ir.expressions import CompareQuantity, Constant, Parameter, Premise, Variable
from ..ir.premises import AllOf, SignSet
from ..ir.quantities import Quantity, quantities_in
from ..ir.serialize import constant_to_data
from ..link.declared import declared, in_order, mentioned, required_by
from ..pack import Extension, Pack
from ..rule import Constraint, Partition, Rule
from ..source import Source
from ..terms import ConditionTerm, InterventionTerm, SymptomTerm, Term
from ..translation import Translation
from .fact_types import fact_type_to_data
from .names import VOCABULARIES, names_in, names_of
from .premises import ScopeWriter
from .statements import conclusion_to_data, fact_to_data, rule_name, sources_to_data, target_to_data
from .values import spoken_duration

VERSION = 1


def pack_to_data(pack: Pack, *, requires: Sequence[Pack] = ()) -> dict[str, Any]:
    """A pack as JSON data that needs no Python and that `pack_from_data` reads back to an equal pack.

    `requires` has the packs that it requires, and those that these require; others are left aside.
    Raises `UnknownPackError` when one of them is missing, and `DefinitionError` for what data cannot say: a fact type
    with a validator, or a citation of a source that is not listed. Where in a Python file a rule was written is not kept.

    >>> from backpain_rules import Pack, Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
    >>> pack_to_data(Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())]))["rules"]
    [{'id': 'chill', 'when': 'cold', 'then': {'finding': 'chill'}}]
    """
    if not isinstance(pack, Pack):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise wrong("pack_to_data", "pack", pack, "a pack", "write a Pack(...), or KnowledgeBase.load(name).packs[0]")
    return _Writer(pack, required_by(pack, listed("pack_to_data", "requires", requires, Pack, "a pack"))).pack()


def pack_to_json(pack: Pack, *, requires: Sequence[Pack] = ()) -> str:
    """A pack as JSON text, indented; see `pack_to_data`."""
    return json.dumps(pack_to_data(pack, requires=requires), ensure_ascii=False, indent=2) + "\n"


class _Writer:
    def __init__(self, pack: Pack, requires: Sequence[Pack]) -> None:
        self._pack = pack
        own = f"{pack.id}:"
        found = declared(in_order([*requires, pack]))
        self._names = names_in(found, [*requires, pack])
        self._parameters = {number: name.removeprefix(own) for number, name in found.parameters.items()}
        self._sign_sets = {signs: name.removeprefix(own) for signs, name in found.sign_sets.items()}
        mine = {one: None for one, owner in found.quantities.items() if owner == pack.id}
        self._quantities = dict.fromkeys(inner for one in mine for inner in reversed([*quantities_in(one)]) if inner in mine)
        self._terms = {place: term for place, term in found.terms.items() if found.owners[place] == pack.id}
        foreign = {*STATED, *DERIVED, *names_of(requires).fact_types.values()}
        kinds = {*pack.fact_types, *mentioned(pack).fact_types} - foreign
        self._kinds = sorted(kinds, key=lambda kind: (len(kind.__mro__), kind.tag()))
        self._rules = {id(rule): f"{one.id}:{rule.id}" for one in (*requires, pack) for rule in one.rules}

    def pack(self) -> dict[str, Any]:
        pack = self._pack
        parts: dict[str, Any] = {
            "requires": list(pack.requires),
            "sources": {source.id: _source(source) for source in pack.sources},
            "fact_types": {kind.tag(): fact_type_to_data(kind) for kind in self._kinds},
            **{f"{vocabulary}s": self._vocabulary(vocabulary) for vocabulary in VOCABULARIES},
            "parameters": {name: _parameter(number) for number, name in self._parameters.items() if ":" not in name},
            "quantities": {one.id: self._quantity(one) for one in self._quantities},
            "sign_sets": {name: self._signs(signs) for signs, name in self._sign_sets.items() if ":" not in name},
            "extends": [self._extension(one) for one in pack.extends],
            "rules": [self._rule(rule) for rule in pack.rules],
            "constraints": [self._constraint(one) for one in pack.constraints],
            "partitions": [self._partition(one) for one in pack.partitions],
            "accepts": [self._acceptance(one) for one in pack.accepts],
            "codes": {id: _codes(by_system) for id, by_system in pack.codes.items()},
            "translations": {language: _translation(words) for language, words in pack.translations.items()},
        }
        head = {"backpain_rules_pack": VERSION, "id": pack.id, "version": pack.version, "title": pack.title}
        return {**head, **{name: part for name, part in parts.items() if part}}

    def _vocabulary(self, vocabulary: str) -> dict[str, Any]:
        return {id: _term(term) for (kind, id), term in self._terms.items() if kind == vocabulary}

    def _scope(self, *premises: Premise, also: Sequence[Variable] = ()) -> ScopeWriter:
        return ScopeWriter(premises, self._parameters, self._sign_sets, self._names, also)

    def _cited(self, one: Rule | Constraint | Partition | Extension | Acceptance, place: str) -> dict[str, Any]:
        return sources_to_data(one.statements, self._names, place)

    def _rule(self, rule: Rule) -> dict[str, Any]:
        place = f"rule {rule.id!r}"
        also = [ref.variable for one in rule.conclusions for ref in one.fields.values() if hasattr(ref, "variable")]
        scope = self._scope(rule.premise, also=also)
        when = scope.premise(rule.premise)
        then = [conclusion_to_data(one, scope, self._parameters) for one in rule.conclusions]
        targets = [target_to_data(one, scope, self._parameters, self._rules) for one in rule.targets]
        data: dict[str, Any] = {"id": rule.id, **scope.for_each, "when": when, "then": then if len(then) > 1 else then[0]}
        data |= self._cited(rule, place)
        if targets:
            data["overrides"] = targets
        if rule.replaces is not None:
            data["replaces"] = rule_name(rule.replaces, self._rules)
        for name, cases in (("fires_on", rule.fires_on), ("silent_on", rule.silent_on)):
            if cases:
                data[name] = [[fact_to_data(fact, self._names) for fact in case] for case in cases]
        return data if rule.note is None else {**data, "note": rule.note}

    def _constraint(self, one: Constraint) -> dict[str, Any]:
        scope = self._scope(one.premise)
        together = one.premise
        said = [scope.premise(each) for each in together.members] if isinstance(together, AllOf) else scope.premise(together)
        return {"id": one.id, **scope.for_each, "never": said, **self._cited(one, f"constraint {one.id!r}")}

    def _partition(self, one: Partition) -> dict[str, Any]:
        scope = self._scope(*one.kinds, *(() if one.given is None else (one.given,)))
        given = {} if one.given is None else {"given": scope.premise(one.given)}
        kinds = [scope.premise(kind) for kind in one.kinds]
        return {"id": one.id, **scope.for_each, **given, "kinds": kinds, **self._cited(one, f"partition {one.id!r}")}

    def _signs(self, signs: SignSet) -> dict[str, Any]:
        scope = self._scope(*signs.members)
        members = [scope.premise(member) for member in signs.members]
        label = {} if signs.label is None else {"label": signs.label}
        return {**label, **scope.for_each, "signs": members}

    def _quantity(self, one: Quantity) -> dict[str, Any]:
        scope = self._scope(CompareQuantity(">=", one.of, Constant(0)))
        of = scope.value(one.of)
        unit = {} if one.unit is None else {"unit": one.unit}
        return {"label": one.label, **unit, **scope.for_each, "of": of}

    def _extension(self, one: Extension) -> dict[str, Any]:
        scope = self._scope(*one.members)
        members = [scope.premise(member) for member in one.members]
        target = one.target if isinstance(one.target, str) else self._target(one.target)
        return {"sign_set": target, **scope.for_each, "signs": members, **self._cited(one, f"extend({target!r})")}

    def _target(self, signs: SignSet) -> str:
        if signs not in self._sign_sets:
            raise DefinitionError(f"sign set {signs.id!r} is extended, and no pack given in requires= has it", id=signs.id)
        name = self._sign_sets[signs]
        return name if ":" in name else f"{self._pack.id}:{name}"

    def _acceptance(self, one: Acceptance) -> dict[str, Any]:
        targets = one.targets[0] if len(one.targets) == 1 else list(one.targets)
        return {"code": one.code, "of": targets, "reason": one.reason, **self._cited(one, f"accept({one.code!r})")}


def _source(source: Source) -> dict[str, Any]:
    statements: dict[str, Any] = {}
    for id, text in source.statements.items():
        parts = (("at", source.at), ("standing", source.standing), ("note", source.notes), ("unused", source.unused))
        more = {name: said[id] for name, said in parts if id in said}
        statements[id] = {"text": text, **more} if more else text
    url = {} if source.url is None else {"url": source.url}
    return {"title": source.title, **url, "statements": statements}


def _term(term: Term) -> dict[str, Any]:
    ask = getattr(term, "ask", None)
    data: dict[str, Any] = {"label": term.label} if ask is None else {"label": term.label, "ask": ask}
    if isinstance(term, SymptomTerm) and term.ask_of != "patient":
        data["ask_of"] = term.ask_of
    if isinstance(term, ConditionTerm) and term.known:
        data["known"] = True
    if isinstance(term, InterventionTerm) and term.kind != TREATMENT:
        data["kind"] = term.kind
    return {**data, "codes": _codes(term.codes)} if term.codes else data


def _codes(by_system: Mapping[str, Any]) -> dict[str, Any]:
    return {system: codes if isinstance(codes, str) else list(codes) for system, codes in by_system.items()}


def _parameter(number: Parameter[Any]) -> dict[str, Any]:
    limits = {name: _plain(limit) for name, limit in (("ge", number.ge), ("le", number.le)) if limit is not None}
    return {"default": _plain(number.default), **limits, "doc": number.doc}


def _plain(value: object) -> Any:
    if isinstance(value, timedelta):
        return {"duration": spoken_duration(value)}
    data = constant_to_data(value)
    return data["value"] if list(data) == ["value"] else data


def _translation(words: Translation) -> dict[str, Any]:
    parts = {"labels": words.labels, "questions": words.questions, "statements": words.statements, "texts": words.texts}
    return {name: dict(part) for name, part in parts.items() if part}
