"""A tree of text as nested HTML lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from .tree import Line


def html_items(lines: Iterable[Line], marks: Mapping[str, str]) -> str:
    """List items, those below inside those above; `marks` says in words what each mark means."""
    parts: list[str] = []
    stack: list[Line | str] = []
    stack += reversed(list(lines))
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            parts.append(here)
            continue
        more = "".join(f"<li>{escape(text)}</li>" for text in here.more)
        has_list = bool(more or here.below)
        parts.append(f"<li>{_mark(here.mark, marks)}{escape(here.text)}{'<ul>' if has_list else ''}{more}")
        stack += ["</ul></li>" if has_list else "</li>", *reversed(here.below)]
    return "".join(parts)


def html_list(texts: Iterable[str]) -> str:
    """Texts as a list; nothing when there are none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def _mark(mark: str, marks: Mapping[str, str]) -> str:
    said = escape(marks.get(mark, ""))
    return f'<span class="mark" role="img" title="{said}" aria-label="{said}">{escape(mark)}</span> ' if mark else ""
