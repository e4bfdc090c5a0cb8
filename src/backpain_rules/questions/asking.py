"""The questions of a program: the next one, or all that are worth asking. The door of this room."""

from __future__ import annotations

from threading import RLock

from ..engine.outcome import Outcome
from ..facts.base import Fact
from ..facts.types import Finding, Recommendation, Referral
from ..ground.evaluate import Evaluation
from ..ground.program import Program
from ..ir.bits import ESTABLISHED
from ..show.labels import Labels
from .case import Case
from .completions import Completions
from .question import Question, make_question
from .state import Choice, State
from .tables import Tables


class Asking:
    """What to ask under one program. Threads may share it; `Program.once` keeps one for each program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._tables = Tables(program)
        self._lock = RLock()
        self._completions: tuple[tuple[object, ...], Completions] | None = None

    def best(self, case: Case, labels: Labels) -> Question | None:
        """The question to ask next; None when no completion of the case has other conclusions than the case itself."""
        with self._lock:
            choice = next(self.state(case).choices(), None)
        return None if choice is None else self._question(choice, labels)

    def all(self, case: Case, labels: Labels) -> tuple[Question, ...]:
        """Every question that is worth asking now, the best first; none when no completion concludes anything else."""
        with self._lock:
            choices = list(self.state(case).choices())
        return tuple(self._question(choice, labels) for choice in choices)

    def outcome(self, case: Case) -> Outcome:
        """What follows from a case; its facts of closed types are those that the program was made for."""
        evaluation = Evaluation(self.program, case.facts)
        established = tuple(n for n, state in enumerate(evaluation.propositions) if state & ESTABLISHED)
        return Outcome(self.program, tuple(case.facts.values()), established, evaluation=evaluation)

    def state(self, case: Case) -> State:
        """All that choosing is about."""
        return State(self._tables, self.completions(case), case)

    def completions(self, case: Case) -> Completions:
        """The completions, in a world that tells the values of this case apart where slots are compared with each other."""
        exact = {
            said: value
            for said in self._tables.joined
            if (fact := case.facts.get(said.place)) is not None and (value := fact.__dict__[str(said.slot)]) is not None
        }
        known = tuple((said, value) for said, value in exact.items())
        if self._completions is None or self._completions[0] != known:
            facts = [case.facts[place] for place in dict.fromkeys(said.place for said in exact)]
            self._completions = known, Completions(self.program, self._tables.askable, facts)
        return self._completions[1]

    def _question(self, choice: Choice, labels: Labels) -> Question:
        facts, levels = self.program.facts, self._tables.levels
        ordered = sorted(choice.bears_on, key=lambda number: (levels[number], _rank(facts[number]), number))
        return make_question(labels, choice.unknown, choice.bands, tuple(facts[number] for number in ordered))


def _rank(fact: Fact) -> int:
    """What is told first of why something is asked."""
    return next((n for n, kind in enumerate((Referral, Finding, Recommendation)) if isinstance(fact, kind)), 3)
