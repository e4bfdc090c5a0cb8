"""Random rule bases with many rules over few conclusions: deep chains, recursion, several negations deep.

`rule_bases.packs` varies what a premise can be; these vary how rules hang together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..facts.base import Fact
from ..ir.expressions import Premise
from ..ir.premises import Given, all_of, any_of, at_least, is_known, is_unknown, not_, unless
from ..pack import Pack
from ..rule import Rule
from ..terms import ConditionTerm, SymptomTerm, condition, symptom

SIGNS: Final = tuple(symptom(f"s{i}", f"Sign {i}", ask=f"Sign {i}?") for i in range(5))
CONDITIONS: Final = tuple(condition(f"c{i}", f"Condition {i}") for i in range(7))
NEGATIONS: Final[tuple[Callable[[Given], Premise], ...]] = (not_, unless, is_unknown, is_known)


@st.composite
def chained_packs(draw: DrawFn, *, max_rules: int = 16) -> list[Pack]:
    """One pack whose rules conclude `c0` to `c6`, negating only what has a lower number, so that it is stratified."""
    rules = [_rule(draw, f"r{number}") for number in range(draw(st.integers(3, max_rules)))]
    return [Pack("chains", version="1", title="Chains", rules=rules, terms=(*SIGNS, *CONDITIONS))]


@st.composite
def chained_cases(draw: DrawFn) -> list[Fact]:
    """A case for them: each sign there, not there or unknown, more often there."""
    told = [draw(st.sampled_from((sign.present, sign.present, sign.absent, None))) for sign in SIGNS]
    return [fact for fact in told if fact is not None]


def _rule(draw: DrawFn, id: str) -> Rule:
    head = draw(st.integers(0, len(CONDITIONS) - 1))
    positive = st.sampled_from(_known_by(head + 1))
    members: list[Given] = [*draw(st.lists(positive, min_size=1, max_size=3, unique=True))]
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        negated = draw(st.sampled_from(_known_by(head)))
        members.append(draw(st.sampled_from(NEGATIONS))(negated))
    join = draw(st.sampled_from((all_of, all_of, any_of, _two_of)))
    return Rule(id, when=join(*members), then=CONDITIONS[head].finding())


def _known_by(conditions: int) -> list[SymptomTerm | ConditionTerm]:
    return [*SIGNS, *CONDITIONS[:conditions]]


def _two_of(*members: Given) -> Premise:
    return at_least(min(2, len(members)), *members)
