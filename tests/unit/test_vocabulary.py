"""The vocabulary of a knowledge base as values, and as `backpain-rules terms` prints it."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import jsonschema
import pytest

from backpain_rules import (
    KnowledgeBase,
    Pack,
    ParameterEntry,
    Rule,
    Source,
    TermEntry,
    at_least,
    condition,
    intervention,
    parameter,
    symptom,
)
from backpain_rules.cli import main

NOTES = Source("notes", "Notes", {"A1": "Cold and stiffness make a chill."})
COLD = symptom("cold", "Cold", ask="Are you cold?", codes={"snomed": "84162001"})
STIFF = symptom("stiff", "Stiffness", ask="Is the back stiff on palpation?", ask_of="practitioner")
CHILL = condition("cold", "Chill")
MRI = intervention("mri", "Magnetic resonance imaging", kind="investigation")
LEAST = parameter("least", 2, "signs that make a chill", ge=1, le=2)
CHILLS = Pack("chills", version="1", title="Chills", sources=[NOTES], terms=[MRI], rules=[
    Rule("chill", when=at_least(LEAST, COLD, STIFF), then=CHILL.finding(), source=NOTES["A1"]),
])  # fmt: skip
MORE = Pack("more", version="1", title="More", requires=["chills"], codes={"stiff": {"icd11": ["<ME86", "FA9*"]}})
KB = KnowledgeBase([CHILLS, MORE], parameters={"chills:least": 1})


def test_terms_have_a_kind_a_label_a_question_and_the_codes_of_every_pack() -> None:
    by_name = {(term.kind, term.id): term for term in KB.terms}
    assert list(by_name) == [("condition", "cold"), ("intervention", "mri"), ("symptom", "cold"), ("symptom", "stiff")]
    assert by_name["condition", "cold"] == TermEntry(kind="condition", id="cold", label="Chill", pack="chills")
    assert by_name["intervention", "mri"].intervention_kind == "investigation"
    stiff = by_name["symptom", "stiff"]
    assert (stiff.question, stiff.ask_of) == ("Is the back stiff on palpation?", "practitioner")
    assert [(code.system, code.code, code.narrower) for code in stiff.codes] == [
        ("icd11", "<ME86", True), ("icd11", "FA9*", True),
    ]  # fmt: skip
    assert [(code.system, code.code, code.id) for code in KB.codes] == [
        ("icd11", "<ME86", "stiff"), ("icd11", "FA9*", "stiff"), ("snomed", "84162001", "cold"),
    ]  # fmt: skip


def test_parameters_have_their_value_here_and_their_default() -> None:
    meaning = "signs that make a chill"
    least = ParameterEntry(name="chills:least", pack="chills", value=1, default=2, meaning=meaning, ge=1, le=2)
    assert KB.parameters == (least,)


def test_rules_are_said_in_words_with_their_statements_and_parameters() -> None:
    [rule] = KB.rules
    assert (rule.name, rule.pack, rule.parameters) == ("chills:chill", "chills", (("chills:least", 1),))
    assert rule.statements == (NOTES["A1"],)
    assert KB.sources == (NOTES,)


def test_the_vocabulary_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        KB.terms[0].label = "Else"  # type: ignore[misc]
    assert KB.terms == KnowledgeBase([MORE, CHILLS]).terms


def test_the_schema_of_a_case_has_labels_questions_and_codes() -> None:
    schema = KB.case_schema()
    kinds = {one["properties"]["type"]["const"]: one for one in schema["properties"]["facts"]["items"]["oneOf"]}
    assert kinds["symptom"]["properties"]["term"]["oneOf"] == [
        {"const": "cold", "title": "Cold", "x-ask": "Are you cold?", "x-codes": {"snomed": ["84162001"]}},
        {
            "const": "stiff", "title": "Stiffness", "x-ask": "Is the back stiff on palpation?",
            "x-codes": {"icd11": ["<ME86", "FA9*"]},
        },
    ]  # fmt: skip
    assert kinds["pain"]["x-ask"] == "Do you have {region} pain?"
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"facts": [{"type": "symptom", "term": "stiff"}]})
    assert not validator.is_valid({"facts": [{"type": "symptom", "term": "still"}]})


def test_terms_are_printed_by_pack_and_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["terms", "--pack", "red_flags", "--kind", "symptom", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {(term["pack"], term["kind"]) for term in listed} == {("red_flags", "symptom")}
    assert main(["terms", "--pack", "red_flags"]) == 0
    text = capsys.readouterr().out
    assert "Symptoms\n" in text
    for term in listed:
        assert f"  {term['id']}: {term['label']} (red_flags)\n" in text
        assert term.get("question", "") in text
