"""A graph as SVG, drawn here: no program of the system is asked, and the picture carries its own text alternative."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import Final

from .graph import Arrow, Graph, Node, told
from .layout import Layout
from .style import BLUE, FILL, GREEN, ORANGE, VERMILLION

FONT, LINE, PAD = 13, 17, 8
WIDTH, GAP_X, GAP_Y, PASSING, ASIDE = 176, 44, 14, 10, 12
LETTERS: Final = 23
EDGE: Final = {"stated": GREEN, "rule": ORANGE, "conclusion": BLUE}
NOTE: Final = ' fill="#444"'
ROUND: Final = {"stated": 0, "rule": 14, "conclusion": 4}


def svg(graph: Graph, title: str, layout: Layout) -> str:
    """The picture as one SVG element. Shapes tell the kinds of nodes apart, and so do their colours."""
    nodes = {node.id: node for node in graph.nodes}
    lines = {node.id: _lines(node) for node in graph.nodes}
    heights = {id: _height(lines[id]) if id in lines else PASSING for column in layout.columns for id in column}
    tallest = max((sum(heights[id] + GAP_Y for id in column) for column in layout.columns), default=0)
    middle: dict[tuple[int, int], float] = {}
    for x, column in enumerate(layout.columns):
        y = (tallest - sum(heights[id] + GAP_Y for id in column)) / 2 + PAD
        for row, id in enumerate(column):
            middle[x, row] = y + heights[id] / 2
            y += heights[id] + GAP_Y
    routes = tuple(layout.routes.items())
    width = width_of(layout)
    height = tallest + 2 * PAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height:g}" '
        f'viewBox="0 0 {width} {height:g}" font-family="system-ui, sans-serif" font-size="{FONT}">',
        f"<title>{escape(title)}</title><desc>{escape('; '.join(told(graph)))}</desc>",
        '<defs><marker id="bp-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#444"/></marker></defs>',
        f'<rect width="{width}" height="{height:g}" fill="#ffffff"/>',
        *(_arrow(arrow, places, middle, aside) for (arrow, places), aside in zip(routes, _asides(routes), strict=True)),
    ]
    for x, column in enumerate(layout.columns):
        for row, id in enumerate(column):
            if id in nodes:
                parts.append(_node(nodes[id], lines[id], PAD + x * (WIDTH + GAP_X), middle[x, row], heights[id]))
    return "".join([*parts, "</svg>"])


def width_of(layout: Layout) -> int:
    """How many pixels wide the drawing is."""
    return len(layout.columns) * (WIDTH + GAP_X) - GAP_X + 2 * PAD if layout.columns else 2 * PAD


def _node(node: Node, lines: Sequence[tuple[str, bool]], x: float, middle: float, height: float) -> str:
    top = middle - height / 2
    thick = 2.5 if node.kind == "conclusion" else 1.5
    shape = (
        f'<rect x="{x:g}" y="{top:g}" width="{WIDTH}" height="{height:g}" rx="{ROUND[node.kind]}" '
        f'fill="{FILL[node.kind]}" stroke="{EDGE[node.kind]}" stroke-width="{thick}"/>'
    )
    said = "".join(
        f'<tspan x="{x + WIDTH / 2:g}" y="{top + PAD + FONT + number * LINE:g}"{NOTE if is_note else ""}>{escape(text)}</tspan>'
        for number, (text, is_note) in enumerate(lines)
    )
    return f'{shape}<text text-anchor="middle" fill="#1a1a1a">{said}</text>'


def _asides(routes: Sequence[tuple[Arrow, tuple[tuple[int, int], ...]]]) -> Iterator[float]:
    """How far each arrow is moved down, so that those between the same two nodes lie beside each other."""
    ends = [frozenset((arrow.source, arrow.target)) for arrow, _ in routes]
    for number, pair in enumerate(ends):
        yield (ends[:number].count(pair) - (ends.count(pair) - 1) / 2) * ASIDE


def _arrow(arrow: Arrow, places: tuple[tuple[int, int], ...], middle: Mapping[tuple[int, int], float], aside: float) -> str:
    """A curve from node to node through the places between."""
    forwards = places[0][0] <= places[-1][0]
    points: list[tuple[float, float]] = []
    for number, place in enumerate(places):
        left = PAD + place[0] * (WIDTH + GAP_X)
        ends = {0: [left + WIDTH if forwards else left], len(places) - 1: [left if forwards else left + WIDTH]}
        for x in ends.get(number, [left, left + WIDTH] if forwards else [left + WIDTH, left]):
            points.append((x, middle[place] + aside))
    path = f"M{points[0][0]:g},{points[0][1]:g}"
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (x1 + x2) / 2
        path += f" L{x2:g},{y2:g}" if y1 == y2 else f" C{half:g},{y1:g} {half:g},{y2:g} {x2:g},{y2:g}"
    dashed = f'stroke="{VERMILLION}" stroke-dasharray="6 4"' if arrow.how == "takes back" else 'stroke="#444"'
    return f'<path d="{path}" fill="none" {dashed} stroke-width="1.3" marker-end="url(#bp-tip)"/>'


def _lines(node: Node) -> list[tuple[str, bool]]:
    return [(text, False) for text in _broken(node.text)] + [(text, True) for text in _broken(node.note)]


def _broken(text: str) -> list[str]:
    """Lines that fit; a wide letter, as Chinese ones are, takes the room of two."""
    wide = 0 if text.isascii() else sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    letters = LETTERS if wide * 2 < len(text) else LETTERS // 2
    return wrap(text, letters, break_long_words=True, break_on_hyphens=True)


def _height(lines: Sequence[tuple[str, bool]]) -> int:
    return len(lines) * LINE + 2 * PAD
