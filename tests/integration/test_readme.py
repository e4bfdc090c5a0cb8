"""What README.md says is so: its Python runs, and the output it shows is the output there is."""

from __future__ import annotations

import re
import runpy
import shlex

import pytest

from backpain_rules.cli import main
from pages import ROOT, Block, blocks, is_shown, printed

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = [block for block in blocks(README) if block.language == "python"]


@pytest.mark.parametrize("block", PYTHON, ids=range(len(PYTHON)))
def test_each_example_runs_on_its_own_and_prints_what_the_page_shows(block: Block) -> None:
    real = printed(block, {"__name__": "__main__"})
    assert block.output is not None
    assert is_shown(block.output, real), f"{block.text}\nreally prints\n{real}"


def test_the_case_of_the_first_command_is_a_strain_from_lifting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (command,) = re.findall(r"backpain-rules (assess .+)$", README, re.MULTILINE)
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(command)) == 0
    real = capsys.readouterr().out
    assert "acute_strain (lumbar)" in real
    assert "mechanism lifting" in real


def test_the_packs_that_the_quickstart_loads_say_what_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / "quickstart.py"))
    assert "acupuncture for acute_strain, firm" in capsys.readouterr().out


def test_there_are_as_many_patients_as_it_says() -> None:
    cases = [file for file in (ROOT / "examples" / "cases").glob("**/*.json") if ".expected" not in file.name]
    assert 90 <= len(cases) <= 130  # "about a hundred more"


def test_the_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    headings = {f"#{title.lower().replace(' ', '-')}" for title in re.findall(r"^#+ (.+)$", README, re.MULTILINE)}
    local = [target for target in targets if not target.startswith("https://")]
    assert local
    assert [target for target in local if not (target in headings or (ROOT / target).exists())] == []
