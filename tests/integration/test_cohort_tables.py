"""Tables of the shipped pack: what goes in, what comes out, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from backpain_pack_acupuncture import PACK
from backpain_rules import FactError, KnowledgeBase, Pack, Pain, Patient, Rule, TableError, condition, each, present
from backpain_rules.cohort.rows import row_of_facts
from backpain_rules.facts.base import to_data

CASES = Path(__file__).parents[2] / "examples" / "cases"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase([PACK])


@pytest.fixture(scope="module")
def rows(kb: KnowledgeBase) -> list[dict[str, Any]]:
    """The example cases, each as the row that says the same."""
    inputs = {column.name: column for column in kb.cohort_columns().inputs}
    files = sorted(path for path in CASES.glob("*.json") if not path.name.endswith(".expected.json"))
    cases = [(path.stem, kb.read_case(path.read_bytes())) for path in files]
    return [{"name": name, **row_of_facts(kb._linked, inputs, case)} for name, case in cases]


def table(*rows: Mapping[str, Any]) -> pa.Table:
    return pa.table({name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)})


def said(kb: KnowledgeBase, row: Mapping[str, Any], want: bool | None) -> list[dict[str, Any]]:
    """The conclusions whose column says this."""
    results = [column for column in kb.cohort_columns().outputs if column.shows == "result" and "type" in column.about]
    return [dict(column.about) for column in results if row[column.name] is want]


def test_every_example_case_gives_as_a_row_what_it_gives_alone(kb: KnowledgeBase, rows: list[dict[str, Any]]) -> None:
    firm_columns = {column.name for column in kb.cohort_columns().outputs if column.shows == "firm"}
    for stated, row in zip(rows, kb.cohort(table(*rows)).to_pylist(), strict=True):
        assert row["name"] == stated["name"]
        result = kb.assess(kb.read_row(stated))
        facts = result._outcome.program.facts
        established = [facts[number] for number in sorted(result._outcome.established)]
        assert said(kb, row, True) == [to_data(fact) for fact in established]
        assert said(kb, row, None) == [to_data(undecided.fact) for undecided in result.undecided]
        names = {column.name: column.about for column in kb.cohort_columns().outputs}
        for fact in established:
            (name,) = (name for name, about in names.items() if about == to_data(fact) and name not in firm_columns)
            assert row.get(f"{name}__firm", True) is result.is_firm(fact)
        broken = {conflict.constraint for conflict in result.conflicts if conflict.kind == "constraint"}
        assert {names[n]["constraint"] for n in names if "constraint" in names[n] and row[n]} == broken


def test_a_row_is_explained_by_assessing_its_facts(kb: KnowledgeBase) -> None:
    row = {"id": 7, "pain__lumbar__severity": 2.0, "pain__lumbar__duration": 100 * DAY, "symptom__night_sweats": True}
    facts = kb.read_row(row)
    assert set(facts) == {Pain(region="lumbar", severity=2, duration=100 * DAY), present("night_sweats")}
    assert "chronic" in kb.assess(facts).explain()


def test_what_comes_in_comes_out(kb: KnowledgeBase) -> None:
    cases = table({"id": 1, "symptom__cold": True}, {"id": 2, "symptom__cold": False})
    results = kb.cohort(cases)
    assert kb.cohort(cases.to_batches()[0]).to_pylist() == results.to_pylist()
    assert kb.cohort(cases.to_reader()).read_all() == results
    assert pa.Table.from_batches(kb.cohort(iter(cases.to_batches()))) == results
    assert results.column("id").to_pylist() == [1, 2]
    assert "symptom__cold" not in results.column_names


def test_no_rows_give_no_rows(kb: KnowledgeBase) -> None:
    none = table({"id": 1, "symptom__cold": True}).slice(0, 0)
    assert kb.cohort(none).num_rows == 0
    assert kb.cohort(none).schema == kb.cohort(table({"id": 1}), ignore=["id"]).schema


def test_the_metadata_of_a_column_is_its_conclusion(kb: KnowledgeBase) -> None:
    field = kb.cohort(table({"id": 1}), ignore=["id"]).schema.field("finding__acute_strain__lumbar")
    about = b'{"type": "finding", "condition": "acute_strain", "region": "lumbar", "strength": "indicates"}'
    assert field.metadata == {b"backpain_rules": about}


TEXTS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a misspelt term": ({"symptom__night_swaets": [True]}, "did you mean 'symptom__night_sweats'"),
    "a misspelt slot": ({"pain__lumbar__severty": [3]}, "did you mean 'pain__lumbar__severity'"),
    "a conclusion": ({"finding__acute_strain__lumbar": [True]}, "conclusions cannot be stated"),
    "a conflict": ({"conflict__acupuncture_thirst_and_no_thirst": [True]}, "the name of a result"),
    "a sign that is a number": ({"symptom__cold": [1]}, "cast it to boolean"),
    "a number out of bounds": ({"pain__lumbar__severity": [3, None, 11]}, "row 2: 11: input should be less than or equal to 10"),
    "a number that is not whole": ({"pain__lumbar__severity": [3.5]}, "column 'pain__lumbar__severity' cannot hold double"),
    "not a number": ({"pain__lumbar__severity": pa.array([1.0, float("nan")])}, "cannot hold double"),
    "a time that is a number": ({"pain__lumbar__duration": [3600]}, "row 0: 3600"),
    "a time that is negative": ({"pain__lumbar__duration": [None, -DAY]}, "row 1: datetime.timedelta(days=-1)"),
    "a text that is no time": ({"pain__lumbar__duration": ["PT6H", "six hours"]}, "row 1: 'six hours'"),
    "a word that is not one of a few": ({"patient__sex": ["male", "mle"]}, "row 1: 'mle': one of female, male"),
    "a severity of no pain": (
        {"pain__lumbar": [True, False], "pain__lumbar__severity": [3, 0]},
        "column 'pain__lumbar__severity', row 1: None: 'pain__lumbar' is false here, so this must be null",
    ),
    "no patient": ({"patient": [None, False]}, "row 1: False: Patient cannot be absent"),
}


@pytest.mark.parametrize(("columns", "telling"), [pytest.param(*case, id=name) for name, case in REFUSED.items()])
def test_what_no_case_can_have_is_refused_with_its_place(kb: KnowledgeBase, columns: dict[str, Any], telling: str) -> None:
    with pytest.raises(TableError) as caught:
        kb.cohort(pa.table(columns))
    assert telling in caught.value.message
    assert caught.value.fields["column"] in columns


@pytest.mark.parametrize("columns", [pytest.param(case, id=name) for name, (case, _) in REFUSED.items()])
def test_a_row_that_a_table_refuses_is_no_case_either(kb: KnowledgeBase, columns: dict[str, Any]) -> None:
    rows = pa.table(columns).to_pylist()
    with pytest.raises(FactError):
        list(map(kb.read_row, rows))


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())], ids=str
)
def test_words_may_be_written_in_any_way(kind: pa.DataType) -> None:
    men, women = condition("men", "Men"), condition("women", "Women")
    rules = [Rule(c.id, when=each(Patient).sex == sex, then=c.finding()) for c, sex in ((men, "male"), (women, "female"))]
    kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=rules, terms=[men, women])])
    sexes = pa.array([None, "female", "male", None, "male"]).cast(kind).slice(1)
    assert kb.cohort(pa.table({"patient__sex": sexes})).to_pydict() == {
        "finding__men": [False, True, None, True],
        "finding__women": [True, False, None, False],
    }


def test_a_category_that_no_row_uses_is_no_fault(kb: KnowledgeBase) -> None:
    sexes = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int8()), pa.array(["male", "other"]))
    assert kb.cohort(pa.table({"patient__sex": sexes})).num_rows == 2


def test_the_row_of_an_error_is_counted_through_all_batches(kb: KnowledgeBase) -> None:
    batches = pa.table({"pain__lumbar__severity": [3, 4, 5, 6, 12]}).to_batches(max_chunksize=2)
    with pytest.raises(TableError, match="row 4: 12") as caught:
        list(kb.cohort(iter(batches)))
    assert caught.value.fields["row"] == 4


def test_something_that_is_no_table_is_refused(kb: KnowledgeBase) -> None:
    with pytest.raises(TableError, match="a int is no Arrow table"):
        kb.cohort(3)


def chunks(length: int) -> Iterator[pa.RecordBatch]:
    yield from (pa.RecordBatch.from_pydict({"symptom__cold": [True]}) for _ in range(length))


def test_a_series_of_batches_is_computed_as_it_is_read(kb: KnowledgeBase) -> None:
    source = chunks(5)
    next(iter(kb.cohort(source)))
    assert len(list(source)) == 4


@pytest.fixture
def in_pieces(kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Computes eight rows at a time, so that a small table is computed in pieces side by side."""
    monkeypatch.setitem(kb._kernel.__dict__, "rows_at_once", 8)


