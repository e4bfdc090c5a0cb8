"""The pytest plug-in: `pytest --pack acupuncture` adds the ready-made properties of a pack to the run, one item each, and
`pytest --pack-coverage=acupuncture` reports what the run never showed of its rules.

It imports nothing of the library until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("backpain_rules", "clinical rule packs")
    group.addoption("--pack", action="append", default=[], metavar="NAME", help="try every property on this installed pack")
    group.addoption("--pack-examples", type=int, default=50, metavar="N", help="how many cases each property is tried on (50)")
    group.addoption(
        "--pack-coverage",
        action="append",
        nargs="?",
        const="",
        default=[],
        metavar="NAME",
        help="report what the run never shows of a pack's rules (write =NAME; without: of every pack used)",
    )
    group.addoption("--pack-coverage-min", type=float, metavar="PERCENT", help="fail the run if less than this is shown")


def pytest_configure(config: pytest.Config) -> None:
    packs, least = config.getoption("--pack-coverage"), config.getoption("--pack-coverage-min")
    for name in packs:
        if name and not name.isidentifier():
            raise pytest.UsageError(f"{name!r} was taken for the name of a pack: write --pack-coverage=NAME, or put it last")
    if packs:
        plugin = import_module("backpain_rules.testing.coverage_plugin").CoveragePlugin(packs, least)
        config.pluginmanager.register(plugin, "backpain_rules_coverage")
        plugin.start()
    elif least is not None:
        raise pytest.UsageError("--pack-coverage-min needs --pack-coverage=NAME")


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    for name in config.getoption("--pack"):
        properties = import_module("backpain_rules.testing.properties")
        looked_at = properties.subject(name, max_examples=config.getoption("--pack-examples"))
        items += [PackItem.from_parent(session, name=f"{name}::{held}", check=check, looked_at=looked_at)
                  for held, check in properties.PROPERTIES.items()]  # fmt: skip


class PackItem(pytest.Item):
    """One property of one pack."""

    def __init__(self, *, check: Any, looked_at: Any, **more: Any) -> None:
        super().__init__(**more)
        self._check, self._looked_at = check, looked_at

    def runtest(self) -> None:
        self._check(self._looked_at)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, None, str]:
        return "backpain_rules", None, f"pack {self.name}"
