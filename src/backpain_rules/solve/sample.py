"""Many cases at once, drawn at random, and what holds in each: most of what is possible shows without a search.

One bit a case, packed into one whole number for each literal, so that a gate costs one operation for all cases. So do those
who compare circuits before they ask a solver (Mishchenko, Chatterjee, Jiang and Brayton, FRAIGs, 2005).
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
"""Chances are rounded to eighths: so many random bits decide one."""


class Sample:
    """`size` random cases; `sample[literal]` are those in which a literal holds, as the bits of one number.

    Every second case has an answer to everything, the others leave a quarter of it open. `given` says of some literals of the
    world in which cases they must hold; what is given of one case must be possible together. The cases may break constraints.
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
        """What is said of one place: is the fact there, and how far along its row is each slot."""
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
        """The cases in which one thing is said."""
        return self._answered | self._chance(6)

    def _chance(self, eighths: int) -> int:
        """Each case with this chance."""
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
    """Literals of the world that make these hold: some of those that hold in a case where these do, not the fewest."""
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
    """A sample with so many cases for each of these supports, in which its literals hold; all else is drawn."""
    given: dict[int, int] = {}
    size = 0
    for literals in supports:
        for literal in literals:
            given[literal] = given.get(literal, 0) | ((1 << each) - 1) << size
        size += each
    return Sample(world, size, given)
