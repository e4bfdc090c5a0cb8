"""Which rule base something was made with: the same on every run, and another for every change that decides what follows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import (
    Conclusion,
    Fact,
    Key,
    KnowledgeBase,
    OtherPacksError,
    Pack,
    Pain,
    PremiseError,
    Rule,
    Slot,
    all_of,
    conclude,
    condition,
    each,
    parameter,
    premise_from_data,
    premise_to_data,
    slot,
)
from backpain_rules.facts.base import canonical, to_data
from backpain_rules.ir.expressions import spoken
from backpain_rules.ir.serialize import constant_to_data
from backpain_rules.link.identity import identity
from backpain_rules.link.link import link

OK = condition("ok", "Ok")


class Signs(Fact):
    """What was seen at one visit; a closed type."""

    visit: Key[frozenset[str]]
    seen: Slot[frozenset[str]] = slot()


class Course(Fact):
    """A conclusion that holds a time."""

    every: Key[timedelta]


SEEN = frozenset({"numb", "weak", "cold", "stiff"})
SIGNS = Pack("p", version="1", title="P", fact_types=[Signs], rules=[
    Rule("seen", when=each(Signs).seen == SEEN, then=OK.finding()),
])  # fmt: skip


def content(*rules: Rule, **more: Any) -> str:
    [pack] = identity(link([Pack("p", version="1", title="P", rules=rules, **more)], {}))
    return pack.content


PROGRAM = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_identity import *
facts = [Signs(visit=frozenset({{name, "left", "right"}}), seen=SEEN) for name in "abc"]
session = KnowledgeBase([SIGNS]).session(facts)
print(session.to_json())
print(session.result.explain())
"""


def test_a_saved_session_has_the_same_bytes_whatever_the_hash_seed() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(texts) == 1


def test_facts_with_sets_have_one_order_and_one_form_as_json() -> None:
    facts = [Signs(visit=frozenset({name, "z", "y"}), seen=SEEN) for name in "ba"]
    assert [sorted(fact.visit)[0] for fact in sorted(facts, key=canonical)] == ["a", "b"]
    assert to_data(facts[0]) == {"type": "signs", "visit": ["b", "y", "z"], "seen": ["cold", "numb", "stiff", "weak"]}
    kb = KnowledgeBase([SIGNS])
    assert kb.read_case({"facts": [to_data(fact) for fact in facts]}) == tuple(facts)


def within(time: timedelta) -> Rule:
    return Rule("r", when=each(Pain).duration < time, then=OK.finding())


def repeated(time: timedelta) -> Rule:
    return Rule("r", when=each(Pain), then=conclude(Course, every=time))


@pytest.mark.parametrize("rule", [within, repeated])
def test_a_microsecond_in_a_rule_makes_another_rule(rule: Callable[[timedelta], Rule]) -> None:
    long = timedelta(weeks=12)
    assert content(rule(long)) == content(rule(timedelta(days=84)))
    assert len({content(rule(long + timedelta(microseconds=n))) for n in range(-2, 3)}) == 5


def test_a_microsecond_in_a_parameter_is_a_difference_that_is_named() -> None:
    least = parameter("least", timedelta(weeks=12), "how long the pain must last")
    rule = Rule("r", when=each(Pain).duration >= least, then=OK.finding())
    pack = Pack("p", version="1", title="P", rules=[rule])
    saved = KnowledgeBase([pack]).session().to_json()
    other = KnowledgeBase([pack], parameters={least: timedelta(weeks=12, microseconds=1)})
    with pytest.raises(OtherPacksError, match=r"parameter p:least was P84D and is P84DT0\.000001S"):
        other.restore_session(saved)


def test_another_domain_of_a_fact_type_makes_another_pack() -> None:
    def pack(domain: Any) -> str:
        kind = type("Side", (Fact,), {"__annotations__": {"side": Key[domain], "present": bool}, "present": True})
        return content(Rule("r", when=each(kind), then=OK.finding()))

    assert pack(Literal["left", "right"]) == pack(Literal["left", "right"])
    assert pack(Literal["left", "right"]) != pack(Literal["left", "right", "middle"])


def test_what_a_conclusion_copies_is_a_part_of_the_rule() -> None:
    one, two = each(Signs), each(Signs)

    def rule(then: Conclusion[Any]) -> str:
        return content(Rule("r", when=all_of(one, two, one.seen != two.seen), then=then))

    assert rule(conclude(Signs, visit=one.visit)) != rule(conclude(Signs, visit=two.visit))


@given(st.timedeltas(), st.timedeltas())
def test_two_durations_never_read_the_same(one: timedelta, two: timedelta) -> None:
    assert (spoken(one) == spoken(two)) == (one == two)
    near = one + timedelta(microseconds=1) if one < timedelta.max else one - timedelta(microseconds=1)
    assert spoken(one) != spoken(near)


@given(st.frozensets(st.text(st.characters(codec="utf-8")), max_size=4))
def test_a_constant_comes_back_from_a_premise_as_json(value: frozenset[str]) -> None:
    data = json.loads(json.dumps(premise_to_data(each(Signs).seen == value)))
    again = premise_from_data(data, fact_types={"signs": Signs})
    assert premise_to_data(again)["premise"] == data["premise"]


def test_a_constant_that_json_cannot_hold_is_refused() -> None:
    class Odd:
        """No JSON."""

    with pytest.raises(PremiseError, match="JSON has no form for it"):
        constant_to_data(Odd())
