"""A journal: a chain of changes that survives crashes, full disks and interrupts, or is refused with its line."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from test_sessions import BASE, COLD, KB, THIRST, visit

import backpain_rules
from backpain_rules import FactError, JournalError, KnowledgeBase, OtherPacksError, Pack, Session, SessionError
from backpain_rules.session import journal as journal_module
from backpain_rules.session.journal import Journal
from backpain_rules.session.saved import made_with
from effort import some

Edit = Callable[[Session], object]
EDITS: list[Edit] = [
    lambda session: session.insert(COLD.present),
    lambda session: session.insert(visit(1, 3)),
    lambda session: session.insert(visit(2, 5), THIRST.present),
    lambda session: session.retract(COLD.present),
    lambda session: session.replace(visit(2, 1)),
]
HEADER = made_with(KB._program.linked)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def written(path: Path) -> list[str]:
    """A journal of all edits; the states of the session, the first before any."""
    session = KB.session(journal=path)
    states = [session.to_json()]
    for edit in EDITS:
        edit(session)
        states.append(session.to_json())
    session.close()
    return states


def read(path: Path) -> str:
    session = KB.session(journal=path)
    session.close()
    return session.to_json()


# --- crashes ------------------------------------------------------------------------------------------------------------


def test_a_journal_cut_at_any_byte_restores_every_whole_change(path: Path) -> None:
    states = written(path)
    whole = path.read_bytes()
    ends = [number for number, byte in enumerate(whole, start=1) if byte == ord("\n")]
    near = {end + by for end in ends for by in (-1, 0, 1, 9)}
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        changes = max(0, sum(end <= length for end in ends) - 1)
        with Journal(path, HEADER) as journal:
            assert len(journal.lines) == (changes + 1 if length >= ends[0] else 0)
            if length < ends[0]:
                assert path.read_bytes() == whole[: ends[0]], "a new journal begins with what session it is of"
            else:
                assert path.read_bytes() == whole[:length], "what is only read is not changed"
        if length in near:
            again = KB.session(journal=path)
            assert again.to_json() == states[changes]
            again.replace(visit(9))
            again.close()
            assert read(path) == again.to_json(), "what was torn is cut off before the next change is written"


def test_a_place_that_a_crash_left_filled_with_nothing_is_cut_off(path: Path) -> None:
    states = written(path)
    whole = path.read_bytes()
    path.write_bytes(whole + b"\0" * 100)
    assert read(path) == states[-1]
    path.write_bytes(whole[:-50] + b"\0" * 50)
    assert read(path) == states[-2]


def test_a_killed_process_loses_nothing_that_it_was_told_is_kept(path: Path) -> None:
    program = f"""
import itertools, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_sessions import KB, visit
session = KB.session(journal={str(path)!r}, sync=True)
for day in itertools.cycle(range(1, 29)):
    session.replace(visit(day, day % 10))
    print(len(session.facts), flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(12)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    session = KB.session(journal=path)
    assert len(session.facts) >= told[-1]
    assert session.derived == KB.assess(session.facts).derived
    session.close()


# --- damage -------------------------------------------------------------------------------------------------------------


def test_a_byte_that_changed_is_refused_with_its_line(path: Path) -> None:
    written(path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        path.write_bytes(damaged)
        line = whole[:place].count(b"\n") + 1
        with pytest.raises(JournalError) as caught:
            Journal(path, HEADER)
        assert caught.value.fields["line"] in (line, line + 1), "a line that lost its end is one with the next"
        assert caught.value.fields["path"] == str(path)
        assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    ("order", "line"),
    [([0, 2, 3], 2), ([0, 1, 3], 3), ([0, 2, 1, 3], 2), ([0, 1, 1, 2], 3), ([0, 1, 2, 2], 4), ([1, 2, 3], 1), ([0, 0, 1], 2)],
)
def test_lines_that_were_removed_swapped_or_doubled_are_refused(path: Path, order: list[int], line: int) -> None:
    written(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[number] for number in order))
    with pytest.raises(JournalError) as caught:
        KB.session(journal=path)
    assert caught.value.fields["line"] == line
    assert f"{path}, line {line}: " in str(caught.value)


def test_a_line_of_another_journal_is_refused(tmp_path: Path) -> None:
    lines = []
    for name, first in (("one", COLD), ("two", THIRST)):
        session = KB.session([first.present], journal=tmp_path / name)
        session.insert(visit(1))
        session.close()
        lines.append((tmp_path / name).read_bytes().splitlines(keepends=True))
    (tmp_path / "one").write_bytes(b"".join([*lines[0][:2], lines[1][2]]))
    with pytest.raises(JournalError, match="line 3: it does not follow the line before: two sessions wrote to this file"):
        KB.session(journal=tmp_path / "one")


def test_a_change_that_says_what_cannot_be_is_refused(path: Path) -> None:
    for number, change in enumerate([{"retract": [{"type": "symptom", "term": "cold"}]}, {"insert": 3}, {"insret": []}]):
        book = Journal(path.with_name(f"{number}"), HEADER)
        book.append(change)
        book.close()
        with pytest.raises(JournalError, match="line 2"):
            KB.session(journal=book.path)


