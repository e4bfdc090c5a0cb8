"""An interview stops exactly when nothing can change, and asks only what can: compared with every answer tried in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import Fact, KnowledgeBase, Pack
from backpain_rules.explain.unknowns import Unknown
from backpain_rules.ground.nodes import Place, Said
from backpain_rules.questions.asking import Asking
from backpain_rules.questions.case import Askable, Case
from backpain_rules.testing.case_strategies import Values, cases_of, completions_of, place_of
from backpain_rules.testing.rule_bases import packs
from effort import examples

Known = dict[Place, Fact]


def values_to_try(kb: KnowledgeBase, case: Known, unknown: Unknown) -> list[Any]:
    """Values of a slot, one at least for each way in which it can stand to what rules compare it with."""
    field = unknown.kind.schema_.fields[str(unknown.slot)]
    if field.is_finite:
        return list(kb._linked.ids(field.vocabulary) if field.vocabulary else field.values)
    named = Values(kb._linked).named
    if field.base is int:
        low, high = (0, 11) if unknown.slot in ("severity", "grade") else (0, 12)
        return [value for value in range(low, high) if _admits(field, value)]
    if field.base is str:
        return [*named.get(str, []), "something else"]
    step = timedelta(days=1) if field.base is date else timedelta(hours=1)
    points = [value for fact in case.values() for value in fact.__dict__.values() if type(value) is field.base]
    points += named.get(field.base, []) or [date(2026, 1, 1) if field.base is date else timedelta(days=3)]
    near = sorted({point + n * step for point in points for n in (-2, -1, 0, 1, 2)})
    return [value for value in near if _admits(field, value)]


def _admits(field: Any, value: object) -> bool:
    try:
        field.adapter.validate_python(value, strict=True)
    except ValueError:
        return False
    return True


def answers(kb: KnowledgeBase, case: Known, unknown: Unknown, *, complete: bool = True) -> Iterator[Known]:
    """The cases that an answer makes: for a fact, whether it is there, with each value of its slots that can be asked.

    Where they need not be `complete`, nobody may know a slot.
    """
    place = unknown.place
    if unknown.slot is not None:
        known = case.get(place)
        said = {} if known is None else {name: value for name, value in known.__dict__.items() if value is not None}
        for value in values_to_try(kb, case, unknown):
            keys = {n: v for n, v in zip(place.kind.schema_.keys, place.key, strict=True) if v is not None}
            yield {**case, place: place.kind(**{**keys, **said, unknown.slot: value})}
        return
    keys = {n: v for n, v in zip(place.kind.schema_.keys, place.key, strict=True) if v is not None}
    yield {**case, place: place.kind(**keys, present=False)}
    names = [name for name in place.kind.schema_.slots if place.kind.schema_.fields[name].is_slot]
    options = [[*values_to_try(kb, case, Unknown(*place, name)), *([] if complete else [None])] for name in names]
    for chosen in product(*options):
        said = {name: value for name, value in zip(names, chosen, strict=True) if value is not None}
        yield {**case, place: place.kind(**keys, **said)}


def every_way(kb: KnowledgeBase, case: Known, open_: Sequence[Unknown], *, complete: bool) -> Iterator[Known]:
    """The completions of a case, or all its extensions."""
    if not open_:
        yield case
        return
    first, *rest = open_
    for answered in answers(kb, case, first, complete=complete):
        yield from every_way(kb, answered, rest, complete=complete)
    if not complete:
        yield from every_way(kb, case, rest, complete=False)


class Brute:
    """What the engine says, remembered."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb, self._known = kb, {}

    def __call__(self, case: Known) -> tuple[frozenset[int], frozenset[str]]:
        """The conclusions, and the constraints that are broken."""
        facts = frozenset(case.values())
        if facts not in self._known:
            result = self.kb.assess(facts)
            bodies = [
                str(n) for n, c in enumerate(result._outcome.program.constraints) if result._outcome.evaluation.node(c.body) & 2
            ]
            self._known[facts] = frozenset(result._outcome.established), frozenset(bodies)
        return self._known[facts]


