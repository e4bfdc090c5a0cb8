"""How many mutations each reader gets: FUZZ_INPUTS, or 100. The end of the run says how many inputs that were together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from fuzzing import tried


@pytest.fixture
def inputs(record_property: Callable[[str, object], None]) -> Iterator[int]:
    tried.clear()
    yield int(os.environ.get("FUZZ_INPUTS", "100"))
    record_property("fuzz inputs", sum(tried.values()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    properties = [one for report in reports if getattr(report, "when", "") == "teardown" for one in report.user_properties]
    counts = [count for name, count in properties if name == "fuzz inputs"]
    if counts:
        terminalreporter.write_line(f"fuzzing: {sum(counts):,} inputs in {len(counts)} tests")
