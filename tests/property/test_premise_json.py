"""The JSON form of a premise round-trips, for every kind of premise that rules are made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from backpain_rules import Pack, Pain, PremiseError, RuleBaseError, each, premise_from_data, premise_to_data
from backpain_rules.ir.render import render
from backpain_rules.link.declared import declared, in_order
from backpain_rules.testing.rule_bases import packs

PAIN = {"matches": "pain"}
SEVERITY = {"field": ["pain", "severity"]}


@given(packs(max_rules=3))
def test_a_premise_read_back_says_the_same(rule_base: list[Pack]) -> None:
    known = declared(in_order(rule_base))
    parameters = {number.id: number for number in known.parameters}
    sign_sets = {signs.id: signs for signs in known.sign_sets}
    quantities = {quantity.id: quantity for quantity in known.quantities}
    for pack in rule_base:
        for rule in pack.rules:
            data = premise_to_data(rule.premise)
            text = json.dumps(data)
            again = premise_from_data(
                json.loads(text),
                fact_types=known.fact_types,
                parameters=parameters,
                sign_sets=sign_sets,
                quantities=quantities,
            )
            assert json.dumps(premise_to_data(again)) == text
            assert render(again) == render(rule.premise)


def test_another_version_is_refused() -> None:
    data = premise_to_data(each(Pain).severity >= 5)
    with pytest.raises(PremiseError, match="version 2"):
        premise_from_data({**data, "version": 2})


def test_a_name_that_was_not_given_is_refused_with_the_nearest() -> None:
    data = premise_to_data(each(Pain).severity >= 5)
    data["variables"]["pain"]["type"] = "pian"
    with pytest.raises(PremiseError, match="did you mean 'pain'"):
        premise_from_data(data)


REFUSED: list[tuple[Any, str, str]] = [
    ({"all_of": []}, "premise.all_of", "a list of one or more"),
    ({"all_of": None}, "premise.all_of", "a list of one or more"),
    ({"at_least": 1, "of": [PAIN], "mandtory": [PAIN]}, "premise.mandtory", "did you mean 'mandatory'?"),
    ({"at_least": 1}, "premise", "'of' is missing"),
    ({"at_least": 0, "of": [PAIN]}, "premise.at_least", "0 is not positive"),
    ({"at_least": True, "of": [PAIN]}, "premise.at_least", "True is not a whole number"),
    ({"matches": "pian"}, "premise.matches", "did you mean 'pain'?"),
    ({"not": {"matches": ["pain"]}}, "premise.not.matches", "no variable"),
    ({"all_of": [PAIN, {"compare": [">=", SEVERITY, {"value": 99}]}]}, "premise.all_of[1].compare[2]", "Pain.severity >= 99"),
    ({"compare": [">=", SEVERITY, {"value": "5"}]}, "premise.compare[2]", "Pain.severity >= '5'"),
    ({"compare": ["=>", SEVERITY, {"value": 5}]}, "premise.compare[0]", "'=>' is no comparison"),
    (
        {"compare": [">=", {"field": ["pain", "severty"]}, {"value": 5}]},
        "premise.compare[1].field[1]",
        "did you mean 'severity'?",
    ),
    ({"compare": [">=", {"field": ["pain", "duration"]}, {"duration": "P1M"}]}, "premise.compare[2].duration", "no fixed length"),
    ({"all_off": [PAIN]}, "premise", "did you mean 'all_of'?"),
    ([PAIN], "premise", "this is an object"),
]


@pytest.mark.parametrize(("data", "place", "said"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_what_no_author_could_write_is_refused_with_its_place(data: Any, place: str, said: str) -> None:
    with pytest.raises(RuleBaseError) as caught:
        premise_from_data({"version": 1, "variables": {"pain": {"type": "pain", "where": {}}}, "premise": data})
    assert said in str(caught.value)
    assert caught.value.fields["place"] == place


def test_a_variable_that_no_premise_uses_is_refused() -> None:
    data = premise_to_data(each(Pain).severity >= 5)
    data["variables"]["other"] = {"type": "pain", "where": {}}
    with pytest.raises(PremiseError, match=r"variables\.other: no premise uses"):
        premise_from_data(data)


def test_a_premise_is_read_from_text_as_strictly_as_a_case() -> None:
    text = json.dumps(premise_to_data(each(Pain).severity >= 5))
    assert render(premise_from_data(text)) == "pain.severity >= 5"
    with pytest.raises(PremiseError, match="version is given twice"):
        premise_from_data(text.replace('"version": 1', '"version": 1, "version": 1'))
