"""What each rule reads of what comes and goes: which variables and which `exists` a new value may concern, and by which keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from ..facts.base import Fact
from ..ir.expressions import Compare, Constant, Expression, Ref, Variable
from ..ir.premises import Exists
from ..ir.walk import walk
from ..link.model import Linked, LinkedRule
from .grounding import ANY, Value, equated, value_of
from .program import Program
from .search.order import conjuncts, free_in

T = TypeVar("T")
Join: TypeAlias = tuple[tuple[str, Ref[object]], ...]


@dataclass(frozen=True, eq=False)
class Readers(Generic[T]):
    """Things with one of their variables each, found by the constants in the pattern of that variable.

    First by the type, then by the names of the fields that the pattern fixes, then by the values that it wants there.
    """

    by_pattern: dict[type[Fact], dict[tuple[str, ...], dict[tuple[object, ...], list[tuple[T, Variable]]]]] = field(
        default_factory=dict[type[Fact], dict[tuple[str, ...], dict[tuple[object, ...], list[tuple[T, Variable]]]]]
    )

    def add(self, thing: T, variable: Variable, linked: Linked) -> None:
        wanted = constants_of(linked, variable)
        by_names = self.by_pattern.setdefault(variable._kind, {})
        by_names.setdefault(tuple(wanted), {}).setdefault(tuple(wanted.values()), []).append((thing, variable))

    def of(self, value: Value, kinds: Sequence[type[Fact]]) -> Iterator[tuple[T, Variable]]:
        """The things, each with the variable of one of these types that may stand for this value."""
        for kind in kinds:
            for names, by_values in self.by_pattern.get(kind, {}).items():
                yield from by_values.get(tuple(value_of(value, name) for name in names), ())


@dataclass(frozen=True, eq=False)
class RuleReadings:
    """Found once for a program.

    `incremental` names the rules with instances that come and go; `free` has every `exists` over what comes and goes, with the
    variables that it takes from outside; `joins` has, for each variable that it binds, the keys that must equal keys outside.
    `overrides` maps a rule to those that it takes back.
    """

    incremental: frozenset[str]
    rules_over: Readers[LinkedRule]
    exists_over: Readers[Exists]
    free: Mapping[Exists, tuple[Variable, ...]]
    joins: Mapping[tuple[Exists, Variable], Join]
    overrides: Mapping[str, Sequence[str]]
    key_names: Mapping[str, frozenset[str]]


def read_rules(program: Program) -> RuleReadings:
    """Look through every rule."""
    linked, grows = program.linked, _Growth(program)
    incremental: set[str] = set()
    rules_over, exists_over = Readers[LinkedRule](), Readers[Exists]()
    free: dict[Exists, tuple[Variable, ...]] = {}
    joins: dict[tuple[Exists, Variable], Join] = {}
    overrides: dict[str, list[str]] = {}
    for rule in linked.rules:
        for name in rule.overridden_by:
            overrides.setdefault(name, []).append(rule.name)
        if not program.reads_closed:
            continue
        for variable in rule.variables:
            if grows.of(variable):
                incremental.add(rule.name)
                rules_over.add(rule, variable, linked)
        for premise in walk(rule.body):
            if not isinstance(premise, Exists) or not any(grows.of(v) for v in premise.variables):
                continue
            incremental.add(rule.name)
            if premise not in free:
                free[premise] = tuple(dict.fromkeys(free_in(premise)))
                for variable in premise.variables:
                    if grows.of(variable):
                        exists_over.add(premise, variable, linked)
                        joins[premise, variable] = tuple(_join_of(linked, premise, variable, free[premise]))
    joined = linked.rules if incremental else ()
    names = {r.name: frozenset(n for v in r.variables for n in v._kind.schema_.keys) for r in joined}
    return RuleReadings(frozenset(incremental), rules_over, exists_over, free, joins, overrides, names)


class _Growth:
    """Whether a closed fact can bring something that a variable may stand for."""

    def __init__(self, program: Program) -> None:
        self._linked = program.linked
        self._potential: dict[type[Fact], list[Fact]] = {}
        self._values: dict[tuple[type[Fact], tuple[str, ...]], set[tuple[object, ...]]] = {}
        for fact in program.potential:
            for kind in type(fact).__mro__:
                if kind in program.linked.derived_types:
                    self._potential.setdefault(kind, []).append(fact)

    def of(self, variable: Variable) -> bool:
        kind = variable._kind
        if kind not in self._linked.derived_types:
            return not kind.schema_.is_open
        wanted = constants_of(self._linked, variable)
        names, values = tuple(wanted), tuple(wanted.values())
        known = self._values.get((kind, names))
        if known is None:
            found = self._potential.get(kind, ())
            known = self._values[kind, names] = {tuple([fact.__dict__[name] for name in names]) for fact in found}
        return values in known or any(
            ANY in one and all(mine in (ANY, value) for mine, value in zip(one, values, strict=True)) for one in known
        )


def comes_and_goes(linked: Linked, kind: type[Fact]) -> bool:
    """Whether facts of a type come and go as things that variables stand for: closed ones and conclusions."""
    return kind in linked.derived_types or not kind.schema_.is_open


def constants_of(linked: Linked, variable: Variable) -> dict[str, object]:
    """The fields that the pattern of a variable fixes to a constant, and that a value has before a case says anything of it."""
    names = _decided(linked, variable)
    return {name: v.value for name, v in variable._where.items() if isinstance(v, Constant) and name in names}


def _decided(linked: Linked, variable: Variable) -> Sequence[str]:
    schema = variable._kind.schema_
    return tuple(schema.fields) if variable._kind in linked.derived_types else schema.keys


def _join_of(linked: Linked, premise: Exists, variable: Variable, free: Sequence[Variable]) -> Iterator[tuple[str, Ref[object]]]:
    tests = [test for test in conjuncts(premise.body) if isinstance(test, Compare)]
    equal: list[tuple[str, Expression[object]]] = list(variable._where.items())
    equal += [pair for test in tests for pair in equated(test, variable)]
    for name, value in equal:
        if not isinstance(value, Ref) or value.variable not in free:
            continue
        if name in _decided(linked, variable) and value.name in _decided(linked, value.variable):
            yield name, value
