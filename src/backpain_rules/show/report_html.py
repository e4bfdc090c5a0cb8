"""A report as HTML: one page that needs no script, no other file and no colour to be understood."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..draw.html import html_items, html_list
from ..draw.style import STYLE
from ..draw.tree import Line
from ..explain.derivation import STATES, Derivation, as_lines, picture
from ..facts.base import Fact
from .contents import DISCLAIMER, Contents
from .labels import Labels


def html_page(report: Contents) -> str:
    """The whole report as a page of its own."""
    title = escape(report.labels.say("Assessment"))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(report.labels.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + html_report(report)
        + "</main>\n</body>\n</html>\n"
    )


def html_report(report: Contents) -> str:
    """The report as a part of another page."""
    return "\n".join(_report(report)) + "\n"


def _report(report: Contents) -> Iterator[str]:
    labels = report.labels
    say = labels.say
    yield f'<article class="bp"><h1>{escape(say("Assessment"))}</h1><p class="note">{escape(say(DISCLAIMER))}</p>'
    yield f"<section><h2>{escape(say('What was said'))}</h2>{html_list(labels.fact(fact) for fact in report.facts)}</section>"
    if not report.derivations:
        yield f"<p>{escape(say('Nothing follows from these facts.'))}</p>"
    above: set[Fact] = set()
    for title, derivations in report.parts().items():
        yield f"<section><h2>{escape(say(title))}</h2>"
        for derivation in derivations:
            yield _conclusion(derivation, as_lines(derivation, above, labels), labels)
        yield "</section>"
    if report.conflicts:
        yield f"<section><h2>{escape(say('Conflicts'))}</h2><ul>"
        for conflict in report.conflicts:
            cited = [say("source {}: {}", s.cite, labels.statement(s)) for s in conflict.sources]
            yield f"<li>{escape(' | '.join(labels.fact(fact) for fact in conflict.facts))}{html_list(cited)}</li>"
        yield "</ul></section>"
    if report.derivations:
        drawn = picture(report.derivations, labels).to_svg()
        yield f'<section><h2>{escape(say("How it follows"))}</h2><div class="drawing">{drawn}</div></section>'
    if report.undecided:
        yield f"<section><h2>{escape(say('Still open'))}</h2><dl>"
        for needs, titles in report.waiting().items():
            yield f"<dt>{escape(say('; ').join(titles))}</dt>"
            yield f"<dd>{escape(say('needs: {}', labels.unknowns(needs)))}</dd>"
        yield "</dl></section>"
    packs = say(", ").join(f"{labels.text(pack.title)} {pack.version}" for pack in report.packs)
    yield f'<footer class="note">{escape(say("Packs: {}", packs))}</footer></article>'


def _conclusion(derivation: Derivation, lines: Line, labels: Labels) -> str:
    sure = "firm" if derivation.firm else "provisional"
    badge = f'<span class="{sure}">{escape(labels.say(sure))}</span>'
    below = html_items(lines.below, {mark: labels.say(said) for mark, said in STATES.items()})
    why = f"<details><summary>{escape(labels.say('Why'))}</summary><ul>{below}</ul></details>" if below else ""
    return f'<div class="conclusion"><h3>{escape(labels.title(derivation.fact))} {badge}</h3>{html_list(lines.more)}{why}</div>'
