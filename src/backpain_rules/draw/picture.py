"""A graph with everything that it can be shown as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .graph import Arrow, Graph, How, Node
from .mermaid import mermaid
from .svg import svg


@dataclass(frozen=True)
class Picture(Graph):
    """What feeds what. A notebook shows it as a picture."""

    title: str

    def __str__(self) -> str:
        """Every rule with what it is fed by, what it gives and what takes it back."""
        said = {node.id: node.text for node in self.nodes}
        lines: list[str] = []
        for rule in (node for node in self.nodes if node.kind == "rule"):
            lines.append(rule.text)
            for word, ids in (
                ("from", [a.source for a in self.arrows if a.target == rule.id and a.how == "leads to"]),
                ("gives", [a.target for a in self.arrows if a.source == rule.id and a.how == "leads to"]),
                ("taken back by", [a.source for a in self.arrows if a.target == rule.id and a.how == "takes back"]),
            ):
                lines += [f"  {word:<14}{said[id]}" for id in ids]
        return "\n".join(lines)

    def to_svg(self) -> str:
        """As an SVG element, drawn without any other program, with a text alternative."""
        return svg(self, self.title)

    def to_mermaid(self) -> str:
        """As a Mermaid flowchart."""
        return mermaid(self)

    def _repr_svg_(self) -> str:
        return self.to_svg()


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
