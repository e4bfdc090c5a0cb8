"""May an internal organ be behind the pain?

Only chronic, mild, lumbar pain is looked at in that way (E1). Neck pain and severe pain do not pass.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Finding, Pain, Rule, all_of, each, exists

from .article import ARTICLE
from .examples import CHRONIC_BACK, MILD_CHRONIC_BACK
from .words import CHRONIC_PAIN, MILD_MAX, ORGAN_GATE

lumbar = each(Pain, region="lumbar")

organ_gate = Rule(
    "organ-gate",
    when=all_of(exists(Finding, condition=CHRONIC_PAIN, region="lumbar"), lumbar.severity <= MILD_MAX),
    then=ORGAN_GATE.finding(region="lumbar"),
    source=ARTICLE("A7", "C1", "E1"),
    fires_on=[[MILD_CHRONIC_BACK]],
    silent_on=[
        [CHRONIC_BACK],
        [Pain(region="lumbar", duration=timedelta(weeks=30))],
        [Pain(region="lumbar", severity=3)],
        [Pain(region="lumbar", severity=3, duration=timedelta(weeks=3))],
        [Pain(region="neck", severity=3, duration=timedelta(weeks=30))],
    ],
)
