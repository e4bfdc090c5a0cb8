"""The interview as JSON. The client keeps the state and sends it back with each answer; nothing is kept here."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field, WithJsonSchema

from backpain_rules import DONT_KNOW, Interview, KnowledgeBase

from .faults import FAULTS

State = Annotated[dict[str, Any], Field(description="what an earlier turn gave as `state`, unchanged")]


class Answer(BaseModel):
    """An answer to the question of the last turn: yes or no, a number, an option's value; null where it is not known."""

    state: State
    answer: bool | int | float | str | None


class Kept(BaseModel):
    """An interview as it stands."""

    state: State


class Turn(BaseModel):
    """Where the interview stands: the next question, null when no answer can change anything any more, and what follows."""

    state: State
    question: dict[str, Any] | None
    finished: bool
    result: dict[str, Any]


def interview_router(kb: KnowledgeBase) -> APIRouter:
    router = APIRouter(prefix="/interview", tags=["Interview"], responses=FAULTS)
    facts = WithJsonSchema(kb.case_schema()["properties"]["facts"])

    class Start(BaseModel):
        """What is known already, and the language to ask in."""

        facts: Annotated[list[dict[str, Any]], facts] = []
        language: str = "en"

    @router.post("", response_model=Turn)
    def start(known: Annotated[Start, Body()]) -> Response:
        """Begin."""
        return _turn(kb, kb.interview(kb.read_case({"facts": known.facts}), language=known.language))

    @router.post("/answer", response_model=Turn)
    def answer(given: Answer) -> Response:
        """Answer the question."""
        value = DONT_KNOW if given.answer is None else given.answer
        return _turn(kb, kb.restore_interview(given.state).answer(value))

    @router.post("/back", response_model=Turn)
    def back(kept: Kept) -> Response:
        """Take the last answer back."""
        return _turn(kb, kb.restore_interview(kept.state).back())

    @router.post("/report", responses={200: {"content": {"text/html": {}}}}, response_model=None)
    def report(kept: Kept) -> HTMLResponse:
        """What follows so far, as a page for people."""
        interview = kb.restore_interview(kept.state)
        return HTMLResponse(interview.result.report(interview.language).to_html().encode("utf-8", "replace"))

    return router


def _turn(kb: KnowledgeBase, interview: Interview) -> Response:
    """A `Turn`. Its result is the text that the knowledge base has ready for each conclusion, as it is."""
    question = interview.question
    said = {
        "state": interview.to_data(),
        "question": None if question is None else question.to_data(),
        "finished": question is None,
    }
    text = json.dumps(said, ensure_ascii=False)
    result = kb.assess(interview.facts).to_json()
    return Response(f'{text[:-1]}, "result": {result}}}'.encode("utf-8", "replace"), media_type="application/json")
