"""Commands that search, as a person runs them: progress on a terminal, and Ctrl-C ends them in one line with exit status 130."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

pty = pytest.importorskip("pty", reason="there are no such terminals")

ENDLESS = dedent("""
    from itertools import combinations

    from backpain_rules import Pack, Rule, all_of, any_of, condition, hookimpl, not_, symptom

    HOLES = 11  # and a pigeon more: no solver of this kind proves in any time that the rule cannot fire
    sits = [[symptom(f"p{p}_{h}", f"P{p} {h}", ask=f"P{p} {h}?") for h in range(HOLES)] for p in range(HOLES + 1)]
    apart = [not_(all_of(one[hole], other[hole])) for hole in range(HOLES) for one, other in combinations(sits, 2)]
    rule = Rule("full", when=all_of(*(any_of(*row) for row in sits), *apart), then=condition("full", "Full").finding())

    @hookimpl
    def backpain_rules_pack() -> Pack:
        return Pack("endless", version="1", title="Endless", rules=[rule])
""")
EMPTY = ENDLESS.replace("rules=[rule]", "terms=[sign for row in sits for sign in row]")
AWAKE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background has it ignored
from backpain_rules.cli import main
sys.exit(main(sys.argv[1:]))
"""
COMMANDS = [("check", "endless"), ("cases", "endless"), ("diff", "endless", "{empty}")]
SEARCHING = {"check": "looking for BR001", "cases": "putting the rules into clauses", "diff": "comparing conclusion 1 of 1"}


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., list[str]]:
    """The command line to run as a program of its own, with the endless pack installed."""
    site = tmp_path / "site"
    info = site / "endless_dist-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "endless_pack.py").write_text(ENDLESS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: endless-dist\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[backpain_rules.packs]\nendless = endless_pack\n")
    empty = tmp_path / "empty.py"
    empty.write_text(EMPTY)
    awake = f"import sys; sys.path.insert(0, {str(site)!r}){AWAKE}"
    return lambda *argv: [sys.executable, "-c", awake, *(one.format(empty=empty) for one in argv)]


@contextmanager
def at_a_terminal(command: list[str], out: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[str], str]]]:
    """Run a command with its complaints on a terminal and its output in a file; `seen(text)` waits until that was shown."""
    ours, theirs = pty.openpty()
    shown = b""

    def seen(text: str) -> str:
        nonlocal shown
        while text.encode() not in shown or not text:
            try:
                more = os.read(ours, 4096)
            except OSError:  # the other end is closed
                more = b""
            if not more:
                break
            shown += more
        return shown.decode()

    with out.open("wb") as written, subprocess.Popen(command, stdout=written, stderr=theirs, stdin=theirs) as running:
        os.close(theirs)
        try:
            yield running, seen
        finally:
            running.kill()
            os.close(ours)


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: argv[0])
def test_an_interrupt_of_a_search_is_one_line_and_no_output(
    program: Callable[..., list[str]], tmp_path: Path, argv: tuple[str, ...]
) -> None:
    out = tmp_path / "out.json"
    with at_a_terminal(program(*argv, "--format", "json", "--seconds", "60"), out) as (running, seen):
        assert SEARCHING[argv[0]] in seen(SEARCHING[argv[0]])
        running.send_signal(signal.SIGINT)
        last = seen("").rpartition("\r\033[K")[2]
        assert running.wait() == 130
    assert last.strip() == "backpain-rules: error: interrupted"
    assert out.read_bytes() == b""


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: argv[0])
def test_a_search_whose_time_is_up_says_so_and_shows_no_progress_where_nobody_looks(
    program: Callable[..., list[str]], argv: tuple[str, ...]
) -> None:
    done = subprocess.run(program(*argv, "--seconds", "1", "--format", "json"), capture_output=True, encoding="utf-8")
    assert done.returncode == 3
    assert '"complete": false' in done.stdout
    assert "\r" not in done.stderr
    assert SEARCHING[argv[0]] not in done.stderr


def test_progress_is_wiped_off_the_terminal_when_the_search_is_over(program: Callable[..., list[str]], tmp_path: Path) -> None:
    with at_a_terminal(program("check", "endless", "--seconds", "1"), tmp_path / "out") as (running, seen):
        shown = seen("")
        assert running.wait() == 3
    assert SEARCHING["check"] in shown
    assert shown.endswith("\r\033[K")
    assert "the time was up" in (tmp_path / "out").read_text()
