"""Conclusions of a type made from another are conclusions of the other: for whoever reads, asks, proves or shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backpain_rules import (
    Assessment,
    Fact,
    FactError,
    Finding,
    Key,
    KnowledgeBase,
    Pack,
    Recommendation,
    Referral,
    Region,
    Rule,
    Slot,
    conclude,
    condition,
    each,
    intervention,
    slot,
    symptom,
)

A = symptom("a", "A", ask="A?")
X, Y, REST = condition("x", "X"), condition("y", "Y"), intervention("rest", "Rest")


class Sided(Finding):
    """A finding that says more."""

    side: Slot[str] = slot(key=True)


class Radiating(Sided):
    """A finding that is made from one that is made from `Finding`."""


class Supervised(Recommendation):
    """A recommendation of another type."""


class Called(Referral):
    """A referral of another type."""


class Episode(Fact):
    began: Key[date]
    region: Key[Region]


def kb(*rules: Rule) -> KnowledgeBase:
    types = [Sided, Radiating, Supervised, Called, Episode]
    return KnowledgeBase([Pack("t", version="1", title="T", rules=rules, terms=[A, X, Y, REST], fact_types=types)])


LEFT = Rule("left", when=A, then=conclude(Radiating, condition=X, side="left"))
READERS = [
    Rule(f"reads-{kind.tag()}", when=each(kind, condition=X), then=Y.finding(region=region))
    for kind, region in ((Finding, "lumbar"), (Sided, "neck"), (Radiating, None))
]


@pytest.mark.parametrize("asked", [X, "x", Finding(condition="x"), Sided(condition="x"), Radiating(condition="x", side="left")])
def test_asking_why_not_for_a_conclusion_means_those_of_types_made_from_its_type(asked: Any) -> None:
    why_not = kb(LEFT).assess([]).why_not(asked)
    assert [rule.rule for rule in why_not.rules] == ["t:left"]
    assert [[unknown.key for unknown in unknowns] for unknowns in why_not.to_ask] == [[("a",)]]


def test_asking_for_a_type_means_no_conclusion_of_the_type_that_it_is_made_from() -> None:
    assert not kb(LEFT, Rule("plain", when=A, then=Y.finding())).assess([]).why_not(Sided(condition="y")).rules


def test_a_rule_that_reads_it_by_any_of_its_types_fires() -> None:
    result = kb(LEFT, *READERS).assess([A.present])
    assert len(result.fired) == 4


def test_a_type_made_from_a_derived_type_is_derived_though_no_rule_concludes_it() -> None:
    with pytest.raises(FactError, match="Sided is concluded by rules"):
        kb(LEFT).assess([Sided(condition="x", side="left")])
    with pytest.raises(FactError, match="Called is concluded by rules"):
        kb(LEFT).assess([Called(to="emergency_department", urgency="emergency")])


def test_a_rule_that_a_conclusion_from_episodes_may_reach_is_not_said_to_fire_for_no_patient() -> None:
    episode = each(Episode)
    base = kb(Rule("seen", when=episode, then=conclude(Radiating, condition=X, region=episode.region)), *READERS)
    assert not [one for one in base.check() if one.code == "BR001"]


def test_what_is_missing_is_named_only_where_no_type_made_from_it_is_concluded() -> None:
    right = Rule("right", when=each(Sided, side="right"), then=Y.finding())
    [found] = [one for one in kb(LEFT, right).check() if one.code == "BR001"]
    assert "no rule concludes Sided, side='right'" in found.message
    never = Rule("never", when=each(Sided, condition=X, side="left").region == "neck", then=Y.finding())
    [found] = [one for one in kb(LEFT, never).check() if one.code == "BR001"]
    assert "no rule concludes" not in found.message


def test_the_graph_leads_from_it_to_each_rule_that_reads_it() -> None:
    picture = kb(LEFT, *READERS).graph()
    made = next(arrow.target for arrow in picture.arrows if arrow.source == "t:left")
    assert {arrow.target for arrow in picture.arrows if arrow.source == made} == {f"t:{reader.id}" for reader in READERS}


def assessed() -> Assessment:
    rules = [
        LEFT,
        Rule("supervised", when=A, then=conclude(Supervised, intervention=REST)),
        Rule("called", when=A, then=conclude(Called, to="physician", urgency="urgent")),
    ]
    return kb(*rules).assess([A.present])


def test_a_result_lists_it_once_in_the_section_of_its_base_and_says_its_type() -> None:
    data = assessed().to_data()
    assert "others" not in data
    assert [[one["type"] for one in data[name]] for name in ("findings", "recommendations", "referrals")] == [
        ["radiating"], ["supervised"], ["called"],
    ]  # fmt: skip


def test_a_report_shows_it_under_the_title_of_its_base() -> None:
    text = assessed().report().to_markdown()
    assert "Other conclusions" not in text
    assert all(title in text for title in ("Findings", "Recommendations", "Referrals"))
