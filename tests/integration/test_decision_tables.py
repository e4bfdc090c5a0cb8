"""Decision tables in CSV, XLSX and DMN: what they answer, and what their errors say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from backpain_rules import KnowledgeBase, Pack, PackLoadError, Pain, absent, present
from backpain_rules.cli import main
from backpain_rules.pack_data import pack_from_file, tables
from backpain_rules.pack_data.dmn import table_to_dmn
from backpain_rules.pack_data.sheets import csv_grid, read_grid
from backpain_rules.pack_data.tables import _meet

HEAD = """\
pack,clinic
version,1
title,Rules of a clinic
requires,acupuncture
symptom,fever,Fever,Do you have a fever?
parameter,strong,7,pain from this rating on is strong
source,notes,Notes of the clinic
statement,notes:A1,Strong pain with fever needs a look soon.
"""
FIRST = (
    HEAD
    + """\
hit policy,F
rule,fever,pain.severity,pain.duration,-> referral,-> referral.urgency,-> recommendation,source,note
r1,yes,>= strong,-,physician,soon,,notes:A1,
r2,-,[3..7),<= 2 weeks,,,acupuncture,notes:A1,as the clinic does it
r3,-,-,-,,,diet,notes:A1,
"""
)


def written(tmp_path: Path, text: str, name: str = "clinic.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_first_row_that_applies_stands_whatever_the_order_of_the_facts(tmp_path: Path) -> None:
    kb = KnowledgeBase.load(written(tmp_path, FIRST))

    def said(*facts: object) -> list[str]:
        result = kb.assess(list(facts))  # type: ignore[arg-type]
        assert result.derived == kb.assess(list(facts)[::-1]).derived  # type: ignore[arg-type]
        return [rule.removeprefix("clinic:") for rule in sorted(result.fired) if rule.startswith("clinic:")]

    week = timedelta(weeks=1)
    assert said(present("fever"), Pain(region="lumbar", severity=8, duration=week)) == ["r1"]
    assert said(absent("fever"), Pain(region="lumbar", severity=5, duration=week)) == ["r2"]
    assert said(absent("fever"), Pain(region="lumbar", severity=7, duration=week)) == ["r3"]
    assert said() == []


def test_a_rule_knows_its_row_its_source_and_its_note(tmp_path: Path) -> None:
    path = written(tmp_path, FIRST)
    [pack] = [pack for pack in KnowledgeBase.load(path).packs if pack.id == "clinic"]
    assert [str(rule.written) for rule in pack.rules] == [f"{path}:{line}" for line in (11, 12, 13)]
    assert [statement.cite for statement in pack.rules[1].statements] == ["notes:A1"]
    assert pack.rules[1].note == "as the clinic does it"


@pytest.mark.parametrize(
    ("wrong", "right", "row", "sentence"),
    [
        ("hit policy,U", "hit policy,F", 13, "it and row 11 apply to the same patients"),
        ("hit policy,R", "hit policy,F", 10, "hit policy 'R' is not read: it is about the order of results"),
        ("rule,feaver", "rule,fever", 10, "'feaver' is no term and no field; did you mean 'fever'?"),
        ("pain.severty", "pain.severity", 10, "did you mean 'pain.severity'?"),
        ("r1,maybe", "r1,yes", 11, "'maybe' is no answer"),
        (">= 11", ">= strong", 11, "less than or equal to 10"),
        ("<= 2 months", "<= 2 weeks", 12, "months and years have no fixed length"),
        ("-> referal,", "-> referral,", 10, "'referal' is no fact type; did you mean 'referral'?"),
        ("r3,-,-,-,,,,notes:A1,", "r3,-,-,-,,,diet,notes:A1,", 13, "the row concludes nothing"),
        ('"not(< 5, >= 5)"', "[3..7)", 12, "no value meets"),
        ("[7..3)", "[3..7)", 12, "begins above its end"),
        ("sympton,fever", "symptom,fever", 5, "did you mean 'symptom'?"),
        ("statement,note:A1", "statement,notes:A1", 8, "names no source above it"),
    ],
)
def test_an_error_names_the_row_and_the_column(tmp_path: Path, wrong: str, right: str, row: int, sentence: str) -> None:
    path = written(tmp_path, FIRST.replace(right, wrong, 1))
    with pytest.raises(PackLoadError) as raised:
        KnowledgeBase.load(path)
    assert sentence in str(raised.value)
    assert raised.value.fields["row"] == row
    assert str(raised.value).startswith(f"{path}, row {row}")


def test_rows_of_a_unique_table_that_do_not_meet_are_accepted(tmp_path: Path) -> None:
    table = (
        HEAD
        + "hit policy,U\nrule,pain.severity,fever,-> caution\na,< 3,-,mild\nb,[3..7],no,middle\nc,[3..7],yes,look\nd,> 7,-,high\n"
    )
    kb = KnowledgeBase.load(written(tmp_path, table))
    assert kb.assess([Pain(region="neck", severity=3), present("fever")]).cautions[0].about == "look"
    assert main(["check", str(tmp_path / "clinic.csv")]) == 0


@pytest.mark.parametrize("outputs", [("one", "one"), ("one", "two")])
def test_under_hit_policy_any_rows_that_meet_must_agree(tmp_path: Path, outputs: tuple[str, str]) -> None:
    path = written(tmp_path, HEAD + "hit policy,A\nrule,fever,-> caution\na,yes,{}\nb,-,{}\n".format(*outputs))
    if outputs[0] == outputs[1]:
        assert KnowledgeBase.load(path).assess([present("fever")]).cautions
    else:
        with pytest.raises(PackLoadError, match="rows that apply together conclude the same"):
            KnowledgeBase.load(path)


def test_a_semicolon_file_and_a_workbook_say_the_same_as_the_csv(tmp_path: Path) -> None:
    expected = pack_from_file(written(tmp_path, FIRST), requires=KnowledgeBase.load("acupuncture").packs)
    semicolons = written(tmp_path, FIRST.replace(",", ";"), "semicolons.csv")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in csv_grid(FIRST.encode(), "clinic.csv"):
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    workbook.save(tmp_path / "clinic.xlsx")
    case = [present("fever"), Pain(region="lumbar", severity=8)]
    for path in (semicolons, tmp_path / "clinic.xlsx"):
        kb = KnowledgeBase.load(path)
        assert kb.assess(case).derived == KnowledgeBase([*KnowledgeBase.load("acupuncture").packs, expected]).assess(case).derived


DMN = """<?xml version="1.0" encoding="UTF-8"?>
<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="Referral" namespace="https://example.org/dmn">
  <dmn:inputData id="i1" name="Weeks of pain"/>
  <dmn:decision id="grade" name="Grade">
    <dmn:decisionTable id="t1" hitPolicy="UNIQUE">
      <dmn:input id="a"><dmn:inputExpression typeRef="number"><dmn:text>Weeks of pain</dmn:text></dmn:inputExpression></dmn:input>
      <dmn:output id="b" name="Grade" typeRef="string"/>
      <dmn:rule id="r1"><dmn:inputEntry><dmn:text>&lt; 6</dmn:text></dmn:inputEntry>
        <dmn:outputEntry><dmn:text>"acute"</dmn:text></dmn:outputEntry></dmn:rule>
      <dmn:rule id="r2"><dmn:inputEntry><dmn:text>[6..12)</dmn:text></dmn:inputEntry>
        <dmn:outputEntry><dmn:text>"subacute"</dmn:text></dmn:outputEntry></dmn:rule>
      <dmn:rule id="r3"><dmn:inputEntry><dmn:text>&gt;= 12</dmn:text></dmn:inputEntry>
        <dmn:outputEntry><dmn:text>"chronic"</dmn:text></dmn:outputEntry></dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
  <dmn:decision id="next" name="Next step">
    <dmn:informationRequirement><dmn:requiredDecision href="#grade"/></dmn:informationRequirement>
    <dmn:decisionTable id="t2" hitPolicy="PRIORITY">
      <dmn:input id="c"><dmn:inputExpression typeRef="string"><dmn:text>Grade</dmn:text></dmn:inputExpression></dmn:input>
      <dmn:input id="e"><dmn:inputExpression typeRef="boolean"><dmn:text>Red flag</dmn:text></dmn:inputExpression></dmn:input>
      <dmn:output id="f" name="Step" typeRef="string">
        <dmn:outputValues><dmn:text>"refer", "treat"</dmn:text></dmn:outputValues></dmn:output>
      <dmn:rule id="s1"><dmn:inputEntry><dmn:text>-</dmn:text></dmn:inputEntry>
        <dmn:inputEntry><dmn:text>true</dmn:text></dmn:inputEntry>
        <dmn:outputEntry><dmn:text>"refer"</dmn:text></dmn:outputEntry></dmn:rule>
      <dmn:rule id="s2"><dmn:inputEntry><dmn:text>"acute","subacute"</dmn:text></dmn:inputEntry>
        <dmn:inputEntry><dmn:text>-</dmn:text></dmn:inputEntry><dmn:outputEntry><dmn:text>"treat"</dmn:text></dmn:outputEntry></dmn:rule>
      <dmn:rule id="s3"><dmn:inputEntry><dmn:text>not("acute","subacute")</dmn:text></dmn:inputEntry>
        <dmn:inputEntry><dmn:text>-</dmn:text></dmn:inputEntry><dmn:outputEntry><dmn:text>"refer"</dmn:text></dmn:outputEntry></dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
