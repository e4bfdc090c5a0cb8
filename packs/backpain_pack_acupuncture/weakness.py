"""Does chronic pain come from weak muscles, and may they be trained?

Strength training helps weakness (C3) and can harm where there is an imbalance (C4), so the pack goes one of three
ways: imbalance unknown, have it checked first; known to be absent and not concluded from anything else, train;
concluded, a caution against training (in imbalance.py).

C1 speaks of back and neck, so weakness is looked for in chronic pain of either. Its signs are those of C2, weak muscles
or too little hard exercise for them. They belong to the trunk, so the finding names no region. C2 gives a cause and
C1 an alternative of three, so weakness may be indicated, no more.
"""

from __future__ import annotations

from backpain_rules import Rule, all_of, any_of, is_unknown, unless

from .article import ARTICLE
from .examples import CHRONIC_BACK, CHRONIC_NECK, RECENT_BACK
from .words import (
    CHRONIC_IMBALANCE,
    CHRONIC_PAIN,
    IMBALANCE_CHECK,
    LOW_EXERCISE,
    MUSCLE_IMBALANCE,
    MUSCLE_WEAKNESS,
    POOR_POSTURE,
    STRENGTH_TRAINING,
    WEAK_CORE,
)

WEAK_BACK = (CHRONIC_BACK, LOW_EXERCISE.present)

muscle_weakness = Rule(
    "muscle-weakness",
    when=all_of(CHRONIC_PAIN, any_of(LOW_EXERCISE, WEAK_CORE)),
    then=MUSCLE_WEAKNESS.finding(strength="may_indicate"),
    source=ARTICLE("C1", "C2"),
    fires_on=[WEAK_BACK, [CHRONIC_NECK, WEAK_CORE.present]],
    silent_on=[[RECENT_BACK, LOW_EXERCISE.present], [CHRONIC_BACK], [CHRONIC_BACK, LOW_EXERCISE.absent, WEAK_CORE.absent]],
)
check_before_training = Rule(
    "check-before-training",
    when=all_of(MUSCLE_WEAKNESS, is_unknown(MUSCLE_IMBALANCE)),
    then=IMBALANCE_CHECK.recommend(
        for_condition=MUSCLE_WEAKNESS,
        before=STRENGTH_TRAINING,
        note="by a practitioner, or by oneself with Egoscue's book",
    ),
    source=ARTICLE("C5", "C6"),
    fires_on=[WEAK_BACK, [*WEAK_BACK, POOR_POSTURE.present]],
    silent_on=[[*WEAK_BACK, MUSCLE_IMBALANCE.present], [*WEAK_BACK, MUSCLE_IMBALANCE.absent], [CHRONIC_BACK]],
    note="A cause of imbalance, such as poor posture, does not take the place of the check.",
)
strength_training = Rule(
    "strength-training",
    when=all_of(MUSCLE_WEAKNESS, MUSCLE_IMBALANCE.absent, unless(CHRONIC_IMBALANCE)),
    then=STRENGTH_TRAINING.recommend(for_condition=MUSCLE_WEAKNESS, frequency="regular", course="lifelong"),
    source=ARTICLE("C3", "C5"),
    fires_on=[[*WEAK_BACK, MUSCLE_IMBALANCE.absent]],
    silent_on=[WEAK_BACK, [*WEAK_BACK, MUSCLE_IMBALANCE.absent, POOR_POSTURE.present], [*WEAK_BACK, MUSCLE_IMBALANCE.present]],
    note="That no imbalance was found is not enough where posture, movement or injuries point to one.",
)
