"""What do guidelines say of acupuncture for low back pain?

They disagree. Neither is preferred here: where acupuncture is recommended by a pack, or wanted by the patient, both are
said, and since they contradict each other the assessment reports a conflict that cites the two.
"""

from __future__ import annotations

from backpain_rules import Caution, Pain, Rule, all_of, conclude, exists

from .cautions import NEEDLES
from .examples import BACK_PAIN, NECK_PAIN
from .sources import ACP2017, NG59
from .words import WANTS_ACUPUNCTURE

LUMBAR_NEEDLES = all_of(exists(Pain, region="lumbar"), NEEDLES)
WANTED = [[BACK_PAIN, WANTS_ACUPUNCTURE.present]]
NOT_WANTED = ([BACK_PAIN], [NECK_PAIN, WANTS_ACUPUNCTURE.present], [WANTS_ACUPUNCTURE.present])

against = Rule(
    "guideline-against-acupuncture",
    when=LUMBAR_NEEDLES,
    then=conclude(
        Caution,
        about="guidelines_on_acupuncture",
        text="NICE (NG59) does not recommend acupuncture for low back pain",
    ),
    source=NG59["ACUPUNCTURE"],
    fires_on=WANTED,
    silent_on=NOT_WANTED,
)
in_favour = Rule(
    "guideline-for-acupuncture",
    when=LUMBAR_NEEDLES,
    then=conclude(
        Caution,
        about="guidelines_on_acupuncture",
        text="the American College of Physicians (2017) recommends acupuncture for low back pain",
    ),
    source=ACP2017["ACUPUNCTURE"],
    fires_on=WANTED,
    silent_on=NOT_WANTED,
)
