"""Premises as JSON data, and back: a versioned form that loses nothing.

Variables are named once, at the top; parameters and sign sets stand by id and are given anew when the form is read.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from ..errors import PremiseError, did_you_mean, shown
from ..facts.base import Fact
from ..facts.sets import ordered_data
from ..facts.types import DERIVED, STATED
from .expressions import Arith, Arithmetic, Compare, Constant, Expression, Parameter, Premise, Ref, Variable
from .premises import (
    AllOf,
    AnyOf,
    AtLeast,
    Count,
    Exists,
    IsKnown,
    IsUnknown,
    Matches,
    Not,
    ScoreAtLeast,
    SignSet,
    Unless,
)
from .render import Namer

VERSION: Final = 1
_ONE: Final[Mapping[type[Premise], str]] = {Not: "not", Unless: "unless", IsUnknown: "is_unknown", IsKnown: "is_known"}
_ARITHMETIC: Final[tuple[Arithmetic, ...]] = ("+", "-", "*")
_ONE_BACK: Final = {word: kind for kind, word in _ONE.items()}
# What JSON has no form of its own for stands under the name of its type; the order matters, a datetime is a date too.
_TAGGED: Final = {"datetime": datetime, "date": date, "time": time, "duration": timedelta, "decimal": Decimal}
_COLLECTIONS: Final[Mapping[str, type[Any]]] = {"set": frozenset, "tuple": tuple}
_ADAPTERS: Final = {word: TypeAdapter[Any](kind) for word, kind in _TAGGED.items()}


def premise_to_data(premise: Premise, names: Namer | None = None) -> dict[str, Any]:
    """A premise as written (or linked) as JSON data; `names` gives its variables the names that they have elsewhere.

    >>> from backpain_rules import Pain, each, premise_to_data
    >>> premise_to_data(each(Pain).severity >= 5)["premise"]
    {'compare': ['>=', {'field': ['pain', 'severity']}, {'value': 5}]}
    """
    writer = _Writer(names or Namer())
    body = writer.premise(premise)
    return {"version": VERSION, "variables": writer.variables, "premise": body}


def premise_from_data(
    data: Mapping[str, Any],
    *,
    fact_types: Mapping[str, type[Fact]] | None = None,
    parameters: Mapping[str, Parameter[Any]] | None = None,
    sign_sets: Mapping[str, SignSet] | None = None,
) -> Premise:
    """The premise that `premise_to_data` wrote. Fact types (by tag), parameters and sign sets (by id) are given here.

    Raises `PremiseError` for another version and for a name that was not given.
    """
    if data.get("version") != VERSION:
        raise PremiseError(f"a premise of version {data.get('version')!r}; this library reads version {VERSION}")
    kinds = {kind.tag(): kind for kind in (*STATED, *DERIVED)} | dict(fact_types or {})
    reader = _Reader(kinds, parameters or {}, sign_sets or {})
    for name, declared in data["variables"].items():
        reader.declare(name, declared)
    return reader.premise(data["premise"])


class _Writer:
    def __init__(self, names: Namer) -> None:
        self._names = names
        self.variables: dict[str, Any] = {}

    def variable(self, variable: Variable) -> str:
        name = self._names(variable)
        if name not in self.variables:
            where = {field: self.value(value) for field, value in variable._where.items()}
            self.variables[name] = {"type": variable._kind.tag(), "where": where}
        return name

    def value(self, value: Expression[Any]) -> dict[str, Any]:
        match value:
            case Ref(variable=variable, name=name):
                return {"field": [self.variable(variable), name]}
            case Constant(value=constant, parameter=parameter):
                written = constant_to_data(constant)
                return {**written, "parameter": parameter} if parameter else written
            case Parameter(id=id):
                return {"parameter": id}
            case Arith(op=op, left=left, right=right):
                return {op: [self.value(left), self.value(right)]}
            case _:
                raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")

    def count(self, count: Count) -> Any:
        return count if isinstance(count, int) else self.value(count)

    def premise(self, node: Premise) -> dict[str, Any]:
        match node:
            case Matches(variable=variable):
                return {"matches": self.variable(variable)}
            case Compare(op=op, left=left, right=right):
                return {"compare": [op, self.value(left), self.value(right)]}
            case Exists(variables=variables, body=body):
                names = [self.variable(v) for v in variables]
                return {"exists": names} if body is None else {"exists": names, "that": self.premise(body)}
            case AllOf(members=members):
                return {"all_of": [self.premise(m) for m in members]}
            case AnyOf(members=members):
                return {"any_of": [self.premise(m) for m in members]}
            case AtLeast(k=k, members=members, signs=signs, mandatory=mandatory):
                data: dict[str, Any] = {"at_least": self.count(k)}
                if signs is not None:
                    data["signs"] = signs.id
                if members:
                    data["of"] = [self.premise(m) for m in members]
                return {**data, "mandatory": [self.premise(m) for m in mandatory]} if mandatory else data
            case ScoreAtLeast(threshold=threshold, members=pairs):
                return {"score": [[self.count(p), self.premise(m)] for p, m in pairs], "at_least": self.count(threshold)}
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                return {_ONE[type(node)]: self.premise(member)}
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")


class _Reader:
    def __init__(
        self, kinds: Mapping[str, type[Fact]], parameters: Mapping[str, Parameter[Any]], signs: Mapping[str, SignSet]
    ) -> None:
        self._kinds, self._parameters, self._signs = kinds, parameters, signs
        self._variables: dict[str, Variable] = {}

    def declare(self, name: str, declared: Mapping[str, Any]) -> None:
        kind = _find(self._kinds, declared["type"], "fact type")
        where = {field: self.value(value, kind.schema_.fields[field].base) for field, value in declared["where"].items()}
        self._variables[name] = Variable(kind, where)

    def value(self, data: Mapping[str, Any], base: type = object) -> Expression[Any]:
        """The value in `data`; `base` is the type of what it is compared with, for the values of enumerations."""
        if "field" in data:
            name, field = data["field"]
            return Ref(_find(self._variables, name, "variable"), field)
        for op in _ARITHMETIC:
            if op in data:
                left, right = (self.value(side) for side in data[op])
                combined: Expression[Any] = left._combine(op, right)
                return combined
        for word, adapter in _ADAPTERS.items():
            if word in data:
                return Constant(_valid(adapter, data[word], word), data.get("parameter"))
        for word, kind in _COLLECTIONS.items():
            if word in data:
                return Constant(kind(self._constant(member) for member in data[word]), data.get("parameter"))
        if "value" in data:
            value = base(data["value"]) if issubclass(base, enum.Enum) else data["value"]
            return Constant(value, data.get("parameter"))
        if "parameter" in data:
            number: Parameter[Any] = _find(self._parameters, data["parameter"], "parameter")
            return number
        raise PremiseError(f"{dict(data)!r} is no value")

    def _constant(self, data: Mapping[str, Any]) -> object:
        value = self.value(data)
        if not isinstance(value, Constant):
            raise PremiseError(f"{shown(data)} is no constant")
        return value.value

    def count(self, data: Any) -> Count:
        if isinstance(data, int):
            return Constant(data)
        value = self.value(data)
        if not isinstance(value, Constant | Parameter):
            raise PremiseError(f"{data!r} is no count")
        return value

    def premise(self, data: Mapping[str, Any]) -> Premise:
        match data:
            case {"matches": name}:
                return Matches(_find(self._variables, name, "variable"))
            case {"compare": [op, left, right]}:
                one, two = self.value(left), self.value(right)
                one, two = self.value(left, two.base), self.value(right, one.base)
                return one._compare(op, two)
            case {"exists": names}:
                body = self.premise(data["that"]) if "that" in data else None
                return Exists(tuple(_find(self._variables, name, "variable") for name in names), body)
            case {"all_of": members}:
                return AllOf(tuple(self.premise(m) for m in members))
            case {"any_of": members}:
                return AnyOf(tuple(self.premise(m) for m in members))
            case {"score": pairs, "at_least": threshold}:
                return ScoreAtLeast(self.count(threshold), tuple((self.count(p), self.premise(m)) for p, m in pairs))
            case {"at_least": k}:
                signs = _find(self._signs, data["signs"], "sign set") if "signs" in data else None
                members = tuple(self.premise(m) for m in data.get("of", ()))
                return AtLeast(self.count(k), members, signs, tuple(self.premise(m) for m in data.get("mandatory", ())))
            case _:
                for word, kind in _ONE_BACK.items():
                    if word in data:
                        return kind(self.premise(data[word]))  # type: ignore[call-arg]
        raise PremiseError(f"{dict(data)!r} is no premise")


def constant_to_data(value: object) -> dict[str, Any]:
    """A constant as JSON data that loses nothing and is the same on every run.

    Raises `PremiseError` for a value that JSON cannot hold.

    >>> constant_to_data(frozenset({"weak", "cold"}))
    {'set': [{'value': 'cold'}, {'value': 'weak'}]}
    """
    if isinstance(value, enum.Enum):
        return constant_to_data(value.value)
    for word, kind in _TAGGED.items():
        if isinstance(value, kind):
            return {word: to_jsonable_python(value)}
    for word, kind in _COLLECTIONS.items():
        if isinstance(value, kind):
            written = [constant_to_data(member) for member in value]
            return {word: sorted(written, key=json.dumps) if kind is frozenset else written}
    try:
        return {"value": ordered_data(value, to_jsonable_python(value))}
    except ValueError as error:
        raise PremiseError(f"{shown(value)} cannot stand in a rule: JSON has no form for it ({error})") from None


def _valid(adapter: TypeAdapter[Any], value: object, word: str) -> Any:
    try:
        return adapter.validate_python(value)
    except ValidationError:
        raise PremiseError(f"{value!r} is no {word}") from None


def _find(known: Mapping[str, Any], name: str, what: str) -> Any:
    if name not in known:
        hint = did_you_mean(name, known) or f"; given are {', '.join(sorted(known)) or 'none'}"
        raise PremiseError(f"no {what} {name!r} was given{hint}", name=name)
    return known[name]
