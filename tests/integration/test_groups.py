"""`report.groups` and what `backpain-rules check` prints of them: each cause once, the gravest first, and what could be done."""

from __future__ import annotations

import json

import pytest

from backpain_rules import (
    KnowledgeBase,
    Pack,
    Pain,
    Recommendation,
    Referral,
    Rule,
    Source,
    StratificationError,
    all_of,
    any_of,
    conclude,
    condition,
    each,
    intervention,
    not_,
    parameter,
    symptom,
    unless,
)
from backpain_rules.cli import main

A, B, C, D = (symptom(name, name.title(), ask=f"{name}?") for name in "abcd")
ILL = condition("ill", "Ill")
DRUG, WALK = intervention("drug", "A drug", kind="medication"), intervention("walk", "A walk")
GUIDE = Source("guide", "A guideline", {"S1": "yes", "S2": "no"})
YES, NO = DRUG.recommend(strength="yes"), DRUG.recommend(strength="no")
pain = each(Pain, region="lumbar")


def knowledge(*rules: Rule) -> KnowledgeBase:
    return KnowledgeBase([Pack("p", version="1", title="P", sources=[GUIDE], rules=rules)])


def test_pairs_of_rules_with_the_same_two_conclusions_are_one_group() -> None:
    [group] = (
        knowledge(
            Rule("yes-a", when=A, then=YES, source=GUIDE["S1"]),
            Rule("yes-b", when=B, then=YES),
            Rule("no-c", when=C, then=NO, source=GUIDE["S2"]),
            Rule("no-a", when=all_of(A, D), then=NO),
        )
        .check()
        .groups
    )
    assert len(group.findings) == 4
    assert group.title == "recommendation drug: strength no | strength yes"
    assert [(side.conclusion, side.rules, side.sources) for side in group.sides] == [
        ("strength no", ("p:no-a", "p:no-c"), ("guide:S2",)),
        ("strength yes", ("p:yes-a", "p:yes-b"), ("guide:S1",)),
    ]
    assert group.kinds == {"inside": 1, "partial": 3}
    assert group.patient is not None
    assert len(group.patient) == 2
    assert group.harm == "medication"


def test_the_narrower_rule_overrides_the_wider_one_first() -> None:
    kb = knowledge(Rule("wide", when=pain.severity >= 3, then=YES), Rule("narrow", when=pain.severity >= 7, then=NO))
    [group] = kb.check().groups
    assert group.kinds == {"inside": 1}
    assert group.best is not None
    assert group.best.changes.lines == ('rule p:narrow: overrides=["p:wide"]',)
    revised = kb.revised(group.best)
    assert [fact.strength for fact in revised.assess([Pain(region="lumbar", severity=8)]).recommendations] == ["no"]
    assert list(revised.check()) == []
    other_way = next(one for one in group.proposals if one.how == "override the other way")
    assert other_way.settles
    assert other_way.changes.left_out == ("p:narrow",)


def test_of_two_rules_for_the_same_patients_one_is_left_out() -> None:
    kb = knowledge(Rule("yes", when=all_of(A, B), then=YES), Rule("no", when=all_of(B, A), then=NO))
    [group] = kb.check().groups
    assert group.kinds == {"same": 1}
    assert group.best is not None
    assert len(group.best.changes.left_out) == 1
    assert list(kb.revised(group.best).check()) == []


def test_a_partition_leaves_the_patients_of_both_rules_without_either_conclusion() -> None:
    kb = knowledge(Rule("yes", when=A, then=YES), Rule("no", when=B, then=NO))
    [group] = kb.check().groups
    partition = next(one for one in group.proposals if one.how == "partition")
    assert partition.settles
    revised = kb.revised(partition)
    assert [len(revised.assess(case).recommendations) for case in ([A.present, B.absent], [A.present, B.present])] == [1, 0]


def test_a_default_cannot_stand_under_the_negation_of_a_narrower_premise_and_the_proposal_says_so() -> None:
    kb = knowledge(Rule("yes", when=all_of(A, unless(C)), then=YES), Rule("no", when=all_of(B, unless(D)), then=NO))
    [group] = kb.check().groups
    refused = [one for one in group.proposals if one.outcome == "refused"]
    assert {one.how for one in refused} == {"narrower premise", "partition"}
    assert all("cannot stand under a negation" in one.detail for one in refused)
    assert group.best is not None


