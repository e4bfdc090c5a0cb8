"""The strict JSON reader for cases, sessions, journals, interviews, premises and FHIR, and the JSON form of values.

Python's own reader keeps the last of two members with one name, and accepts NaN and half a surrogate pair. In a case, that can
turn a red flag into its absence, so this reader refuses all of these.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, NoReturn

from pydantic_core import to_json, to_jsonable_python

from .arguments import HALF_PAIR
from .durations import ODD_OFFSET, format_duration, has_odd_offset
from .errors import LONGEST_SHOWN, InvalidFactError, shown

MOST_BYTES: Final = 32 << 20
"""The maximal length of a JSON text, in bytes of UTF-8; enough for half a million facts."""
DEEPEST: Final = 100
"""The maximal nesting of lists and objects; a FHIR Bundle has fewer than twenty levels."""


def read_json(data: object) -> Any:
    """Parse a JSON text (RFC 8259) in UTF-8, with or without a byte order mark. Data that is not text is returned unchanged.

    Raises `InvalidFactError` with the `place` (`facts[2].present`, or a line and column) for invalid JSON, a duplicate member,
    NaN and Infinity, a number beyond the range of floats, an unpaired surrogate, more than 32 MiB, and more than 100 levels.

    >>> from backpain_rules.json_text import read_json
    >>> read_json('{"facts": []}')
    {'facts': []}
    """
    if not isinstance(data, (str, bytes, bytearray)):
        return data
    text = _decoded(data)
    repeated: list[_Repeated] = []

    def members(pairs: list[tuple[str, Any]]) -> object:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        repeated.append(_Repeated(pairs))
        return repeated[-1]

    try:
        read = json.loads(text, object_pairs_hook=members, parse_float=_finite, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        _refuse(f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]} at {where}", where)
    except RecursionError:
        _refuse_depth()
    except ValueError:  # Python limits the digits of a whole number
        _refuse("this JSON text has a whole number of more than 4,300 digits")
    if text.count("[") + text.count("{") > DEEPEST:
        _check_depth(read)
    if repeated or "\\u" in text:
        _check_names_and_text(read)
    return read


def jsonable(value: Any) -> Any:
    """A value of a fact, or a list or mapping of values, as JSON data. pydantic would write 400 days as `P1Y35D`.

    >>> from datetime import date, timedelta
    >>> jsonable({"since": timedelta(days=400), "on": date(2026, 1, 31)})
    {'since': 'P400D', 'on': '2026-01-31'}
    """
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, dict):
        return {name: jsonable(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(inner) for inner in value]
    return to_jsonable_python(value)


def json_bytes(fields: Mapping[str, Any]) -> bytes:
    """The fields of a fact as JSON for its type to read. Raises `InvalidFactError` for a value that JSON cannot hold."""
    plain = {name: format_duration(value) if isinstance(value, timedelta) else value for name, value in fields.items()}
    odd = next((name for name, value in plain.items() if has_odd_offset(value)), None)
    if odd is not None:
        raise InvalidFactError(f"{shown(odd)[1:-1]} cannot be {shown(plain[odd])}: {ODD_OFFSET}", field=odd, value=plain[odd])
    try:
        return to_json(plain, inf_nan_mode="strings")
    except ValueError as error:
        raise InvalidFactError(f"a value that JSON cannot hold: {str(error)[:LONGEST_SHOWN]}") from None


class _Repeated:
    """A placeholder for an object with a duplicate name, until its place is known."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs

    @property
    def name(self) -> str:
        seen: set[str] = set()
        for name, _ in self.pairs:
            if name in seen:
                return name
            seen.add(name)
        raise AssertionError("no name comes twice")


def _decoded(data: str | bytes | bytearray) -> str:
    if len(data) > MOST_BYTES:
        _refuse(f"this JSON text is longer than {MOST_BYTES >> 20} MiB")
    if isinstance(data, str):
        half = HALF_PAIR.search(data)
        if half:
            _refuse(
                f"character {half.start()} of this text is {half[0]!a}, half of a surrogate pair",
                f"character {half.start()}",
            )
        text = data
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = f"byte {error.start}"
            _refuse(f"this is not UTF-8 text, as JSON must be: {byte} is {data[error.start]:#04x}; save it as UTF-8", byte)
    return text.removeprefix("\ufeff")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        _refuse(f"the number {shown(text)[1:-1]} is too large for a float")
    return number


def _no_constant(name: str) -> NoReturn:
    _refuse(f"{name} is no JSON value; leave out what is not known")


def _check_depth(read: Any) -> None:
    level = [read]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value) if isinstance(inner, (dict, list, _Repeated))]
        if not level:
            return
    _refuse_depth()


def _check_names_and_text(read: Any) -> None:
    """Refuse the first duplicate name and the first half of a surrogate pair, each with its place."""
    waiting: list[tuple[str, Any]] = [("", read)]
    while waiting:
        place, here = waiting.pop()
        if isinstance(here, _Repeated):
            where = member(place, here.name)
            _refuse(f"{where} is given twice; keep the one that holds", where)
        if isinstance(here, str) and HALF_PAIR.search(here):
            _refuse(f"{place or 'the text'} has half of a surrogate pair, {HALF_PAIR.findall(here)[0]!a}", place)
        if isinstance(here, dict):
            for name in here:
                if HALF_PAIR.search(name):
                    _refuse(f"a name in {place or 'the object'} has half of a surrogate pair: {shown(name)}", place)
            waiting += [(member(place, name), value) for name, value in reversed(here.items())]
        elif isinstance(here, list):
            waiting += [(f"{place}[{number}]", value) for number, value in reversed(list(enumerate(here)))]


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, _Repeated):
        return (inner for _, inner in value.pairs)
    return iter(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())


def member(place: str, name: str) -> str:
    """The place of a member of an object: `facts[2].severity`."""
    plain = shown(name)[1:-1]
    return f"{place}.{plain}" if place else plain


def _refuse_depth() -> NoReturn:
    _refuse(f"this JSON text nests more than {DEEPEST} lists and objects")


def _refuse(sentence: str, place: str = "") -> NoReturn:
    raise InvalidFactError(sentence, place=place) from None
