"""May cancer press on the spinal cord?

Pain of the thoracic or cervical spine in somebody who has or had cancer is urgent. With a weak or numb foot, or weak legs, it
is an emergency.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import WEAK_KNEES
from backpain_rules import Fact, Pain, Referral, Rule, all_of, any_of, conclude, exists

from .examples import BACK_PAIN, NECK_PAIN
from .sources import CG75, DECISIONS
from .words import (
    CORD_COMPRESSION,
    FOOT_DROP,
    FOOT_NUMBNESS,
    FOOT_WEAKNESS,
    HISTORY_OF_CANCER,
    SEVERE_NIGHT_PAIN,
    THORACIC_PAIN,
    TUMOUR_OR_INFECTION,
)

HIGH_PAIN = any_of(THORACIC_PAIN, exists(Pain, region="neck"))
HIGH: list[list[Fact]] = [[HISTORY_OF_CANCER.present, THORACIC_PAIN.present], [HISTORY_OF_CANCER.present, NECK_PAIN]]
NOT_HIGH: list[list[Fact]] = [
    [HISTORY_OF_CANCER.present, BACK_PAIN],
    [THORACIC_PAIN.present],
    [HISTORY_OF_CANCER.absent, NECK_PAIN],
]
PRESSED: list[list[Fact]] = [
    [HISTORY_OF_CANCER.present, THORACIC_PAIN.present, FOOT_WEAKNESS.present],
    [HISTORY_OF_CANCER.present, BACK_PAIN, SEVERE_NIGHT_PAIN.present, FOOT_NUMBNESS.present],
]
NOT_PRESSED: list[list[Fact]] = [
    *HIGH,
    [HISTORY_OF_CANCER.present, BACK_PAIN, FOOT_WEAKNESS.present],
    [NECK_PAIN, FOOT_WEAKNESS.present],
]

cancer_and_pain = Rule(
    "cancer-and-thoracic-pain",
    when=all_of(HISTORY_OF_CANCER, HIGH_PAIN),
    then=TUMOUR_OR_INFECTION.finding(strength="may_indicate"),
    source=CG75["PAIN"],
    fires_on=HIGH,
    silent_on=NOT_HIGH,
)
cord_compression = Rule(
    "cord-compression",
    when=all_of(
        HISTORY_OF_CANCER,
        any_of(HIGH_PAIN, all_of(Pain, SEVERE_NIGHT_PAIN)),
        any_of(FOOT_WEAKNESS, FOOT_NUMBNESS, FOOT_DROP, WEAK_KNEES),
    ),
    then=CORD_COMPRESSION.finding(strength="may_indicate"),
    source=CG75["NEUROLOGY"],
    fires_on=PRESSED,
    silent_on=NOT_PRESSED,
)
emergency = Rule(
    "cord-compression-emergency",
    when=CORD_COMPRESSION,
    then=conclude(Referral, to="emergency_department", reason="cord_compression", urgency="emergency"),
    source=(CG75["NEUROLOGY"], DECISIONS["URGENCY"]),
    fires_on=PRESSED,
    silent_on=NOT_PRESSED,
)
