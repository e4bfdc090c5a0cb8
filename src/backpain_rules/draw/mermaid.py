"""A graph as Mermaid text, which many viewers of Markdown draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .graph import Graph
from .style import BLUE, GREEN, ORANGE

SHAPES: Final = {"stated": ("[", "]"), "rule": ("(", ")"), "conclusion": ("[[", "]]")}
ARROWS: Final = {"leads to": "-->", "takes back": "-. {} .->"}


def mermaid(graph: Graph) -> str:
    """A flowchart from left to right; shapes tell the kinds of nodes apart, and so do colours."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart LR"
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        left, right = SHAPES[node.kind]
        note = f"<br/><i>{_escaped(node.note)}</i>" if node.note else ""
        yield f'  {names[node.id]}{left}"{_escaped(node.text)}{note}"{right}:::{node.kind}'
    for arrow in graph.arrows:
        yield f"  {names[arrow.source]} {ARROWS[arrow.how].format(_escaped(arrow.said))} {names[arrow.target]}"
    for kind, colour in (("stated", GREEN), ("rule", ORANGE), ("conclusion", BLUE)):
        yield f"  classDef {kind} fill:#ffffff,stroke:{colour},color:#1a1a1a"


def _escaped(text: str) -> str:
    """Text in which nothing is taken for Mermaid or HTML: its entities are written `#quot;`."""
    for letter, entity in (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(letter, entity)
    return text
