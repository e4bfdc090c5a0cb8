"""Tables in files: every format says the same, and a run that does not end well leaves what was there."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from backpain_pack_acupuncture import PACK
from backpain_rules import KnowledgeBase, TableError
from backpain_rules.cli import main
from backpain_rules.cohort.files import run_file

Write = Callable[[pa.Table, Path], Any]
WRITE: dict[str, Write] = {
    ".parquet": lambda table, path: pq.write_table(table, path, row_group_size=2),
    ".arrow": lambda table, path: feather.write_feather(table, path, chunksize=2, compression="uncompressed"),
    ".csv": lambda table, path: path.write_text(CSV, encoding="utf-8"),
}
READ: dict[str, Callable[[Path], pa.Table]] = {".parquet": pq.read_table, ".arrow": feather.read_table, ".csv": pacsv.read_csv}
CSV = """\
id,pain__lumbar__severity,pain__lumbar__duration,symptom__cold_feet,patient__sex
007,3,P100D,true,male
008,,,,
009,8,PT6H,false,female
010,0,P1D,true,
"""


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase([PACK])


@pytest.fixture(scope="module")
def table() -> pa.Table:
    days = [timedelta(days=100), None, timedelta(hours=6), timedelta(days=1)]
    return pa.table(
        {
            "id": ["007", "008", "009", "010"],
            "pain__lumbar__severity": pa.array([3, None, 8, 0], pa.int8()),
            "pain__lumbar__duration": pa.array(days, pa.duration("us")),
            "symptom__cold_feet": [True, None, False, True],
            "patient__sex": ["male", None, "female", None],
        }
    )


@pytest.mark.parametrize("out", WRITE)
@pytest.mark.parametrize("given", WRITE)
def test_a_file_of_any_format_gives_what_the_table_gives(
    kb: KnowledgeBase, table: pa.Table, tmp_path: Path, given: str, out: str
) -> None:
    source, target = tmp_path / f"cases{given}", tmp_path / f"results{out}"
    WRITE[given](table, source)
    assert run_file(kb._kernel, source, target) == 4
    expected = kb.cohort(table)
    results = READ[out](target)
    assert results.drop("id").to_pydict() == expected.drop("id").to_pydict()
    assert [int(str(id)) for id in results["id"].to_pylist()] == [7, 8, 9, 10]
    assert sorted(tmp_path.iterdir()) == sorted([source, target])


def test_columns_that_are_no_slots_stay_as_they_are_written(kb: KnowledgeBase, table: pa.Table, tmp_path: Path) -> None:
    WRITE[".csv"](table, tmp_path / "cases.csv")
    run_file(kb._kernel, tmp_path / "cases.csv", tmp_path / "results.csv")
    assert (tmp_path / "results.csv").read_text(encoding="utf-8").splitlines()[1].startswith('"007",')


def test_progress_is_told_how_many_rows_are_done_and_of_how_many(kb: KnowledgeBase, table: pa.Table, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    for given in WRITE:
        WRITE[given](table, tmp_path / f"cases{given}")
        run_file(kb._kernel, tmp_path / f"cases{given}", tmp_path / "results.arrow", progress=lambda *seen: told.append(seen))
    assert told == [(4, 4), (4, None), (4, None)]


def test_an_error_names_file_and_row_and_leaves_what_was_there(kb: KnowledgeBase, tmp_path: Path) -> None:
    source, target = tmp_path / "cases.csv", tmp_path / "results.csv"
    source.write_text("pain__lumbar__severity\n3\n11\n", encoding="utf-8")
    target.write_text("what was there")
    with pytest.raises(TableError, match=r"cases\.csv: column 'pain__lumbar__severity', row 1: 11"):
        run_file(kb._kernel, source, target)
    assert target.read_text() == "what was there"
    assert sorted(tmp_path.iterdir()) == [source, target]


STOPPED = """
import os, sys
from pathlib import Path
from backpain_rules import KnowledgeBase
from backpain_rules.cohort.files import run_file
source, target = map(Path, sys.argv[1:3])
stop = lambda *_: os.kill(os.getpid(), int(sys.argv[3]))
run_file(KnowledgeBase.load("acupuncture")._kernel, source, target, progress=stop)
"""


def test_a_run_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    source, target = tmp_path / "cases.csv", tmp_path / "results.csv"
    source.write_text(CSV, encoding="utf-8")
    target.write_text("what was there")
    done = subprocess.run([sys.executable, "-c", STOPPED, source, target, str(signal.SIGKILL.value)], timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert target.read_text() == "what was there"


def test_the_command_goes_from_file_to_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cases.csv").write_text(CSV, encoding="utf-8")
    out = str(tmp_path / "results.parquet")
    assert main(["cohort", str(tmp_path / "cases.csv"), out, "--pack", "acupuncture", "--set", "acupuncture:mild_max=5"]) == 0
    assert capsys.readouterr() == ("", "")
    assert pq.read_table(out)["id"].to_pylist() == ["007", "008", "009", "010"]


def test_the_command_widens_a_long_table(tmp_path: Path) -> None:
    (tmp_path / "said.csv").write_text("case,term,value\na,night_sweats,true\na,pain__lumbar__severity,3\nb,heat,false\n")
    assert main(["cohort", "--long", str(tmp_path / "said.csv"), str(tmp_path / "results.csv")]) == 0
    assert pacsv.read_csv(tmp_path / "results.csv")["case"].to_pylist() == ["a", "b"]


def test_the_command_lists_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cohort", "--columns", "--pack", "acupuncture"]) == 0
    printed = capsys.readouterr().out
    assert "pain__lumbar__severity" in printed
    assert "finding__acute_strain__lumbar__firm" in printed


@pytest.mark.parametrize(
    ("given", "out", "telling"),
    [
        ("nothing.csv", "out.csv", "nothing.csv: No such file"),
        ("cases.csv", "out.xlsx", "a table is called *.parquet"),
        ("cases.csv", "nowhere/out.csv", "there is no folder"),
        ("broken.parquet", "out.csv", "broken.parquet: Parquet magic bytes not found"),
        ("empty.csv", "out.csv", "empty.csv: Empty CSV file"),
        ("latin.csv", "out.csv", "latin.csv: this is not UTF-8 text"),
        ("words.csv", "out.csv", "column 'pain__lumbar__severity', row 0: 'three': a whole number"),
    ],
)
def test_what_the_command_cannot_use_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str, out: str, telling: str
) -> None:
    (tmp_path / "cases.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "words.csv").write_text("pain__lumbar__severity\nthree\n")
    (tmp_path / "broken.parquet").write_bytes(b"no parquet at all")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "latin.csv").write_bytes("id,größe\n".encode("latin-1"))
    assert main(["cohort", str(tmp_path / given), str(tmp_path / out)]) == 2
    printed, complaint = capsys.readouterr()
    assert printed == ""
    assert complaint.count("\n") == 1
    assert telling in complaint
