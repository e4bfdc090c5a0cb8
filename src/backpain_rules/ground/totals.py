"""Numbers that are computed, ground: a constant and the points of premises. A comparison of two is a count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, lcm
from typing import NamedTuple

from ..ir.bits import FALSE, TRUE
from ..ir.exact import as_fraction
from ..ir.expressions import CompareQuantity, Constant, Operator, Premise
from ..ir.premises import AllOf, AnyOf, Not
from ..ir.quantities import Answers, Score
from .folding import denied, every, origin_of
from .nodes import Count, Every, Known, Node, Some


class Total(NamedTuple):
    """The sum of a constant and the points of those premises that hold; all these points are positive."""

    constant: Fraction
    of: tuple[tuple[Fraction, Node], ...]

    def plus(self, other: Total) -> Total:
        """The sum of two."""
        return Total(self.constant + other.constant, (*self.of, *other.of))

    def times(self, factor: Fraction) -> Total:
        """Each part times a factor. Negative points are taken off first, and come back where the premise is false."""
        whole = Total(self.constant * factor, ())
        for points, node in self.of:
            whole = whole.plus(counted(points * factor, node, origin_of(node)))
        return whole


def counted(points: Fraction, node: Node, origin: Premise | None) -> Total:
    """The points of one premise, which may be negative; `origin` is what its author wrote."""
    if points < 0:
        return Total(points, ((-points, denied(node, None if origin is None else Not(origin))),))
    return Total(Fraction(0), ((points, node),) if points else ())


def points_of(score: Score, nodes: Sequence[Node], presence: Callable[[Answers], Node]) -> Total:
    """The total of a score, of which `nodes` are the members; `presence` says that the fact is there that some ask about."""
    points = [as_fraction(number.value) for number, _ in score.members if isinstance(number, Constant)]
    together = {number for answers in score.answers for number in answers.members}
    whole = Total(Fraction(0), ())
    for number, node in enumerate(nodes):
        if number not in together:
            whole = whole.plus(counted(points[number], node, score.members[number][1]))
    for answers in score.answers:
        whole = whole.plus(_of_answers(answers, points, nodes, presence))
    return whole


def _of_answers(
    answers: Answers, points: Sequence[Fraction], nodes: Sequence[Node], presence: Callable[[Answers], Node]
) -> Total:
    """What the answers to one question are worth: the least of it, and the steps up to each higher worth.

    A step holds if the slot has one of the values that are worth so much. So the total knows the range of what is open.
    """
    worth = [sum((points[number] for number in held), Fraction(0)) for held in answers.outcomes]
    everything = frozenset(range(len(worth)))
    ways: list[tuple[frozenset[int], Node]] = []
    if answers.about._kind.schema_.has_present:
        there = presence(answers)
        *present, absent = range(len(worth))
        ways += [(frozenset(present), there), (frozenset({absent}), denied(there))]
    for number in answers.members:
        states = frozenset(state for state, held in enumerate(answers.outcomes) if number in held)
        ways += [(states, nodes[number]), (everything - states, denied(nodes[number]))]
    levels = sorted(set(worth))
    steps: list[tuple[Fraction, Node]] = []
    for before, level in pairwise(levels):
        reached = frozenset(state for state, one in enumerate(worth) if one >= level)
        steps.append((level - before, _one_of(reached, ways)))
    return Total(levels[0], tuple(steps))


def _one_of(wanted: frozenset[int], ways: Sequence[tuple[frozenset[int], Node]]) -> Node:
    """That the slot is in one of these states, said with as few as suffice of the premises that hold in some of them."""
    found: list[Node] = []
    covered: set[int] = set()
    for states, node in sorted(ways, key=lambda way: -len(way[0])):
        if states <= wanted and not states <= covered:
            found.append(node)
            covered |= states
    for state in sorted(wanted - covered):
        if state not in covered:
            exactly = [(states, node) for states, node in ways if state in states]
            found.append(_composed(Every, [node for _, node in exactly]))
            covered |= frozenset.intersection(*(states for states, _ in exactly))
    return found[0] if len(found) == 1 else _composed(Some, found)


def _composed(how: type[Every] | type[Some], of: Sequence[Node]) -> Node:
    written = tuple(origin for node in of if (origin := origin_of(node)) is not None)
    return how(tuple(of), (AllOf if how is Every else AnyOf)(written))


def compared(left: Total, right: Total, origin: CompareQuantity) -> Node:
    """A comparison of two totals."""
    difference = left.plus(right.times(Fraction(-1)))

    def reaches(op: Operator) -> Node:
        return _reaches(difference, op == ">", origin if origin.op == op else CompareQuantity(op, origin.left, origin.right))

    match origin.op:
        case ">=" | ">":
            return reaches(origin.op)
        case "<=":
            return denied(reaches(">"), origin)
        case "<":
            return denied(reaches(">="), origin)
        case "==":
            return every((reaches(">="), denied(reaches(">"))), origin)
        case "!=":
            equal = CompareQuantity("==", origin.left, origin.right)
            return denied(every((reaches(">="), denied(reaches(">"))), equal), origin)


def _reaches(total: Total, strict: bool, origin: Premise) -> Node:
    """That a total is at least 0, or more than 0: a count of whole points."""
    whole = lcm(*(points.denominator for points, _ in total.of))
    least = -total.constant * whole
    threshold = floor(least) + 1 if strict else ceil(least)
    pairs = tuple((int(points * whole), node) for points, node in total.of)
    if threshold <= 0:
        return Known(TRUE, origin)
    if sum(points for points, _ in pairs) < threshold:
        return Known(FALSE, origin)
    return Count(threshold, pairs, origin)
