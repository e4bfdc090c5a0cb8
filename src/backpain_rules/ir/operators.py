"""What the operators of comparisons and of arithmetic do, by their signs."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from .expressions import Operator

OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip
MIRRORED: Final[Mapping[Operator, Operator]] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The operator that says the same with the sides exchanged: `a < b` is `b > a`."""
