"""Going through premises: what is directly inside one, and everything that is inside it."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from ..errors import PremiseError
from .expressions import Arith, Compare, CompareQuantity, Constant, Expression, Parameter, Premise, Ref, Variable
from .premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from .quantities import Quantity, Score, scores_in

_IS_FIXED = attrgetter("_is_fixed")


def children(node: Premise) -> tuple[Premise, ...]:
    """The premises directly inside this one; a sign set's members are inside the count that names it."""
    match node:
        case Compare() | Matches():
            return ()
        case Exists(body=body):
            return (body,) if body is not None else ()
        case AllOf(members=members) | AnyOf(members=members):
            return members
        case AtLeast(members=members, signs=signs, mandatory=mandatory):
            return (*members, *(signs.members if signs is not None else ()), *mandatory)
        case CompareQuantity(left=left, right=right):
            return tuple(member for side in (left, right) for score in scores_in(side) for _, member in score.members)
        case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
            return (member,)
        case _:
            raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")


def stands_alone(node: Premise) -> bool:
    """Whether a premise is a pattern of constants: that there is such a fact, whatever other premises say."""
    return isinstance(node, Exists) and node.body is None and all(map(_IS_FIXED, node.variables))


def walk(node: Premise) -> Iterator[Premise]:
    """This premise and every premise inside it, outside first."""
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        if inside := children(here):
            stack.extend(reversed(inside))


def is_deeper(node: Premise, most: int) -> bool:
    """Whether premises stand inside each other more than so many deep. A premise that many share is looked at once a level."""
    level = [node]
    for _ in range(most):
        inside = [one for here in level for one in children(here) if not stands_alone(one)]
        if not inside:
            return False
        level = list({id(one): one for one in inside}.values())
    return True


def variables(node: Premise) -> Iterator[Variable]:
    """The variables that this node itself names, those of its comparisons and patterns included."""
    match node:
        case Matches(variable=variable):
            yield variable
        case Exists(variables=several):
            yield from several
        case Compare(left=left, right=right) | CompareQuantity(left=left, right=right):
            yield from variables_in(left)
            yield from variables_in(right)
        case _:
            return


def variables_in(value: Expression[Any]) -> Iterator[Variable]:
    """The variables that a value reads."""
    if isinstance(value, Constant):  # as most are
        return iter(())
    return (inner.variable for inner in _values(value) if isinstance(inner, Ref))


def constants(node: Premise) -> tuple[Constant[Any], ...]:
    """Every constant inside a linked premise."""
    return tuple(value for inner in walk(node) for value in values(inner) if isinstance(value, Constant))


def values(node: Premise) -> Iterator[Expression[Any]]:
    """The values that this node itself names, those inside arithmetic and patterns included."""
    for variable in variables(node):
        for value in variable._where.values():
            yield from _values(value)
    for own in _own_values(node):
        if isinstance(own, Expression):
            yield from _values(own)


def _own_values(node: Premise) -> tuple[Expression[Any] | int, ...]:
    match node:
        case Compare(left=left, right=right) | CompareQuantity(left=left, right=right):
            return (left, right)
        case AtLeast(k=k):
            return (k,)
        case _:
            return ()


def _values(value: Expression[Any]) -> Iterator[Expression[Any]]:
    match value:
        case Arith(left=left, right=right):
            yield from _values(left)
            yield from _values(right)
        case Score(members=pairs):
            for points, _ in pairs:
                yield points
        case Quantity(of=of):
            yield from _values(of)
        case Ref() | Constant() | Parameter():
            yield value
        case _:
            raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")
