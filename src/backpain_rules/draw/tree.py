"""A tree of text drawn with lines, for a terminal or a log."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

NARROWEST = 40
"""However deep the tree, a line keeps this many columns for its text."""


@dataclass(frozen=True)
class Line:
    """A line of a tree: its text, what else is said of the same thing, and the lines below it.

    `mark` stands before the text: how a premise stands, for instance.
    """

    text: str
    more: tuple[str, ...] = ()
    below: tuple[Line, ...] = ()
    mark: str = ""


def draw(line: Line, width: int | None) -> list[str]:
    """The tree below a line; with `width`, its lines are broken to fit."""
    rail = "│  " if line.below else "   "
    first, *rest = _broken(f"{line.mark} {line.text}" if line.mark else line.text, width)
    drawn = [first, *(rail + "  " + text for text in rest)]
    drawn += [rail + text for more in line.more for text in _broken(more, width and width - 3)]
    for number, below in enumerate(line.below):
        corner, side = ("└─ ", "   ") if number == len(line.below) - 1 else ("├─ ", "│  ")
        head, *tail = draw(below, width and width - 3)
        drawn += [corner + head, *(side + text for text in tail)]
    return [text.rstrip() for text in drawn]


def _broken(text: str, width: int | None) -> list[str]:
    if width is None:
        return [text]
    return wrap(text, max(width - 5, NARROWEST), break_long_words=False, break_on_hyphens=False) or [""]
