"""Does chronic pain come from an imbalance of muscles, and what then?

C1 speaks of back and neck. An imbalance is concluded from a check that showed one, or from any of the causes that the
article names (A6, C7 to C9), one rule for each, so that an explanation cites the right statement. The signs are of the
whole body, so the finding names no region. A cause is no proof, and C1 is an alternative of three, so the imbalance
may be indicated, no more.
"""

from __future__ import annotations

from backpain_rules import Rule, all_of

from .article import ARTICLE
from .examples import CHRONIC_BACK, CHRONIC_NECK, RECENT_BACK
from .words import (
    ACUPUNCTURE,
    CHRONIC_IMBALANCE,
    CHRONIC_PAIN,
    EGOSCUE,
    LOW_EXERCISE,
    MUSCLE_IMBALANCE,
    POOR_POSTURE,
    REPEATED_INJURIES,
    REPETITIVE_STRAIN,
)

IMBALANCED_BACK = (CHRONIC_BACK, MUSCLE_IMBALANCE.present)
NO_IMBALANCE = ([CHRONIC_BACK, MUSCLE_IMBALANCE.absent, LOW_EXERCISE.present], [RECENT_BACK, MUSCLE_IMBALANCE.present])

imbalance_shown = Rule(
    "imbalance-shown",
    when=all_of(CHRONIC_PAIN, MUSCLE_IMBALANCE),
    then=CHRONIC_IMBALANCE.finding(strength="may_indicate"),
    source=ARTICLE["C1"],
    fires_on=[IMBALANCED_BACK, [CHRONIC_NECK, MUSCLE_IMBALANCE.present]],
    silent_on=[*NO_IMBALANCE, [CHRONIC_BACK]],
)
imbalance_from_posture = Rule(
    "imbalance-from-posture",
    when=all_of(CHRONIC_PAIN, POOR_POSTURE),
    then=CHRONIC_IMBALANCE.finding(strength="may_indicate"),
    source=ARTICLE("A6", "C1", "C7"),
    fires_on=[[CHRONIC_NECK, POOR_POSTURE.present], [CHRONIC_BACK, POOR_POSTURE.present, MUSCLE_IMBALANCE.absent]],
    silent_on=[[RECENT_BACK, POOR_POSTURE.present], [CHRONIC_BACK, POOR_POSTURE.absent]],
)
imbalance_from_movement = Rule(
    "imbalance-from-movement",
    when=all_of(CHRONIC_PAIN, REPETITIVE_STRAIN),
    then=CHRONIC_IMBALANCE.finding(strength="may_indicate"),
    source=ARTICLE("C1", "C8"),
    fires_on=[[CHRONIC_BACK, REPETITIVE_STRAIN.present]],
    silent_on=[[RECENT_BACK, REPETITIVE_STRAIN.present], [CHRONIC_BACK]],
)
imbalance_from_injuries = Rule(
    "imbalance-from-injuries",
    when=all_of(CHRONIC_PAIN, REPEATED_INJURIES),
    then=CHRONIC_IMBALANCE.finding(strength="may_indicate"),
    source=ARTICLE("C1", "C9"),
    fires_on=[[CHRONIC_BACK, REPEATED_INJURIES.present]],
    silent_on=[[RECENT_BACK, REPEATED_INJURIES.present], [CHRONIC_BACK]],
)
treat_imbalance = Rule(
    "treat-imbalance",
    when=CHRONIC_IMBALANCE,
    then=ACUPUNCTURE.recommend(for_condition=CHRONIC_IMBALANCE, note="to relieve tension, pain and inflammation"),
    source=ARTICLE["C10"],
    fires_on=[IMBALANCED_BACK],
    silent_on=NO_IMBALANCE,
)
correct_imbalance = Rule(
    "correct-imbalance",
    when=CHRONIC_IMBALANCE,
    then=EGOSCUE.recommend(for_condition=CHRONIC_IMBALANCE, course="long term"),
    source=ARTICLE["C11"],
    fires_on=[IMBALANCED_BACK],
    silent_on=NO_IMBALANCE,
)
no_training_in_imbalance = Rule(
    "no-training-in-imbalance",
    when=CHRONIC_IMBALANCE,
    then=CHRONIC_IMBALANCE.caution("strength_training", "strength training can worsen pain that comes from an imbalance"),
    source=ARTICLE["C4"],
    fires_on=[IMBALANCED_BACK],
    silent_on=NO_IMBALANCE,
)
