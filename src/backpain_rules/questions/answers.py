"""Check an answer against its question, and add it to the case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from ..errors import AnswerError, FactError, did_you_mean, shown
from ..explain.unknowns import Unknown
from ..facts.base import Fact
from ..ground.nodes import Place
from .question import DONT_KNOW, Kind, Question

WORDS: Final[dict[Kind, str]] = {
    "choice": "a text",
    "number": "a number",
    "duration": "a timedelta or a text such as 'PT6H'",
    "date": "a date or a text such as '2026-01-31'",
    "time": "a datetime or a text such as '2026-01-31T08:30'",
}


class Answer(NamedTuple):
    """An answered question. `said` is the answer as given, possibly `DONT_KNOW`.

    `value` is what the case records: the answer itself, a representative value if `said` names a band ("<5"), or None for
    `DONT_KNOW`.
    """

    question: str
    unknown: Unknown
    said: Any
    value: Any


def read_answer(question: Question, said: object) -> Answer:
    """Read an answer. Raises `AnswerError` if the question cannot have it."""
    if said is DONT_KNOW:
        return Answer(question.id, question.unknown, said, None)
    for option, band in zip(question.options, question.bands, strict=False):
        if said == option.value and type(said) is type(option.value):
            return Answer(question.id, question.unknown, said, band.value)
    if question.kind == "yes_no":
        if isinstance(said, bool):
            return Answer(question.id, question.unknown, said, said)
        raise _wrong(question, said, "is answered by True, False or DONT_KNOW")
    field = question.unknown.kind.schema_.fields[str(question.unknown.slot)]
    if field.is_finite:
        words = [str(option.value) for option in question.options]
        raise _wrong(question, said, f"is answered by one of {', '.join(words)}, or DONT_KNOW{did_you_mean(str(said), words)}")
    try:
        is_text = isinstance(said, str) and field.base is not str
        value = field.adapter.validate_json(json.dumps(said)) if is_text else field.adapter.validate_python(said, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        outside = f"{first['msg'][0].lower()}{first['msg'][1:]}" if "than" in first["type"] else ""
        answers = [WORDS[question.kind], *(repr(option.value) for option in question.options), "DONT_KNOW"]
        what = f"is answered by {', '.join(answers[:-1])} or {answers[-1]}"
        raise _wrong(question, said, f"{what} ({outside})" if outside else what, outside) from None
    return Answer(question.id, question.unknown, said, value)


def said_of(facts: Mapping[Place, Fact], unknown: Unknown, value: object) -> Fact:
    """The fact with this value for an unknown, and with everything that was stated before.

    Raises a `FactError` if a validator across the fields of the type forbids it.
    """
    known = facts.get(unknown.place)
    said = _key(unknown) if known is None else {name: one for name, one in known.__dict__.items() if one is not None}
    return unknown.kind(**{**said, unknown.slot or "present": value})


def with_answer(facts: Mapping[Place, Fact], answer: Answer) -> dict[Place, Fact]:
    """The facts after an answer."""
    try:
        return {**facts, answer.unknown.place: said_of(facts, answer.unknown, answer.value)}
    except FactError as error:
        raise AnswerError(
            f"{answer.question} cannot be {shown(answer.said)}: {error.message}", question=answer.question, value=answer.said
        ) from None


def _key(unknown: Unknown) -> dict[str, Any]:
    names = unknown.kind.schema_.keys
    return {name: value for name, value in zip(names, unknown.key, strict=True) if value is not None}


def _wrong(question: Question, said: object, what: str, outside: str = "") -> AnswerError:
    return AnswerError(f"{question.id} {what}; not by {shown(said)}", question=question.id, value=said, outside=outside)
