"""Every search has an end: its own, the one that was asked for, or an interrupt; and no answer looks complete that is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import combinations

import pytest

from backpain_rules import (
    BackpainRulesError,
    KnowledgeBase,
    Pack,
    Rule,
    all_of,
    any_of,
    at_least,
    condition,
    symptom,
)
from backpain_rules.analysis.finder import Finder
from backpain_rules.deadline import Deadline, OutOfTime
from backpain_rules.otherwise.robustness import Robustness
from backpain_rules.questions.question import Question
from backpain_rules.solve.clauses import FALSE, TRUE, Clauses
from backpain_rules.solve.solver import Solver
from backpain_rules.solve.witness import PossibleCases

SIGNS = [symptom(f"s{n}", f"S{n}", ask=f"S{n}?") for n in range(30)]
CONDITIONS = [condition(f"c{n}", f"C{n}") for n in range(30)]


def loaded(*rules: Rule) -> KnowledgeBase:
    return KnowledgeBase([Pack("demo", version="1", title="Demo", rules=rules)])


@pytest.fixture(scope="module")
def circle() -> KnowledgeBase:
    return loaded(
        *(Rule(f"r{n}", when=any_of(SIGNS[n], CONDITIONS[n - 1]), then=CONDITIONS[n].finding()) for n in range(len(CONDITIONS)))
    )


def pigeons(holes: int) -> Clauses:
    """One pigeon more than there are holes: no solver of this kind proves that in any time."""
    clauses = Clauses()
    sits = [[clauses.fresh() for _ in range(holes)] for _ in range(holes + 1)]
    for pigeon in sits:
        clauses.add(*pigeon)
    for hole in range(holes):
        for one, other in combinations(sits, 2):
            clauses.add(-one[hole], -other[hole])
    return clauses


def test_a_check_without_time_says_of_every_kind_that_it_was_not_looked_for(circle: KnowledgeBase) -> None:
    report = circle.check(seconds=0)
    assert not report.complete
    assert {text.split()[0] for text in report.not_proved} == {f"BR00{n}" for n in range(1, 10)}
    assert report.proved == ()
    assert report.to_data()["complete"] is False


def test_a_comparison_without_time_claims_no_equivalence(circle: KnowledgeBase) -> None:
    compared = circle.diff(circle, seconds=0)
    assert not compared.complete
    assert not compared.equivalent
    assert len(compared.not_compared) == len(CONDITIONS)


def test_test_cases_without_time_name_every_rule_that_is_left_out(circle: KnowledgeBase) -> None:
    made = circle.test_cases(seconds=0)
    assert not made.complete
    assert len(made.left_out) == len(CONDITIONS)


def test_changes_without_time_do_not_say_that_there_are_none(circle: KnowledgeBase) -> None:
    absent = circle.assess([]).why_not("c3", seconds=0)
    assert absent.changes == ()
    assert not absent.complete
    result = circle.assess([SIGNS[0].present])
    shaken = result.robustness(result.findings[0], seconds=0)
    assert not shaken.complete
    assert "the time was up" in str(shaken)


def test_questions_without_time_are_asked_all_the_same_and_are_not_proved(circle: KnowledgeBase) -> None:
    hurried = circle.assess([]).next_questions(seconds=0)
    assert {question.id for question in hurried} >= {question.id for question in circle.assess([]).next_questions()}
    assert not any(question.proved for question in hurried)
    assert hurried[0].to_data()["proved"] is False


def test_an_interview_without_time_asks_on_until_nothing_is_open(circle: KnowledgeBase) -> None:
    interview = circle.interview(seconds=0)
    while interview.question is not None:
        interview.answer(False)
    assert len(interview.answers) == len(SIGNS)


def test_a_search_that_was_cut_off_leaves_nothing_wrong_behind(circle: KnowledgeBase) -> None:
    fresh = KnowledgeBase(circle.packs)
    before = [question.id for question in fresh.assess([]).next_questions()]
    for seconds in (0.0, 0.001, 0.01, 0.1):
        circle.assess([]).next_questions(seconds=seconds)
    assert [question.id for question in circle.assess([]).next_questions()] == before


def test_with_time_enough_the_answer_is_the_same_as_without_a_limit() -> None:
    kb = loaded(Rule("r", when=all_of(SIGNS[0], SIGNS[1]), then=CONDITIONS[0].finding()))
    assert kb.check(seconds=600) == kb.check()
    assert kb.check(seconds=600).complete
    assert kb.test_cases(seconds=600).to_data() == kb.test_cases().to_data()


class Clock:
    """Every look at it takes a second, so that a limit in seconds is one in looks."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.looks