@pytest.mark.usefixtures("in_pieces")
def test_pieces_that_are_computed_side_by_side_keep_their_order(kb: KnowledgeBase, rows: list[dict[str, Any]]) -> None:
    whole = table(*rows)
    streamed = kb.cohort(pa.RecordBatchReader.from_batches(whole.schema, whole.to_batches())).read_all()
    assert kb.cohort(whole).to_pylist() == streamed.to_pylist()
    assert kb.cohort(whole).num_rows == len(rows) > 50


@pytest.mark.usefixtures("in_pieces")
def test_of_several_rows_that_are_no_case_the_first_is_named(kb: KnowledgeBase) -> None:
    severities = [3] * 40
    severities[19] = severities[35] = 11
    with pytest.raises(TableError, match="row 19: 11"):
        kb.cohort(pa.table({"pain__lumbar__severity": severities}))


MISREAD: dict[str, tuple[list[str], str]] = {
    "a blank": (["id", " pain__lumbar__severity"], "did you mean 'pain__lumbar__severity'"),
    "another case": (["id", "Pain__Lumbar__Severity"], "did you mean 'pain__lumbar__severity'"),
    "one underscore": (["id", "patient_age"], "did you mean 'patient__age'"),
    "a slip": (["id", "nigth_sweats"], "did you mean 'symptom__night_sweats'"),
    "semicolons": (["id;pain__lumbar__severity"], "separated by semicolons"),
    "nothing known": (["id", "name"], "no column of this table is read, only 'id', 'name'"),
    "two names for one": (
        ["night_sweats", "symptom__night_sweats"],
        "two columns say the same, 'night_sweats' and 'symptom__night_sweats'",
    ),
}


