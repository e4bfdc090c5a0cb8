"""Convert one row of a table to the facts of a case, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..engine.case import check_fact, describe, read_case
from ..errors import TableError, shown
from ..facts.base import Fact
from ..facts.reading import fact_from_json
from ..ground.nodes import Place
from ..link.model import Linked
from .columns import InputColumn, matching


def facts_of_row(
    linked: Linked, columns: Mapping[str, InputColumn], row: Mapping[str, Any], ignore: Collection[str] = ()
) -> tuple[Fact, ...]:
    """The facts of a row. Other columns are ignored, as in a table.

    Raises a `FactError` for a row that is not a case.
    """
    if not isinstance(row, Mapping) or not all(isinstance(name, str) for name in row):
        raise TableError(f"a row is a mapping from names of columns to values, not {shown(row)}", value=row)
    names = list(row)
    said: dict[Place, dict[str, Any]] = {}
    for position, column in matching(linked, columns, names, ignore).items():
        value = row[names[position]]
        if value is not None:
            said.setdefault(column.place, {})["present" if column.slot is None else column.slot] = _plain(column, value)
    return tuple(_fact(linked, place, values) for place, values in said.items())


def row_of_facts(linked: Linked, columns: Mapping[str, InputColumn], facts: Iterable[Fact]) -> dict[str, Any]:
    """The row for these facts: every column that is not null, by its name.

    Raises a `TableError` for a fact of a closed type, which has no columns.
    """
    names = {(column.place, column.slot): name for name, column in columns.items()}
    row: dict[str, Any] = {}
    for place, fact in read_case(linked, facts).items():
        if not place.kind.schema_.is_open:
            raise TableError(f"{describe(place)} has an unbounded key, so there is no column for it", fact=fact)
        row[names[place, None]] = fact.__dict__.get("present", True)
        for slot in place.kind.schema_.slots:
            if fact.__dict__[slot] is not None:
                row[names[place, slot]] = fact.__dict__[slot]
    return row


def _plain(column: InputColumn, value: Any) -> Any:
    """A number in the type of its slot: tables store whole numbers with gaps as floats."""
    whole = column.field is not None and column.field.base is int and isinstance(value, float) and value.is_integer()
    return int(value) if whole else value


def _fact(linked: Linked, place: Place, values: dict[str, Any]) -> Fact:
    kind, keys = place.kind, place.kind.schema_.keys
    present = values.pop("present", True)
    if not kind.schema_.has_present and present is not True:
        raise TableError(f"{describe(place)} cannot be absent; write null where nothing is said", value=present)
    stated = {"present": present} if kind.schema_.has_present else {}
    fact = fact_from_json(kind, {**dict(zip(keys, place.key, strict=True)), **values, **stated}, "the row")
    check_fact(linked, fact, "facts[0]")
    return fact
