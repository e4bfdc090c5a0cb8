"""Find an unclosed quotation mark in CSV text, which would swallow the rows after it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

QUOTE: Final = '"'
_CLOSING: Final = re.compile(r'[^"]*(?:""[^"]*)*"(?!")')
"""The rest of a quoted cell up to its closing quotation mark; a doubled mark is an escaped one."""
ADVICE: Final = 'close it at the end of its cell; inside a quoted cell, write a quotation mark twice ("")'


class OpenQuote(NamedTuple):
    """An unclosed quotation mark: its line, counted from 1, and how many rows and empty lines precede its row."""

    line: int
    rows: int
    empty: int


def open_quote(lines: Iterable[str], separator: str = ",") -> OpenQuote | None:
    """The first unclosed quotation mark; None if there is none.

    A quoted cell may span several lines. `lines` include their line ends.

    >>> open_quote(["id,note\\n", '1,"a\\n', "2,b\\n"])
    OpenQuote(line=2, rows=1, empty=0)
    """
    rows = empty = 0
    opened: OpenQuote | None = None
    for number, line in enumerate(lines, 1):
        if opened is None and not line.strip("\r\n"):
            empty += 1
            continue
        if opened is not None or QUOTE in line:
            at = 0
            while at < len(line):
                if opened is None and line[at] == QUOTE:
                    opened, at = OpenQuote(number, rows, empty), at + 1
                if opened is not None:
                    closing = _CLOSING.match(line, at)
                    if closing is None:
                        break
                    at = closing.end()
                    if line[at : at + 1] not in (separator, "\r", "\n", ""):
                        return opened
                    opened = None
                after = line.find(separator, at)
                at = len(line) if after < 0 else after + len(separator)
        if opened is None:
            rows += 1
    return opened