SEARCHES: dict[str, Callable[[KnowledgeBase, float], bool]] = {
    "check": lambda kb, seconds: kb.check(seconds=seconds).complete,
    "diff": lambda kb, seconds: kb.diff(kb, seconds=seconds).complete,
    "test_cases": lambda kb, seconds: kb.test_cases(seconds=seconds).complete,
    "why_not": lambda kb, seconds: kb.assess([]).why_not("c3", seconds=seconds).complete,
    "robustness": lambda kb, seconds: shaken(kb, seconds).complete,
    "next_questions": lambda kb, seconds: all(one.proved for one in kb.assess([]).next_questions(seconds=seconds)),
    "interview": lambda kb, seconds: asked(kb, seconds).proved,
}
"""Each search that takes a limit, and whether its answer says that it is whole."""


def shaken(kb: KnowledgeBase, seconds: float) -> Robustness:
    result = kb.assess([SIGNS[0].present])
    return result.robustness(result.findings[0], seconds=seconds)


def asked(kb: KnowledgeBase, seconds: float) -> Question:
    question = kb.interview(seconds=seconds).question
    assert question is not None
    return question


@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_ends_a_few_looks_at_the_clock_after_its_limit_and_does_not_claim_to_be_whole(
    circle: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, search: str
) -> None:
    clock = Clock()
    monkeypatch.setattr("backpain_rules.deadline.monotonic", clock)
    assert not SEARCHES[search](KnowledgeBase(circle.packs), 5)
    assert clock.looks < 40
    assert SEARCHES[search](KnowledgeBase(circle.packs), float("inf"))
    assert clock.looks > 40


@pytest.mark.parametrize("seconds", [-1, float("nan"), "soon", True])
@pytest.mark.parametrize("search", SEARCHES)
def test_every_search_refuses_what_is_no_number_of_seconds(circle: KnowledgeBase, search: str, seconds: float) -> None:
    with pytest.raises(BackpainRulesError, match="give the most seconds"):
        SEARCHES[search](circle, seconds)


def test_test_cases_of_a_circle_share_one_program_with_a_switch_for_each_rule(circle: KnowledgeBase) -> None:
    linked = circle._linked
    finder = Finder(linked, [rule.name for rule in linked.rules])
    finder.goals()
    circles = finder.leaves.circles
    assert len(circles.switches) == len(CONDITIONS)
    assert circles.plan.size <= 5 * len(CONDITIONS)


def test_other_threads_run_while_rules_are_put_into_clauses(circle: KnowledgeBase) -> None:
    started, ran = threading.Event(), threading.Event()

    def other() -> None:
        started.wait(60)
        ran.set()

    def encode() -> None:
        program = circle._program
        PossibleCases(program).encoding.given({0: (TRUE, FALSE)})

    threading.Thread(target=other, daemon=True).start()
    started.set()
    for _ in range(10_000):
        encode()
        if ran.is_set():
            return
    raise AssertionError("no other thread ran")


def test_test_cases_of_a_count_need_no_expansion_of_it() -> None:
    made = loaded(Rule("r", when=at_least(15, *SIGNS), then=CONDITIONS[0].finding())).test_cases()
    assert made.complete
    assert made.idle == ()
    assert {pair.one.leaf for pair in made.pairs} == {f"s{n}" for n in range(30)}


def test_progress_is_told_in_words(circle: KnowledgeBase) -> None:
    told: list[str] = []
    circle.diff(circle, progress=told.append)
    assert told[1] == f"comparing conclusion 1 of {len(CONDITIONS)}"


def test_the_solver_stops_at_its_deadline_and_can_be_asked_on() -> None:
    clauses = pigeons(14)
    solver = Solver(clauses)
    with clauses.until(Deadline.after(0.3)), pytest.raises(OutOfTime):
        solver.is_possible()
    assert Solver(pigeons(3)).is_possible() is False
    with clauses.until(Deadline.after(0.3)), pytest.raises(OutOfTime):
        solver.is_possible()


def test_other_threads_run_while_the_solver_does() -> None:
    clauses = pigeons(14)
    ran = threading.Event()
    threading.Timer(0.1, ran.set).start()
    with clauses.until(Deadline.after(1)), pytest.raises(OutOfTime):
        Solver(clauses).is_possible()
    assert ran.is_set()


SOLVES = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background has it ignored
from tests.integration.test_searches_end import pigeons
from backpain_rules import cli
from backpain_rules.solve.solver import Solver
cli._run = lambda argv: print("ready", flush=True) or Solver(pigeons(14)).is_possible()
sys.exit(cli.main([]))
"""


def test_an_interrupt_ends_a_command_inside_the_solver_without_a_trace() -> None:
    with subprocess.Popen([sys.executable, "-c", SOLVES], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        _, complaints = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in complaints
