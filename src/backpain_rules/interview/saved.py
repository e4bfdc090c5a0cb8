"""An interview as JSON: its packs, its initial facts, and its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import JsonValue, ValidationError
from pydantic_core import to_json

from ..errors import AnswerError, did_you_mean, shown
from ..explain.unknowns import Unknown
from ..facts.base import Fact, to_data
from ..json_text import jsonable
from ..link.model import Linked
from ..questions.answers import Answer
from ..questions.items import unknowns_by_link
from ..questions.question import DONT_KNOW
from ..session.saved import VERSION, Saved, Strict, made_with
from ..terms import Audience


class SavedAnswer(Strict):
    """An answered question. If the answer names a band, `value` is the recorded value."""

    question: str
    answer: JsonValue
    value: JsonValue = None


class SavedDontKnow(Strict):
    """A question answered by "I don't know"."""

    question: str
    dont_know: Literal[True]


class SavedInterview(Saved):
    """The data that `Interview.to_json` writes."""

    interview: Literal[2]
    language: str
    audience: Audience = "practitioner"  # older saved interviews have no audience and asked everything
    facts: list[Any]
    answers: list[SavedAnswer | SavedDontKnow]


def saved(linked: Linked, language: str, audience: Audience, facts: Iterable[Fact], answers: Sequence[Answer]) -> dict[str, Any]:
    """The interview as data."""
    return {
        "interview": VERSION,
        **made_with(linked),
        "language": language,
        "audience": audience,
        "facts": [to_data(fact) for fact in facts],
        "answers": [_answer(answer) for answer in answers],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    if answer.value is None:
        return {"question": answer.question, "dont_know": True}
    said, value = jsonable(answer.said), jsonable(answer.value)
    return {"question": answer.question, "answer": said, **({"value": value} if said != value else {})}


def answers_from(linked: Linked, given: Sequence[SavedAnswer | SavedDontKnow]) -> tuple[Answer, ...]:
    """The answers of a saved interview. Raises `AnswerError`, with the place, for a question that these packs do not ask.

    It also refuses a question that was answered twice.
    """
    known = unknowns_by_link(linked)
    read: dict[str, Answer] = {}
    for number, entry in enumerate(given):
        place = f"answers[{number}]"
        if entry.question in read:
            raise AnswerError(f"{place}: {entry.question} was answered before", place=place, question=entry.question)
        read[entry.question] = _read(known, place, entry)
    return tuple(read.values())


def _read(known: Mapping[str, Unknown], place: str, entry: SavedAnswer | SavedDontKnow) -> Answer:
    link = entry.question
    unknown = known.get(link)
    if unknown is None:
        raise AnswerError(f"{place}: these packs ask no {shown(link)}{did_you_mean(link, known)}", place=place, question=link)
    if isinstance(entry, SavedDontKnow):
        return Answer(link, unknown, DONT_KNOW, None)
    has_value = "value" in entry.model_fields_set
    value = entry.value if has_value else entry.answer
    if unknown.slot is None:
        if not isinstance(value, bool) or has_value:
            raise AnswerError(f"{place}: {link} is answered by true or false, not {shown(value)}", place=place, question=link)
        return Answer(link, unknown, value, value)
    adapter = unknown.kind.schema_.fields[unknown.slot].adapter
    try:
        read = adapter.validate_json(to_json(value))
    except ValidationError as error:
        what = error.errors(include_url=False)[0]["msg"]
        raise AnswerError(f"{place}: {link} cannot be {shown(value)}: {what}", place=place, question=link, value=value) from None
    return Answer(link, unknown, entry.answer if has_value else read, read)
