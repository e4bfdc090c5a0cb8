"""A YAML file that is written anew keeps its comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from backpain_rules import PackLoadError
from backpain_rules.cli import main
from backpain_rules.pack_data import pack_from_data, pack_from_yaml, pack_to_data, pack_to_yaml

CLINIC = """\
# Rules of a clinic, version of May
backpain_rules_pack: 1
id: clinic
version: "1"   # raise it with every change
title: Rules of a clinic
symptoms:
  # asked of everybody
  fever: {label: Fever, ask: 'Do you have a fever?'}
  tense: {label: Tense muscles, ask: Do your muscles feel tense?}
interventions:
  heat: {label: Heat pack}
rules:
  # the urgent one comes first
  - id: fever
    when: fever  # nothing else
    then: {referral: physician, urgency: soon}
  - id: heat-for-tense-muscles
    when: tense
    then: {recommendation: heat}   # any kind
"""


def rewritten(**changed: object) -> str:
    pack = pack_from_yaml(CLINIC)
    return pack_to_yaml(pack_from_data({**pack_to_data(pack), **changed}), like=CLINIC)


def test_a_file_whose_pack_did_not_change_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rewritten() == CLINIC
    path = tmp_path / "clinic.yaml"
    path.write_text(CLINIC)
    assert main(["convert", str(path)]) == 0
    assert capsys.readouterr().out == CLINIC
    assert main(["convert", str(path), "--to", "json"]) == 0
    assert capsys.readouterr().out.startswith("{")


def test_what_changes_is_written_and_the_comments_around_it_stay() -> None:
    assert rewritten(version="2") == CLINIC.replace('version: "1"', 'version: "2"')
    data = pack_to_data(pack_from_yaml(CLINIC))
    cold = {**data["symptoms"], "cold": {"label": "Cold"}}
    with_cold = rewritten(symptoms=cold)
    assert "  cold: {label: Cold}\n" in with_cold
    assert with_cold.replace("  cold: {label: Cold}\n", "") == CLINIC


def test_a_rule_is_found_by_its_id_when_others_come_and_go() -> None:
    fever, heat = pack_to_data(pack_from_yaml(CLINIC))["rules"]
    text = rewritten(rules=[{"id": "new", "when": "tense", "then": {"recommendation": "heat"}}, heat, fever])
    assert "# any kind" in text
    assert "# nothing else" in text
    assert [rule.id for rule in pack_from_yaml(text).rules] == ["new", "heat-for-tense-muscles", "fever"]
    without = rewritten(rules=[heat])
    assert "# any kind" in without
    assert "# nothing else" not in without


def test_an_earlier_text_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(PackLoadError, match="anchors"):
        pack_to_yaml(pack_from_yaml(CLINIC), like="a: &a 1\nb: *a\n")
