"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import backpain_rules

MODULES = [found.name for found in pkgutil.walk_packages(backpain_rules.__path__, "backpain_rules.")]


@pytest.mark.parametrize("name", ["backpain_rules", *MODULES])
def test_examples_run_as_written(name: str) -> None:
    module = importlib.import_module(name)
    names = {name: value for name, value in vars(module).items() if name != "annotations"}  # as typed, without a __future__
    failed, _ = doctest.testmod(module, globs=names, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    face = importlib.import_module("backpain_rules.ir.premises")
    assert any(test.examples for test in finder.find(face))
