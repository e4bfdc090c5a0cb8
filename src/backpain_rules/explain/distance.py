"""The distance of a rule from firing: how many facts would have to change, counted premise by premise.

This is a quick measure without a solver, which orders near misses. It treats each premise separately, so it ignores constraints
and premises that need contradictory values of one fact. The exact minimal changes need the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from ..ground.evaluate import Evaluation
from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Place, Some, Stated, members
from ..ir.bits import CERTAIN, NOT_ESTABLISHED, POSSIBLE, REFUTED, UNKNOWN

Need: TypeAlias = frozenset[Place] | None
"""The places whose facts would change; None if no change helps."""
Aim: TypeAlias = tuple[Node, int, bool]
"""One bit of a node that should be on or off."""
Join: TypeAlias = Callable[[Iterable[Need]], Need]
"""How needs combine: `_all` of them, or the `_cheapest`."""
NOTHING: Need = frozenset()


class Distances:
    """The distances in one case, each computed once."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.program = evaluation.program
        self._size = len(evaluation.program.facts)
        self._known: dict[tuple[int, int, bool], Need] = {}

    def away(self, instance: int, bit: int) -> int | None:
        """How many facts would have to change for a rule instance to have this bit; None if no change helps."""
        needed: set[tuple[int, int, bool]] = set()
        stack = list(self._numbers((Fires(instance), bit, True)))
        while stack:
            here = stack.pop()
            if here not in needed and here not in self._known:
                needed.add(here)
                stack += [number for aim in self._inside(*here)[1] for number in self._numbers(aim)]
        groups: dict[int, list[tuple[int, int, bool]]] = {}
        for here in sorted(needed):
            groups.setdefault(self.program.component[here[0]], []).append(here)
        for _, group in sorted(groups.items()):
            self._settle(group)
        found = self._need((Fires(instance), bit, True))
        return None if found is None else len(found)

    def _settle(self, group: list[tuple[int, int, bool]]) -> None:
        """Iterate a recursive component to its fixpoint: at first nothing in it can be added, and all of it is absent."""
        self._known.update({here: None if here[2] else NOTHING for here in group})
        for _ in group:
            before = [self._known[here] for here in group]
            for here in group:
                join, aims = self._inside(*here)
                self._known[here] = join(map(self._need, aims))
            if [self._known[here] for here in group] == before:
                break

    def _numbers(self, aim: Aim) -> Iterator[tuple[int, int, bool]]:
        """The conclusions, and the instances (numbered after them), that a need is computed from."""
        stack = [aim]
        while stack:
            node, bit, on = stack.pop()
            if self._is_so(node, bit, on):
                continue
            match node:
                case Derived(proposition=number):
                    yield number, bit, on
                case Fires(instance=number):
                    yield self._size + number, bit, on
                case Flip():
                    stack += _under(node, bit, on)[1]
                case _:
                    stack += [(member, bit, on) for member in members(node)]

    def _inside(self, number: int, bit: int, on: bool) -> tuple[Join, list[Aim]]:
        """The needs of a conclusion or an instance, and whether it needs all of them or one."""
        if number < self._size:
            producers: list[Aim] = [(Fires(i), bit, on) for i in self.program.producers[number]]
            return (_cheapest if on else _all), producers
        instance = self.program.instances[number - self._size]
        silent: list[Aim] = [(Fires(i), NOT_ESTABLISHED[bit], not on) for i in instance.overriders]
        return (_all if on else _cheapest), [(instance.body, bit, on), *silent]

    def _is_so(self, node: Node, bit: int, on: bool) -> bool:
        return bool(self.evaluation.node(node) & bit) is on

    def _need(self, aim: Aim) -> Need:
        node, bit, on = aim
        if self._is_so(node, bit, on):
            return NOTHING
        match node:
            case Stated(atom=atom):
                return self._one_of(atom)
            case Derived(proposition=number):
                return self._known[number, bit, on]
            case Fires(instance=number):
                return self._known[self._size + number, bit, on]
            case Known():
                return None
            case Every(of=of):
                return (_all if on else _cheapest)(self._need((member, bit, on)) for member in of)
            case Some(of=of):
                return (_cheapest if on else _all)(self._need((member, bit, on)) for member in of)
            case Count():
                return self._count(node, bit, on)
            case Flip():
                join, aims = _under(node, bit, on)
                return join(map(self._need, aims))

    def _one_of(self, atom: int) -> Need:
        """One of the places that an atom reads: preferably an unknown one, at worst a closed fact with an open slot."""
        places = self.program.places(atom)
        open_ = [place for place in places if place.kind.schema_.is_open]
        unsaid = [place for place in open_ if place not in self.evaluation.stated]
        found = unsaid or open_ or (places if self.evaluation.atom(atom) == UNKNOWN else ())
        return frozenset(found[:1]) if found else None

    def _count(self, node: Count, bit: int, on: bool) -> Need:
        """The cheapest members that move the points to the threshold, or below it."""
        holding = sum(points for points, member in node.of if self._is_so(member, bit, True))
        missing = node.threshold - holding if on else holding - node.threshold + 1
        others = [(self._need((m, bit, on)), points) for points, m in node.of if not self._is_so(m, bit, on)]
        cheapest = sorted((len(need) / points, number) for number, (need, points) in enumerate(others) if need is not None)
        found: Need = NOTHING
        for _, number in cheapest:
            if missing <= 0:
                break
            need, points = others[number]
            found, missing = _all((found, need)), missing - points
        return found if missing <= 0 else None


def _all(needs: Iterable[Need]) -> Need:
    found: set[Place] = set()
    for need in needs:
        if need is None:
            return None
        found |= need
    return frozenset(found)


def _cheapest(needs: Iterable[Need]) -> Need:
    return min((need for need in needs if need is not None), key=len, default=None)


def _under(node: Flip, bit: int, on: bool) -> tuple[Join, list[Aim]]:
    """What one bit of a negation needs of its member."""
    refuted, not_established = (node.of, REFUTED[bit], not on), (node.of, NOT_ESTABLISHED[bit], not on)
    match node.how:
        case "not":
            return _all, [refuted]
        case "unless":
            return _all, [not_established]
        case "is_unknown":
            if bit == CERTAIN:  # never possible
                return (_cheapest if on else _all), []
            return (_all if on else _cheapest), [(node.of, POSSIBLE, on), not_established]
        case "is_known":
            return (_cheapest if on else _all), [(node.of, bit, on), refuted]
