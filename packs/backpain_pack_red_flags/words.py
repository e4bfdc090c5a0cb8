"""The words of this pack: the flags, what they may mean, and how many are enough.

Codes are those of ICD-10 (WHO) and ICD-10-CM (CDC), read in their public lists, identifiers of SNOMED CT, read in public FHIR
implementation guides, and concepts of RxNorm (SOURCES.md names each source). `<` and `*` mark codes that are narrower than the
word.

Words that the acupuncture pack has as well are that pack's own objects; this pack works without its rules.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_pack_acupuncture.words import FREQUENT_URINATION, LOW_LIBIDO, NIGHT_SWEATS, WEAK_KNEES
from backpain_rules import (
    Injury,
    Pain,
    Patient,
    all_of,
    any_of,
    condition,
    each,
    exists,
    intervention,
    parameter,
    sign_set,
    symptom,
)

WARFARIN_TABLETS = (
    "<855288", "<855296", "<855302", "<855312", "<855318", "<855324", "<855332", "<855290", "<855298", "<855304", "<855314",
    "<855320", "<855326", "<855334", "<855340", "<855346", "<855292", "<855300", "<855306", "<855316", "<855322", "<855328",
)  # fmt: skip
"""Tablets of warfarin in RxNorm, without a name of their own and as Coumadin and Jantoven."""

# --- signs of a cauda equina syndrome --------------------------------------------------------------------------------

SADDLE_ANAESTHESIA = symptom(
    "saddle_anaesthesia", "Saddle anaesthesia", ask="Is it numb where you would sit on a saddle, between your legs?"
)
URINARY_RETENTION = symptom(
    "urinary_retention", "Recent urinary retention", ask="Have you lately been unable to pass urine, or only with difficulty?"
)
OVERFLOW_INCONTINENCE = symptom(
    "overflow_incontinence", "Recent overflow incontinence", ask="Has urine lately leaked from you when your bladder was full?"
)
LONG_STANDING_FREQUENCY = symptom(
    "long_standing_frequency",
    "Frequent urination of long standing",
    ask="If you pass urine often: has it been so for a long time, since well before this pain?",
)
LEG_WEAKNESS = symptom(
    "leg_weakness", "Severe or progressive weakness of the legs", ask="Are your legs very weak, or getting weaker?"
)
LAX_ANAL_SPHINCTER = symptom(
    "lax_anal_sphincter", "Lax anal sphincter", ask="Has an examination found that the muscle of your anus is lax?"
)
PERIANAL_NUMBNESS = symptom("perianal_numbness", "Numbness around the anus", ask="Is it numb around your anus?")
FOOT_DROP = symptom(
    "foot_drop", "Foot drop", ask="Does a foot drop, so that you cannot lift its front?", codes={"icd10cm": "<M21.37*"}
)
PAIN_IN_BOTH_LEGS = symptom("pain_in_both_legs", "Pain that radiates to both legs", ask="Does the pain go down both legs?")
BOWEL_INCONTINENCE = symptom(
    "bowel_incontinence", "Recent loss of control of the bowels", ask="Have you lately lost control of your bowels?"
)

# --- signs of one nerve root ------------------------------------------------------------------------------------------

LEG_PAIN = symptom("leg_pain", "Pain that radiates to a leg or foot", ask="Does the pain go down one leg, perhaps to the foot?")
FOOT_NUMBNESS = symptom("foot_numbness", "Numbness of a foot", ask="Is a part of one foot numb?")
FOOT_WEAKNESS = symptom("foot_weakness", "Weakness of one foot", ask="Is one foot weaker than the other?")
NORMAL_NEUROLOGY = symptom(
    "normal_neurology",
    "Normal neurological examination",
    ask="Has the examination of nerves and muscles (power, feeling, reflexes) found nothing abnormal?",
    ask_of="practitioner",
)

# --- flags of a fracture, a tumour, an infection, an aneurysm --------------------------------------------------------

MAJOR_TRAUMA = symptom("major_trauma", "Major trauma", ask="Did the pain begin with a major accident?")
FRAGILITY_FRACTURE = symptom(
    "fragility_fracture", "Fragility fracture before", ask="Have you ever broken a bone in a fall from standing height or less?"
)
STEROIDS = symptom(
    "steroids",
    "Long use of corticosteroids",
    ask="Do you take cortisone tablets, or have you taken them for months?",
    codes={"icd10cm": "<Z79.52"},
)
THORACIC_PAIN = symptom(
    "thoracic_pain",
    "Pain of the thoracic spine",
    ask="Is there pain in the middle of your back, at the height of the ribs?",
    codes={"icd10": "<M54.6", "icd10cm": "<M54.6"},
)
ANAEMIA = symptom(
    "anaemia",
    "Unexplained anaemia",
    ask="Has a blood test found that you have anaemia, and nobody knows why?",
    codes={"icd10": "<D64.9", "icd10cm": "<D64.9"},
)
HISTORY_OF_CANCER = symptom(
    "history_of_cancer",
    "History of cancer",
    ask="Do you have cancer, or have you had it?",
    codes={"icd10": ("<C*", "<Z85*"), "icd10cm": ("<C*", "<Z85*"), "snomed": "<94222008"},
)
FEVER_OR_CHILLS = symptom(
    "fever_or_chills",
    "Recent fever or chills",
    ask="Have you lately had fever or chills?",
    codes={"icd10": "<R50*", "icd10cm": ("<R50*", "<R68.83"), "snomed": "<386661006"},
)
WEIGHT_LOSS = symptom("weight_loss", "Unexplained loss of weight", ask="Have you lately lost weight and do not know why?")
BACTERIAL_INFECTION = symptom(
    "bacterial_infection", "Recent bacterial infection", ask="Have you lately had an infection with bacteria?"
)
DRUG_INJECTION = symptom("drug_injection", "Intravenous drug use", ask="Do you inject drugs?")
IMMUNOSUPPRESSION = symptom(
    "immunosuppression", "Immunosuppression", ask="Is your immune system weakened, by an illness or by medicine?"
)
WORSE_LYING_DOWN = symptom("worse_lying_down", "Worse lying down", ask="Is the pain worse when you lie down?")
SEVERE_NIGHT_PAIN = symptom("severe_night_pain", "Severe pain at night", ask="Is the pain severe at night?")
NEW_ABDOMINAL_PAIN = symptom("new_abdominal_pain", "New abdominal pain", ask="Does your belly hurt too, and is that new?")

COLLAPSE = symptom("collapse", "Collapse or fainting", ask="Have you collapsed or fainted since the pain began?")
LOW_BLOOD_PRESSURE = symptom(
    "low_blood_pressure",
    "Low blood pressure",
    ask="Since the pain began, has your blood pressure been found to be low?",
)
PULSATING_MASS = symptom(
    "pulsating_mass",
    "Pulsating mass in the abdomen",
    ask="Has an examination found a lump in your belly that beats?",
)

# --- signs of a ureteric colic, and of an inflammatory back pain -----------------------------------------------------

SUDDEN_ONSET = symptom("sudden_onset", "Sudden onset", ask="Did the pain begin suddenly?")
FLANK_PAIN = symptom("flank_pain", "Pain in one flank", ask="Is the pain in one flank, between the ribs and the hip?")
GROIN_PAIN = symptom("groin_pain", "Pain that radiates to the groin", ask="Does the pain go down to your groin?")
HAEMATURIA = symptom("haematuria", "Blood in the urine", ask="Have you seen blood in your urine, or has a test found it?")
KIDNEY_STONES = symptom("kidney_stones", "Kidney stones before", ask="Have you had kidney stones before?")
ONSET_BEFORE_40 = symptom("onset_before_40", "Onset before 40", ask="Did the pain begin before you were 40 years old?")
SLOW_ONSET = symptom("slow_onset", "Slow onset", ask="Did the pain come on slowly, over weeks or more?")
BETTER_WITH_EXERCISE = symptom("better_with_exercise", "Better with exercise", ask="Does exercise make the pain better?")
NO_BETTER_WITH_REST = symptom("no_better_with_rest", "No better with rest", ask="Does the pain stay when you rest?")
WAKES_AND_RISES = symptom(
    "wakes_and_rises",
    "Pain at night, better on getting up",
    ask="Does the pain wake you, and get better when you get up?",
)

MORNING_STIFFNESS = symptom(
    "morning_stiffness", "Morning stiffness", ask="Is your back stiff in the morning for more than half an hour?"
)
WAKES_LATE = symptom(
    "wakes_late", "Wakes in the second half of the night", ask="Does the pain wake you in the second half of the night?"
)
ALTERNATING_BUTTOCKS = symptom(
    "alternating_buttocks", "Pain that alternates between the buttocks", ask="Does pain change from one buttock to the other?"
)
ONSET_BEFORE_45 = symptom("onset_before_45", "Onset before 45", ask="Did the pain begin before you were 45 years old?")
ONSET_BEFORE_35 = symptom("onset_before_35", "Onset before 35", ask="Did the pain begin before you were 35 years old?")
BUTTOCK_PAIN = symptom("buttock_pain", "Buttock pain", ask="Does a buttock hurt?")
BETTER_WITH_NSAID = symptom(
    "better_with_nsaid",
    "Better within 48 hours of anti-inflammatory medicine",
    ask="Does a medicine such as ibuprofen make the pain better within two days?",
)
RELATIVE_WITH_SPONDYLOARTHRITIS = symptom(
    "relative_with_spondyloarthritis",
    "Parent, sibling or child with spondyloarthritis",
    ask="Does a parent, brother, sister or child of yours have spondyloarthritis, for instance Bechterew's disease?",
)
ARTHRITIS = symptom("arthritis", "Arthritis, now or before", ask="Do you have arthritis, or have you had it?")
ENTHESITIS = symptom(
    "enthesitis",
    "Enthesitis, now or before",
    ask="Do you have inflammation where a tendon meets the bone, or have you had it?",
)
PSORIASIS = symptom(
    "psoriasis",
    "Psoriasis, now or before",
    ask="Do you have psoriasis, or have you had it?",
    codes={"icd10": "<L40*", "icd10cm": "<L40*"},
)

# --- pregnancy --------------------------------------------------------------------------------------------------------

VAGINAL_BLEEDING = symptom(
    "vaginal_bleeding", "Bleeding from the vagina", ask="If you are pregnant: do you bleed from the vagina?"
)
CONTRACTIONS = symptom(
    "contractions", "Contractions", ask="If you are pregnant: does your belly tighten again and again, like contractions?"
)

# --- what asks for caution with needles or herbs ---------------------------------------------------------------------

WANTS_ACUPUNCTURE = symptom("wants_acupuncture", "Has or wants acupuncture", ask="Do you have acupuncture, or want to have it?")
TAKES_HERBS = symptom("takes_herbs", "Takes or wants herbs", ask="Do you take medicinal herbs, or want to take them?")
PACEMAKER = symptom(
    "pacemaker", "Pacemaker", ask="Do you have a pacemaker?", codes={"icd10": "Z95.0", "icd10cm": "Z95.0", "snomed": "441509002"}
)
BLEEDING_DISORDER = symptom("bleeding_disorder", "Bleeding disorder", ask="Do you have a disorder that makes you bleed easily?")
SKIN_INFECTION = symptom(
    "skin_infection", "Local skin infection", ask="Is the skin infected at the place where you have the pain?"
)
ANTICOAGULANTS = symptom(
    "anticoagulants",
    "Anticoagulants",
    ask="Do you take medicine that thins the blood?",
    codes={
        "icd10": "<Z92.1",
        "icd10cm": "<Z79.01",
        "atc": ("<B01AA*", "<B01AB*", "<B01AE*", "<B01AF*"),
        "rxnorm": (
            *("<11289", "<114194", "<82118", "<202421", "<405155", *WARFARIN_TABLETS),
            *("<8150", "<154", "<5224", "<67108", "<67109", "<321208", "<1037042", "<1114195", "<1364430", "<1599538"),
        ),
    },
)
WARFARIN = symptom(
    "warfarin",
    "Warfarin",
    ask="Do you take warfarin?",
    codes={"atc": "B01AA03", "rxnorm": ("11289", "<114194", "<82118", "<202421", "<405155", *WARFARIN_TABLETS)},
)

# --- conditions ------------------------------------------------------------------------------------------------------

OSTEOPOROSIS = condition(
    "osteoporosis",
    "Osteoporosis",
    ask="Have you been told that you have osteoporosis?",
    codes={"snomed": "64859006", "icd10": ("<M80*", "<M81*"), "icd10cm": ("<M80*", "<M81*")},
)
CAUDA_EQUINA = condition(
    "cauda_equina_syndrome",
    "Cauda equina syndrome",
    ask="Have you been told that you have a cauda equina syndrome, nerves pressed on at the end of the spine?",
    known=True,
    codes={"icd10": "G83.4", "icd10cm": "G83.4", "snomed": "192970008"},
)
NERVE_DEFICIT = condition("nerve_deficit", "Neurological deficit")
NERVE_ROOT = condition("nerve_root", "Irritation of one nerve root")
CORD_COMPRESSION = condition("cord_compression", "Compression of the spinal cord by cancer")
OBSTETRIC_EMERGENCY = condition("obstetric_emergency", "Labour or bleeding in pregnancy")
SPONDYLOARTHRITIS = condition("axial_spondyloarthritis", "Axial spondyloarthritis")
ABDOMINAL_ANEURYSM = condition(
    "abdominal_aneurysm",
    "Aneurysm of the abdominal aorta",
    ask="Have you been told that you have an aneurysm of the aorta?",
    codes={"icd10": ("<I71.3", "<I71.4"), "icd10cm": ("<I71.3*", "<I71.4*")},
)
FRACTURE = condition(
    "vertebral_fracture",
    "Fracture of the spine",
    ask="Have you been told that a bone of your spine is broken now?",
    known=True,
    codes={"icd10": ("<S12*", "<S22.0", "<S32.0", "<M48.5"), "icd10cm": ("<S12*", "<S22.0*", "<S32.0*", "<M48.5*")},
)
TUMOUR_OR_INFECTION = condition(
    "tumour_or_infection",
    "Tumour or infection of the spine",
    ask="Have you been told that you have a tumour or an infection in your spine?",
    known=True,
    codes={
        "icd10": ("<M46.2", "<M46.3", "<M46.4", "<G06.1"),
        "icd10cm": ("<M46.2*", "<M46.3*", "<M46.4*", "<G06.1"),
    },
)
HLA_B27_TEST = intervention("hla_b27_test", "Blood test for HLA-B27", kind="investigation")
WEAK_FOOT = condition("weak_foot", "Weakness of a foot from a nerve")
URETERIC_COLIC = condition("ureteric_colic", "Ureteric colic")
INFLAMMATORY_BACK_PAIN = condition("inflammatory_back_pain", "Inflammatory back pain")
ANEURYSM = condition("ruptured_aneurysm", "Ruptured aortic aneurysm")

# --- parameters ------------------------------------------------------------------------------------------------------

OLDER_THAN = parameter(
    "older_than", 50, "above this age in years a minor injury is a flag of a fracture (the guideline gives no age)", ge=40, le=80
)
AGE_OVER = parameter("age_over", 50, "above this age in years, age is a flag of a tumour (the guideline gives 50)", ge=40, le=70)
AGE_UNDER = parameter(
    "age_under", 20, "below this age in years, age is a flag of a tumour (the guideline gives 20)", ge=16, le=25
)
TUMOUR_FLAGS = parameter(
    "tumour_flags",
    2,
    "how many flags make a tumour or an infection urgent to look for (the framework gives no number)",
    ge=2,
    le=5,
)
FRACTURE_FLAGS = parameter(
    "fracture_flags", 2, "how many flags make a fracture urgent to look for (the framework gives no number)", ge=1, le=3
)
NERVE_SIGNS = parameter("nerve_signs", 2, "how many signs of the nerves are urgent to look into (our decision)", ge=2, le=3)

ANEURYSM_AGE = parameter(
    "aneurysm_age",
    60,
    "above this age in years a ruptured aneurysm is more likely (the guideline gives 60)",
    ge=50,
    le=70,
)
INFLAMMATORY_AFTER = parameter(
    "inflammatory_after",
    timedelta(weeks=12),
    "back pain that has lasted this long may be inflammatory (the criteria are for chronic pain, of more than 3 months)",
    ge=timedelta(weeks=8),
    le=timedelta(weeks=26),
)
INFLAMMATORY_SIGNS = parameter(
    "inflammatory_signs", 4, "how many of the five features make a back pain inflammatory (the criteria give 4)", ge=3, le=5
)
BERLIN_AGE = parameter(
    "berlin_age", 50, "below this age in years the Berlin criteria were made (the criteria give 50)", ge=40, le=50
)
BERLIN_SIGNS = parameter("berlin_signs", 2, "how many of the four Berlin criteria are enough (the criteria give 2)", ge=2, le=4)
SPONDYLOARTHRITIS_SIGNS = parameter(
    "spondyloarthritis_signs", 4, "how many of the nine criteria ask for a rheumatologist (the guideline gives 4)", ge=4, le=6
)
HLA_B27_SIGNS = parameter(
    "hla_b27_signs", 3, "how many of the nine criteria ask for a blood test (the guideline gives 3)", ge=2, le=3
)

# --- sign sets: other packs may add to them --------------------------------------------------------------------------

patient = each(Patient)

CAUDA_EQUINA_SIGNS = sign_set(
    "cauda_equina_signs",
    SADDLE_ANAESTHESIA,
    URINARY_RETENTION,
    OVERFLOW_INCONTINENCE,
    LEG_WEAKNESS,
    LAX_ANAL_SPHINCTER,
    PERIANAL_NUMBNESS,
    label="Signs of a cauda equina syndrome",
)
NERVE_SIGN_SET = sign_set(
    "nerve_sign_set",
    FREQUENT_URINATION,
    LOW_LIBIDO,
    WEAK_KNEES,
    label="Signs that may be of the nerves",
)
FRACTURE_FLAG_SET = sign_set(
    "fracture_flag_set",
    MAJOR_TRAUMA,
    all_of(Injury, any_of(OSTEOPOROSIS.diagnosed, FRAGILITY_FRACTURE, exists(patient, patient.age > OLDER_THAN))),
    all_of(Pain, STEROIDS),
    label="Flags of a fracture",
)
TUMOUR_FLAG_SET = sign_set(
    "tumour_flag_set",
    any_of(exists(patient, patient.age > AGE_OVER), exists(patient, patient.age < AGE_UNDER)),
    HISTORY_OF_CANCER,
    FEVER_OR_CHILLS,
    WEIGHT_LOSS,
    BACTERIAL_INFECTION,
    DRUG_INJECTION,
    IMMUNOSUPPRESSION,
    WORSE_LYING_DOWN,
    SEVERE_NIGHT_PAIN,
    NIGHT_SWEATS,
    ANAEMIA,
    label="Flags of a tumour or an infection",
)
INFLAMMATORY_SIGN_SET = sign_set(
    "inflammatory_sign_set",
    ONSET_BEFORE_40,
    SLOW_ONSET,
    BETTER_WITH_EXERCISE,
    NO_BETTER_WITH_REST,
    WAKES_AND_RISES,
    label="Features of inflammatory back pain",
)
BERLIN_SIGN_SET = sign_set(
    "berlin_sign_set",
    MORNING_STIFFNESS,
    all_of(BETTER_WITH_EXERCISE, NO_BETTER_WITH_REST),
    WAKES_LATE,
    ALTERNATING_BUTTOCKS,
    label="Berlin criteria of inflammatory back pain",
)
SPONDYLOARTHRITIS_SIGN_SET = sign_set(
    "spondyloarthritis_sign_set",
    ONSET_BEFORE_35,
    WAKES_LATE,
    BUTTOCK_PAIN,
    BETTER_WITH_EXERCISE,
    BETTER_WITH_NSAID,
    RELATIVE_WITH_SPONDYLOARTHRITIS,
    ARTHRITIS,
    ENTHESITIS,
    PSORIASIS,
    label="Criteria of axial spondyloarthritis",
)
