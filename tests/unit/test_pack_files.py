"""How a pack reads as YAML, and what the error says when it is wrong: the file, the line, the place and the right thing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import field_validator

from backpain_rules import (
    DefinitionError,
    Fact,
    Key,
    KnowledgeBase,
    Pack,
    PremiseError,
    Rule,
    Slot,
    condition,
    each,
    slot,
)
from backpain_rules.pack_data import pack_from_data, pack_from_file, pack_from_yaml, pack_schema, pack_to_data, pack_to_yaml
from backpain_rules.pack_data.comparisons import comparison_from_text

PACK = """\
backpain_rules_pack: 1
id: clinic
version: "1"
title: Rules of a clinic
sources:
  notes:
    title: Notes of the clinic
    statements: {A1: Strong pain with fever needs a look soon.}
symptoms:
  fever: {label: Fever, ask: Do you have a fever?}
parameters:
  strong: {default: 7, ge: 1, le: 10, doc: pain from this rating on is strong}
rules:
  - id: strong-pain-with-fever
    for_each: {pain: pain}
    when:
      all_of:
        - fever
        - pain.severity >= strong
        - pain.duration <= 2 weeks
    then: {referral: physician, reason: fever, urgency: soon}
    source: notes:A1
    fires_on:
      - [fever, {pain: lumbar, severity: 8, duration: 3 days}]
    silent_on:
      - [{absent: fever}, {pain: lumbar, severity: 8, duration: 3 days}]
