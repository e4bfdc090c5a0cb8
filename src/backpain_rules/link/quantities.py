"""Comparisons of quantities made ready: slots become scores, answers to one question are counted together, and a comparison that
always holds, or never does, is refused."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from ..errors import PremiseError
from ..facts.values import all_of, is_listed
from ..ir.exact import as_fraction
from ..ir.expressions import Compare, CompareQuantity, Constant, Expression, Premise, Ref, Variable
from ..ir.premises import IsUnknown, Unless
from ..ir.quantities import Linear, Score, linear
from ..ir.render import render
from ..ir.walk import walk


class Range(NamedTuple):
    """The least and the most that a number can be."""

    low: Fraction
    high: Fraction

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


def number_of(ref: Ref[Any]) -> Expression[Any]:
    """A slot as a score: its least value, and the steps up to the value that it has.

    Raises `PremiseError` for a slot that may have no value in a case, or more values than can be told one by one.
    """
    kind, field = ref.variable._kind, ref.field
    if not is_fixed(ref.variable):
        keys = ", ".join(f"{name}=..." for name in kind.schema_.keys)
        raise PremiseError(
            f"{ref.shown}: a quantity reads a slot of one fact, and there may be several; name it, as in "
            f"each({kind.__name__}, {keys})",
            field=ref.name, fact_type=kind.tag(),
        )  # fmt: skip
    if kind.schema_.has_present:
        raise PremiseError(
            f"{ref.shown}: the {kind.tag()} may be absent, and then the slot has no number; "
            f"count points instead, as in score((1, {kind.tag()}.{ref.name} >= 1), (1, {kind.tag()}.{ref.name} >= 2))",
            field=ref.name, fact_type=kind.tag(),
        )  # fmt: skip
    if ref.base is not int or not is_listed(field) or field.vocabulary:
        raise PremiseError(
            f"{ref.shown}: a quantity reads slots that hold whole numbers between bounds, as in slot(ge=0, le=3); "
            "compare any other slot by itself",
            field=ref.name, fact_type=kind.tag(),
        )  # fmt: skip
    first, *others = sorted(all_of(field, ()))
    least: Expression[Any] = Constant(first)
    steps: list[tuple[Constant[Any], Premise]] = []
    before = first
    for value in others:
        steps.append((Constant(value - before), Compare(">=", ref, Constant(value))))
        before = value
    return least if not steps else least + Score(tuple(steps))


def is_fixed(variable: Variable) -> bool:
    """Whether a variable stands for one fact that can be stated, whatever the case: its pattern names all keys."""
    schema = variable._kind.schema_
    return schema.is_open and all(isinstance(variable._where.get(name), Constant) for name in schema.keys)


def refuse_defaults(node: CompareQuantity) -> None:
    """Refuse defaults where more of them would make the comparison false: there they stand under a negation."""
    for sign, member in _signed(node):
        if sign < 0:
            for inner in walk(member):
                if isinstance(inner, Unless | IsUnknown):
                    word = "unless" if isinstance(inner, Unless) else "is_unknown"
                    raise PremiseError(
                        f"{render(inner)} stands under a negation: {word} may be counted where more points make the comparison "
                        f"hold, and in {render(node)} they do not; let a rule of its own conclude it, or write not_"
                    )


def _signed(node: CompareQuantity) -> Iterator[tuple[int, Premise]]:
    """Each premise that a comparison counts: 1 where its holding can make the comparison true, -1 where it can make it false."""
    difference = linear(node.left).plus(linear(node.right).times(Fraction(-1)))
    for factor, score in difference.scores:
        for points, member in score.members:
            assert isinstance(points, Constant)
            grows = factor * as_fraction(points.value) > 0
            if node.op in (">=", ">", "==", "!="):
                yield 1 if grows else -1, member
            if node.op in ("<", "<=", "==", "!="):
                yield -1 if grows else 1, member


def compared(node: CompareQuantity) -> CompareQuantity:
    """The comparison, if some case makes it true and some false. Raises `PremiseError` for any other."""
    left, right = linear(node.left), linear(node.right)
    low, high = range_of(left.plus(right.times(Fraction(-1))))
    always = {">=": low >= 0, ">": low > 0, "<=": high <= 0, "<": high < 0, "==": low == high == 0, "!=": low > 0 or high < 0}
    never = {">=": high < 0, ">": high <= 0, "<=": low > 0, "<": low >= 0, "==": low > 0 or high < 0, "!=": low == high == 0}
    if always[node.op] or never[node.op]:
        one, other = (node.left.shown, range_of(left)), (node.right.shown, range_of(right))
        said = [f"{name} is {found}" for name, found in (one, other) if name != str(found)]
        what = "always holds; leave it out" if always[node.op] else "can never be reached"
        raise PremiseError(f"{render(node)} {what}: {' and '.join(said)}", least=str(low), most=str(high))
    return node


def range_of(number: Linear) -> Range:
    """The least and the most that a number can be, if every premise in it can hold and not hold."""
    low = high = number.constant
    for factor, score in number.scores:
        of = _range_of_score(score)
        low, high = low + min(factor * of.low, factor * of.high), high + max(factor * of.low, factor * of.high)
    return Range(low, high)


def _range_of_score(score: Score) -> Range:
    points = [as_fraction(number.value) for number, _ in score.members if isinstance(number, Constant)]
    together = {number for answers in score.answers for number in answers.members}
    alone = [one for number, one in enumerate(points) if number not in together]
    low, high = sum((one for one in alone if one < 0), Fraction(0)), sum((one for one in alone if one > 0), Fraction(0))
    for answers in score.answers:
        sums = [sum((points[n] for n in held), Fraction(0)) for held in answers.outcomes]
        low, high = low + min(sums), high + max(sums)
    return Range(low, high)
