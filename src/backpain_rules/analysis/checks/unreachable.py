"""BR001 and BR002: a rule that cannot fire, because its premises contradict each other or read something that never holds; and a
rule that is always overridden."""

from __future__ import annotations

from collections.abc import Iterator

from ...explain.words import say_atom
from ...ground.nodes import Every, Node, Stated
from ...ir.bits import ESTABLISHED
from ...ir.expressions import Constant
from ...ir.premises import Exists, Matches
from ...ir.render import Namer, render, short_name
from ...link.model import LinkedRule
from ...solve.witness import Claim
from ..diagnostic import Diagnostic
from ..prover import Prover


def check(prover: Prover) -> Iterator[Diagnostic]:
    """BR001 or BR002 for each rule that fires in no case."""
    for name, instances in prover.instances.items():
        if name in prover.beyond or not prover.known.isdisjoint({("BR001", (name,)), ("BR002", (name,))}):
            continue
        if any(prover.can_fire(number) for number in instances):
            continue
        if any(map(prover.is_open, instances)):
            prover.leave_open("BR001", f"rule {name}: no patient was found for whom it fires, nor a proof that there is none")
            continue
        rule = prover.rules[name]
        yield _overridden(prover, rule, instances) or _unreachable(prover, rule, instances)


def _overridden(prover: Prover, rule: LinkedRule, instances: list[int]) -> Diagnostic | None:
    for number in instances:
        instance = prover.program.instances[number]
        witness = prover.cases.find([Claim(instance.body)]) if instance.overriders else None
        if witness is not None:
            outcome = prover.native.run(witness).evaluation
            by = [prover.program.instances[o].rule.name for o in instance.overriders if outcome.instance(o) & ESTABLISHED]
            others = sorted(dict.fromkeys(by))
            return Diagnostic(
                "BR002",
                f"rule {rule.name} is taken back whenever its premise holds, here by {', '.join(others)}",
                (rule.name,),
                prover.places(rule.name, *others),
                witness,
                instances=(number,),
                cause=", ".join(others),
            )
    return None


def _unreachable(prover: Prover, rule: LinkedRule, instances: list[int]) -> Diagnostic:
    why = _clash(prover, rule, instances) if instances else _nothing_to_read(prover, rule)
    return Diagnostic("BR001", f"rule {rule.name} fires for no patient: {why}", (rule.name,), prover.places(rule.name), cause=why)


def _nothing_to_read(prover: Prover, rule: LinkedRule) -> str:
    names = Namer(rule.variables)
    for variable in rule.variables:
        if variable._kind in prover.linked.derived_types:
            wanted = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
            facts = (fact for fact in prover.program.facts if isinstance(fact, variable._kind))
            if not any(all(fact.__dict__[name] == value for name, value in wanted.items()) for fact in facts):
                return f"no rule concludes {names.pattern(variable)}"
    return f"{render(rule.body, names)} is false for every choice of its facts"


def _clash(prover: Prover, rule: LinkedRule, instances: list[int]) -> str:
    """A minimal set of premises of the rule that cannot hold together, and the constraints involved."""
    cases = prover.unconstrained
    clauses, encoding = cases.world.clauses, cases.encoding
    names = Namer(rule.variables)
    premises: dict[str, int] = {}
    chosen: list[int] = []
    for number in instances:
        here = clauses.fresh()
        chosen.append(here)
        for node in _conjuncts(prover.program.instances[number].body):
            asked = premises.setdefault(_text(prover, node, names), clauses.fresh())
            clauses.add(-here, -asked, encoding.node(node))
    one_of = clauses.fresh()
    clauses.add(-one_of, *chosen)
    kept: dict[str, int] = {}
    for number in prover.constraints:
        instance = prover.program.constraints[number]
        asked = kept.setdefault(instance.constraint.name, clauses.fresh())
        clauses.add(-asked, -encoding.node(instance.body))
    core = cases.solver.minimal_core([*kept.values(), *premises.values()], given=[one_of]) or ()
    clashing = [text for text, literal in premises.items() if literal in core]
    constraints = [name for name, literal in kept.items() if literal in core]
    under = f", for constraint {' and '.join(constraints)} forbids it" if constraints else ""
    if not clashing:  # validators of fact types exclude them
        return f"{render(rule.body, names)} never holds{under}"
    if len(clashing) == 1:
        return f"{clashing[0]} never holds{under}"
    return f"{' and '.join(clashing)} never hold together{under}"


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, Every):
        for member in node.of:
            yield from _conjuncts(member)
    else:
        yield node


def _text(prover: Prover, node: Node, names: Namer) -> str:
    """A premise in the author's words."""
    origin = getattr(node, "origin", None)
    if isinstance(origin, Matches):
        return short_name(Exists((origin.variable,))) or render(origin, names)
    if origin is not None:
        return render(origin, names)
    return say_atom(prover.program.atoms[node.atom]) if isinstance(node, Stated) else repr(node)
