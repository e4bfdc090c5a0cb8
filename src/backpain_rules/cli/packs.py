"""`backpain-rules packs`: which packs are installed, and what is wrong with those that do not work."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..errors import printable
from ..knowledge import KnowledgeBase
from ..plugins.discovery import discover
from .console import say


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(options: Namespace) -> int:
    kb = KnowledgeBase.load()
    working = {pack.id for pack in kb.packs}
    rows = [("Pack", "Version", "Rules", "Distribution", "Title")]
    rows += [
        (found.pack.id, found.pack.version, str(len(found.pack.rules)), f"{found.distribution} {found.version}", found.pack.title)
        for found in discover().packs
        if found.pack.id in working
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1])) for row in rows]
    say("\n".join([*lines, *(f"broken: {printable(str(error))}" for error in kb.broken)]))
    return 0
