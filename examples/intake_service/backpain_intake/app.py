"""The application: its parts, put together over one knowledge base."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import FastAPI

from backpain_rules import KnowledgeBase

from .cds_hooks import cds_hooks_router
from .faults import handle_faults
from .guard import Guard
from .interview import interview_router
from .pages import pages_router

LARGEST = 1_000_000
"""How many bytes a request may have."""


def create_app(kb: KnowledgeBase | None = None, *, today: Callable[[], date] = date.today) -> FastAPI:
    """The service on this knowledge base, by default on all installed packs; `today` is the day of an assessment."""
    kb = kb or KnowledgeBase.load()
    app = FastAPI(
        title="Back pain intake",
        version="1.0",
        description="An interview about back pain, and cards of CDS Hooks. An example for developers: it is not medical advice.",
    )
    app.include_router(pages_router(kb))
    app.include_router(interview_router(kb))
    app.include_router(cds_hooks_router(kb, today))
    handle_faults(app)
    app.add_middleware(Guard, largest=LARGEST)
    return app
