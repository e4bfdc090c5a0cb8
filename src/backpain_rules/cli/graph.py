"""`backpain-rules graph`: what feeds what."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import get_args

from ..show.labels import ENGLISH
from ..show.rule_overview import Detail
from .console import say, say_utf8
from .installed import add_pack_option, load


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "of", nargs="?", metavar="PACK|RULE", help="a pack, or a rule as PACK:RULE with its neighbours (default: all)"
    )
    add_pack_option(parser)
    parser.add_argument(
        "--format", choices=("text", "svg", "dot", "mermaid"), default="text", help="how it is drawn (default: text)"
    )
    parser.add_argument(
        "--detail",
        choices=get_args(Detail),
        default="rules",
        help="an overview of many rules: which conclusion leads to which, or which pack (default: rules)",
    )
    parser.add_argument("--language", metavar="LANG", default=ENGLISH, help="say it in labels of this language: en, zh-Hans")


def run(options: Namespace) -> int:
    picture = load(options.pack).graph(options.of, detail=options.detail, language=options.language)
    if options.format == "text":
        say(str(picture) or "No rules.")
    else:
        drawn = {"svg": picture.to_svg, "dot": picture.to_dot, "mermaid": picture.to_mermaid}[options.format]
        say_utf8(drawn().rstrip("\n"))
    return 0
