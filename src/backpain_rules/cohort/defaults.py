"""Which conclusions can be provisional: established by default but not certain."""

from __future__ import annotations

from collections.abc import Set

from ..ground.nodes import Derived, Fires, Flip, Known, Node, members
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED


def provisional(program: Program) -> frozenset[int]:
    """The propositions that a case can establish without making them certain.

    The others depend on no `unless`, `is_unknown` or override, so they are certain whenever they are established.
    """
    found: set[int] = set()
    size = len(program.facts)
    order = sorted(range(size + len(program.instances)), key=lambda number: program.component[number])
    growing = True
    while growing:  # repeats only for recursive rules
        before = len(found)
        for number in order:
            if number in found:
                continue
            if number < size:
                by_default = any(size + producer in found for producer in program.producers[number])
            else:
                instance = program.instances[number - size]
                by_default = bool(instance.overriders) or _by_default(instance.body, found, size)
            if by_default:
                found.add(number)
        growing = len(found) > before
    return frozenset(number for number in found if number < size)


def _by_default(node: Node, found: Set[int], size: int) -> bool:
    """Whether a node can be established without being certain."""
    match node:
        case Known(bits=bits):
            return bits & (CERTAIN | ESTABLISHED) == ESTABLISHED
        case Derived(proposition=proposition):
            return proposition in found
        case Fires(instance=instance):
            return size + instance in found
        case Flip(how="not"):
            return False
        case Flip(how="unless" | "is_unknown"):
            return True
        case _:
            return any(_by_default(member, found, size) for member in members(node))
