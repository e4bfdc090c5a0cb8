"""The questions of a program: the next one, or all that are worth asking. Start here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import cache, cached_property
from threading import RLock
from typing import Final

from ..deadline import NEVER, Deadline
from ..engine.outcome import Outcome
from ..explain.unknowns import Unknown
from ..facts.base import canonical
from ..ground.evaluate import Evaluation
from ..ground.nodes import Said
from ..ground.program import Program
from ..ir.bits import ESTABLISHED
from ..show.labels import Labels
from ..terms import Audience
from .case import Case
from .completions import Completions
from .question import Question, make_question
from .state import Choice, State
from .tables import Tables

KEPT: Final = 4096
"""For so many cases the chosen question is cached, so that answering it does not search again."""


class Asking:
    """Chooses questions for one program and audience. Thread-safe; `asking` keeps one instance for each."""

    def __init__(self, program: Program, audience: Audience = "practitioner") -> None:
        self.program = program
        self.audience = audience
        self._tables = Tables(program, audience)
        self._lock = RLock()
        self._chosen: OrderedDict[tuple[object, ...], Choice | None] = OrderedDict()
        self._completions: tuple[tuple[object, ...], Completions] | None = None

    def best(self, case: Case, labels: Labels, deadline: Deadline = NEVER) -> Question | None:
        """The next question; None if no completion of the case has other conclusions than the case itself.

        After the deadline, the question may be one that is not proved to matter.
        """
        with self._lock:
            choice = self._choose(case, deadline)
        return None if choice is None else self._question(choice, labels, self._titles(labels))

    def all(self, case: Case, labels: Labels, deadline: Deadline = NEVER) -> tuple[Question, ...]:
        """Every question worth asking now, the best first; empty if no completion concludes anything else.

        Questions that could not be proved to matter before the deadline come last.
        """
        with self._lock:
            state = self.state(case)
            with state.completions.world.clauses.until(deadline):
                choices = list(state.choices())
        titles = self._titles(labels)
        return tuple(self._question(choice, labels, titles) for choice in choices)

    def _choose(self, case: Case, deadline: Deadline) -> Choice | None:
        key = (frozenset(map(canonical, case.facts.values())), case.declined)
        if key in self._chosen:
            self._chosen.move_to_end(key)
            return self._chosen[key]
        state = self.state(case)
        with state.completions.world.clauses.until(deadline):
            choice = next(state.choices(), None)
        if choice is None or choice.proved:
            self._chosen[key] = choice
            if len(self._chosen) > KEPT:
                self._chosen.popitem(last=False)
        return choice

    def asks(self, unknown: Unknown) -> bool:
        """Whether the audience can be asked about this unknown."""
        return self._tables.askable(Said(unknown.place, unknown.slot))

    def outcome(self, case: Case) -> Outcome:
        """The outcome of a case. Its facts of closed types must be those the program was made for."""
        evaluation = Evaluation(self.program, case.facts)
        established = tuple(n for n, state in enumerate(evaluation.propositions) if state & ESTABLISHED)
        return Outcome(self.program, tuple(case.facts.values()), established, evaluation=evaluation)

    def state(self, case: Case) -> State:
        """The state from which a question is chosen."""
        return State(self._tables, self.completions(case), case)

    def completions(self, case: Case) -> Completions:
        """The completions, in a world that also distinguishes the values of this case."""
        special = {
            said: value
            for said in self._special
            if (fact := case.facts.get(said.place)) is not None and (value := fact.__dict__[str(said.slot)]) is not None
        }
        if not special:
            return self._common
        known = tuple(special.items())
        if self._completions is None or self._completions[0] != known:
            facts = [case.facts[place] for place in dict.fromkeys(said.place for said in special)]
            self._completions = known, Completions(self.program, self._tables.askable, facts)
        return self._completions[1]

    @cached_property
    def _common(self) -> Completions:
        return Completions(self.program, self._tables.askable)

    @cached_property
    def _special(self) -> tuple[Said, ...]:
        """The slots with values that the shared world does not distinguish."""
        world = self._common.world
        return tuple(said for place in world.places for said in world.slots(place) if not world.tells_apart(said))

    def _titles(self, labels: Labels) -> Callable[[int], str]:
        """The titles of the propositions, cached across questions."""
        facts = self.program.facts
        return cache(lambda number: labels.title(facts[number]))

    def _question(self, choice: Choice, labels: Labels, title: Callable[[int], str]) -> Question:
        facts = self.program.facts
        ordered = sorted(choice.bears_on, key=self._tables.order.__getitem__)
        return make_question(
            labels,
            choice.unknown,
            choice.bands,
            tuple([facts[number] for number in ordered]),
            map(title, ordered),
            audience=self.audience,
            proved=choice.proved,
        )


def _asking_patients(program: Program) -> Asking:
    return Asking(program, "patient")


def asking(program: Program, audience: Audience) -> Asking:
    """The cached `Asking` of a program for an audience."""
    return program.once(_asking_patients if audience == "patient" else Asking)
