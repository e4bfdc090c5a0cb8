"""Every rule base that differs from a given one in one small thing: an operator, a threshold, a count, a member, an override.

The premises themselves are changed, as linked, not their source text: what a test-suite should notice is a slip in the rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from ..errors import PremiseError
from ..facts.values import STEPS
from ..ir.exact import as_fraction
from ..ir.expressions import Compare, CompareQuantity, Constant, Expression, Operator, Premise, Variable
from ..ir.premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from ..ir.quantities import Points, Score
from ..ir.render import Namer, render
from ..link.model import Linked, LinkedRule

ORDER: Final[tuple[Operator, ...]] = ("<", "<=", "==", "!=", ">=", ">")
SAME: Final[tuple[Operator, ...]] = ("==", "!=")


@dataclass(frozen=True)
class Mutant:
    """A rule base with one change, and where it is."""

    rule: str
    change: str
    linked: Linked

    def __str__(self) -> str:
        return f"{self.rule}: {self.change}"


def mutants(linked: Linked, rules: Collection[str]) -> Iterator[Mutant]:
    """Every mutant of these rules. Some may be refused when they are compiled, for a cycle through a negation."""
    for rule in linked.rules:
        if rule.name in rules:
            for change, changed in _of_rule(linked, rule):
                others = tuple(changed if one is rule else one for one in linked.rules)
                yield Mutant(rule.name, change, replace(linked, rules=others))


def _of_rule(linked: Linked, rule: LinkedRule) -> Iterator[tuple[str, LinkedRule]]:
    names = Namer(rule.variables)
    for was, now, body in _of_premise(linked, rule.body, negated=False):
        told = "left out" if now is None else f"as {render(now, names)}"
        yield f"{render(was, names)} {told}", replace(rule, body=body)
    for name in rule.overridden_by:
        yield f"not overridden by {name}", replace(rule, overridden_by=tuple(n for n in rule.overridden_by if n != name))


Change = tuple[Premise, Premise | None, Premise]
"""What was, what stands in its place (None: it was left out), and the whole premise with that change."""


def _of_premise(linked: Linked, node: Premise, *, negated: bool) -> Iterator[Change]:
    """Each change of a premise, or of one inside it."""
    for here in _in_place(linked, node, negated=negated):
        yield node, here, here
    yield from _of_members(linked, node, negated=negated)


def _in_place(linked: Linked, node: Premise, *, negated: bool) -> Iterator[Premise]:
    match node:
        case Compare(op=op, left=left, right=right):
            yield from (Compare(other, left, right) for other in (ORDER if _step(left, right) else SAME) if other != op)
            for side in _stepped(right):
                yield Compare(op, left, side)
            for side in _stepped(left):
                yield Compare(op, side, right)
        case Matches():
            return
        case Exists(variables=variables, body=None) if len(variables) == 1:
            yield Not(node)
            for other in _other_patterns(linked, variables[0]):
                yield Exists((other,))
        case Exists():
            return
        case AllOf(members=members):
            if len(members) > 1:
                yield AnyOf(members)
        case AnyOf(members=members):
            if len(members) > 1:
                yield AllOf(members)
        case AtLeast(k=k, members=members, signs=signs):
            yield from (AtLeast(Constant(n), members, signs) for n in _near(k, len(members)))
        case CompareQuantity(op=op, left=left, right=right):
            yield from (CompareQuantity(other, left, right) for other in ORDER if other != op)
            yield from (CompareQuantity(op, left, threshold) for threshold in _beside(right))
            if isinstance(left, Score):
                for place, (points, member) in enumerate(left.members):
                    for number in _beside(points):
                        yield CompareQuantity(op, _with(left, place, ((number, member),)), right)
        case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
            yield member
            kinds: Sequence[type[Any]] = (Not, IsKnown) if negated else (Not, Unless, IsUnknown, IsKnown)
            yield from (kind(member) for kind in kinds if type(node) is not kind)
        case _:
            raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")


def _of_members(linked: Linked, node: Premise, *, negated: bool) -> Iterator[Change]:
    match node:
        case AllOf(members=members) | AnyOf(members=members):
            for place, member in enumerate(members):
                before, after = members[:place], members[place + 1 :]
                if before or after:
                    yield member, None, type(node)((*before, *after))
                for was, now, whole in _of_premise(linked, member, negated=negated):
                    yield was, now, type(node)((*before, whole, *after))
        case AtLeast(k=k, members=members):
            for place, member in enumerate(members):
                before, after = members[:place], members[place + 1 :]
                if _number(k) < len(members):
                    yield member, None, AtLeast(k, (*before, *after), None)
                for was, now, whole in _of_premise(linked, member, negated=negated):
                    yield was, now, AtLeast(k, (*before, whole, *after), None)
        case CompareQuantity(op=op, left=Score(members=pairs) as left, right=right):
            under = negated or op not in (">=", ">")
            for place, (points, member) in enumerate(pairs):
                if len(pairs) > 1:
                    yield member, None, CompareQuantity(op, _with(left, place, ()), right)
                below = under or as_fraction(points.value if isinstance(points, Constant) else 1) < 0
                for was, now, whole in _of_premise(linked, member, negated=below):
                    yield was, now, CompareQuantity(op, _with(left, place, ((points, whole),)), right)
        case Exists(variables=variables, body=body) if body is not None:
            for was, now, whole in _of_premise(linked, body, negated=negated):
                yield was, now, Exists(variables, whole)
        case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
            for was, now, whole in _of_premise(linked, member, negated=True):
                yield was, now, type(node)(whole)
        case _:
            return


# --- values -------------------------------------------------------------------------------------------------------------


def _step(*sides: Expression[Any]) -> Any:
    """One step of what these values measure; None where they have no order."""
    found = (STEPS.get(type(side.value) if isinstance(side, Constant) else side.base) for side in sides)
    return next((step for step in found if step is not None), None)


def _stepped(side: Expression[Any]) -> Iterator[Constant[Any]]:
    if isinstance(side, Constant) and type(side.value) in STEPS:
        for sign in (-1, 1):
            with suppress(OverflowError):
                yield Constant(side.value + sign * STEPS[type(side.value)])


def _other_patterns(linked: Linked, variable: Variable) -> Iterator[Variable]:
    """The pattern with one of its constants another: the next one in the domain of its field."""
    for name, value in variable._where.items():
        if isinstance(value, Constant) and variable._kind.schema_.fields[name].is_finite:
            domain = linked.domain(variable._kind, name)
            if len(domain) > 1 and value.value in domain:
                other = domain[(domain.index(value.value) + 1) % len(domain)]
                yield Variable(variable._kind, {**variable._where, name: Constant(other)})


def _beside(side: Expression[Any]) -> Iterator[Constant[Any]]:
    """The numbers one less and one more; 0 is left out, as points are never 0."""
    if isinstance(side, Constant):
        yield from (Constant(side.value + step) for step in (-1, 1) if side.value + step)


def _with(score: Score, place: int, pairs: Sequence[tuple[Points, Premise]]) -> Score:
    """The score with these members in the place of one. The other answers to its question are counted one by one."""
    answers = tuple(one for one in score.answers if place not in one.members)
    if not pairs:  # the members after it move up
        answers = ()
    return Score((*score.members[:place], *pairs, *score.members[place + 1 :]), answers)


def _near(count: object, most: int) -> list[int]:
    return [n for n in (_number(count) - 1, _number(count) + 1) if 1 <= n <= most]


def _number(count: object) -> int:
    value = count.value if isinstance(count, Constant) else count
    assert isinstance(value, int)
    return value
