"""Is it one nerve root?

Pain that goes down one leg is no red flag. A numb or weak foot may be of one nerve root; weakness is to be seen soon, unless an
examination of the nerves was normal. A foot drop is urgent: `cauda_equina` has the rule.
"""

from __future__ import annotations

from backpain_rules import Pain, Referral, Rule, all_of, any_of, conclude, never, unless

from .examples import BACK_PAIN
from .sources import AHCPR, DECISIONS, NG59
from .words import (
    FOOT_DROP,
    FOOT_NUMBNESS,
    FOOT_WEAKNESS,
    LAX_ANAL_SPHINCTER,
    LEG_PAIN,
    NERVE_ROOT,
    NORMAL_NEUROLOGY,
    PERIANAL_NUMBNESS,
)

WEAK = (BACK_PAIN, FOOT_WEAKNESS.present)
SCIATICA = (BACK_PAIN, LEG_PAIN.present)

nerve_root = Rule(
    "nerve-root",
    when=all_of(Pain, any_of(LEG_PAIN, FOOT_NUMBNESS, FOOT_WEAKNESS)),
    then=NERVE_ROOT.finding(strength="may_indicate"),
    source=(NG59["SCIATICA"], DECISIONS["ROOT"]),
    fires_on=[WEAK, SCIATICA, [BACK_PAIN, FOOT_NUMBNESS.present]],
    silent_on=[[BACK_PAIN], [BACK_PAIN, LEG_PAIN.absent], [FOOT_WEAKNESS.present]],
)
weak_root = Rule(
    "nerve-root-weakness",
    when=all_of(NERVE_ROOT, FOOT_WEAKNESS, unless(NORMAL_NEUROLOGY)),
    then=conclude(Referral, to="physician", reason="nerve_root", urgency="soon"),
    source=DECISIONS["ROOT"],
    fires_on=[WEAK, [*WEAK, NORMAL_NEUROLOGY.absent]],
    silent_on=[SCIATICA, [BACK_PAIN, FOOT_NUMBNESS.present], [*WEAK, NORMAL_NEUROLOGY.present]],
)
normal_examination = never(
    "normal-neurology-with-signs",
    NORMAL_NEUROLOGY,
    any_of(FOOT_DROP, LAX_ANAL_SPHINCTER, PERIANAL_NUMBNESS),
    source=(AHCPR["CAUDA_EXAM"], DECISIONS["EXAMINED"]),
)
