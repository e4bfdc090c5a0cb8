"""Standard output and standard error: what encoding, which colours, and how a complaint looks."""

from __future__ import annotations

import os
import re
import shutil
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Final, Literal

from ..deadline import Progress
from ..errors import BackpainRulesError, printable

PROGRAM: Final = "backpain-rules"
COLOURS: Final = {r"\[firm\]": "32", r"\[provisional\]": "33", r"^[A-Z].*": "1", r"^!! .* !!$": "1;97;41"}
"""What is coloured: how sure a conclusion is, the headings, which start in the first column with a capital, and alarms."""

UNFINISHED: Final = 3
"""The exit status of a search whose time was up before it found something or proved that there is nothing."""
INTERRUPTED: Final = 128 + 2
"""As a shell says it of a program that SIGINT ended."""


class BadInput(BackpainRulesError):
    """The command was given something that it cannot use."""


def prepare() -> None:
    """Print what the terminal cannot encode as a question mark, rather than fail half-way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def read_bytes(file: str) -> bytes:
    """The content of a file. Raises `BadInput` if it cannot be read."""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None


def complain(what: Literal["error", "warning"], message: str) -> None:
    """One line on standard error."""
    print(f"{PROGRAM}: {what}: {printable(' '.join(message.split()))}", file=sys.stderr)


def say(text: str) -> None:
    """Text on standard output, in colour where somebody looks at it and has not asked for none."""
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        for pattern, colour in COLOURS.items():
            text = re.sub(pattern, f"\033[{colour}m\\g<0>\033[0m", text, flags=re.MULTILINE)
    print(text)


def alarm(text: str) -> str:
    """A line that nobody overlooks, without colour too: `!! EMERGENCY !!`."""
    return f"!! {text.upper()} !!"


def say_utf8(text: str) -> None:
    """JSON, HTML and the like on standard output: UTF-8, whatever the terminal prefers."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(text)


def width() -> int | None:
    """How wide the lines may be: as wide as the terminal; anything else takes lines of any length."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def add_seconds_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", type=_seconds, metavar="S", help="search no longer than this, and say what is missing (default: to the end)"
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not seconds >= 0:
        raise ArgumentTypeError(f"{text!r} is no number of seconds; write 0 or more, such as 30")
    return seconds


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Tells on standard error what is being done, one line that is written over and goes at the end; on a terminal alone."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(doing: str) -> None:
        room = shutil.get_terminal_size().columns - 1
        print(f"\r\033[K{printable(doing)[:room]}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
