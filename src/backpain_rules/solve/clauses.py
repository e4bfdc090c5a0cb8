"""Propositional clauses under construction: literals, and gates over them.

A literal is a number, its negation the negative number. The same gate asked for twice is one variable, so that
premises which rules share cost nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

TRUE: Final = 1
FALSE: Final = -1


class Clauses:
    """A growing set of clauses over variables 1 to `size`; variable 1 is true."""

    def __init__(self) -> None:
        self.size = 1
        self.all: list[tuple[int, ...]] = [(TRUE,)]
        self.gates: dict[int, tuple[int, ...]] = {}
        """The literals that each gate is the conjunction of; a gate comes after those that it reads."""
        self._known: dict[tuple[int, ...], int] = {}

    def fresh(self) -> int:
        """A new variable."""
        self.size += 1
        return self.size

    def add(self, *literals: int) -> None:
        """One of these literals holds."""
        self.all.append(literals)

    def every(self, literals: Iterable[int]) -> int:
        """A literal that holds exactly where all of these do."""
        found = {literal for literal in literals if literal != TRUE}
        if FALSE in found or any(-literal in found for literal in found):
            return FALSE
        if len(found) < 2:
            return found.pop() if found else TRUE
        key = tuple(sorted(found))
        gate = self._known.get(key)
        if gate is None:
            gate = self._known[key] = self.fresh()
            self.gates[gate] = key
            self.all += [(-gate, literal) for literal in key]
            self.all.append((gate, *(-literal for literal in key)))
        return gate

    def some(self, literals: Iterable[int]) -> int:
        """A literal that holds exactly where one of these does."""
        return -self.every(-literal for literal in literals)

    def count(self, threshold: int, members: Sequence[tuple[int, int]]) -> int:
        """A literal that holds exactly where the points of the (points, literal) that hold reach the threshold.

        Members are decided one after the other; what matters is how many points are still missing.
        """
        missing = [TRUE] + [FALSE] * max(0, threshold)
        for points, literal in reversed(members):
            missing = [
                TRUE if left == 0 else self.some((without, self.every((literal, missing[max(0, left - points)]))))
                for left, without in enumerate(missing)
            ]
        return missing[max(0, threshold)]
