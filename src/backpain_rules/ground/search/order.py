"""In which order to choose values for variables, and which index gives the few values that can fit.

The variable that the others, or constants, restrict most comes first. A comparison that says what a field of a variable
equals, or between which bounds it lies, becomes a look-up in an index. An index only leaves out what cannot fit: every comparison
is still made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from ...ir.expressions import Arith, Compare, Constant, Expression, Premise, Ref, Variable
from ...ir.operators import MIRRORED
from ...ir.premises import AllOf, Exists
from ...ir.walk import children, variables_in
from ...ir.walk import variables as named_in
from .index import SORTED

_EXACT: Final = (int, date, timedelta)


@dataclass(frozen=True, slots=True)
class Restriction:
    """What restricts one variable, given those before it.

    `equal` has the fields that equal an expression, `low` and `high` the bounds of the one field `ranged`; they include what
    equals them, so that a range may hold a little more than the comparisons allow.
    """

    equal: tuple[tuple[str, Expression[Any]], ...] = ()
    ranged: str | None = None
    low: tuple[Expression[Any], ...] = ()
    high: tuple[Expression[Any], ...] = ()

    @property
    def strength(self) -> int:
        """How few values will fit, roughly: greater is fewer. What depends on other variables counts most."""
        joined = sum(10 if _reads(value) else 2 for _, value in self.equal)
        bounds = [any(map(_reads, side)) for side in (self.low, self.high) if side]
        return joined + sum(3 if reads else 1 for reads in bounds)


def conjuncts(body: Premise | None) -> Iterator[Premise]:
    """The premises that must hold whatever else does: those at the top of a conjunction."""
    if isinstance(body, AllOf):
        for member in body.members:
            yield from conjuncts(member)
    elif body is not None:
        yield body


def free_in(premise: Premise) -> Iterator[Variable]:
    """The variables that a premise reads and does not bind itself: those that it names, and those in their patterns."""
    bound = premise.variables if isinstance(premise, Exists) else ()
    for variable in named_in(premise):
        if variable not in bound:
            yield variable
        patterns = (other for value in variable._where.values() for other in variables_in(value))
        yield from (other for other in patterns if other not in bound)
    for inside in children(premise):
        yield from (variable for variable in free_in(inside) if variable not in bound)


def pattern_tests(variable: Variable) -> list[Compare]:
    """The pattern of a variable as comparisons."""
    return [Compare("==", Ref(variable, name), wanted) for name, wanted in variable._where.items()]


def in_order(
    variables: Sequence[Variable], tests: Sequence[Compare], bound: Collection[Variable] = ()
) -> list[tuple[Variable, Restriction]]:
    """The variables in the order in which to choose for them, each with what restricts it when its turn comes.

    Open types have few values and stay in the order given.
    """
    known, left = set(bound), list(variables)
    joined = [*_joined_patterns(variables), *tests]
    keeps_order = all(variable._kind.schema_.is_open for variable in variables)
    order: list[tuple[Variable, Restriction]] = []
    while left:
        found = [(variable, _restriction(variable, joined, known)) for variable in (left[:1] if keeps_order else left)]
        chosen = found[0] if len(found) == 1 else max(found, key=lambda one: one[1].strength)  # the first of equally good ones
        order.append(chosen)
        known.add(chosen[0])
        left.remove(chosen[0])
    return order


def _joined_patterns(variables: Sequence[Variable]) -> Iterator[Compare]:
    """The parts of patterns that read other variables, as comparisons: they restrict those, too."""
    for variable in variables:
        if any(not isinstance(value, Constant) for value in variable._where.values()):
            yield from (test for test in pattern_tests(variable) if not isinstance(test.right, Constant))


def _restriction(variable: Variable, tests: Sequence[Compare], bound: Collection[Variable]) -> Restriction:
    """What its pattern and these comparisons say of a variable when those in `bound` have values."""
    pattern = variable._where.items()
    equal = [(name, value) for name, value in pattern if all(other in bound for other in variables_in(value))]
    bounds: dict[str, tuple[list[Expression[Any]], list[Expression[Any]]]] = {}
    for test in tests:
        for name, op, value in _solved(test, variable):
            if any(other not in bound for other in variables_in(value)):
                continue
            if op == "==":
                equal += [(name, value)] if all(value is not known for _, known in equal) else []
            elif op != "!=":
                bounds.setdefault(name, ([], []))[0 if op[0] == ">" else 1].append(value)
    if not bounds:
        return Restriction(tuple(equal))
    name, (low, high) = max(bounds.items(), key=lambda item: sum(any(map(_reads, side)) for side in item[1]))
    return Restriction(tuple(equal), name, tuple(low), tuple(high))


def is_usable_bound(bound: object, expression: Expression[Any]) -> bool:
    """Whether arithmetic kept the bound exact, so that it leaves out nothing: floats are rounded, and zones have jumps."""
    if not isinstance(expression, Arith):
        return type(bound) in SORTED
    return type(bound) in _EXACT or (type(bound) is datetime and bound.tzinfo is None)


def _reads(value: Expression[Any]) -> bool:
    return next(variables_in(value), None) is not None


def _solved(test: Compare, variable: Variable) -> Iterator[tuple[str, str, Expression[Any]]]:
    """A comparison as `field of the variable OP value`, once for each side that allows it.

    A day more or less is a whole day: a bound that is moved by part of a day is rounded to the side that leaves more room.
    """
    for mine, op, value in ((test.left, test.op, test.right), (test.right, MIRRORED[test.op], test.left)):
        left: Expression[Any] = mine
        right: Expression[Any] = value
        while isinstance(left, Arith) and left.op != "*":
            first = variable in variables_in(left.left)
            if first == (variable in variables_in(left.right)):
                break
            if first:
                right = _combined("-" if left.op == "+" else "+", right, left.right)
                left = left.left
            elif left.op == "+":
                right, left = _combined("-", right, left.left), left.right
            else:
                right, left, op = _combined("-", left.left, right), left.right, MIRRORED[op]
        if isinstance(left, Ref) and left.variable is variable and variable not in variables_in(right):
            if op == "==" and left is not mine:
                yield left.name, ">=", right
                yield left.name, "<=", right
            elif op != "!=" or left is mine:
                yield left.name, op, right


def _combined(op: Any, left: Expression[Any], right: Expression[Any]) -> Expression[Any]:
    return Arith(op, left, right, left.base)
