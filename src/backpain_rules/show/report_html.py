"""A report as HTML: one page that needs no script, no other file and no colour to be understood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from html import escape
from itertools import count
from typing import Final

from ..draw.html import html_items, html_link, html_list
from ..draw.style import STYLE
from ..draw.tree import Line
from ..explain.derivation import STATES, Derivation, as_lines, picture
from ..facts.base import Fact
from .contents import DISCLAIMER, Contents
from .labels import Labels
from .parts import EMERGENCY, NOT_RULED_OUT

Ids = defaultdict[Hashable, str]
"""The id of the place in the page where a conclusion is explained."""
OPEN_EMERGENCIES: Final = "bp-not-ruled-out"
"""The id of the place where the emergencies stand that are still open."""


def html_page(report: Contents) -> str:
    """The whole report as a page of its own."""
    say = report.labels.say
    title = say("{}: {}", say(EMERGENCY), say("Assessment")) if EMERGENCY in report.parts() else say("Assessment")
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(report.labels.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + html_report(report)
        + "</main>\n</body>\n</html>\n"
    )


def html_report(report: Contents) -> str:
    """The report as a part of another page."""
    return "\n".join(_report(report)) + "\n"


def _report(report: Contents) -> Iterator[str]:
    labels, say, parts = report.labels, report.labels.say, report.parts()
    numbers = count(1)
    ids: Ids = defaultdict(lambda: f"bp-why-{next(numbers)}")
    above: set[Fact] = set()
    yield '<article class="bp">'
    emergencies = parts.pop(EMERGENCY, ())
    if emergencies:
        yield f'<section class="emergency"><h1><span aria-hidden="true">⚠</span> {escape(say(EMERGENCY))}</h1>'
        yield from (_conclusion(derivation, "h2", above, labels, ids) for derivation in emergencies)
        yield "</section>"
    yield f'<h1>{escape(say("Assessment"))}</h1><p class="note">{escape(say(DISCLAIMER))}</p>'
    yield f'<div class="note">{html_list(report.legend())}</div>'
    if open_emergencies := report.not_ruled_out():
        yield f"<p><strong>{html_link(open_emergencies, OPEN_EMERGENCIES)}</strong></p>"
    if not report.derivations:
        yield f"<p>{escape(say('Nothing follows from these facts.'))}</p>"
    for heading, derivations in parts.items():
        yield f"<section><h2>{escape(say(heading))}</h2>"
        yield from (_conclusion(derivation, "h3", above, labels, ids) for derivation in derivations)
        yield "</section>"
    if report.quantities:
        measured = (html_list([told, missing] if missing else [told]) for told, missing in report.measured())
        yield f"<section><h2>{escape(say('Scores and measurements'))}</h2>{''.join(measured)}</section>"
    if report.conflicts:
        yield f"<section><h2>{escape(say('Conflicts'))}</h2><ul>"
        for conflict in report.conflicts:
            cited = [say("source {}: {}", s.cite, labels.statement(s)) for s in conflict.sources]
            yield f"<li>{escape(' | '.join(labels.fact(fact) for fact in conflict.facts))}{html_list(cited)}</li>"
        yield "</ul></section>"
    stated = html_list(labels.fact(fact) for fact in report.facts) or f"<p>{escape(say('Nothing was said.'))}</p>"
    yield f"<section><h2>{escape(say('What was said'))}</h2>{stated}</section>"
    if report.undecided:
        yield f"<section><h2>{escape(say('Still open'))}</h2>"
        yield from _open_answers(report) if report.audience == "patient" else _still_open(report)
        yield "</section>"
    yield from _drawing(report)
    yield f'<footer class="note">{html_list(report.made())}</footer></article>'


def _conclusion(derivation: Derivation, level: str, above: set[Fact], labels: Labels, ids: Ids) -> str:
    lines = as_lines(derivation, above, labels)
    sure = "firm" if derivation.firm else "provisional"
    badge = f'<span class="{sure}">{escape(labels.say(sure))}</span>'
    title = labels.title(derivation.fact)
    heading = f"<{level}>{escape(title)} {badge}</{level}>"
    if lines.refers:  # explained further up: its details stand there, too
        details = html_list(labels.details(derivation.fact))
        why = f"<p>{html_link(labels.say('Why {}, as above', title), ids[derivation.fact])}</p>"
        return f'<div class="conclusion">{heading}{details}{why}</div>'
    told = html_list(lines.more) + _why(lines, title, labels, ids)
    return f'<div class="conclusion" id="{ids[derivation.fact]}">{heading}{told}</div>'


def _why(lines: Line, title: str, labels: Labels, ids: Ids) -> str:
    """The reasons, folded. The link has the name of the conclusion, for readers who hear links without what is around them."""
    below = html_items(lines.below, {mark: labels.say(said) for mark, said in STATES.items()}, ids)
    name = f'{escape(labels.say("Why"))} <span class="unseen">{escape(title)}</span>'
    return f"<details><summary>{name}</summary><ul>{below}</ul></details>"


def _still_open(report: Contents) -> Iterator[str]:
    """What could still follow, folded under headings that say how much of it there is."""
    say = report.labels.say
    for heading, waiting in report.still_open().items():
        number = sum(map(len, waiting.values()))
        id = f' id="{OPEN_EMERGENCIES}"' if heading == NOT_RULED_OUT else ""
        yield f"<details{id}><summary>{escape(say('{} ({})', say(heading), number))}</summary><dl>"
        for needs, titles in waiting.items():
            yield f"<dt>{escape(say('; ').join(titles))}</dt>"
            yield f"<dd>{escape(say('needs: {}', report.labels.unknowns(needs)))}</dd>"
        yield "</dl></details>"


def _open_answers(report: Contents) -> Iterator[str]:
    """For a patient: the answers that are missing, and not what they could mean."""
    missing = report.labels.unknowns(report.open_answers())
    yield f"<p>{escape(report.labels.say('These answers could still change the result: {}', missing))}</p>"


def _drawing(report: Contents) -> Iterator[str]:
    """How it follows, as a drawing, where that can be read. Its rules have ids for names, so a patient gets none."""
    drawn = picture(report.derivations, report.labels)
    if not report.derivations or not drawn.is_legible or report.audience == "patient":
        return
    name = escape(report.labels.say("How it follows"))
    fits = "" if drawn.fits_a_page else " wide"
    yield f'<section class="drawn{fits}"><h2>{name}</h2>'
    yield f'<div class="drawing" role="region" tabindex="0" aria-label="{name}">{drawn.to_svg()}</div></section>'
