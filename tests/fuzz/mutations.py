"""Mutations: good data or text, changed in one to three places by a seeded generator."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any, Final

STRANGE: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 2**63, -(10**40), 1.5, -0.0, 1e308, "", " ", "0", "a", "true", "null", "P3D", "P1M", "-P1D",
    "06:00", "2026-02-30", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59", "\0", "\u202e", "\ufeff", "é" * 50, "x" * 10_000,
    "lumbar", "patient", "{region}", [], {}, [[]], [{}], {"": None}, {"type": "pain"}, [None] * 50,
)  # fmt: skip
_FRAGMENTS: Final = (
    "", ",", ";", ":", '"', "{", "}", "[", "]", "\n", "\r\n", "\0", "\ufeff", "\\ud800", "\\u0000", "NaN", "-Infinity", "1e999",
    "9" * 5000, "null", "true", " ", "\t", "'", "[" * 2000, '{"a":' * 2000, "x" * 10_000, "é", "\ud800",
)  # fmt: skip


def mutated(rng: Random, value: Any) -> Any:
    """Data like JSON, changed in one to three places."""
    value = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        value = _mutated_once(rng, value)
    return value


def mutated_json(rng: Random, value: Any) -> str:
    """JSON text of changed data; in one of four inputs the text is changed too."""
    text = json.dumps(mutated(rng, value), ensure_ascii=rng.random() < 0.5)
    return mutated_text(rng, text) if rng.random() < 0.25 else text


def mutated_text(rng: Random, text: str) -> str:
    """Text, changed in one to three places."""
    for _ in range(rng.randint(1, 3)):
        start, end = sorted(rng.choices(range(len(text) + 1), k=2))
        if rng.random() < 0.5:
            end = min(end, start + rng.randint(0, 8))
        text = text[:start] + _changed(rng, text[start:end]) + text[end:]
    return text


def _changed(rng: Random, piece: str) -> str:
    match rng.randrange(7):
        case 0:
            return ""
        case 1:
            return piece + piece
        case 2:
            return piece[::-1]
        case 3:
            return piece.swapcase()
        case 4:
            return rng.choice(_FRAGMENTS)
        case 5:
            return piece + rng.choice(_FRAGMENTS)
        case _:
            return "".join(chr(ord(c) ^ 1 << rng.randrange(7)) for c in piece[:100]) + piece[100:]


def _mutated_once(rng: Random, root: Any) -> Any:
    """The data with one place changed: a random node and, below the root, the name or number it has there."""
    places = list(_places(root))
    if not places or rng.random() < 0.02:
        return _replaced(rng, root, root)
    holder, name = rng.choice(places)
    kind = rng.randrange(6)
    if kind == 0:
        del holder[name]
    elif kind == 1 and isinstance(holder, list):
        holder.insert(rng.randint(0, len(holder)), copy.deepcopy(holder[name]))
    elif kind == 1:
        holder[_renamed(rng, name)] = holder.pop(name)
    elif kind == 2 and isinstance(holder, dict):
        other = rng.choice([n for h, n in places if isinstance(h, dict)])
        holder[rng.choice((_renamed(rng, name), other))] = copy.deepcopy(rng.choice(STRANGE))
    elif kind == 3:
        there, at = rng.choice(places)
        holder[name] = copy.deepcopy(there[at])
    else:
        holder[name] = _replaced(rng, holder[name], root)
    return root


def _places(root: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if isinstance(here, (dict, list)):
            for name in here if isinstance(here, dict) else range(len(here)):
                yield here, name
                waiting.append(here[name])


def _renamed(rng: Random, name: str) -> str:
    at = rng.randint(0, len(name))
    return rng.choice((name[:at] + name[at + 1 :], name + name[-1:], name.upper(), f" {name}", "x", name[:at] + "_" + name[at:]))


def _replaced(rng: Random, value: Any, root: Any) -> Any:
    kind = rng.randrange(4)
    if kind == 0 and isinstance(value, str):
        return _renamed(rng, value) if rng.random() < 0.7 else mutated_text(rng, value)
    if kind == 0 and isinstance(value, (int, float)):
        return rng.choice((value + 1, value - 1, -value, value * 10 ** rng.randint(1, 30), str(value), float(value) + 0.5))
    if kind == 1:
        deep: Any = value
        for _ in range(rng.choice((1, 1, 2, 5, 50))):
            deep = [deep] if rng.random() < 0.5 else {rng.choice(("a", "facts", "all_of", "value")): deep}
        return deep
    if kind == 2:
        return copy.deepcopy(root) if rng.random() < 0.5 else rng.choice(([], {}))
    return copy.deepcopy(rng.choice(STRANGE))
