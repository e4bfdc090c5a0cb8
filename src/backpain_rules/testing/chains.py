"""Random rule bases with many rules over few conclusions: deep chains, recursion, several negations deep.

`rule_bases.packs` varies what a premise can be; these vary how rules hang together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """One pack whose rules conclude `c0` to `c6` in layers, negating only what is in a lower one, so that it is stratified.

    Within a layer rules may support each other in a circle. The last sign may be read by `is_known` and `is_unknown` only.
    """
    size, doubted = draw(st.integers(1, 3)), draw(st.booleans())
    rules = [_rule(draw, f"r{number}", size, doubted) for number in range(draw(st.integers(3, max_rules)))]
    return [Pack("chains", version="1", title="Chains", rules=rules, terms=(*SIGNS, *CONDITIONS))]


@st.composite
def chained_cases(draw: DrawFn) -> list[Fact]:
    """A case for them: each sign there, not there or unknown, more often there."""
    told = [draw(st.sampled_from((sign.present, sign.present, sign.absent, None))) for sign in SIGNS]
    return [fact for fact in told if fact is not None]


def _rule(draw: DrawFn, id: str, size: int, doubted: bool) -> Rule:
    head = draw(st.integers(0, len(CONDITIONS) - 1))
    below = head // size * size
    signs = SIGNS[:-1] if doubted else SIGNS
    members: list[Given] = [*draw(st.lists(_one_of(signs, CONDITIONS[: below + size]), min_size=1, max_size=3, unique=True))]
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        members.append(draw(st.sampled_from(NEGATIONS))(draw(_one_of(signs, CONDITIONS[:below]))))
    if doubted and draw(st.booleans()):
        members.append(draw(st.sampled_from((is_known, is_unknown)))(SIGNS[-1]))
    join = draw(st.sampled_from((all_of, all_of, any_of, _two_of)))
    return Rule(id, when=join(*members), then=CONDITIONS[head].finding())


def _one_of(signs: Sequence[SymptomTerm], conditions: Sequence[ConditionTerm]) -> st.SearchStrategy[SymptomTerm | ConditionTerm]:
    return st.sampled_from([*signs, *conditions])


def _two_of(*members: Given) -> Premise:
    return at_least(min(2, len(members)), *members)
