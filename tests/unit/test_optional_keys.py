"""A key that may be left out is a key like any other: a pattern without it also stands for the fact that leaves it out."""

from __future__ import annotations

from typing import Any

import pytest

from backpain_rules import Fact, Finding, KnowledgeBase, Pack, Region, Rule, Slot, condition, each, exists, not_, slot

X, Y = condition("x", "X"), condition("y", "Y")


class Numbness(Fact):
    region: Slot[Region] = slot(key=True)
    grade: Slot[int] = slot(ge=0, le=5)
    present: bool = True


class Episode(Fact):
    day: Slot[int] = slot(key=True)


numb, episode, finding = each(Numbness), each(Episode), each(Finding, condition=X)
NOWHERE, NECK = Numbness(grade=3), Numbness(region="neck", grade=3)
PATTERNS: dict[str, tuple[Any, Fact, bool]] = {
    "each, key left out": (numb, NOWHERE, True),
    "each, key said": (numb, NECK, True),
    "a slot of it": (numb.grade >= 2, NOWHERE, True),
    "exists": (exists(Numbness), NOWHERE, True),
    "not": (not_(numb), NOWHERE, False),
    "a comparison with the key that was left out": (numb.region == "neck", NOWHERE, False),
    "a comparison with the key": (numb.region == "neck", NECK, True),
    "an unequal key that was left out": (numb.region != "neck", NOWHERE, False),
    "a pattern with the key": (each(Numbness, region="neck"), NOWHERE, False),
    "each of a closed type, key left out": (episode, Episode(), True),
    "each of a closed type, key said": (episode, Episode(day=2), True),
    "a comparison of a closed type": (episode.day >= 1, Episode(), False),
}


@pytest.mark.parametrize("engine", ["native", "durable", "reference", "session", "table"])
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_matches_whether_or_not_the_key_is_said(name: str, engine: str) -> None:
    when, fact, holds = PATTERNS[name]
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=[Rule("r", when=when, then=X.finding())])])
    if engine == "table":
        if not isinstance(fact, Numbness):
            pytest.skip("a closed type has no columns")
        pa = pytest.importorskip("pyarrow")
        column = f"numbness{'' if fact.region is None else f'__{fact.region}'}__grade"
        assert kb.cohort(pa.table({column: [fact.grade]}))["finding__x"].to_pylist() in ([[True]] if holds else [[None], [False]])
        return
    result = kb.session([fact]).result if engine == "session" else kb.assess([fact], engine=engine)
    assert bool(result.findings) is holds


@pytest.mark.parametrize("engine", ["native", "durable", "reference"])
def test_a_conclusion_without_its_region_is_one_that_each_stands_for(engine: str) -> None:
    rules = [Rule("x", when=numb, then=X.finding()), Rule("y", when=finding, then=Y.finding())]
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=rules)])
    assert [fact.condition for fact in kb.assess([NOWHERE], engine=engine).findings] == ["x", "y"]
