"""One case in numbers: the three bits of something in the low three, and above them a bit for each unknown they rest on.

Bit i + 3 marks unknown i as support. What is decided (7 or 0) rests on nothing, so plain bits are states too. The compositions
here are those of `planes` on all bits at once; a property test holds them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import eq
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
        match step.operation:
            case "every":
                return partial(every, step.of)
            case "some":
                return partial(some, step.of)
            case "count":
                return partial(count, step.threshold, tuple(zip(step.points, step.of, strict=True)))
            case how:
                (member,) = step.of
                return lambda states: negation(how, states[member])


def every(of: Iterable[int], states: Sequence[State]) -> State:
    """The state of a conjunction of these among the states."""
    bits, found = TRUE, 0
    for number in of:
        here = states[number]
        bits &= here
        if not bits:
            return FALSE
        found |= here
    return found & ~BITS | bits if bits != TRUE else TRUE


def some(of: Iterable[int], states: Sequence[State]) -> State:
    """The state of a disjunction of these among the states."""
    found = 0
    for number in of:
        found |= states[number]
    return TRUE if found & BITS == TRUE else found


def count(threshold: int, of: Iterable[tuple[int, int]], states: Sequence[State]) -> State:
    """The state of a count of these among the states, each with its points: a bit holds where those that have it suffice."""
    certain = established = possible = found = 0
    for points, number in of:
        here = states[number]
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
            return every(range(len(of)), [composed(member, state_of) for member in of])
        case Some(of=of):
            return some(range(len(of)), [composed(member, state_of) for member in of])
        case Count(threshold=threshold, of=pairs):
            members = [composed(member, state_of) for _, member in pairs]
            return count(threshold, [(points, number) for number, (points, _) in enumerate(pairs)], members)
        case Flip(how=how, of=member):
            return negation(how, composed(member, state_of))
        case Known(bits=bits):
            return bits
        case _:
            return state_of(node)
