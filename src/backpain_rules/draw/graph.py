"""What feeds what, as data: nodes and arrows, to be drawn as Mermaid, SVG or text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["stated", "rule", "conclusion"]
How: TypeAlias = Literal["leads to", "takes back"]


@dataclass(frozen=True)
class Node:
    """A stated sign or fact, a rule, or a conclusion; `note` is said below its text, `group` is what it belongs to."""

    id: str
    kind: Kind
    text: str
    note: str = ""
    group: str = ""


@dataclass(frozen=True)
class Arrow:
    """From what feeds to what is fed, by node ids; `text` says `how` to the reader."""

    source: str
    target: str
    how: How = "leads to"
    text: str = ""

    @property
    def said(self) -> str:
        """The arrow in words."""
        return self.text or self.how


@dataclass(frozen=True)
class Graph:
    """Each node and each arrow once, in an order that does not depend on the run."""

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def told(graph: Graph) -> Iterator[str]:
    """The text alternative of a drawing: every arrow in words."""
    text = {node.id: node.text for node in graph.nodes}
    for arrow in graph.arrows:
        yield f"{text[arrow.source]} {arrow.said} {text[arrow.target]}"