# --- files that are no journals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["precious", "precious\n", "\n", "{}", "{}\n", "\0" * 9 + "x", "SESSION", "SESSION\n"])
def test_a_file_that_is_no_journal_is_refused_and_stays_as_it_is(path: Path, text: str) -> None:
    path.write_text(text.replace("SESSION", KB.session([COLD.present]).to_json()))
    before = path.read_bytes()
    with pytest.raises(JournalError, match="this is no journal, and was left as it is"):
        KB.session(journal=path)
    assert path.read_bytes() == before


def test_a_journal_of_format_1_is_refused_with_advice(path: Path) -> None:
    path.write_text('{"session":1,"packs":{},"parameters":{},"crc":"00000000"}\n')
    with pytest.raises(JournalError, match="a journal of format 1, and this library reads format 2"):
        KB.session(journal=path)


def test_links_folders_pipes_and_missing_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", ".", "missing/journal", "nul\0l"):
        with pytest.raises(JournalError):
            KB.session(journal=tmp_path / name)
    with pytest.raises(JournalError, match="takes the path of a file, not 5"):
        KB.session(journal=5)  # type: ignore[arg-type]
    assert not (tmp_path / "target").exists()


def test_a_journal_of_other_packs_is_refused_unless_accepted(path: Path) -> None:
    KB.session([COLD.present], journal=path).close()
    other = KnowledgeBase([Pack("base", version="2", title="Base", rules=BASE.rules)])
    before = path.read_bytes()
    with pytest.raises(OtherPacksError, match="pack base was 1 and is 2"):
        other.session(journal=path)
    assert path.read_bytes() == before
    session = other.session(journal=path, accept_other_packs=True)
    assert session.facts == (COLD.present,)
    session.close()


# --- two writers --------------------------------------------------------------------------------------------------------


def test_a_journal_that_is_open_cannot_be_opened_again(path: Path) -> None:
    session = KB.session(journal=path)
    with pytest.raises(JournalError, match="another session has it open"):
        KB.session(journal=path)
    session.close()
    KB.session(journal=path).close()


def test_a_second_writer_and_a_file_that_went_are_found_out(path: Path) -> None:
    session = KB.session(journal=path)
    with path.open("ab") as other:
        other.write(b"x")
    with pytest.raises(JournalError, match="somebody else wrote to it since; the change was not made"):
        session.insert(COLD.present)
    assert session.facts == ()
    path.unlink()
    with pytest.raises(JournalError, match="the file was removed"):
        session.insert(COLD.present)
    path.write_text("")
    with pytest.raises(JournalError, match="or another was put in its place"):
        session.insert(COLD.present)
    assert (session.facts, path.read_bytes()) == ((), b"")
    session.close()


def test_a_new_journal_is_for_its_owner_alone(path: Path) -> None:
    session = KB.session(journal=path)
    session.compact()
    session.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- compact ------------------------------------------------------------------------------------------------------------


def test_a_journal_made_compact_says_the_same_and_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backpain_rules.session.replay.FACTS_IN_A_LINE", 2)
    session = KB.session(journal=path, sync=True)
    for day in range(1, 6):
        for severity in range(3):
            session.replace(visit(day, severity))
    session.compact()
    assert len(path.read_bytes().splitlines()) == 1 + 3
    with pytest.raises(JournalError, match="another session has it open"):
        KB.session(journal=path)
    session.retract(visit(1, 2))
    session.close()
    assert read(path) == session.to_json()
    assert os.listdir(path.parent) == [path.name]


# --- whole or not at all ------------------------------------------------------------------------------------------------


def state(session: Session) -> tuple[object, ...]:
    return session.facts, session.derived, len(session.history), session.result.to_json()


@pytest.fixture
def base(path: Path) -> bytes:
    """A journal with some facts in it."""
    session = KB.session([COLD.present, visit(1, 3)], journal=path)
    session.close()
    return path.read_bytes()


def hurt(session: Session) -> object:
    """The change that is broken off."""
    return session.replace(visit(1, 2), visit(2, 5), THIRST.present)


