"""What a pack author gets in one line: shipped packs satisfy it, and a fault of a pack is found by the property for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from backpain_rules import (
    Diagnosis,
    Fact,
    FactError,
    Finding,
    Injury,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Recommendation,
    Rule,
    Source,
    Symptom,
    all_of,
    condition,
    each,
    intervention,
    never,
    symptom,
)
from backpain_rules.assessment import Assessment
from backpain_rules.ground.nodes import place_of
from backpain_rules.testing import cases, completions, facts, malformed_cases, pack_conformance, pack_tests
from backpain_rules.testing.properties import PROPERTIES, subject
from effort import examples

NOTES = Source("notes", "Notes", {"1": "cold makes a chill", "2": "tea for a chill"})
COLD, RARE = symptom("cold", "Cold", ask="Cold?"), symptom("rare", "Rare", ask="Rare?")
CHILL, TEA = condition("chill", "Chill"), intervention("tea", "Tea")
pain = each(Pain, region="lumbar")
GOOD = Pack("good", version="1", title="Good", sources=[NOTES], terms=[COLD, RARE], rules=[
    Rule("chill", when=COLD, then=CHILL.finding(), source=NOTES["1"], fires_on=[[COLD.present]], silent_on=[[COLD.absent]]),
    Rule("tea", when=all_of(CHILL, pain.severity >= 7, RARE), then=TEA.recommend(for_condition=CHILL), source=NOTES["2"]),
])  # fmt: skip


def test_a_good_pack_conforms() -> None:
    pack_conformance(GOOD)


test_each_property_is_a_test_of_its_own = pack_tests(GOOD)


@pytest.mark.parametrize("name", [pack.id for pack in KnowledgeBase.load().packs])
def test_the_shipped_packs_conform(name: str) -> None:
    pack_conformance(name, max_examples=10)


# --- each fault is found ------------------------------------------------------------------------------------------------


def changed(**fields: object) -> Pack:
    return replace(GOOD, **fields)  # type: ignore[arg-type]


def rule(**fields: object) -> Rule:
    return Rule("more", **{"when": COLD, "then": TEA.recommend(), "source": NOTES["2"], **fields})  # type: ignore[arg-type]


FAULTS: list[tuple[str, Pack, str]] = [
    ("rules_do_what_their_cases_say", changed(rules=[rule(fires_on=[[COLD.absent]])]), "good:more does not fire"),
    ("rules_do_what_their_cases_say", changed(rules=[rule(silent_on=[[COLD.present]])]), "good:more fires on this case"),
    ("every_rule_can_fire_and_be_silent", changed(rules=[*GOOD.rules, rule(when=all_of(COLD, COLD.absent))]), "good:more"),
    (
        "every_rule_can_fire_and_be_silent",
        changed(rules=[rule(), Rule("stop", when=COLD, then=CHILL.finding(), overrides="more")]),
        "always overridden: good:more",
    ),
    ("every_conclusion_explains_itself", changed(rules=[rule(source=None)]), "rule good:more cites no source"),
    ("no_constraint_is_broken_by_conclusions", changed(constraints=[never("not-both", CHILL, RARE)]), "good:not-both"),
    ("symptoms_have_questions", changed(terms=[COLD, RARE, symptom("mute", "Mute")]), "no question asks for mute"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pack", "said"), FAULTS, ids=[f"{name}-{number}" for number, (name, _, _) in enumerate(FAULTS)])
def test_a_fault_is_found_by_its_property(name: str, pack: Pack, said: str) -> None:
    with pytest.raises(AssertionError) as caught:
        pack_conformance(pack)
    found = str(caught.value)
    assert said in found[found.index(f"{name}: ") :]


def test_a_case_under_fires_on_in_which_the_rule_is_silent_says_what_is_missing() -> None:
    with pytest.raises(AssertionError) as caught:
        PROPERTIES["rules_do_what_their_cases_say"](subject(changed(rules=[rule(fires_on=[[COLD.absent]])])))
    assert "tea is not concluded" in str(caught.value)
    assert "rule good:more: 1 fact away" in str(caught.value)
    assert "cold  <- no cold" in str(caught.value)


class Broken(Assessment):
    """A result in which something is wrong."""


ENGINE_FAULTS: list[tuple[str, str, Callable[..., object]]] = [
    ("ends_and_order_does_not_matter", "to_json", lambda self, **_: repr(self._outcome.facts)),
    ("firm_conclusions_stay", "is_firm", lambda self, fact: True),
    ("rules_and_cases_come_back_from_json", "read_case", lambda self, data: ()),
]


@pytest.mark.parametrize(("name", "method", "fault"), ENGINE_FAULTS, ids=[name for name, _, _ in ENGINE_FAULTS])
def test_a_fault_below_the_pack_is_found_too(
    name: str, method: str, fault: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KnowledgeBase if method == "read_case" else Assessment, method, fault)
    default = Rule("calm", when=all_of(RARE, pain), then=CHILL.finding())
    from backpain_rules import unless

    walk = Rule("walk", when=all_of(RARE, unless(COLD)), then=TEA.recommend())
    with pytest.raises(AssertionError):
        PROPERTIES[name](subject(replace(GOOD, rules=[default, walk]), max_examples=2000))  # as many as it takes


def test_a_failure_prints_a_case_that_can_be_pasted() -> None:
    with pytest.raises(AssertionError) as caught:
        PROPERTIES["no_constraint_is_broken_by_conclusions"](subject(changed(constraints=[never("not-both", CHILL, RARE)])))
    defined: dict[str, list[list[Fact]]] = {}
    exec(str(caught.value).partition("\n\n")[2], defined)
    assert set(defined["cases"][0]) >= {COLD.present, RARE.present}


# --- strategies ---------------------------------------------------------------------------------------------------------

KB = KnowledgeBase([GOOD])
SHIPPED = KnowledgeBase.load()


@given(cases(SHIPPED))
def test_cases_are_cases(case: Sequence[Fact]) -> None:
    assert set(SHIPPED.assess(case).facts) == set(case)
    assert len({place_of(fact) for fact in case}) == len(case)


def test_cases_reach_the_edge_of_a_comparison_and_a_rule_that_rarely_fires() -> None:
    quick = settings(max_examples=2000, deadline=None, database=None)
    for severity in (6, 7, 8):
        find(cases(KB), lambda case, s=severity: any(isinstance(f, Pain) and f.severity == s for f in case), settings=quick)  # type: ignore[misc]
    found = find(cases(KB), lambda case: bool(KB.assess(case).recommendations), settings=quick)
    assert {COLD.present, RARE.present} <= set(found)


@settings(max_examples=examples(30))
@given(cases(SHIPPED).flatmap(lambda case: st.tuples(st.just(case), completions(SHIPPED, case))))
def test_a_completion_says_all_that_the_case_says_and_leaves_nothing_open(both: tuple[Sequence[Fact], Sequence[Fact]]) -> None:
    case, whole = both
    answered = {place_of(fact): fact for fact in whole}
    for fact in case:
        said = {name: value for name, value in fact.__dict__.items() if value is not None and name in type(fact).model_fields}
        assert said.items() <= answered[place_of(fact)].__dict__.items()
    assert SHIPPED.assess(whole).undecided == ()


@given(facts(SHIPPED))
def test_facts_are_facts_of_these_packs(fact: Fact) -> None:
    assert SHIPPED.assess([fact]).facts == (fact,)


@given(malformed_cases(SHIPPED))
def test_malformed_cases_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(FactError):
        SHIPPED.read_case(data)


@pytest.mark.parametrize("kind", [Pain, Injury, Symptom, Diagnosis, Patient])
def test_from_type_gives_facts_of_every_shared_type(kind: type[Fact]) -> None:
    @settings(max_examples=examples(30))
    @given(st.from_type(kind))
    def check(fact: Fact) -> None:
        assert type(fact) is kind

    check()


# --- the plug-in --------------------------------------------------------------------------------------------------------


def pytest_run(*options: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")


def test_pytest_tries_a_pack_by_name_each_property_an_item(tmp_path: Path) -> None:
    done = pytest_run("--pack", "acupuncture", "--pack-examples", "5", "-v", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(PROPERTIES)} passed" in done.stdout
    assert "acupuncture::firm_conclusions_stay PASSED" in done.stdout


def test_the_plug_in_imports_nothing_of_the_library_until_it_is_used() -> None:
    program = (
        "import sys, backpain_rules.testing.plugin; "
        "sys.exit(any(name.startswith('pydantic') or name == 'backpain_rules.knowledge' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_durations_are_drawn_beside_their_threshold() -> None:
    year = each(Pain)
    kb = KnowledgeBase([replace(GOOD, rules=[Rule("old", when=year.duration >= timedelta(weeks=12), then=CHILL.finding())])])
    for duration in (timedelta(weeks=12), timedelta(weeks=12) - timedelta(hours=1)):
        found = find(facts(kb), lambda fact, d=duration: isinstance(fact, Pain) and fact.duration == d)  # type: ignore[misc]
        assert found is not None
    assert find(cases(kb), lambda case: bool(kb.assess(case).of(Finding)) and not kb.assess(case).of(Recommendation))
