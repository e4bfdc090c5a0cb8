"""What an engine run leaves behind: the conclusions, and the means to ask for the bits of anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from ..facts.base import Fact
from ..ground.evaluate import Evaluation
from ..ground.nodes import Place
from ..ground.program import Program


@dataclass(frozen=True, eq=False)
class Outcome:
    """One case assessed. `established` are the numbers of the established propositions of `program`.

    `bits`, from an engine that computes all three sets at once, has the bits of every possible proposition; without
    it they are computed when they are asked for.
    """

    program: Program
    stated: Mapping[Place, Fact]
    established: tuple[int, ...]
    bits: Mapping[int, int] | None = None

    @cached_property
    def evaluation(self) -> Evaluation:
        """The bits of any premise of this case."""
        return Evaluation(self.program, self.stated, self.bits)


class Engine(Protocol):
    """A way to run a rule base on a case. Every engine gives the same outcome."""

    def run(self, program: Program, facts: Mapping[Place, Fact]) -> Outcome: ...
