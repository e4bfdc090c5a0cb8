"""The packs that act on others, tcm_signs and red_flags: what each must have, and that any of them go together in any order."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path
from typing import Literal

import pytest
from _pytest.mark import ParameterSet

import backpain_pack_acupuncture
import backpain_pack_red_flags
import backpain_pack_tcm_signs
from backpain_rules import (
    Constraint,
    Diagnosis,
    Fact,
    FactError,
    Finding,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Recommendation,
    Rule,
    SymptomTerm,
    UnknownPackError,
    absent,
    condition,
    extend,
    intervention,
    present,
    symptom,
)

ACUPUNCTURE = backpain_pack_acupuncture.PACK
RED_FLAGS, TCM_SIGNS = backpain_pack_red_flags.PACK, backpain_pack_tcm_signs.PACK
SHIPPED = {pack.id: pack for pack in (ACUPUNCTURE, RED_FLAGS, TCM_SIGNS)}
FOLDERS = {RED_FLAGS: backpain_pack_red_flags.__file__, TCM_SIGNS: backpain_pack_tcm_signs.__file__}
WARFARIN_RXNORM = (
    "<11289", "<114194", "<82118", "<202421", "<405155",
    "<855288", "<855296", "<855302", "<855312", "<855318", "<855324", "<855332", "<855290", "<855298", "<855304", "<855314",
    "<855320", "<855326", "<855334", "<855340", "<855346", "<855292", "<855300", "<855306", "<855316", "<855322", "<855328",
)  # fmt: skip
ANTICOAGULANTS_RXNORM = (
    "<8150", "<154", "<5224", "<67108", "<67109", "<321208", "<1037042", "<1114195", "<1364430", "<1599538",
)  # fmt: skip
CODES = {
    "red_flags": {
        "abdominal_aneurysm": {"icd10": ("<I71.3", "<I71.4"), "icd10cm": ("<I71.3*", "<I71.4*")},
        "anaemia": {"icd10": "<D64.9", "icd10cm": "<D64.9"},
        "anticoagulants": {
            "icd10": "<Z92.1",
            "icd10cm": "<Z79.01",
            "atc": ("<B01AA*", "<B01AB*", "<B01AE*", "<B01AF*"),
            "rxnorm": (*WARFARIN_RXNORM, *ANTICOAGULANTS_RXNORM),
        },
        "cauda_equina_syndrome": {"icd10": "G83.4", "icd10cm": "G83.4", "snomed": "192970008"},
        "fever_or_chills": {"icd10": "<R50*", "icd10cm": ("<R50*", "<R68.83"), "snomed": "<386661006"},
        "foot_drop": {"icd10cm": "<M21.37*"},
        "history_of_cancer": {"icd10": ("<C*", "<Z85*"), "icd10cm": ("<C*", "<Z85*"), "snomed": "<94222008"},
        "osteoporosis": {"icd10": ("<M80*", "<M81*"), "icd10cm": ("<M80*", "<M81*"), "snomed": "64859006"},
        "pacemaker": {"icd10": "Z95.0", "icd10cm": "Z95.0", "snomed": "441509002"},
        "psoriasis": {"icd10": "<L40*", "icd10cm": "<L40*"},
        "steroids": {"icd10cm": "<Z79.52"},
        "thoracic_pain": {"icd10": "<M54.6", "icd10cm": "<M54.6"},
        "tumour_or_infection": {
            "icd10": ("<M46.2", "<M46.3", "<M46.4", "<G06.1"),
            "icd10cm": ("<M46.2*", "<M46.3*", "<M46.4*", "<G06.1"),
        },
        "warfarin": {"atc": "B01AA03", "rxnorm": ("11289", *WARFARIN_RXNORM[1:])},
        "vertebral_fracture": {
            "icd10": ("<S12*", "<S22.0", "<S32.0", "<M48.5"),
            "icd10cm": ("<S12*", "<S22.0*", "<S32.0*", "<M48.5*"),
        },
    },
    "tcm_signs": {"kidney_yin_and_yang_deficiency": {"icd11": "SF94"}},
}
NOT_STATED = {
    "decisions:WITHHOLD": "unsupported",
    "decisions:URGENCY": "unsupported",
    "decisions:FRACTURE_FIRST": "unsupported",
    "decisions:DOUBT": "unsupported",
    "decisions:FOOT": "unsupported",
    "decisions:ROOT": "unsupported",
    "decisions:EXAMINED": "unsupported",
    "decisions:ANEURYSM": "unsupported",
    "decisions:COLIC": "unsupported",
    "decisions:RHEUMATOLOGY": "unsupported",
    "decisions:OVERLAP": "unsupported",
    "herbaday:WARMTH": "disputed",
    "criteria:KNEES": "implied",
}
CASES = Path(__file__).parents[2] / "examples" / "cases"
both = pytest.mark.parametrize("pack", FOLDERS, ids=lambda pack: pack.id)


def with_required(pack: Pack) -> KnowledgeBase:
    return KnowledgeBase([*(SHIPPED[id] for id in pack.requires), pack])


KNOWLEDGE = {pack.id: with_required(pack) for pack in FOLDERS}


def small_cases(kind: Literal["fires_on", "silent_on"]) -> list[ParameterSet]:
    """The cases that the rules carry, each with its pack and its rule."""
    return [
        pytest.param(pack.id, rule, case, id=f"{pack.id}-{rule.id}-{number}")
        for pack in FOLDERS
        for rule in pack.rules
        for number, case in enumerate(getattr(rule, kind), 1)
    ]


def fired(pack: str, case: tuple[Fact, ...]) -> set[str]:
    """The rules behind all that is concluded."""
    result = KNOWLEDGE[pack].assess(case)
    return {support.rule for fact in result.derived for support in result.why(fact).supports}


# --- each pack by itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pack", "rule", "case"), small_cases("fires_on"))
def test_a_rule_fires_on(pack: str, rule: Rule, case: tuple[Fact, ...]) -> None:
    assert f"{pack}:{rule.id}" in fired(pack, case)


@pytest.mark.parametrize(("pack", "rule", "case"), small_cases("silent_on"))
def test_a_rule_is_silent_on(pack: str, rule: Rule, case: tuple[Fact, ...]) -> None:
    assert f"{pack}:{rule.id}" not in fired(pack, case)


@both
def test_every_rule_cites_its_source_and_carries_its_cases(pack: Pack) -> None:
    assert [rule.id for rule in pack.rules if not (rule.statements and rule.fires_on and rule.silent_on)] == []


@both
def test_every_symptom_has_a_question_of_its_own(pack: Pack) -> None:
    asked = [term.ask for term in {*pack.terms, *ACUPUNCTURE.terms} if isinstance(term, SymptomTerm)]
    assert all(question and question.endswith((".)", "?")) for question in asked)
    assert len(set(asked)) == len(asked)


@both
def test_a_number_is_bounded_and_says_that_no_source_gives_it_or_which(pack: Pack) -> None:
    for number in pack.parameters:
        assert number.ge is not None
        assert number.le is not None
        assert number.doc.endswith(")")


@both
def test_its_codes_are_those_that_were_confirmed(pack: Pack) -> None:
    own = set(pack.terms) - set(ACUPUNCTURE.terms)
    assert {term.id: dict(term.codes) for term in own if term.codes} == CODES[pack.id]


@both
def test_every_statement_is_in_the_table_with_what_became_of_it(pack: Pack) -> None:
    became: dict[str, set[str]] = {source[id].cite: set() for source in pack.sources for id in source.statements}
    citing: tuple[Rule | Constraint, ...] = (*pack.rules, *pack.constraints)
    for one in citing:
        for statement in one.statements:
            became[statement.cite].add(one.id)
    for extension in pack.extends:
        assert not isinstance(extension.target, str)
        for statement in extension.statements:
            became[statement.cite].add(extension.target.id)
    table = (Path(FOLDERS[pack] or "").parent / "SOURCES.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if re.match(r"\| \w+:", line)]
    assert {cite: set(re.findall(r"`([^`]+)`", by)) for cite, by, _ in rows} == became
    assert all(became.values())


def test_what_no_source_says_outright_is_marked() -> None:
    statements = [source[id] for pack in FOLDERS for source in pack.sources for id in source.statements]
    assert {s.cite: s.standing for s in statements if s.standing != "stated"} == NOT_STATED
    decided = [source for source in RED_FLAGS.sources if source.id == "decisions"]
    assert [source.standing.keys() for source in decided] == [source.statements.keys() for source in decided]


def test_only_what_may_be_is_found() -> None:
    strengths = {t.fields["strength"] for pack in FOLDERS for rule in pack.rules for t in rule.conclusions if t.kind is Finding}
    assert strengths == {"may_indicate"}


# --- one pack acting on another --------------------------------------------------------------------------------------


def test_weak_knees_alone_make_no_yin_deficiency_however_few_signs_are_asked_for() -> None:
    kb = KnowledgeBase([ACUPUNCTURE, TCM_SIGNS], parameters={"tcm_signs:kidney_signs": 1})
    (mild,) = kb.read_case({"facts": [{"type": "pain", "region": "lumbar", "severity": 2, "duration": "P30W"}]})
    assert not kb.assess([mild, present("weak_knees")]).of(Finding, condition="kidney_yin_deficiency")
    assert kb.assess([mild, present("hot_flashes")]).of(Finding, condition="kidney_yin_deficiency")


def test_an_explanation_shows_what_another_pack_added_and_what_it_superseded() -> None:
    kb = KNOWLEDGE["tcm_signs"]
    result = kb.assess(kb.read_case((CASES / "tcm_signs" / "warm_drinks_for_yang.json").read_bytes()))
    (yang,) = result.of(Finding, condition="kidney_yang_deficiency")
    text = str(result.why(yang))
    assert "because rule tcm_signs:kidney-yang" in text
    assert "thirst_for_warm_drinks  <- stated" in text
    assert "source jfmdp:HOT" in text


def test_an_override_is_shown_where_it_leaves_a_treatment_standing() -> None:
    kb = KnowledgeBase([ACUPUNCTURE, RED_FLAGS])
    result = kb.assess(kb.read_case((CASES / "red_flags" / "all_clear.json").read_bytes()))
    (plaster,) = result.of(Recommendation, intervention="herbal_plaster")
    assert "+ unless red_flags:treatment-waits fires" in str(result.why(plaster))
    assert "+ unless red_flags:fracture-flag fires" in str(result.why(plaster))


def test_an_emergency_sign_that_a_stranger_adds_withholds_treatment_too() -> None:
    weak_bladder = symptom("weak_bladder", "Weak bladder", ask="Is your bladder weak?")
    stranger = Pack(
        "stranger",
        version="1",
        title="A stranger's pack",
        requires=["acupuncture", "red_flags"],
        extends=[extend("red_flags:cauda_equina_signs", weak_bladder)],
    )
    kb = KnowledgeBase([ACUPUNCTURE, RED_FLAGS, stranger])
    disk = Diagnosis(condition="herniated_disk")
    assert kb.assess([disk]).recommendations
    assert kb.assess([disk, weak_bladder.present]).recommendations == ()


def test_the_two_guidelines_are_reported_as_a_conflict_that_cites_both() -> None:
    result = KNOWLEDGE["red_flags"].assess([Pain(region="lumbar"), present("wants_acupuncture")])
    (conflict,) = result.conflicts
    assert {s.cite for tree in conflict.derivations for support in tree.supports for s in support.sources} == {
        "ng59:ACUPUNCTURE",
        "acp2017:ACUPUNCTURE",
    }


@pytest.mark.parametrize(
    ("parameter", "value", "facts", "urgent"),
    [
        ("tumour_flags", 3, [Patient(age=63), present("night_sweats")], False),
        ("age_over", 65, [Patient(age=63), present("night_sweats")], False),
        ("age_under", 25, [Patient(age=22), present("night_sweats")], True),
        ("fracture_flags", 1, [present("major_trauma")], True),
        ("nerve_signs", 3, [present("low_libido"), present("weak_knees"), absent("frequent_urination")], False),
    ],
)
def test_a_number_of_the_red_flags_changes_what_is_urgent(parameter: str, value: int, facts: list[Fact], urgent: bool) -> None:
    case = [Pain(region="lumbar"), *facts]
    changed = KnowledgeBase([RED_FLAGS], parameters={f"red_flags:{parameter}": value})
    assert bool(changed.assess(case).of(Finding, strength="may_indicate")) or not urgent
    assert {r.urgency for r in changed.assess(case).referrals} & {"urgent"} == ({"urgent"} if urgent else set())
    assert {r.urgency for r in KNOWLEDGE["red_flags"].assess(case).referrals} & {"urgent"} == (set() if urgent else {"urgent"})


# --- any of them, in any order ---------------------------------------------------------------------------------------

SUBSETS = [
    subset
    for size in range(len(SHIPPED) + 1)
    for subset in combinations(SHIPPED.values(), size)
    if all(SHIPPED[id] in subset for pack in subset for id in pack.requires)
]
LOADED = [pytest.param(subset, id="+".join(pack.id for pack in subset) or "none") for subset in SUBSETS]


@pytest.mark.parametrize("subset", LOADED)
def test_any_of_the_packs_load_together_without_a_warning(subset: tuple[Pack, ...]) -> None:
    kb = KnowledgeBase(subset)
    assert {pack.id for pack in kb.packs} == {pack.id for pack in subset}
    assert kb.warnings == ()


def told(kb: KnowledgeBase, cases: list[tuple[Fact, ...]]) -> list[object]:
    """What a knowledge base says of these cases."""
    results = [kb.assess(case) for case in cases]
    return [([(fact, result.is_firm(fact)) for fact in result.derived], list(map(str, result.conflicts))) for result in results]


@pytest.mark.parametrize("subset", LOADED)
def test_the_order_of_the_packs_changes_no_result(subset: tuple[Pack, ...]) -> None:
    first = KnowledgeBase(subset)
    cases: list[tuple[Fact, ...]] = []
    for file in sorted(CASES.glob("*/*.json")):
        if ".expected" not in file.name:
            with suppress(FactError):  # a case of a pack that is not in this subset
                cases.append(first.read_case(file.read_bytes()))
    assert cases
    said = told(first, cases)
    for order in list(permutations(subset))[1:]:
        assert told(KnowledgeBase(order), cases) == said


@pytest.mark.parametrize("names", [["red_flags"], ["tcm_signs"], ["red_flags", "tcm_signs"], []], ids="+".join)
def test_a_pack_that_is_asked_for_comes_with_those_it_requires_and_no_others(names: list[str]) -> None:
    wanted = {"acupuncture", *names} if "tcm_signs" in names else set(names or SHIPPED)
    assert wanted == {pack.id for pack in KnowledgeBase.load(*names).packs} & set(SHIPPED)


def test_signs_without_the_pack_they_belong_to_are_refused() -> None:
    with pytest.raises(UnknownPackError, match="'tcm_signs' requires pack 'acupuncture'"):
        KnowledgeBase([TCM_SIGNS])


# --- proved ----------------------------------------------------------------------------------------------------------

EMERGENCY = ["red_flags:treatment-before-urgent-referral", "red_flags:treatment-in-an-emergency"]


@pytest.mark.parametrize(
    "subset", [case for case in LOADED if case.values[0] not in [(), (ACUPUNCTURE,), tuple(SHIPPED.values())]]
)
def test_any_of_the_packs_check_clean(subset: tuple[Pack, ...]) -> None:
    report = KnowledgeBase(subset).check()
    assert [str(found) for found in report] == []
    assert report.not_proved == ()


def test_that_no_emergency_leaves_a_treatment_is_proved_and_would_not_be_without_the_override() -> None:
    walk = Rule("walk", when=Pain, then=intervention("walk", "A walk").recommend())
    care = Pack("care", version="1", title="Care that knows no flags", rules=[walk])
    without = replace(RED_FLAGS, rules=[rule for rule in RED_FLAGS.rules if rule.id != "treatment-waits"])
    assert [str(found) for found in KnowledgeBase([care, RED_FLAGS]).check()] == []
    found = {one.subjects[0]: one for one in KnowledgeBase([care, without]).check() if one.code == "BR005"}
    derived = [one for one in RED_FLAGS.constraints if any(s.cite == "decisions:WITHHOLD" for s in one.statements)]
    assert set(found) == {f"red_flags:{constraint.id}" for constraint in derived} == set(EMERGENCY)
    for one in found.values():
        assert one.witness is not None
        assert KnowledgeBase([care, without]).assess(one.witness).recommendations
        assert KnowledgeBase([care, RED_FLAGS]).assess(one.witness).recommendations == ()


MRI = intervention("mri", "MRI", kind="investigation")
CALL = intervention("call", "Call if it gets worse", kind="advice")
CURE = (intervention("rub", "A rub"), intervention("pill", "A pill", kind="medication"))
STRANGER = Pack(
    "stranger",
    version="1",
    title="A stranger who knows no flags",
    rules=[
        Rule("all", when=Pain, then=[term.recommend() for term in (MRI, CALL, *CURE)]),
        Rule("strain", when=Pain, then=MRI.recommend(for_condition=condition("acute_strain", "Acute strain or sprain"))),
    ],
)


def test_no_flag_changes_an_investigation_or_an_advice_of_a_stranger_and_that_is_proved() -> None:
    without, flags = KnowledgeBase([ACUPUNCTURE, STRANGER]), KnowledgeBase([ACUPUNCTURE, RED_FLAGS, STRANGER])
    compared = without.diff(flags)
    touched = {one.fact.kind for one in compared.differences if isinstance(one.fact, Recommendation)}
    assert touched == {"treatment", "medication"}
    assert not any("mri" in text or "call" in text for text in compared.undecided)
    case = [Pain(region="lumbar"), present("saddle_anaesthesia")]
    assert {r.intervention for r in flags.assess(case).recommendations} == {"mri", "call"}
