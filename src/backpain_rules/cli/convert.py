"""`backpain-rules convert PACK --to yaml`: a pack as data, from an installed pack or from a file in any form."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..pack import Pack
from ..pack_data import pack_to_json, pack_to_yaml
from .console import say_utf8
from .installed import load_one

FORMS: Final = ("yaml", "json")
YAML: Final = (".yaml", ".yml")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pack", metavar="PACK", help="an installed pack by its name, or a file or folder that holds one")
    parser.add_argument("--to", choices=FORMS, default="yaml", help="the form to write (default: yaml)")


def run(options: Namespace) -> int:
    kb = load_one(options.pack)
    required = {name for pack in kb.packs for name in pack.requires}
    for pack in kb.packs:
        if pack.id not in required:
            say_utf8(_written(pack, kb.packs, options).rstrip("\n"))
    return 0


def _written(pack: Pack, packs: Sequence[Pack], options: Namespace) -> str:
    """The pack in the form that was asked for; from YAML to YAML with the comments of the file."""
    if options.to == "json":
        return pack_to_json(pack, requires=packs)
    path = Path(options.pack)
    like = path.read_bytes() if path.suffix.lower() in YAML and path.exists() else None
    return pack_to_yaml(pack, requires=packs, like=like)
