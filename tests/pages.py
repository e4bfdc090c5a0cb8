"""A page of the documentation, taken by its word: its blocks, what they do, and the output that they claim.

The block of `text` that comes next after a block of code, in the same section, is the output that is claimed for it.
A block of code with a caption (```` ```{code-block} python ```` and `:caption: words.py`) is a file of that name.
"""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(?:\{code-block\} )?(\w+)\n((?::[\w-]+:[^\n]*\n)*)\n?(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block, the output that the next block claims for it, if that is one of output, and the file that it is."""

    language: str
    text: str
    output: str | None = None
    file: str | None = None


def blocks(text: str) -> Iterator[Block]:
    found = list(BLOCK.finditer(text))
    for here, following in zip(found, [*found[1:], None], strict=False):
        language, options, code = here.groups()
        caption = re.search(r"^:caption: (.+)$", options, re.MULTILINE)
        is_output = following is not None and following[1] == "text" and "\n#" not in text[here.end() : following.start()]
        yield Block(language, code, following[3] if following and is_output else None, caption and caption[1].replace("\\", ""))


def printed(block: Block, names: dict[str, Any]) -> str:
    """What a block of Python prints that is run with these names, and adds to them."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(block.text, "page", "exec", dont_inherit=True), names)
    return output.getvalue()


class Shell:
    """A shell that a reader has open: the folder, the variables and the functions of one block are there in the next."""

    END = "the end of the block, with status"

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._script = folder / ".block"
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_: object) -> None:
        self._bash.communicate()

    def typed(self, text: str) -> tuple[str, int]:
        """What a block prints that is typed, both to standard output and to standard error, and its last exit status."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._script.write_text(text, encoding="utf-8")
        self._bash.stdin.write(f"source '{self._script}' </dev/null; echo \"{self.END} $?\"\n")
        self._bash.stdin.flush()
        told = ""
        for line in self._bash.stdout:
            before, end, status = line.partition(self.END)
            told += before
            if end:
                return told, int(status)
        raise AssertionError(f"the shell is gone after\n{text}\n{told}")


def is_shown(claimed: str, real: str) -> bool:
    """Whether the claimed lines are the real ones; a line of three dots stands for any lines."""
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in claimed.splitlines())
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in real.splitlines())) is not None
