"""Is the pain acute, chronic, both or neither?

The article defines acute by its cause and chronic by its duration (A1). So there is a gap, pain of a few weeks without
an injury, and an overlap, an injury of months ago that still hurts. In the overlap the pain is chronic and no fresh
strain any more (A5). Cautions name the gap, and each case in which the ages of injury and pain do not fit together.

What A2 says of lumbar muscles is read of the neck too, since B4 speaks of any muscle or joint.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import (
    Caution,
    Finding,
    Injury,
    Pain,
    Rule,
    accept,
    all_of,
    conclude,
    each,
    exists,
    not_,
    partition,
    phrase,
    unless,
)

from .article import ARTICLE
from .examples import CHRONIC_BACK, NO_BACK_INJURY, RECENT_BACK, STRAINED_BACK
from .words import ACUTE_STRAIN, CHRONIC_AFTER, CHRONIC_PAIN

pain, injury = each(Pain), each(Injury)
strain = each(Finding, condition=ACUTE_STRAIN)
chronic = each(Finding, condition=CHRONIC_PAIN)

OLD_INJURY = Injury(region="lumbar", since=timedelta(weeks=30))
NEW_INJURY = Injury(region="lumbar", since=timedelta(hours=6))

two_kinds_of_pain = partition(
    "acute-or-chronic",
    exists(Injury, region=pain.region),
    pain.duration >= CHRONIC_AFTER,
    given=pain,
    source=ARTICLE("A1", "A2", "A4"),
)
ACCEPTED = [
    accept(
        "BR006",
        two_kinds_of_pain,
        "the article defines acute pain by its cause and chronic pain by its duration, so that pain of some weeks without an "
        "injury is neither; a caution says so",
        source=ARTICLE("A1", "A2", "A4"),
    ),
    accept(
        "BR007",
        two_kinds_of_pain,
        "an injury can be the start of chronic pain, which is both then; it is assessed as chronic, and cautions name the injury",
        source=ARTICLE("A1", "A5"),
    ),
]

chronic_pain = Rule(
    "chronic-pain",
    when=pain.duration >= CHRONIC_AFTER,
    then=CHRONIC_PAIN.finding(region=pain.region),
    source=ARTICLE("A1", "A4"),
    fires_on=[[CHRONIC_BACK], [Pain(region="neck", duration=timedelta(weeks=12))]],
    silent_on=[[Pain(region="lumbar", duration=timedelta(days=83))], [Pain(region="lumbar")]],
)
acute_strain = Rule(
    "acute-strain",
    when=all_of(
        injury,
        pain,
        injury.region == pain.region,
        unless(exists(Finding, condition=CHRONIC_PAIN, region=pain.region)),
    ),
    then=ACUTE_STRAIN.finding(region=pain.region),
    source=ARTICLE("A1", "A2", "A3"),
    fires_on=[STRAINED_BACK, [Pain(region="neck"), Injury(region="neck")]],
    silent_on=[
        [Pain(region="neck"), Injury(region="lumbar")],
        [RECENT_BACK, NO_BACK_INJURY],
        [RECENT_BACK],
        [CHRONIC_BACK, OLD_INJURY],
    ],
    note="Any injury of the region counts; lifting (A3) is an example. If its age does not fit the pain, a caution says so.",
)
neither_kind = Rule(
    "neither-acute-nor-chronic",
    when=all_of(
        pain,
        not_(exists(Finding, condition=ACUTE_STRAIN, region=pain.region)),
        not_(exists(Finding, condition=CHRONIC_PAIN, region=pain.region)),
    ),
    then=conclude(
        Caution,
        about="neither_acute_nor_chronic",
        text=phrase("pain of less than {chronic_after} without an injury is neither of the source's two kinds", CHRONIC_AFTER),
    ),
    source=ARTICLE("A1", "A2", "A4"),
    fires_on=[[RECENT_BACK, NO_BACK_INJURY]],
    silent_on=[[RECENT_BACK], [Pain(region="lumbar"), NO_BACK_INJURY], STRAINED_BACK, [CHRONIC_BACK, NO_BACK_INJURY], []],
    note="It waits until neither kind is possible any more; nothing known is no reason for it.",
)
chronic_after_injury = Rule(
    "chronic-after-injury",
    when=all_of(chronic, injury.region == chronic.region, injury.since >= CHRONIC_AFTER),
    then=CHRONIC_PAIN.caution(
        "chronic_after_injury", "the pain may have begun with an old injury; it is no fresh strain any more"
    ),
    source=ARTICLE["A5"],
    fires_on=[[CHRONIC_BACK, OLD_INJURY]],
    silent_on=[
        [CHRONIC_BACK, NEW_INJURY],
        [CHRONIC_BACK, Injury(region="lumbar")],
        [CHRONIC_BACK, Injury(region="neck", since=timedelta(weeks=30))],
        [RECENT_BACK, OLD_INJURY],
    ],
)
new_injury_in_chronic_pain = Rule(
    "new-injury-in-chronic-pain",
    when=all_of(chronic, injury.region == chronic.region, injury.since < CHRONIC_AFTER),
    then=CHRONIC_PAIN.caution(
        "new_injury_in_chronic_pain", "a recent injury where the pain is chronic: a fresh strain may hide in it, examine for one"
    ),
    source=ARTICLE("A2", "A4"),
    fires_on=[[CHRONIC_BACK, NEW_INJURY]],
    silent_on=[[CHRONIC_BACK, OLD_INJURY], [CHRONIC_BACK, NO_BACK_INJURY], STRAINED_BACK],
    note="The article does not say which of the two kinds this is. It is assessed as chronic.",
)
old_injury_in_new_pain = Rule(
    "old-injury-in-new-pain",
    when=all_of(strain, injury.region == strain.region, injury.since >= CHRONIC_AFTER),
    then=ACUTE_STRAIN.caution("old_injury_in_new_pain", "the injury is old and the pain is not: it may have another cause"),
    source=ARTICLE["A2"],
    fires_on=[[RECENT_BACK, OLD_INJURY]],
    silent_on=[STRAINED_BACK, [CHRONIC_BACK, OLD_INJURY]],
)
