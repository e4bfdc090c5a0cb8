"""`backpain-rules interview`: questions on the terminal until no answer can change the conclusions."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from textwrap import indent, wrap
from typing import Final

from ..durations import DurationError, parse_duration
from ..errors import AnswerError, FactError, SessionError, printable
from ..facts.base import Fact
from ..facts.types import Referral
from ..interview.interview import Interview
from ..knowledge import KnowledgeBase
from ..questions.question import DONT_KNOW, Question
from ..show.labels import ENGLISH, Labels
from ..show.parts import EMERGENCY
from ..terms import AUDIENCES
from .assess import read_text, result_text
from .console import INTERRUPTED, BadInput, add_seconds_option, alarm, complain, say, width
from .installed import add_pack_option, add_set_option, load

YES: Final = {"y", "yes", "true"}
NO: Final = {"n", "no", "false"}
UNKNOWN: Final = {"?", "dont know", "don't know"}
BACK: Final = {"b", "back"}
QUIT: Final = {"q", "quit"}
INDENT: Final = "   "
EXACT: Final = {
    "number": "or a number",
    "duration": "or a time, 6 h or 12 weeks",
    "date": "or a date, 2026-01-31",
    "time": "or a time",
}
HELP: Final = "y yes, n no, ? don't know, b back, q quit"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "case", metavar="CASE", nargs="?", help='what is known already, as a JSON file, {"facts": [...]} (default: nothing)'
    )
    parser.add_argument("--state", metavar="FILE", help="save the interview here after each answer, and take it up where it ends")
    parser.add_argument("--language", metavar="LANG", help="ask and answer in this language: en, zh-Hans (default: en)")
    parser.add_argument(
        "--audience",
        choices=AUDIENCES,
        help="who answers: a practitioner is asked for signs that no patient can see (default: patient)",
    )
    add_seconds_option(parser)
    add_pack_option(parser)
    add_set_option(parser)


def run(options: Namespace) -> int:
    kb = load(options.pack, options.set)
    state = Path(options.state) if options.state else None
    interview = _interview(kb, options, state)
    labels = Labels(kb.rule_base, interview.language)
    try:
        is_finished = _ask_all(interview, labels, state)
    except KeyboardInterrupt:
        print()
        _say_where(interview, state)
        return INTERRUPTED
    print()
    if not is_finished:
        _say_where(interview, state)
    say(result_text(interview.result, options.language, lists_all="{}"))
    if interview.not_asked:
        print()
        say(labels.say("Not asked, as only a practitioner can answer: {}", labels.unknowns(interview.not_asked)))
    return 0


def _interview(kb: KnowledgeBase, options: Namespace, state: Path | None) -> Interview:
    """The interview that is saved, or a new one."""
    if state is None or not state.exists():
        return kb.interview(
            _facts(kb, options.case),
            language=options.language or ENGLISH,
            audience=options.audience or "patient",
            seconds=options.seconds,
        )
    if options.case:
        raise BadInput(f"{state} holds an interview already, with a case of its own; leave out {options.case}")
    try:
        interview = kb.restore_interview(read_text(str(state), str(state)), seconds=options.seconds)
    except (FactError, SessionError) as error:
        raise error.at(str(state)) from None
    if options.language not in (None, interview.language):
        raise BadInput(f"{state} holds an interview in {interview.language!r}; leave out --language {options.language}")
    if options.audience not in (None, interview.audience):
        raise BadInput(f"{state} holds an interview with a {interview.audience}; leave out --audience {options.audience}")
    return interview


def _facts(kb: KnowledgeBase, case: str | None) -> tuple[Fact, ...]:
    if case is None:
        return ()
    try:
        return kb.read_case(read_text(case, case))
    except FactError as error:
        raise error.at(case) from None


def _ask_all(interview: Interview, labels: Labels, state: Path | None) -> bool:
    """Ask until there is nothing to ask, or nobody who answers; whether the former."""
    helped = False
    told: frozenset[Referral] = frozenset()
    while True:
        here = frozenset(interview.emergencies)
        if here - told and not _goes_on(interview, labels, state):
            return False
        told = frozenset(interview.emergencies)
        question = interview.question
        if question is None:
            return True
        _show(question, len(interview.answers) + 1, max(interview.at_most_left, 1), labels)
        if not helped:
            _indented(f"({labels.say(HELP)})")
            helped = True
        line = _line()
        if line is None or line.lower() in QUIT:
            return False
        try:
            if line.lower() in BACK:
                interview.back()
            else:
                interview.answer(_value(question, line))
        except AnswerError as error:
            _indented(_refused(question, line, error, labels))
            continue
        if state is not None:
            _save(interview, state)


def _goes_on(interview: Interview, labels: Labels, state: Path | None) -> bool:
    """Tell of an emergency, recommend to stop, and ask whether somebody wants to go on; no answer is a no."""
    result = interview.result
    print()
    say(alarm(labels.say(EMERGENCY)))
    for referral in result.emergencies:
        _indented(labels.title(referral))
    _indented(labels.say("These answers can be signs of an emergency. Stop here and get help now."))
    if not all(map(result.is_firm, result.emergencies)):
        _indented(labels.say("An answer that is still open can take this back. Do not wait for it."))
    while True:
        _indented(f"{labels.say('Do you want to go on all the same?')} ({labels.say('y go on, n stop here, b back')})")
        line = _line()
        word = "n" if line is None else line.lower()
        if word in YES:
            return True
        if word in NO | QUIT:
            return False
        if word in BACK and interview.answers:
            interview.back()
            if state is not None:
                _save(interview, state)
            return True


def _show(question: Question, number: int, left: int, labels: Labels) -> None:
    """How far the interview is, the question, why it is asked, and what can be answered."""
    print()
    say(labels.say("Question {}, at most {} left", number, left))
    say(f"{number}. {printable(question.text)}")
    _indented(question.why)
    if question.kind != "yes_no":
        _indented(_choices(question, labels))


def _choices(question: Question, labels: Labels) -> str:
    """`y: below 5/10, n: at least 5/10, or a number`, or the options by their numbers."""
    names = ("y", "n") if _is_threshold(question) else [f"#{n}" for n in range(1, len(question.options) + 1)]
    said = [f"{name}: {option.label}" for name, option in zip(names, question.options, strict=True)]
    if question.kind not in ("yes_no", "choice"):
        said.append(labels.say(EXACT[question.kind]))
    return labels.say(", ").join(said)


def _refused(question: Question, line: str, error: AnswerError, labels: Labels) -> str:
    """What is wrong with what was typed, and what would be right."""
    if line.lower() in BACK:
        return error.message
    right = labels.say(HELP) if question.kind == "yes_no" else _choices(question, labels)
    return labels.say("{} is no answer to this; {}", repr(line), error.fields.get("outside") or right)


def _is_threshold(question: Question) -> bool:
    """Whether it is enough to know on which side of one number the answer lies."""
    return len(question.options) == 2 and question.kind not in ("yes_no", "choice")


def _line() -> str | None:
    """What somebody types; None at the end of the input."""
    print("   > ", end="", flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None


def _value(question: Question, line: str) -> object:
    """The line as an answer to the question; what cannot be read is for the question to refuse."""
    word = line.lower()
    if word in UNKNOWN:
        return DONT_KNOW
    if word in YES | NO:
        if question.kind == "yes_no":
            return word in YES
        if _is_threshold(question):
            return question.options[word in NO].value
    if word.startswith("#") and word[1:].isdigit() and 0 < int(word[1:]) <= len(question.options):
        return question.options[int(word[1:]) - 1].value
    by_label = {option.label.lower(): option.value for option in question.options}
    if word in by_label:
        return by_label[word]
    if question.kind == "number":
        with suppress(ValueError):
            return int(line)
        with suppress(ValueError):
            return float(line)
    if question.kind == "duration":
        with suppress(DurationError):
            return parse_duration(line)
    return line


def _save(interview: Interview, state: Path) -> None:
    """Whole or not at all: a file that is half written never takes the place of the one before."""
    new = state.with_name(f"{state.name}.new")
    try:
        new.write_text(interview.to_json(indent=2) + "\n", encoding="utf-8")
        os.replace(new, state)
    except OSError as error:
        raise BadInput(f"{state}: {error.strerror}") from None


def _say_where(interview: Interview, state: Path | None) -> None:
    """After an interview that did not end: where it goes on."""
    if state is None:
        complain("warning", "stopped before the end, so conclusions may change; with --state FILE it could be taken up again")
    elif interview.answers:
        complain("warning", f"stopped before the end, so conclusions may change; --state {state} takes it up again")


def _indented(text: str) -> None:
    """Below a question, in lines that fit the terminal."""
    room = width()
    lines = wrap(printable(text), max(room - len(INDENT), 20)) if room else [printable(text)]
    print(indent("\n".join(lines), INDENT))
