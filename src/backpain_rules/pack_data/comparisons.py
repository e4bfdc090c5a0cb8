"""Comparisons as text, `pain.severity >= 5` or `injury.since <= 24 h`, to and from the JSON form of a premise.

The text is data: it is split into tokens here and never given to Python.

    comparison = sum, operator, sum
    sum        = product, {("+" | "-"), product}          a minus sign has a space before it
    product    = value, {("*" | "/"), value}
    value      = variable "." field | [pack ":"] parameter | quantity | number | number unit | 'text' | true | false | "(" sum ")"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn, get_args

from ..durations import SECONDS, parse_duration
from ..errors import PremiseError, shown
from ..ir.expressions import Operator, spoken

LONGEST: Final = 500
"""How many characters a comparison may have."""
DEEPEST: Final = 20
"""How many parentheses may stand inside one another."""
_OPERATORS: Final = tuple(sorted(get_args(Operator), key=len, reverse=True))
_NAME: Final = r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*"
_UNITS: Final = "|".join(sorted(SECONDS, key=len, reverse=True))
_TOKEN: Final = re.compile(
    rf"""\s*(?:
      (?P<duration>\d+(?:\.\d+)?\s*(?:{_UNITS})(?![A-Za-z0-9_]))
    | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
    | (?P<field>{_NAME}\.{_NAME})
    | (?P<word>(?:{_NAME}:)?{_NAME})
    | (?P<text>'[^'\\]*')
    | (?P<operator>{"|".join(map(re.escape, _OPERATORS))})
    | (?P<sign>[-+*/()])
    )""",
    re.VERBOSE | re.ASCII,
)
_PLAIN_TEXT: Final = re.compile(r"[^'\\]*")


def is_comparison(text: str) -> bool:
    """Whether a text is meant as a comparison: it holds an operator, which no name does."""
    return any(operator in text for operator in ("=", "<", ">"))


def comparison_from_text(text: str, place: str) -> dict[str, Any]:
    """The comparison that a text says, in the JSON form of premises. Raises `PremiseError`.

    >>> comparison_from_text("injury.since <= 24 h", "when")
    {'compare': ['<=', {'field': 'injury.since'}, {'duration': '24 h'}]}
    """
    return _Reader(text, place).comparison()


def comparison_to_text(data: Mapping[str, Any]) -> str | None:
    """The text of a comparison in JSON form, or None where the text has no way to say it: a date, for instance.

    >>> comparison_to_text({"compare": [">=", {"field": "pain.severity"}, {"parameter": "stop_below"}]})
    'pain.severity >= stop_below'
    """
    op, left, right = data["compare"]
    one, other = _written(left, False), _written(right, False)
    said = None if one is None or other is None else f"{one} {op} {other}"
    return None if said is None or len(said) > LONGEST else said


def _written(value: Mapping[str, Any], inside: bool) -> str | None:
    match value:
        case {"field": str() as field}:
            return field
        case {"duration": text, **rest} if not rest:
            said = spoken(parse_duration(text))
            return None if said.startswith("-") else said
        case {"parameter": name, **rest} | {"quantity": name, **rest} if not rest:
            return str(name)
        case {"value": bool() as truth, **rest} if not rest:
            return str(truth).lower()
        case {"value": int() as number, **rest} if not rest:
            return str(number)
        case {"value": float() as number, **rest} if not rest:
            return repr(number) if re.fullmatch(r"-?\d+\.\d+", repr(number)) else None
        case {"value": str() as text, **rest} if not rest:
            return f"'{text}'" if _PLAIN_TEXT.fullmatch(text) else None
    for op in "+-*/":
        if op in value:
            one, other = (_written(side, True) for side in value[op])
            if one is None or other is None:
                return None
            return f"({one} {op} {other})" if inside else f"{one} {op} {other}"
    return None


class _Reader:
    def __init__(self, text: str, place: str) -> None:
        self._text, self._place = text, place
        if len(text) > LONGEST:
            self._refuse(f"a comparison has at most {LONGEST} characters; split it with all_of")
        self._tokens = self._split()
        self._next = self._depth = 0

    def comparison(self) -> dict[str, Any]:
        left = self._sum()
        kind, op = self._take()
        if kind != "operator":
            self._refuse(f"an operator is expected, one of {' '.join(get_args(Operator))}")
        right = self._sum()
        if self._next < len(self._tokens):
            hint = "; write both comparisons under all_of" if self._tokens[self._next][0] == "operator" else ""
            self._refuse(f"nothing may follow the second value, but {shown(self._tokens[self._next][1])} does{hint}")
        return {"compare": [op, left, right]}

    def _split(self) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        end, text = 0, self._text.rstrip()
        while end < len(text):
            found = _TOKEN.match(text, end)
            if found is None:
                rest = text[end:].strip()
                hint = "; a text stands in single quotes" if '"' in rest or "“" in rest else ""
                self._refuse(f"{shown(rest)} cannot be read{hint}")
            kind = found.lastgroup or ""
            tokens.append((kind, found[kind]))
            end = found.end()
        return tokens

    def _take(self) -> tuple[str, str]:
        if self._next == len(self._tokens):
            return "end", ""
        self._next += 1
        return self._tokens[self._next - 1]

    def _at(self, *signs: str) -> bool:
        return self._next < len(self._tokens) and self._tokens[self._next] in [("sign", sign) for sign in signs]

    def _sum(self) -> dict[str, Any]:
        value = self._product()
        while self._at("+", "-"):
            _, sign = self._take()
            value = {sign: [value, self._product()]}
        return value

    def _product(self) -> dict[str, Any]:
        value = self._value()
        while self._at("*", "/"):
            _, sign = self._take()
            value = {sign: [value, self._value()]}
        return value

    def _value(self) -> dict[str, Any]:
        kind, said = self._take()
        if kind == "duration":
            number, unit = re.split(r"(?<=[\d.])\s*(?=[a-z])", said, maxsplit=1)
            return {"duration": f"{number} {unit}"}
        if kind == "number":
            return {"value": float(said) if "." in said else int(said)}
        if kind == "field":
            return {"field": said}
        if kind == "word":
            return {"value": said == "true"} if said in ("true", "false") else {"parameter": said}
        if kind == "text":
            return {"value": said[1:-1]}
        if said != "(" or self._depth == DEEPEST:
            self._refuse("a value is expected" + (f", not {shown(said)}" if said else " at the end"))
        self._depth += 1
        value = self._sum()
        if self._take() != ("sign", ")"):
            self._refuse("a closing parenthesis is missing")
        self._depth -= 1
        return value

    def _refuse(self, what: str) -> NoReturn:
        raise PremiseError(f"{self._place}: {shown(self._text)}: {what}", place=self._place, value=self._text)
