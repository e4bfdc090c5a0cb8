"""The JSON form of a premise round-trips, for every kind of premise that rules are made of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from backpain_rules import Pack, Pain, PremiseError, each, premise_from_data, premise_to_data
from backpain_rules.ir.render import render
from backpain_rules.link.declared import declared, in_order
from backpain_rules.testing.rule_bases import packs


@given(packs(max_rules=3))
def test_a_premise_read_back_says_the_same(rule_base: list[Pack]) -> None:
    known = declared(in_order(rule_base))
    parameters = {number.id: number for number in known.parameters}
    sign_sets = {signs.id: signs for signs in known.sign_sets}
    for pack in rule_base:
        for rule in pack.rules:
            data = premise_to_data(rule.premise)
            text = json.dumps(data)
            again = premise_from_data(json.loads(text), fact_types=known.fact_types, parameters=parameters, sign_sets=sign_sets)
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
