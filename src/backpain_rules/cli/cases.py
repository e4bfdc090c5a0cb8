"""`backpain-rules cases`: a small set of test cases that shows what each premise of the rules does."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from ..analysis.case_set import TestCases
from ..analysis.mcdc import CRITERIA
from ..testing.source_code import to_tests
from .console import UNFINISHED, add_seconds_option, complain, progress, say, say_utf8
from .installed import add_set_option, load


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pack", nargs="?", metavar="PACK", help="the pack whose rules are looked at (default: every one)")
    parser.add_argument("--criterion", choices=CRITERIA, default="mcdc", help="what the cases must show (default: mcdc)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "python"),
        default="text",
        help="how the cases are written; python is a test module (default: text)",
    )
    add_seconds_option(parser)
    add_set_option(parser)


def run(options: Namespace) -> int:
    names = [options.pack] if options.pack else []
    kb = load(names, options.set)
    named = kb.packs[-1].id if options.pack else None  # all others are there because it requires them
    with progress() as tell:
        made = kb.test_cases(options.criterion, pack=named, seconds=options.seconds, progress=tell)
    if options.format == "json":
        say_utf8(json.dumps(made.to_data(), ensure_ascii=False, indent=2))
    elif options.format == "python":
        values = {name: value for name, (number, value) in kb.rule_base.parameters.items() if value != number.default}
        say_utf8(to_tests(made, names, values))
    else:
        say("\n\n".join("\n".join(section) for section in _sections(made)))
    if not made.complete:
        complain("warning", f"the time was up first; {len(made.left_out)} things are left out")
    return 0 if made.complete else UNFINISHED


def _sections(made: TestCases) -> Iterator[list[str]]:
    """The parts of the text, each a list of lines; what is empty is left out."""
    for number, case in enumerate(made, 1):
        yield [f"{number}. {case}"]
    if made.idle:
        yield ["Decides nothing", *(f"  {rule}: {leaf}" for rule, leaf in made.idle)]
    if made.left_out:
        yield ["Left out", *(f"  {text}" for text in made.left_out)]
    yield [f"{len(made)} cases, {sum(len(case.shows) for case in made)} things shown"]
