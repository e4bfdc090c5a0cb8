"""The shipped pack: its ids, its parameters, the small cases its rules carry, and an account of every statement."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from _pytest.mark import ParameterSet

import backpain_pack_acupuncture
from backpain_pack_acupuncture import PACK
from backpain_pack_acupuncture.article import ARTICLE
from backpain_rules import (
    Caution,
    ConditionTerm,
    Constraint,
    Fact,
    Finding,
    Injury,
    KnowledgeBase,
    Pack,
    Pain,
    ParameterError,
    Recommendation,
    Rule,
    Symptom,
    SymptomTerm,
    absent,
    extend,
    present,
    symptom,
)

CONDITIONS = """acute_strain blood_stagnation chronic_pain muscle_weakness chronic_imbalance herniated_disk organ_gate
    kidney_yin_deficiency kidney_yang_deficiency damp_cold_obstruction damp_heat_obstruction"""
SYMPTOMS = """weak_knees hot_flashes night_sweats thirst_for_warm_drinks dry_membranes feeling_cold cold_feet
    cold_sensitivity thirst frequent_urination nocturnal_urination low_libido poor_posture repetitive_strain
    repeated_injuries muscle_imbalance weak_core low_exercise dampness cold heat"""
INTERVENTIONS = """acupuncture herbs_internal herbal_plaster strength_training imbalance_check egoscue
    nutrition_supplements diet"""
PARAMETERS = {
    "acute_window": timedelta(hours=24),
    "chronic_after": timedelta(weeks=12),
    "mild_max": 3,
    "stop_below": 5,
    "min_signs": 3,
}
SIGN_SETS = {"kidney_yin_signs": 5, "kidney_yang_signs": 6, "dampness_signs": 1, "cold_signs": 1, "heat_signs": 1}
STATEMENTS = {f"{letter}{n}" for letter, last in zip("ABCDEF", (7, 14, 11, 3, 5, 5), strict=True) for n in range(1, last + 1)}

CONFIRMED_CODES = {
    "icd11": {"SF93", "SF97", "SF94", "SE81", "SE82", "SE84", "SF9G", "SG26", "SC61"},
    "icd10": {"M54.5", "<M51.2", "S33.5", "M54.2", "G83.4"},
    "icd10cm": {"M54.50", "M54.59", "S39.012A", "S33.5XXA", "<M51.2*", "M54.2", "G83.4"},
}

MILD_CHRONIC_BACK = Pain(region="lumbar", severity=2, duration=timedelta(weeks=20))
STRAINED_BACK = (
    Pain(region="lumbar", severity=4, duration=timedelta(hours=30)),
    Injury(region="lumbar", since=timedelta(hours=30)),
)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase([PACK])


def small_cases(kind: Literal["fires_on", "silent_on"]) -> list[ParameterSet]:
    """The cases that the rules carry, each with its rule."""
    numbered = [(rule, number, case) for rule in PACK.rules for number, case in enumerate(getattr(rule, kind), 1)]
    return [pytest.param(rule, case, id=f"{rule.id}-{number}") for rule, number, case in numbered]


def fired(kb: KnowledgeBase, case: tuple[Fact, ...]) -> set[str]:
    """The rules behind all that is concluded."""
    result = kb.assess(case)
    return {support.rule for fact in result.derived for support in result.why(fact).supports}


# --- ids -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vocabulary", "ids"), [("condition", CONDITIONS), ("symptom", SYMPTOMS), ("intervention", INTERVENTIONS)]
)
def test_it_declares_these_ids_and_no_others(vocabulary: str, ids: str) -> None:
    assert sorted(t.id for t in PACK.terms if t.vocabulary == vocabulary) == sorted(ids.split())


def test_every_symptom_has_a_question_of_its_own() -> None:
    asked = [term.ask for term in PACK.terms if isinstance(term, SymptomTerm)]
    assert all(question and "?" in question for question in asked)
    assert len(set(asked)) == len(asked)


def test_its_codes_are_those_that_were_confirmed() -> None:
    used = {(system, code) for term in PACK.terms for system, code in term.codes.items()}
    assert used <= {(system, code) for system, codes in CONFIRMED_CODES.items() for code in codes}


def test_other_packs_can_add_to_these_sign_sets() -> None:
    assert {signs.id: len(signs.members) for signs in PACK.sign_sets} == SIGN_SETS


# --- parameters ------------------------------------------------------------------------------------------------------


def test_the_numbers_the_article_leaves_open_are_parameters() -> None:
    assert {p.id: p.default for p in PACK.parameters} == PARAMETERS


@pytest.mark.parametrize("id", PARAMETERS)
def test_a_parameter_is_bounded_on_both_sides_and_says_where_it_comes_from(id: str) -> None:
    (number,) = (p for p in PACK.parameters if p.id == id)
    assert number.ge < number.default < number.le
    assert set(re.findall(r"\b[A-F]\d+\b", number.doc)) <= STATEMENTS
    assert re.search(r"\b[A-F]\d+\b", number.doc)


def test_a_parameter_outside_its_bounds_is_refused() -> None:
    with pytest.raises(ParameterError, match="mild_max"):
        KnowledgeBase([PACK], parameters={"acupuncture:mild_max": 8})


@pytest.mark.parametrize(
    ("parameter", "value", "case", "appears"),
    [
        ("min_signs", 2, [MILD_CHRONIC_BACK, present("hot_flashes"), present("night_sweats")], "kidney-yin"),
        ("mild_max", 5, [Pain(region="lumbar", severity=5, duration=timedelta(weeks=20))], "organ-gate"),
        ("chronic_after", timedelta(weeks=8), [Pain(region="neck", duration=timedelta(weeks=8))], "chronic-pain"),
        ("acute_window", timedelta(hours=48), STRAINED_BACK, "start-early"),
        ("stop_below", 4, STRAINED_BACK, "course-of-treatment"),
    ],
)
def test_a_parameter_changes_what_follows(
    kb: KnowledgeBase, parameter: str, value: object, case: tuple[Fact, ...], appears: str
) -> None:
    changed = KnowledgeBase([PACK], parameters={f"acupuncture:{parameter}": value})
    assert f"acupuncture:{appears}" in fired(changed, case) - fired(kb, case)


def test_text_shows_the_value_of_the_parameter() -> None:
    changed = KnowledgeBase(
        [PACK], parameters={"acupuncture:stop_below": 3, "acupuncture:acute_window": timedelta(hours=36)}
    ).assess(STRAINED_BACK)
    (acupuncture,) = changed.of(Recommendation, intervention="acupuncture")
    assert acupuncture.until == "pain below 3/10"
    assert acupuncture.timing == "without delay, at most 36 h after the injury"


# --- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "case"), small_cases("fires_on"))
def test_a_rule_fires_on(kb: KnowledgeBase, rule: Rule, case: tuple[Fact, ...]) -> None:
    assert f"acupuncture:{rule.id}" in fired(kb, case)


@pytest.mark.parametrize(("rule", "case"), small_cases("silent_on"))
def test_a_rule_is_silent_on(kb: KnowledgeBase, rule: Rule, case: tuple[Fact, ...]) -> None:
    assert f"acupuncture:{rule.id}" not in fired(kb, case)


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_a_rule_cites_its_source_and_carries_its_cases(rule: Rule) -> None:
    assert rule.statements
    assert rule.fires_on
    assert rule.silent_on


def test_nothing_about_the_pack_is_worth_a_warning(kb: KnowledgeBase) -> None:
    assert kb.warnings == ()


def test_only_what_the_article_says_outright_is_indicated() -> None:
    templates = [t.fields for rule in PACK.rules for t in rule.conclusions if t.kind is Finding]
    findings = {(t["condition"].id, t["strength"]) for t in templates if isinstance(t["condition"], ConditionTerm)}
    outright = {"acute_strain", "blood_stagnation", "chronic_pain", "herniated_disk", "organ_gate"}
    assert findings == {(id, "indicates" if id in outright else "may_indicate") for id in CONDITIONS.split()}


def test_another_pack_can_conclude_dampness_from_signs() -> None:
    heavy = symptom("heaviness", "Heaviness", ask="Does your back feel heavy?")
    signs = Pack(
        "signs", version="1", title="Signs", requires=["acupuncture"], extends=[extend("acupuncture:dampness_signs", heavy)]
    )
    result = KnowledgeBase([PACK, signs]).assess([MILD_CHRONIC_BACK, heavy.present, present("cold")])
    assert result.of(Finding, condition="damp_cold_obstruction")


def test_thirst_for_warm_drinks_is_no_answer_on_thirst(kb: KnowledgeBase) -> None:
    yang = (MILD_CHRONIC_BACK, present("cold_feet"), present("low_libido"), present("thirst_for_warm_drinks"))
    assert not kb.assess(yang).conflicts
    assert "kidney_yang_deficiency" in {open_.fact.__dict__.get("condition") for open_ in kb.assess(yang).undecided}
    (broken,) = kb.assess([*yang, absent("thirst")]).conflicts
    assert set(broken.facts) == {Symptom(term="thirst", present=False), Symptom(term="thirst_for_warm_drinks")}


def test_two_strains_of_different_age_are_no_conflict(kb: KnowledgeBase) -> None:
    neck = (Pain(region="neck", duration=timedelta(hours=2)), Injury(region="neck", since=timedelta(hours=2)))
    result = kb.assess([*STRAINED_BACK, *neck])
    assert result.conflicts == ()
    assert result.of(Caution, about="late_start")
    assert result.of(Recommendation, timing="without delay, at most 24 h after the injury")


# --- statements ------------------------------------------------------------------------------------------------------


def cited() -> dict[str, list[str]]:
    """The statements, each with the rules and constraints that cite it."""
    found: dict[str, list[str]] = {}
    citations: tuple[Rule | Constraint, ...] = (*PACK.rules, *PACK.constraints)
    for citing in citations:
        for statement in citing.statements:
            found.setdefault(statement.id, []).append(citing.id)
    return {id: sorted(by) for id, by in found.items()}


def test_the_source_has_every_statement() -> None:
    assert set(ARTICLE.statements) == STATEMENTS


def test_every_statement_is_cited_or_says_why_not() -> None:
    assert set(cited()) | set(ARTICLE.unused) == STATEMENTS
    assert set(cited()) & set(ARTICLE.unused) == set()


def test_weak_statements_are_marked_and_explained() -> None:
    assert ARTICLE.standing == {
        "B11": "anecdotal",
        "E2": "disputed",
        "E5": "implied",
        "F3": "unsupported",
        "F4": "unsupported",
    }
    assert set(ARTICLE.standing) <= set(ARTICLE.notes)


def test_the_table_of_statements_tells_the_truth() -> None:
    table = (Path(backpain_pack_acupuncture.__file__).parent / "SOURCES.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if re.match(r"\| [A-F]\d", line)]
    told = {id: sorted(re.findall(r"`([^`]+)`", by)) for id, by, _ in rows}
    assert told == {id: cited().get(id, []) for id in ARTICLE.statements}