def test_a_disk_that_is_full_at_any_byte_leaves_the_state_before(
    path: Path, base: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = 0

    class Full(FileIO):
        def write(self, text: Any) -> int:
            left = len(base) + room - self.tell()
            if left <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(text[:left])

    monkeypatch.setattr(journal_module, "FileIO", Full)
    session = KB.session(journal=path)
    before = state(session)
    while True:
        try:
            hurt(session)
            break
        except JournalError:
            assert path.read_bytes() == base
        if room % 37 == 0:
            assert state(session) == before
        room += 1
    assert room > 100
    session.close()
    assert read(path) == session.to_json()


def test_a_disk_that_is_full_while_the_journal_is_made_compact_leaves_it_as_it_was(
    path: Path, base: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = KB.session(journal=path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for name in ("_write", "os.fsync", "os.replace"):
        with monkeypatch.context() as patch:
            patch.setattr(f"backpain_rules.session.journal.{name}", full)
            with pytest.raises(JournalError, match="No space left on device"):
                session.compact()
        assert path.read_bytes() == base
        assert os.listdir(path.parent) == [path.name]
    hurt(session)
    session.close()
    assert read(path) == session.to_json()


LIBRARY = str(Path(backpain_rules.__file__).parent)


def run(act: Callable[[Any], object], session: object, interrupted_at: int | None = None) -> list[tuple[str, int]]:
    """The lines of the library that an act runs, up to that at which KeyboardInterrupt is raised in it."""
    lines: list[tuple[str, int]] = []

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith(LIBRARY):
            return None
        if event == "line":
            lines.append((frame.f_code.co_filename, frame.f_lineno))
            if len(lines) - 1 == interrupted_at:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace

    outside = sys.gettrace()
    sys.settrace(trace)
    try:
        act(session)
    except KeyboardInterrupt:
        assert interrupted_at is not None
    finally:
        sys.settrace(outside)
    return lines


def insert(session: Session) -> object:
    return session.insert(THIRST.present, visit(2, 5))


def retract(session: Session) -> object:
    return session.retract(COLD.present)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what is broken off may leave a file to be closed
@pytest.mark.parametrize("act", [insert, retract, hurt, Session.compact, Session.to_json])
def test_an_interrupt_at_any_line_leaves_the_state_before_or_the_state_after(
    path: Path, base: bytes, act: Callable[[Session], object]
) -> None:
    session = KB.session(journal=path)
    before = state(session)
    act(session)
    after = state(session)
    session.close()
    path.write_bytes(base)
    session = KB.session(journal=path)
    lines = run(act, session)
    session.close()
    first = {line: number for number, line in reversed([*enumerate(lines)])}
    last = {line: number for number, line in enumerate(lines) if Path(line[0]).parent.name == "session"}
    ends = set()
    for number in some(sorted({*first.values(), *last.values()})):
        path.write_bytes(base)
        session = KB.session(journal=path)
        assert len(run(act, session, number)) == number + 1, "the interrupt came"
        now = state(session)
        is_after = now[0] == after[0]
        ends.add(is_after)
        assert is_after or now[0] == before[0], lines[number]
        expected = after if is_after else before
        assert (now[1], now[3]) == (expected[1], expected[3])
        assert now[2] == (1 if before != after and is_after else 0)
        session.insert(visit(20))
        session.close()
        if lines[number] in last:
            assert read(path) == session.to_json(), f"{lines[number]}: the journal says something else than the session"
        assert os.listdir(path.parent) == [path.name], f"{lines[number]}: a file was left"
    assert ends == ({True, False} if before != after else {True})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_at_any_line_of_opening_leaves_no_journal_or_one_that_is_taken_up(path: Path) -> None:
    made: list[Session] = []

    def begin(_: object) -> None:
        made.append(KB.session([COLD.present], journal=path))

    lines = run(begin, made)
    made.pop().close()
    for number in some(sorted({line: number for number, line in enumerate(lines)}.values())):
        path.unlink(missing_ok=True)
        run(begin, made, number)
        while made:
            made.pop().close()
        session = KB.session(journal=path)
        assert session.facts in ((), (COLD.present,)), lines[number]
        session.close()


@pytest.mark.parametrize("there", [False, True])
def test_a_session_that_cannot_be_made_leaves_the_file_as_it_was_and_no_new_one(path: Path, there: bool) -> None:
    if there:
        written(path)
    before = path.read_bytes() if there else None
    with pytest.raises(FactError):
        KB.session([visit(1, 3), visit(1, 4)], journal=path)
    with pytest.raises(SessionError):
        KB.session(journal=path, history=-1)
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_disk_that_is_full_when_a_journal_is_begun_leaves_no_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("backpain_rules.session.journal._write", full)
    with pytest.raises(JournalError, match="No space left on device"):
        KB.session(journal=path)
    assert not path.exists()


def test_what_a_killed_process_left_beside_a_journal_goes_when_it_is_made_compact(path: Path, base: bytes) -> None:
    beside = path.with_name(f".{path.name}.compact")
    beside.symlink_to(path.with_name("target"))
    session = KB.session(journal=path)
    session.compact()
    session.close()
    assert os.listdir(path.parent) == [path.name]
    assert read(path) == session.to_json()


def test_a_change_that_cannot_be_written_is_not_made(path: Path) -> None:
    session = KB.session(journal=path)
    session.close()
    with pytest.raises(JournalError, match="closed file; the change was not made"):
        session.insert(COLD.present)
    assert session.facts == session.derived == ()


def test_a_journal_is_lines_of_json(path: Path) -> None:
    written(path)
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [line["line"] for line in lines] == list(range(1, len(EDITS) + 2))
    assert [line["after"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
