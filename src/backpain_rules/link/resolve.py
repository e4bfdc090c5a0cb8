"""One premise made ready for its knowledge base: parameters become values, sign sets their members.

Refuses what the nesting rules forbid.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Any

from ..errors import PremiseError
from ..ir.expressions import Arith, Compare, CompareQuantity, Constant, Expression, Parameter, Premise, Ref, Variable
from ..ir.premises import (
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
from ..ir.quantities import Points, Quantity, Score, checked_points
from ..ir.render import render
from ..ir.walk import stands_alone
from .quantities import number_of, refuse_defaults


class Resolver:
    """Resolves premises. Variables without parameters stay the author's own objects.

    `check` refuses a variable whose pattern names what the knowledge base does not have.
    """

    def __init__(
        self,
        constant: Callable[[Parameter[Any]], Constant[Any]],
        members: Callable[[SignSet], tuple[Premise, ...]],
        quantity: Callable[[Quantity], Quantity],
        check: Callable[[Variable], None] = lambda variable: None,
    ) -> None:
        self._check = check
        self._quantity = quantity
        self._constant = constant
        self._members = members
        self._variables: dict[Variable, Variable] = {}

    def premise(self, node: Premise, negated: bool = False) -> Premise:
        """`node` resolved; `negated` when it stands under a negation."""
        match node:
            case Matches(variable=variable):
                return Matches(self.variable(variable))
            case Compare(op=op, left=left, right=right):
                new_left, new_right = self.value(left), self.value(right)
                return node if new_left is left and new_right is right else Compare(op, new_left, new_right)
            case Exists() if stands_alone(node):
                for variable in node.variables:
                    self._check(variable)
                return node
            case Exists(variables=variables, body=body):
                inside = None if body is None else self.premise(body, negated)
                of = [self.variable(v) for v in variables]
                return node if inside is body and all(map(is_, of, variables)) else Exists(tuple(of), inside)
            case AllOf(members=members):
                resolved = [self.premise(m, negated) for m in members]
                return node if all(map(is_, resolved, members)) else AllOf(tuple(resolved))
            case AnyOf(members=members):
                return AnyOf(tuple(self.premise(m, negated) for m in members))
            case AtLeast():
                return self._at_least(node, negated)
            case CompareQuantity(op=op, left=left, right=right):
                compared = CompareQuantity(op, self.number(left, negated), self.number(right, negated))
                refuse_defaults(compared)
                return compared
            case Not(member=member):
                return Not(self.premise(member, True))
            case IsKnown(member=member):
                return IsKnown(self.premise(member, True))
            case Unless(member=member) | IsUnknown(member=member):
                self._refuse_nested(node, negated)
                return type(node)(self.premise(member, True))
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")

    def value(self, value: Expression[Any]) -> Expression[Any]:
        """A value with its parameters filled in."""
        match value:
            case Parameter():
                return self._constant(value)
            case Ref(variable=variable, name=name):
                here = self.variable(variable)
                return value if here is variable else Ref(here, name)
            case Arith(op=op, left=left, right=right, base=base):
                return Arith(op, self.value(left), self.value(right), base)
            case _:
                return value

    def number(self, value: Expression[Any], negated: bool = False) -> Expression[Any]:
        """A number that is computed, with its parameters filled in and its slots as scores."""
        match value:
            case Score(members=pairs):
                return Score(tuple((self._points(points), self.premise(member, negated)) for points, member in pairs))
            case Quantity():
                return self._quantity(value)
            case Arith(op=op, left=left, right=right, base=base):
                return Arith(op, self.number(left, negated), self.number(right, negated), base)
            case Ref():
                return self.number(number_of(value), negated)
            case _:
                return self.value(value)

    def variable(self, variable: Variable) -> Variable:
        """The variable with the parameters of its pattern filled in, once it is checked."""
        known = self._variables.get(variable)
        if known is None:
            known = variable
            if not variable._is_fixed:
                where = {name: self.value(value) for name, value in variable._where.items()}
                if any(where[name] is not value for name, value in variable._where.items()):
                    known = Variable(variable._kind, where)
            self._check(known)
            self._variables[variable] = known
        return known

    def _at_least(self, node: AtLeast, negated: bool) -> Premise:
        written = self._members(node.signs) if node.signs is not None else node.members
        members, mandatory = (tuple(self.premise(m, negated) for m in some) for some in (written, node.mandatory))
        return AtLeast(self._count(node.k), members, node.signs, mandatory)

    def _points(self, points: Points) -> Constant[Any]:
        found = self._constant(points) if isinstance(points, Parameter) else points
        checked_points(found.value)
        return found

    def _count(self, count: Count) -> Constant[int]:
        if isinstance(count, Parameter):
            return self._constant(count)
        return count if isinstance(count, Constant) else Constant(count)

    def _refuse_nested(self, node: Unless | IsUnknown, negated: bool) -> None:
        word = "unless" if isinstance(node, Unless) else "is_unknown"
        if negated:
            raise PremiseError(
                f"{render(node)} stands under a negation: {word} may stand under all_of, any_of, at_least and score only"
                + (f"; for not_(unless(x)) write x, here {render(node.member)}" if word == "unless" else "")
            )
