"""What a session tells, keeps and survives."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backpain_rules import (
    Activation,
    Assessment,
    ConflictingFactError,
    EngineError,
    Fact,
    FactError,
    Finding,
    Injury,
    InvalidFactError,
    Key,
    KnowledgeBase,
    Observer,
    OtherPacksError,
    Pack,
    Pain,
    Recommendation,
    Region,
    Rule,
    SavedStateError,
    Session,
    SessionError,
    SessionInUseError,
    Slot,
    all_of,
    condition,
    each,
    exists,
    intervention,
    not_,
    slot,
    symptom,
    unless,
)
from backpain_rules.ground.incremental import _Possible
from backpain_rules.ground.nodes import place_of
from backpain_rules.terms import SymptomTerm

COLD, THIRST = (symptom(id, id.title(), ask=f"{id}?") for id in ("cold", "thirst"))
CHILL, FLU = condition("chill", "Chill"), condition("flu", "Flu")
TEA = intervention("tea", "Tea")


class Visit(Fact):
    """One visit; a closed type."""

    on: Key[date]
    region: Key[Region]
    severity: Slot[int] = slot()


first, later = each(Visit), each(Visit)
BASE = Pack("base", version="1", title="Base", rules=[
    Rule("chill", when=COLD, then=CHILL.finding()),
    Rule("chill-too", when=THIRST, then=CHILL.finding()),
    Rule("tea", when=all_of(CHILL, unless(FLU)), then=TEA.recommend(for_condition=CHILL)),
    Rule("worse", when=all_of(first, later, first.region == later.region, first.on < later.on, first.severity < later.severity),
         then=FLU.finding(region=first.region)),
    Rule("new", when=all_of(first, not_(exists(each(Visit, region=first.region, severity=10)))),
         then=CHILL.finding(region=first.region)),
])  # fmt: skip
KB = KnowledgeBase([BASE])


def visit(day: int, severity: int | None = None, region: Region = "neck") -> Visit:
    return Visit(on=date(2026, 1, day), region=region, severity=severity)


def test_a_change_says_what_came_what_went_and_what_became_firm() -> None:
    session = KB.session()
    change = session.insert(COLD.present)
    assert [type(fact) for fact in change.appeared] == [Finding, Recommendation]
    assert str(change) == "+ chill\n+ tea for chill"
    assert not session.insert(COLD.present)
    assert session.insert(THIRST.present).to_data() == {"inserted": [{"type": "symptom", "term": "thirst", "present": True}]}
    assert not session.retract(COLD.present).gone, "the second support keeps the conclusion"
    assert [fact.tag() for fact in session.retract(THIRST.present).gone] == ["finding", "recommendation"]
    assert len(session.history) == 5
    assert session.derived == session.facts == ()


def test_closed_facts_join_as_they_come_and_part_as_they_go() -> None:
    session = KB.session([visit(1, 3)])
    assert str(session.insert(visit(2, 5))) == "+ flu (neck)\n- tea for chill"
    assert str(session.replace(visit(2, 2))) == "+ tea for chill\n- flu (neck)"
    assert str(session.replace(visit(2, 9))) == "+ flu (neck)\n- tea for chill"
    assert str(session.insert(visit(3, 10))) == "- chill (neck)"
    assert str(session.retract(visit(2, 9))) == "no conclusion changes", "the first visit is still followed by a worse one"
    assert str(session.retract(visit(3, 10))) == "+ chill (neck)\n+ tea for chill\n- flu (neck)"
    assert session.derived == KB.assess(session.facts).derived
    assert session.result.explain() == KB.assess(session.facts).explain()


def test_what_the_session_does_not_have_cannot_go() -> None:
    session = KB.session([visit(1, 3)])
    with pytest.raises(FactError, match=r"the session does not have .*severity=4.*; it has .*severity=3"):
        session.retract(visit(1, 4))
    with pytest.raises(ConflictingFactError, match=r"session.replace\(...\) puts it"):
        session.insert(visit(2), visit(1, 4))
    assert session.facts == (visit(1, 3),)


# --- observers ----------------------------------------------------------------------------------------------------------


class Log(Observer):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def fired(self, activation: Activation) -> None:
        self.lines.append(f"+{activation.rule}")

    def retracted(self, activation: Activation) -> None:
        self.lines.append(f"-{activation.rule}")

    def assessed(self, result: Assessment) -> None:
        self.lines.append(f"{len(result.derived)} conclusions")


class Faulty(Observer):
    def fired(self, activation: Activation) -> None:
        raise ZeroDivisionError


def test_observers_see_every_rule_that_fires_or_stops_and_a_faulty_one_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    log = Log()
    session = KB.session(observers=[Faulty(), log])
    session.insert(COLD.present)
    session.retract(COLD.present)
    assert session.result.derived == ()
    assert log.lines == ["+base:chill", "+base:tea", "-base:chill", "-base:tea", "0 conclusions"]
    assert "an observer failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_who_overrides_nothing_is_asked_nothing() -> None:
    assert KB.session(observers=[Observer()])._conclusions.maintained._watched is None


# --- saved --------------------------------------------------------------------------------------------------------------


def test_a_session_knows_the_packs_it_was_made_with() -> None:
    saved = KB.session([COLD.present, visit(1)]).to_json()
    other = KnowledgeBase([Pack("base", version="1", title="Base", rules=BASE.rules[1:], terms=[COLD], fact_types=[Visit])])
    with pytest.raises(OtherPacksError, match="pack base 1 has other content than it had") as caught:
        other.restore_session(saved)
    assert caught.value.fields["differences"] == ["pack base 1 has other content than it had"]
    assert other.restore_session(saved, accept_other_packs=True).facts == (COLD.present, visit(1))
    newer = KnowledgeBase([Pack("base", version="2", title="Base", rules=BASE.rules), Pack("more", version="1", title="More")])
    with pytest.raises(OtherPacksError, match="pack base was 1 and is 2; pack more was not there"):
        newer.restore_session(saved)


@pytest.mark.parametrize("text", ["{}", "[]", '{"session": 1}', '{"session": true}', '"x"', "null"])
def test_what_is_no_saved_session_is_refused(text: str) -> None:
    with pytest.raises(SavedStateError, match="this library reads a saved session of format 2"):
        KB.restore_session(text)


@pytest.mark.parametrize(
    ("member", "value", "field"),
    [
        ("packs", None, "packs"),
        ("packs", [], "packs"),
        ("packs", {"base": 7}, "packs.base"),
        ("packs", {"base": {"version": [], "content": ""}}, "packs.base.version"),
        ("parameters", [1], "parameters"),
        ("facts", 3, "facts"),
        ("fatcs", [], "fatcs"),
    ],
)
@pytest.mark.parametrize("accept", [True, False])
def test_a_saved_session_of_another_shape_is_refused_with_the_field(member: str, value: object, field: str, accept: bool) -> None:
    data = json.loads(KB.session([COLD.present]).to_json())
    with pytest.raises(SavedStateError) as caught:
        KB.restore_session(json.dumps({**data, member: value}), accept_other_packs=accept)
    assert caught.value.fields["field"] == field


# --- changes that cannot be computed -----------------------------------------------------------------------------------


class Call(Fact):
    """A call at a moment, with its zone or without; a closed type."""

    at: Key[datetime]


def test_a_moment_that_no_rule_can_compare_leaves_the_session_as_it_was(tmp_path: Path) -> None:
    call = each(Call)
    later_on = Rule("later", when=all_of(call, call.at + timedelta(days=1) < datetime(2030, 1, 1)), then=CHILL.finding())
    kb = KnowledgeBase([Pack("late", version="1", title="Late", rules=[later_on], fact_types=[Call])])
    session = kb.session([Call(at=datetime(2026, 1, 1))], journal=tmp_path / "journal")
    before = (session.facts, session.derived, session.to_json())
    with pytest.raises(InvalidFactError, match="a time zone"):
        session.insert(Call(at=datetime(2026, 1, 2, tzinfo=UTC)))
    assert (session.facts, session.derived, session.to_json()) == before
    session.insert(Call(at=datetime(2026, 1, 2)))
    session.close()
    again = kb.session(journal=tmp_path / "journal")
    assert again.facts == (Call(at=datetime(2026, 1, 1)), Call(at=datetime(2026, 1, 2)))
    again.close()


# --- threads ------------------------------------------------------------------------------------------------------------


def test_threads_share_a_knowledge_base_and_each_has_its_sessions() -> None:
    cases = [
        [COLD.present],
        [THIRST.present, COLD.absent],
        [visit(1, 3), visit(2, 5)],
        [Pain(region="neck"), Injury(region="neck")],
    ]
    expected = [KB.assess(case).to_json() for case in cases]
    found: dict[int, list[str]] = {}
    start = threading.Barrier(4)

    def work(number: int) -> None:
        start.wait()
        session = KB.session()
        results = []
        for _ in range(25):
            for case in cases:
                session.retract(*session.facts)
                session.insert(*case)
                results.append(session.result.to_json())
                assert KB.assess(case).to_json() == results[-1]
        found[number] = results

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[number] == expected * 25 for number in range(4))
    assert not any(thread.is_alive() for thread in threads)


class Caller(Observer):
    """Uses the session from inside, where it may: after the change."""

    def fired(self, activation: Activation) -> None:
        assert self.session.derived

    session: Session


def test_an_observer_may_use_the_session_that_it_watches() -> None:
    caller = Caller()
    caller.session = KB.session(observers=[caller])
    caller.session.insert(COLD.present)


def test_two_threads_in_one_session_are_found_out() -> None:
    session = KB.session()
    begun, go_on = threading.Event(), threading.Event()

    def facts() -> Iterator[Fact]:
        begun.set()
        assert go_on.wait(10)
        yield COLD.present

    def compute(_: object) -> dict[Any, Any]:
        return {place_of(fact): fact for fact in facts()}

    thread = threading.Thread(target=session._change, args=(compute,))
    thread.start()
    assert begun.wait(10)
    for use in (lambda: session.facts, lambda: session.result, lambda: session.insert(THIRST.present), session.close):
        with pytest.raises(SessionInUseError, match="one thread at a time"):
            use()
    go_on.set()
    thread.join()
    assert session.facts == (COLD.present,)


def test_a_change_cannot_be_made_inside_another() -> None:
    session = KB.session()

    def inside(_: object) -> dict[Any, Any]:
        session.insert(THIRST.present)
        raise AssertionError("a change inside a change")

    with pytest.raises(SessionInUseError):
        session._change(inside)
    session.insert(COLD.present)
    assert session.facts == (COLD.present,)


@pytest.mark.parametrize("most", [0, 1, 3, None])
def test_a_history_keeps_as_many_changes_as_asked_for(most: int | None) -> None:
    session, whole = KB.session(history=most), KB.session()
    for number in range(250):
        for one in (session, whole):
            one.replace(visit(1, number % 10))
        if number % 50 == 1:
            assert session.history == (whole.history if most is None else whole.history[max(0, len(whole.history) - most) :])
    assert most is None or len(session._history) <= most + 101
    assert (session.facts, session.derived) == (whole.facts, whole.derived)


@pytest.mark.parametrize("most", [-1, True, "3", 1.5])
def test_a_history_that_is_no_number_of_changes_is_refused(most: Any) -> None:
    with pytest.raises(SessionError, match="history= takes how many changes"):
        KB.session(history=most)


def test_json_of_a_session_is_a_case_and_more() -> None:
    data = json.loads(KB.session([Pain(region="neck", duration=timedelta(hours=3))]).to_json())
    assert data["facts"] == [{"type": "pain", "region": "neck", "duration": "PT3H", "present": True}]
    assert set(data) == {"session", "packs", "parameters", "facts"}


# --- one grounding decides what a program is ------------------------------------------------------------------------------

RIGID, DIZZY = symptom("rigid", "Rigid", ask="rigid?"), symptom("dizzy", "Dizzy", ask="dizzy?")
RARE, LOCAL = condition("rare", "Rare"), condition("local", "Local")


def circle(*rules: Rule) -> KnowledgeBase:
    """`chill` and `flu` support each other; a rule that reads one of them, and cannot fire, takes back all recommendations."""
    start = [
        Rule("flag", when=RIGID, then=TEA.recommend(), overrides="base:start"),
        Rule("start", when=DIZZY, then=CHILL.finding()),
        Rule("on", when=CHILL, then=FLU.finding()),
        Rule("back", when=FLU, then=CHILL.finding()),
    ]
    return KnowledgeBase(
        [Pack("base", version="1", title="Base", rules=[*start, *rules], terms=[RARE, LOCAL], fact_types=[Visit])]
    )


IDLE = Rule("idle", when=all_of(RARE, unless(FLU)), then=TEA.recommend(note="n"), overrides=Recommendation)
neck = each(Pain, region="neck")
IDLE_HERE = [
    Rule("visited", when=each(Visit, region="lumbar"), then=LOCAL.finding(region="lumbar")),
    Rule(
        "idle",
        when=all_of(neck, exists(each(Finding, condition=LOCAL, region=neck.region)), unless(FLU)),
        then=TEA.recommend(note="n"),
        overrides=Recommendation,
    ),
]


@pytest.mark.parametrize("idle", [[IDLE], IDLE_HERE], ids=["nothing concludes it", "no visit can bring it there"])
@pytest.mark.parametrize("facts", [[RIGID, DIZZY], [DIZZY, RIGID]], ids=["flag first", "flag last"])
def test_a_rule_that_cannot_fire_closes_no_circle(idle: list[Rule], facts: list[SymptomTerm]) -> None:
    session = circle(*idle).session([Pain(region="neck"), Visit(on=date(2026, 1, 1), region="lumbar")])
    for sign in facts:
        session.insert(sign.present)
    assert not [finding for finding in session.result.findings if finding.condition in ("chill", "flu")]
    session.retract(RIGID.present)
    assert {finding.condition for finding in session.result.findings} >= {"chill", "flu"}
    session.retract(DIZZY.present)
    assert not [finding for finding in session.result.findings if finding.condition in ("chill", "flu")]


def test_a_circle_through_a_negation_that_got_past_loading_is_an_error_and_not_an_endless_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_Possible, "has_choice", lambda *given: True)
    kb = circle(*IDLE_HERE)
    with pytest.raises(EngineError, match="a circle through a negation"):
        kb.session([Pain(region="neck"), RIGID.present, DIZZY.present])


def test_an_exists_may_hold_a_variable_whose_pattern_names_another() -> None:
    pain = each(Pain)
    injury, found = each(Injury, region=pain.region), each(Finding, condition=CHILL)
    rules = [
        Rule("chill", when=COLD, then=CHILL.finding()),
        Rule("flu", when=all_of(pain, injury, unless(exists(found, injury))), then=FLU.finding()),
        Rule("visited", when=each(Visit), then=CHILL.finding()),
    ]
    kb = KnowledgeBase([Pack("base", version="1", title="Base", rules=rules)])
    session = kb.session([Pain(region="neck"), Injury(region="neck")])
    assert {finding.condition for finding in session.result.findings} == {"flu"}
    session.insert(Visit(on=date(2026, 1, 1), region="neck"))
    assert {finding.condition for finding in session.result.findings} == {"chill"}


def test_sessions_of_rules_that_read_no_closed_facts_share_the_grounding_of_the_compiled_program() -> None:
    kb = circle(IDLE)
    assert kb.session()._conclusions.maintained.ground is kb.session()._conclusions.maintained.ground


def test_a_part_of_a_merged_conclusion_is_asked_for_as_in_a_result() -> None:
    parts = [
        Rule("often", when=COLD, then=TEA.recommend(frequency="often")),
        Rule("why", when=all_of(COLD, unless(THIRST)), then=TEA.recommend(note="warm")),
    ]
    session = KnowledgeBase([Pack("base", version="1", title="Base", rules=parts)]).session([COLD.present])
    (merged,) = session.derived
    often, warm = Recommendation(intervention="tea", frequency="often"), Recommendation(intervention="tea", note="warm")
    assert [session.is_firm(fact) for fact in (merged, often, warm)] == [False, True, False]
    assert [session.result.is_firm(fact) for fact in (merged, often, warm)] == [False, True, False]
    with pytest.raises(FactError):
        session.is_firm(COLD.present)
