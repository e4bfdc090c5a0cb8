"""The interview as JSON. The client keeps the state and sends it back with each answer; nothing is kept here."""

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import HTMLResponse
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

    @router.post("")
    def start(known: Annotated[Start, Body()]) -> Turn:
        """Begin."""
        return _turn(kb.interview(kb.read_case({"facts": known.facts}), language=known.language))

    @router.post("/answer")
    def answer(given: Answer) -> Turn:
        """Answer the question."""
        value = DONT_KNOW if given.answer is None else given.answer
        return _turn(kb.restore_interview(given.state).answer(value))

    @router.post("/back")
    def back(kept: Kept) -> Turn:
        """Take the last answer back."""
        return _turn(kb.restore_interview(kept.state).back())

    @router.post("/report", responses={200: {"content": {"text/html": {}}}}, response_model=None)
    def report(kept: Kept) -> HTMLResponse:
        """What follows so far, as a page for people."""
        interview = kb.restore_interview(kept.state)
        return HTMLResponse(interview.result.report(interview.language).to_html().encode("utf-8", "replace"))

    return router


def _turn(interview: Interview) -> Turn:
    question = interview.question
    return Turn(
        state=interview.to_data(),
        question=None if question is None else question.to_data(),
        finished=question is None,
        result=interview.result.to_data(),
    )
