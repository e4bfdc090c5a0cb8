"""Sixteen patients, told in our own words: how urgent the shipped packs take each, and that no treatment comes before it.

The levels are those of the sources of the pack `red_flags`; SOURCES.md says which of them are decisions of the pack.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from backpain_rules import Diagnosis, Fact, Injury, KnowledgeBase, Pain, Patient, absent, present

KB = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
LEVELS: Final = ("emergency", "urgent", "soon", "none")


def signs(*names: str) -> list[Fact]:
    return [present(name) for name in names]


def pain(**since: float) -> Pain:
    return Pain(region="lumbar", severity=6, duration=timedelta(**since))


VIGNETTES: Final[dict[str, tuple[str, list[Fact]]]] = {
    "a man of 68 fainted when his back began to hurt": (
        "emergency", [Patient(age=68, sex="male"), pain(hours=2), *signs("collapse", "sudden_onset")],
    ),
    "a man of 74 with pain of back and belly, and a lump there that beats": (
        "emergency", [Patient(age=74, sex="male"), pain(hours=5), *signs("new_abdominal_pain", "pulsating_mass")],
    ),
    "a woman of 41 is numb between the legs and cannot pass urine": (
        "emergency", [Patient(age=41, sex="female"), pain(days=3), *signs("saddle_anaesthesia", "urinary_retention", "leg_pain")],
    ),
    "a man of 52 with pain in both legs has soiled himself": (
        "emergency", [Patient(age=52), pain(days=4), *signs("pain_in_both_legs", "bowel_incontinence")],
    ),
    "a woman of 59 who had breast cancer has pain between the shoulders and a weak foot": (
        "emergency", [Patient(age=59, sex="female"), *signs("history_of_cancer", "thoracic_pain", "foot_weakness")],
    ),
    "a woman of 29, pregnant, with backache and contractions": (
        "emergency", [Patient(age=29, sex="female", pregnant=True), pain(hours=8), *signs("contractions")],
    ),
    "a man of 36 with sudden pain of a flank that goes to the groin, and blood in the urine": (
        "urgent", [Patient(age=36), pain(hours=3), *signs("sudden_onset", "flank_pain", "groin_pain", "haematuria")],
    ),
    "a man of 33 who injects drugs has fever": (
        "urgent", [Patient(age=33), pain(weeks=2), *signs("drug_injection", "fever_or_chills")],
    ),
    "a woman of 66 who had cancer loses weight": (
        "urgent", [Patient(age=66), pain(weeks=6), *signs("history_of_cancer", "weight_loss")],
    ),
    "a woman of 78 with osteoporosis, on cortisone for years, lifted a bag": (
        "urgent",
        [
            *(Patient(age=78), pain(days=1), Diagnosis(condition="osteoporosis"), present("steroids")),
            Injury(region="lumbar", mechanism="lifting", since=timedelta(days=1)),
        ],
    ),
    "a man of 47 cannot lift the front of one foot, and nothing else": (
        "urgent", [Patient(age=47), pain(days=9), *signs("leg_pain", "foot_drop")],
    ),
    "a man of 28, stiff every morning for two years, better with exercise and not with rest": (
        "soon",
        [
            *(Patient(age=28), pain(weeks=104)),
            *signs("morning_stiffness", "better_with_exercise", "no_better_with_rest", "slow_onset", "onset_before_40"),
        ],
    ),
    "a woman of 45 with long pain often passes urine, and nobody asked since when": (
        "soon", [Patient(age=45), pain(weeks=30), *signs("frequent_urination")],
    ),
    "a man of 38 with pain down one leg and a numb foot, normal on examination": (
        "none", [Patient(age=38), pain(weeks=3), *signs("leg_pain", "foot_numbness", "normal_neurology")],
    ),
    "a man of 34 strained his back with a box an hour ago": (
        "none",
        [Patient(age=34), pain(hours=1), Injury(region="lumbar", mechanism="lifting", since=timedelta(hours=1))],
    ),
    "a woman of 44 with pain for half a year and nothing else": ("none", [Patient(age=44), pain(weeks=26)]),
}  # fmt: skip


def level(facts: list[Fact]) -> str:
    """How urgent the most urgent referral is."""
    told = {referral.urgency for referral in KB.assess(facts).referrals}
    return next((one for one in LEVELS if one in told), "none")


def treatments(facts: list[Fact]) -> set[str]:
    return {one.intervention for one in KB.assess(facts).recommendations if one.kind in ("treatment", "medication")}


@pytest.mark.parametrize(("expected", "facts"), VIGNETTES.values(), ids=VIGNETTES)
def test_a_patient_is_taken_as_urgently_as_the_sources_say(expected: str, facts: list[Fact]) -> None:
    assert level(facts) == expected


@pytest.mark.parametrize(("expected", "facts"), VIGNETTES.values(), ids=VIGNETTES)
def test_no_treatment_comes_before_an_emergency_or_an_urgent_referral(expected: str, facts: list[Fact]) -> None:
    assert not treatments(facts) or expected in ("soon", "none")


def test_there_are_sixteen_and_each_level_occurs() -> None:
    assert len(VIGNETTES) == 16
    assert {expected for expected, _ in VIGNETTES.values()} == set(LEVELS)


def test_inflammatory_back_pain_gets_no_acupuncture_and_a_strain_does() -> None:
    inflammatory, strain = (next(f for name, (_, f) in VIGNETTES.items() if word in name) for word in ("stiff", "strained"))
    assert "acupuncture" not in treatments(inflammatory)
    assert "acupuncture" in treatments(strain)


MAN_OF_68: Final = Patient(age=68, sex="male")
PREGNANT: Final = Patient(age=29, sex="female", pregnant=True)
FEWER: Final[list[tuple[str, list[Fact], list[Fact], str]]] = [
    ("fainted", [MAN_OF_68], [Patient(age=58, sex="male")], "none"),
    ("fainted", [present("collapse")], [absent("collapse")], "none"),
    ("soiled", signs("pain_in_both_legs", "bowel_incontinence"), [], "none"),
    ("breast cancer", [present("foot_weakness")], [absent("foot_weakness")], "urgent"),
    ("pregnant", [PREGNANT], [Patient(age=29, sex="female", pregnant=False)], "none"),
    ("flank", signs("flank_pain", "groin_pain"), [], "none"),
    ("injects", [present("fever_or_chills")], [absent("fever_or_chills")], "none"),
    ("cannot lift", [present("foot_drop")], [absent("foot_drop")], "none"),
    ("stiff", signs("better_with_exercise", "morning_stiffness"), [], "none"),
    ("passes urine", [present("frequent_urination")], [absent("frequent_urination")], "none"),
]
"""Patients of whom less is true: which one, what is not so, what is so instead, and how urgent that is."""


@pytest.mark.parametrize(("word", "gone", "instead", "expected"), FEWER)
def test_on_the_other_side_of_the_border_the_same_patient_is_less_urgent(
    word: str, gone: list[Fact], instead: list[Fact], expected: str
) -> None:
    before, facts = next(vignette for name, vignette in VIGNETTES.items() if word in name)
    assert set(gone) <= set(facts)
    assert level([*(fact for fact in facts if fact not in gone), *instead]) == expected
    assert LEVELS.index(before) < LEVELS.index(expected)
