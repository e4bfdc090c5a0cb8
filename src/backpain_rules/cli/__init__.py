"""The command line: one command a module, which is imported when it is asked for.

Exit status: 0; 1 when a command finds a fault in a rule base; 2 for input that it cannot use, with one line on standard
error that says what is wrong; 3 when `--seconds` were up before it found a fault or proved that there is none; 130 after Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import traceback
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

from .._version import __version__
from ..errors import BackpainRulesError
from .console import INTERRUPTED, PROGRAM, complain, prepare

COMMANDS: Final = {
    "assess": "say what follows from the facts of one case, and why",
    "interview": "ask about one patient what can still change the conclusions, and say what follows",
    "cohort": "say what follows from each row of a table of cases, from file to file",
    "check": "prove that the rules are consistent, or show a patient for whom they are not",
    "verify": "check a certificate of what was proved, without a solver",
    "diff": "say whether two versions of a pack agree on every patient, or show the smallest cases where they differ",
    "cases": "make a small set of test cases that shows what each premise of the rules does",
    "packs": "list the installed packs of knowledge",
    "convert": "write a pack as YAML or JSON, or check that a file holds a pack",
    "schema": "print the JSON Schema of a pack or of a case, for editors and forms",
    "mcp": "serve the rules as tools for agents, over the Model Context Protocol",
    "replay": "assess the facts of a receipt again, and say whether the result is the same",
    "graph": "show which signs and conclusions feed which rules",
    "rules": "list the rules of the packs, or where each statement of their sources ended",
    "terms": "list the symptoms, conditions and interventions that the packs declare, with questions and codes",
    "new-pack": "make a project for a pack of one's own, with a first rule and its tests",
}
BAD_INPUT = 2
TRACEBACK: Final = "--traceback"


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        complain("error", f"{message}; see '{self.prog} --help'")
        raise SystemExit(BAD_INPUT)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    prepare()
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        return _run(arguments)
    except SystemExit as done:  # of --help, --version and the parser's errors
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except BackpainRulesError as error:
        is_hidden = error.__cause__ is not None and TRACEBACK not in arguments
        complain("error", f"{error.message}; run with {TRACEBACK} for the full trace" if is_hidden else error.message)
        if TRACEBACK in arguments:
            traceback.print_exception(error)
        return BAD_INPUT
    except BrokenPipeError:  # the reader has seen enough; what is left must not be flushed into the closed pipe at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        complain("error", "interrupted")
        return INTERRUPTED


def _run(argv: list[str]) -> int:
    options = _parser(argv).parse_args(argv)
    status = _module(options.command).run(options)
    sys.stdout.flush()
    return int(status)


def _parser(argv: Sequence[str]) -> ArgumentParser:
    parser = _Parser(prog=PROGRAM, description="Typed facts about one patient in, explained conclusions out.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.", allow_abbrev=False)
        command.add_argument(TRACEBACK, action="store_true", help="after an error, also print where in the code it was raised")
        if name in argv:
            _module(name).add_arguments(command)
    return parser


def _module(command: str) -> Any:
    return import_module(f".{command.replace('-', '_')}", __name__)
