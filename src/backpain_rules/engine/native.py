"""The default engine."""

from __future__ import annotations

from collections.abc import Mapping

from ..facts.base import Fact
from ..ground.nodes import Place
from ..ground.program import Program
from .outcome import Outcome


class Native:
    def run(self, program: Program, facts: Mapping[Place, Fact]) -> Outcome:
        outcome = Outcome(program, facts, ())
        outcome.evaluation.settle_all()
        established = tuple(n for n in range(len(program.facts)) if outcome.evaluation.proposition(n) & 2)
        return Outcome(program, facts, established)
