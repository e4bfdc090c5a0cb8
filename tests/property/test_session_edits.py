"""A session gives at every step what assessing its facts from scratch gives, whatever came, went or was replaced."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backpain_rules import DONT_KNOW, ConflictingFactError, Fact, FactError, KnowledgeBase, Pack
from backpain_rules.engine.reference import evaluate
from backpain_rules.link.link import link
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.chains import chained_cases, chained_packs
from backpain_rules.testing.rule_bases import packs
from backpain_rules.testing.tangles import tangled_cases, tangled_packs
from backpain_rules.testing.watchdog import returning
from effort import examples


def same_thing(a: Fact, b: Fact) -> bool:
    return type(a) is type(b) and all(getattr(a, name) == getattr(b, name) for name in a.schema_.keys)


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(tangled_packs(), st.lists(tangled_cases(), min_size=1, max_size=4), st.data())
def test_rules_that_cannot_fire_circles_and_overrides_by_type_mean_the_same_in_any_order_of_edits(
    rule_base: list[Pack], cases: list[list[Fact]], data: st.DataObject
) -> None:
    kb = KnowledgeBase(rule_base)
    session = kb.session()
    for case in cases:
        with returning("a session"):
            for fact in session.facts:
                if fact not in case:
                    session.retract(fact)
            for fact in data.draw(st.permutations(case)):
                session.insert(fact)
        assert session._conclusions.maintained.facts() == evaluate(link(rule_base, {}), case)


@given(tangled_packs(), tangled_cases())
def test_sessions_of_one_knowledge_base_do_not_touch_each_other(rule_base: list[Pack], case: list[Fact]) -> None:
    kb = KnowledgeBase(rule_base)
    empty, full = kb.session(), kb.session(case)
    assert (
        empty._conclusions.maintained.facts() == kb.session()._conclusions.maintained.facts() == evaluate(link(rule_base, {}), [])
    )
    full.retract(*case)
    assert full._conclusions.maintained.facts() == empty._conclusions.maintained.facts()
    empty.insert(*case)
    assert empty.result.to_json() == kb.assess(case).to_json()


@settings(max_examples=examples(100))
@given(packs(), st.data())
def test_a_session_follows_any_edits_of_any_rule_base(rule_base: list[Pack], data: st.DataObject) -> None:
    cases = data.draw(st.lists(cases_of(link(rule_base, {})).map(list), min_size=1, max_size=4))
    kb = KnowledgeBase(rule_base)
    session = kb.session(cases[0])
    for case in cases:
        for fact in session.facts:
            if not any(same_thing(fact, other) for other in case):
                session.retract(fact)
        session.replace(*case)
        judged = kb.assess(case, engine="reference")
        assert set(session.facts) == set(case)
        assert session.derived == judged.derived
        assert session.result.to_json() == judged.to_json()
        assert session.result.explain() == judged.explain()


@settings(max_examples=examples(60))
@given(packs(), st.data())
def test_changes_add_up(rule_base: list[Pack], data: st.DataObject) -> None:
    cases = data.draw(st.lists(cases_of(link(rule_base, {})).map(list), min_size=1, max_size=3))
    session = KnowledgeBase(rule_base).session()
    known = {fact: session.is_firm(fact) for fact in session.derived}
    for fact in [fact for case in cases for fact in case]:
        change = session.replace(fact)
        for gone in change.gone:
            del known[gone]
        known.update({appeared: session.is_firm(appeared) for appeared in change.appeared})
        assert all(not known[fact] for fact in change.firmed)
        assert all(known[fact] for fact in change.loosened)
        known.update(dict.fromkeys(change.firmed, True) | dict.fromkeys(change.loosened, False))
        assert known == {fact: session.is_firm(fact) for fact in session.derived}


@settings(max_examples=examples(100))
@given(chained_packs(), st.lists(chained_cases(), min_size=2, max_size=5))
def test_conclusions_go_with_their_last_support_through_chains_circles_and_negations(
    rule_base: list[Pack], cases: list[list[Fact]]
) -> None:
    kb = KnowledgeBase(rule_base)
    session = kb.session()
    for case in cases:
        session.retract(*session.facts)
        session.insert(*case)
        bits = evaluate(link(rule_base, {}), case)
        assert session._conclusions.maintained.facts() == bits


@given(packs(), st.data())
def test_a_change_that_cannot_be_made_changes_nothing(rule_base: list[Pack], data: st.DataObject) -> None:
    case = data.draw(cases_of(link(rule_base, {})))
    other = data.draw(cases_of(link(rule_base, {})))
    session = KnowledgeBase(rule_base).session(case)
    before = (session.facts, session.derived, session.to_json(), session.history)
    try:
        session.insert(*other, *(fact for fact in other), object())  # type: ignore[arg-type]
    except FactError:
        pass
    else:
        raise AssertionError("an object is no fact")
    for fact in other:
        if any(same_thing(fact, known) and fact != known for known in case):
            try:
                session.insert(fact)
            except ConflictingFactError:
                continue
            raise AssertionError(f"{fact} was taken beside another")
    assert (session.facts, session.derived, session.to_json(), session.history) == before


@given(packs(), st.data())
def test_a_saved_session_comes_back_equal(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    session = kb.session(data.draw(cases_of(link(rule_base, {}))))
    again = kb.restore_session(session.to_json())
    assert (again.facts, again.derived, again.to_json()) == (session.facts, session.derived, session.to_json())
    assert again.result.to_json() == session.result.to_json()


@settings(max_examples=examples(40))
@given(packs(), st.data())
def test_a_journal_restores_the_session_over_any_rule_base(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    cases = data.draw(st.lists(cases_of(link(rule_base, {})).map(list), min_size=1, max_size=3))
    with TemporaryDirectory() as folder:
        with closing(kb.session(journal=Path(folder) / "journal")) as session:
            for case in cases:
                session.retract(*(fact for fact in session.facts if data.draw(st.booleans())))
                session.replace(*case)
            if data.draw(st.booleans()):
                session.compact()
        again = kb.session(journal=Path(folder) / "journal")
        assert (again.facts, again.derived, again.to_json()) == (session.facts, session.derived, session.to_json())
        again.close()


@settings(max_examples=examples(40), deadline=None)
@given(packs(), st.data())
def test_an_interview_over_any_rule_base_is_taken_up_where_it_was(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    interview = kb.interview(data.draw(cases_of(link(rule_base, {}))))
    for _ in range(4):
        question = interview.question
        if question is None:
            break
        interview.answer(data.draw(st.sampled_from([*(option.value for option in question.options), DONT_KNOW])))
        again = kb.restore_interview(interview.to_json())
        assert (again.answers, again.facts, again.to_json()) == (interview.answers, interview.facts, interview.to_json())
