"""However long the way from the facts to a conclusion, it can be explained."""

from __future__ import annotations

import json

import pytest

from backpain_rules import (
    Assessment,
    KnowledgeBase,
    Pack,
    PremiseError,
    Rule,
    all_of,
    any_of,
    condition,
    never,
    partition,
    symptom,
)

STEPS = 600


@pytest.fixture(scope="module")
def result() -> Assessment:
    cold = symptom("cold", "Cold", ask="Cold?")
    steps = [condition(f"c{n}", f"Step {n}") for n in range(STEPS)]
    rules = [Rule(f"r{n}", when=steps[n - 1] if n else cold, then=steps[n].finding()) for n in range(STEPS)]
    return KnowledgeBase([Pack("demo", version="1", title="Demo", rules=rules)]).assess([cold.present])


def test_a_derivation_of_hundreds_of_steps_is_shown_in_every_form(result: Assessment) -> None:
    last = next(fact for fact in result.findings if fact.condition == f"c{STEPS - 1}")
    derivation = result.why(last)
    assert len(str(derivation).splitlines()) == 2 * STEPS + 1
    assert derivation._repr_html_().count("because rule") == STEPS
    assert derivation.to_markdown().count("because rule") == STEPS
    assert repr(derivation)
    assert len(derivation.picture().nodes) == 2 * STEPS + 1


def test_its_json_is_flat_and_names_each_conclusion_once(result: Assessment) -> None:
    last = next(fact for fact in result.findings if fact.condition == f"c{STEPS - 1}")
    data = json.loads(json.dumps(result.why(last).to_data()))
    assert [one["fact"]["condition"] for one in data["below"]] == [f"c{n}" for n in range(STEPS - 1)]
    assert data["supports"][0]["premises"][0]["concluded"] == data["below"][-1]["fact"]


def test_a_report_of_it_is_written(result: Assessment) -> None:
    assert result.explain()
    assert result.report().to_markdown()


@pytest.mark.parametrize("depth", [60, 5_000])
def test_premises_that_nest_deeper_than_anybody_writes_are_refused(depth: int) -> None:
    cold, chill = symptom("cold", "Cold", ask="Cold?"), condition("chill", "Chill")
    nested = all_of(cold)
    for _ in range(depth):
        nested = any_of(cold, all_of(nested, cold))
    for define in (
        lambda: Rule("chill", when=nested, then=chill.finding()),
        lambda: never("chill", nested),
        lambda: partition("chill", nested, cold),
    ):
        with pytest.raises(PremiseError, match="more than 50 deep"):
            define()


def test_premises_that_nest_as_deep_as_is_allowed_are_explained() -> None:
    cold, chill = symptom("cold", "Cold", ask="Cold?"), condition("chill", "Chill")
    nested = all_of(cold)
    for _ in range(23):
        nested = any_of(cold, all_of(nested, cold))
    kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=nested, then=chill.finding())])])
    result = kb.assess([cold.present])
    assert result.report().to_html()
    assert str(result.why(result.findings[0]))
    assert str(kb.assess([]).why_not(chill))
