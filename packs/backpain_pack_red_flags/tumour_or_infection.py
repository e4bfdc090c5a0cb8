"""May it be a tumour or an infection?

Graded by count: one flag is weak evidence and a caution, several are urgent. Night sweats, which other packs count for
a kidney pattern, count here as a systemic sign.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import NIGHT_SWEATS
from backpain_rules import Pain, Patient, Referral, Rule, all_of, at_least, conclude

from .examples import ADULT, BACK_PAIN, ELDER
from .sources import AHCPR, DECISIONS, IFOMPT, MYELOMA_UK
from .words import ANAEMIA, FEVER_OR_CHILLS, HISTORY_OF_CANCER, TUMOUR_FLAG_SET, TUMOUR_FLAGS, TUMOUR_OR_INFECTION, WEIGHT_LOSS

FLAGS = (*AHCPR("TUMOUR_AGE", "TUMOUR_HISTORY", "TUMOUR_SYSTEMIC", "INFECTION_RISK", "TUMOUR_NIGHT"), MYELOMA_UK["ANAEMIA"])
ONE_FLAG = (BACK_PAIN, ADULT, NIGHT_SWEATS.present)
TWO_FLAGS = (BACK_PAIN, ELDER, NIGHT_SWEATS.present)
NO_FLAG = ([BACK_PAIN], [BACK_PAIN, ADULT], [BACK_PAIN, Patient(age=50)], [BACK_PAIN, Patient(age=20)], [ELDER])

tumour_flag = Rule(
    "tumour-flag",
    when=all_of(Pain, at_least(1, TUMOUR_FLAG_SET)),
    then=TUMOUR_OR_INFECTION.caution(
        "tumour_flag", "a flag of a tumour or an infection: weak evidence if alone, so ask for the others"
    ),
    source=(*FLAGS, IFOMPT["ONE"], DECISIONS["OVERLAP"]),
    fires_on=[
        ONE_FLAG,
        [BACK_PAIN, ELDER],
        [BACK_PAIN, ANAEMIA.present],
        [BACK_PAIN, Patient(age=19)],
        [BACK_PAIN, WEIGHT_LOSS.present],
    ],
    silent_on=[*NO_FLAG, [NIGHT_SWEATS.present]],
)
tumour_or_infection = Rule(
    "tumour-or-infection",
    when=all_of(Pain, at_least(TUMOUR_FLAGS, TUMOUR_FLAG_SET)),
    then=TUMOUR_OR_INFECTION.finding(strength="may_indicate"),
    source=(*FLAGS, IFOMPT["ONE"], DECISIONS["OVERLAP"]),
    fires_on=[TWO_FLAGS, [BACK_PAIN, ELDER, ANAEMIA.present], [BACK_PAIN, HISTORY_OF_CANCER.present, FEVER_OR_CHILLS.present]],
    silent_on=[ONE_FLAG, *NO_FLAG],
)
urgent = Rule(
    "tumour-urgent",
    when=TUMOUR_OR_INFECTION,
    then=conclude(Referral, to="physician", reason="tumour_or_infection", urgency="urgent"),
    source=DECISIONS["URGENCY"],
    fires_on=[TWO_FLAGS, [TUMOUR_OR_INFECTION.diagnosed]],
    silent_on=[ONE_FLAG, *NO_FLAG],
)
