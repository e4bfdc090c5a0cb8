"""Cells of a decision table: unary tests of FEEL, the subset that premises can express.

    cell   = "-" | "" | "not(" tests ")" | tests
    tests  = test, {"," test}
    test   = ("<" | "<=" | ">" | ">=" | "=" | "!=") value | ("[" | "(" | "]") value ".." value ("]" | ")" | "[") | value
    value  = number | "text" | true | false | duration | date | parameter

A cell is read into the set of values that it allows. The premise and the proof that two rows never meet come from that one set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from ..errors import PremiseError, shown

ANY: Final = ("-", "")
_COMPARE: Final = re.compile(r"(<=|>=|!=|<|>|=)\s*(.+)", re.DOTALL)
_INTERVAL: Final = re.compile(r"([\[\](])\s*(.+?)\s*\.\.\s*(.+?)\s*([\[\])])", re.DOTALL)
_NOT: Final = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_CALL: Final = re.compile(r"""(?:date|duration|time|date and time)\s*\(\s*"([^"]*)"\s*\)""")


@dataclass(frozen=True)
class Bound:
    """One end of a range: the value, how a premise says it, and whether it belongs to the range."""

    value: Any
    data: Any
    closed: bool


@dataclass(frozen=True)
class Range:
    """The values between two ends; None is no end."""

    low: Bound | None
    high: Bound | None

    def meets(self, other: Range) -> Range | None:
        """What both ranges hold, if anything."""
        low = _tighter(self.low, other.low, lambda a, b: a > b)
        high = _tighter(self.high, other.high, lambda a, b: a < b)
        if low is None or high is None:
            return Range(low, high)
        is_point = low.value == high.value and low.closed and high.closed
        return Range(low, high) if low.value < high.value or is_point else None

    def premises(self, left: Any) -> list[Any]:
        """The comparisons that say it; without an end, that the value is known."""
        if self.low is None and self.high is None:
            return [{"compare": ["==", left, left]}]
        if self.low is not None and self.high is not None and self.low.value == self.high.value:
            return [{"compare": ["==", left, self.low.data]}]
        found = []
        if self.low is not None:
            found.append({"compare": [">=" if self.low.closed else ">", left, self.low.data]})
        if self.high is not None:
            found.append({"compare": ["<=" if self.high.closed else "<", left, self.high.data]})
        return found


@dataclass(frozen=True)
class Words:
    """Single values of a field without an order: these, or all but these."""

    values: tuple[tuple[Any, Any], ...]
    all_but: bool = False

    def meets(self, other: Words) -> bool:
        """Whether both allow some value; a field is taken to have values that no cell names."""
        mine, theirs = {value for value, _ in self.values}, {value for value, _ in other.values}
        if self.all_but and other.all_but:
            return True
        if self.all_but or other.all_but:
            named, forbidden = (theirs, mine) if self.all_but else (mine, theirs)
            return bool(named - forbidden)
        return bool(mine & theirs)


Allowed = tuple[Range, ...] | Words
"""What a cell allows: ranges in order that do not touch, or single values."""
Reading = Callable[[str], tuple[Any, Any]]
"""From the text of a value to the value and to how a premise says it."""


def read_cell(text: str, is_ordered: bool, value: Reading, place: str) -> Allowed | None:
    """What a cell allows; None for anything. Raises `PremiseError` with the place."""
    text = text.strip()
    if text in ANY:
        return None
    negated = _NOT.fullmatch(text)
    tests = list(_split(negated[1] if negated else text))
    if not tests or not all(tests):
        _refuse(f"{shown(text)} lacks a test between two commas", place)
    if not is_ordered:
        return _words(tests, negated is not None, value, place)
    ranges = [one for test in tests for one in _ranges(test, value, place)]
    return _outside(ranges) if negated else _merged(ranges)


def premise_of(allowed: Allowed, left: Any) -> Any:
    """The premise that a value is allowed."""
    if isinstance(allowed, Words):
        either = [{"compare": ["==", left, data]} for _, data in allowed.values]
        if allowed.all_but:
            return _all([{"compare": ["!=", left, data]} for _, data in allowed.values])
        return either[0] if len(either) == 1 else {"any_of": either}
    each = [_all(one.premises(left)) for one in allowed]
    return each[0] if len(each) == 1 else {"any_of": each}


