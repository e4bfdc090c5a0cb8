"""Propositional clauses under construction: literals, and gates over them.

A literal is a number; its negation is the negative number. Gates are shared: asking for the same gate twice gives the same
variable, so a premise that several rules share costs nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from ..deadline import NEVER, Deadline

TRUE: Final = 1
FALSE: Final = -1


class Clauses:
    """A growing set of clauses over variables 1 to `size`; variable 1 is true.

    `conjunction`, `disjunction` and `at_least` only name a gate. It gets its clauses when it, or a gate that reads it, is passed
    to `use`. `every`, `some` and `count` name a gate and use it. Adding clauses and solving poll the `deadline`.
    """

    def __init__(self, deadline: Deadline = NEVER) -> None:
        self.deadline = deadline
        self.size = 1
        self.all: list[tuple[int, ...]] = [(TRUE,)]
        self.gates: dict[int, tuple[int, ...]] = {}
        """The literals that each gate in use is the conjunction of; a gate comes after those that it reads."""
        self._named: dict[int, tuple[int, ...]] = {}
        """Those of every gate."""
        self._known: dict[tuple[int, ...], int] = {}
        self._counts: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}

    @contextmanager
    def until(self, deadline: Deadline) -> Iterator[None]:
        """Use another deadline inside the block."""
        before, self.deadline = self.deadline, deadline
        try:
            yield
        finally:
            self.deadline = before

    def fresh(self) -> int:
        """A new variable."""
        self.size += 1
        return self.size

    def add(self, *literals: int) -> None:
        """One of these literals holds."""
        self.all.append(literals)

    def every(self, literals: Iterable[int]) -> int:
        """A literal that holds exactly if all of these hold."""
        return self.use(self.conjunction(literals))

    def some(self, literals: Iterable[int]) -> int:
        """A literal that holds exactly if one of these holds."""
        return self.use(self.disjunction(literals))

    def count(self, threshold: int, members: Sequence[tuple[int, int]]) -> int:
        """A literal that holds exactly if the points of those (points, literal) that hold add up to the threshold."""
        return self.use(self.at_least(threshold, members))

    def use(self, literal: int) -> int:
        """The same literal, after adding the clauses of the gates it depends on."""
        found: set[int] = set()
        stack = [abs(literal)]
        while stack:
            here = stack.pop()
            if here in self._named and here not in self.gates and here not in found:
                found.add(here)
                stack += map(abs, self._named[here])
        for gate in sorted(found):  # a gate reads only gates with lower numbers
            parts = self._named[gate]
            self.all += [*((-gate, part) for part in parts), (gate, *(-part for part in parts))]
            self.gates[gate] = parts  # last, so that an interrupt leaves no gate without its clauses
        return literal

    def conjunction(self, literals: Iterable[int]) -> int:
        """The literal of `every`, without clauses."""
        found = {literal for literal in literals if literal != TRUE}
        if FALSE in found or any(-literal in found for literal in found):
            return FALSE
        if len(found) < 2:
            return found.pop() if found else TRUE
        key = tuple(sorted(found))
        gate = self._known.get(key)
        if gate is None:
            gate = self.fresh()
            self._named[gate] = key
            self._known[key] = gate
        return gate

    def disjunction(self, literals: Iterable[int]) -> int:
        """The literal of `some`, without clauses."""
        return -self.conjunction(-literal for literal in literals)

    def at_least(self, threshold: int, members: Sequence[tuple[int, int]]) -> int:
        """The literal of `count`, without clauses.

        Members are decided one after the other; the state is the number of points still missing. A member that is already decided
        only moves the threshold, so counts that differ in such members share their gates.
        """
        threshold -= sum(points for points, literal in members if literal == TRUE)
        open_ = tuple((points, literal) for points, literal in members if abs(literal) != TRUE)
        if threshold <= 0:
            return TRUE
        key = (threshold, open_)
        if key not in self._counts:
            self._counts[key] = self._count(threshold, open_)
        return self._counts[key]

    def _count(self, threshold: int, members: Sequence[tuple[int, int]]) -> int:
        left_over = sum(points for points, _ in members)
        needed: list[set[int]] = [{threshold}] if threshold <= left_over else [set()]
        for points, _ in members:
            left_over -= points
            needed.append({left for have in needed[-1] for left in (have, have - points) if 0 < left <= left_over})
        missing: dict[int, int] = {}
        """For how many points may still be missing here, the literal that the members from here on give them."""
        for (points, literal), lefts in zip(reversed(members), reversed(needed[:-1]), strict=True):
            self.deadline.poll()
            without = {left: missing.get(left, FALSE) for left in lefts}
            using = {left: missing.get(left - points, FALSE) if left > points else TRUE for left in lefts}
            missing = {
                left: self.disjunction((without[left], self.conjunction((literal, using[left])))) for left in sorted(lefts)
            }
        return missing.get(threshold, FALSE)
