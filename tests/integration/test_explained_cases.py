"""In every case of examples/cases every conclusion says why, every absent one says why not, and the changes do what they say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_example_cases import CASES, KNOWLEDGE, NAMES

from backpain_rules import Assessment, Derivation, Fact, KnownCondition
from backpain_rules.explain.derivation import PremiseState

MISSED = ("false", "unknown")


def assessed(folder: str, name: str) -> Assessment:
    kb = KNOWLEDGE[folder]
    return kb.assess(kb.read_case((CASES / folder / f"{name}.json").read_text(encoding="utf-8")))


def ends(derivation: Derivation) -> Iterator[PremiseState]:
    """The premises that a derivation ends in."""
    stack = [premise for support in derivation.supports for premise in support.premises]
    while stack:
        premise = stack.pop()
        stack += premise.parts
        if premise.derivation is not None:
            stack += [inner for support in premise.derivation.supports for inner in support.premises]
        elif not premise.parts:
            yield premise


def absent_from(result: Assessment) -> list[Fact]:
    outcome = result._outcome
    return [fact for number, fact in enumerate(outcome.program.facts) if number not in outcome.established]


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_why_ends_only_in_stated_facts_and_in_defaults_that_nothing_speaks_against(folder: str, name: str) -> None:
    result = assessed(folder, name)
    for fact in result.derived:
        derivation = result.why(fact)
        # What was known before rests on the diagnosis, and on no source.
        assert isinstance(fact, KnownCondition) or all(support.sources for support in derivation.supports)
        for premise in ends(derivation):
            assert set(premise.stated) <= set(result.facts)
            assert premise.state == "by default" or (premise.state == "true" and premise.stated), premise
            assert premise.state == "true" or premise.text.startswith(("unless", "is_unknown")), premise


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_why_not_names_a_missing_premise_of_every_rule_that_could_give_an_absent_conclusion(folder: str, name: str) -> None:
    result = assessed(folder, name)
    for fact in absent_from(result):
        why_not = result.why_not(fact)
        assert why_not.rules
        for rule in why_not.rules:
            assert any(premise.state in MISSED for premise in rule.premises)
            assert rule.away
        assert [rule.away for rule in why_not.rules] == sorted(rule.away or 0 for rule in why_not.rules)


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_the_smallest_changes_do_what_they_say(folder: str, name: str) -> None:
    """Of each case another tenth of the conclusions, so that each is asked for in some case."""
    result, kb = assessed(folder, name), KNOWLEDGE[folder]
    first = NAMES.index((folder, name)) % 10
    known = {str(conflict) for conflict in result.conflicts if conflict.constraint}
    for fact in [*absent_from(result), *result.derived][first::10]:
        is_there = fact in result.derived
        changes = result.robustness(fact).changes if is_there else result.why_not(fact).changes
        assert changes
        for edit in changes:
            changed = kb.assess(edit.of(result.facts))
            assert (fact in every_part(changed)) is not is_there
            assert {str(conflict) for conflict in changed.conflicts if conflict.constraint} <= known


def every_part(result: Assessment) -> set[Fact]:
    """Every conclusion, those that are shown as one with others too."""
    outcome = result._outcome
    return {*result.derived, *(outcome.program.facts[number] for number in outcome.established)}
