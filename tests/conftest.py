"""What all tests share: no test of ours judges time, neither its own nor that of making its examples."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


RANDOM = ("property", "conformance")
"""The folders whose rule bases are random: many of them are such that a knowledge base warns of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in RANDOM:
            item.add_marker(pytest.mark.filterwarnings("ignore::backpain_rules.RuleBaseWarning"))
