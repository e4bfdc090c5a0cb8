"""What README.md says is so: its Python runs, and the output it shows is the output there is."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest

from backpain_rules.cli import main
from pages import ROOT, Block, blocks, is_shown, printed

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = ".venv/bin/backpain-rules "


PYTHON = [block for block in blocks(README) if block.language == "python"]
COMMANDS = [block for block in blocks(README) if block.language == "bash" and PROGRAM in block.text]


def test_the_python_runs_from_top_to_bottom_and_prints_what_it_is_said_to_print() -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in PYTHON:
        real = printed(block, names)
        assert is_shown(block.output or "", real), f"{block.text}\nreally prints\n{real}"


@pytest.mark.parametrize("block", COMMANDS, ids=[block.text.partition(PROGRAM)[2].strip() for block in COMMANDS])
def test_a_command_prints_what_it_is_said_to_print(
    block: Block, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(block.text.partition(PROGRAM)[2])) == 0
    real = capsys.readouterr().out
    assert block.output is not None
    assert is_shown(block.output, real), f"{block.text}\nreally prints\n{real}"


def test_the_pack_in_it_runs_as_it_stands() -> None:
    (pack,) = (block for block in PYTHON if "@hookimpl" in block.text)
    assert is_shown(pack.output or "", printed(pack, {"__name__": "__main__"}))


def test_the_first_example_is_the_quickstart() -> None:
    code = re.sub(r"  # fmt: skip|\s+", "", (ROOT / "examples" / "quickstart.py").read_text(encoding="utf-8"))
    assert code.endswith(re.sub(r"\s+", "", PYTHON[0].text))


def test_the_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    headings = {f"#{title.lower().replace(' ', '-')}" for title in re.findall(r"^#+ (.+)$", README, re.MULTILINE)}
    local = [target for target in targets if not target.startswith("https://")]
    assert local
    assert [target for target in local if not (target in headings or (ROOT / target).exists())] == []
