"""BR003: a rule that adds nothing, because other rules conclude the same with the same certainty whenever it fires."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ...explain.words import say_fact
from ...facts.base import Fact
from ...ground.nodes import Known
from ...ground.program import Program
from ...ground.strata import with_instances
from ...ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE
from ...solve.encode import Encoding
from ..diagnostic import Diagnostic
from ..prover import Prover


def check(prover: Prover) -> Iterator[Diagnostic]:
    """BR003. Among rules that make each other redundant, all but the last are reported."""
    program = prover.program
    overriding = {number for instance in program.instances for number in instance.overriders}
    left_out: set[int] = set()
    for name, instances in prover.instances.items():
        if name in prover.beyond or not overriding.isdisjoint(instances):
            continue
        firing = [number for number in instances if prover.can_fire(number)]
        without = left_out.union(instances)
        if not firing or _is_needed(prover, firing, instances, without):
            continue
        witness = prover.small_case(firing[0])
        if witness is None:
            continue
        left_out |= without
        others = _others(prover, firing[0], without, witness)
        conclusions = ", ".join(say_fact(program.facts[head]) for head in program.instances[firing[0]].heads)
        yield Diagnostic(
            "BR003",
            f"rule {name} adds nothing: whenever it fires, {' and '.join(others)} "
            f"{'concludes' if len(others) == 1 else 'conclude'} {conclusions} as well",
            (name,),
            prover.places(name, *others),
            witness,
            instances=(firing[0],),
            cause=conclusions,
        )


def _is_needed(prover: Prover, firing: list[int], instances: list[int], without: set[int]) -> bool:
    """Whether in some case one of the conclusions would be missing, or less certain, without the rule."""
    program, cases = prover.program, prover.cases
    heads = [(number, head) for number in firing for head in program.instances[number].heads]
    for number, head in heads:
        if prover.seen_without(number, [other for other in program.producers[head] if other not in without]):
            return True
    if any(without.issuperset(program.producers[head]) for _, head in heads):
        return True
    encoding = cases.encoding
    heads = [(number, head) for number in instances for head in program.instances[number].heads]  # seen to fire or not
    rest = Encoding(cases.world, silenced(program, without)) if leads_back(program, heads, without) else encoding
    for number in instances:
        for head in program.instances[number].heads:
            for bit in (ESTABLISHED, CERTAIN, POSSIBLE):
                fires = encoding.instance(number, bit)
                others = [-rest.instance(other, bit) for other in program.producers[head] if other not in without]
                if cases.is_possible([fires, *others]):
                    if not cases.world.is_exact and cases.model([fires, *others]) is None:
                        name = program.instances[number].rule.name
                        prover.leave_open("BR003", f"rule {name}: neither shown nor proved that it can be left out")
                    return True
    return False


def silenced(program: Program, without: Collection[int]) -> Program:
    """The same program in which these instances never fire."""
    return with_instances(program, {number: replace(program.instances[number], body=Known(FALSE)) for number in without})


def leads_back(program: Program, heads: Iterable[tuple[int, int]], without: Collection[int]) -> bool:
    """Whether another rule with these conclusions depends on a removed rule."""
    size = len(program.facts)
    stack = [other for _, head in heads for other in program.producers[head] if other not in without]
    seen = set(stack)
    while stack:
        for number in program.dependencies(stack.pop()):
            for other in program.producers[number] if number < size else (number - size,):
                if other in without:
                    return True
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
    return False


def _others(prover: Prover, number: int, without: set[int], witness: tuple[Fact, ...]) -> list[str]:
    """The other rules that conclude the same in this case, according to the engine."""
    program = prover.program
    evaluation = prover.native.run(witness).evaluation
    found = (
        program.instances[other].rule.name
        for head in program.instances[number].heads
        for other in program.producers[head]
        if other not in without and evaluation.instance(other) & ESTABLISHED
    )
    return sorted(dict.fromkeys(found))
