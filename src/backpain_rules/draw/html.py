"""A tree of text as nested HTML lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from .tree import Line


def html_items(lines: Iterable[Line], marks: Mapping[str, str]) -> str:
    """List items, those below inside those above; `marks` says in words what each mark means."""
    return "".join(_item(line, marks) for line in lines)


def html_list(texts: Iterable[str]) -> str:
    """Texts as a list; nothing when there are none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def _item(line: Line, marks: Mapping[str, str]) -> str:
    said = escape(marks.get(line.mark, ""))
    mark = f'<span class="mark" role="img" title="{said}" aria-label="{said}">{escape(line.mark)}</span> ' if line.mark else ""
    below = "".join(f"<li>{escape(text)}</li>" for text in line.more) + html_items(line.below, marks)
    return f"<li>{mark}{escape(line.text)}{f'<ul>{below}</ul>' if below else ''}</li>"
