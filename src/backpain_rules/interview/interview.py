"""An interview asks what can change the conclusions, takes answers, and stops when nothing can.

Its state is the initial facts and the answers since, in order. Everything else is derived.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from ..arguments import indent_of, one_of
from ..assessment import Assessment
from ..deadline import Deadline
from ..engine.case import read_case
from ..errors import AnswerError
from ..explain.unknowns import Unknown
from ..facts.base import Fact, canonical
from ..facts.types import Referral
from ..ground.compile import with_closed
from ..ground.nodes import Place
from ..ground.program import Program
from ..questions.answers import Answer, read_answer, with_answer
from ..questions.asking import asking
from ..questions.case import Case
from ..questions.items import is_asked_of
from ..questions.question import Question
from ..show.labels import ENGLISH, Labels
from ..terms import AUDIENCES, Audience
from .saved import SavedInterview, answers_from, saved


class Interview:
    """Questions about one patient. Made by `kb.interview(...)`. An interview is for one thread at a time.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
    >>> interview = kb.interview()
    >>> interview.question.text
    'Are you cold?'
    >>> interview.answer(True).question is None
    True
    >>> interview.result.findings
    (Finding(condition='chill', region=None, strength='indicates'),)
    """

    def __init__(
        self,
        program: Program,
        facts: Iterable[Fact] = (),
        *,
        language: str = ENGLISH,
        audience: Audience = "practitioner",
        answers: Sequence[Answer] = (),
        seconds: float | None = None,
    ) -> None:
        Deadline.after(seconds)  # refuse a bad number now, not at the first question
        self._seconds = seconds
        one_of("interview", "audience", audience, AUDIENCES)
        linked = program.linked
        given = tuple(facts)
        self._given: dict[Place, Fact] = read_case(linked, given)
        self._labels = Labels(linked, language)
        self._asking = asking(with_closed(program, [fact for fact in given if not fact.schema_.is_open]), audience)
        self._start = Case(self._given)
        self._taken: list[tuple[Answer, Case]] = []
        self._known: dict[int, Question | None] = {}
        self._result: Assessment | None = None
        for answer in answers:
            self._take(answer)

    # --- what is known ------------------------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        """The language of the questions."""
        return self._labels.language

    @property
    def audience(self) -> Audience:
        """Who answers."""
        return self._asking.audience

    @property
    def emergencies(self) -> tuple[Referral, ...]:
        """The emergency referrals established so far. Tell the person at once, and recommend to stop the interview."""
        return self.result.emergencies

    @property
    def at_most_left(self) -> int:
        """An upper bound of the remaining questions. No answer increases it, and most interviews end earlier."""
        return sum(self._asking.asks(unknown) and unknown not in self._case.declined for unknown in self._open)

    @property
    def not_asked(self) -> tuple[Unknown, ...]:
        """In an interview with a patient: the open questions that only a practitioner can answer. They stay unknown."""
        linked = self._asking.program.linked
        return tuple(unknown for unknown in self._open if not is_asked_of(linked, *unknown.place, self.audience))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The case so far, in canonical order."""
        return tuple(sorted(self._case.facts.values(), key=canonical))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far, oldest first."""
        return tuple(answer for answer, _ in self._taken)

    @property
    def result(self) -> Assessment:
        """The assessment of the facts so far, equal to `kb.assess(interview.facts)`."""
        if self._result is None:
            self._result = Assessment(self._asking.outcome(self._case))
        return self._result

    # --- asking and answering -------------------------------------------------------------------------------------------

    @property
    def question(self) -> Question | None:
        """The current question; None if no answers can change the conclusions.

        If the time limit of a question runs out, the interview asks one that may be superfluous (not `proved`); it never ends
        early. Raises `MissingExtraError` if the extra `[prove]` is not installed.
        """
        step = len(self._taken)
        if step not in self._known:
            self._known[step] = self._asking.best(self._case, self._labels, Deadline.after(self._seconds))
        return self._known[step]

    def answer(self, value: object) -> Interview:
        """Answer the current question: True or False, an option's value, a number, a time, or `DONT_KNOW`.

        Raises `AnswerError`, and changes nothing, if the question cannot have this value, or if there is no question.
        """
        question = self.question
        if question is None:
            raise AnswerError("the interview is finished: no answer can change the conclusions; back() takes the last one back")
        self._take(read_answer(question, value))
        return self

    def back(self) -> Interview:
        """Undo the last answer and ask its question again. Raises `AnswerError` if there is no answer."""
        if not self._taken:
            raise AnswerError("nothing was answered yet, so there is nothing to take back")
        self._known.pop(len(self._taken), None)
        self._result = None
        self._taken.pop()
        return self

    # --- saved ----------------------------------------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """The interview as JSON data, with the identity of its packs. Pass it to `kb.restore_interview`."""
        given = sorted(self._given.values(), key=canonical)
        return saved(self._asking.program.linked, self.language, self.audience, given, self.answers)

    def to_json(self, *, indent: int | None = None) -> str:
        """The interview as JSON text."""
        return json.dumps(self.to_data(), ensure_ascii=False, indent=indent_of("to_json", indent))

    def __repr__(self) -> str:
        return f"Interview({len(self._taken)} answered: {self.question or 'finished'})"

    # --- inside ---------------------------------------------------------------------------------------------------------

    @property
    def _open(self) -> tuple[Unknown, ...]:
        """The unknowns that conclusions depend on, each once."""
        result = self.result
        found = [*(one.needs for one in result.undecided), *map(result.rests_on, result.derived)]
        return tuple(dict.fromkeys(unknown for unknowns in found for unknown in unknowns))

    @property
    def _case(self) -> Case:
        return self._taken[-1][1] if self._taken else self._start

    def _take(self, answer: Answer) -> None:
        case = self._case
        if answer.value is None:
            case = Case(case.facts, case.declined | {answer.unknown})
        else:
            case = Case(with_answer(case.facts, answer), case.declined)
        self._result = None
        self._taken.append((answer, case))  # the only step that changes state, so an answer is taken completely or not at all


def restored(program: Program, saved: SavedInterview, facts: Iterable[Fact], seconds: float | None = None) -> Interview:
    """Restore a saved interview that began with these facts."""
    answers = answers_from(program.linked, saved.answers)
    return Interview(program, facts, language=saved.language, audience=saved.audience, answers=answers, seconds=seconds)
