"""One case under way in the native engine: what is true so far, and the bits that a rule asks for beyond that."""

from __future__ import annotations

from collections.abc import Sequence

from ..ground.evaluate import Baseline
from ..ground.nodes import Derived, Fires
from ..ground.program import Program
from ..ground.states import State
from ..ir.bits import FALSE, TRUE
from .formulas import Leaves


class Lookups:
    """The bits of these propositions (below zero: instances): a case evaluates only what they rest on.

    `leaves` are those that decide the atoms among it. The bits are the same as those of an evaluation of the whole plan.
    """

    def __init__(self, program: Program, leaves: Leaves, asked: Sequence[int]) -> None:
        nodes = [Derived(number) if number >= 0 else Fires(-1 - number) for number in asked]
        self._baseline = Baseline(program, nodes)
        self.register = dict(zip(asked, map(self._baseline.plan.register, nodes), strict=True))
        self._decided = {leaves.true(atom): (atom, TRUE) for atom in self._baseline.atoms}
        self._decided |= {leaves.false(atom): (atom, FALSE) for atom in self._baseline.atoms}
        self.leaves = frozenset(self._decided)

    def registers(self, true: set[int]) -> Sequence[State]:
        """The registers of the case in which these leaves are true."""
        return self._baseline.with_states(dict(map(self._decided.__getitem__, true & self.leaves)))


class Run:
    """The leaves that are true so far; what rules look up is evaluated when it is first asked."""

    __slots__ = ("_lookups", "_registers", "true")

    def __init__(self, lookups: Lookups | None, true: set[int]) -> None:
        self._lookups, self.true = lookups, true
        self._registers: Sequence[State] | None = None

    def state(self, number: int) -> State:
        """The state of a proposition that some rule looks up, or below zero of an instance."""
        assert self._lookups is not None  # it is there if any rule looks something up
        if self._registers is None:
            self._registers = self._lookups.registers(self.true)
        return self._registers[self._lookups.register[number]]
