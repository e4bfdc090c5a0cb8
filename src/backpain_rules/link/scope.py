"""Where each variable of a premise is bound.

A variable is bound for the whole rule when its fact must be there for the rule to fire: when it occurs outside every
negation and count, and, inside an any_of, in every branch. Any other is bound at each negation, in each member of a count
and in each branch of an any_of that has such an occurrence directly inside. After this pass every variable stands in the
rule's own list or in an `Exists`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from operator import is_
from typing import Any

from ..errors import PremiseError
from ..ir.expressions import Arith, Compare, CompareQuantity, Expression, Premise, Variable
from ..ir.premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from ..ir.quantities import Score
from ..ir.render import Namer
from ..ir.walk import children, stands_alone, variables_in
from .answers import Words, answers_in
from .counts import Warn, counted, scored
from .quantities import compared


def bind(node: Premise, warn: Warn, words: Words) -> tuple[tuple[Variable, ...], Premise]:
    """The variables of the whole rule, in the order in which they occur, and the premise with all others bound."""
    if all(map(stands_alone, node.members if isinstance(node, AllOf) else (node,))):
        return (), node
    variables = _unique(_direct(node))
    _refuse_split(node, frozenset(variables))
    return variables, _Scopes(warn, words).close(node, frozenset(variables))


def closed(number: Expression[Any], warn: Warn, words: Words, bound: Collection[Variable] = ()) -> Expression[Any]:
    """A number of which every variable is its own, but for those that are `bound` where it stands."""
    return _Scopes(warn, words).number(number, frozenset(bound))


class _Scopes:
    def __init__(self, warn: Warn, words: Words) -> None:
        self._warn, self._words = warn, words

    def close(self, node: Premise, bound: frozenset[Variable]) -> Premise:
        match node:
            case Compare() | Matches():
                return node
            case Exists(variables=variables, body=body):
                return node if body is None else Exists(variables, self.close(body, bound | frozenset(variables)))
            case AllOf(members=members):
                closed = [self.close(m, bound) for m in members]
                return node if all(map(is_, closed, members)) else AllOf(tuple(closed))
            case AnyOf(members=members):
                return AnyOf(tuple(self._scope(m, bound) for m in members))
            case AtLeast(members=members, mandatory=mandatory):
                of, must = (tuple(self._scope(m, bound) for m in some) for some in (members, mandatory))
                return counted(node, of, must, self._warn)
            case CompareQuantity(op=op, left=left, right=right):
                return compared(CompareQuantity(op, self.number(left, bound), self.number(right, bound)))
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                return type(node)(self._scope(member, bound))
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")

    def number(self, value: Expression[Any], bound: frozenset[Variable]) -> Expression[Any]:
        match value:
            case Score(members=pairs):
                members = tuple(self._scope(member, bound) for _, member in pairs)
                return scored(value, members, answers_in(members, bound, self._words), self._warn)
            case Arith(op=op, left=left, right=right, base=base):
                return Arith(op, self.number(left, bound), self.number(right, bound), base)
            case _:
                return value

    def _scope(self, node: Premise, bound: frozenset[Variable]) -> Premise:
        new = tuple(v for v in _unique(_direct(node)) if v not in bound)
        _refuse_split(node, bound | frozenset(new))
        body = self.close(node, bound | frozenset(new))
        return Exists(new, body) if new else body


def _direct(node: Premise) -> Iterator[Variable]:
    """The variables whose facts must be there for this to hold, and that no `Exists` binds."""
    match node:
        case Matches(variable=variable):
            yield from _with_pattern(variable)
        case Compare(left=left, right=right):
            for variable in (*variables_in(left), *variables_in(right)):
                yield from _with_pattern(variable)
        case Exists(variables=variables, body=body):
            inside = [v for variable in variables if not variable._is_fixed for v in _with_pattern(variable)]
            inside += _direct(body) if body is not None else ()
            yield from (v for v in inside if v not in variables)
        case AllOf(members=members):
            for member in members:
                if not stands_alone(member):
                    yield from _direct(member)
        case AnyOf(members=members):
            first, *others = (dict.fromkeys(_direct(member)) for member in members)
            yield from (v for v in first if all(v in other for other in others))
        case _:
            return


def _refuse_split(node: Premise, bound: Collection[Variable]) -> None:
    """Refuse a conjunction in which a branch of an any_of would bind a variable anew that is spoken of beside it."""
    if isinstance(node, Exists) and node.body is not None:
        _refuse_split(node.body, {*bound, *node.variables})
    if not isinstance(node, AllOf):
        return
    for position, member in enumerate(node.members):
        if stands_alone(member):
            continue
        _refuse_split(member, bound)
        for variable in _in_branches(member):
            beside = (other for at, other in enumerate(node.members) if at != position)
            if variable not in bound and any(variable in free_variables(other) for other in beside):
                kind, name = variable._kind.__name__, Namer((variable,))(variable)
                raise PremiseError(
                    f"{name} occurs in some branches of an any_of only and also beside it, so it would be two facts: write "
                    f"all_of({name}, ...) if the {kind} must be there, or exists({name}, ...) in each place if it need not",
                    fact_type=variable._kind.tag(),
                )


def _in_branches(node: Premise) -> Iterator[Variable]:
    """The variables that branches of an any_of would bind, each for itself."""
    match node:
        case AnyOf(members=members):
            for member in members:
                yield from _direct(member)
                yield from _in_branches(member)
        case AllOf(members=members):
            for member in members:
                yield from _in_branches(member)
        case Exists(variables=variables, body=body) if body is not None:
            yield from (v for v in _in_branches(body) if v not in variables)
        case _:
            return


def free_variables(node: Premise) -> Iterator[Variable]:
    """Every variable that a premise speaks of and that no `Exists` in it binds, under negations and in counts too."""
    match node:
        case Matches() | Compare():
            yield from _direct(node)
        case Exists(variables=variables, body=body):
            inside = [v for variable in variables if not variable._is_fixed for v in _with_pattern(variable)]
            inside += free_variables(body) if body is not None else ()
            yield from (v for v in inside if v not in variables)
        case _:
            for member in children(node):
                yield from free_variables(member)


def _with_pattern(variable: Variable) -> Iterator[Variable]:
    for value in () if variable._is_fixed else variable._where.values():
        for other in variables_in(value):
            yield from _with_pattern(other)
    yield variable


def _unique(variables: Iterator[Variable]) -> tuple[Variable, ...]:
    return tuple(dict.fromkeys(variables))
