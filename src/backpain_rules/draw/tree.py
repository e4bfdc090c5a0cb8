"""A tree of text drawn with lines, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from textwrap import wrap

NARROWEST = 40
"""However deep the tree, a line keeps this many columns for its text."""


@dataclass(frozen=True)
class Line:
    """A line of a tree: its text, what else is said of the same thing, and the lines below it.

    `mark` stands before the text: how a premise stands, for instance. `about` is what the line explains; a line that
    `refers` only names what an earlier line explains.
    """

    text: str
    more: tuple[str, ...] = ()
    below: tuple[Line, ...] = ()
    mark: str = ""
    about: Hashable = None
    refers: bool = False


def draw(line: Line, width: int | None) -> list[str]:
    """The tree below a line; with `width`, its lines are broken to fit."""
    drawn: list[str] = []
    stack = [(line, "", "", width)]
    while stack:  # not by recursion: a tree may be deeper than Python recurses
        here, before_first, before, room = stack.pop()
        rail = before + ("│  " if here.below else "   ")
        first, *rest = _broken(f"{here.mark} {here.text}" if here.mark else here.text, room)
        inside = None if room is None else room - 3
        drawn += [before_first + first, *(rail + "  " + text for text in rest)]
        drawn += [rail + text for more in here.more for text in _broken(more, inside)]
        last = len(here.below) - 1
        for number, below in reversed(list(enumerate(here.below))):
            corner, side = ("└─ ", "   ") if number == last else ("├─ ", "│  ")
            stack.append((below, before + corner, before + side, inside))
    return [text.rstrip() for text in drawn]


def _broken(text: str, width: int | None) -> list[str]:
    if width is None:
        return [text]
    return wrap(text, max(width - 5, NARROWEST), break_long_words=False, break_on_hyphens=False) or [""]
