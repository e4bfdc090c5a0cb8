"""May it be a ruptured aortic aneurysm?"""

from __future__ import annotations

from backpain_rules import Pain, Referral, Rule, all_of, conclude, exists

from .examples import BACK_PAIN, NECK_PAIN
from .sources import DECISIONS, NG156
from .words import ANEURYSM, NEW_ABDOMINAL_PAIN

BOTH_PAINS = (BACK_PAIN, NEW_ABDOMINAL_PAIN.present)
NOT_BOTH = (
    [BACK_PAIN],
    [BACK_PAIN, NEW_ABDOMINAL_PAIN.absent],
    [NEW_ABDOMINAL_PAIN.present],
    [NECK_PAIN, NEW_ABDOMINAL_PAIN.present],
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
emergency = Rule(
    "aneurysm-emergency",
    when=ANEURYSM,
    then=conclude(Referral, to="emergency_department", reason="ruptured_aneurysm", urgency="emergency"),
    source=(NG156["RUPTURE"], DECISIONS["URGENCY"]),
    fires_on=[BOTH_PAINS],
    silent_on=NOT_BOTH,
)
