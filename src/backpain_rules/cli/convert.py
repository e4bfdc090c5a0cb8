"""`backpain-rules convert PACK --to yaml`: a pack as data, from an installed pack or from a file in any form."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from ..pack_data import pack_to_json, pack_to_yaml
from .console import say_utf8
from .installed import load_one

WRITERS: Final = {"yaml": pack_to_yaml, "json": pack_to_json}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pack", metavar="PACK", help="an installed pack by its name, or a file or folder that holds one")
    parser.add_argument("--to", choices=tuple(WRITERS), default="yaml", help="the form to write (default: yaml)")


def run(options: Namespace) -> int:
    kb = load_one(options.pack)
    required = {name for pack in kb.packs for name in pack.requires}
    for pack in kb.packs:
        if pack.id not in required:
            say_utf8(WRITERS[options.to](pack, requires=kb.packs).rstrip("\n"))
    return 0
