"""When does treatment wait?

As soon as a referral is urgent or an emergency, of this pack or of any other: then every recommendation of a treatment or a
medication is taken back, whichever pack it comes from. Until every flag is known to be absent, both are therefore
provisional. An investigation stays, since it may be what the referral is for. So does advice, such as what to do until then.

Medication waits as well: it treats, it may hide the sign that the examination looks for, and a pack that names no dose cannot
say that it is safe before an operation.

Two constraints say what must never be, and `backpain-rules check` proves that no patient breaks them, together with
whatever packs are loaded.
"""

from __future__ import annotations

from backpain_rules import Caution, Pain, Recommendation, Referral, Rule, all_of, any_of, at_least, conclude, each, exists, never

from .examples import BACK_PAIN, ELDER, LIFTING
from .sources import AHCPR, DECISIONS, NG156
from .words import CAUDA_EQUINA_SIGNS, FEVER_OR_CHILLS, MAJOR_TRAUMA, NEW_ABDOMINAL_PAIN, SADDLE_ANAESTHESIA, WEIGHT_LOSS

TREATMENT = each(Recommendation, kind="treatment")
MEDICATION = each(Recommendation, kind="medication")

treatment_waits = Rule(
    "treatment-waits",
    when=any_of(exists(Referral, urgency="emergency"), exists(Referral, urgency="urgent")),
    then=conclude(Caution, about="treatment_waits", text="no treatment is recommended before the referral was followed"),
    source=DECISIONS["WITHHOLD"],
    overrides=[TREATMENT, MEDICATION],
    fires_on=[[SADDLE_ANAESTHESIA.present], [BACK_PAIN, FEVER_OR_CHILLS.present, WEIGHT_LOSS.present]],
    silent_on=[[], [BACK_PAIN, LIFTING, ELDER], [MAJOR_TRAUMA.present], [BACK_PAIN, WEIGHT_LOSS.present]],
)
no_treatment_before_referral = never(
    "treatment-before-urgent-referral",
    any_of(exists(Referral, urgency="emergency"), exists(Referral, urgency="urgent")),
    any_of(exists(TREATMENT), exists(MEDICATION)),
    source=DECISIONS["WITHHOLD"],
)
no_treatment_in_emergency = never(
    "treatment-in-an-emergency",
    any_of(at_least(1, CAUDA_EQUINA_SIGNS), all_of(exists(Pain, region="lumbar"), NEW_ABDOMINAL_PAIN)),
    any_of(exists(TREATMENT), exists(MEDICATION)),
    source=(*AHCPR("CAUDA_SADDLE", "CAUDA_BLADDER", "CAUDA_LEGS", "CAUDA_EXAM"), NG156["RUPTURE"], DECISIONS["WITHHOLD"]),
)
