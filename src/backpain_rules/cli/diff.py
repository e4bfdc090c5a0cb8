"""`backpain-rules diff OLD NEW`: do two versions of a pack say the same of every patient?"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from ..analysis.diff import Comparison
from .console import UNFINISHED, add_seconds_option, progress, say, say_utf8
from .installed import load_one

DIFFERENT = 1
EQUIVALENT = "Equivalent: every conclusion stands alike for every patient."


def add_arguments(parser: ArgumentParser) -> None:
    what = "version: an installed pack by its name, or the folder or the file (.py, .json, .yaml) of one that is not installed"
    parser.add_argument("old", metavar="OLD", help=f"the old {what}")
    parser.add_argument("new", metavar="NEW", help=f"the new {what}")
    add_seconds_option(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the result is written (default: text)")


def run(options: Namespace) -> int:
    old, new = load_one(options.old), load_one(options.new)
    with progress() as tell:
        comparison = old.diff(new, seconds=options.seconds, progress=tell)
    if options.format == "json":
        say_utf8(json.dumps(comparison.to_data(), ensure_ascii=False, indent=2))
    else:
        say(_text(comparison))
    if comparison.differences or comparison.constraints:
        return DIFFERENT
    return 0 if comparison.equivalent else UNFINISHED


def _text(comparison: Comparison) -> str:
    parts = [str(one) for one in (*comparison.differences, *comparison.constraints)]
    if parts:
        parts = [f"{len(parts)} differences", *parts]
    elif comparison.equivalent:
        parts = [EQUIVALENT]
    elif not comparison.complete:
        parts = ["No difference was found until the time was up."]
    if comparison.undecided:
        parts.append("\n".join(["Neither shown nor proved alike", *(f"  {text}" for text in comparison.undecided)]))
    if comparison.not_compared:
        parts.append("\n".join(["Not compared", *(f"  {text}" for text in comparison.not_compared)]))
    return "\n\n".join(parts)
