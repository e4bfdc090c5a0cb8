"""One case in numbers: the three bits of something in the low three, and above them a bit for each unknown they rest on.

Bit i + 3 marks unknown i as support. What is decided (7 or 0) rests on nothing, so plain bits are states too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import eq, itemgetter
from typing import Final, TypeAlias

from ..ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE, TRUE
from .nodes import Count, Every, Flip, Known, Negation, Node, Some
from .plan import Step
from .planes import NEGATIONS

State: TypeAlias = int
BITS: Final = 7


class States:
    """Registers that hold states."""

    same = staticmethod(eq)

    @staticmethod
    def settled(state: State) -> State:
        """At the fixpoint of the bits, forget supports: what was open on the way there may be decided now."""
        return state & BITS

    @staticmethod
    def constant(bits: int) -> State:
        return bits

    @staticmethod
    def compiled(step: Step) -> Callable[[Sequence[State]], State]:
        first = step.of[0]
        read: Callable[[Sequence[State]], Sequence[State]]
        read = itemgetter(*step.of) if len(step.of) > 1 else lambda states: (states[first],)
        match step.operation:
            case "every":
                return lambda states: every(read(states))
            case "some":
                return lambda states: some(read(states))
            case "count":
                threshold, points = step.threshold, step.points
                return lambda states: count(threshold, zip(points, read(states), strict=True))
            case how:
                return lambda states: negation(how, states[first])


def every(of: Iterable[State]) -> State:
    """The state of a conjunction."""
    bits, found = TRUE, 0
    for here in of:
        bits &= here
        if not bits:
            return FALSE
        found |= here
    return found & ~BITS | bits if bits != TRUE else TRUE


def some(of: Iterable[State]) -> State:
    """The state of a disjunction."""
    found = 0
    for here in of:
        found |= here
    return TRUE if found & BITS == TRUE else found


def count(threshold: int, weighed: Iterable[tuple[int, State]]) -> State:
    """The state of a count of members, given as (points, state): each bit holds where the points that have it suffice."""
    certain = established = possible = found = 0
    for points, here in weighed:
        if here:
            possible += points
            found |= here
            if here & ESTABLISHED:
                established += points
                if here & CERTAIN:
                    certain += points
    if possible < threshold:
        return FALSE
    if certain >= threshold:
        return TRUE
    return found & ~BITS | (ESTABLISHED | POSSIBLE if established >= threshold else POSSIBLE)


def negation(how: Negation, of: State) -> State:
    """The state of a composition that is not monotone."""
    bits = NEGATIONS[how][of & BITS]
    return of & ~BITS | bits if bits and bits != TRUE else bits


def composed(node: Node, state_of: Callable[[Node], State]) -> State:
    """The state of a node, from those of the atoms, propositions and instances inside it."""
    match node:
        case Every(of=of):
            return every(composed(member, state_of) for member in of)
        case Some(of=of):
            return some(composed(member, state_of) for member in of)
        case Count(threshold=threshold, of=pairs):
            return count(threshold, ((points, composed(member, state_of)) for points, member in pairs))
        case Flip(how=how, of=member):
            return negation(how, composed(member, state_of))
        case Known(bits=bits):
            return bits
        case _:
            return state_of(node)
