"""One case under way in the native engine: what is true so far, and the means to ask for any other bit."""

from __future__ import annotations

from ..facts.base import Fact
from ..ground.evaluate import Evaluation
from ..ground.nodes import by_place
from ..ground.program import Program


class Run:
    """The leaves that are true so far; `evaluation` has the bits of everything, and is made when it is first asked."""

    __slots__ = ("_evaluation", "facts", "program", "true")

    def __init__(self, program: Program, facts: tuple[Fact, ...], true: set[int]) -> None:
        self.program, self.facts, self.true = program, facts, true
        self._evaluation: Evaluation | None = None

    @property
    def evaluation(self) -> Evaluation:
        if self._evaluation is None:
            self._evaluation = Evaluation(self.program, by_place(self.facts))
        return self._evaluation
