"""Where the nodes of a graph go: in columns, so that arrows lead to the right, with few crossings.

The layered drawing of Sugiyama, Tagawa and Toda (1981): cycles turned, columns by longest path, long arrows led through
every column, order by the mean of the neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .graph import Arrow, Graph

SWEEPS = 8


@dataclass(frozen=True)
class Layout:
    """The ids in each column from top to bottom, and for each arrow the (column, row) places that it goes through."""

    columns: tuple[tuple[str, ...], ...]
    routes: Mapping[Arrow, tuple[tuple[int, int], ...]]


def lay_out(graph: Graph) -> Layout:
    """Columns and routes; a place that an arrow only passes through has an id that begins with a space."""
    onward = _without_cycles(graph)
    column = _columns(graph, onward)
    grid: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in graph.nodes:
        grid[column[node.id]].append(node.id)
    chains: dict[Arrow, list[str]] = {}
    for number, arrow in enumerate(graph.arrows):
        first, last = sorted((arrow.source, arrow.target), key=lambda id: column[id])
        chain = [first]
        for between in range(column[first] + 1, column[last]):
            chain.append(f" {number} {between}")
            grid[between].append(chain[-1])
        chains[arrow] = [*chain, last]
    _order(grid, list(chains.values()))
    place = {id: (x, y) for x, ids in enumerate(grid) for y, id in enumerate(ids)}
    routes: dict[Arrow, tuple[tuple[int, int], ...]] = {
        arrow: tuple(place[id] for id in (chain if chain[0] == arrow.source else reversed(chain)))
        for arrow, chain in chains.items()
    }
    return Layout(tuple(tuple(ids) for ids in grid), routes)


def _without_cycles(graph: Graph) -> dict[str, list[str]]:
    """The arrows, those that close a cycle turned round."""
    out: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for arrow in graph.arrows:
        out[arrow.source].append(arrow.target)
    onward: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    state: dict[str, int] = {}
    for start in out:
        stack = [(start, 0)] if start not in state else []
        while stack:
            here, position = stack.pop()
            state[here] = 1
            if position == len(out[here]):
                state[here] = 2
                continue
            stack.append((here, position + 1))
            target = out[here][position]
            if state.get(target) == 1:
                onward[target].append(here)
            else:
                onward[here].append(target)
                if target not in state:
                    stack.append((target, 0))
    return onward


def _columns(graph: Graph, onward: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The longest way to each node."""
    missing = {node.id: 0 for node in graph.nodes}
    for targets in onward.values():
        for target in targets:
            missing[target] += 1
    column = dict.fromkeys(missing, 0)
    ready = [id for id, count in missing.items() if not count]
    for here in ready:
        for target in onward[here]:
            column[target] = max(column[target], column[here] + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    for here in reversed(ready):  # what feeds only late comes late
        if onward[here] and all(here not in targets for targets in onward.values()):
            column[here] = min(column[target] for target in onward[here]) - 1
    return column


def _order(grid: list[list[str]], chains: Sequence[Sequence[str]]) -> None:
    """Sorts each column by where its neighbours stand, forwards and backwards."""
    before: defaultdict[str, list[str]] = defaultdict(list)
    after: defaultdict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for left, right in pairwise(chain):
            after[left].append(right)
            before[right].append(left)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        order = range(1, len(grid)) if forwards else range(len(grid) - 2, -1, -1)
        for x in order:
            beside = grid[x - 1] if forwards else grid[x + 1]
            row = {id: (y + 0.5) / len(beside) for y, id in enumerate(beside)}
            near = before if forwards else after
            here = {id: (y + 0.5) / len(grid[x]) for y, id in enumerate(grid[x])}
            means = {id: _mean([row[other] for other in near[id] if other in row], here[id]) for id in grid[x]}
            grid[x].sort(key=lambda id, means=means: means[id])  # type: ignore[misc]


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise
