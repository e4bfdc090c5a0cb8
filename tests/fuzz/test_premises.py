"""Premises as data, mutated: read or refused; and what is read can be written and read again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fuzzing import fuzz
from mutations import mutated, mutated_json

from backpain_rules import (
    Injury,
    KnowledgeBase,
    Pain,
    Patient,
    all_of,
    any_of,
    at_least,
    each,
    exists,
    is_known,
    is_unknown,
    not_,
    parameter,
    premise_from_data,
    premise_to_data,
    score,
    sign_set,
    symptom,
    unless,
)  # fmt: skip

COLD, HEAT = symptom("cold", "Cold", ask="Cold?"), symptom("heat", "Heat", ask="Hot?")
SIGNS = sign_set("signs", COLD, HEAT)
LEAST = parameter("least", 1, "how many", ge=1)
pain, injury = each(Pain, region="lumbar"), each(Injury)
PREMISES = [
    all_of(pain, pain.severity >= 5, any_of(COLD, not_(HEAT)), pain.duration < timedelta(weeks=12)),
    all_of(injury, pain, injury.since + timedelta(days=1) >= pain.duration, injury.region == pain.region),
    any_of(at_least(LEAST, SIGNS), at_least(2, COLD, HEAT, mandatory=[HEAT]), score((2, COLD), (1, HEAT)) >= 2),
    all_of(unless(COLD), is_unknown(HEAT), is_known(COLD), exists(pain, pain.severity * 2 > 3), each(Patient).sex == "female"),
]
GIVEN: dict[str, Any] = {"parameters": {"least": LEAST}, "sign_sets": {"signs": SIGNS}}


def read(data: Any) -> None:
    again = premise_to_data(premise_from_data(data, **GIVEN))
    assert premise_to_data(premise_from_data(again, **GIVEN)) == again


def test_a_mutated_premise_is_read_or_refused(inputs: int) -> None:
    fuzz("premise", inputs, [premise_to_data(premise) for premise in PREMISES], mutated, read)


def test_a_mutated_premise_as_text_is_read_or_refused(inputs: int) -> None:
    fuzz("premise text", inputs, [premise_to_data(premise) for premise in PREMISES], mutated_json, read)


def test_mutated_premises_of_a_pack_are_read_or_refused(inputs: int) -> None:
    linked = KnowledgeBase.load("acupuncture")._linked
    fuzz(
        "pack", inputs, [premise_to_data(rule.body) for rule in linked.rules], mutated,
        lambda data: premise_from_data(data, fact_types=linked.fact_types, sign_sets=linked.sign_sets),
    )  # fmt: skip


def test_premises_that_nobody_mutated_are_read() -> None:
    for premise in PREMISES:
        read(premise_to_data(premise))
