"""May it be a ruptured aortic aneurysm?"""

from __future__ import annotations

from backpain_rules import Pain, Patient, Referral, Rule, all_of, any_of, conclude, exists

from .examples import ADULT, BACK_PAIN, ELDER, NECK_PAIN
from .sources import DECISIONS, NG156
from .words import (
    ABDOMINAL_ANEURYSM,
    ANEURYSM,
    ANEURYSM_AGE,
    COLLAPSE,
    LOW_BLOOD_PRESSURE,
    NEW_ABDOMINAL_PAIN,
    PULSATING_MASS,
    patient,
)

BOTH_PAINS = (BACK_PAIN, NEW_ABDOMINAL_PAIN.present)
NOT_BOTH = (
    [BACK_PAIN],
    [BACK_PAIN, NEW_ABDOMINAL_PAIN.absent],
    [NEW_ABDOMINAL_PAIN.present],
    [NECK_PAIN, NEW_ABDOMINAL_PAIN.present],
)
COLLAPSED = [
    [BACK_PAIN, ELDER, COLLAPSE.present],
    [BACK_PAIN, Patient(age=61), LOW_BLOOD_PRESSURE.present],
    [BACK_PAIN, ADULT, PULSATING_MASS.present, COLLAPSE.present],
    [BACK_PAIN, ADULT, ABDOMINAL_ANEURYSM.diagnosed, LOW_BLOOD_PRESSURE.present],
]
NOT_COLLAPSED = (
    [BACK_PAIN, Patient(age=60), COLLAPSE.present],
    [BACK_PAIN, ADULT, PULSATING_MASS.present],
    [BACK_PAIN, ADULT, ABDOMINAL_ANEURYSM.diagnosed],
    [NECK_PAIN, ELDER, COLLAPSE.present],
    [BACK_PAIN, ELDER, COLLAPSE.absent],
)

aneurysm = Rule(
    "aneurysm",
    when=all_of(exists(Pain, region="lumbar"), NEW_ABDOMINAL_PAIN),
    then=ANEURYSM.finding(strength="may_indicate"),
    source=NG156["RUPTURE"],
    fires_on=[BOTH_PAINS],
    silent_on=NOT_BOTH,
    note="The guideline speaks of new pain of both; here back pain of any age counts.",
)
aneurysm_with_collapse = Rule(
    "aneurysm-with-collapse",
    when=all_of(
        exists(Pain, region="lumbar"),
        any_of(COLLAPSE, LOW_BLOOD_PRESSURE),
        any_of(exists(patient, patient.age > ANEURYSM_AGE), PULSATING_MASS, ABDOMINAL_ANEURYSM.diagnosed),
    ),
    then=ANEURYSM.finding(strength="may_indicate"),
    source=(*NG156("COLLAPSE", "LIKELY", "KNOWN", "PALPATION"), DECISIONS["ANEURYSM"]),
    fires_on=COLLAPSED,
    silent_on=NOT_COLLAPSED,
    note="A collapse alone has many causes, so age, a pulsating mass or a known aneurysm must be there too.",
)
emergency = Rule(
    "aneurysm-emergency",
    when=ANEURYSM,
    then=conclude(Referral, to="emergency_department", reason="ruptured_aneurysm", urgency="emergency"),
    source=(NG156["RUPTURE"], DECISIONS["URGENCY"]),
    fires_on=[BOTH_PAINS, *COLLAPSED],
    silent_on=[*NOT_BOTH, *NOT_COLLAPSED],
)
