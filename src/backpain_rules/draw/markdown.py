"""A tree of text as nested Markdown lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tree import Line


def markdown_items(line: Line, depth: int = 0) -> Iterator[str]:
    """The lines of a nested list; the outermost is bold."""
    mark = f"`{line.mark}` " if line.mark else ""
    text = f"**{escaped(line.text)}**" if depth == 0 else escaped(line.text)
    yield f"{'  ' * depth}- {mark}{text}"
    yield from (f"{'  ' * (depth + 1)}- {escaped(more)}" for more in line.more)
    for below in line.below:
        yield from markdown_items(below, depth + 1)


def escaped(text: str) -> str:
    """Text in which nothing is taken for Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", text)
