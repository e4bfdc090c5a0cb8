"""A quotation mark that nobody closes is found where it opens; a file that a CSV writer made has none."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import KnowledgeBase, Pack, PackLoadError, Rule, TableError, condition, symptom
from backpain_rules.cohort.files import run_file
from backpain_rules.csv_text import open_quote
from backpain_rules.pack_data import pack_from_file

CELLS = st.text(st.sampled_from('ab,;" \n\r'), max_size=5)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)
SEPARATORS = st.sampled_from(",;\t")


def as_csv(rows: list[list[str]], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


@given(TABLES, SEPARATORS)
def test_a_file_of_a_csv_writer_has_no_open_quotation_mark(rows: list[list[str]], separator: str) -> None:
    assert open_quote(io.StringIO(as_csv(rows, separator), newline=""), separator) is None


WORDS = st.text(st.sampled_from("ab,;\n"), max_size=4).map("x".__add__)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=6), SEPARATORS, st.data())
def test_a_closing_quotation_mark_that_is_missing_is_found_in_its_row(
    rows: list[list[str]], separator: str, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = "open"
    text = as_csv(rows, separator).replace('"open"', '"open')
    found = open_quote(io.StringIO(text, newline=""), separator)
    assert found is not None
    assert (found.rows, found.empty) == (row, 0)


FEVER, FLU = symptom("fever", "Fever", ask="Fever?"), condition("flu", "Flu")
TABLE = "id,symptom__fever,note\n1,true,said\n\n2,true,{}\n3,true,again\n4,false,end\n"


@pytest.mark.parametrize("cell", ['"open', '"open" and more', '"twice "" open'])
def test_a_table_of_cases_with_an_open_quotation_mark_is_refused_with_its_row(cell: str, tmp_path: Path) -> None:
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=[Rule("flu", when=FEVER, then=FLU.finding())])])
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(TABLE.format(cell))
    with pytest.raises(TableError, match=r"in\.csv: row 1 \(line 4\) opens a quotation mark and does not close it") as caught:
        run_file(kb._kernel, source, target)
    assert (caught.value.fields["row"], caught.value.fields["line"]) == (1, 4)
    assert not target.exists()
    source.write_text(TABLE.format('"over two\nlines, with ""quotes"""'))
    assert run_file(kb._kernel, source, target) == 4


def test_a_decision_table_with_an_open_quotation_mark_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "clinic.csv"
    head = "pack,clinic\nsymptom,fever,Fever,Do you have a fever?\nrule,fever,-> referral,note\n"
    path.write_text(head + 'r1,yes,physician,"not closed\nr2,no,nurse,closed\n')
    with pytest.raises(PackLoadError, match=r"row 4: the quotation mark that is opened in line 4 is not closed") as caught:
        pack_from_file(path)
    assert caught.value.fields["row"] == 4


def test_a_row_of_a_decision_table_with_too_few_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clinic.csv"
    head = "pack,clinic\nsymptom,fever,Fever,Do you have a fever?\nrule,fever,-> referral,note\n"
    path.write_text(head + "r1,yes,physician\n")
    with pytest.raises(PackLoadError, match=r"row 4: the row has 3 cells, and the table has 4 columns"):
        pack_from_file(path)
