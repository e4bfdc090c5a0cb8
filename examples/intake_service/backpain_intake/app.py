"""The application: its parts, put together over one knowledge base."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.requests import Request

from backpain_rules import KnowledgeBase

from .cds_hooks import cds_hooks_router
from .faults import handle_faults
from .guard import Guard, Limits
from .interview import interview_router
from .pages import pages_router

LARGEST = 1_000_000
"""How many bytes a request may have."""
BODY_SECONDS = 10.0
"""How long a request may take to bring its body."""
AT_ONCE = 64
"""How many requests are read and answered at once; others are told to come back."""
HOSTS = ("127.0.0.1", "localhost", "[::1]", "testserver")
"""The names that this service goes by; a request for another is refused, so that no link with a stranger's name comes back."""


def create_app(
    kb: KnowledgeBase | None = None,
    *,
    today: Callable[[], date] = date.today,
    hosts: Collection[str] = HOSTS,
    origins: Collection[str] = (),
    check_caller: Callable[[Request], None] | None = None,
) -> FastAPI:
    """The service on this knowledge base, by default on all installed packs; `today` is the day of an assessment.

    `hosts` are the names, without ports, that requests may ask for; `origins` are the addresses of web pages whose scripts may
    call (CORS), such as the sandbox of CDS Hooks. `check_caller` lets only known record systems call CDS Hooks
    (`callers.Callers`).
    """
    kb = kb or KnowledgeBase.load()
    app = FastAPI(
        title="Back pain intake",
        version="1.0",
        description="An interview about back pain, and cards of CDS Hooks. An example for developers: it is not medical advice.",
        docs_url=None,  # both load scripts from elsewhere; /openapi.json is the same without them
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat the name of the host that was asked for
    )
    app.include_router(pages_router(kb))
    app.include_router(interview_router(kb))
    app.include_router(cds_hooks_router(kb, today, check_caller=check_caller))

    @app.get("/health", include_in_schema=False)
    def health() -> dict[str, object]:
        """That the service answers, and with which packs."""
        return {"status": "ok", "packs": {pack.id: pack.version for pack in kb.packs}}

    handle_faults(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
    )
    limits = Limits(bytes=LARGEST, seconds=BODY_SECONDS, at_once=AT_ONCE)
    app.add_middleware(Guard, limits=limits, hosts=frozenset(hosts))
    return app
