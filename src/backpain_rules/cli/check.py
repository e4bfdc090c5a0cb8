"""`backpain-rules check`: what is wrong with the rules, proved, with a patient who shows it."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from ..analysis.diagnostic import Report
from ..analysis.sarif import to_sarif
from .console import say, say_utf8
from .installed import load

FAULT = 1


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pack", nargs="*", metavar="PACK", help="a pack to check, with those it requires (default: every one)")
    parser.add_argument(
        "--format", choices=("text", "json", "sarif"), default="text", help="how the findings are written (default: text)"
    )
    parser.add_argument("--set", action="append", default=[], metavar="PACK:PARAM=VALUE", help="give a parameter another value")


def run(options: Namespace) -> int:
    report = load(options.pack, options.set).check()
    if options.format == "text":
        say("\n\n".join("\n".join(section) for section in _sections(report)))
    else:
        data = to_sarif(report) if options.format == "sarif" else report.to_data()
        say_utf8(json.dumps(data, ensure_ascii=False, indent=2))
    return FAULT if report else 0


def _sections(report: Report) -> Iterator[list[str]]:
    """The parts of the text, each a list of lines; what is empty is left out."""
    yield ["Found", "", *(str(one) for one in report)] if report else ["Nothing is wrong."]
    if report.accepted:
        yield ["Accepted", "", *(str(one) for one in report.accepted)]
    domain, *claims = report.proved or ("",)
    if claims:
        yield ["Proved", f"  {domain}", *(f"    {claim}" for claim in claims)]
    if report.not_proved:
        yield ["Not proved", *(f"  {text}" for text in report.not_proved)]