"""


def test_a_pack_in_yaml_is_loaded_by_its_path_and_answers(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_text(PACK)
    kb = KnowledgeBase.load(path)
    [rule] = kb.packs[0].rules
    assert str(rule.written) == f"{path}:14"
    assert [str(fact) for fact in kb.assess(list(rule.fires_on[0])).derived] == ["to='physician' reason='fever' urgency='soon'"]
    assert kb.assess(list(rule.silent_on[0])).derived == ()


def test_a_file_may_require_an_installed_pack_and_a_file_before_it(tmp_path: Path) -> None:
    first, second = tmp_path / "clinic.yaml", tmp_path / "more.yaml"
    first.write_text(PACK)
    second.write_text(
        "backpain_rules_pack: 1\nid: more\nversion: '1'\ntitle: More\nrequires: [clinic, acupuncture]\n"
        "rules:\n  - {id: r, when: {all_of: [fever, kidney_yin_deficiency]}, then: {caution: both}}\n"
    )
    assert [pack.id for pack in KnowledgeBase.load(str(first), str(second)).packs] == ["acupuncture", "clinic", "more"]


@pytest.mark.parametrize(
    ("wrong", "right", "line", "sentence"),
    [
        ("- fevre", "- fever", 18, "no term and no variable is called 'fevre'; did you mean 'fever'?"),
        ("severity >= strong", "severity >= strnog", 19, "no parameter 'strnog' was given; did you mean 'strong'?"),
        ("pain.severity >=", "pain.severty >=", 19, "Pain has no field 'severty'; did you mean 'severity'?"),
        ("pain.severity >= strong", "pain.severity >= 11", 19, "Pain.severity >= 11: input should be less than or equal to 10"),
        ("<= 2 weeks", "<= 2 months", 20, "nothing may follow the second value, but 'months' does"),
        ("- fever\n", "- fever or strong\n", 18, "no term and no variable is called 'fever or strong'"),
        ("severity: 8, duration: 3 days}]\n    silent", "severity: 8, duration: 3 dys}]\n    silent", 24, "write a duration"),
        ("source: notes:A1", "source: notes:A2", 22, "source 'notes' has no statement 'A2'; it has A1"),
        ("then: {referral", "then: {referal", 21, "did you mean 'referral'?"),
        ("    when:", "    wenn:", 16, "'wenn' is not known here; did you mean 'when'?"),
        ('version: "1"', "version: 1.0", 3, 'this is text, not 1.0; write it in quotes: "1.0"'),
        ("id: clinic", "id: clinic\nid: other", 3, "'id' is said twice"),
        ("urgency: soon}", "urgency: now}", 21, "one of emergency, urgent, soon, routine"),
        ("title: Rules of a clinic", "title: &t Rules", 4, "anchors and aliases (&name, *name) are not read"),
        ("title: Rules of a clinic", "title: !!python/name:os.system ''", 4, "is not read; remove it"),
        ("for_each: {pain: pain}", "for_each: {pain: pain, other: pain}", 15, "nothing uses this variable"),
        ("le: 10, doc", "le: 5, doc", 12, "parameter 'strong' must be at least 1 and at most 5, not 7"),
    ],
)  # fmt: skip
def test_an_error_names_the_file_the_line_and_the_right_thing(wrong: str, right: str, line: int, sentence: str) -> None:
    good, bad = (wrong, right) if wrong in PACK else (right, wrong)
    text = PACK.replace(good, bad, 1)
    with pytest.raises(Exception, match=r"clinic\.yaml, line") as raised:
        pack_from_yaml(text, file="clinic.yaml")
    assert raised.type.__name__ == "PackLoadError"
    assert str(raised.value).startswith(f"clinic.yaml, line {line}: ")
    assert sentence in str(raised.value)
    assert raised.value.fields["line"] == line  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("pain.severity >= 5", [">=", {"field": "pain.severity"}, {"value": 5}]),
        ("a.day - b.day >= 30 days", [">=", {"-": [{"field": "a.day"}, {"field": "b.day"}]}, {"duration": "30 days"}]),
        ("p.x + 2 * p.y < other:limit",
         ["<", {"+": [{"field": "p.x"}, {"*": [{"value": 2}, {"field": "p.y"}]}]}, {"parameter": "other:limit"}]),
        ("patient.sex == 'female'", ["==", {"field": "patient.sex"}, {"value": "female"}]),
        ("patient.pregnant != true", ["!=", {"field": "patient.pregnant"}, {"value": True}]),
        ("p.x > (p.y - min-signs) * 1.5",
         [">", {"field": "p.x"}, {"*": [{"-": [{"field": "p.y"}, {"parameter": "min-signs"}]}, {"value": 1.5}]}]),
    ],
)  # fmt: skip
def test_a_comparison_reads_as_it_is_written(text: str, data: list[Any]) -> None:
    assert comparison_from_text(text, "when") == {"compare": data}


@pytest.mark.parametrize(
    "text", ["a.b >=", ">= 5", "a.b >= 5 >= 3", "a.b = 5", "a.b >= __import__('os')", "(" * 300 + "a.b >= 1", "a.b >= 5 and c"]
)
def test_a_text_that_is_no_comparison_is_refused(text: str) -> None:
    with pytest.raises(PremiseError, match="when: "):
        comparison_from_text(text, "when")


class Visit(Fact):
    """A visit on one day."""

    ask_ = "Was there a visit?"
    day: Key[date]
    side: Slot[Literal["left", "right"]] = slot(key=True)
    score: Slot[int] = slot(ge=0, le=10, unit="/10", doc="the score of the day", ask="What was the score?")
    dose: Slot[Decimal] = slot()
    kind: Literal["first", "later"] = "later"


class Strict(Fact):
    """A fact type with a rule of its own."""

    size: Key[int]

    @field_validator("size")
    @classmethod
    def even(cls, size: int) -> int:
        return size


def with_type(kind: Any) -> Pack:
    one = each(kind)
    return Pack("p", version="1", title="P", rules=[Rule("r", when=one, then=condition("c", "C").finding())])


def test_a_fact_type_keeps_its_fields_bounds_questions_and_defaults() -> None:
    pack = with_type(Visit)
    read = pack_from_data(pack_to_data(pack))
    [kind] = read.fact_types
    assert kind.tag() == "visit"
    assert kind.ask_ == Visit.ask_
    assert kind.model_json_schema()["properties"] == Visit.model_json_schema()["properties"]
    assert kind.schema_.keys == Visit.schema_.keys
    fact = kind.__pydantic_validator__.validate_json('{"day": "2026-01-31", "side": "left", "score": 3, "dose": "0.1"}')
    assert fact.dose == Decimal("0.1")
    assert fact.kind == "later"
    with pytest.raises(Exception, match="less than or equal to 10"):
        kind(day=date(2026, 1, 31), score=11)


def test_a_fact_type_that_data_cannot_say_is_refused_with_the_reason() -> None:
    with pytest.raises(DefinitionError, match="Strict cannot be written as data: it has a validator"):
        pack_to_data(with_type(Strict))


def test_a_pack_that_another_requires_must_be_given() -> None:
    kb = KnowledgeBase.load("tcm_signs")
    [pack] = [pack for pack in kb.packs if pack.id == "tcm_signs"]
    with pytest.raises(Exception, match="requires pack 'acupuncture', which is not loaded"):
        pack_to_yaml(pack)


@pytest.mark.parametrize("name", ["missing.yaml", "pack.docx"])
def test_a_file_that_holds_no_pack_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "pack.docx").write_text("")
    with pytest.raises(Exception, match=r"there is no file|a pack is a folder, or ends in"):
        pack_from_file(tmp_path / name)


def test_the_schema_accepts_the_shipped_packs_and_refuses_a_misspelt_member() -> None:
    schema = pack_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    kb = KnowledgeBase.load()
    for pack in kb.packs:
        data = pack_to_data(pack, requires=kb.packs)
        assert [error.message for error in validator.iter_errors(data)] == []
        data["rules"][0]["wenn"] = data["rules"][0].pop("when")
        assert not validator.is_valid(data)
