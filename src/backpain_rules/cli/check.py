"""`backpain-rules check`: what is wrong with the rules, proved, with a patient who shows it."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..analysis.diagnostic import Report
from ..analysis.groups.page import html_page
from ..analysis.sarif import to_sarif
from .console import UNFINISHED, BadInput, add_seconds_option, progress, say, say_utf8
from .installed import load

FAULT = 1
CLEAN = "Nothing is wrong."
TOO_LATE = "Nothing was found until the time was up; what is not proved is listed below."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pack", nargs="*", metavar="PACK", help="a pack to check, with those it requires (default: every one)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "html"),
        default="text",
        help="how the findings are written; html is a page for a meeting (default: text)",
    )
    parser.add_argument("--each", action="store_true", help="in the text, list every finding by itself and not by its cause")
    parser.add_argument(
        "--certificate", metavar="FILE", help="also write what was proved with its proofs, which `verify` checks without a solver"
    )
    add_seconds_option(parser)
    parser.add_argument("--set", action="append", default=[], metavar="PACK:PARAM=VALUE", help="give a parameter another value")


def run(options: Namespace) -> int:
    kb = load(options.pack, options.set)
    with progress() as tell:
        report = kb.check(seconds=options.seconds, progress=tell)
        groups = () if options.each else report.groups
        if options.certificate:
            _write(options.certificate, kb.certificate(report, seconds=options.seconds, progress=tell))
    if options.format == "text":
        found = ["\n\n".join(map(str, groups))] if groups else [str(one) for one in report]
        say("\n\n".join("\n".join(section) for section in _sections(report, found)))
    elif options.format == "html":
        say_utf8(html_page(report, [f"{pack.id} {pack.version}" for pack in kb.packs]))
    else:
        data = to_sarif(report) if options.format == "sarif" else report.to_data()
        say_utf8(json.dumps(data, ensure_ascii=False, indent=2))
    return FAULT if report else 0 if report.complete else UNFINISHED


def _write(file: str, certificate: dict[str, Any]) -> None:
    try:
        Path(file).write_text(json.dumps(certificate, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None


def _sections(report: Report, found: list[str]) -> Iterator[list[str]]:
    """The parts of the text, each a list of lines; what is empty is left out."""
    yield ["Found", "", *found] if report else [CLEAN if report.complete else TOO_LATE]
    if report.accepted:
        yield ["Accepted", "", *(str(one) for one in report.accepted)]
    domain, *claims = report.proved or ("",)
    if claims:
        yield ["Proved", f"  {domain}", *(f"    {claim}" for claim in claims)]
    if report.not_proved:
        yield ["Not proved", *(f"  {text}" for text in report.not_proved)]