def test_an_override_that_would_close_a_circle_is_refused() -> None:
    kb = knowledge(
        Rule("no", when=any_of(A, B), then=NO),
        Rule("ill", when=each(Recommendation, intervention=DRUG, strength="no"), then=ILL.finding()),
        Rule("yes", when=all_of(ILL, C), then=YES),
    )
    [group] = kb.check().groups
    refused = [one for one in group.proposals if one.outcome == "refused"]
    assert refused
    for proposal in refused:
        with pytest.raises(StratificationError):
            kb.revised(proposal.upon, proposal)


def test_what_may_hurt_most_comes_first() -> None:
    urgent = [conclude(Referral, to="hospital", urgency=urgency) for urgency in ("emergency", "routine")]
    groups = (
        knowledge(
            Rule("daily", when=A, then=WALK.recommend(frequency="daily")),
            Rule("weekly", when=B, then=WALK.recommend(frequency="weekly")),
            Rule("yes", when=all_of(A, B, C), then=YES),
            Rule("no", when=all_of(A, B, D), then=NO),
            Rule("now", when=all_of(A, B, C, D), then=urgent[0]),
            Rule("later", when=all_of(D, B), then=urgent[1]),
            Rule("never", when=all_of(A, not_(A)), then=ILL.finding()),
        )
        .check()
        .groups
    )
    assert [group.harm for group in groups] == ["emergency", "medication", "treatment", "finding"]


def test_rules_that_clash_for_one_reason_are_one_group() -> None:
    clash = all_of(A, not_(A))
    groups = (
        knowledge(
            Rule("one", when=all_of(clash, B), then=ILL.finding()),
            Rule("two", when=all_of(clash, C), then=ILL.finding(strength="may_indicate")),
        )
        .check()
        .groups
    )
    [group] = [group for group in groups if group.code == "BR001"]
    assert [one.subjects for one in group.findings] == [("p:one",), ("p:two",)]
    assert group.best is not None
    assert group.best.changes.left_out == ("p:one", "p:two")


def test_a_parameter_that_breaks_something_is_a_group_of_its_own() -> None:
    high = parameter("high", 7, "what is high", ge=1, le=10)
    rules = [Rule("high", when=pain.severity >= high, then=YES), Rule("low", when=pain.severity < 7, then=NO)]
    report = KnowledgeBase([Pack("p", version="1", title="P", rules=rules, parameters=[high])]).check()
    [group] = report.groups
    assert (group.code, group.findings, group.proposals) == ("BR008", tuple(report), ())
    assert group.patient == report[0].witness
    assert str(group).startswith("BR008 breaking-parameter: parameter p:high may be 6, and then")


def test_proposals_that_there_is_no_time_for_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    report = knowledge(Rule("yes", when=A, then=YES), Rule("no", when=B, then=NO)).check(seconds=3600)
    monkeypatch.setattr("backpain_rules.deadline.monotonic", lambda: float("inf"))
    [group] = report.groups
    assert {one.outcome for one in group.proposals} == {"not tried"}
    assert group.best is None


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    kb = knowledge(
        Rule("yes-a", when=A, then=YES, source=GUIDE["S1"]),
        Rule("yes-b", when=B, then=YES),
        Rule("no-c", when=C, then=NO, source=GUIDE["S2"]),
    )
    monkeypatch.setattr("backpain_rules.cli.check.load", lambda *_: kb)


@pytest.mark.usefixtures("faulty")
def test_check_prints_groups_and_each_finding_when_it_is_asked_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    text = capsys.readouterr().out
    assert "BR004 exclusive-conclusions-meet: recommendation drug: strength no | strength yes" in text
    assert "sources: guide:S1" in text
    assert "1. override: " in text
    assert text.count("BR004") == 1
    assert main(["check", "--each"]) == 1
    text = capsys.readouterr().out
    assert text.count("exclusive-conclusions-meet:") == 2
    assert "proposals" not in text


@pytest.mark.usefixtures("faulty")
def test_json_and_sarif_have_the_groups(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "json"]) == 1
    [group] = json.loads(capsys.readouterr().out)["groups"]
    assert group["findings"] == [["p:no-c", "p:yes-a"], ["p:no-c", "p:yes-b"]]
    assert group["proposals"][0]["outcome"] == "settles"
    assert main(["check", "--format", "sarif"]) == 1
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert {one["partialFingerprints"]["cause"] for one in run["results"]} == {run["properties"]["groups"][0]["title"]}


@pytest.mark.usefixtures("faulty")
def test_the_page_for_a_meeting_has_each_cause_its_sides_and_its_proposals(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "html"]) == 1
    page = capsys.readouterr().out
    assert page.startswith("<!DOCTYPE html>")
    for text in ("recommendation drug: strength no | strength yes", "guide:S2", "p:no-c", "Proposals", "Decision:", "Proved"):
        assert text in page
