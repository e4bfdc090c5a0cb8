"""Where each variable of a premise is bound.

A variable with an occurrence that no negation and no count encloses is bound for the whole rule. Any other is bound
at each negation, and in each member of a count, that has such an occurrence directly inside. After this pass every
variable stands in the rule's own list or in an `Exists`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from ..errors import PremiseError
from ..ir.expressions import Compare, Premise, Variable
from ..ir.premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, ScoreAtLeast, Unless
from ..ir.walk import variables_in
from .counts import Warn, counted, scored


def bind(node: Premise, warn: Warn) -> tuple[tuple[Variable, ...], Premise]:
    """The variables of the whole rule, in the order in which they occur, and the premise with all others bound."""
    variables = _unique(_direct(node))
    return variables, _close(node, frozenset(variables), warn)


def in_one_branch(node: Premise, variables: Collection[Variable]) -> tuple[Variable, ...]:
    """The variables bound for the whole rule that occur in one branch of an any_of and nowhere else.

    Their fact must be there even when another branch holds, which an author seldom means.
    """
    if not variables:
        return ()
    everywhere = Counter(_direct(node))
    found: dict[Variable, None] = {}
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, AnyOf) and len(here.members) > 1:
            for member in here.members:
                here_only = Counter(_direct(member))
                found.update((v, None) for v in variables if here_only[v] and here_only[v] == everywhere[v])
        if isinstance(here, AllOf | AnyOf):
            stack.extend(here.members)
    return tuple(found)


def _scope(node: Premise, bound: frozenset[Variable], warn: Warn) -> Premise:
    new = tuple(v for v in _unique(_direct(node)) if v not in bound)
    body = _close(node, bound | frozenset(new), warn)
    return Exists(new, body) if new else body


def _close(node: Premise, bound: frozenset[Variable], warn: Warn) -> Premise:
    match node:
        case Compare() | Matches():
            return node
        case Exists(variables=variables, body=body):
            return node if body is None else Exists(variables, _close(body, bound | frozenset(variables), warn))
        case AllOf(members=members):
            return AllOf(tuple(_close(m, bound, warn) for m in members))
        case AnyOf(members=members):
            return AnyOf(tuple(_close(m, bound, warn) for m in members))
        case AtLeast(members=members, mandatory=mandatory):
            of, must = (tuple(_scope(m, bound, warn) for m in some) for some in (members, mandatory))
            return counted(node, of, must, warn)
        case ScoreAtLeast(members=pairs):
            return scored(node, tuple(_scope(m, bound, warn) for _, m in pairs), warn)
        case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
            return type(node)(_scope(member, bound, warn))
        case _:
            raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")


def _direct(node: Premise) -> Iterator[Variable]:
    """The variables with an occurrence here that no negation or count encloses, and that no `Exists` binds."""
    match node:
        case Matches(variable=variable):
            yield from _with_pattern(variable)
        case Compare(left=left, right=right):
            for variable in (*variables_in(left), *variables_in(right)):
                yield from _with_pattern(variable)
        case Exists(variables=variables, body=body):
            inside = [v for variable in variables for v in _with_pattern(variable)]
            inside += _direct(body) if body is not None else ()
            yield from (v for v in inside if v not in variables)
        case AllOf(members=members) | AnyOf(members=members):
            for member in members:
                yield from _direct(member)
        case _:
            return


def _with_pattern(variable: Variable) -> Iterator[Variable]:
    for value in variable._where.values():
        for other in variables_in(value):
            yield from _with_pattern(other)
    yield variable


def _unique(variables: Iterator[Variable]) -> tuple[Variable, ...]:
    return tuple(dict.fromkeys(variables))
