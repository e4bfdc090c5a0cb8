"""Values that hold sets, written the same on every run: the order of a set of texts depends on Python's hash seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def ordered_text(value: object) -> str:
    """A value as it prints, with the members of every set in it in order.

    >>> ordered_text(frozenset({"weak", "cold"}))
    "{'cold', 'weak'}"
    """
    return _repr(value) if _holds_sets(value) else str(value)


def ordered_data(value: object, data: Any) -> Any:
    """`data`, the JSON form of `value`, with a sorted list for every set in it.

    >>> ordered_data((frozenset({2, 1}),), [[2, 1]])
    [[1, 2]]
    """
    match value, data:
        case ((set() | frozenset()), list()):
            return sorted((ordered_data(v, d) for v, d in zip(value, data, strict=True)), key=json.dumps)
        case ((tuple() | list()), list()):
            return [ordered_data(v, d) for v, d in zip(value, data, strict=True)]
        case Mapping(), dict():
            return {name: ordered_data(v, d) for v, (name, d) in zip(value.values(), data.items(), strict=True)}
        case _:
            return data


def _holds_sets(value: object) -> bool:
    match value:
        case set() | frozenset():
            return True
        case tuple() | list():
            return any(map(_holds_sets, value))
        case _:
            return False


def _repr(value: object) -> str:
    match value:
        case set() | frozenset():
            return f"{{{', '.join(sorted(map(_repr, value)))}}}"
        case tuple() | list():
            return f"({', '.join(map(_repr, value))})"
        case _:
            return repr(value)
