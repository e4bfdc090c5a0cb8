"""`examples/notebook.ipynb` runs, and is kept without what it printed. CI runs it in Jupyter too: `jupyter execute`."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

from pages import ROOT

CELLS = json.loads((ROOT / "examples" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
CODE = [cell for cell in CELLS if cell["cell_type"] == "code"]


def test_it_is_stored_without_outputs() -> None:
    assert CODE
    assert [cell["source"] for cell in CODE if cell["outputs"] or cell["execution_count"] is not None] == []


def test_its_cells_run_from_top_to_bottom_and_show_what_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    shown = [value for cell in CODE if (value := last_value("".join(cell["source"]), names)) is not None]
    assert any(hasattr(value, "_repr_html_") for value in shown)
    assert all(value._repr_html_() for value in shown if hasattr(value, "_repr_html_"))


def last_value(source: str, names: dict[str, Any]) -> Any:
    """What a cell shows: the value of its last line, if that is an expression."""
    *body, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        exec(source, names)
        return None
    exec(compile(ast.Module(body, []), "cell", "exec", dont_inherit=True), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval", dont_inherit=True), names)
