"""`backpain-rules verify FILE`: is each claim of a certificate proved? With packs: is it a certificate of these rules?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..drup import verify
from ..errors import CertificateError, FactError
from ..json_text import read_json
from .console import complain, read_bytes, say
from .installed import add_set_option, load

FAULT = 1
NOT_COMPARED = "It was not compared with any rules: name the packs to do that."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a certificate that `check --certificate` has written")
    parser.add_argument("pack", nargs="*", metavar="PACK", help="a pack that it must be a certificate of, with those it requires")
    add_set_option(parser)


def run(options: Namespace) -> int:
    try:
        data = read_json(read_bytes(options.file))
    except FactError as error:
        raise error.at(options.file) from None
    try:
        found = load(options.pack, options.set).verify(data) if options.pack else verify(data)
    except CertificateError as error:
        complain("error", f"{options.file}: {error.message}")
        return FAULT
    packs = ", ".join(f"{pack['id']} {pack['version']}" for pack in data["packs"])
    lines = [
        f"Verified without a solver: {found.impossible} proofs and {found.possible} models, of {packs}.",
        *([] if options.pack else [NOT_COMPARED]),
        *(["Not certified", *(f"  {text}" for text in data["not_certified"])] if data["not_certified"] else []),
    ]
    say("\n".join(lines))
    return 0
