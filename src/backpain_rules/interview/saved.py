"""An interview as JSON: the packs it was made with, the facts it began with, and the answers since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import to_json

from ..errors import AnswerError, did_you_mean
from ..explain.unknowns import Unknown
from ..facts.base import Fact, to_data
from ..json_text import jsonable
from ..link.model import Linked
from ..questions.answers import Answer
from ..questions.items import items
from ..questions.question import DONT_KNOW
from ..session.saved import made_with

KIND: Final = "interview"


def saved(linked: Linked, language: str, facts: Iterable[Fact], answers: Sequence[Answer]) -> dict[str, Any]:
    """The whole interview. An answer that names a band says in `value` what is recorded for it."""
    return {
        **made_with(linked, KIND),
        "language": language,
        "facts": [to_data(fact) for fact in facts],
        "answers": [_answer(answer) for answer in answers],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    if answer.value is None:
        return {"question": answer.question, "dont_know": True}
    said, value = jsonable(answer.said), jsonable(answer.value)
    return {"question": answer.question, "answer": said, **({"value": value} if said != value else {})}


def answers_from(linked: Linked, data: Mapping[str, Any]) -> tuple[Answer, ...]:
    """The answers of a saved interview. Raises `AnswerError`, with its place, for one that these packs do not ask for."""
    known = {item.link: item.unknown for item in items(linked)}
    given = data.get("answers")
    if not isinstance(given, (list, tuple)):
        raise AnswerError('a saved interview has a list called "answers"', place="answers")
    return tuple(_read(known, f"answers[{number}]", entry) for number, entry in enumerate(given))


def _read(known: Mapping[str, Unknown], place: str, entry: Any) -> Answer:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("question"), str):
        raise AnswerError(f'{place} is an object with a "question" and an "answer", not {entry!r}', place=place)
    link = entry["question"]
    unknown = known.get(link)
    if unknown is None:
        raise AnswerError(f"{place}: these packs ask no {link!r}{did_you_mean(link, known)}", place=place, question=link)
    if entry.get("dont_know") is True:
        return Answer(link, unknown, DONT_KNOW, None)
    said = entry.get("answer")
    value = entry.get("value", said)
    if unknown.slot is None:
        if not isinstance(value, bool):
            raise AnswerError(f"{place}: {link} is answered by true or false, not {value!r}", place=place, question=link)
        return Answer(link, unknown, value, value)
    adapter = unknown.kind.schema_.fields[unknown.slot].adapter
    try:
        read = adapter.validate_json(to_json(value))
    except ValidationError as error:
        what = error.errors(include_url=False)[0]["msg"]
        raise AnswerError(f"{place}: {link} cannot be {value!r}: {what}", place=place, question=link, value=value) from None
    return Answer(link, unknown, said if "value" in entry else read, read)
