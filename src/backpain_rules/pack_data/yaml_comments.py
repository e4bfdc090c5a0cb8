"""New data put into the YAML text that held the old: comments, order and quotes of what stays the same are kept."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Styled = Callable[[Any, int], Any]
"""From new data and how deep it stands to what the YAML library writes."""


def merged(yaml: Any, text: str, old: Any, new: Any, styled: Styled) -> Any:
    """`new` as the YAML library writes it, in the form of `text`, which was read strictly as `old` before."""
    return _value(yaml.load(io.StringIO(text)), old, new, styled, 0)


def _value(node: Any, old: Any, new: Any, styled: Styled, depth: int) -> Any:
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return _mapping(node, old, new, styled, depth)
    if isinstance(new, Sequence) and isinstance(old, Sequence) and not isinstance(new, str) and not isinstance(old, str):
        return _list(node, old, new, styled, depth)
    return node if type(old) is type(new) and old == new else styled(new, depth)


def _mapping(node: Any, old: Mapping[str, Any], new: Mapping[str, Any], styled: Styled, depth: int) -> Any:
    nodes = {str(key): (key, value) for key, value in node.items()}
    for name in old:
        if name not in new:
            del node[nodes[name][0]]
    for at, (name, value) in enumerate(new.items()):
        if name in old:
            key, inner = nodes[name]
            node[key] = _value(inner, old[name], value, styled, depth + 1)
        else:
            node.insert(min(at, len(node)), name, styled(value, depth + 1))
    return node


def _list(node: Any, old: Sequence[Any], new: Sequence[Any], styled: Styled, depth: int) -> Any:
    """Members that have an id are found by it, others by their place; a comment goes with the member that it belongs to."""
    if list(map(_id, old)) == list(map(_id, new)):
        for at, value in enumerate(new):
            node[at] = _value(node[at], old[at], value, styled, depth + 1)
        return node
    places = {_id(one): at for at, one in enumerate(old) if _id(one) is not None}
    made = []
    for value in new:
        place = places.get(_id(value))
        made.append(styled(value, depth + 1) if place is None else _value(node[place], old[place], value, styled, depth + 1))
    node[:] = made
    return node


def _id(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else None
