"""Tables in CSV files and rows, mutated: read or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fuzzing import fuzz
from mutations import mutated, mutated_text

from backpain_rules import KnowledgeBase
from backpain_rules.cohort.files import run_file

CSV = """\
id,pain__lumbar__severity,pain__lumbar__duration,night_sweats,patient__sex
007,3,P100D,true,male
008,,,,
009,8,PT6H,false,female
"""
LONG = """\
case,term,value
1,night_sweats,true
1,pain__lumbar__severity,3
2,patient__age,40
"""
ROW: dict[str, Any] = {
    "id": 7,
    "pain__lumbar": True,
    "pain__lumbar__severity": 3,
    "pain__lumbar__duration": "P1D",
    "patient__sex": "male",
}


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load("acupuncture")


@pytest.mark.parametrize(("name", "text", "long"), [("csv", CSV, False), ("long csv", LONG, True)])
def test_a_mutated_file_is_read_or_refused(
    inputs: int, kb: KnowledgeBase, tmp_path: Path, name: str, text: str, long: bool
) -> None:
    def read(text: str) -> None:
        (tmp_path / "cases.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
        run_file(kb._kernel, tmp_path / "cases.csv", tmp_path / "results.arrow", long=long)

    fuzz(name, inputs, [text], mutated_text, read)


def test_a_mutated_row_is_read_or_refused(inputs: int, kb: KnowledgeBase) -> None:
    fuzz("row", inputs, [ROW], mutated, lambda row: kb.read_row(row))
