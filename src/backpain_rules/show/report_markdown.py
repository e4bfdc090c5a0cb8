"""A report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from ..draw.markdown import escaped, markdown_items
from ..explain.derivation import as_lines
from ..facts.base import Fact
from .contents import DISCLAIMER, Contents
from .parts import EMERGENCY


def markdown_report(report: Contents) -> str:
    """The whole report."""
    return "\n".join(_report(report)) + "\n"


def _report(report: Contents) -> Iterator[str]:
    labels, say, parts = report.labels, report.labels.say, report.parts()
    above: set[Fact] = set()
    emergencies = parts.pop(EMERGENCY, ())
    if emergencies:
        yield from (f"# ⚠ {say(EMERGENCY).upper()}", "")
        for derivation in emergencies:
            yield from markdown_items(as_lines(derivation, above, labels))
        yield ""
    yield from (f"# {say('Assessment')}", "", f"*{say(DISCLAIMER)}*", "")
    yield from (f"- {escaped(said)}" for said in report.legend())
    if open_emergencies := report.not_ruled_out():
        yield f"- **{escaped(open_emergencies)}**"
    if not report.derivations:
        yield say("Nothing follows from these facts.")
    for heading, derivations in parts.items():
        yield from ("", f"## {say(heading)}", "")
        for derivation in derivations:
            yield from markdown_items(as_lines(derivation, above, labels))
    if report.quantities:
        yield from ("", f"## {say('Scores and measurements')}", "")
        for told, missing in report.measured():
            yield f"- {escaped(told)}"
            if missing:
                yield f"  - {escaped(missing)}"
    if report.conflicts:
        yield from ("", f"## {say('Conflicts')}", "")
        for conflict in report.conflicts:
            yield f"- {escaped(' | '.join(labels.fact(fact) for fact in conflict.facts))}"
            for statement in conflict.sources:
                yield f"  - {escaped(say('source {}: {}', statement.cite, labels.statement(statement)))}"
    yield from ("", f"## {say('What was said')}", "")
    yield from [f"- {escaped(labels.fact(fact))}" for fact in report.facts] or [say("Nothing was said.")]
    if report.undecided:
        yield from ("", f"## {say('Still open')}")
        yield from _open_answers(report) if report.audience == "patient" else _still_open(report)
    yield ""
    yield from (f"- {escaped(said)}" for said in report.made())


def _still_open(report: Contents) -> Iterator[str]:
    say = report.labels.say
    for heading, waiting in report.still_open().items():
        yield from ("", f"### {say(heading)}", "")
        for needs, titles in waiting.items():
            yield f"- {escaped(say('; ').join(titles))}"
            yield f"  - {escaped(say('needs: {}', report.labels.unknowns(needs)))}"


def _open_answers(report: Contents) -> Iterator[str]:
    missing = report.labels.unknowns(report.open_answers())
    yield from ("", escaped(report.labels.say("These answers could still change the result: {}", missing)))
