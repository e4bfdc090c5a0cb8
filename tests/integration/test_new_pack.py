"""`backpain-rules new-pack`: the project it makes works as it stands."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from backpain_rules import KnowledgeBase, Pain, __version__, present
from backpain_rules.cli import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["new-pack", "desk_work"]) == 0
    return tmp_path / "backpain-pack-desk-work"


def run(project: Path, *arguments: str) -> str:
    """What a command prints that is run in the project, with nothing of it installed."""
    environment = {**os.environ, "PYTHONPATH": "", "PIP_NO_INDEX": "1"}
    done = subprocess.run([sys.executable, *arguments], cwd=project, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_rule_fires_at_once(project: Path) -> None:
    assert "because rule desk_work:stiff-neck" in run(project, "-m", "backpain_pack_desk_work")


def test_its_tests_pass_at_once(project: Path) -> None:
    assert " passed" in run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def test_it_checks_clean_and_leaves_no_mark_unfilled(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(project))
    kb = KnowledgeBase([importlib.import_module("backpain_pack_desk_work").PACK])
    assert [str(found) for found in kb.check()] == []
    texts = {
        file: file.read_text(encoding="utf-8")
        for file in project.rglob("*.*")
        if "__pycache__" not in file.parts and file.is_file()
    }
    assert [file for file, text in texts.items() if "__pack__" in text or "__project__" in text or "__version__" in text] == []
    assert not list(project.rglob("*.in"))


def test_it_asks_for_this_library_and_names_its_entry_point(project: Path) -> None:
    about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert about["dependencies"] == [f"backpain-rules>={__version__}"]
    assert about["entry-points"] == {"backpain_rules.packs": {"desk_work": "backpain_pack_desk_work"}}


@pytest.mark.parametrize(("form", "file"), [("yaml", "desk_work.yaml"), ("table", "desk_work.csv")])
def test_a_pack_as_data_is_loaded_checked_and_passes_its_tests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, file: str
) -> None:
    assert main(["new-pack", "desk_work", "--format", form, "--in", str(tmp_path)]) == 0
    project = tmp_path / "backpain-pack-desk-work"
    assert not list(project.rglob("*.py.in"))
    capsys.readouterr()
    assert main(["rules", "--pack", str(project / file), "--by-source"]) == 0
    assert "none missing" in capsys.readouterr().out
    kb = KnowledgeBase.load(project / file)
    assert [str(found) for found in kb.check()] == []
    assert kb.assess([Pain(region="neck", severity=4), present("long_sitting"), present("bent_head")]).recommendations
    assert " passed" in run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert [path.name for path in project.rglob("*") if path.is_file() and "__pack__" in path.read_text(encoding="latin-1")] == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("acupuncture", "'acupuncture' is the name of an installed pack, of backpain-rules; choose another"),
        ("desk-work", "write 'desk_work'"),
        ("Desk", "write 'desk'"),
        ("9x", "starting with a letter"),
        ("../up", "use letters, digits"),
        ("", "use letters, digits"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, why: str) -> None:
    assert main(["new-pack", name, "--in", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert why in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "README.md").write_text("mine")
    assert main(["new-pack", "desk_work"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (project / "README.md").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["new-pack", "desk_work", "--in", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
