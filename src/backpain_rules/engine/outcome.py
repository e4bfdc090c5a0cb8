"""What an engine run leaves behind: the conclusions, and the means to ask for the bits of anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Protocol

from ..facts.base import Fact
from ..ground.evaluate import Evaluation
from ..ground.grounding import key_of
from ..ground.nodes import Place
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, POSSIBLE


class Outcome:
    """One case assessed. `established` are the numbers of the established propositions of `program`, in any order.

    `bits`, from an engine that computes all three sets at once, has the bits of every possible proposition; without
    it they are computed when they are asked for.
    """

    def __init__(
        self, program: Program, facts: tuple[Fact, ...], established: tuple[int, ...], bits: Mapping[int, int] | None = None
    ) -> None:
        self.program = program
        self.facts = facts
        self.established = established
        self._bits = bits

    @cached_property
    def stated(self) -> dict[Place, Fact]:
        """The stated facts by place."""
        return {Place(type(fact), key_of(fact)): fact for fact in self.facts}

    @cached_property
    def evaluation(self) -> Evaluation:
        """The bits of any premise of this case."""
        return Evaluation(self.program, self.stated, self._bits)

    @property
    def undecided(self) -> tuple[Fact, ...]:
        """The conclusions that are possible and not established."""
        self.evaluation.settle_all()
        bits = ((fact, self.evaluation.proposition(number)) for number, fact in enumerate(self.program.facts))
        return tuple(fact for fact, b in bits if b & (ESTABLISHED | POSSIBLE) == POSSIBLE)


class Engine(Protocol):
    """A way to run one program on cases. Every engine gives the same outcome."""

    def __init__(self, program: Program) -> None: ...

    def run(self, facts: Iterable[Fact]) -> Outcome:
        """The outcome of one case; a `FactError` when the facts are not a case."""
        ...
