"""A tree of text as nested Markdown lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tree import Line


def markdown_items(line: Line, depth: int = 0) -> Iterator[str]:
    """The lines of a nested list; the outermost is bold."""
    stack = [(line, depth)]
    while stack:
        here, deep = stack.pop()
        mark = f"`{here.mark}` " if here.mark else ""
        text = f"**{escaped(here.text)}**" if deep == 0 else escaped(here.text)
        yield f"{'  ' * deep}- {mark}{text}"
        yield from (f"{'  ' * (deep + 1)}- {escaped(more)}" for more in here.more)
        stack += [(below, deep + 1) for below in reversed(here.below)]


def escaped(text: str) -> str:
    """Text in which nothing is taken for Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", text)
