"""`backpain-rules diff`: two versions agree on every patient, or the smallest cases show where they do not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import Fact, KnowledgeBase, Pack, Pain, Rule, all_of, any_of, at_least, condition, each, not_, symptom, unless
from backpain_rules.cli import main
from backpain_rules.testing.chains import chained_cases, chained_packs
from effort import examples

PACK = Path(__file__).parents[2] / "packs" / "backpain_pack_acupuncture"
A, B, C = (symptom(name, name.upper(), ask="?") for name in "abc")
ILL = condition("ill", "Ill")
pain = each(Pain)


def version(*rules: Rule, **more: object) -> KnowledgeBase:
    return KnowledgeBase([Pack("p", version="1", title="P", rules=rules, **more)])  # type: ignore[arg-type]


def test_another_way_to_write_the_same_is_equivalent() -> None:
    old = version(Rule("two", when=at_least(2, A, B, C), then=ILL.finding()))
    new = version(
        Rule("first", when=all_of(A, any_of(B, C)), then=ILL.finding()),
        Rule("second", when=all_of(B, C), then=ILL.finding()),
    )
    assert old.diff(new).equivalent
    assert new.diff(old).equivalent


def test_a_threshold_that_moved_shows_a_value_between() -> None:
    old = version(Rule("r", when=pain.severity >= 5, then=ILL.finding()))
    new = version(Rule("r", when=pain.severity >= 6, then=ILL.finding()))
    [one] = old.diff(new).differences
    assert [(fact.region, fact.severity) for fact in one.case if isinstance(fact, Pain)] in ([("lumbar", 5)], [("neck", 5)])
    assert (one.old, one.new, one.old_rules, one.new_rules) == ("firm", "not concluded", ("p:r",), ())


def test_what_holds_by_default_and_what_must_be_known_differ_while_nobody_has_answered() -> None:
    comparison = version(Rule("r", when=unless(A), then=ILL.finding())).diff(version(Rule("r", when=not_(A), then=ILL.finding())))
    assert [(one.case, one.old, one.new) for one in comparison.differences] == [((), "provisional", "not concluded")]


def test_the_case_says_as_little_as_any_that_shows_the_difference() -> None:
    old = version(Rule("r", when=any_of(all_of(A, B), C), then=ILL.finding()), terms=[A, B, C])
    new = version(terms=[A, B, C, ILL])
    [one] = old.diff(new).differences
    assert one.case == (C.present,)


def test_a_sign_that_only_one_version_knows_is_named_and_left_out() -> None:
    old = version(Rule("r", when=A, then=ILL.finding()))
    new = version(Rule("r", when=any_of(A, B), then=ILL.finding()))
    comparison = old.diff(new)
    assert comparison.equivalent
    assert comparison.not_compared == ("only the new one knows symptom b",)


@pytest.mark.filterwarnings("ignore::backpain_rules.RuleBaseWarning")
@settings(max_examples=examples(40))
@given(chained_packs(max_rules=6), chained_packs(max_rules=6), st.lists(chained_cases(), min_size=5, max_size=10))
def test_equivalent_versions_agree_on_every_case_that_is_tried(old: list[Pack], new: list[Pack], cases: list[list[Fact]]) -> None:
    before, after = KnowledgeBase(old), KnowledgeBase(new)
    comparison = before.diff(after)
    changed = {one.fact for one in comparison.differences}
    for case in cases:
        one, other = standing(before, case), standing(after, case)
        assert {fact for fact in one.keys() | other.keys() if one.get(fact) != other.get(fact)} <= changed
    for difference in comparison.differences:
        assert standing(before, difference.case).get(difference.fact) != standing(after, difference.case).get(difference.fact)


def standing(kb: KnowledgeBase, case: Sequence[Fact]) -> dict[Fact, bool]:
    result = kb.assess(case)
    return {fact: result.is_firm(fact) for fact in result.derived}


def test_the_installed_pack_is_equivalent_to_its_own_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "acupuncture", str(PACK)]) == 0
    assert "Equivalent" in capsys.readouterr().out


def test_a_changed_copy_of_the_pack_differs_in_the_smallest_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "changed_pack"
    copy.mkdir()
    for file in PACK.glob("*.py"):
        text = file.read_text(encoding="utf-8").replace("pain.severity >= STOP_BELOW", "pain.severity > STOP_BELOW")
        (copy / file.name).write_text(text, encoding="utf-8")
    assert main(["diff", "acupuncture", str(copy), "--format", "json"]) == 1
    [one] = json.loads(capsys.readouterr().out)["differences"]
    assert one["conclusion"]["intervention"] == "acupuncture"
    assert [fact.get("severity") for fact in one["case"]["facts"] if fact["type"] == "pain"] == [5]
    assert one["new"]["standing"] == "not concluded"


def test_a_folder_without_a_pack_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "__init__.py").write_text("", encoding="utf-8")
    assert main(["diff", "acupuncture", str(tmp_path)]) == 2
    assert "has no backpain_rules_pack()" in capsys.readouterr().err
