"""What pytest does for `--pack-coverage`: watch the run, report, and fail it where too little was shown."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from ..errors import BackpainRulesError
from ..plugins.discovery import discover
from .coverage import Coverage, PackCoverage
from .watching import watching

SENT = "backpain_rules_pack_coverage"


class CoveragePlugin:
    """Watches one run. Under pytest-xdist each worker sends what it has seen, and the run reports it all."""

    def __init__(self, packs: list[str], least: float | None) -> None:
        self._named = [name for name in packs if name]
        self.coverage = Coverage(self._named or [found.pack.id for found in discover().packs])
        self.least = least
        self._watching = ExitStack()
        self._reports: list[PackCoverage] = []
        self._failed = ""

    def start(self) -> None:
        """Begin to watch."""
        self._watching.enter_context(watching(self.coverage.see))

    def pytest_unconfigure(self) -> None:
        self._watching.close()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        sent = getattr(node, "workeroutput", {}).get(SENT)
        if sent is not None:
            self.coverage.add(sent)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        sent: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if sent is not None:
            sent[SENT] = self.coverage.to_data()
            return
        self._watching.close()
        try:
            self._reports = [self.coverage.report(pack) for pack in self._named or sorted(self.coverage.used)]
        except BackpainRulesError as error:
            self._failed = f"no report: {error.message}"
        low = [one for one in self._reports if self.least is not None and one.percent < self.least]
        if low:
            self._failed = f"less than {self.least:g} % of what is possible was shown of {', '.join(one.pack for one in low)}"
        if self._failed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("pack coverage")
        for report in self._reports:
            for line in report.lines():
                terminalreporter.line(line)
        if self._failed:
            terminalreporter.line(f"FAILED {self._failed}", red=True)
