"""The distance of a rule from firing: how many facts would have to change, counted premise by premise.

This is a quick measure without a solver, which orders near misses. It treats each premise separately, so it ignores constraints
and premises that need contradictory values of one fact. The exact minimal changes need the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ..ground.evaluate import Evaluation
from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Place, Some, Stated
from ..ground.planes import Aim, Unfolded, unfolded
from ..ir.bits import UNKNOWN

Need: TypeAlias = frozenset[Place] | None
"""The places whose facts would change; None if no change helps."""
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
                stack += [number for aim in self._inside(*here).of for number in self._numbers(aim)]
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
                self._known[here] = self._joined(self._inside(*here))
            if [self._known[here] for here in group] == before:
                break

    def _numbers(self, aim: Aim) -> Iterator[tuple[int, int, bool]]:
        """The conclusions, and the instances (numbered after them), that a need is computed from."""
        stack = [aim]
        while stack:
            node, bit, on = stack.pop()
            if self._is_so((node, bit, on)):
                continue
            match node:
                case Derived(proposition=number):
                    yield number, bit, on
                case Fires(instance=number):
                    yield self._size + number, bit, on
                case Every() | Some() | Count() | Flip():
                    stack += unfolded(node, bit, on).of
                case _:
                    pass

    def _inside(self, number: int, bit: int, on: bool) -> Unfolded:
        """What a conclusion or an instance needs."""
        if number < self._size:
            return unfolded(Some(tuple([Fires(i) for i in self.program.producers[number]])), bit, on)
        condition = self.program.instances[number - self._size].condition
        match condition:
            case Every() | Some() | Count() | Flip():
                return unfolded(condition, bit, on)
            case _:
                return Unfolded("every", ((condition, bit, on),))

    def _is_so(self, aim: Aim) -> bool:
        node, bit, on = aim
        return bool(self.evaluation.node(node) & bit) is on

    def _need(self, aim: Aim) -> Need:
        node, bit, on = aim
        if self._is_so(aim):
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
            case Every() | Some() | Count() | Flip():
                return self._joined(unfolded(node, bit, on))

    def _joined(self, part: Unfolded) -> Need:
        if part.operation == "count":
            return self._count(part)
        return (_all if part.operation == "every" else _cheapest)(map(self._need, part.of))

    def _one_of(self, atom: int) -> Need:
        """One of the places that an atom reads: preferably an unknown one, at worst a closed fact with an open slot."""
        places = self.program.places(atom)
        open_ = [place for place in places if place.kind.schema_.is_open]
        unsaid = [place for place in open_ if place not in self.evaluation.stated]
        found = unsaid or open_ or (places if self.evaluation.atom(atom) == UNKNOWN else ())
        return frozenset(found[:1]) if found else None

    def _count(self, part: Unfolded) -> Need:
        """The cheapest members that bring the points to the threshold."""
        weighed = list(zip(part.points, part.of, strict=True))
        missing = part.threshold - sum(points for points, aim in weighed if self._is_so(aim))
        others = [(self._need(aim), points) for points, aim in weighed if not self._is_so(aim)]
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
