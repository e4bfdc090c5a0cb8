"""`backpain-rules mcp`: the tools for agents, on standard input and output."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..agents.server import make_server
from .installed import add_pack_option, add_set_option, load


def add_arguments(parser: ArgumentParser) -> None:
    add_pack_option(parser)
    add_set_option(parser)


def run(options: Namespace) -> int:
    make_server(load(options.pack, options.set)).run()
    return 0
