"""Is it labour, or a bleeding in pregnancy?"""

from __future__ import annotations

from backpain_rules import Pain, Patient, Referral, Rule, all_of, any_of, conclude, exists

from .examples import BACK_PAIN
from .sources import DECISIONS, PRETERM
from .words import CONTRACTIONS, OBSTETRIC_EMERGENCY, VAGINAL_BLEEDING

PREGNANT = Patient(pregnant=True)
LABOUR = [[BACK_PAIN, PREGNANT, VAGINAL_BLEEDING.present], [BACK_PAIN, PREGNANT, CONTRACTIONS.present]]
NO_LABOUR = (
    [BACK_PAIN, PREGNANT],
    [BACK_PAIN, Patient(pregnant=False), VAGINAL_BLEEDING.present],
    [BACK_PAIN, VAGINAL_BLEEDING.present],
    [PREGNANT, CONTRACTIONS.present],
)

labour = Rule(
    "labour-or-bleeding",
    when=all_of(Pain, exists(Patient, pregnant=True), any_of(VAGINAL_BLEEDING, CONTRACTIONS)),
    then=OBSTETRIC_EMERGENCY.finding(strength="may_indicate"),
    source=PRETERM["SIGNS"],
    fires_on=LABOUR,
    silent_on=NO_LABOUR,
)
emergency = Rule(
    "obstetric-emergency",
    when=OBSTETRIC_EMERGENCY,
    then=conclude(Referral, to="maternity_unit", reason="obstetric_emergency", urgency="emergency"),
    source=(PRETERM["SIGNS"], DECISIONS["URGENCY"]),
    fires_on=LABOUR,
    silent_on=NO_LABOUR,
)
