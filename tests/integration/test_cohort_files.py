"""Tables in files: every format says the same, and a run that does not end well leaves what was there."""

from __future__ import annotations

import json
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
        ("empty.csv", "out.csv", "empty.csv: it holds no rows"),
        ("latin.csv", "out.csv", "latin.csv: the header is not UTF-8 text"),
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


HEADERS: dict[str, tuple[bytes, str]] = {
    "a blank": (b"night_sweats ,patient__age\n", "column 'night_sweats ' is not read: did you mean 'symptom__night_sweats'?"),
    "a line break": (b'"night\nsweats",patient__age\n', "did you mean 'symptom__night_sweats'?"),
    "another case": (b"ID,NIGHT_SWEATS\n", "did you mean 'symptom__night_sweats'?"),
    "hyphens": (b"pain-lumbar-severity\n", "did you mean 'pain__lumbar__severity'?"),
    "one underscore": (b"night_sweats,patient_age\n", "did you mean 'patient__age'?"),
    "a slot without its type": (b"night_sweats,age\n", "did you mean 'patient__age'?"),
    "an invisible letter": ("\u200bnight_sweats,patient__age\n".encode(), "did you mean 'symptom__night_sweats'?"),
    "another region": (b"pain__elbow__severity\n", "did you mean 'pain__lumbar__severity'?"),
    "semicolons": (b"id;night_sweats;patient__age\n", "separated by semicolons"),
    "tabs": (b"id\tnight_sweats\n", "separated by tabs"),
    "a line for spreadsheets": (b"sep=;\nnight_sweats;patient__age\n", "its first line, 'sep=;', is for spreadsheets alone"),
    "the same line with commas": (b"sep=,\nnight_sweats,patient__age\n", "its first line, 'sep=', is for spreadsheets alone"),
    "the same twice": (b"patient__age,patient__age\n", "two columns are called 'patient__age'"),
    "the same by two names": (b"night_sweats,symptom__night_sweats\n", "'night_sweats' and 'symptom__night_sweats'"),
    "no name that is known": (b"a,b\n", "no column of this table is read, only 'a', 'b'"),
    "a result": (b"finding__acute_strain__lumbar\n", "conclusions cannot be stated"),
    "Latin-1": ("m\xfcde,patient__age\n".encode("latin-1"), "the header is not UTF-8 text"),
    "UTF-16": ("night_sweats\n".encode("utf-16"), "the header is not UTF-8 text"),
    "UTF-16 without a mark": ("night_sweats\n".encode("utf-16-be"), "the header has a NUL"),
    "nothing": (b"", "it holds no rows"),
    "a mark alone": (b"\xef\xbb\xbf", "it holds no rows"),
    "a row that is too short": (b"night_sweats,patient__age\ntrue,40\n\ntrue\n", "row 1 has 1 fields, and the header has 2"),
    "a row that is too long": (b"night_sweats,patient__age\ntrue,40,1\n", "row 0 has 3 fields, and the header has 2"),
    "a value after an empty line": (b"patient__age\n40\n\nx\n", "column 'patient__age', row 1: 'x': a whole number"),
    "a value after a line break": (b'note,patient__age\n"a\nb",40\nc,x\n', "column 'patient__age', row 1: 'x'"),
    "a row in Latin-1": ("note,patient__age\na,1\nm\xfcde,2\n".encode("latin-1"), "line 3 is not UTF-8 text"),
}


@pytest.mark.parametrize(("text", "telling"), HEADERS.values(), ids=HEADERS)
def test_a_file_that_would_be_misread_is_refused_with_what_to_write(
    kb: KnowledgeBase, tmp_path: Path, text: bytes, telling: str
) -> None:
    (tmp_path / "in.csv").write_bytes(text)
    with pytest.raises(TableError) as caught:
        run_file(kb._kernel, tmp_path / "in.csv", tmp_path / "out.arrow")
    assert telling in str(caught.value)
    assert "in.csv: " in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        b"id,night_sweats,patient__age\n007,true,40\n",
        b"\xef\xbb\xbfid,night_sweats,patient__age\n007,true,40\n",
        b'\xef\xbb\xbf"id","night_sweats","patient__age"\r\n"007","true","40"\r\n',
        b"id,symptom__night_sweats,patient__age\r007,TRUE,40\r",
        b"\n\nid,night_sweats,patient__age\n\n007,1,40\n",
    ],
)
def test_a_file_as_many_programs_write_it_is_read_and_ids_stay_as_they_are(
    kb: KnowledgeBase, tmp_path: Path, text: bytes
) -> None:
    (tmp_path / "in.csv").write_bytes(text)
    run_file(kb._kernel, tmp_path / "in.csv", tmp_path / "out.feather")
    plain = pa.table({"id": ["007"], "night_sweats": [True], "patient__age": [40]})
    assert feather.read_table(tmp_path / "out.feather").to_pylist() == kb.cohort(plain).to_pylist()


def test_a_parquet_file_has_the_same_refusals(kb: KnowledgeBase, tmp_path: Path) -> None:
    for columns, telling in ({"patient_age": [40]}, "patient__age"), ({"a": [1]}, "no column of this table is read"):
        pq.write_table(pa.table(columns), tmp_path / "in.parquet")
        with pytest.raises(TableError, match=telling):
            run_file(kb._kernel, tmp_path / "in.parquet", tmp_path / "out.arrow")
    (tmp_path / "in.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(TableError, match=r"in\.parquet: "):
        run_file(kb._kernel, tmp_path / "in.parquet", tmp_path / "out.arrow")


def test_two_versions_are_compared_from_file_to_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,symptom__a,symptom__b\n7,true,true\n8,true,false\n", encoding="utf-8")
    for name, premise in (("old", "a"), ("new", {"all_of": ["a", "b"]})):
        rules = [{"id": "r", "when": premise, "then": {"finding": "ill"}}]
        terms = {"symptoms": {one: {"label": one, "ask": "?"} for one in "ab"}, "conditions": {"ill": {"label": "Ill"}}}
        pack = {"backpain_rules_pack": 1, "id": "p", "version": "1", "title": "P", "rules": rules, **terms}
        (tmp_path / f"{name}.json").write_text(json.dumps(pack), encoding="utf-8")
    versions = [str(tmp_path / "old.json"), str(tmp_path / "new.json")]
    assert main(["cohort", "--diff", *versions, str(source), str(target)]) == 1
    assert capsys.readouterr().out == "1 row changes.\n"
    [row] = pacsv.read_csv(target).to_pylist()
    assert (row["row"], row["conclusion"], row["old"], row["new"], row["id"]) == (1, "finding__ill", True, False, 8)
    assert main(["cohort", "--diff", versions[0], versions[0], str(source), str(target)]) == 0
    assert main(["cohort", "--diff", *versions, str(source), str(target), "--long"]) == 2
