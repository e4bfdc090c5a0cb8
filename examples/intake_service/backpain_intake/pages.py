"""The interview as pages for a patient: forms that need no script and work with the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from backpain_rules import DONT_KNOW, AnswerError, Audience, Interview, InvalidFactError, KnowledgeBase

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
    def begin(language: Text = "en", audience: Text = "patient") -> HTMLResponse:
        who: Audience = "practitioner" if audience == "practitioner" else "patient"
        return _shown(kb.interview(language=language, audience=who))

    @router.post("/pages/answer")
    def answer(state: Text, answer: Text = "", number: Text = "", amount: Text = "", unit: Text = "days") -> HTMLResponse:
        """A button that was pressed, or else what was filled in."""
        interview = kb.restore_interview(state)
        before = interview.emergencies
        try:
            interview.answer(_value(answer, number, amount, unit))
        except (AnswerError, InvalidFactError) as error:
            if interview.question is None:
                raise
            return _shown(interview, wrong=error.message)  # the question again: what was answered before is not lost
        if set(interview.emergencies) - set(before):
            return _emergency(interview)
        return _shown(interview)

    @router.post("/pages/go-on")
    def go_on(state: Text) -> HTMLResponse:
        """After an emergency, for those who want to."""
        return _shown(kb.restore_interview(state))

    @router.post("/pages/back")
    def back(state: Text) -> HTMLResponse:
        return _shown(kb.restore_interview(state).back())

    @router.post("/pages/result")
    def result(state: Text) -> HTMLResponse:
        return _result(kb.restore_interview(state))

    return router


_BUTTONS: Final = ("true", "false", "null")
"""Yes, no, and not known, as the buttons send them."""


def _value(answer: str, number: str, amount: str, unit: str) -> object:
    """What was answered: a button, or else what was filled in; 0 is a number too."""
    if answer in _BUTTONS:
        value = json.loads(answer)
        return DONT_KNOW if value is None else value
    if answer:
        return answer
    filled = _number(number)
    return _duration(amount, unit) if filled is None else filled


def _shown(interview: Interview, wrong: str = "") -> HTMLResponse:
    """The page of the next question; of the result, when no answer can change anything any more.

    `wrong` is what is wrong with the answer just given: then the page has the status of a request that cannot be used.
    """
    question = interview.question
    if question is None:
        return _result(interview)
    return page(
        "question.html",
        language=interview.language,
        question=question,
        buttons={_sent(option.value): option.label for option in question.options},
        number=len(interview.answers) + 1,
        left=max(interview.at_most_left, 1),
        is_emergency=bool(interview.emergencies),
        state=interview.to_json(),
        units=tuple(UNITS),
        wrong=wrong,
        status=422 if wrong else 200,
    )


def _emergency(interview: Interview) -> HTMLResponse:
    """The page that says so the moment an emergency is established, and recommends to stop."""
    result = interview.result
    labels = result.labels(interview.language)
    return page(
        "emergency.html",
        language=interview.language,
        referrals=[labels.title(referral) for referral in interview.emergencies],
        is_firm=all(map(result.is_firm, interview.emergencies)),
        state=interview.to_json(),
    )


def _result(interview: Interview) -> HTMLResponse:
    labels = interview.result.labels(interview.language)
    report = interview.result.report(interview.language, audience=interview.audience)
    return page(
        "result.html",
        language=interview.language,
        report=report._repr_html_(),
        state=interview.to_json(),
        can_go_back=bool(interview.answers),
        not_asked=labels.unknowns(interview.not_asked),
    )


def _sent(value: object) -> str:
    """What the button of an option sends."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _number(text: str) -> int | float | None:
    if not text.strip():
        return None
    try:
        value = float(text.replace("_", "?"))  # Python reads 4_0 as 40
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
