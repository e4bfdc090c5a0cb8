"""Durations as text: one grammar for JSON, CSV, the command line and FHIR.

A duration has a fixed length in seconds. Months and years have none, so they are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from pydantic_core import PydanticCustomError, core_schema

SECONDS: Final[Mapping[str, int]] = {
    "week": 604800, "weeks": 604800, "day": 86400, "days": 86400, "hour": 3600, "hours": 3600, "h": 3600,
    "minute": 60, "minutes": 60, "min": 60, "second": 1, "seconds": 1, "s": 1,
}  # fmt: skip
"""The units in words, each in seconds."""
UCUM_SECONDS: Final[Mapping[str, int]] = {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800}
"""The UCUM units of time with a fixed length, in seconds. Months (`mo`) and years (`a`) have none."""

_DESIGNATORS: Final = {"W": 604800, "D": 86400, "H": 3600, "M": 60, "S": 1}
_LONGEST: Final = 60
_NUMBER: Final = r"\d+(?:[.,]\d+)?"
_ISO: Final = re.compile(
    rf"([+-]?)P(?:({_NUMBER})W)?(?:({_NUMBER})D)?(?:T(?=\d)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?", re.ASCII
)
_WORDS: Final = re.compile(rf"({_NUMBER})\s*([a-z]+)", re.ASCII)
_CLOCK: Final = re.compile(r"(?:(\d+) days?,? )?(\d+):([0-5]\d):([0-5]\d(?:\.\d{1,6})?)", re.ASCII)
_CALENDAR: Final = re.compile(r"[+-]?P[\dYM.,]*[YM]|[\d.,\s]+(months?|years?|mo|y|a)", re.ASCII)
_SHORT_CLOCK: Final = re.compile(r"(\d+):(\d\d)", re.ASCII)
_UCUM_CALENDAR: Final = ("mo", "mo_j", "mo_g", "mo_s", "a", "a_j", "a_g", "a_t")
_MICROSECONDS: Final = 1_000_000


class DurationError(ValueError):
    """The text is not a duration. The message says what to write and does not repeat the text."""


def parse_duration(text: str) -> timedelta:
    """Parse a duration, to the microsecond.

    It accepts three forms:

    * ISO 8601 in weeks, days, hours, minutes and seconds: `P2W`, `P1DT12H`, `PT0.5H`; only the last number may have a fraction.
    * A number and a unit in words: `12 weeks`, `1 day`, `24 h`, `90 min`, `30 s`.
    * Days and a clock with seconds, as Python and pandas print them: `3 days, 6:00:00`, `0:10:00`.

    Months and years (`P1M`, `1 year`) have no fixed length, `06:00` may be hours or minutes, and `3d` is neither ISO 8601 nor
    a word: each raises `DurationError`, which says what to write.

    >>> from backpain_rules.durations import parse_duration
    >>> parse_duration("P1DT12H") == parse_duration("36 h") == parse_duration("1 day, 12:00:00")
    True
    """
    parts = _parts(text) if len(text) <= _LONGEST else None
    if parts is None:
        raise DurationError(_advice(text))
    sign, amounts = parts
    return _length(sign * sum((Fraction(Decimal(number)) * size for number, size in amounts), Fraction(0)))


def parse_amount(number: float, unit: str) -> timedelta:
    """The duration of a number and a UCUM unit, such as `3` and `wk`, to the microsecond; equal to `parse_duration` of the text.

    Raises `DurationError` for a month, a year and any other unit.

    >>> from backpain_rules.durations import parse_amount
    >>> parse_amount(1.5, "d") == parse_duration("36 h")
    True
    """
    if unit not in UCUM_SECONDS:
        calendar = "; months and years have no fixed length" if unit in _UCUM_CALENDAR else ""
        raise DurationError(f"write it in {', '.join(UCUM_SECONDS)}{calendar}")
    return _length(Fraction(Decimal(repr(number))) * UCUM_SECONDS[unit])


def _length(seconds: Fraction) -> timedelta:
    try:
        return timedelta(microseconds=round(seconds * _MICROSECONDS))
    except OverflowError:
        raise DurationError("this is longer than 999,999,999 days") from None


def format_duration(value: timedelta) -> str:
    """Write a duration in ISO 8601, in days, hours, minutes and seconds, as `parse_duration` reads it.

    >>> from datetime import datetime, time, timedelta
    >>> format_duration(timedelta(days=400, hours=6)), format_duration(timedelta())
    ('P400DT6H', 'PT0S')
    """
    sign, length = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    said = (
        f"{hours}H" if hours else "",
        f"{minutes}M" if minutes else "",
        f"{seconds}{fraction}S" if seconds or fraction else "",
    )
    time = "".join(said)
    days = f"{length.days}D" if length.days else ""
    return f"{sign}P{days}{'T' if time else ''}{time}" if days or time else "PT0S"


def reading_durations(schema: Any) -> Any:
    """A pydantic schema in which every duration uses this grammar; pydantic itself reads a month as 30 days."""
    if isinstance(schema, list):
        return [reading_durations(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") != "timedelta":
        return {name: inner if name == "metadata" else reading_durations(inner) for name, inner in schema.items()}
    written = core_schema.plain_serializer_function_ser_schema(
        format_duration, return_schema=core_schema.str_schema(), when_used="json-unless-none"
    )
    inner: Any = schema
    return core_schema.with_info_before_validator_function(_from_json, inner, serialization=written)


def _from_json(value: object, info: core_schema.ValidationInfo) -> object:
    """Read a JSON text as a duration. pydantic handles Python values and accepts only `timedelta`."""
    if info.mode != "json" or not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except DurationError as error:
        raise PydanticCustomError("duration", "{what}", {"what": str(error)}) from None


def _parts(text: str) -> tuple[int, list[tuple[str, int]]] | None:
    """The sign, and each number with its unit in seconds."""
    if iso := _ISO.fullmatch(text):
        sign, *numbers = iso.groups()
        said = [(n.replace(",", "."), size) for n, size in zip(numbers, _DESIGNATORS.values(), strict=True) if n]
        if said and all(number.isdigit() for number, _ in said[:-1]):
            return (-1 if sign == "-" else 1), said
    if (words := _WORDS.fullmatch(text.lower())) and words[2] in SECONDS:
        return 1, [(words[1].replace(",", "."), SECONDS[words[2]])]
    if clock := _CLOCK.fullmatch(text):
        return 1, [(number or "0", size) for number, size in zip(clock.groups(), (86400, 3600, 60, 1), strict=True)]
    return None


def _advice(text: str) -> str:
    if len(text) <= _LONGEST:
        if _CALENDAR.match(text):
            return "months and years have no fixed length; write weeks or days, such as P12W or P90D"
        if short := _SHORT_CLOCK.fullmatch(text):
            first, second = int(short[1]), int(short[2])
            return f"this can mean hours or minutes; write PT{first}H{second}M or PT{first}M{second}S"
        if words := re.fullmatch(rf"({_NUMBER})\s*([dw])", text.lower(), re.ASCII):
            return f"write P{words[1]}{words[2].upper()} or '{words[1]} {'days' if words[2] == 'd' else 'weeks'}'"
    return "write a duration such as P3D, PT6H, P2W or '12 weeks'"


ODD_OFFSET: Final = "its offset from UTC has seconds, for which JSON and CSV have no form; convert it to UTC"


def has_odd_offset(value: object) -> bool:
    """Whether the offset of a moment is not a whole number of minutes, so that it would be written as another moment.

    >>> from datetime import datetime, timedelta, timezone
    >>> has_odd_offset(datetime(1930, 1, 1, tzinfo=timezone(timedelta(minutes=19, seconds=32))))
    True
    """
    offset = value.utcoffset() if isinstance(value, (datetime, time)) else None
    return offset is not None and bool(offset % timedelta(minutes=1))
