"""A pack that uses every word of the face, and is clean to strict type checkers. It also runs: the tests import it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from backpain_rules import (
    Caution,
    Conclusion,
    ConditionTerm,
    Diagnosis,
    Fact,
    Finding,
    Injury,
    InterventionTerm,
    Key,
    Pack,
    Pain,
    Parameter,
    Patient,
    Premise,
    Recommendation,
    Referral,
    Region,
    Rule,
    SignSet,
    Slot,
    Source,
    Statement,
    Symptom,
    SymptomTerm,
    Translation,
    absent,
    all_of,
    any_of,
    at_least,
    conclude,
    condition,
    constraints_in,
    each,
    exists,
    extend,
    hookimpl,
    intervention,
    is_known,
    is_unknown,
    never,
    not_,
    parameter,
    phrase,
    present,
    rules_in,
    score,
    sign_set,
    slot,
    symptom,
    terms_in,
    unless,
)

# --- words

HANDBOOK = Source(
    "handbook",
    "Handbook of a clinic for people who sit",
    {"S1": "sitting long stiffens the back", "S2": "stand up first", "S3": "numb saddle: send at once", "S4": "two falls"},
    standing={"S2": "unsupported"},
    unused={"S4": "told as an anecdote"},
)

LONG_SITTING: SymptomTerm = symptom("long_sitting", "Long sitting", ask="Do you sit for hours without a break?")
STIFF_MORNINGS = symptom("stiff_mornings", "Stiff mornings", ask="Is your back stiff in the morning?")
POOR_SLEEP = symptom("poor_sleep", "Poor sleep", ask="Do you sleep badly?")
COLD_ROOM = symptom("cold_room", "Cold room", ask="Is your office cold?")
SADDLE_NUMBNESS = symptom("saddle_numbness", "Numb saddle", ask="Are you numb between the legs?", codes={"icd11": "MB40.4"})

DESK_BACK: ConditionTerm = condition("desk_back", "Desk back", codes={"icd11": "ME84.2"})
CAUDA_EQUINA = condition("cauda_equina", "Pressure on the nerves of the saddle", ask="Have you been told of it?")
STANDING_BREAKS: InterventionTerm = intervention("standing_breaks", "Standing breaks")
WALKING = intervention("walking", "Walking")

MIN_DESK_SIGNS: Parameter[int] = parameter("min_desk_signs", 2, "signs that make a desk back", ge=1, le=4)
LONG_PAIN = parameter("long_pain", timedelta(weeks=6), "pain is long from here on", ge=timedelta(days=1))
STRONG_PAIN = parameter("strong_pain", 7, "pain is strong from here on", ge=0, le=10)
NEAR_FALLS = parameter("near_falls", timedelta(days=90), "falls this near to each other belong together", ge=timedelta(0))

DESK_SIGNS: SignSet = sign_set("desk_signs", LONG_SITTING, any_of(STIFF_MORNINGS, POOR_SLEEP), SADDLE_NUMBNESS.absent)


NO_LUMBAR_INJURY = Injury(region="lumbar", present=False)


class Fall(Fact):
    """A fall on a day: a closed type, since its key has no end of values."""

    on: Key[date]
    region: Slot[Region] = slot(key=True)
    height: Slot[Annotated[float, "metres"]] = slot(ge=0, unit="m", doc="how deep")


class Stiffness(Fact):
    """How long one region is stiff in the morning."""

    region: Key[Region]
    minutes: Slot[int] = slot(ge=0, le=600, unit="min")
    present: bool = True


class Pace(Fact):
    """Concluded: how often to stand up."""

    region: Key[Region]
    every: Slot[timedelta] = slot()


# --- rules

pain, injury, patient = each(Pain), each(Injury), each(Patient)
stiff = each(Stiffness, region="lumbar")
fall, later = each(Fall), each(Fall)

stiff_and_painful: Premise = all_of(
    pain,
    exists(stiff, stiff.region == pain.region, stiff.minutes >= 30),
    pain.severity > 3,
    pain.duration >= LONG_PAIN,
    pain.duration < LONG_PAIN + timedelta(weeks=100),
)

desk_back = Rule(
    "desk-back",
    when=all_of(at_least(MIN_DESK_SIGNS, DESK_SIGNS), not_(injury), unless(Diagnosis(condition="cauda_equina"))),
    then=DESK_BACK.finding(strength="may_indicate"),
    source=HANDBOOK["S1"],
    fires_on=[[present("long_sitting"), present("poor_sleep"), NO_LUMBAR_INJURY, Injury(region="neck", present=False)]],
    silent_on=[[LONG_SITTING.present, absent("poor_sleep"), NO_LUMBAR_INJURY], []],
)
desk_back_here = Rule(
    "desk-back-here",
    when=any_of(stiff_and_painful, all_of(pain.severity >= STRONG_PAIN, exists(injury, injury.region == pain.region))),
    then=[DESK_BACK.finding(region=pain.region), conclude(Pace, region=pain.region, every=LONG_PAIN)],
    source=HANDBOOK("S1", "S2"),
    note="two ways to the same",
)
breaks = Rule(
    "breaks",
    when=any_of(DESK_BACK, exists(Finding, condition=DESK_BACK, region="neck"), Finding(condition="desk_back", region="lumbar")),
    then=STANDING_BREAKS.recommend(
        for_condition=DESK_BACK,
        frequency="every hour",
        until=phrase("pain below {strong_pain}", STRONG_PAIN),
        before=WALKING,
    ),
    source=HANDBOOK["S2"],
)
nerve = Rule(
    "nerve",
    when=any_of(SADDLE_NUMBNESS, CAUDA_EQUINA.diagnosed, Symptom(term="saddle_numbness")),
    then=[
        conclude(Referral, to="emergency", reason="cauda_equina", urgency="emergency"),
        CAUDA_EQUINA.caution("sitting", "do not wait"),
        CAUDA_EQUINA.finding(),
    ],
    source=HANDBOOK["S3"],
    overrides=[breaks, "acupuncture:strength-training", Recommendation, WALKING.recommend()],
)
two_falls = Rule(
    "two-falls",
    when=all_of(fall.region == later.region, fall.on < later.on, later.on - fall.on <= NEAR_FALLS, later.height > 0.5),
    then=conclude(Caution, about="falls", text="more than one fall"),
    source=HANDBOOK["S4"],
    fires_on=[[Fall(on=date(2024, 1, 2), region="lumbar"), Fall(on=date(2024, 3, 2), region="lumbar", height=1.0)]],
)
weighed = Rule(
    "weighed",
    when=any_of(
        score((2, LONG_SITTING), (1, POOR_SLEEP), (MIN_DESK_SIGNS, CAUDA_EQUINA.excluded)) >= 3,
        at_least(2, LONG_SITTING, STIFF_MORNINGS.absent, Injury, mandatory=[LONG_SITTING]),
        all_of(patient.age >= 60, is_known(patient.pregnant == True), is_unknown(POOR_SLEEP)),  # noqa: E712
        all_of(patient.sex == "female", patient.age * 2 >= 100),
    ),
    then=WALKING.recommend(for_condition=DESK_BACK),
    replaces="acupuncture:walk",
)
sitting = never("sitting-and-standing", exists(stiff, stiff.minutes > 500), LONG_SITTING.absent, source=HANDBOOK["S1"])

this = sys.modules[__name__]
PACK = Pack(
    "desk",
    version="1.2",
    title="Backs at desks",
    sources=[HANDBOOK],
    rules=rules_in(this),
    constraints=constraints_in(this),
    terms=terms_in(this),
    parameters=[MIN_DESK_SIGNS, LONG_PAIN],
    sign_sets=[DESK_SIGNS],
    fact_types=[Fall, Stiffness, Pace],
    requires=["acupuncture"],
    extends=[extend("acupuncture:kidney_yin_signs", POOR_SLEEP, source=HANDBOOK["S1"]), extend(DESK_SIGNS, COLD_ROOM.present)],
    translations={"de": Translation(labels={"poor_sleep": "Schlechter Schlaf"})},
    codes={"desk_back": {"snomed": "161891005"}},
)


@hookimpl
def backpain_rules_pack() -> Pack:
    return PACK


# --- what a checker infers

statement: Statement = HANDBOOK["S1"]
template: Conclusion[Finding] = DESK_BACK.finding()
region_of_a_fact: Region = Pain(region="lumbar").region
severity_of_a_fact: int | None = Pain(region="lumbar", severity=3).severity
case: Sequence[Fact] = [Pain(region="lumbar"), present("poor_sleep"), Fall(on=date(2024, 1, 2), region=None)]