def open_things(kb: KnowledgeBase, case: Known, full: Sequence[Fact]) -> list[Unknown]:
    """What can be asked of a case that says part of what `full` says."""
    askable, found = Askable(kb._linked), []
    for fact in full:
        place = place_of(fact)
        schema = place.kind.schema_
        here = case.get(place)
        if here is None and schema.has_present:
            found.append(Unknown(*place))
        elif here is None or here.__dict__.get("present", True):
            slots = [n for n in schema.slots if schema.fields[n].is_slot and (here is None or here.__dict__[n] is None)]
            found += [Unknown(*place, name) for name in slots]
    return [unknown for unknown in found if askable(Said(unknown.place, unknown.slot))]


def calculates(kb: KnowledgeBase, case: Known) -> bool:
    """Whether rules calculate with slots: then what is asked need not be exact, as any number may matter."""
    asking = kb.assess(case.values())._outcome.program.once(Asking)
    return bool(asking.completions(Case(case)).world.inexact)


@st.composite
def nearly_full(draw: st.DrawFn, kb: KnowledgeBase, most: int) -> tuple[Known, list[Unknown]]:
    """A case with everything said that can be asked, a few things left out again; and what those are."""
    full = list(draw(completions_of(kb._linked, draw(cases_of(kb._linked, max_closed=1)))))
    full = [fact for fact in full if not (type(fact).schema_.is_open and not _can_say(kb, fact))]
    case: Known = {place_of(fact): fact for fact in full}
    candidates = [place for place in case if place.kind.schema_.is_open]
    for place in draw(st.lists(st.sampled_from(candidates), min_size=1, max_size=most, unique=True)) if candidates else []:
        fact = case[place]
        slots = [n for n in place.kind.schema_.slots if place.kind.schema_.fields[n].is_slot and fact.__dict__[n] is not None]
        if slots and draw(st.booleans()):
            gone = draw(st.sampled_from(slots))
            said = {n: v for n, v in fact.__dict__.items() if v is not None and n != gone}
            case[place] = place.kind(**said)
        elif place.kind.schema_.has_present:
            del case[place]
    return case, open_things(kb, case, full)


def _can_say(kb: KnowledgeBase, fact: Fact) -> bool:
    place = place_of(fact)
    slots = [name for name in place.kind.schema_.slots if place.kind.schema_.fields[name].is_slot]
    askable = Askable(kb._linked)
    return any(askable(Said(place, slot)) for slot in (None, *slots))


@settings(max_examples=examples(80))
@given(packs(max_rules=4), st.data())
def test_an_interview_stops_when_and_only_when_no_answers_lead_to_other_conclusions(
    rule_base: list[Pack], data: st.DataObject
) -> None:
    kb = KnowledgeBase(rule_base)
    case, open_ = data.draw(nearly_full(kb, 2))
    brute = Brute(kb)
    now, broken = brute(case)
    nothing_keeps = not any(brute(one)[1] <= broken for one in every_way(kb, case, open_, complete=True))
    others = [brute(other) for other in every_way(kb, case, open_, complete=False)]
    question = kb.interview(case.values()).question
    if any(conclusions != now for conclusions, broken_there in others if nothing_keeps or broken_there <= broken):
        assert question is not None
    elif not calculates(kb, case):
        assert question is None


@settings(max_examples=examples(80))
@given(packs(max_rules=4), st.data())
def test_what_is_asked_can_change_the_conclusions_of_some_case_and_nothing_else_can(
    rule_base: list[Pack], data: st.DataObject
) -> None:
    kb = KnowledgeBase(rule_base)
    case, open_ = data.draw(nearly_full(kb, 2))
    brute = Brute(kb)
    _, broken = brute(case)
    asked = {question.unknown for question in kb.assess(case.values()).next_questions()}
    if not asked:
        return
    nothing_keeps = not any(brute(one)[1] <= broken for one in every_way(kb, case, open_, complete=True))
    for unknown in open_:
        others = [one for one in open_ if one != unknown]
        worth = any(
            brute(answered)[0] != brute(one)[0]
            for one in every_way(kb, case, others, complete=False)
            for answered in answers(kb, one, unknown, complete=False)
            if nothing_keeps or brute(answered)[1] <= broken
        )
        assert unknown in asked if worth else unknown not in asked or calculates(kb, case), unknown
