"""Combine nodes, and fold those that hold in every case or in none."""

from __future__ import annotations

from collections.abc import Sequence

from ..ir.bits import FALSE, TRUE
from ..ir.expressions import Premise
from ..ir.premises import Not
from .nodes import Every, Fires, Flip, Known, Node, Some


def every(of: Sequence[Node], origin: Premise | None) -> Node:
    """All of them; those that always hold left out."""
    known = {n.bits for n in of if isinstance(n, Known)}
    if FALSE in known:
        return Known(FALSE, origin)
    rest = of if TRUE not in known else [n for n in of if not (isinstance(n, Known) and n.bits == TRUE)]
    if not rest:
        return Known(TRUE, origin)
    return rest[0] if len(rest) == 1 else Every(tuple(rest), origin)


def some(of: Sequence[Node], origin: Premise | None) -> Node:
    """One of them; those that never hold left out."""
    known = {n.bits for n in of if isinstance(n, Known)}
    if TRUE in known:
        return Known(TRUE, origin)
    rest = of if FALSE not in known else [n for n in of if not (isinstance(n, Known) and n.bits == FALSE)]
    if not rest:
        return Known(FALSE, origin)
    return rest[0] if len(rest) == 1 else Some(tuple(rest), origin)


def denied(node: Node, origin: Premise | None = None) -> Node:
    """That a premise is known to be false."""
    if isinstance(node, Known) and node.bits in (TRUE, FALSE):
        return Known(TRUE - node.bits, node.origin if origin is None else origin)
    written = origin_of(node)
    return Flip("not", node, origin if origin is not None else None if written is None else Not(written))


def origin_of(node: Node) -> Premise | None:
    """The premise that an author wrote, if a node has one."""
    return None if isinstance(node, Fires) else node.origin
