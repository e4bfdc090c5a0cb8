"""`backpain-rules schema pack|case`: the JSON Schema of a pack as data, or of a case of the packs that are loaded."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from ..pack_data import pack_schema
from .console import say_utf8
from .installed import add_pack_option, load


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("of", choices=("pack", "case"), help="a pack of rules as data, or the facts of one patient")
    add_pack_option(parser)


def run(options: Namespace) -> int:
    schema = pack_schema() if options.of == "pack" else load(options.pack).case_schema()
    say_utf8(json.dumps(schema, ensure_ascii=False, indent=2))
    return 0
