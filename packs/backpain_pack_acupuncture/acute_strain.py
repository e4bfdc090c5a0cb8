"""What does a fresh strain do, and how is it treated?

Injury, tension, restricted flow and the aims of treatment are a chain of rules (B3 to B7). What is recommended is put
together from several rules, since each part rests on statements of its own: that acupuncture is advised at all, when to
begin, how often and until when. After the first day it is still advised; only the early timing is missing, and a
caution says so.
"""

from __future__ import annotations

from datetime import timedelta

from backpain_rules import Finding, Injury, Pain, Rule, all_of, each, phrase

from .article import ARTICLE
from .examples import CHRONIC_BACK, NO_BACK_INJURY, RECENT_BACK, STRAINED_BACK
from .words import ACUPUNCTURE, ACUTE_STRAIN, ACUTE_WINDOW, BLOOD_STAGNATION, HERBAL_PLASTER, HERBS_INTERNAL, STOP_BELOW

pain, injury = each(Pain), each(Injury)
strain = each(Finding, condition=ACUTE_STRAIN)

NO_STRAIN = ([RECENT_BACK, NO_BACK_INJURY], [CHRONIC_BACK, Injury(region="lumbar", since=timedelta(weeks=30))])

blood_stagnation = Rule(
    "blood-stagnation",
    when=strain,
    then=BLOOD_STAGNATION.finding(region=strain.region),
    source=ARTICLE("B3", "B4", "B5", "B6"),
    fires_on=[STRAINED_BACK],
    silent_on=NO_STRAIN,
)
treat_strain = Rule(
    "treat-strain",
    when=ACUTE_STRAIN,
    then=ACUPUNCTURE.recommend(for_condition=ACUTE_STRAIN),
    source=ARTICLE["B1"],
    fires_on=[STRAINED_BACK],
    silent_on=NO_STRAIN,
    note="B1 speaks of the lumbar region. A neck strain is treated alike, since B7 speaks of any injury.",
)
aims_of_treatment = Rule(
    "aims-of-treatment",
    when=BLOOD_STAGNATION,
    then=ACUPUNCTURE.recommend(
        for_condition=ACUTE_STRAIN, note="to release tension, reduce inflammation and increase blood flow"
    ),
    source=ARTICLE["B7"],
    fires_on=[STRAINED_BACK],
    silent_on=NO_STRAIN,
)
start_early = Rule(
    "start-early",
    when=all_of(strain, injury.region == strain.region, injury.since <= ACUTE_WINDOW),
    then=ACUPUNCTURE.recommend(
        for_condition=ACUTE_STRAIN, timing=phrase("without delay, at most {acute_window} after the injury", ACUTE_WINDOW)
    ),
    source=ARTICLE("B2", "B10"),
    fires_on=[STRAINED_BACK, [RECENT_BACK, Injury(region="lumbar", since=timedelta(hours=24))]],
    silent_on=[
        [RECENT_BACK, Injury(region="lumbar", since=timedelta(hours=24, seconds=1))],
        [RECENT_BACK, Injury(region="lumbar")],
    ],
)
start_late = Rule(
    "start-late",
    when=all_of(strain, injury.region == strain.region, injury.since > ACUTE_WINDOW),
    then=ACUTE_STRAIN.caution(
        "late_start",
        phrase(
            "more than {acute_window} since the injury: acupuncture still helps, though an early start is better", ACUTE_WINDOW
        ),
    ),
    source=ARTICLE["B2"],
    fires_on=[[RECENT_BACK, Injury(region="lumbar", since=timedelta(hours=24, seconds=1))]],
    silent_on=[STRAINED_BACK, [RECENT_BACK, Injury(region="lumbar", since=timedelta(hours=24))]],
)
course_of_treatment = Rule(
    "course-of-treatment",
    when=all_of(strain, pain.region == strain.region, pain.severity >= STOP_BELOW),
    then=ACUPUNCTURE.recommend(
        for_condition=ACUTE_STRAIN,
        frequency="every_other_day",
        until=phrase("pain below {stop_below}/10", STOP_BELOW),
        course="about a week or less",
    ),
    source=ARTICLE("B12", "B13", "B14"),
    fires_on=[STRAINED_BACK, [Pain(region="lumbar", severity=5), Injury(region="lumbar")]],
    silent_on=[[Pain(region="lumbar", severity=4), Injury(region="lumbar")], [Pain(region="lumbar"), Injury(region="lumbar")]],
)
herbs_for_strain = Rule(
    "herbs-for-strain",
    when=ACUTE_STRAIN,
    then=[
        HERBS_INTERNAL.recommend(for_condition=ACUTE_STRAIN, note="against pain and inflammation, where suitable"),
        HERBAL_PLASTER.recommend(for_condition=ACUTE_STRAIN, note="against pain and inflammation, where suitable"),
    ],
    source=ARTICLE("B8", "B9"),
    fires_on=[STRAINED_BACK],
    silent_on=NO_STRAIN,
    note="When herbs are suitable is not said, so that stays a judgement.",
)
