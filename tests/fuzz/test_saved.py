"""Saved sessions, saved interviews and journals, mutated: taken up or refused."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fuzzing import fuzz
from mutations import mutated, mutated_json, mutated_text

from backpain_rules import (
    DONT_KNOW,
    Injury,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Rule,
    absent,
    all_of,
    condition,
    each,
    parameter,
    present,
    symptom,
    unless,
)
from backpain_rules.session.journal import Journal
from backpain_rules.session.saved import made_with


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    """Small, so that a session is opened in no time."""
    thirst, ill, pain = symptom("thirst", "Thirst", ask="Thirst?"), condition("ill", "Ill"), each(Pain)
    rules = [
        Rule(
            "pain",
            when=pain.severity >= parameter("least", 5, "how strong the pain must be"),
            then=ill.finding(region=pain.region),
        ),
        Rule("thirst", when=all_of(thirst, each(Patient).age >= 18, unless(each(Injury))), then=ill.finding()),
    ]
    return KnowledgeBase([Pack("small", version="1", title="Small", rules=rules)])


@pytest.fixture(scope="module")
def session(kb: KnowledgeBase) -> dict[str, Any]:
    facts = [Pain(region="lumbar", severity=7), Injury(region="neck", mechanism="fall"), Patient(age=40), present("thirst")]
    data: dict[str, Any] = json.loads(kb.session(facts).to_json())
    return data


@pytest.fixture(scope="module")
def interview(kb: KnowledgeBase) -> dict[str, Any]:
    interview = kb.interview([Pain(region="lumbar")])
    while len(interview.answers) < 6 and interview.question is not None:
        interview.answer(interview.question.options[0].value if interview.question.options else DONT_KNOW)
    return interview.to_data()


@pytest.mark.parametrize("accept", [False, True])
def test_a_mutated_session_is_restored_or_refused(inputs: int, kb: KnowledgeBase, session: dict[str, Any], accept: bool) -> None:
    def read(text: str | dict[str, Any]) -> object:
        return kb.restore_session(text, accept_other_packs=accept).derived

    fuzz("session", inputs, [session], mutated_json, read)
    fuzz("session data", inputs, [session], mutated, read)


@pytest.mark.parametrize("accept", [False, True])
def test_a_mutated_interview_is_restored_or_refused(
    inputs: int, kb: KnowledgeBase, interview: dict[str, Any], accept: bool
) -> None:
    def read(text: str | dict[str, Any]) -> object:
        return kb.restore_interview(text, accept_other_packs=accept).facts

    fuzz("interview", inputs, [interview], mutated_json, read)
    fuzz("interview data", inputs, [interview], mutated, read)


def test_a_mutated_journal_is_taken_up_or_refused_and_left_as_it_is(inputs: int, kb: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    session = kb.session([Pain(region="lumbar", severity=7)], journal=path)
    session.insert(present("thirst"))
    session.retract(present("thirst"))
    session.close()

    def read(text: str) -> None:
        given = text.encode("utf-8", "surrogatepass")
        path.write_bytes(given)
        try:
            kb.session(journal=path).close()
        finally:
            now = path.read_bytes()
            assert now == given or now.startswith(given.rstrip(b"\0")), "what is no journal was changed"

    fuzz("journal", inputs, [path.read_text(encoding="utf-8")], mutated_text, read)


def test_a_damaged_journal_gives_a_state_that_was_or_is_refused(inputs: int, kb: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    session = kb.session(journal=path)
    states = [session.facts]
    for number in range(8):
        session.replace(Pain(region="lumbar", severity=number), (present, absent)[number % 2]("thirst"))
        states.append(session.facts)
    session.close()

    def read(damaged: bytes) -> None:
        path.write_bytes(damaged)
        session = kb.session(journal=path)
        session.close()
        assert session.facts in states, "a state that never was"

    fuzz("damaged journal", inputs, [path.read_bytes()], damaged, read)


def damaged(rng: Random, journal: bytes) -> bytes:
    """A journal with one to three damages, each to its lines or to one byte of it."""
    lines = journal.splitlines(keepends=True)
    for _ in range(rng.randint(1, 3)):
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        at, kind = rng.randrange(len(lines[one])), rng.randrange(6)
        if kind == 0:
            lines[one] = lines[one][:at] + bytes([lines[one][at] ^ 1 << rng.randrange(8)]) + lines[one][at + 1 :]
        elif kind == 1:
            lines[one], lines[other] = lines[other], lines[one]
        elif kind == 2:
            lines.insert(other, lines[one])
        elif kind == 3 and len(lines) > 1:
            del lines[one]
        elif kind == 4:
            lines = [*lines[:one], lines[one][:at] or b"\n"]
        else:
            lines[one] = lines[one][:at] + lines[other][rng.randrange(len(lines[other])) :]
    return b"".join(lines)


def test_a_journal_whose_lines_say_anything_is_taken_up_or_refused(inputs: int, kb: KnowledgeBase, tmp_path: Path) -> None:
    """The chain holds, since whoever mutated the lines wrote them: only what they say is wrong."""
    pain, thirst = {"type": "pain", "region": "lumbar", "severity": 7}, {"type": "symptom", "term": "thirst"}
    changes = [{"insert": [pain, thirst]}, {"retract": [thirst]}, {"insert": [thirst]}]
    path = tmp_path / "journal"

    def data_like_json(rng: Random, value: Any) -> Any:
        changed = mutated(rng, value)
        lines = changed if isinstance(changed, list) else [changed]
        return [line if isinstance(line, dict) else {"insert": line} for line in lines]

    def read(lines: list[dict[str, Any]]) -> None:
        path.unlink(missing_ok=True)
        with Journal(path, made_with(kb._linked)) as journal:
            for line in lines:
                journal.append(line)
        kb.session(journal=path).close()

    fuzz("journal lines", inputs, [changes], data_like_json, read)
