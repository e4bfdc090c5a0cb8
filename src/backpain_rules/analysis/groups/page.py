"""A report as a page for a meeting: the causes, the gravest first, each with its sides and proposals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ...draw.html import html_link, html_list
from ...draw.style import STYLE
from ..diagnostic import Diagnostic, Report, say_case, written_at
from .group import Group, Proposal

MOST_LISTED = 50
"""The page lists at most so many findings of a group, and lines of a proposal."""


def html_page(report: Report, packs: Sequence[str]) -> str:
    """The report as a self-contained page without scripts. `packs` are the packs that were checked."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Findings</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(_report(report, packs))
        + "\n</main>\n</body>\n</html>\n"
    )


def _report(report: Report, packs: Sequence[str]) -> Iterator[str]:
    yield '<article class="bp">'
    summary = f"{len(report)} findings with {len(report.groups)} causes, in {', '.join(packs)}."
    yield f"<h1>Findings</h1><p>{escape(summary)}</p>"
    if not report.complete:
        yield "<p><strong>The time was up before everything was looked for.</strong></p>"
    if report.groups:
        yield "<section><h2>To be decided</h2><ol>"
        for number, group in enumerate(report.groups, start=1):
            yield f"<li>{html_link(group.title, f'group-{number}')} ({len(group.findings)}; {escape(group.measure)})</li>"
        yield "</ol></section>"
    for number, group in enumerate(report.groups, start=1):
        yield from _group(number, group)
    if report.accepted:
        yield f"<section><h2>Accepted</h2>{html_list(_accepted(one) for one in report.accepted)}</section>"
    for heading, texts in (("Proved", report.proved), ("Not proved", report.not_proved)):
        if texts:
            yield f"<section><h2>{heading}</h2>{html_list(texts)}</section>"
    yield "</article>"


def _group(number: int, group: Group) -> Iterator[str]:
    yield f'<section id="group-{number}"><h2>{number}. {escape(group.title)}</h2>'
    yield f'<p class="note">{escape(f"{group.code} {group.name}; {len(group.findings)} findings; {group.measure}")}</p>'
    if group.kinds:
        yield f"<p>Premises: {escape(group.overlap)}.</p>"
    if group.patient is not None:
        yield f"<p>Smallest patient: {escape(say_case(group.patient))}</p>"
    for side in group.sides:
        yield f"<h3>{escape(side.conclusion)}</h3>{_folded(f'{len(side.rules)} rules', side.rules)}"
        if side.sources:
            yield _folded(f"{len(side.sources)} statements of sources", side.sources)
    if group.proposals:
        yield "<h3>Proposals</h3><ol>"
        yield from (_proposal(one) for one in group.proposals)
        yield "</ol>"
    yield f"{_folded('Findings', map(_finding, group.findings))}"
    yield "<p>Decision: ____________________________________________</p></section>"


def _proposal(one: Proposal) -> str:
    sure = "firm" if one.settles else "provisional"
    why = f" {escape(one.detail)}" if one.detail else ""
    said = f'<strong>{escape(one.how)}</strong>: {escape(one.summary)} <span class="{sure}">{escape(one.outcome)}</span>{why}'
    return f"<li>{said}{_folded('What to write', one.changes.lines)}</li>"


def _finding(one: Diagnostic) -> str:
    places = ", ".join(f"{name} ({written_at(written)})" for name, written in one.places.items())
    return f"{one.message}; {places}" if places else one.message


def _accepted(one: Diagnostic) -> str:
    reason = "" if one.accepted is None else f": {one.accepted.reason}"
    return f"{one.code} {one.message}{reason}"


def _folded(summary: str, texts: Iterable[str]) -> str:
    lines = [*texts]
    more = [f"and {len(lines) - MOST_LISTED} more"] if len(lines) > MOST_LISTED else []
    return f"<details><summary>{escape(summary)}</summary>{html_list([*lines[:MOST_LISTED], *more])}</details>"
