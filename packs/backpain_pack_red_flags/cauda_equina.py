"""Is it an emergency, a cauda equina syndrome?

Each of its signs is an emergency by itself, and so is a diagnosis that is known. With back pain, so are pain of both legs and a
loss of control of the bowels. Frequent urination is one of them where it is known to be recent. A foot drop
alone is urgent: most come from one nerve root. Frequent urination, low libido and weak legs,
which other packs count for a kidney pattern, are signs that may come from the nerves: one is to be seen soon, several
are urgent.
"""

from __future__ import annotations

from backpain_pack_acupuncture.words import FREQUENT_URINATION, LOW_LIBIDO, WEAK_KNEES
from backpain_rules import Pain, Referral, Rule, all_of, any_of, at_least, conclude

from .examples import BACK_PAIN
from .sources import AHCPR, BASS2018, DECISIONS, IFOMPT
from .words import (
    BOWEL_INCONTINENCE,
    CAUDA_EQUINA,
    CAUDA_EQUINA_SIGNS,
    FOOT_DROP,
    LAX_ANAL_SPHINCTER,
    LEG_PAIN,
    LEG_WEAKNESS,
    LONG_STANDING_FREQUENCY,
    NERVE_DEFICIT,
    NERVE_SIGN_SET,
    NERVE_SIGNS,
    OVERFLOW_INCONTINENCE,
    PAIN_IN_BOTH_LEGS,
    PERIANAL_NUMBNESS,
    SADDLE_ANAESTHESIA,
    URINARY_RETENTION,
    WEAK_FOOT,
)

ONE_EACH = [
    [sign.present]
    for sign in (
        SADDLE_ANAESTHESIA,
        URINARY_RETENTION,
        OVERFLOW_INCONTINENCE,
        LEG_WEAKNESS,
        LAX_ANAL_SPHINCTER,
        PERIANAL_NUMBNESS,
    )
]
OFTEN = (BACK_PAIN, FREQUENT_URINATION.present)
RECENT_OFTEN = (*OFTEN, LONG_STANDING_FREQUENCY.absent)
LONG_OFTEN = (*OFTEN, LONG_STANDING_FREQUENCY.present)
DROPPED = (BACK_PAIN, FOOT_DROP.present)
BOTH_LEGS = [[BACK_PAIN, PAIN_IN_BOTH_LEGS.present], [BACK_PAIN, BOWEL_INCONTINENCE.present]]
NO_EMERGENCY = ([BACK_PAIN], [BACK_PAIN, SADDLE_ANAESTHESIA.absent], [BACK_PAIN, WEAK_KNEES.present], OFTEN, LONG_OFTEN, DROPPED)

cauda_equina = Rule(
    "cauda-equina",
    when=at_least(1, CAUDA_EQUINA_SIGNS),
    then=CAUDA_EQUINA.finding(strength="may_indicate"),
    source=(*AHCPR("CAUDA_SADDLE", "CAUDA_BLADDER", "CAUDA_LEGS", "CAUDA_EXAM"), IFOMPT["CAUDA"]),
    fires_on=ONE_EACH,
    silent_on=NO_EMERGENCY,
)
frequent_urination = Rule(
    "recent-frequent-urination",
    when=all_of(Pain, FREQUENT_URINATION, LONG_STANDING_FREQUENCY.absent),
    then=CAUDA_EQUINA.finding(strength="may_indicate"),
    source=(AHCPR["CAUDA_BLADDER"], DECISIONS["DOUBT"]),
    fires_on=[RECENT_OFTEN],
    silent_on=[OFTEN, LONG_OFTEN, [BACK_PAIN], [FREQUENT_URINATION.present]],
)
bowels_or_both_legs = Rule(
    "bowels-or-both-legs",
    when=all_of(Pain, any_of(BOWEL_INCONTINENCE, PAIN_IN_BOTH_LEGS)),
    then=CAUDA_EQUINA.finding(strength="may_indicate"),
    source=BASS2018["SUSPECT"],
    fires_on=BOTH_LEGS,
    silent_on=[[BACK_PAIN], [BACK_PAIN, LEG_PAIN.present], [BACK_PAIN, PAIN_IN_BOTH_LEGS.absent], [PAIN_IN_BOTH_LEGS.present]],
)
emergency = Rule(
    "cauda-equina-emergency",
    when=CAUDA_EQUINA,
    then=conclude(Referral, to="emergency_department", reason="cauda_equina_syndrome", urgency="emergency"),
    source=(IFOMPT["CAUDA"], DECISIONS["URGENCY"]),
    fires_on=[*ONE_EACH, RECENT_OFTEN, *BOTH_LEGS, [CAUDA_EQUINA.diagnosed]],
    silent_on=NO_EMERGENCY,
)
weak_foot = Rule(
    "weak-foot",
    when=FOOT_DROP,
    then=WEAK_FOOT.finding(strength="may_indicate"),
    source=(AHCPR["CAUDA_EXAM"], DECISIONS["FOOT"]),
    fires_on=[DROPPED],
    silent_on=[[BACK_PAIN], [FOOT_DROP.absent]],
)
weak_foot_urgent = Rule(
    "weak-foot-urgent",
    when=WEAK_FOOT,
    then=conclude(Referral, to="physician", reason="weak_foot", urgency="urgent"),
    source=DECISIONS("URGENCY", "FOOT"),
    fires_on=[DROPPED],
    silent_on=[[BACK_PAIN], [FOOT_DROP.absent]],
)
nerve_deficit = Rule(
    "nerve-deficit",
    when=all_of(Pain, at_least(1, NERVE_SIGN_SET)),
    then=NERVE_DEFICIT.finding(strength="may_indicate"),
    source=DECISIONS["OVERLAP"],
    fires_on=[LONG_OFTEN, [BACK_PAIN, WEAK_KNEES.present], [BACK_PAIN, LOW_LIBIDO.present]],
    silent_on=[[BACK_PAIN], [BACK_PAIN, WEAK_KNEES.absent], [WEAK_KNEES.present]],
)
nerve_examination = Rule(
    "nerve-examination",
    when=NERVE_DEFICIT,
    then=[
        conclude(Referral, to="physician", reason="nerve_deficit", urgency="soon"),
        NERVE_DEFICIT.caution(
            "nerves_before_kidney", "a sign that is counted for a kidney pattern may come from the nerves: examine them first"
        ),
    ],
    source=DECISIONS("URGENCY", "OVERLAP"),
    fires_on=[LONG_OFTEN, [BACK_PAIN, WEAK_KNEES.present]],
    silent_on=[[BACK_PAIN], [BACK_PAIN, WEAK_KNEES.absent]],
)
several_nerve_signs = Rule(
    "several-nerve-signs",
    when=all_of(Pain, at_least(NERVE_SIGNS, NERVE_SIGN_SET)),
    then=conclude(Referral, to="physician", reason="several_nerve_signs", urgency="urgent"),
    source=DECISIONS("URGENCY", "OVERLAP"),
    fires_on=[[*LONG_OFTEN, LOW_LIBIDO.present], [BACK_PAIN, WEAK_KNEES.present, LOW_LIBIDO.present]],
    silent_on=[LONG_OFTEN, [BACK_PAIN, WEAK_KNEES.present], [WEAK_KNEES.present, LOW_LIBIDO.present]],
)
