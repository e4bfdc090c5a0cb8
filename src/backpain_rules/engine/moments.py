"""The moments of a case have a time zone as those of its rules do, and of its other facts: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from ..errors import InvalidFactError
from ..facts.base import Fact
from ..link.model import Linked
from ..link.moments import in_a_zone, zone_words


class MomentCheck:
    """Checks the facts of one case, one after the other."""

    def __init__(self, linked: Linked, known: Iterable[Fact] = ()) -> None:
        self._zones = {kind: (has_zone, f"rule {rule} compares with one") for kind, (has_zone, rule) in linked.zones.items()}
        self._known = known

    def __call__(self, fact: Fact, where: str) -> None:
        """Raises `InvalidFactError`, which names the field and what it differs from."""
        for name in fact.schema_.moments:
            value = fact.__dict__[name]
            if isinstance(value, (datetime, time)):
                has_zone, other = self._expected(value)
                mine = f"{type(fact).__name__}.{name}"
                if has_zone is None:
                    self._zones[type(value)] = in_a_zone(value), f"{where}: {mine} is one"
                elif has_zone != in_a_zone(value):
                    raise InvalidFactError(
                        f"{where}: {mine} is a {type(value).__name__} {zone_words(value)}, and {other} {zone_words(has_zone)}; "
                        "give all of them a time zone, or none",
                        place=where, fact_type=fact.tag(), field=name, value=value.isoformat(),
                    )  # fmt: skip

    def _expected(self, value: datetime | time) -> tuple[bool | None, str]:
        """Whether there is to be a zone, and what says so; what is known of the case is looked at when it is needed."""
        known, self._known = self._known, ()
        for fact in known:
            self(fact, "the case")
        return self._zones.get(type(value), (None, ""))
