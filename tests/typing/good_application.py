"""An application that loads packs and assesses a case; clean to strict type checkers, and it runs."""

from __future__ import annotations

from datetime import date, timedelta

from good_pack import DESK_BACK, LONG_SITTING, MIN_DESK_SIGNS, PACK, POOR_SLEEP, Fall, Pace

from backpain_rules import (
    DONT_KNOW,
    Change,
    Edit,
    Fact,
    Finding,
    Injury,
    InterventionTerm,
    Interview,
    KnowledgeBase,
    Pack,
    Pain,
    Question,
    Region,
    Rule,
    WhyNot,
    all_of,
    intervention,
    present,
    sign_set,
    symptom,
)

WALK: InterventionTerm = intervention("walk", "Walk")
DRY_MOUTH = symptom("dry_mouth", "Dry mouth", ask="Is your mouth dry?")
BASE = Pack(
    "acupuncture",
    version="1",
    title="What the pack requires, in short",
    rules=[
        Rule("strength-training", when=DRY_MOUTH, then=WALK.recommend()),
        Rule("walk", when=all_of(DRY_MOUTH, POOR_SLEEP), then=WALK.recommend()),
    ],
    sign_sets=[sign_set("kidney_yin_signs", DRY_MOUTH)],
)

kb = KnowledgeBase([PACK, BASE], parameters={"desk:min_desk_signs": 2, MIN_DESK_SIGNS: 2})
stricter: dict[str, int] = {"desk:min_desk_signs": 3}
strict_kb = KnowledgeBase([PACK, BASE], parameters=stricter)
result = kb.assess(
    [
        Pain(region="lumbar", severity=9, duration=timedelta(days=60)),
        Injury(region="lumbar", since=timedelta(days=60)),
        LONG_SITTING.present,
        present("poor_sleep"),
        Fall(on=date(2024, 1, 2), region="lumbar"),
    ]
)
finding: Finding = result.of(Finding, condition=DESK_BACK.id)[0]
region: Region | None = finding.region
paces: tuple[Pace, ...] = result.of(Pace)
firm: bool = result.is_firm(finding)
words: list[str] = [
    str(result.why(fact)) for fact in (*result.findings, *result.recommendations, *result.cautions, *result.referrals)
]
text: str = result.to_json()
why_not: WhyNot = result.why_not(WALK)
edits: tuple[Edit, ...] = (*why_not.changes, *why_not.answers, *result.robustness(finding).changes)
asked: list[str] = [str(unknown) for unknowns in why_not.to_ask for unknown in unknowns]
change: Change = result.what_if(edits[0].insert, edits[0].retract, edits[0].replace, parameters={MIN_DESK_SIGNS: 1})
again = kb.assess(
    kb.read_case('{"facts": [{"type": "pain", "region": "lumbar", "severity": 8, "duration": "PT6H"}]}'), engine="reference"
)
interview: Interview = kb.interview([Pain(region="lumbar")], language="en")
while (question := interview.question) is not None:
    options: list[str] = [option.label for option in question.options]
    decides: tuple[Fact, ...] = question.because
    interview = interview.answer(DONT_KNOW if question.kind != "yes_no" else False)
kept: str = kb.restore_interview(interview.to_json()).back().to_json()
next_one: Question | None = next(iter(result.next_questions()), None)
