"""Where the code of strangers is run: what it raises becomes an error, and what it prints does not mix with our output."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final, TypeVar

from ..errors import BackpainRulesError, printable, shown

T = TypeVar("T")
OURS: Final = str(Path(__file__).parents[1])


class StrangerError(Exception):
    """The code of a stranger raised this, or exited; the cause is what it raised."""


def run(code: Callable[[], T]) -> T:
    """What the code returns. What it prints goes to standard error, since standard output may be JSON.

    Raises `StrangerError` for all that it raises, `SystemExit` and the panics of extensions included; an interrupt by the
    user passes.
    """
    try:
        with redirect_stdout(sys.stderr if sys.stderr is not None else StringIO()):
            return code()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise StrangerError from error


def said(error: BaseException) -> str:
    """What was raised, in one line, with the line of the stranger's code: `words.py, line 15: NameError: ...`."""
    try:
        text = printable(error.message if isinstance(error, BackpainRulesError) else str(error))
    except KeyboardInterrupt:
        raise
    except BaseException:  # its own __str__ may raise or exit
        text = shown(error)
    named = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{where}: {named}" if (where := _where(error)) else named


def _where(error: BaseException) -> str | None:
    """The last line that is neither ours, nor of the import system, nor of a library of Python."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}"
    standard = str(Path(traceback.__file__).parent)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        ours = frame.filename.startswith((OURS, "<frozen")) or "site-packages/plugg" in frame.filename
        of_python = frame.filename.startswith(standard) and "site-packages" not in frame.filename
        if not (ours or of_python):
            return f"{Path(frame.filename).name}, line {frame.lineno}"
    return None
