"""`backpain-rules check` and `KnowledgeBase.check`: the shipped packs are clean, and what is found can be used elsewhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from backpain_rules import (
    Caution,
    KnowledgeBase,
    MissingExtraError,
    Pack,
    Rule,
    accept,
    all_of,
    any_of,
    conclude,
    condition,
    each,
    never,
    not_,
    parameter,
    partition,
    symptom,
    unless,
)
from backpain_rules.acceptance import CODES
from backpain_rules.cli import main
from backpain_rules.errors import DefinitionError, PremiseError
from backpain_rules.testing.playground import Episode

A, B = symptom("a", "A", ask="A?"), symptom("b", "B", ask="B?")
ILL, WELL = condition("ill", "Ill"), condition("well", "Well")


def knowledge(*rules: Rule, **more: object) -> KnowledgeBase:
    return KnowledgeBase([Pack("p", version="1", title="P", rules=rules, **more)])  # type: ignore[arg-type]


def test_the_shipped_packs_are_clean_and_the_documentation_lists_what_they_accept() -> None:
    report = KnowledgeBase.load().check()
    assert [str(one) for one in report] == []
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "proofs.md").read_text(encoding="utf-8")
    listed = [line for line in text.splitlines() if line.startswith("| BR")]
    for one in report.accepted:
        assert any(line.startswith(f"| {one.code} |") and all(f"`{name}`" in line for name in one.subjects) for line in listed)


def test_the_acupuncture_pack_accepts_the_gap_and_the_overlap_between_acute_and_chronic() -> None:
    report = KnowledgeBase.load("acupuncture").check()
    assert [(one.code, one.subjects) for one in report.accepted] == [
        ("BR006", ("acupuncture:acute-or-chronic",)),
        ("BR007", ("acupuncture:acute-or-chronic",)),
    ]
    assert all(one.accepted is not None and one.accepted.statements for one in report.accepted)
    assert report.not_proved == ()


def test_the_documentation_names_every_kind_of_finding() -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "proofs.md").read_text(encoding="utf-8")
    assert all(f"| {code} | {name} |" in text for code, name in CODES.items())


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of this test works with one faulty pack."""
    kb = knowledge(
        Rule("never-fires", when=all_of(A, not_(A)), then=ILL.finding()),
        Rule("daily", when=A, then=WELL.finding(strength="indicates")),
        Rule("weekly", when=B, then=WELL.finding(strength="may_indicate")),
    )
    monkeypatch.setattr("backpain_rules.cli.check.load", lambda *_: kb)


@pytest.mark.usefixtures("faulty")
def test_a_fault_is_shown_with_its_place_its_patient_and_what_to_write_if_it_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    text = capsys.readouterr().out
    assert "BR001 unreachable-rule: rule p:never-fires fires for no patient: a and a.absent never hold together" in text
    assert "for instance: a; b" in text
    assert f"{Path(__file__).name}:" in text
    assert 'accepts=[accept("BR004", ["p:daily", "p:weekly"], "why this is so")]' in text
    assert "Proved" in text


@pytest.mark.usefixtures("faulty")
def test_the_witness_in_json_is_a_case_that_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    [meeting] = [one for one in data["found"] if one["code"] == "BR004"]
    kb = knowledge(Rule("r", when=any_of(A, B), then=ILL.finding()))
    assert set(kb.read_case(meeting["witness"])) == {A.present, B.present}


@pytest.mark.usefixtures("faulty")
def test_sarif_has_each_finding_with_its_rule_its_line_and_its_witness(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "sarif"]) == 1
    [run] = json.loads(capsys.readouterr().out)["runs"]
    codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert codes[result["ruleIndex"]] == result["ruleId"]
        line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
        name = result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].removeprefix("p:")
        assert f'Rule("{name}"' in Path(__file__).read_text(encoding="utf-8").splitlines()[line - 1]
    assert {result["ruleId"] for result in run["results"]} == {"BR001", "BR004"}
    assert any("witness" in result.get("properties", {}) for result in run["results"])


def test_what_a_pack_accepts_is_suppressed_in_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "acupuncture", "--format", "sarif"]) == 0
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert [result["suppressions"][0]["kind"] for result in run["results"]] == ["inSource", "inSource"]


def test_a_pack_that_is_not_installed_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "acupunture"]) == 2
    assert "did you mean 'acupuncture'?" in capsys.readouterr().err


def test_without_python_sat_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    with pytest.raises(MissingExtraError, match=r"backpain-rules\[prove\]"):
        knowledge(Rule("r", when=A, then=ILL.finding())).check()


def test_rules_that_rest_on_closed_facts_are_listed_and_not_called_unreachable() -> None:
    episode = each(Episode)
    caution = each(Caution, about="began")
    report = knowledge(
        Rule("r", when=episode.severity >= 3, then=conclude(Caution, about="began")),
        Rule("s", when=all_of(caution, A), then=ILL.finding()),
        Rule("t", when=B, then=WELL.finding()),
    ).check()
    assert list(report) == []
    assert [text.partition(":")[2].partition(":")[0] for text in report.not_proved] == ["r", "s"]


def test_a_parameter_without_a_bound_is_listed_as_not_proved() -> None:
    half = parameter("half", 0.5, "half of something", ge=0.0)
    report = knowledge(Rule("r", when=A, then=ILL.finding()), parameters=[half]).check()
    assert [text for text in report.not_proved if "p:half has no upper bound" in text]


def test_where_no_patient_is_possible_nothing_else_is_claimed() -> None:
    report = knowledge(
        Rule("r", when=A, then=ILL.finding()), constraints=[never("a", unless(A)), never("b", unless(not_(A)))]
    ).check()
    assert [(one.code, one.subjects) for one in report] == [("BR005", ("p:a", "p:b"))]
    assert report.proved == ()


@pytest.mark.parametrize(("code", "reason"), [("BR999", "because"), ("BR010", "because"), ("BR001", " ")])
def test_an_acceptance_names_a_finding_that_exists_and_a_reason(code: str, reason: str) -> None:
    with pytest.raises(DefinitionError):
        accept(code, "r", reason)


def test_a_partition_has_two_kinds_that_can_be_denied() -> None:
    with pytest.raises(PremiseError, match="at least two"):
        partition("one", A)
    with pytest.raises(PremiseError, match="partition p:default"):
        knowledge(Rule("r", when=A, then=ILL.finding()), partitions=[partition("default", A, unless(A))])
