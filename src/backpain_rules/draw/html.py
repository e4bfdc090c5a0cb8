"""A tree of text as nested HTML lists."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from html import escape

from .tree import Line


def html_items(lines: Iterable[Line], marks: Mapping[str, str], ids: Mapping[Hashable, str] | None = None) -> str:
    """List items, those below inside those above; `marks` says in words what each mark means.

    With `ids`, by what lines are about, a line that only refers to another is a link to it.
    """
    parts: list[str] = []
    stack: list[Line | str] = [*lines]
    stack.reverse()
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            parts.append(here)
            continue
        more = "".join(f"<li>{escape(text)}</li>" for text in here.more)
        has_list = bool(more or here.below)
        id = "" if ids is None or here.about is None else escape(ids[here.about])
        opened = f'<li id="{id}">' if id and not here.refers else "<li>"
        text = html_link(here.text, id) if id and here.refers else escape(here.text)
        parts.append(f"{opened}{_mark(here.mark, marks)}{text}{'<ul>' if has_list else ''}{more}")
        stack += ["</ul></li>" if has_list else "</li>", *reversed(here.below)]
    return "".join(parts)


def html_list(texts: Iterable[str]) -> str:
    """Texts as a list; nothing when there are none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def html_link(text: str, id: str) -> str:
    """A link to a place of the same page."""
    return f'<a href="#{escape(id)}">{escape(text)}</a>'


def _mark(mark: str, marks: Mapping[str, str]) -> str:
    said = escape(marks.get(mark, ""))
    return f'<span class="mark" role="img" title="{said}" aria-label="{said}">{escape(mark)}</span> ' if mark else ""