</dmn:definitions>
"""  # written for this test, in the form that the modelling tools of the OMG's list export


def decided(pack: Pack, weeks: int | None, red: bool | None) -> dict[str, object]:
    kinds = {kind.tag(): kind for kind in pack.fact_types}
    facts = [
        kinds["grade_input"](weeks_of_pain=None if weeks is None else Decimal(weeks)),
        kinds["next_step_input"](red_flag=red),
    ]
    return {fact.tag(): fact.value for fact in KnowledgeBase([pack]).assess(facts).derived}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("weeks", "red", "expected"),
    [
        (2, False, {"grade": "acute", "next_step": "treat"}),
        (6, False, {"grade": "subacute", "next_step": "treat"}),
        (12, False, {"grade": "chronic", "next_step": "refer"}),
        (2, True, {"grade": "acute", "next_step": "refer"}),
        (None, True, {"next_step": "refer"}),
    ],
)
def test_a_dmn_file_answers_with_its_hit_policies_from_decision_to_decision(
    tmp_path: Path, weeks: int | None, red: bool | None, expected: dict[str, object]
) -> None:
    assert decided(pack_from_file(written(tmp_path, DMN, "referral.dmn")), weeks, red) == expected


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ('hitPolicy="OUTPUT ORDER"', 'hitPolicy="PRIORITY"', "it is about the order of results"),
        ('hitPolicy="COLLECT" aggregation="SUM"', 'hitPolicy="UNIQUE"', "aggregates by SUM"),
        ('outputEntry><dmn:text>Weeks + 1<', 'outputEntry><dmn:text>"acute"<', "computes a result"),
        ("[4..12)", "[6..12)", "apply to the same patients"),
        ('"UTF-8"?>\n<!DOCTYPE d [<!ENTITY a "b">]>', '"UTF-8"?>', "document type"),
        ("<dmn:definitionz", "<dmn:definitions", "this is no XML"),
    ],
)  # fmt: skip
def test_what_a_dmn_file_cannot_mean_here_is_refused_by_name(tmp_path: Path, wrong: str, right: str, sentence: str) -> None:
    path = written(tmp_path, DMN.replace(right, wrong, 1), "referral.dmn")
    with pytest.raises(PackLoadError, match=r"referral\.dmn") as raised:
        pack_from_file(path)
    assert sentence in str(raised.value)


def test_a_table_written_as_dmn_reads_back_to_the_same_answers(tmp_path: Path) -> None:
    declared: dict[str, object] = {}
    table = read_grid(csv_grid(FIRST.replace("strong", "7").encode(), "clinic.csv"), declared, "clinic.csv", "", "row")
    assert table is not None
    words = written(tmp_path, HEAD + "rule,fever,-> caution\nx,yes,x\n")
    others = KnowledgeBase.load(words).packs
    again = pack_from_file(written(tmp_path, table_to_dmn(table, "again"), "again.dmn"), requires=others)
    assert [rule.id for rule in again.rules] == ["again-1", "again-2", "again-3"]


@pytest.mark.parametrize(
    ("rating", "at_night", "weeks", "urgency"),
    [(8, None, None, "urgent"), (3, True, 1, "urgent"), (3, False, 12, "soon"), (3, False, 11, "none"), (3, None, 1, None)],
)
def test_the_file_of_another_tool_is_proved_and_answers_as_its_table_says(
    rating: int, at_night: bool | None, weeks: int | None, urgency: str | None
) -> None:
    pack = pack_from_file(Path(__file__).parent / "dmn" / "triage.dmn")
    [given] = [kind for kind in pack.fact_types if kind.tag() == "visit_input"]
    kb = KnowledgeBase([pack])
    fact = given(rating=rating, at_night=at_night, weeks=None if weeks is None else Decimal(weeks))
    derived = kb.assess([fact]).derived
    assert [visit.urgency for visit in derived] == ([] if urgency is None else [urgency])  # type: ignore[attr-defined]
    assert kb.check().complete
    assert [rule.note for rule in pack.rules] == ["strong pain alone is enough", "night pain", None, None]


def test_a_dmn_table_of_500_rows_takes_work_in_proportion_to_its_different_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "\n".join(f"r{age}-{severity},{age},{severity},c" for age in range(50) for severity in range(10))
    head = "pack,big\nversion,1\ntitle,Big\nhit policy,U\nrule,patient.age,pain.severity,-> caution\n"
    table = read_grid(csv_grid((head + rows).encode(), "big.csv"), {}, "big.csv", "", "row")
    assert table is not None
    compared = 0

    def counted(one: object, other: object) -> bool:
        nonlocal compared
        compared += 1
        return _meet(one, other)

    monkeypatch.setattr(tables, "_meet", counted)
    assert len(pack_from_file(written(tmp_path, table_to_dmn(table, "big"), "big.dmn")).rules) == 500
    assert compared == 50 * 50 + 10 * 10


def test_a_table_of_500_rows_is_proved_apart_when_it_is_read(tmp_path: Path) -> None:
    rows = [f"r{age}-{severity},{age},{severity},c" for age in range(50) for severity in range(10)]
    head = "pack,big\nversion,1\ntitle,Big\nhit policy,U\nrule,patient.age,pain.severity,-> caution\n"
    assert len(pack_from_file(written(tmp_path, head + "\n".join(rows), "big.csv")).rules) == 500
    with pytest.raises(PackLoadError, match="row 506: it and row 260 apply to the same patients"):
        pack_from_file(written(tmp_path, head + "\n".join([*rows, "twice,25,4,c"]), "big.csv"))
