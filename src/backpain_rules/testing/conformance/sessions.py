"""Sessions held to the meaning of rules, by random edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from ...facts.base import Fact
from ...session.session import Session
from ..watchdog import returning
from .judge import Judge
from .trial import MOST_CASES, Tally, hold


def session_conformance(*, max_examples: int = 200, shrink: bool = True) -> Tally:
    """Hold `Session` to the meaning of rules: after every edit it has what assessing its facts from scratch gives.

    The edits lead from case to case by inserting, retracting and replacing, one fact or several at a time; one that does not
    come back within a minute is a counterexample. Raises
    `AssertionError` with a counterexample that can be pasted, the smallest found unless `shrink` is off.
    """
    return hold({"sessions": session_check}, max_examples=max_examples, shrink=shrink)["sessions"]


def session_check(judge: Judge, cases: Sequence[Sequence[Fact]], data: DataObject, tally: Tally) -> None:
    """The check of sessions."""
    session = Session(judge.program)
    for case in cases[:MOST_CASES]:
        for step in _edits(session.facts, case, data):
            with returning("a session"):
                step(session)
            tally.cases += 1
            facts = list(session.facts)
            if session.derived != judge.judgement(facts).derived:
                raise judge.wrong(facts, "session.derived is not what the reference engine concludes")
            judge.compare(facts, session.result._outcome)


def _edits(before: Sequence[Fact], case: Sequence[Fact], data: DataObject) -> list[Callable[[Session], object]]:
    """Steps from the facts that are there to those of a case."""

    def place(fact: Fact) -> tuple[object, ...]:
        return (type(fact), *(fact.__dict__[name] for name in fact.schema_.keys))

    wanted = {place(fact): fact for fact in case}
    there = {place(fact): fact for fact in before}
    gone = [fact for at, fact in there.items() if at not in wanted]
    fresh = [fact for at, fact in wanted.items() if at not in there]
    other = [fact for at, fact in wanted.items() if at in there and there[at] != fact]
    if data.draw(st.booleans()):
        return [lambda s: s.retract(*gone), lambda s: s.replace(*other), lambda s: s.insert(*fresh)]
    steps: list[Callable[[Session], object]] = [lambda s, f=f: s.retract(f) for f in gone]  # type: ignore[misc]
    steps += [lambda s, f=f: s.replace(f) for f in other]  # type: ignore[misc]
    steps += [lambda s, f=f: s.insert(f) for f in fresh]  # type: ignore[misc]
    return data.draw(st.permutations(steps))
