"""When two premises are one: they are built alike. The text that they print as plays no part."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from ..errors import PremiseError
from .expressions import Arith, Compare, CompareQuantity, Constant, Expression, Parameter, Premise, Ref, Variable
from .premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from .quantities import Quantity, Score


def structure(node: Premise) -> Hashable:
    """A key that two premises share exactly when they are built alike.

    A variable that an `exists` inside the premise binds is known by its place and its pattern, any other by being the
    same object. So two premises that bind all their variables can be compared even when they come from different rules.

    >>> from backpain_rules import Pain, each, exists
    >>> lumbar, neck = each(Pain, region="lumbar"), each(Pain, region="neck")
    >>> structure(lumbar.severity >= 5) == structure(neck.severity >= 5)
    False
    >>> structure(exists(Pain, region="neck")) == structure(exists(Pain, region="neck"))
    True
    """
    return _premise(node, {})


def _premise(node: Premise, bound: Mapping[Variable, int]) -> Hashable:
    match node:
        case Matches(variable=variable):
            return Matches, bound.get(variable, variable)
        case Compare(op=op, left=left, right=right) | CompareQuantity(op=op, left=left, right=right):
            return type(node), op, _value(left, bound), _value(right, bound)
        case Exists(variables=variables, body=body):
            inside = {**bound, **{v: len(bound) + number for number, v in enumerate(variables)}}
            patterns = tuple((v._kind, _pattern(v, inside)) for v in variables)
            return Exists, patterns, None if body is None else _premise(body, inside)
        case AllOf(members=members) | AnyOf(members=members):
            return type(node), tuple(_premise(member, bound) for member in members)
        case AtLeast(k=k, members=members, signs=signs, mandatory=mandatory):
            counted, must = (tuple(_premise(member, bound) for member in some) for some in (members, mandatory))
            return AtLeast, _count(k, bound), signs if not members else None, counted, must
        case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
            return type(node), _premise(member, bound)
        case _:
            raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")


def _pattern(variable: Variable, bound: Mapping[Variable, int]) -> Hashable:
    return tuple((name, _value(value, bound)) for name, value in sorted(variable._where.items()))


def _count(count: object, bound: Mapping[Variable, int]) -> Hashable:
    return _value(count if isinstance(count, Expression) else Constant(count), bound)


def _value(value: Expression[Any], bound: Mapping[Variable, int]) -> Hashable:
    match value:
        case Ref(variable=variable, name=name):
            return Ref, bound.get(variable, variable), name
        case Constant(value=constant, parameter=parameter):
            return Constant, type(constant), constant, parameter
        case Parameter():
            return value
        case Quantity(id=id, of=of):
            return Quantity, id, _value(of, bound)
        case Score(members=pairs):
            return Score, tuple((_value(points, bound), _premise(member, bound)) for points, member in pairs)
        case Arith(op=op, left=left, right=right):
            return Arith, op, _value(left, bound), _value(right, bound)
        case _:
            raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")
