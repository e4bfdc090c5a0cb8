"""The whole rule base, ground: which conclusions are derivable, which instances give them, in which order."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from ..errors import StratificationError
from ..facts.base import Fact, exact
from ..ir.bits import FALSE
from ..link.model import Linked, LinkedConstraint, LinkedRule
from ..link.written import with_line
from .grounding import Environment, Grounder, agree, shared_keys
from .nodes import Known
from .program import ConstraintInstance, Instance, Program
from .strata import stratify

Choice: TypeAlias = tuple[Environment, Sequence[Fact]]
"""A value for each variable of a rule, and what the rule concludes of them."""


def compile_program(linked: Linked) -> Program:
    """The program of a case without closed facts. Raises `StratificationError`, for cases with closed facts too."""
    try:
        lifted = _ground(linked, None)
        if not lifted.reads_closed:
            return lifted
        empty = _ground(linked, {})
    except StratificationError as error:
        raise with_line(error, linked.packs) from None
    return replace(empty, potential=tuple(fact for fact in lifted.facts if fact not in empty.numbers))


def with_closed(program: Program, facts: Sequence[Fact], *, whole: bool = True) -> Program:
    """The program of a case with these closed facts, in whatever order they come: itself when no rule reads them.

    Unless it is to be `whole`, instances that the slots of these facts rule out are left out: no bit depends on them.
    """
    if not (program.reads_closed and facts):
        return program
    closed: dict[type[Fact], list[Fact]] = {}
    for fact in sorted(facts, key=exact):
        closed.setdefault(type(fact), []).append(fact)
    return _ground(program.linked, closed, records=() if whole else facts)


def compile_some(linked: Linked, names: Container[str]) -> Program:
    """The program of only these rules, in a case without closed facts."""
    return _ground(linked, {}, [rule for rule in linked.rules if rule.name in names], constraints=())


def _ground(
    linked: Linked,
    closed: Mapping[type[Fact], Sequence[Fact]] | None,
    rules: Sequence[LinkedRule] | None = None,
    constraints: Sequence[LinkedConstraint] | None = None,
    records: Iterable[Fact] = (),
) -> Program:
    grounder = Grounder(linked, closed, records)
    rules = linked.rules if rules is None else rules
    choices = _derivable(grounder, linked, rules)
    grounder.number_facts(exact)
    found: list[tuple[Instance, tuple[str, ...]]] = []
    for rule in rules:
        for environment, conclusions in choices[rule.name]:
            body = grounder.body(rule.variables, rule.body, environment)
            if isinstance(body, Known) and body.bits == FALSE:
                continue
            binding = tuple(environment[v] for v in rule.variables)
            for taken_back, facts in grounder.parts(rule, conclusions).items():
                heads = tuple(grounder.facts[fact] for fact in facts)
                found.append((Instance(rule, binding, body, heads, ()), taken_back))
    instances = _overridden(found)
    producers: list[list[int]] = [[] for _ in grounder.facts]
    for number, instance in enumerate(instances):
        for head in instance.heads:
            producers[head].append(number)
    broken = tuple(
        ConstraintInstance(c, tuple(environment[v] for v in c.variables), body)
        for c in (linked.constraints if constraints is None else constraints)
        for environment in grounder.bindings(c.variables, c.body)
        if not (isinstance(body := grounder.body(c.variables, c.body, environment), Known) and body.bits == FALSE)
    )
    facts = tuple(grounder.facts)
    return Program(
        linked=linked,
        atoms=tuple(grounder.atoms),
        facts=facts,
        instances=instances,
        constraints=broken,
        producers=tuple(tuple(made) for made in producers),
        component=stratify(facts, instances, producers),
        reads_closed=grounder.touched_closed,
    )


def _derivable(grounder: Grounder, linked: Linked, pending: Sequence[LinkedRule]) -> dict[str, list[Choice]]:
    """The choices of values for each rule, once every conclusion that any choice can give is known."""
    choices: dict[str, list[Choice]] = {}
    grown = True
    while grown and pending:
        grown = False
        for rule in pending:
            found = choices[rule.name] = []
            for environment in list(grounder.bindings(rule.variables, rule.body)):
                conclusions = grounder.conclusions(rule, environment)
                found.append((environment, conclusions))
                for fact in conclusions:
                    grown |= grounder.add_fact(fact)
        pending = tuple(r for r in pending if any(v._kind in linked.derived_types for v in r.variables))
    return choices


def _overridden(found: Sequence[tuple[Instance, tuple[str, ...]]]) -> tuple[Instance, ...]:
    """The instances with those that take them back, of the rules that are named beside each."""
    by_rule: dict[str, list[int]] = {}
    keys = [shared_keys(instance.rule, instance.binding) for instance, _ in found]
    for number, (instance, _) in enumerate(found):
        by_rule.setdefault(instance.rule.name, []).append(number)

    def completed(number: int, instance: Instance, taken_back: tuple[str, ...]) -> Instance:
        if not taken_back:
            return instance
        overriders = tuple(other for name in taken_back for other in by_rule.get(name, ()) if agree(keys[number], keys[other]))
        return replace(instance, overriders=overriders)

    return tuple(completed(number, *entry) for number, entry in enumerate(found))
