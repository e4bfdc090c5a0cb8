"""The service under test, on the packs that come with the library, on one fixed day."""

from __future__ import annotations

from datetime import date

import pytest
from backpain_intake import create_app
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backpain_rules import KnowledgeBase

SHIPPED = ("acupuncture", "red_flags", "tcm_signs")


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app(KnowledgeBase.load(*SHIPPED), today=lambda: date(2026, 5, 21))


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)
