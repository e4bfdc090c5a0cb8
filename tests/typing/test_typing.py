"""What a pack author is told: by type checkers before anything runs, and by the library when a rule is written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import planted_mistakes
import pytest
from planted_mistakes import MISTAKES

from backpain_rules import BackpainRulesError

MISTAKEN = Path(planted_mistakes.__file__)
GOOD = sorted(MISTAKEN.parent.glob("good_*.py"))
STATIC = {number for number, line in enumerate(MISTAKEN.read_text().splitlines(), 1) if line.endswith("# static")}
Reports = Mapping[str, Mapping[int, list[str]]]


def run(directory: Path, *command: str | Path) -> str:
    """What a checker prints; that it finds errors is no failure."""
    done = subprocess.run([sys.executable, "-m", *map(str, command)], cwd=directory, capture_output=True, text=True)
    assert done.returncode in (0, 1), f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def mypy(directory: Path) -> Iterator[tuple[str, int, str]]:
    printed = run(directory, "mypy", "--strict", "--config-file=", "--cache-dir", os.devnull, "--output=json", ".")
    for error in map(json.loads, printed.splitlines()):
        if error["severity"] == "error":
            yield Path(error["file"]).name, error["line"], error["message"]


def pyright(directory: Path) -> Iterator[tuple[str, int, str]]:
    (directory / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict", "include": ["."]}))
    printed: Any = json.loads(run(directory, "pyright", "--pythonpath", sys.executable, "--outputjson"))
    for error in printed["generalDiagnostics"]:
        yield Path(error["file"]).name, error["range"]["start"]["line"] + 1, error["message"]


@pytest.fixture(scope="module", params=[mypy, pyright], ids=lambda checker: checker.__name__)
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """The errors by file and line. The files are copied away, as a stranger's are, from this project's own settings."""
    directory = tmp_path_factory.mktemp("stranger")
    for file in (*GOOD, MISTAKEN):
        shutil.copy(file, directory)
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file, line, message in request.param(directory):
        found[file][line].append(message)
    return found


@pytest.mark.parametrize("file", [file.name for file in GOOD])
def test_good_code_is_clean(reports: Reports, file: str) -> None:
    assert reports.get(file, {}) == {}


def test_good_code_also_runs() -> None:
    import good_application
    import good_pack

    kb = good_application.kb
    fires = [kb.assess(case).derived for rule in good_pack.PACK.rules for case in rule.fires_on]
    silent = [kb.assess(case).derived for rule in good_pack.PACK.rules for case in rule.silent_on]
    assert fires
    assert all(fires)
    assert not any(silent)


def test_a_checker_reports_each_static_mistake_and_nothing_else(reports: Reports) -> None:
    found = reports[MISTAKEN.name]
    assert {line: found.get(line) for line in STATIC ^ set(found)} == {}


def test_most_mistakes_are_static() -> None:
    mistakes = [telling for _, _, telling in MISTAKES if telling is not None]
    assert (len(STATIC), len(mistakes)) == (37, 47)


@pytest.mark.parametrize(("mistake", "telling"), [pytest.param(f, words, id=name) for name, f, words in MISTAKES])
def test_the_library_tells(mistake: Callable[[], object], telling: str | None) -> None:
    if telling is None:
        mistake()
        return
    with pytest.raises((BackpainRulesError, NameError, AttributeError, TypeError)) as caught:
        mistake()
    assert telling in str(caught.value)
