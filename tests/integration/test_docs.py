"""What the pages of docs/ say is so: their Python runs, their commands too, and the output they show is the output there is.

The tutorial asks for an installation; `tests/packaging/test_tutorial.py` follows it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from backpain_rules import __version__
from pages import ROOT, Shell, blocks, is_shown, printed

DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if page.name != "tutorial.md")


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(DOCS).as_posix() for page in PAGES])
def test_the_blocks_run_from_top_to_bottom_and_print_what_they_are_said_to_print(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python shares its names; a block for the shell is typed when its output is shown; both in a folder with the examples."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    names: dict[str, Any] = {"__name__": "__main__"}
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            real = printed(block, names)
            assert is_shown(block.output or "", real), f"{block.text}\nreally prints\n{real}"
        elif block.language == "bash" and block.output is not None:
            with Shell(tmp_path, environment) as shell:
                real, _ = shell.typed(block.text)
            assert is_shown(block.output, real), f"{block.text}\nreally prints\n{real}"


def test_the_version_to_cite_is_this_one() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
