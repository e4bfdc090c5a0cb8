"""May the back pain be inflammatory?

By the features that experts of the ASAS agreed on, or by the Berlin criteria, in pain that has lasted. NICE has criteria of
its own for an axial spondyloarthritis; one criterion fewer asks for a blood test. Inflammatory back pain is no diagnosis; it is a
reason to see a rheumatologist, and acupuncture is not the first thing to do.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_pack_acupuncture.words import ACUPUNCTURE
from backpain_rules import Pain, Patient, Referral, Rule, all_of, at_least, conclude, each, exists, unless

from .sources import ASAS2009, BERLIN2006, DECISIONS, NG65
from .words import (
    ARTHRITIS,
    BERLIN_AGE,
    BERLIN_SIGN_SET,
    BERLIN_SIGNS,
    BETTER_WITH_EXERCISE,
    BETTER_WITH_NSAID,
    BUTTOCK_PAIN,
    HLA_B27_SIGNS,
    HLA_B27_TEST,
    INFLAMMATORY_AFTER,
    INFLAMMATORY_BACK_PAIN,
    INFLAMMATORY_SIGN_SET,
    INFLAMMATORY_SIGNS,
    MORNING_STIFFNESS,
    NO_BETTER_WITH_REST,
    ONSET_BEFORE_40,
    ONSET_BEFORE_45,
    PSORIASIS,
    SLOW_ONSET,
    SPONDYLOARTHRITIS,
    SPONDYLOARTHRITIS_SIGN_SET,
    SPONDYLOARTHRITIS_SIGNS,
    WAKES_AND_RISES,
    WAKES_LATE,
    patient,
)

lumbar = each(Pain, region="lumbar")

LONG_PAIN = Pain(region="lumbar", severity=5, duration=timedelta(weeks=12))
SHORT_PAIN = Pain(region="lumbar", severity=5, duration=timedelta(weeks=11))
FOUR = (ONSET_BEFORE_40.present, SLOW_ONSET.present, BETTER_WITH_EXERCISE.present, WAKES_AND_RISES.present)
ALSO_FOUR = (ONSET_BEFORE_40.present, SLOW_ONSET.present, BETTER_WITH_EXERCISE.present, NO_BETTER_WITH_REST.present)
ENOUGH = [[LONG_PAIN, *FOUR], [LONG_PAIN, *ALSO_FOUR]]
NOT_ENOUGH = ([LONG_PAIN, *FOUR[:3]], [SHORT_PAIN, *FOUR], [*FOUR], [Pain(region="neck", duration=timedelta(weeks=30)), *FOUR])
STIFF = (LONG_PAIN, Patient(age=30), MORNING_STIFFNESS.present)
BERLIN = [[*STIFF, WAKES_LATE.present], [*STIFF, BETTER_WITH_EXERCISE.present, NO_BETTER_WITH_REST.present]]
NOT_BERLIN = (
    [*STIFF],
    [*STIFF, BETTER_WITH_EXERCISE.present],
    [LONG_PAIN, Patient(age=50), MORNING_STIFFNESS.present, WAKES_LATE.present],
    [SHORT_PAIN, *STIFF[1:], WAKES_LATE.present],
)
TWO_OF_NINE = (LONG_PAIN, ONSET_BEFORE_45.present, BUTTOCK_PAIN.present, PSORIASIS.present)
THREE_OF_NINE = (*TWO_OF_NINE, BETTER_WITH_NSAID.present)
FOUR_OF_NINE = (*THREE_OF_NINE, ARTHRITIS.present)
FOUR_LATE = (*FOUR_OF_NINE[:1], ONSET_BEFORE_45.absent, *FOUR_OF_NINE[2:])

inflammatory = Rule(
    "inflammatory-back-pain",
    when=all_of(lumbar.duration >= INFLAMMATORY_AFTER, at_least(INFLAMMATORY_SIGNS, INFLAMMATORY_SIGN_SET)),
    then=INFLAMMATORY_BACK_PAIN.finding(strength="may_indicate"),
    source=ASAS2009["FEATURES"],
    fires_on=ENOUGH,
    silent_on=NOT_ENOUGH,
)
berlin = Rule(
    "inflammatory-by-berlin",
    when=all_of(
        lumbar.duration >= INFLAMMATORY_AFTER,
        exists(patient, patient.age < BERLIN_AGE),
        at_least(BERLIN_SIGNS, BERLIN_SIGN_SET),
    ),
    then=INFLAMMATORY_BACK_PAIN.finding(strength="may_indicate"),
    source=BERLIN2006["FEATURES"],
    fires_on=BERLIN,
    silent_on=NOT_BERLIN,
)
spondyloarthritis = Rule(
    "axial-spondyloarthritis",
    when=all_of(
        lumbar.duration >= INFLAMMATORY_AFTER,
        ONSET_BEFORE_45,
        at_least(SPONDYLOARTHRITIS_SIGNS, SPONDYLOARTHRITIS_SIGN_SET),
    ),
    then=SPONDYLOARTHRITIS.finding(strength="may_indicate"),
    source=NG65["REFER"],
    fires_on=[FOUR_OF_NINE],
    silent_on=[THREE_OF_NINE, FOUR_LATE],
)
spondyloarthritis_referral = Rule(
    "spondyloarthritis-to-rheumatology",
    when=SPONDYLOARTHRITIS,
    then=conclude(Referral, to="rheumatologist", reason="axial_spondyloarthritis", urgency="soon"),
    source=(NG65["REFER"], DECISIONS["RHEUMATOLOGY"]),
    overrides=ACUPUNCTURE.recommend(),
    fires_on=[FOUR_OF_NINE],
    silent_on=[THREE_OF_NINE, FOUR_LATE],
)
hla_b27 = Rule(
    "test-for-hla-b27",
    when=all_of(
        lumbar.duration >= INFLAMMATORY_AFTER,
        ONSET_BEFORE_45,
        at_least(HLA_B27_SIGNS, SPONDYLOARTHRITIS_SIGN_SET),
        unless(SPONDYLOARTHRITIS),
    ),
    then=HLA_B27_TEST.recommend(for_condition=SPONDYLOARTHRITIS),
    source=NG65["TEST"],
    fires_on=[THREE_OF_NINE],
    silent_on=[FOUR_OF_NINE, TWO_OF_NINE, FOUR_LATE],
)
rheumatology = Rule(
    "inflammatory-to-rheumatology",
    when=INFLAMMATORY_BACK_PAIN,
    then=conclude(Referral, to="rheumatologist", reason="inflammatory_back_pain", urgency="soon"),
    source=(ASAS2009["FEATURES"], DECISIONS["RHEUMATOLOGY"]),
    overrides=ACUPUNCTURE.recommend(),
    fires_on=[*ENOUGH, *BERLIN],
    silent_on=NOT_ENOUGH,
)
