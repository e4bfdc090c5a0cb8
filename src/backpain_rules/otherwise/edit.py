"""A set of changes of a case: facts to insert, retract or replace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import printable
from ..explain.words import say_fact, say_place, title
from ..facts.base import Fact, canonical, to_data
from ..ground.nodes import by_place, place_of
from ..ir.conclusions import spoken


@dataclass(frozen=True)
class Edit:
    """Changes of a case. Each is a pair: the fact now and the fact afterwards, either of which may be None.

    Pass `insert`, `retract` and `replace` to `result.what_if` or to a session.

    >>> from backpain_rules import Edit, Pain, present
    >>> edit = Edit(((Pain(region="lumbar", severity=8), Pain(region="lumbar", severity=4)), (None, present("cold"))))
    >>> print(edit)
    pain lumbar: severity 8 -> 4; + cold
    >>> edit.of([Pain(region="lumbar", severity=8)])
    (Pain(region='lumbar', severity=4, duration=None, present=True), Symptom(term='cold', present=True))
    """

    pairs: tuple[tuple[Fact | None, Fact | None], ...]

    @property
    def insert(self) -> tuple[Fact, ...]:
        """The facts to add."""
        return tuple(after for before, after in self.pairs if before is None and after is not None)

    @property
    def retract(self) -> tuple[Fact, ...]:
        """The facts to remove."""
        return tuple(before for before, after in self.pairs if before is not None and after is None)

    @property
    def replace(self) -> tuple[Fact, ...]:
        """The facts that replace a fact of the case."""
        return tuple(after for before, after in self.pairs if before is not None and after is not None)

    def of(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        """Apply the changes to these facts; the result is in canonical order."""
        places = by_place(facts)
        for before, after in self.pairs:
            if before is not None:
                places.pop(place_of(before), None)
            if after is not None:
                places[place_of(after)] = after
        return tuple(sorted(places.values(), key=canonical))

    def __len__(self) -> int:
        """How many facts change."""
        return len(self.pairs)

    def __str__(self) -> str:
        """In one line: `pain lumbar: severity 8 -> 4; + cold; - thirst`."""
        return "; ".join(_say(before, after) for before, after in self.pairs)

    def to_data(self) -> dict[str, Any]:
        """As JSON data, without empty members."""
        lists = {"insert": self.insert, "retract": self.retract, "replace": self.replace}
        return {name: [to_data(fact) for fact in facts] for name, facts in lists.items() if facts}


def _say(before: Fact | None, after: Fact | None) -> str:
    match before, after:
        case None, Fact():
            return f"+ {say_fact(after)}"
        case Fact(), None:
            return f"- {say_fact(before)}"
        case Fact(), Fact():
            slots = list(_slots(before, after))
            if before.__dict__.get("present") == after.__dict__.get("present") and slots:
                return f"{say_place(place_of(after))}: {', '.join(slots)}"
            return f"{title(before)} -> {say_fact(after)}"
        case _:
            return "nothing"


def _slots(before: Fact, after: Fact) -> Iterator[str]:
    for name in after.schema_.slots:
        was, now = before.__dict__[name], after.__dict__[name]
        if was != now:
            yield f"{name} {_value(was)} -> {_value(now)}"


def _value(value: object) -> str:
    return "not said" if value is None else printable(spoken(value))
