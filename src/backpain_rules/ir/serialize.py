"""Premises as JSON data: a versioned form that loses nothing, and that `premise_reader` reads back.

Variables are named once, at the top; parameters and sign sets stand by id and are given anew when the form is read.
"""

from __future__ import annotations

import enum
from typing import Any

from ..errors import PremiseError
from ..json_text import jsonable
from .expressions import Arith, Compare, Constant, Expression, Parameter, Premise, Ref, Variable
from .premise_reader import ONE, TAGGED, VERSION
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
    Unless,
)
from .render import Namer


def premise_to_data(premise: Premise) -> dict[str, Any]:
    """A premise as written (or linked) as JSON data.

    >>> from backpain_rules import Pain, each, premise_to_data
    >>> premise_to_data(each(Pain).severity >= 5)["premise"]
    {'compare': ['>=', {'field': ['pain', 'severity']}, {'value': 5}]}
    """
    writer = _Writer()
    body = writer.premise(premise)
    return {"version": VERSION, "variables": writer.variables, "premise": body}


class _Writer:
    def __init__(self) -> None:
        self._names = Namer()
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
                written = _constant(constant)
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
                return {ONE[type(node)]: self.premise(member)}
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")


def _constant(value: object) -> dict[str, Any]:
    for word, kind in TAGGED.items():
        if isinstance(value, kind):
            return {word: jsonable(value)}
    return {"value": value.value if isinstance(value, enum.Enum) else value}
