"""What each rule reads of what comes and goes: which variables and which `exists` a new value may concern, and by which keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..facts.base import Fact
from ..ir.expressions import Compare, Expression, Premise, Ref, Variable
from ..ir.premises import Exists
from ..ir.walk import children, variables_in, walk
from ..ir.walk import variables as variables_of
from ..link.model import Linked, LinkedRule
from .grounding import conjuncts, equated

Join = tuple[tuple[str, Ref[object]], ...]


@dataclass(frozen=True, eq=False)
class RuleReadings:
    """Found once for a rule base.

    `free` has every `exists` over what comes and goes, with the variables that it takes from outside; `joins` has, for each
    variable that it binds, the keys that must equal keys outside. `overrides` maps a rule to those that it takes back.
    """

    rules_over: Mapping[type[Fact], Sequence[tuple[LinkedRule, Variable]]]
    exists_over: Mapping[type[Fact], Sequence[tuple[Exists, Variable]]]
    free: Mapping[Exists, tuple[Variable, ...]]
    joins: Mapping[tuple[Exists, Variable], Join]
    overrides: Mapping[str, Sequence[str]]
    key_names: Mapping[str, frozenset[str]]


def read_rules(linked: Linked) -> RuleReadings:
    """Look through every rule."""
    rules_over: dict[type[Fact], list[tuple[LinkedRule, Variable]]] = {}
    exists_over: dict[type[Fact], list[tuple[Exists, Variable]]] = {}
    free: dict[Exists, tuple[Variable, ...]] = {}
    joins: dict[tuple[Exists, Variable], Join] = {}
    overrides: dict[str, list[str]] = {}
    for rule in linked.rules:
        for name in rule.overridden_by:
            overrides.setdefault(name, []).append(rule.name)
        for variable in rule.variables:
            if grows(linked, variable._kind):
                rules_over.setdefault(variable._kind, []).append((rule, variable))
        for premise in walk(rule.body):
            if isinstance(premise, Exists) and premise not in free and any(grows(linked, v._kind) for v in premise.variables):
                free[premise] = tuple(dict.fromkeys(_free_in(premise)))
                for variable in premise.variables:
                    if grows(linked, variable._kind):
                        exists_over.setdefault(variable._kind, []).append((premise, variable))
                        joins[premise, variable] = tuple(_join_of(linked, premise, variable, free[premise]))
    names = {r.name: frozenset(n for v in r.variables for n in v._kind.schema_.keys) for r in linked.rules}
    return RuleReadings(rules_over, exists_over, free, joins, overrides, names)


def grows(linked: Linked, kind: type[Fact]) -> bool:
    """Whether facts of a type come and go as things that variables stand for: closed ones and conclusions."""
    return kind in linked.derived_types or not kind.schema_.is_open


def _join_of(linked: Linked, premise: Exists, variable: Variable, free: Sequence[Variable]) -> Iterator[tuple[str, Ref[object]]]:
    tests = [test for test in conjuncts(premise.body) if isinstance(test, Compare)]
    equal: list[tuple[str, Expression[object]]] = list(variable._where.items())
    equal += [pair for test in tests for pair in equated(test, variable)]
    for name, value in equal:
        if isinstance(value, Ref) and value.variable in free:
            there = value.variable._kind
            is_key = value.name in there.schema_.keys or there in linked.derived_types
            if is_key and (name in variable._kind.schema_.keys or variable._kind in linked.derived_types):
                yield name, value


def _free_in(premise: Premise) -> Iterator[Variable]:
    """The variables that a premise names and does not bind itself."""
    named = list(variables_of(premise))
    if not isinstance(premise, Exists):
        yield from named
        for inside in children(premise):
            yield from _free_in(inside)
        return
    patterns = (other for variable in named for value in variable._where.values() for other in variables_in(value))
    body = [] if premise.body is None else list(_free_in(premise.body))
    yield from (variable for variable in (*patterns, *body) if variable not in premise.variables)
