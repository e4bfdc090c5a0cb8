"""One premise made ready for its knowledge base: parameters become values, sign sets their members.

Refuses what the nesting rules forbid and what only shows once everything is loaded: a count that can never be
reached, a mandatory sign that is not among those counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import PremiseError
from ..ir.expressions import Arith, Compare, Constant, Expression, Parameter, Premise, Ref, Variable
from ..ir.premises import (
    AllOf,
    AnyOf,
    AtLeast,
    Count,
    Exists,
    IsKnown,
    IsUnknown,
    Matches,
    Not,
    ScoreAtLeast,
    SignSet,
    Unless,
)
from ..ir.render import render
from ..ir.walk import walk


class Resolver:
    """Resolves the premises of one rule. Variables without parameters stay the author's own objects."""

    def __init__(
        self,
        constant: Callable[[Parameter[Any]], Constant[Any]],
        members: Callable[[SignSet], tuple[Premise, ...]],
        warn: Callable[[str], None],
    ) -> None:
        self._constant = constant
        self._members = members
        self._warn = warn
        self._variables: dict[Variable, Variable] = {}

    def premise(self, node: Premise, negated: bool = False) -> Premise:
        """`node` resolved; `negated` when it stands under a negation."""
        match node:
            case Matches(variable=variable):
                return Matches(self.variable(variable))
            case Compare(op=op, left=left, right=right):
                new_left, new_right = self.value(left), self.value(right)
                return node if new_left is left and new_right is right else Compare(op, new_left, new_right)
            case Exists(variables=variables, body=body):
                inside = None if body is None else self.premise(body, negated)
                return Exists(tuple(self.variable(v) for v in variables), inside)
            case AllOf(members=members):
                return AllOf(tuple(self.premise(m, negated) for m in members))
            case AnyOf(members=members):
                return AnyOf(tuple(self.premise(m, negated) for m in members))
            case AtLeast():
                return self._at_least(node, negated)
            case ScoreAtLeast(threshold=threshold, members=pairs):
                return self._score(threshold, pairs, negated)
            case Not(member=member):
                return Not(self.premise(member, True))
            case IsKnown(member=member):
                return IsKnown(self.premise(member, True))
            case Unless(member=member) | IsUnknown(member=member):
                self._refuse_nested(node, negated)
                return type(node)(self.premise(member, True))
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the premises this library knows")

    def value(self, value: Expression[Any]) -> Expression[Any]:
        """A value with its parameters filled in."""
        match value:
            case Parameter():
                return self._constant(value)
            case Ref(variable=variable, name=name):
                here = self.variable(variable)
                return value if here is variable else Ref(here, name)
            case Arith(op=op, left=left, right=right, base=base):
                return Arith(op, self.value(left), self.value(right), base)
            case _:
                return value

    def variable(self, variable: Variable) -> Variable:
        """The variable with the parameters of its pattern filled in."""
        known = self._variables.get(variable)
        if known is None:
            where = {name: self.value(value) for name, value in variable._where.items()}
            same = all(where[name] is value for name, value in variable._where.items())
            known = variable if same else Variable(variable._kind, where)
            self._variables[variable] = known
        return known

    def _at_least(self, node: AtLeast, negated: bool) -> Premise:
        k = self._count(node.k)
        written = self._members(node.signs) if node.signs is not None else node.members
        members = {render(m): m for m in (self.premise(m, negated) for m in written)}
        what = render(node)
        if not 1 <= k.value <= len(members):
            raise PremiseError(f"{what}: {k.value} of {len(members)} can never be reached", k=k.value, members=len(members))
        must = [self.premise(m, negated) for m in node.mandatory]
        for member in must:
            if render(member) not in members:
                raise PremiseError(f"{what}: mandatory {render(member)} is not among those counted", member=render(member))
        self._warn_shared(what, tuple(members.values()))
        count = AtLeast(k, tuple(members.values()), node.signs)
        return AllOf((*must, count)) if must else count

    def _score(self, threshold: Count, pairs: tuple[tuple[Count, Premise], ...], negated: bool) -> Premise:
        resolved = tuple((self._count(points), self.premise(member, negated)) for points, member in pairs)
        least, total = self._count(threshold), sum(points.value for points, _ in resolved)
        if not 1 <= least.value <= total:
            raise PremiseError(f"score(...) >= {least.value}: the points add up to {total}, so it can never be reached")
        node = ScoreAtLeast(least, resolved)
        self._warn_shared(render(node), tuple(member for _, member in resolved))
        return node

    def _count(self, count: Count) -> Constant[int]:
        if isinstance(count, Parameter):
            return self._constant(count)
        return count if isinstance(count, Constant) else Constant(count)

    def _warn_shared(self, what: str, members: tuple[Premise, ...]) -> None:
        seen: dict[str, int] = {}
        for number, member in enumerate(members):
            for leaf in walk(member):
                if isinstance(leaf, Compare | Exists):
                    text = render(leaf)
                    if seen.setdefault(text, number) != number:
                        self._warn(
                            f"{what}: {text} occurs in two members, so that one sign counts twice; "
                            "leave it out of one of them, or put the two into any_of(...), which counts once"
                        )
                        return

    def _refuse_nested(self, node: Unless | IsUnknown, negated: bool) -> None:
        word = "unless" if isinstance(node, Unless) else "is_unknown"
        if negated:
            raise PremiseError(
                f"{render(node)} stands under a negation: {word} may stand under all_of, any_of, at_least and score only"
                + (f"; for not_(unless(x)) write x, here {render(node.member)}" if word == "unless" else "")
            )
