"""Random simulation: draw many cases at once and evaluate all gates, which shows most possible things without a search.

Each literal is one whole number with a bit for each case, so a gate costs one operation for all cases. Equivalence checkers of
circuits do the same before they call a solver (Mishchenko, Chatterjee, Jiang and Brayton, FRAIGs, 2005).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Final

from .clauses import TRUE
from .solver import Assignment
from .world import Spread, World

SEED: Final = 2026
"""The same cases on every run."""
DIGITS: Final = 3
"""Probabilities are rounded to eighths; so many random bits decide one."""


class Sample:
    """`size` random cases; `sample[literal]` are those in which a literal holds, as the bits of one number.

    Every second case answers everything; the others leave a quarter open. `given` maps literals of the world to the cases in
    which they must hold; the literals given for one case must be satisfiable together. The cases may break constraints.
    """

    def __init__(self, world: World, size: int, given: Mapping[int, int] | None = None) -> None:
        self.all = (1 << size) - 1
        self._size = size
        self._dice = Random(SEED)
        self._given = given or {}
        self._answered = self._chance(4)
        self._holds: dict[int, int] = {TRUE: self.all}
        for spread in world.spreads:
            self._draw(spread)
        self._compute(world.clauses.gates)

    def __getitem__(self, literal: int) -> int:
        holds = self._holds.get(abs(literal), 0)
        return holds if literal > 0 else self.all & ~holds

    def case(self, number: int) -> Assignment:
        """One of the cases."""
        return _Case(self, number)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _compute(self, gates: Mapping[int, Iterable[int]]) -> None:
        holds, everywhere = self._holds, self.all
        for gate, literals in gates.items():
            found = everywhere
            for literal in literals:
                found &= holds.get(literal, 0) if literal > 0 else ~holds.get(-literal, 0)
            holds[gate] = found

    def _draw(self, spread: Spread) -> None:
        """Draw the inputs of one place: whether the fact is there, and the position of each slot in its row."""
        given = self._given
        there = self.all
        if spread.there != TRUE:
            said, drawn = self._said(), self._chance(4)
            there, gone = said & drawn, given.get(spread.absent, 0) | given.get(-spread.there, 0)
            for steps, is_open in spread.rows:
                for step in steps:
                    there |= given.get(step, 0)
                if not is_open and steps:
                    gone |= given.get(-steps[0], 0)
            there = self._holds[spread.there] = (there | given.get(spread.there, 0)) & ~gone
            if abs(spread.absent) != TRUE:
                absent = said & ~drawn | given.get(spread.absent, 0)
                self._holds[spread.absent] = absent & ~there & ~given.get(-spread.absent, 0)
        for steps, is_open in spread.rows:
            holds = there & self._said() if is_open else there
            for number, step in enumerate(steps):
                if number:
                    left = len(steps) - number
                    holds &= self._chance(round((1 << DIGITS) * left / (left + 1)))
                self._holds[step] = holds
            reached = passed = 0
            for step in reversed(steps):
                reached |= given.get(step, 0)
                self._holds[step] |= reached
            for step in steps:
                passed |= given.get(-step, 0)
                self._holds[step] &= ~passed

    def _said(self) -> int:
        """The cases that state one input."""
        return self._answered | self._chance(6)

    def _chance(self, eighths: int) -> int:
        """A random set of cases; each case is in it with a probability of so many eighths."""
        found = 0 if eighths < 1 << DIGITS else self.all
        for digit in range(DIGITS):
            drawn = self._dice.getrandbits(self._size)
            found = found | drawn if eighths >> digit & 1 else found & drawn
        return found


class _Case:
    def __init__(self, sample: Sample, number: int) -> None:
        self.sample, self.number = sample, number

    def __getitem__(self, literal: int) -> bool:
        return bool(self.sample[literal] >> self.number & 1)


def support(world: World, literals: Iterable[int], case: Assignment) -> tuple[int, ...]:
    """Input literals that make these hold, taken from a case in which these hold. The set need not be minimal."""
    gates, inputs = world.clauses.gates, world.said_by
    found: dict[int, None] = {}
    seen: set[int] = set()
    stack = list(literals)
    while stack:
        here = stack.pop()
        if here in seen:
            continue
        seen.add(here)
        parts = gates.get(abs(here))
        if parts is None:
            if abs(here) in inputs:
                found[here] = None
        elif here > 0:
            stack += parts
        else:
            stack.append(next(-part for part in parts if not case[part]))
    return tuple(found)


def around(world: World, supports: Iterable[Iterable[int]], each: int) -> Sample:
    """A sample with so many cases for each support: its literals hold, and everything else is drawn."""
    given: dict[int, int] = {}
    size = 0
    for literals in supports:
        for literal in literals:
            given[literal] = given.get(literal, 0) | ((1 << each) - 1) << size
        size += each
    return Sample(world, size, given)
