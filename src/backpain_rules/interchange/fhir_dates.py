"""Dates of FHIR: partial ones are intervals, and which of two comes first is said only when it is certain."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from re import compile as pattern
from typing import Any, Final

_PARTIAL: Final = pattern(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z")


class UnreadableDateError(ValueError):
    """What is wrong with a date or a period, as a sentence."""


@dataclass(frozen=True)
class When:
    """The days on which something may have been, and the moment if one is given. Days are those of the place it was written."""

    first: date
    last: date
    moment: datetime | None = None

    def is_before(self, other: When) -> bool:
        """Whether this was certainly earlier."""
        if self.moment is not None and other.moment is not None:
            return self.moment < other.moment
        return self.last < other.first

    def is_after(self, as_of: date) -> bool:
        """Whether this was certainly later than a day, or a moment, of assessment."""
        if self.moment is not None and isinstance(as_of, datetime):
            return self.moment > placed(as_of, self.moment)
        return self.first > day_of(as_of)

    def __str__(self) -> str:
        if self.moment is not None:
            return self.moment.isoformat()
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def day_of(moment: date) -> date:
    """The day of a date or a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def placed(as_of: datetime, moment: datetime) -> datetime:
    """A moment of assessment without an offset is in the time zone of what it is compared with."""
    return as_of if as_of.tzinfo else as_of.replace(tzinfo=moment.tzinfo)


def read_date(text: object) -> When:
    """A FHIR date, dateTime or instant: a year, a month, a day or a moment. Raises `UnreadableDateError`."""
    if not isinstance(text, str):
        raise UnreadableDateError(f"{text!r} is not a date as FHIR writes one")
    try:
        if found := _PARTIAL.match(text):
            year, month, day = (int(part) if part else None for part in found.groups())
            assert year is not None
            if day is not None and month is not None:
                return When(date(year, month, day), date(year, month, day))
            last = month or 12
            return When(date(year, month or 1, 1), date(year, last, monthrange(year, last)[1]))
        moment = datetime.fromisoformat(text.replace(":60", ":59"))  # a leap second is the last one of its day
        moment.astimezone()  # a moment at the edge of the calendar has no offset that Python can apply
    except (ValueError, OverflowError):
        raise UnreadableDateError(f"{text[:40]!r} is not a date as FHIR writes one") from None
    if moment.tzinfo is None:
        raise UnreadableDateError(f"{text!r} has a time but no time zone, which FHIR asks for")
    return When(moment.date(), moment.date(), moment)


def read_period(period: Mapping[str, Any]) -> When | None:
    """The end of a period, or its start while it lasts: the time that a value given for it speaks of."""
    text = period.get("end", period.get("start"))
    return None if text is None else read_date(text)


def read_range(period: Mapping[str, Any]) -> When | None:
    """The days on one of which something began: an onset that FHIR gives as a period is imprecise. None without both ends."""
    if "start" not in period or "end" not in period:
        return None
    start, end = read_date(period["start"]), read_date(period["end"])
    return start if start == end else When(start.first, end.last)


def time_since(began: When, as_of: date) -> timedelta:
    """How long ago something began. Raises `UnreadableDateError` when its date is partial or lies in the future."""
    if began.is_after(as_of):
        raise UnreadableDateError("it begins after the day of the assessment")
    if began.first != began.last:
        raise UnreadableDateError(f"its onset is some day from {began}, which gives no duration; send the day")
    if began.moment is None:
        return day_of(as_of) - began.first
    until = as_of if isinstance(as_of, datetime) else datetime(as_of.year, as_of.month, as_of.day)
    return max(placed(until, began.moment) - began.moment, timedelta(0))


def years_between(born: When, as_of: date) -> int | None:
    """Full years from a birth date to the day of the assessment; None where a partial date leaves it open."""
    if born.is_after(as_of):
        raise UnreadableDateError("the patient is born after the day of the assessment")
    day = day_of(as_of)
    ages = {day.year - d.year - ((day.month, day.day) < (d.month, d.day)) for d in (born.first, born.last)}
    return ages.pop() if len(ages) == 1 else None
