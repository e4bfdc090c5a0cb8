"""Where each variable of a premise is bound.

A variable is bound for the whole rule when its fact must be there for the rule to fire: when it occurs outside every
negation and count, and, inside an any_of, in every branch. Any other is bound at each negation, in each member of a count
and in each branch of an any_of that has such an occurrence directly inside. After this pass every variable stands in the
rule's own list or in an `Exists`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..errors import PremiseError
from ..ir.expressions import Compare, Premise, Variable
from ..ir.premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, ScoreAtLeast, Unless
from ..ir.render import Namer
from ..ir.walk import children, variables_in
from .counts import Warn, counted, scored


def bind(node: Premise, warn: Warn) -> tuple[tuple[Variable, ...], Premise]:
    """The variables of the whole rule, in the order in which they occur, and the premise with all others bound."""
    variables = _unique(_direct(node))
    _refuse_split(node, frozenset(variables))
    return variables, _close(node, frozenset(variables), warn)


def _scope(node: Premise, bound: frozenset[Variable], warn: Warn) -> Premise:
    new = tuple(v for v in _unique(_direct(node)) if v not in bound)
    _refuse_split(node, bound | frozenset(new))
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
            return AnyOf(tuple(_scope(m, bound, warn) for m in members))
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
    """The variables whose facts must be there for this to hold, and that no `Exists` binds."""
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
        case AllOf(members=members):
            for member in members:
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
    named = [frozenset(free_variables(member)) for member in node.members]
    for position, member in enumerate(node.members):
        _refuse_split(member, bound)
        beside = frozenset[Variable]().union(*named[:position], *named[position + 1 :])
        for variable in _in_branches(member):
            if variable not in bound and variable in beside:
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
            inside = [v for variable in variables for v in _with_pattern(variable)]
            inside += free_variables(body) if body is not None else ()
            yield from (v for v in inside if v not in variables)
        case _:
            for member in children(node):
                yield from free_variables(member)


def _with_pattern(variable: Variable) -> Iterator[Variable]:
    for value in variable._where.values():
        for other in variables_in(value):
            yield from _with_pattern(other)
    yield variable


def _unique(variables: Iterator[Variable]) -> tuple[Variable, ...]:
    return tuple(dict.fromkeys(variables))
