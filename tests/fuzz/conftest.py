"""How many mutations each reader gets: FUZZ_INPUTS, 300 without it, and 2,500 in CI, which makes some 20,000 in all."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def inputs() -> int:
    return int(os.environ.get("FUZZ_INPUTS", "300"))
