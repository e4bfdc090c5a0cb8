"""The smallest changes do what is said of them: they bring a conclusion or take one away, and nothing less does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from backpain_rules import Assessment, Edit, Fact, KnowledgeBase, Pack, Symptom, Unknown
from backpain_rules.ground.nodes import Place, place_of
from backpain_rules.testing.case_strategies import answers_of, cases_of
from backpain_rules.testing.chains import SIGNS, chained_cases, chained_packs
from backpain_rules.testing.rule_bases import packs
from effort import examples


def broken(result: Assessment) -> set[tuple[object, ...]]:
    """The constraint instances that are broken, each by its name and what it binds."""
    outcome = result._outcome
    return {
        (instance.constraint.name, *instance.binding)
        for instance in outcome.program.constraints
        if outcome.evaluation.node(instance.body) & 2
    }


class Claimed:
    """That a conclusion is there, or is not, in a changed case that breaks no constraint which held."""

    def __init__(self, kb: KnowledgeBase, case: Sequence[Fact], facts: Iterable[Fact], *, wanted: bool) -> None:
        self.kb, self.facts, self.wanted = kb, tuple(facts), wanted
        self.before = broken(kb.assess(case))

    def holds(self, case: Iterable[Fact]) -> bool:
        result = self.kb.assess(case)
        program = result._outcome.program
        there = any(program.numbers.get(fact) in result._outcome.established for fact in self.facts)
        return there is self.wanted and broken(result) <= self.before


def parts(edit: Edit) -> Iterator[Edit]:
    """Every proper part of an edit."""
    for size in range(len(edit)):
        yield from (Edit(pairs) for pairs in combinations(edit.pairs, size))


def differing(a: Iterable[Fact], b: Iterable[Fact]) -> set[Place]:
    """The places where two cases say different things."""
    first, second = ({place_of(fact): fact for fact in case} for case in (a, b))
    return {place for place in first.keys() | second.keys() if first.get(place) != second.get(place)}


@st.composite
def assessed(draw: DrawFn, rule_base: list[Pack]) -> tuple[KnowledgeBase, tuple[Fact, ...], Assessment]:
    """A case of these rules; one on which they cannot calculate, as dates have an end, is none."""
    kb = KnowledgeBase(rule_base)
    case = draw(cases_of(kb._linked))
    try:
        return kb, case, kb.assess(case)
    except OverflowError:
        reject()


def some_absent(result: Assessment) -> list[Fact]:
    outcome = result._outcome
    facts = [fact for number, fact in enumerate(outcome.program.facts) if number not in outcome.established]
    assume(facts)
    return facts


def some_there(result: Assessment) -> tuple[Fact, ...]:
    assume(result.derived)
    return result.derived


# --- any rule base ------------------------------------------------------------------------------------------------------


@settings(max_examples=examples(50))
@given(packs(), st.data())
def test_each_smallest_set_of_changes_brings_the_conclusion_and_no_part_of_it_does(
    rule_base: list[Pack], data: st.DataObject
) -> None:
    kb, case, result = data.draw(assessed(rule_base))
    fact = data.draw(st.sampled_from(some_absent(result)))
    why_not = result.why_not(fact)
    claimed = Claimed(kb, case, [fact], wanted=True)
    sizes = {len(edit) for edit in why_not.changes}
    assert len(sizes) <= 1
    for edit in why_not.changes:
        assert claimed.holds(edit.of(case))
        assert not any(claimed.holds(part.of(case)) for part in parts(edit))
        assert all(place_of(f).kind.schema_.is_open for pair in edit.pairs for f in pair if f is not None)
    other = (*(f for f in data.draw(cases_of(kb._linked, max_closed=0)) if f.schema_.is_open), *closed_of(case))
    if claimed.holds(other) and not why_not.sampled:
        assert sizes
        assert len(differing(case, other)) >= min(sizes)


def closed_of(case: Iterable[Fact]) -> list[Fact]:
    return [fact for fact in case if not fact.schema_.is_open]


@settings(max_examples=examples(50))
@given(packs(), st.data())
def test_each_smallest_set_of_unknowns_has_answers_that_bring_the_conclusion_and_no_part_of_it_has(
    rule_base: list[Pack], data: st.DataObject
) -> None:
    kb, case, result = data.draw(assessed(rule_base))
    fact = data.draw(st.sampled_from(some_absent(result)))
    why_not = result.why_not(fact)
    claimed = Claimed(kb, case, [fact], wanted=True)
    assert len({len(unknowns) for unknowns in why_not.to_ask}) <= 1
    for unknowns, edit in zip(why_not.to_ask, why_not.answers, strict=True):
        answered = edit.of(case)
        assert claimed.holds(answered)
        assert set(unknowns) == asked_by(case, answered)
        assert said_by(case) <= said_by(answered)
    other = data.draw(answers_of(kb._linked, case))
    if claimed.holds(other) and not why_not.sampled:
        assert why_not.to_ask
        assert len(asked_by(case, other)) >= len(why_not.to_ask[0])


def said_by(case: Iterable[Fact]) -> set[tuple[Place, str, Any]]:
    """Everything that a case says."""
    return {(place_of(f), n, v) for f in case for n in type(f).model_fields if (v := f.__dict__[n]) is not None}


def asked_by(case: Iterable[Fact], answered: Iterable[Fact]) -> set[Unknown]:
    """The unknowns of a case that another one answers."""
    before = {place_of(fact): fact for fact in case}
    found: set[Unknown] = set()
    for fact in answered:
        known = before.get(place_of(fact))
        schema = fact.schema_
        slots = [n for n in schema.slots if schema.fields[n].is_slot and fact.__dict__[n] is not None]
        new = [n for n in slots if known is None or known.__dict__[n] is None]
        found |= {Unknown(*place_of(fact), name) for name in new}
        if known is None and not new:
            found.add(Unknown(*place_of(fact)))
    return found


@settings(max_examples=examples(50))
@given(packs(), st.data())
def test_a_conclusion_stands_until_each_of_the_smallest_changes_of_what_was_stated_and_no_part_of_it(
    rule_base: list[Pack], data: st.DataObject
) -> None:
    kb, case, result = data.draw(assessed(rule_base))
    fact = data.draw(st.sampled_from(some_there(result)))
    robustness = result.robustness(fact)
    parts_of_it = [result._outcome.program.facts[number] for number in result._found(fact).numbers]
    claimed = Claimed(kb, case, parts_of_it, wanted=False)
    stated = {place_of(f): f for f in case}
    for edit in robustness.changes:
        assert claimed.holds(edit.of(case))
        assert not any(claimed.holds(part.of(case)) for part in parts(edit))
        assert not edit.insert
        for after in edit.replace:
            before = stated[place_of(after)]
            if before.__dict__.get("present") is not False:
                said = {name for name in before.schema_.slots if before.__dict__[name] is not None}
                assert {name for name in after.schema_.slots if after.__dict__[name] is not None} <= said
    kept = data.draw(st.lists(st.booleans(), min_size=len(case), max_size=len(case)))
    rest = [f for f, keep in zip(case, kept, strict=True) if keep or not f.schema_.is_open]
    if claimed.holds(rest) and not robustness.sampled:
        assert robustness.changes
        assert len(differing(case, rest)) >= len(robustness.changes[0])


# --- every case there is ------------------------------------------------------------------------------------------------


def all_cases() -> Iterator[tuple[Fact, ...]]:
    for told in product(*((sign.present, sign.absent, None) for sign in SIGNS)):
        yield tuple(fact for fact in told if fact is not None)


def least(case: Sequence[Fact], cases: Iterable[tuple[Fact, ...]]) -> set[frozenset[Place]]:
    """The facts that differ in the nearest of these cases, each way."""
    ways = {frozenset(differing(case, other)) for other in cases}
    size = min(map(len, ways), default=0)
    return {way for way in ways if len(way) == size}


def places_of(edit: Edit) -> frozenset[Place]:
    return frozenset(place_of(fact) for pair in edit.pairs for fact in pair if fact is not None)


@settings(max_examples=examples(40))
@given(chained_packs(), chained_cases(), st.data())
def test_the_smallest_sets_are_all_of_the_smallest_that_trying_every_case_finds(
    rule_base: list[Pack], case: list[Fact], data: st.DataObject
) -> None:
    kb = KnowledgeBase(rule_base)
    result = kb.assess(case)
    fact = data.draw(st.sampled_from(result._outcome.program.facts))
    there = fact in result.derived
    claimed = Claimed(kb, case, [fact], wanted=not there)
    said = {place_of(f) for f in case}
    wanted = (other for other in all_cases() if claimed.holds(other))
    if there:
        robustness = result.robustness(fact)
        ways = least(case, (other for other in wanted if {place_of(f) for f in other} <= said))
        found, more = {places_of(edit) for edit in robustness.changes}, robustness.has_more
    else:
        ways = least(case, wanted)
        why_not = result.why_not(fact)
        found, more = {places_of(edit) for edit in why_not.changes}, why_not._changes.more
        asked = least(case, (o for o in all_cases() if claimed.holds(o) and set(case) <= set(o)))
        assert {frozenset(u.place for u in unknowns) for unknowns in why_not.to_ask} <= asked
        assert len(why_not.to_ask) == min(5, len(asked))
    assert found <= ways
    assert len(found) == min(5, len(ways))
    assert more is (len(ways) > 5)
    assert all(isinstance(f, Symptom) for edit in (robustness.changes if there else why_not.changes) for f in edit.insert)
