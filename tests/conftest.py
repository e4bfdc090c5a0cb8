"""What all tests share: how hard they try; and none of them judges time, neither its own nor that of making its examples."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from effort import QUICK, THOROUGH

for name, count in (("quick", QUICK), ("thorough", THOROUGH)):
    settings.register_profile(name, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=count)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="try each property on all its examples, as CI does")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("thorough" if config.getoption("--thorough") else "quick")


RANDOM = ("property", "conformance", "faulty_packs", "spark")
"""The folders whose rule bases are random or faulty: a knowledge base warns of many of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in RANDOM:
            item.add_marker(pytest.mark.filterwarnings("ignore::backpain_rules.RuleBaseWarning"))
