"""What does all chronic pain of back and neck need?

Herbs here means herbs to take: F2 names no kind. Diet is for the back only, as F3 has it.
"""

from __future__ import annotations

from backpain_rules import Finding, Rule, exists

from .article import ARTICLE
from .examples import CHRONIC_BACK, CHRONIC_NECK, RECENT_BACK
from .words import ACUPUNCTURE, CHRONIC_PAIN, DIET, HERBS_INTERNAL

longer_treatment = Rule(
    "longer-treatment",
    when=CHRONIC_PAIN,
    then=ACUPUNCTURE.recommend(for_condition=CHRONIC_PAIN, course="longer than for acute pain"),
    source=ARTICLE("F1", "F2", "F5"),
    fires_on=[[CHRONIC_BACK], [CHRONIC_NECK]],
    silent_on=[[RECENT_BACK], []],
)
herbs_with_acupuncture = Rule(
    "herbs-with-acupuncture",
    when=CHRONIC_PAIN,
    then=HERBS_INTERNAL.recommend(for_condition=CHRONIC_PAIN, note="preferably together with acupuncture"),
    source=ARTICLE["F2"],
    fires_on=[[CHRONIC_BACK], [CHRONIC_NECK]],
    silent_on=[[RECENT_BACK], []],
)
diet = Rule(
    "diet",
    when=exists(Finding, condition=CHRONIC_PAIN, region="lumbar"),
    then=DIET.recommend(for_condition=CHRONIC_PAIN, note="called a key therapy; the source says neither why nor which diet"),
    source=ARTICLE["F3"],
    fires_on=[[CHRONIC_BACK]],
    silent_on=[[CHRONIC_NECK], [RECENT_BACK]],
)
