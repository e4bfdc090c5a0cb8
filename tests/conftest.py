"""Settings of all tests: how many random examples each property tries, and which. No test fails because it is slow.

A property draws its examples from a fixed seed, so the same tree gives the same result. With `--explore` it draws new examples in
each run.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from effort import QUICK, THOROUGH

for effort, count in (("quick", QUICK), ("thorough", THOROUGH)):
    common = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=count)
    settings.register_profile(effort, common, derandomize=True)
    settings.register_profile(f"{effort}, exploring", common, derandomize=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="try each property on all its examples, as CI does")
    parser.addoption("--explore", action="store_true", help="try each property on new random examples, not on those of CI")


def pytest_configure(config: pytest.Config) -> None:
    effort = "thorough" if config.getoption("--thorough") else "quick"
    settings.load_profile(f"{effort}, exploring" if config.getoption("--explore") else effort)


RANDOM = ("property", "conformance", "faulty_packs", "spark")
"""The folders whose rule bases are random or faulty: a knowledge base warns of many of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in RANDOM:
            item.add_marker(pytest.mark.filterwarnings("ignore::backpain_rules.RuleBaseWarning"))