@pytest.mark.parametrize("mistake", MISREAD)
def test_a_column_that_would_not_be_read_is_refused_with_the_nearest_name(kb: KnowledgeBase, mistake: str) -> None:
    names, said = MISREAD[mistake]
    with pytest.raises(TableError) as caught:
        kb.cohort(pa.table({name: pa.array([None]) for name in names}))
    assert said in str(caught.value)


def test_the_id_of_a_symptom_names_its_column(kb: KnowledgeBase) -> None:
    short, long = (table({"id": 1, name: True}) for name in ("night_sweats", "symptom__night_sweats"))
    assert kb.cohort(short) == kb.cohort(long)
    assert kb.read_row({"night_sweats": True}) == (present("night_sweats"),)


def test_a_column_that_is_ignored_is_carried_over(kb: KnowledgeBase) -> None:
    row = {"patient_age": 40, "pain__lumbar": "of the back", "night_sweats": True}
    results = kb.cohort(table(row), ignore=["patient_age", "pain__lumbar"])
    assert results.column_names[:2] == ["patient_age", "pain__lumbar"]
    assert kb.read_row(row, ignore=["patient_age", "pain__lumbar"]) == (present("night_sweats"),)


def test_an_id_that_resembles_a_column_from_afar_is_carried_over(kb: KnowledgeBase) -> None:
    assert kb.cohort(table({"patient_id": 7, "night_sweats": True}))["patient_id"].to_pylist() == [7]
