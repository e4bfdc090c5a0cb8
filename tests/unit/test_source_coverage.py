"""Sources against rules, in both directions."""

from __future__ import annotations

import pytest

from backpain_rules import (
    DefinitionError,
    KnowledgeBase,
    Pack,
    Pain,
    Rule,
    Source,
    accept,
    all_of,
    condition,
    each,
    extend,
    intervention,
    parameter,
    partition,
    present,
    sign_set,
    symptom,
)
from backpain_rules.agents import Toolbox
from backpain_rules.pack_data import pack_from_data, pack_from_json, pack_to_data, pack_to_json
from backpain_rules.source_coverage import coverage

NOTES = Source(
    "notes",
    "Notes of a clinic",
    {
        "A1": "Night sweats point to kidney yin.",
        "A2": "Pain is mild or severe.",
        "A3": "Few signs are enough.",
        "A4": "Nobody has checked the posture.",
        "A5": "Strong pain is treated with heat.",
        "A6": "Nothing reads this.",
    },
    at={"A1": "paragraph 4"},
)
SWEATS, POSTURE = symptom("night_sweats", "Night sweats", ask="?"), symptom("posture", "Poor posture", ask="?")
YIN, HEAT = condition("yin", "Kidney yin deficiency"), intervention("heat", "Heat")
FEW = parameter("few", 2, "how many signs are enough; A3 gives no number")
SIGNS = sign_set("signs", SWEATS, POSTURE)
pain = each(Pain)
PACK = Pack(
    "clinic",
    version="1",
    title="Clinic",
    sources=[NOTES],
    parameters=[FEW],
    sign_sets=[SIGNS],
    partitions=[partition("how-strong", pain.severity < 5, pain.severity >= 5, given=pain, source=NOTES["A2"])],
    accepts=[accept("BR005", "yin", "the posture is checked elsewhere", source=NOTES["A4"])],
    rules=[
        Rule("yin", when=all_of(SWEATS, POSTURE), then=YIN.finding(), source=NOTES["A1"]),
        Rule("heat", when=pain.severity >= 5, then=HEAT.recommend(), source=NOTES["A5"]),
        Rule("heat-again", when=pain.severity >= 7, then=HEAT.recommend(), source=NOTES["A5"]),
        Rule("bare", when=POSTURE, then=YIN.finding(region="neck")),
    ],
)
FOUND = coverage([PACK], {"clinic"})


def test_a_statement_may_become_a_partition_an_acceptance_or_a_parameter() -> None:
    became = {ending.statement.id: ending.became for ending in FOUND.endings}
    assert became["A2"] == ("partition clinic:how-strong",)
    assert became["A3"] == ("parameter clinic:few",)
    assert became["A4"] == ("acceptance by clinic of BR005 for yin",)
    assert [ending.statement.id for ending in FOUND.missing] == ["A6"]


def test_a_rule_without_a_statement_and_a_premise_that_no_statement_has_a_word_of_are_listed() -> None:
    assert list(map(str, FOUND.unasked)) == [
        "rule clinic:yin asks symptom posture; no word of it is in notes:A1",
        "rule clinic:bare cites no statement of a source",
    ]


def test_an_extension_without_a_statement_is_listed_too() -> None:
    more = Pack("more", version="1", title="More", requires=["clinic"], extends=[extend(SIGNS, symptom("cold", "Cold", ask="?"))])
    assert [one.name for one in coverage([PACK, more], {"more"}).unasked] == ["extension by more of signs"]


def test_a_statement_that_two_rules_read_with_other_premises_or_limits_is_listed() -> None:
    conclusion, limits = FOUND.readings
    assert conclusion.statement.id == limits.statement.id == "A5"
    assert dict(limits.read) == {"clinic:heat": ">= 5", "clinic:heat-again": ">= 7"}
    assert {name for name, _ in conclusion.read} == {"clinic:heat", "clinic:heat-again"}


def test_a_draft_is_checked_by_the_same_coverage() -> None:
    answer = Toolbox(KnowledgeBase([PACK]), seconds=0).check_pack(pack_to_data(PACK))
    told = {one["kind"]: one["message"] for one in answer["findings"]}
    assert told["no-source"] == "rule clinic:bare cites no statement of a source"
    assert "notes:A6" in told["unread-statement"]
    assert not any("notes:A3" in one["message"] or "notes:A4" in one["message"] for one in answer["findings"])
    assert "rule clinic:yin asks symptom posture; no word of it is in notes:A1" in answer["review"]


def test_the_place_of_a_statement_is_kept_as_data_and_shown_in_explanations() -> None:
    assert NOTES["A1"].at == "paragraph 4"
    again = pack_from_json(pack_to_json(PACK))
    assert again.sources == (NOTES,)
    result = KnowledgeBase([again]).assess([present("night_sweats"), present("posture")])
    assert "source notes:A1, paragraph 4: Night sweats" in str(result.why(result.findings[0]))


def test_the_place_of_an_unknown_statement_is_refused() -> None:
    with pytest.raises(DefinitionError, match="at speaks of statement 'A2', which it does not have"):
        Source("s", "S", {"A1": "x"}, at={"A2": "page 1"})
    data = pack_to_data(PACK)
    assert pack_from_data(data).sources[0].at == {"A1": "paragraph 4"}
