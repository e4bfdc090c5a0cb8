"""The words of this pack: symptoms, conditions, interventions, the numbers the article leaves open, and the sign sets.

Codes are given only where one that was confirmed fits the word in every case it is used for. An acute strain or
chronic pain may be of the back or of the neck, so neither has a code of its own here.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import any_of, condition, intervention, parameter, sign_set, symptom

# --- symptoms: what a patient can be asked ---------------------------------------------------------------------------

WEAK_KNEES = symptom("weak_knees", "Weak knees or legs", ask="Do your knees or legs feel weak?")
HOT_FLASHES = symptom("hot_flashes", "Hot flashes", ask="Do you have sudden waves of heat?")
NIGHT_SWEATS = symptom("night_sweats", "Night sweats", ask="Do you wake up sweating at night?")
THIRST_FOR_WARM_DRINKS = symptom(
    "thirst_for_warm_drinks", "Thirst for warm drinks", ask="When you are thirsty, is it warm drinks that you want?"
)
DRY_MEMBRANES = symptom("dry_membranes", "Dry membranes", ask="Are your mouth, nose, eyes or other moist parts often dry?")

FEELING_COLD = symptom("feeling_cold", "Feeling cold", ask="Do you often feel cold?")
COLD_FEET = symptom("cold_feet", "Cold feet", ask="Are your feet often cold?")
COLD_SENSITIVITY = symptom(
    "cold_sensitivity", "Sensitivity to cold", ask="Do you find it hard to bear cold rooms or cold weather?"
)
THIRST = symptom("thirst", "Thirst", ask="Do you feel thirsty in the course of the day?")
FREQUENT_URINATION = symptom("frequent_urination", "Frequent urination", ask="Do you have to pass urine often?")
NOCTURNAL_URINATION = symptom("nocturnal_urination", "Urination at night", ask="Do you get up at night to pass urine?")
LOW_LIBIDO = symptom("low_libido", "Low libido", ask="Do you have little desire for sex?")

POOR_POSTURE = symptom("poor_posture", "Poor posture", ask="Do you often sit or stand bent, or lean to one side?")
REPETITIVE_STRAIN = symptom(
    "repetitive_strain", "Repeated faulty movement", ask="Do you repeat the same straining movement many times a day?"
)
REPEATED_INJURIES = symptom(
    "repeated_injuries", "Repeated injuries", ask="Have you injured yourself in the same place again and again?"
)
MUSCLE_IMBALANCE = symptom(
    "muscle_imbalance",
    "Muscle imbalance on examination",
    ask="Has a check of your body shown that some muscles pull more than their partners? (No means: checked, and none found.)",
)
WEAK_CORE = symptom("weak_core", "Weak lumbar and abdominal muscles", ask="Are the muscles of your lower back or belly weak?")
LOW_EXERCISE = symptom("low_exercise", "Too little hard exercise", ask="Do you seldom train your back and belly muscles hard?")

DAMPNESS = symptom(
    "dampness", "Dampness", ask="Has a practitioner of Chinese medicine found dampness in you?", codes={"icd11": "SE82"}
)
COLD = symptom("cold", "Cold", ask="Has a practitioner of Chinese medicine found cold in you?", codes={"icd11": "SE81"})
HEAT = symptom("heat", "Heat", ask="Has a practitioner of Chinese medicine found heat in you?", codes={"icd11": "SE84"})

# --- conditions: what is found ---------------------------------------------------------------------------------------

ACUTE_STRAIN = condition("acute_strain", "Acute strain or sprain")
BLOOD_STAGNATION = condition("blood_stagnation", "Tension and restricted blood flow")
CHRONIC_PAIN = condition("chronic_pain", "Chronic pain")
MUSCLE_WEAKNESS = condition("muscle_weakness", "Chronic muscle weakness")
CHRONIC_IMBALANCE = condition("chronic_imbalance", "Chronic muscle imbalance")
HERNIATED_DISK = condition(
    "herniated_disk",
    "Herniated disk",
    ask="Have you been told by a doctor that you have a herniated (slipped) disk?",
    codes={"icd10": "<M51.2", "icd10cm": "<M51.2*"},
)
ORGAN_GATE = condition("organ_gate", "Mild chronic lumbar pain", codes={"icd10": "M54.5", "icd10cm": "M54.50", "icd11": "SC61"})
KIDNEY_YIN = condition("kidney_yin_deficiency", "Kidney yin deficiency", codes={"icd11": "SF93"})
KIDNEY_YANG = condition("kidney_yang_deficiency", "Kidney yang deficiency", codes={"icd11": "SF97"})
DAMP_COLD = condition("damp_cold_obstruction", "Damp-cold obstruction of the bladder channel", codes={"icd11": "SG26"})
DAMP_HEAT = condition("damp_heat_obstruction", "Damp-heat obstruction of the bladder channel", codes={"icd11": "SG26"})

# --- interventions: what can be done ---------------------------------------------------------------------------------

# The check for imbalances is a treatment, as all are by default: it prepares the training, looks for no disease, and must
# wait where the training does.

ACUPUNCTURE = intervention("acupuncture", "Acupuncture")
HERBS_INTERNAL = intervention("herbs_internal", "Herbs to take", kind="medication")
HERBAL_PLASTER = intervention("herbal_plaster", "Herbal plaster", kind="medication")
STRENGTH_TRAINING = intervention("strength_training", "Strength training")
IMBALANCE_CHECK = intervention("imbalance_check", "Check for muscle imbalances")
EGOSCUE = intervention("egoscue", "Egoscue method")
NUTRITION_SUPPLEMENTS = intervention("nutrition_supplements", "Nutritional supplements")
DIET = intervention("diet", "Diet")

# --- parameters: numbers to set for one's own practice ---------------------------------------------------------------

ACUTE_WINDOW = parameter(
    "acute_window",
    timedelta(hours=24),
    "how long after an injury a first treatment is still early, this long included (B2 gives 24 h)",
    ge=timedelta(hours=1),
    le=timedelta(days=7),
)
CHRONIC_AFTER = parameter(
    "chronic_after",
    timedelta(weeks=12),
    "pain that has lasted this long, or longer, is chronic (A4 says months or years, and no number)",
    ge=timedelta(weeks=4),
    le=timedelta(weeks=52),
)
MILD_MAX = parameter("mild_max", 3, "the highest pain rating that is still mild (E1 gives no scale)", ge=1, le=5)
STOP_BELOW = parameter("stop_below", 5, "a strain is treated until the pain rating is below this (B13 gives 5)", ge=1, le=10)
MIN_SIGNS = parameter("min_signs", 3, "how many companion signs make a kidney pattern (E2 and E3 give no number)", ge=1, le=5)

# --- sign sets: other packs may add to them --------------------------------------------------------------------------

KIDNEY_YIN_SIGNS = sign_set(
    "kidney_yin_signs",
    WEAK_KNEES,
    HOT_FLASHES,
    NIGHT_SWEATS,
    THIRST_FOR_WARM_DRINKS,
    DRY_MEMBRANES,
    label="Signs of kidney yin deficiency",
)
KIDNEY_YANG_SIGNS = sign_set(
    "kidney_yang_signs",
    FEELING_COLD,
    COLD_FEET,
    COLD_SENSITIVITY,
    THIRST.absent,
    any_of(FREQUENT_URINATION, NOCTURNAL_URINATION),
    LOW_LIBIDO,
    label="Signs of kidney yang deficiency",
)
DAMPNESS_SIGNS = sign_set("dampness_signs", DAMPNESS, label="Signs of dampness")
COLD_SIGNS = sign_set("cold_signs", COLD, label="Signs of cold")
HEAT_SIGNS = sign_set("heat_signs", HEAT, label="Signs of heat")
