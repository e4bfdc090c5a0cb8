"""An independent model for cases in which everything is answered: ordinary Datalog with stratified negation.

Python booleans only. A fact is there or it is not, `unless` is `not_`, nothing is unknown and everything is known.
Rules are put in levels and each level is run until nothing new comes.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from backpain_rules import Fact
from backpain_rules.ir.expressions import Arith, Compare, CompareQuantity, Constant, Expression, Premise, Ref, Variable
from backpain_rules.ir.premises import (
    AllOf,
    AnyOf,
    AtLeast,
    Exists,
    IsKnown,
    IsUnknown,
    Matches,
    Not,
    Unless,
)
from backpain_rules.ir.quantities import Quantity, Score
from backpain_rules.link.model import Linked, LinkedRule, Template

Env = Mapping[Variable, Fact]

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
ARITH = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


class World:
    """The facts that are there: those stated as present, and those that rules have concluded so far."""

    def __init__(self, linked: Linked, facts: Sequence[Fact]) -> None:
        self.linked = linked
        self.there = {fact for fact in facts if getattr(fact, "present", True)}
        self.concluded: set[Fact] = set()
        self.fired: dict[str, list[Env]] = {rule.name: [] for rule in linked.rules}

    def run(self) -> set[Fact]:
        """Every conclusion."""
        level = levels(self.linked)
        for number in sorted(set(level.values())):
            rules = [rule for rule in self.linked.rules if level[rule.name] == number]
            while any(self.fire(rule) for rule in rules):
                pass
        return self.concluded

    def fire(self, rule: LinkedRule) -> bool:
        """Fire every instance of a rule that holds; whether that gave anything new."""
        before = len(self.concluded)
        self.fired[rule.name] = []
        for env in [env for env in self.choices(rule.variables, {}) if self.holds(rule.body, env)]:
            for template in rule.templates:
                copied = {name: getattr(env[ref.variable], ref.name) for name, ref in template.copied.items()}
                fact = template.kind(**template.constants, **copied)
                if not any(self.overridden(rule, env, other) for other in rule.taken_back(fact)):
                    self.fired[rule.name].append(env)
                    self.concluded.add(fact)
        return len(self.concluded) > before

    def overridden(self, rule: LinkedRule, env: Env, other: str) -> bool:
        mine = keys(rule.variables, env)
        overriding = next(r for r in self.linked.rules if r.name == other)
        for found in self.fired[other]:
            theirs = keys(overriding.variables, found)
            if all(mine[name] & theirs[name] for name in set(mine) & set(theirs)):
                return True
        return False

    def broken(self) -> set[tuple[str, tuple[Fact, ...]]]:
        return {
            (constraint.name, tuple(env.values()))
            for constraint in self.linked.constraints
            for env in self.choices(constraint.variables, {})
            if self.holds(constraint.body, env)
        }

    def choices(self, variables: Sequence[Variable], env: Env) -> Iterator[Env]:
        """Every choice of facts that are there and match the patterns."""
        everything = self.there | self.concluded
        kinds = [[fact for fact in everything if self.stands_for(variable, fact)] for variable in variables]
        for facts in product(*kinds):
            chosen = {**env, **dict(zip(variables, facts, strict=True))}
            if all(self.matches(variable, chosen) for variable in variables):
                yield chosen

    def stands_for(self, variable: Variable, fact: Fact) -> bool:
        """Whether a fact is of the type of a variable: of a derived type, or of one made from it."""
        kind = variable._kind
        return isinstance(fact, kind) if kind in self.linked.derived_types else type(fact) is kind

    def matches(self, variable: Variable, env: Env) -> bool:
        return all(equal(getattr(env[variable], name), self.value(wanted, env)) for name, wanted in variable._where.items())

    def holds(self, node: Premise | None, env: Env) -> bool:
        match node:
            case None:
                return True
            case Matches(variable=variable):
                return self.matches(variable, env)
            case Compare(op=op, left=left, right=right):
                a, b = self.value(left, env), self.value(right, env)
                return a is not None and b is not None and bool(COMPARE[op](a, b))
            case Exists(variables=variables, body=body):
                return any(self.holds(body, chosen) for chosen in self.choices(variables, env))
            case AllOf(members=members):
                return all(self.holds(member, env) for member in members)
            case AnyOf(members=members):
                return any(self.holds(member, env) for member in members)
            case AtLeast(k=Constant(value=k), members=members):
                return sum(self.holds(member, env) for member in members) >= k
            case CompareQuantity(op=op, left=left, right=right):
                return bool(COMPARE[op](self.number(left, env), self.number(right, env)))
            case Not(member=member) | Unless(member=member):
                return not self.holds(member, env)
            case IsUnknown():
                return False
            case IsKnown():
                return True
            case _:
                raise AssertionError(node)

    def number(self, value: Expression[Any], env: Env) -> Fraction:
        match value:
            case Constant(value=constant):
                return Fraction(str(constant))
            case Quantity(of=of):
                return self.number(of, {})
            case Score(members=pairs):
                return sum((self.number(points, env) for points, member in pairs if self.holds(member, env)), Fraction(0))
            case Arith(op=op, left=left, right=right):
                return Fraction(ARITH[op](self.number(left, env), self.number(right, env)))
            case _:
                raise AssertionError(value)

    def value(self, value: Expression[Any], env: Env) -> Any:
        """A value, or None where any part of it is left out."""
        match value:
            case Constant(value=constant):
                return constant
            case Ref(variable=variable, name=name):
                return getattr(env[variable], name)
            case Arith(op=op, left=left, right=right):
                a, b = self.value(left, env), self.value(right, env)
                return None if a is None or b is None else ARITH[op](a, b)
            case _:
                raise AssertionError(value)


def equal(a: object, b: object) -> bool:
    return a is not None and b is not None and a == b


def keys(variables: Sequence[Variable], env: Env) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    for variable in variables:
        for name in variable._kind.schema_.keys:
            value = getattr(env[variable], name)
            if value is not None:
                found.setdefault(name, set()).add(value)
    return found


def levels(linked: Linked) -> dict[str, int]:
    """A level for each rule: not below what it reads, and above what it reads under a negation or is overridden by."""
    level = {rule.name: 0 for rule in linked.rules}
    changed = True
    while changed:
        changed = False
        for rule in linked.rules:
            least = [level[other] + 1 for other in rule.overridden_by]
            for variable, negated in reads(rule):
                for other in linked.rules:
                    if any(feeds(template, variable) for template in other.templates):
                        least.append(level[other.name] + negated)
            if max(least, default=0) > level[rule.name]:
                level[rule.name] = max(least)
                changed = True
                assert level[rule.name] <= len(linked.rules), f"a cycle through a negation at {rule.name}"
    return level


def reads(rule: LinkedRule) -> Iterator[tuple[Variable, bool]]:
    """The variables that a rule binds, and whether under a negation."""

    def inside(node: Premise | None, negated: bool) -> Iterator[tuple[Variable, bool]]:
        match node:
            case Exists(variables=variables, body=body):
                yield from ((variable, negated) for variable in variables)
                yield from inside(body, negated)
            case AllOf(members=members) | AnyOf(members=members) | AtLeast(members=members):
                for member in members:
                    yield from inside(member, negated)
            case CompareQuantity(op=op, left=left, right=right):
                for member, grows in [*counted(left, True), *counted(right, False)]:
                    yield from inside(member, negated or op not in (">=", ">") or not grows)
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                yield from inside(member, True)
            case _:
                return

    yield from ((variable, False) for variable in rule.variables)
    yield from inside(rule.body, False)


def counted(value: Expression[Any], grows: bool) -> Iterator[tuple[Premise, bool]]:
    """The premises that a number counts, and whether it grows with each of them."""
    match value:
        case Quantity(of=of):
            yield from counted(of, grows)
        case Score(members=pairs):
            for points, member in pairs:
                assert isinstance(points, Constant)
                yield member, grows is (points.value > 0)
        case Arith(op="-", left=left, right=right):
            yield from counted(left, grows)
            yield from counted(right, not grows)
        case Arith(op=op, left=left, right=right):
            constants = [side.value for side in (left, right) if isinstance(side, Constant)]
            turned = op in "*/" and any(value < 0 for value in constants)
            for side in (left, right):
                yield from counted(side, grows is not turned)
        case _:
            return


def feeds(template: Template, variable: Variable) -> bool:
    """Whether what a template concludes could match a pattern."""
    if not issubclass(template.kind, variable._kind):
        return False
    return all(
        template.constants[name] == wanted.value
        for name, wanted in variable._where.items()
        if isinstance(wanted, Constant) and name in template.constants
    )
