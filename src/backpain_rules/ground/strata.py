"""The order in which a ground rule base is computed, and the refusal of one that has none.

A dependency graph over propositions and rule instances; its strongly connected components, numbered from the ground
up (Tarjan 1972, without recursion). A component with a negation inside is a cycle through a negation: refused, with
the cycle in the author's names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ..errors import StratificationError
from ..facts.base import Fact
from .program import Instance, Program, reads


def stratify(facts: Sequence[Fact], instances: Sequence[Instance], producers: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The component of each proposition and then of each instance.

    Raises `StratificationError` where a rule depends on its own negation.
    """
    size = len(facts)
    edges: list[Sequence[tuple[int, bool]]] = [[(size + i, False) for i in made] for made in producers]
    for instance in instances:
        edges.append([(n if n >= 0 else size - 1 - n, negated) for n, negated in reads(instance.condition)])
    component = components([[target for target, _ in out] for out in edges])
    for node, out in enumerate(edges):
        for target, negated in out:
            if negated and component[node] == component[target]:
                raise _cycle(edges, component, node, target, facts, instances)
    return tuple(component)


def with_instances(program: Program, changed: Mapping[int, Instance]) -> Program:
    """The program with these instances in the place of those with their numbers, in an order of its own."""
    instances = tuple(changed.get(number, instance) for number, instance in enumerate(program.instances))
    component = stratify(program.facts, instances, program.producers)
    return replace(program, instances=instances, component=component)


def components(edges: Sequence[Sequence[int]]) -> list[int]:
    """The strongly connected component of each node; none depends, by its edges, on one with a higher number."""
    size = len(edges)
    index, low, component = [-1] * size, [0] * size, [-1] * size
    stack: list[int] = []
    counter = found = 0
    for start in range(size):
        if index[start] >= 0:
            continue
        work = [(start, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = counter
                counter += 1
                stack.append(node)
            elif component[edges[node][position - 1]] < 0:
                low[node] = min(low[node], low[edges[node][position - 1]])
            out = edges[node]
            for following in range(position, len(out)):
                target = out[following]
                if index[target] < 0:
                    work += [(node, following + 1), (target, 0)]
                    break
                if component[target] < 0:
                    low[node] = min(low[node], index[target])
            else:
                if low[node] == index[node]:
                    while True:
                        member = stack.pop()
                        component[member] = found
                        if member == node:
                            break
                    found += 1
    return component


def levels(program: Program) -> list[int]:
    """How many negations deep each proposition, and then each instance, lies: all lower levels are settled before it."""
    size = len(program.facts)
    groups: dict[int, list[int]] = {}
    for number, component in enumerate(program.component):
        groups.setdefault(component, []).append(number)
    found = [0] * len(program.component)
    for _, group in sorted(groups.items()):
        deepest = 0
        for number in group:
            if number < size:
                for producer in program.producers[number]:
                    deepest = max(deepest, found[size + producer])
            else:
                for other, negated in reads(program.instances[number - size].condition):
                    deepest = max(deepest, found[other if other >= 0 else size - 1 - other] + negated)
        for number in group:
            found[number] = deepest
    return found


def _cycle(
    edges: Sequence[Sequence[tuple[int, bool]]],
    component: Sequence[int],
    node: int,
    target: int,
    facts: Sequence[Fact],
    instances: Sequence[Instance],
) -> StratificationError:
    """The error for the negative edge node -> target: the shortest way back from target to node, and the names on it."""
    came: dict[int, int] = {target: target}
    queue = [target]
    for here in queue:
        if here == node:
            break
        for following, _ in edges[here]:
            if component[following] == component[node] and following not in came:
                came[following] = here
                queue.append(following)
    path = [node]
    while path[-1] != target:
        path.append(came[path[-1]])
    path.reverse()  # from target, which is negated, to node
    signs = {(here, to): negated for here in path for to, negated in edges[here]}
    steps = [(node, target), *pairwise(path)]
    chain: list[str] = []
    negated = False
    for here, to in steps:
        if here >= len(facts):
            name = instances[here - len(facts)].rule.name
            chain.append(f"not {name}" if negated else name)
            negated = False
        negated = negated or signs[here, to]
    rules = list(dict.fromkeys(name.removeprefix("not ") for name in chain))
    chain.append(f"not {rules[0]}" if negated else rules[0])
    by = rules[0]
    told = f"rule {by!r} depends on its own absence"
    if len(rules) == 2 and sum(name.startswith("not ") for name in chain) == 2:
        told = f"rules {rules[0]!r} and {rules[1]!r} each depend on the absence of the other"
    elif len(rules) > 1:
        told = f"rule {by!r} depends, through others, on its own absence"
    return StratificationError(
        f"a cycle through a negation: {told}; remove one negation or override: {' -> '.join(chain)}",
        cycle=tuple(rules), rule=by,
    )  # fmt: skip
