"""The words of this pack: signs that are seen, felt and asked for, the pictures that they make, and how many are enough."""

from __future__ import annotations

from backpain_pack_acupuncture.words import DRY_MEMBRANES, HOT_FLASHES, NIGHT_SWEATS, WEAK_KNEES
from backpain_rules import condition, parameter, sign_set, symptom

# --- the back itself -------------------------------------------------------------------------------------------------

BACK_FEELS_COLD = symptom("back_feels_cold", "Cold lower back", ask="Does your lower back feel cold?")
BACK_FEELS_HEAVY = symptom("back_feels_heavy", "Heavy lower back", ask="Does your lower back feel heavy?")
BACK_HARD_TO_TURN = symptom("back_hard_to_turn", "Lower back hard to turn", ask="Is it hard to turn your lower back?")
LOCAL_HEAT = symptom("local_heat", "Local heat of the lower back", ask="Does the painful place feel hot?")
FIXED_PAIN = symptom("fixed_pain", "Pain fixed in one place", ask="Does the pain always stay in the same place?")
INSIDIOUS_ONSET = symptom("insidious_onset", "Insidious onset", ask="Did the pain begin so slowly that you hardly noticed?")

# --- what makes it better or worse -----------------------------------------------------------------------------------

WORSE_IN_RAIN_OR_COLD = symptom("worse_in_rain_or_cold", "Worse in rain or cold", ask="Is the pain worse in rain or cold?")
WORSE_WITH_HEAT = symptom("worse_with_heat", "Worse with heat", ask="Is the pain worse with heat?")
BETTER_WITH_WARMTH = symptom("better_with_warmth", "Better with warmth", ask="Is the pain better with warmth?")
RELIEVED_BY_REST = symptom("relieved_by_rest", "Relieved by bed rest", ask="Does lying in bed relieve the pain?")
WORSE_ON_PRESSURE = symptom("worse_on_pressure", "Worse on pressure", ask="Is the pain worse when somebody presses on it?")
WORSE_ON_TURNING = symptom("worse_on_turning", "Worse on turning", ask="Is the pain worse when you turn?")

# --- tongue, pulse and urine -----------------------------------------------------------------------------------------

WHITE_GREASY_COATING = symptom(
    "white_greasy_coating",
    "White greasy tongue coating",
    ask="Does the tongue have a white, greasy coating?",
    ask_of="practitioner",
)
YELLOW_GREASY_COATING = symptom(
    "yellow_greasy_coating",
    "Yellow greasy tongue coating",
    ask="Does the tongue have a yellow, greasy coating?",
    ask_of="practitioner",
)
DEEP_TIGHT_PULSE = symptom("deep_tight_pulse", "Deep tight pulse", ask="Is the pulse deep and tight?", ask_of="practitioner")
SOGGY_RAPID_PULSE = symptom("soggy_rapid_pulse", "Soggy rapid pulse", ask="Is the pulse soggy and rapid?", ask_of="practitioner")
SCANTY_DARK_URINE = symptom("scanty_dark_urine", "Scanty dark urine", ask="Is your urine dark, and little of it?")

# --- conditions ------------------------------------------------------------------------------------------------------

DAMP_COLD_PICTURE = condition("damp_cold_picture", "Picture of dampness with cold")
DAMP_HEAT_PICTURE = condition("damp_heat_picture", "Picture of dampness with heat")
KIDNEY_PICTURE = condition("kidney_picture", "Lumbar pain of the kidney")
INJURY_PICTURE = condition("injury_picture", "Lumbar pain as from an injury")
KIDNEY_YIN_AND_YANG = condition(
    "kidney_yin_and_yang_deficiency", "Kidney yin and kidney yang deficiency", codes={"icd11": "SF94"}
)

# --- how many are enough ---------------------------------------------------------------------------------------------

DAMP_SIGNS = parameter(
    "damp_signs", 3, "how many of its signs make a picture of damp-cold or damp-heat (the pages give no number)", ge=2, le=6
)
KIDNEY_SIGNS = parameter(
    "kidney_signs", 3, "how many signs make a kidney pattern (the criteria of 1986 take three, of other lists)", ge=1, le=4
)

# --- sign sets: other packs may add to them --------------------------------------------------------------------------

DAMP_COLD_SIGNS = sign_set(
    "damp_cold_signs",
    BACK_FEELS_COLD,
    BACK_FEELS_HEAVY,
    BACK_HARD_TO_TURN,
    WORSE_IN_RAIN_OR_COLD,
    BETTER_WITH_WARMTH,
    WHITE_GREASY_COATING,
    DEEP_TIGHT_PULSE,
    RELIEVED_BY_REST.absent,
    label="Signs of dampness with cold",
)
DAMP_HEAT_SIGNS = sign_set(
    "damp_heat_signs",
    LOCAL_HEAT,
    BACK_FEELS_HEAVY,
    WORSE_WITH_HEAT,
    SCANTY_DARK_URINE,
    YELLOW_GREASY_COATING,
    SOGGY_RAPID_PULSE,
    label="Signs of dampness with heat",
)
YIN_SIGNS = sign_set(
    "yin_signs",
    WEAK_KNEES,
    HOT_FLASHES,
    NIGHT_SWEATS,
    DRY_MEMBRANES,
    label="Signs of kidney yin deficiency, warm drinks left out",
)
