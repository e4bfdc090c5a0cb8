"""`backpain-rules assess`: what follows from one case, and why."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from ..assessment import Assessment
from ..errors import FactError
from ..explain.derivation import heading, in_order, show
from ..explain.wording import IDS, Wording
from ..facts.base import Fact
from ..show.labels import ENGLISH
from ..show.parts import EMERGENCY, in_parts, still_open
from .console import BadInput, add_seconds_option, alarm, say, say_utf8, width
from .installed import add_pack_option, add_set_option, load
from .why_not import add_option, sections, why_nots, with_changes

UNDECIDED_SHOWN = 3
LISTS_ALL = "{}; --format json lists them all"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help='the case as a JSON file, {"facts": [...]}; - reads standard input')
    parser.add_argument("--explain", action="store_true", help="show the derivation of each conclusion, down to the source")
    add_option(parser)
    add_seconds_option(parser)
    add_pack_option(parser)
    parser.add_argument("--engine", default="native", help="the engine that runs the rules (default: native)")
    parser.add_argument(
        "--format", choices=("text", "json", "html", "markdown"), default="text", help="how the result is written (default: text)"
    )
    parser.add_argument("--language", metavar="LANG", help="say it in labels of this language: en, zh-Hans (default: in ids)")
    add_set_option(parser)


def run(options: Namespace) -> int:
    if options.why_not and options.format not in ("text", "json"):
        raise BadInput(f"--why-not is shown as text and json, not as {options.format}")
    result = _assessment(options)
    absent = why_nots(result, options.why_not, options.seconds)
    if options.format == "json" and absent:
        data = {**result.to_data(), "why_not": [with_changes(one) for one in absent]}
        say_utf8(json.dumps(data, ensure_ascii=False, indent=2))
    elif options.format == "json":
        say_utf8(result.to_json(indent=2))
    elif options.format == "text":
        wording = result.labels(options.language) if options.language else IDS
        parts = (*_sections(result, wording, explain=options.explain, lists_all=LISTS_ALL), *sections(absent, wording))
        say("\n\n".join("\n".join(part) for part in parts))
    else:
        report = result.report(options.language or ENGLISH, dated=date.today())
        say_utf8((report.to_html() if options.format == "html" else report.to_markdown()).rstrip("\n"))
    return 0


def _assessment(options: Namespace) -> Assessment:
    kb = load(options.pack, options.set)
    place = "standard input" if options.case == "-" else options.case
    text = read_text(options.case, place)
    try:
        return kb.assess(kb.read_case(text), engine=options.engine)
    except FactError as error:
        raise error.at(place) from None


def read_text(case: str, place: str) -> str:
    """A file as text, - for standard input; `place` is what errors call it."""
    try:
        data = sys.stdin.buffer.read() if case == "-" else Path(case).read_bytes()
    except OSError as error:
        raise BadInput(f"{place}: {error.strerror}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{place}: this is not UTF-8 text, as JSON must be: byte {error.start} is {data[error.start]:#04x}"
        ) from None


# --- as text --------------------------------------------------------------------------------------------------------


def result_text(result: Assessment, language: str | None, *, explain: bool = False, lists_all: str = LISTS_ALL) -> str:
    """A result as it is shown on a terminal: in the labels of a language, or in ids.

    `lists_all` is what to say after how many conclusions are undecided, where not all of them are shown.
    """
    wording = result.labels(language) if language else IDS
    return "\n\n".join("\n".join(section) for section in _sections(result, wording, explain=explain, lists_all=lists_all))


def _sections(result: Assessment, wording: Wording, *, explain: bool, lists_all: str) -> Iterator[list[str]]:
    """The parts of the text, an emergency first, each a list of lines; what is empty is left out."""
    say = wording.say
    above: set[Fact] = set()
    for heading_, facts in in_parts(result.derived, lambda fact: fact).items():
        name = alarm(say(EMERGENCY)) if heading_ == EMERGENCY else say(heading_)
        if explain:
            trees = (show(d, above=above, width=width(), wording=wording) for d in in_order(map(result.why, facts)))
            yield [name, "", "\n\n".join(trees)]
        else:
            yield [name, *(line for fact in facts for line in _conclusion(result, fact, wording))]
    if not result.derived:
        yield [say("Nothing follows from these facts.")]
    if result.quantities:
        yield [say("Scores and measurements"), *_quantities(result, wording)]
    if result.conflicts:
        yield [say("Conflicts"), *_conflicts(result, above, wording, explain=explain)]
    if result.undecided:
        yield _undecided(result, wording, lists_all)


def _conclusion(result: Assessment, fact: Fact, wording: Wording) -> Iterator[str]:
    rests_on = result.rests_on(fact)
    yield f"  {heading(fact, firm=result.is_firm(fact), wording=wording)}"
    yield from (f"      {detail}" for detail in wording.details(fact))
    if rests_on:
        yield f"      {wording.say('rests on what is not known: {}', wording.unknowns(rests_on))}"


def _quantities(result: Assessment, wording: Wording) -> Iterator[str]:
    """Each quantity with its value or range, and what is not known of it."""
    for one in result.quantities.values():
        yield f"  {wording.say('{}: {}', wording.text(one.label), one.summary)}"
        if one.unknown:
            yield f"      {wording.say('not known: {}', wording.unknowns(one.unknown))}"


def _conflicts(result: Assessment, above: set[Fact], wording: Wording, *, explain: bool) -> Iterable[str]:
    for conflict in result.conflicts:
        yield f"  {conflict}" if wording is IDS else f"  {' | '.join(map(wording.fact, conflict.facts))}"
        if explain:
            for statement in conflict.sources:
                yield f"      {wording.say('source {}: {}', statement.cite, wording.statement(statement))}"
            yield from (show(d, above=above, width=width(), wording=wording) for d in conflict.derivations)


def _undecided(result: Assessment, wording: Wording, lists_all: str) -> list[str]:
    """What could still follow, together where it waits for the same answers, the most urgent first."""
    say = wording.say
    waiting = [group for part in still_open(result.undecided, wording).values() for group in part.items()]
    lines: list[str] = []
    for needs, conclusions in waiting[:UNDECIDED_SHOWN]:
        needed = say("needs {}" if len(conclusions) < 2 else "need {}", wording.unknowns(needs))
        lines.append(f"  {say(', ').join(conclusions)}\n      {needed}")
    more = say("Undecided: {} more could follow", len(result.undecided))
    return [more if len(lines) == len(waiting) else say(lists_all, more), *lines]
