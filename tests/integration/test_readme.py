"""What README.md and the pages of docs/ say is so: their Python runs, and the output they show is the output there is."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from backpain_rules.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = ".venv/bin/backpain-rules "


class Block(NamedTuple):
    """A fenced block, and the output that the next block claims for it, if that is one of output."""

    language: str
    text: str
    output: str | None


def blocks(text: str) -> Iterator[Block]:
    found: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for (language, text), (following, output) in zip(found, [*found[1:], ("", "")], strict=True):
        yield Block(language, text, output if following == "text" else None)


PYTHON = [block for block in blocks(README) if block.language == "python"]
COMMANDS = [block for block in blocks(README) if block.language == "bash" and PROGRAM in block.text]


def printed(block: Block, names: dict[str, Any]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(block.text, "README.md", "exec"), names)
    return output.getvalue()


def is_shown(claimed: str, real: str) -> bool:
    """Whether the claimed lines are the real ones; a line of three dots stands for any lines."""
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in claimed.splitlines())
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in real.splitlines())) is not None


@pytest.mark.parametrize("page", ["README.md", "docs/cohort.md"])
def test_the_python_runs_from_top_to_bottom_and_prints_what_it_is_said_to_print(page: str) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks((ROOT / page).read_text(encoding="utf-8")):
        if block.language != "python":
            continue
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
