"""The face is names only: it costs nothing to import, and what a type checker sees is what is there."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import backpain_rules


def declared() -> dict[str, str]:
    """The names in the block for type checkers, each with the module it is imported from."""
    tree = ast.parse(Path(backpain_rules.__file__).read_text())
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    return {
        alias.asname or alias.name: node.module or ""
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_importing_the_library_imports_nothing_else() -> None:
    program = "import sys; before = set(sys.modules); import backpain_rules; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {"pydantic", "pluggy", "importlib.metadata"}.isdisjoint(done.stdout.split())


def test_type_checkers_and_the_interpreter_see_the_same_names() -> None:
    assert declared() == backpain_rules._FACE


def test_strategies_can_be_the_first_thing_that_a_program_imports() -> None:
    program = "from backpain_rules.testing import cases; print(cases.__name__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("cases\n", "")


@pytest.mark.parametrize("name", backpain_rules.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(backpain_rules, name) is not None
    assert name in dir(backpain_rules)


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="'backpain_rules' has no attribute 'Pian'"):
        backpain_rules.Pian  # type: ignore[attr-defined]  # noqa: B018


def test_hypothesis_loads_no_more_than_facts_when_it_starts() -> None:
    told = "import hypothesis, sys; print(*(name for name in sys.modules if name.startswith('backpain_rules.')))"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    rooms = {name.split(".")[1] for name in loaded}
    assert rooms == {"arguments", "durations", "errors", "facts", "symbols", "testing"}
