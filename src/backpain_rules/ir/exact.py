"""Arithmetic without end: what a calendar, a span of time or a float cannot hold is computed as a fraction.

A day so many years from now may lie beyond the last date that Python has, and still it is later than today. Computed so, a
comparison holds or does not hold whatever is given, and no engine depends on whether it came to be asked.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor, isfinite
from typing import Any, Final, NamedTuple

MICROSECOND: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1) // MICROSECOND
NUMBERS: Final = (int, float, Decimal, Fraction)
"""The types of numbers."""


class Exact(NamedTuple):
    """A value as a number: a date in days, a moment and a span of time in microseconds, anything else as it is."""

    amount: Fraction
    kind: type


def exact(value: Any) -> Exact:
    """A value of a fact or a rule that arithmetic is done with.

    >>> from datetime import timedelta
    >>> exact(timedelta(seconds=1)).amount
    Fraction(1000000, 1)
    """
    if isinstance(value, datetime):
        start = datetime(1, 1, 1, tzinfo=None if value.utcoffset() is None else UTC)
        return Exact(Fraction((value - start) // MICROSECOND), datetime)
    if isinstance(value, date):
        return Exact(Fraction(value.toordinal()), date)
    if isinstance(value, timedelta):
        return Exact(Fraction(value // MICROSECOND), timedelta)
    return Exact(Fraction(value), float)


def combined(op: str, left: Exact, right: Exact) -> Exact:
    """The sum, the difference or the product; a date takes whole days of a span of time only, as in Python.

    >>> from datetime import date, timedelta
    >>> year_9999, long = exact(date(9999, 12, 31)), exact(timedelta(hours=60))
    >>> combined("+", year_9999, long).amount - year_9999.amount
    Fraction(2, 1)
    """
    if op == "*":
        return Exact(left.amount * right.amount, timedelta if timedelta in (left.kind, right.kind) else float)
    sign = 1 if op == "+" else -1
    if left.kind is date and right.kind is timedelta:
        return Exact(left.amount + sign * floor(right.amount / DAY), date)
    amount = left.amount + sign * right.amount
    if left.kind is date:
        return Exact(amount * DAY, timedelta)
    return Exact(amount, timedelta if left.kind is right.kind is datetime else left.kind)


def is_number(value: object) -> bool:
    """Whether it is a finite number, and no truth value.

    >>> is_number(0.5), is_number(True), is_number(float("nan"))
    (True, False, False)
    """
    return type(value) in NUMBERS and (not isinstance(value, float | Decimal) or isfinite(value))


def as_fraction(number: int | float | Decimal | Fraction) -> Fraction:
    """A finite number as it is written: 0.1 is a tenth, not the binary fraction next to it.

    >>> as_fraction(0.1) + as_fraction(0.2) == as_fraction(0.3)
    True
    """
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
