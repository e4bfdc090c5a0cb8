"""The example pack for the STarT Back Tool scores every questionnaire as published, whole or half answered."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path
from typing import Any

from backpain_rules import Fact, KnowledgeBase, Unknown
from backpain_rules.cli.assess import result_text
from backpain_rules.pack_data import pack_from_data, pack_to_data
from backpain_rules.testing import pack_tests

KB = KnowledgeBase.load(Path(__file__).parents[2] / "examples" / "start_back.py")
[PACK] = KB.packs
[ANSWERS] = PACK.fact_types
ITEMS = ANSWERS.schema_.slots
DEGREES = ("none", "little", "some", "much", "extreme")
test_pack = pack_tests(PACK)


def answers(**said: Any) -> list[Fact]:
    return [ANSWERS(**said)]


def published(points: tuple[int, ...]) -> str:
    return "start_back_high" if sum(points[4:]) >= 4 else "start_back_medium" if sum(points) >= 4 else "start_back_low"


def test_each_of_the_512_questionnaires_is_in_the_group_that_was_published() -> None:
    for points in product((0, 1), repeat=9):
        said = [*map(bool, points[:8]), "much" if points[8] else "some"]
        result = KB.assess(answers(**dict(zip(ITEMS, said, strict=True))))
        assert [fact.condition for fact in result.findings] == [published(points)]
        assert result.quantities["start_back_total"].value == sum(points)
        assert result.quantities["start_back_psychosocial"].value == sum(points[4:])


def test_a_half_answered_questionnaire_is_in_a_group_only_if_every_completion_is() -> None:
    dice = random.Random(1)
    for _ in range(200):
        known = [dice.choice((None, 0, 1)) for _ in range(9)]
        said = [None if one is None else bool(one) for one in known[:8]]
        degree = None if known[8] is None else DEGREES[dice.randint(*((3, 4) if known[8] else (0, 2)))]
        result = KB.assess(answers(**dict(zip(ITEMS, [*said, degree], strict=True))))
        groups = {published(points) for points in product(*((0, 1) if one is None else (one,) for one in known))}
        assert {fact.condition for fact in result.findings} == (groups if len(groups) == 1 else set())
        assert all(map(result.is_firm, result.findings))


def test_an_unanswered_questionnaire_is_in_no_group_and_the_total_says_what_is_missing() -> None:
    result = KB.assess([])
    total = result.quantities["start_back_total"]
    assert result.findings == ()
    assert (total.low, total.high, total.summary) == (0, 9, "0 to 9 of 9")
    assert {Unknown(ANSWERS, (), slot) for slot in ITEMS} < {*total.unknown}


def test_the_terminal_shows_the_range_and_what_is_not_known() -> None:
    text = result_text(KB.assess(answers(leg=True, fear=True, worry=True, outlook=True, enjoyment=True)), None)
    assert "  STarT Back total: 5 to 9 of 9\n      not known: start_back: " in text


def test_the_pack_goes_through_data() -> None:
    again = pack_from_data(pack_to_data(PACK))
    case = answers(leg=True, fear=True, bothersome="extreme")
    [kind] = again.fact_types
    assert pack_to_data(again) == pack_to_data(PACK)
    assert KnowledgeBase([again]).assess([kind(**case[0].model_dump())]).to_json() == KB.assess(case).to_json()
