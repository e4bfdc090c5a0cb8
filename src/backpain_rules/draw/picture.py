"""A graph with everything that it can be shown as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Final

from ..errors import MissingProgramError
from .dot import dot, drawn
from .graph import Arrow, Graph, How, Node
from .layout import Layout, lay_out
from .mermaid import mermaid
from .svg import svg, width_of

MOST_NODES: Final = 60
MOST_ARROWS: Final = 90
"""In a larger picture the library's own layout has too many crossing lines to be read."""
PAGE: Final = 800
"""How many pixels wide a drawing can be whose text has at least 11 pixels once it is fitted to a printed page (A4)."""


@dataclass(frozen=True)
class Picture(Graph):
    """What feeds what. A notebook shows it as a picture."""

    title: str

    def __str__(self) -> str:
        """Every rule with what it is fed by, what it gives and what takes it back; without rules, every node."""
        said = {node.id: node.text for node in self.nodes}
        lines: list[str] = []
        for here in [node for node in self.nodes if node.kind == "rule"] or self.nodes:
            lines.append(here.text)
            for word, ids in (
                ("from", [a.source for a in self.arrows if a.target == here.id and a.how == "leads to"]),
                ("gives", [a.target for a in self.arrows if a.source == here.id and a.how == "leads to"]),
                ("taken back by", [a.source for a in self.arrows if a.target == here.id and a.how == "takes back"]),
            ):
                lines += [f"  {word:<14}{said[id]}" for id in ids]
        return "\n".join(lines)

    @property
    def is_legible(self) -> bool:
        """Whether it is small enough to be drawn without Graphviz."""
        return len(self.nodes) <= MOST_NODES and len(self.arrows) <= MOST_ARROWS

    @cached_property
    def _layout(self) -> Layout:
        return lay_out(self)

    @property
    def fits_a_page(self) -> bool:
        """Whether its text can be read on a printed page."""
        return width_of(self._layout) <= PAGE

    def to_svg(self) -> str:
        """As an SVG element with a text alternative. Its text has 13 pixels at the width that the element names.

        A picture of up to 60 nodes and 90 arrows is drawn without any other program. A larger one is drawn by Graphviz: by its
        program `dot`, or by the extra `[graph]`. Raises `MissingProgramError` where neither is installed.
        """
        return svg(self, self.title, self._layout) if self.is_legible else drawn(self, self.title)

    def to_dot(self) -> str:
        """In the DOT language of Graphviz, the rules of a pack in one cluster."""
        return dot(self, self.title)

    def to_mermaid(self) -> str:
        """As a Mermaid flowchart."""
        return mermaid(self)

    def _repr_html_(self) -> str:
        try:
            return self.to_svg()
        except MissingProgramError as error:  # a notebook shows something all the same
            return f"<p>{escape(error.message)}</p><pre>{escape(str(self))}</pre>"


class Painter:
    """Collects nodes and arrows for a picture; what is added twice counts once. `say` words the title and the arrows."""

    def __init__(self, title: str, say: Callable[[str], str] = str) -> None:
        self.title = say(title)
        self._say = say
        self._nodes: dict[str, Node] = {}
        self._arrows: dict[Arrow, None] = {}

    def add(self, node: Node) -> bool:
        """Whether the node is new."""
        is_new = node.id not in self._nodes
        self._nodes.setdefault(node.id, node)
        return is_new

    def connect(self, source: str, target: str, how: How = "leads to") -> None:
        """An arrow from one node to another."""
        self._arrows.setdefault(Arrow(source, target, how, self._say(how)))

    def picture(self) -> Picture:
        return Picture(tuple(self._nodes.values()), tuple(self._arrows), self.title)
