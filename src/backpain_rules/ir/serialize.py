"""Premises as JSON data: a versioned form that loses nothing, and that `premise_reader` reads back.

Variables are named once, at the top; parameters and sign sets stand by id and are given anew when the form is read.
"""

from __future__ import annotations

import enum
import json
from fractions import Fraction
from typing import Any

from ..errors import PremiseError, shown
from ..facts.sets import ordered_data
from ..json_text import jsonable
from .expressions import Arith, Compare, CompareQuantity, Constant, Expression, Parameter, Premise, Ref, Variable
from .premise_reader import COLLECTIONS, ONE, TAGGED, VERSION
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
    SignSet,
    Unless,
)
from .quantities import Quantity, Score
from .render import Namer


def premise_to_data(premise: Premise, names: Namer | None = None) -> dict[str, Any]:
    """A premise as written (or linked) as JSON data; `names` gives its variables the names that they have elsewhere.

    >>> from backpain_rules import Pain, each, premise_to_data
    >>> premise_to_data(each(Pain).severity >= 5)["premise"]
    {'compare': ['>=', {'field': ['pain', 'severity']}, {'value': 5}]}
    """
    writer = PremiseWriter(names or Namer())
    body = writer.premise(premise)
    return {"version": VERSION, "variables": writer.variables, "premise": body}


class PremiseWriter:
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
            case Quantity():
                return {"quantity": self.quantity(value)}
            case Score(members=pairs):
                return {"score": [[self.points(points), self.premise(member)] for points, member in pairs]}
            case Arith(op=op, left=left, right=right):
                return {op: [self.value(left), self.value(right)]}
            case _:
                raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")

    def count(self, count: Count) -> Any:
        return count if isinstance(count, int) else self.value(count)

    def points(self, points: Expression[Any]) -> Any:
        """Points as a plain number where JSON has that number."""
        if isinstance(points, Constant) and points.parameter is None and isinstance(points.value, int | float):
            return points.value
        return self.value(points)

    def quantity(self, quantity: Quantity) -> str:
        return quantity.id

    def signs(self, signs: SignSet) -> str:
        return signs.id

    def premise(self, node: Premise) -> Any:
        match node:
            case Matches(variable=variable):
                return {"matches": self.variable(variable)}
            case CompareQuantity(op=">=", left=Score(), right=Constant() | Parameter() as least):
                return {**self.value(node.left), "at_least": self.points(least)}
            case Compare(op=op, left=left, right=right) | CompareQuantity(op=op, left=left, right=right):
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
                    data["signs"] = self.signs(signs)
                if members:
                    data["of"] = [self.premise(m) for m in members]
                return {**data, "mandatory": [self.premise(m) for m in mandatory]} if mandatory else data
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                return {ONE[type(node)]: self.premise(member)}
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")


def constant_to_data(value: object) -> dict[str, Any]:
    """A constant as JSON data that loses nothing and is the same on every run.

    Raises `PremiseError` for a value that JSON cannot hold.

    >>> constant_to_data(frozenset({"weak", "cold"}))
    {'set': [{'value': 'cold'}, {'value': 'weak'}]}
    """
    if isinstance(value, enum.Enum):
        return constant_to_data(value.value)
    if isinstance(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    for word, kind in TAGGED.items():
        if isinstance(value, kind):
            return {word: jsonable(value)}
    for word, kind in COLLECTIONS.items():
        if isinstance(value, kind):
            written = [constant_to_data(member) for member in value]
            return {word: sorted(written, key=json.dumps) if kind is frozenset else written}
    try:
        return {"value": ordered_data(value, jsonable(value))}
    except ValueError as error:
        raise PremiseError(f"{shown(value)} cannot stand in a rule: JSON has no form for it ({error})") from None
