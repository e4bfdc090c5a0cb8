"""What a request that cannot be used gets: a status, and one sentence that says what is wrong and where."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from backpain_rules import BackpainRulesError

from .templates import page


class Fault(BaseModel):
    """What is wrong with a request."""

    reason: str
    place: str | None = Field(default=None, description="where in the request")
    suggestions: list[str] = Field(default_factory=list, description="the nearest known words")


FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": Fault, "description": "It is no JSON"},
    408: {"model": Fault, "description": "It did not come in time"},
    413: {"model": Fault, "description": "It is too large"},
    422: {"model": Fault, "description": "It says what cannot be"},
    503: {"model": Fault, "description": "Too many requests are being answered already"},
}
"""What every route that takes a body may answer, for its documentation."""


def fault(request: Request, status: int, reason: str, place: str | None = None, suggestions: tuple[str, ...] = ()) -> Response:
    """The answer: a page for a browser, JSON for a program."""
    if "text/html" in request.headers.get("accept", ""):
        return page("fault.html", status=status, reason=reason)
    body = Fault(reason=_printable(reason), place=place and _printable(place), suggestions=list(suggestions))
    return Response(body.model_dump_json(), status, media_type="application/json")


def handle_faults(app: FastAPI) -> None:
    """Answer what the library and the framework raise; what nobody foresaw is for the guard."""

    async def of_library(request: Request, error: Exception) -> Response:
        assert isinstance(error, BackpainRulesError)
        place, near = error.fields.get("place"), error.fields.get("suggestions", ())
        suggestions = tuple(map(str, near)) if isinstance(near, (tuple, list)) else ()
        return fault(request, 422, error.message, str(place) if place else None, suggestions)

    async def of_body(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return fault(request, 400, f"this is no JSON: {first['ctx']['error']}")
        place = ".".join(str(part) for part in first["loc"] if part != "body")
        return fault(request, 422, f"{place or 'the body'}: {first['msg']}", place or None)

    async def of_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = fault(request, error.status_code, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(BackpainRulesError, of_library)
    app.add_exception_handler(RequestValidationError, of_body)
    app.add_exception_handler(HTTPException, of_framework)


def _printable(text: str) -> str:
    """Text that UTF-8 can hold: JSON can smuggle in half of a letter."""
    return text.encode("utf-8", "replace").decode("utf-8")
