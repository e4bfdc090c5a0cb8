"""Whether the moments of a rule base have a time zone: all of them, or none. One with and one without cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from ..errors import FieldValueError
from ..ir.expressions import Premise
from ..ir.walk import constants

Zones = Mapping[type, tuple[bool, str]]
"""For `datetime` and `time`, where something says one: whether it has a zone, and what said so first."""


def zones_of(bodies: Iterable[tuple[str, Premise]]) -> Zones:
    """What the constants in these premises say. Raises `FieldValueError` when two of one type differ."""
    found: dict[type, tuple[bool, str]] = {}
    for name, body in bodies:
        for constant in constants(body):
            value = constant.value
            if isinstance(value, (datetime, time)):
                has_zone, other = found.setdefault(type(value), (in_a_zone(value), name))
                if has_zone != in_a_zone(value):
                    raise FieldValueError(
                        f"{name} compares a {type(value).__name__} {zone_words(value)}, and {other} one {zone_words(has_zone)}; "
                        "give all of them a time zone, or none",
                        rules=(other, name), value=value.isoformat(),
                    )  # fmt: skip
    return found


def in_a_zone(value: datetime | time) -> bool:
    return value.utcoffset() is not None


def zone_words(of: datetime | time | bool) -> str:
    """Whether a moment has a time zone, in words; or what is already known of that."""
    has_zone = of if isinstance(of, bool) else in_a_zone(of)
    return "with a time zone" if has_zone else "without a time zone"