def meet(one: Allowed | None, other: Allowed | None) -> bool:
    """Whether some value is allowed by both cells."""
    if one is None or other is None:
        return True
    if isinstance(one, Words) or isinstance(other, Words):
        return isinstance(one, Words) and isinstance(other, Words) and one.meets(other)
    return any(a.meets(b) is not None for a in one for b in other)


def plain_value(text: str) -> Any:
    """A value of FEEL as plain JSON: text, a number, true or false. Bare words and durations stay text."""
    text = text.strip()
    if call := _CALL.fullmatch(text):
        return call[1]
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('\\"', '"')
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\d+\.\d*|\.\d+)", text):
        return float(text)
    return text


def _words(tests: Sequence[str], negated: bool, value: Reading, place: str) -> Words:
    signs = {(match[1] if (match := _COMPARE.fullmatch(test)) else "=") for test in tests}
    if not signs <= {"=", "!="}:
        _refuse(f"these values have no order, so {min(signs - {'=', '!='})} cannot be asked; list the values", place)
    if len(signs) > 1 or ("!=" in signs and len(tests) > 1):
        _refuse("write not(a, b) for all values but these", place)
    values = tuple(value(match[2] if (match := _COMPARE.fullmatch(test)) else test) for test in tests)
    return Words(values, negated != ("!=" in signs))


def _ranges(test: str, value: Reading, place: str) -> Sequence[Range]:
    if interval := _INTERVAL.fullmatch(test):
        opens, low, high, closes = interval.groups()
        ends = Bound(*value(low), opens == "["), Bound(*value(high), closes == "]")
        if ends[0].value > ends[1].value:
            _refuse(f"{shown(test)} begins above its end; swap the two", place)
        return [Range(*ends)]
    compare = _COMPARE.fullmatch(test)
    op, said = (compare[1], compare[2]) if compare else ("=", test)
    read, data = value(said)
    match op:
        case "=":
            return [Range(Bound(read, data, True), Bound(read, data, True))]
        case "!=":
            return [Range(None, Bound(read, data, False)), Range(Bound(read, data, False), None)]
        case "<" | "<=":
            return [Range(None, Bound(read, data, op == "<="))]
        case _:
            return [Range(Bound(read, data, op == ">="), None)]


def _merged(ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Ranges in order, those that overlap or touch as one."""
    return _outside(_outside(ranges))


def _outside(ranges: Sequence[Range]) -> tuple[Range, ...]:
    """All values that no range holds."""
    left = [Range(None, None)]
    for one in ranges:
        pieces = []
        if one.low is not None:
            pieces.append(Range(None, Bound(one.low.value, one.low.data, not one.low.closed)))
        if one.high is not None:
            pieces.append(Range(Bound(one.high.value, one.high.data, not one.high.closed), None))
        left = [met for rest in left for piece in pieces if (met := rest.meets(piece)) is not None]
    return tuple(left)


def _tighter(one: Bound | None, other: Bound | None, tighter: Callable[[Any, Any], bool]) -> Bound | None:
    if one is None or other is None:
        return one or other
    if one.value == other.value:
        return one if not one.closed else other
    return one if tighter(one.value, other.value) else other


def _split(text: str) -> Iterator[str]:
    """The tests between commas; a comma in quotes or brackets does not part two."""
    depth, quoted, start = 0, False, 0
    for number, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign == "," and depth == 0:
            yield text[start:number].strip()
            start = number + 1
        elif not quoted and sign == "(" and text[:number].rstrip().endswith(("date", "duration", "time")):
            depth += 1
        elif not quoted and sign == ")" and depth:
            depth -= 1
    yield text[start:].strip()


def _all(premises: list[Any]) -> Any:
    return premises[0] if len(premises) == 1 else {"all_of": premises}


def _refuse(what: str, place: str) -> NoReturn:
    raise PremiseError(f"{place}: {what}", place=place)
