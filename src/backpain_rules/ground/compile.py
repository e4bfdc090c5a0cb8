"""The whole rule base, ground: which conclusions are derivable, which instances give them, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..errors import StratificationError
from ..facts.base import Fact, canonical
from ..ir.bits import FALSE
from ..link.model import Linked
from ..link.written import with_line
from .grounding import Environment, Grounder, agree, shared_keys
from .nodes import Known
from .program import ConstraintInstance, Instance, Program
from .strata import stratify


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


def with_closed(program: Program, facts: Sequence[Fact]) -> Program:
    """The program of a case with these closed facts, in whatever order they come: itself when no rule reads them."""
    if not (program.reads_closed and facts):
        return program
    closed: dict[type[Fact], list[Fact]] = {}
    for fact in sorted(facts, key=canonical):
        closed.setdefault(type(fact), []).append(fact)
    return _ground(program.linked, closed)


def _ground(linked: Linked, closed: Mapping[type[Fact], Sequence[Fact]] | None) -> Program:
    grounder = Grounder(linked, closed)
    choices = _derivable(grounder, linked)
    grounder.number_facts(canonical)
    found: list[Instance] = []
    for rule in linked.rules:
        for environment in choices[rule.name]:
            body = grounder.body(rule.variables, rule.body, environment)
            if isinstance(body, Known) and body.bits == FALSE:
                continue
            heads = tuple(dict.fromkeys(grounder.facts[grounder.conclusion(t, environment)] for t in rule.templates))
            binding = tuple(environment[v] for v in rule.variables)
            found.append(Instance(rule, binding, body, heads, ()))
    instances = _overridden(found)
    producers: list[list[int]] = [[] for _ in grounder.facts]
    for number, instance in enumerate(instances):
        for head in instance.heads:
            producers[head].append(number)
    constraints = tuple(
        ConstraintInstance(c, tuple(environment[v] for v in c.variables), body)
        for c in linked.constraints
        for environment in grounder.bindings(c.variables, c.body)
        if not (isinstance(body := grounder.body(c.variables, c.body, environment), Known) and body.bits == FALSE)
    )
    facts = tuple(grounder.facts)
    return Program(
        linked=linked,
        atoms=tuple(grounder.atoms),
        facts=facts,
        instances=instances,
        constraints=constraints,
        producers=tuple(tuple(made) for made in producers),
        component=stratify(facts, instances, producers),
        reads_closed=grounder.touched_closed,
    )


def _derivable(grounder: Grounder, linked: Linked) -> dict[str, list[Environment]]:
    """The choices of values for each rule, once every conclusion that any choice can give is known."""
    choices: dict[str, list[Environment]] = {}
    pending = linked.rules
    grown = True
    while grown and pending:
        grown = False
        for rule in pending:
            choices[rule.name] = list(grounder.bindings(rule.variables, rule.body))
            for environment in choices[rule.name]:
                for template in rule.templates:
                    grown |= grounder.add_fact(grounder.conclusion(template, environment))
        pending = tuple(r for r in pending if any(v._kind in linked.derived_types for v in r.variables))
    return choices


def _overridden(instances: Sequence[Instance]) -> tuple[Instance, ...]:
    """The instances with those that take them back."""
    by_rule: dict[str, list[int]] = {}
    for number, instance in enumerate(instances):
        by_rule.setdefault(instance.rule.name, []).append(number)

    def completed(instance: Instance) -> Instance:
        rule = instance.rule
        if not rule.overridden_by:
            return instance
        keys = shared_keys(rule, instance.binding)
        overriders = tuple(
            number
            for name in rule.overridden_by
            for number in by_rule.get(name, ())
            if agree(keys, shared_keys(instances[number].rule, instances[number].binding))
        )
        return Instance(rule, instance.binding, instance.body, instance.heads, overriders)

    return tuple(completed(instance) for instance in instances)
