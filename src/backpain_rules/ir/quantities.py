"""Numbers of a case that are computed: the points of a score, sums of them, and quantities, which give such a number a name.

Every such number is a constant and some scores, each times a factor. Arithmetic is exact: no binary fraction moves a threshold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from ..arguments import text, text_or_none
from ..errors import PremiseError, shown
from .exact import NUMBERS, as_fraction, is_number
from .expressions import Arith, Constant, Expression, Parameter, Premise, Ref, Variable, check_id
from .premises import Given, premise

Points: TypeAlias = Parameter[Any] | Constant[Any]


class Answers(NamedTuple):
    """Members of a score, by number, that ask about one slot of one fact and nothing else: they are counted together.

    `about` stands for the fact. `values` are those of the slot, one for each way in which the members can come out. `outcomes`
    are the members that hold for each of them and, last, where the fact is absent, if it can be.
    """

    members: tuple[int, ...]
    about: Variable
    slot: str
    values: tuple[Any, ...]
    outcomes: tuple[frozenset[int], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Score(Expression[Any]):
    """The sum of the points of those premises that hold. `answers` are found when it is linked."""

    members: tuple[tuple[Points, Premise], ...]
    answers: tuple[Answers, ...] = ()

    @property
    def base(self) -> type:  # type: ignore[override]
        return Fraction

    @property
    def shown(self) -> str:
        return "score(...)"


@dataclass(frozen=True, eq=False, slots=True)
class Quantity(Expression[Any]):
    """A named number of a case: rules compare it, and every result reports it, with its label and its unit."""

    id: str
    label: str
    of: Expression[Any]
    unit: str | None = None

    @property
    def base(self) -> type:  # type: ignore[override]
        return Fraction

    @property
    def shown(self) -> str:
        return self.id


def score(*of: tuple[int | float | Decimal | Fraction | Parameter[Any], Given]) -> Score:
    """The points of those premises that hold: `score((2, A), (1, B), (-1, C))`. Compare it with a number to make a premise.

    Points are whole numbers, fractions or decimals; what counts against is negative. Members that ask about one and the same
    slot of one fact are counted together, so that `score((1, x.pain == "mild"), (2, x.pain == "severe"))` is 2 at most.

    >>> from backpain_rules import score, symptom
    >>> a, b = symptom("a", "A", ask="A?"), symptom("b", "B", ask="B?")
    >>> premise = score((2, a), (1, b)) >= 2
    """
    for pair in of:
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise PremiseError(f"score takes pairs (points, premise), not {shown(pair)}")
    if not of:
        raise PremiseError("score() needs at least one pair (points, premise)")
    return Score(tuple((checked_points(points), premise(given)) for points, given in of))


def quantity(id: str, label: str, of: object, *, unit: str | None = None) -> Quantity:
    """A named number that rules compare and every result reports.

    `of` is made of scores, slots that hold whole numbers between bounds, other quantities, parameters and numbers, with `+`,
    `-`, and with `*` and `/` by a number or a parameter. Variables in it are its own: the quantity has one value in a case.

    >>> from backpain_rules import quantity, score, symptom
    >>> a, b = symptom("a", "A", ask="A?"), symptom("b", "B", ask="B?")
    >>> TOTAL = quantity("total", "Total", score((2, a), (1, b)))
    >>> premise = TOTAL >= 2
    """
    place = f"quantity {check_id(id, 'quantity')!r}"
    text(place, "label", label)
    text_or_none(place, "unit", unit)
    if not isinstance(of, Expression) or of.base not in NUMBERS:
        given = of.shown if isinstance(of, Expression) else shown(of)
        raise PremiseError(
            f"{place}: {given} is not a number of the case; write score((points, premise), ...), a slot that holds a whole "
            "number, or a sum of these",
            argument="of",
        )
    return Quantity(id, label, of, unit)


def checked_points(points: object, what: str = "score points") -> Points:
    """Points of a premise. Raises `PremiseError` for what is no number, and for 0, which would say nothing."""
    if isinstance(points, Parameter):
        if points.base not in NUMBERS:
            raise PremiseError(f"{what}: parameter {points.id!r} is a {points.base.__name__}, not a number")
        return points
    value = points.value if isinstance(points, Constant) else points
    if not is_number(value):
        raise PremiseError(f"{what}: {shown(value)} is not a number; the number comes first, as in score((2, FEVER), (1, COUGH))")
    if not value:
        raise PremiseError(f"{what}: 0 points say nothing; leave that premise out")
    return points if isinstance(points, Constant) else Constant(value)


# --- what a number is made of -------------------------------------------------------------------------------------------


class Linear(NamedTuple):
    """A number as a constant and some scores, each times a factor."""

    constant: Fraction
    scores: tuple[tuple[Fraction, Score], ...] = ()

    def times(self, factor: Fraction) -> Linear:
        """Each part times a factor."""
        return Linear(self.constant * factor, tuple((factor * one, score) for one, score in self.scores if factor))

    def plus(self, other: Linear) -> Linear:
        """The sum of two."""
        return Linear(self.constant + other.constant, (*self.scores, *other.scores))


def linear(value: Expression[Any]) -> Linear:
    """What a linked number is made of.

    Raises `PremiseError` for a product of two numbers that depend on the case, and for a quotient by one, or by 0.
    """
    match value:
        case Constant(value=constant):
            return Linear(as_fraction(constant))
        case Score():
            return Linear(Fraction(0), ((Fraction(1), value),))
        case Quantity(of=of):
            return linear(of)
        case Arith(op=op, left=left, right=right):
            one, other = linear(left), linear(right)
            if op in "+-":
                return one.plus(other.times(Fraction(1 if op == "+" else -1)))
            if op == "/":
                if other.scores or not other.constant:
                    what = "0" if not other.scores else f"{right.shown}, which depends on the case"
                    raise PremiseError(f"{value.shown}: a quantity is not divided by {what}; divide by a number or a parameter")
                return one.times(1 / other.constant)
            if one.scores and other.scores:
                raise PremiseError(f"{value.shown}: two numbers that depend on the case are not multiplied")
            return one.times(other.constant) if one.scores or not other.scores else other.times(one.constant)
        case _:
            raise PremiseError(f"{value.shown} is not one of the numbers that a quantity is made of")


def scores_in(value: Expression[Any]) -> Iterator[Score]:
    """The scores inside a number, those inside the quantities that it names included."""
    match value:
        case Score():
            yield value
        case Quantity(of=of):
            yield from scores_in(of)
        case Arith(left=left, right=right):
            yield from scores_in(left)
            yield from scores_in(right)
        case Ref() | Constant() | Parameter():
            return
        case _:
            raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")


def quantities_in(value: Expression[Any]) -> Iterator[Quantity]:
    """The quantities that a number names, and those that they name."""
    if isinstance(value, Quantity):
        yield value
        yield from quantities_in(value.of)
    elif isinstance(value, Arith):
        yield from quantities_in(value.left)
        yield from quantities_in(value.right)
