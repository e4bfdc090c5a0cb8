"""May it be a ureteric colic?

Pain of one flank, or pain that radiates to the groin, with a second part of the picture. It is imaged within 24 hours, so it
is urgent. In an older patient an aneurysm can look the same, so that is an emergency until it is excluded.
"""

from __future__ import annotations

from backpain_rules import Pain, Patient, Referral, Rule, all_of, any_of, conclude, exists

from .examples import ADULT, BACK_PAIN, ELDER
from .sources import COLIC, DECISIONS, NG118
from .words import ANEURYSM_AGE, FLANK_PAIN, GROIN_PAIN, HAEMATURIA, KIDNEY_STONES, SUDDEN_ONSET, URETERIC_COLIC, patient

SUDDEN = (BACK_PAIN, FLANK_PAIN.present, SUDDEN_ONSET.present)
TYPICAL = [
    [*SUDDEN],
    [BACK_PAIN, FLANK_PAIN.present, HAEMATURIA.present],
    [BACK_PAIN, GROIN_PAIN.present, KIDNEY_STONES.present],
]
NOT_TYPICAL = (
    [BACK_PAIN],
    [BACK_PAIN, FLANK_PAIN.present],
    [BACK_PAIN, SUDDEN_ONSET.present],
    [SUDDEN_ONSET.present, FLANK_PAIN.present],
)

ureteric_colic = Rule(
    "ureteric-colic",
    when=all_of(Pain, any_of(FLANK_PAIN, GROIN_PAIN), any_of(SUDDEN_ONSET, HAEMATURIA, KIDNEY_STONES)),
    then=URETERIC_COLIC.finding(strength="may_indicate"),
    source=(*COLIC("PICTURE", "STONES"), DECISIONS["COLIC"]),
    fires_on=TYPICAL,
    silent_on=NOT_TYPICAL,
)
urgent = Rule(
    "ureteric-colic-urgent",
    when=URETERIC_COLIC,
    then=conclude(Referral, to="physician", reason="ureteric_colic", urgency="urgent"),
    source=(NG118["IMAGING"], DECISIONS["URGENCY"]),
    fires_on=TYPICAL,
    silent_on=NOT_TYPICAL,
)
aneurysm_first = Rule(
    "colic-in-the-old",
    when=all_of(URETERIC_COLIC, SUDDEN_ONSET, exists(patient, patient.age > ANEURYSM_AGE)),
    then=conclude(Referral, to="emergency_department", reason="aneurysm_or_colic", urgency="emergency"),
    source=(COLIC["ANEURYSM"], *DECISIONS("URGENCY", "COLIC")),
    fires_on=[[*SUDDEN, ELDER], [*SUDDEN, Patient(age=61)]],
    silent_on=[
        [*SUDDEN],
        [*SUDDEN, ADULT],
        [*SUDDEN, Patient(age=60)],
        [BACK_PAIN, ELDER, FLANK_PAIN.present, HAEMATURIA.present],
    ],
)
