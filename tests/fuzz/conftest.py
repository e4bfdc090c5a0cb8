"""How many inputs each reader gets: a few hundred by default, 20,000 in CI (FUZZ_INPUTS=20000), a million when asked for."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def inputs() -> int:
    return int(os.environ.get("FUZZ_INPUTS", "300"))
