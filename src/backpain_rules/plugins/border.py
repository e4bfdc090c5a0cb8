"""Run third-party code: its exceptions become library errors, and its output is kept out of ours."""

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
    """Third-party code raised an exception or exited; see the cause."""


def run(code: Callable[[], T]) -> T:
    """Run the code and return its result. Its output goes to standard error, because standard output may be JSON.

    Raises `StrangerError` for any exception, including `SystemExit` and panics of extension modules. `KeyboardInterrupt` passes.
    """
    try:
        with redirect_stdout(sys.stderr if sys.stderr is not None else StringIO()):
            return code()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise StrangerError from error


def said(error: BaseException) -> str:
    """The exception on one line, with its place in the third-party code: `words.py, line 15: NameError: ...`."""
    try:
        text = printable(error.message if isinstance(error, BackpainRulesError) else str(error))
    except KeyboardInterrupt:
        raise
    except BaseException:  # its __str__ may raise or exit
        text = shown(error)
    named = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{where}: {named}" if (where := _where(error)) else named


def _where(error: BaseException) -> str | None:
    """The last line of the traceback outside this library, the import system and the standard library."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}"
    standard = str(Path(traceback.__file__).parent)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        ours = frame.filename.startswith((OURS, "<frozen")) or "site-packages/plugg" in frame.filename
        of_python = frame.filename.startswith(standard) and "site-packages" not in frame.filename
        if not (ours or of_python):
            return f"{Path(frame.filename).name}, line {frame.lineno}"
    return None
