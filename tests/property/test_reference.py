"""The theorem of the meaning, and that order never matters, on random rule bases and cases: the reference alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from two_valued import World

from backpain_rules import Fact, Pack, StratificationError
from backpain_rules.engine.reference import broken, evaluate
from backpain_rules.ground.compile import compile_program
from backpain_rules.ir.render import render
from backpain_rules.link.link import link
from backpain_rules.link.model import Linked
from backpain_rules.testing.case_strategies import answers_of, cases_of, completions_of
from backpain_rules.testing.rule_bases import packs
from effort import examples

often = settings(deadline=None, max_examples=examples(200))


@dataclass(frozen=True)
class Situation:
    """A rule base and a case, with a repr that can be read."""

    packs: Sequence[Pack]
    linked: Linked
    case: tuple[Fact, ...]

    def __repr__(self) -> str:
        lines = [
            f"{rule.name}: {render(rule.body)}  =>  {[(t.kind.__name__, {**t.constants, **t.copied}) for t in rule.templates]}"
            f"  variables {rule.variables}  overridden by {rule.overridden_by}"
            for rule in self.linked.rules
        ]
        lines += [f"never {constraint.name}: {render(constraint.body)}" for constraint in self.linked.constraints]
        return "\n".join(["", *lines, *map(repr, self.case)])


@st.composite
def situations(draw: DrawFn, *, stratified: bool = True, complete: bool = False) -> Situation:
    base = draw(packs(stratified=stratified))
    linked = link(base, {})
    case = draw(cases_of(linked))
    return Situation(base, linked, draw(completions_of(linked, case)) if complete else case)


def above(bits: dict[Fact, int], least: int) -> set[Fact]:
    return {fact for fact, found in bits.items() if found & least}


CERTAIN, ESTABLISHED, POSSIBLE = 4, 2, 1


@often
@given(situations())
def test_certain_is_established_is_possible(situation: Situation) -> None:
    bits = evaluate(situation.linked, situation.case)
    assert set(bits.values()) <= {7, 3, 1}


@often
@given(situations(), st.data())
def test_a_firm_conclusion_stays_whatever_is_answered(situation: Situation, data: st.DataObject) -> None:
    before = evaluate(situation.linked, situation.case)
    after = evaluate(situation.linked, data.draw(completions_of(situation.linked, situation.case)))
    assert above(before, CERTAIN) <= above(after, CERTAIN)
    assert above(after, ESTABLISHED) <= above(before, POSSIBLE)


@often
@given(situations(), st.data())
def test_each_answer_makes_more_certain_and_less_possible(situation: Situation, data: st.DataObject) -> None:
    before = evaluate(situation.linked, situation.case)
    after = evaluate(situation.linked, data.draw(answers_of(situation.linked, situation.case)))
    assert above(before, CERTAIN) <= above(after, CERTAIN)
    assert above(after, POSSIBLE) <= above(before, POSSIBLE)


@often
@given(situations(complete=True))
def test_with_everything_answered_there_is_one_set_and_it_is_that_of_ordinary_logic(situation: Situation) -> None:
    bits = evaluate(situation.linked, situation.case)
    world = World(situation.linked, situation.case)
    assert above(bits, POSSIBLE) == above(bits, CERTAIN) == world.run()
    assert broken(situation.linked, situation.case, bits) == world.broken()


@often
@given(situations(), st.data())
def test_order_never_matters(situation: Situation, data: st.DataObject) -> None:
    def shuffled(things: Sequence[Any]) -> list[Any]:
        return list(data.draw(st.permutations(things)))

    base = [
        replace(
            pack,
            rules=shuffled(pack.rules), constraints=shuffled(pack.constraints), extends=shuffled(pack.extends),
            terms=shuffled(pack.terms),
        )
        for pack in shuffled(situation.packs)
    ]  # fmt: skip
    linked, case = link(base, {}), shuffled(situation.case)
    bits = evaluate(situation.linked, situation.case)
    assert evaluate(linked, case) == bits
    assert broken(linked, case, bits) == broken(situation.linked, situation.case, bits)


@often
@given(situations(stratified=False))
def test_a_rule_base_without_strata_gets_one_result_in_any_order_or_is_refused_at_load(situation: Situation) -> None:
    try:
        bits = evaluate(situation.linked, situation.case)
    except StratificationError:
        with pytest.raises(StratificationError):
            compile_program(situation.linked)
    else:
        assert evaluate(situation.linked, situation.case[::-1]) == bits
        assert set(bits.values()) <= {1, 3, 7}
