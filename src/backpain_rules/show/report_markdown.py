"""A report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from ..draw.markdown import escaped, markdown_items
from ..explain.derivation import as_lines
from ..facts.base import Fact
from .contents import DISCLAIMER, Contents


def markdown_report(report: Contents) -> str:
    """The whole report."""
    return "\n".join(_report(report)) + "\n"


def _report(report: Contents) -> Iterator[str]:
    labels = report.labels
    say = labels.say
    yield f"# {say('Assessment')}"
    yield from ("", f"*{say(DISCLAIMER)}*", "", f"## {say('What was said')}", "")
    yield from (f"- {escaped(labels.fact(fact))}" for fact in report.facts)
    if not report.derivations:
        yield from ("", say("Nothing follows from these facts."))
    above: set[Fact] = set()
    for title, derivations in report.parts().items():
        yield from ("", f"## {say(title)}", "")
        for derivation in derivations:
            yield from markdown_items(as_lines(derivation, above, labels))
    if report.conflicts:
        yield from ("", f"## {say('Conflicts')}", "")
        for conflict in report.conflicts:
            yield f"- {escaped(' | '.join(labels.fact(fact) for fact in conflict.facts))}"
            for statement in conflict.sources:
                yield f"  - {escaped(say('source {}: {}', statement.cite, labels.statement(statement)))}"
    if report.undecided:
        yield from ("", f"## {say('Still open')}", "")
        for needs, titles in report.waiting().items():
            yield f"- {escaped(say('; ').join(titles))}"
            yield f"  - {escaped(say('needs: {}', labels.unknowns(needs)))}"
    packs = say(", ").join(f"{labels.text(pack.title)} {pack.version}" for pack in report.packs)
    yield from ("", escaped(say("Packs: {}", packs)))
