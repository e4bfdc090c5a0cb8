"""`.. command-help::`: what each command of the command line says of itself, with `--help`, at the time of the build."""

from __future__ import annotations

import contextlib
import io
import os
from unittest.mock import patch

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backpain_rules.cli import COMMANDS, main


class CommandHelp(SphinxDirective):
    """A section for each command."""

    def run(self) -> list[nodes.Node]:
        return [self._section(command, purpose) for command, purpose in COMMANDS.items()]

    def _section(self, command: str, purpose: str) -> nodes.section:
        title = f"backpain-rules {command}"
        section = nodes.section(ids=[nodes.make_id(title)], names=[title])
        section += nodes.title(title, title)
        section += nodes.literal_block(text := said_by(command), text, language="text")
        return section


def said_by(command: str) -> str:
    with patch.dict(os.environ, COLUMNS="100"), contextlib.redirect_stdout(io.StringIO()) as said:
        main([command, "--help"])
    return said.getvalue().strip()


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True}
