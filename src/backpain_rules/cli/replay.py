"""`backpain-rules replay RECEIPT`: assess the facts of a receipt again, and say whether the result is the same."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..agents.receipts import read_receipt, replay
from ..errors import OtherPacksError, SavedStateError
from .console import complain, read_bytes, say
from .installed import add_pack_option, load

FAULT = 1


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("receipt", metavar="RECEIPT", help="a file with the receipt of an assessment, as JSON")
    add_pack_option(parser)


def run(options: Namespace) -> int:
    try:
        receipt = read_receipt(read_bytes(options.receipt))
    except SavedStateError as error:
        raise error.at(options.receipt) from None
    try:
        result = replay(load(options.pack or sorted(receipt.packs)), receipt)
    except (OtherPacksError, SavedStateError) as error:
        complain("error", error.message)
        return FAULT
    say(f"The same result, with {len(result.derived)} conclusions.")
    return 0
