"""The interview as pages for a patient: forms that need no script and work with the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from backpain_rules import DONT_KNOW, Interview, InvalidFactError, KnowledgeBase

from .templates import page
from .words import NAMES

UNITS: Final = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}
Text: TypeAlias = Annotated[str, Form()]


def pages_router(kb: KnowledgeBase) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
    languages = {language: NAMES.get(language, language) for language in kb.languages}

    @router.get("/")
    def start(language: str = "en") -> HTMLResponse:
        return page("start.html", language=language if language in languages else "en", languages=languages)

    @router.post("/pages/begin")
    def begin(language: Text = "en") -> HTMLResponse:
        return _shown(kb.interview(language=language))

    @router.post("/pages/answer")
    def answer(state: Text, answer: Text = "", number: Text = "", amount: Text = "", unit: Text = "days") -> HTMLResponse:
        """A button that was pressed, or else what was filled in."""
        value = _filled_in(answer, number, amount, unit)
        return _shown(kb.restore_interview(state).answer(DONT_KNOW if value is None else value))

    @router.post("/pages/back")
    def back(state: Text) -> HTMLResponse:
        return _shown(kb.restore_interview(state).back())

    @router.post("/pages/result")
    def result(state: Text) -> HTMLResponse:
        return _result(kb.restore_interview(state))

    return router


_BUTTONS: Final = ("true", "false", "null")
"""Yes, no, and not known, as the buttons send them."""


def _shown(interview: Interview) -> HTMLResponse:
    """The page of the next question; of the result, when no answer can change anything any more."""
    question = interview.question
    if question is None:
        return _result(interview)
    return page(
        "question.html",
        language=interview.language,
        question=question,
        buttons={_sent(option.value): option.label for option in question.options},
        number=len(interview.answers) + 1,
        state=interview.to_json(),
        units=tuple(UNITS),
    )


def _result(interview: Interview) -> HTMLResponse:
    report = interview.result.report(interview.language)
    return page(
        "result.html",
        language=interview.language,
        report=report._repr_html_(),
        state=interview.to_json(),
        can_go_back=bool(interview.answers),
    )


def _sent(value: object) -> str:
    """What the button of an option sends."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _filled_in(answer: str, number: str, amount: str, unit: str) -> object:
    """The button that was pressed, or else the text, the number or the duration; a number may be 0."""
    if answer in _BUTTONS:
        return json.loads(answer)
    if answer:
        return answer
    value = _number(number)
    return _duration(amount, unit) if value is None else value


def _number(text: str) -> int | float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        raise InvalidFactError(f"{text!r} is no number", place="number") from None
    return int(value) if value.is_integer() else value


def _duration(text: str, unit: str) -> timedelta:
    known: Mapping[str, Any] = UNITS
    amount = _number(text)
    if amount is None:
        raise InvalidFactError("nothing was answered; press a button, or fill in a number", place="answer")
    if unit not in known:
        raise InvalidFactError(f"{unit!r} is no unit; there are {', '.join(known)}", place="unit")
    try:
        return amount * UNITS[unit]
    except (OverflowError, ValueError):
        raise InvalidFactError(f"{text} {unit} is longer than time can be counted", place="amount") from None
