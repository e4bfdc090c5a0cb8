"""Compute the bits of every atom from the columns of an Arrow batch, and refuse values that no fact can have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

import numpy as np
import pyarrow as pa

from ..errors import FactError, TableError
from ..facts.base import has_own_rules
from ..ground.nodes import JoinTest, Place, Presence, SlotTest, places_of
from ..ground.planes import Truth
from ..ground.program import Program
from ..ir.bits import UNKNOWN
from ..link.moments import in_a_zone, zone_words
from .columns import InputColumn, matching, refuse_none_read
from .joins import join_holds
from .planes import MANY_CASES, ONE, ZERO, Plane, both, disjunction, either, first, inverse, unpack
from .values import Choices, SlotValues, read_slot, refused, truth, validity


@dataclass(slots=True)
class PlaceColumns:
    """The columns of one place: the positions of its presence column and of its slots."""

    place: Place
    there: int | None = None
    slots: dict[str, int] = field(default_factory=dict)


class Reader:
    """Reads the batches of one schema. Columns are matched once."""

    def __init__(
        self, program: Program, columns: Mapping[str, InputColumn], names: Sequence[str], ignore: Collection[str] = ()
    ) -> None:
        self.program = program
        self.names = names
        self.matched = matching(program.linked, columns, names, ignore)
        if names and not self.matched and not set(names) <= set(ignore):
            refuse_none_read(columns, names)
        self.carried = tuple(position for position in range(len(names)) if position not in self.matched)
        self._places: dict[Place, PlaceColumns] = {}
        for position, column in self.matched.items():
            columns_here = self._places.setdefault(column.place, PlaceColumns(column.place))
            if column.slot is None:
                columns_here.there = position
            else:
                columns_here.slots[column.slot] = position
        self._tests: dict[Place, list[tuple[int, Presence | SlotTest]]] = {}
        self._joins: list[tuple[int, JoinTest]] = []
        for number, atom in enumerate(program.atoms):
            if isinstance(atom, JoinTest):
                self._joins.append((number, atom))
            else:
                self._tests.setdefault(atom.place, []).append((number, atom))

    def atoms(self, batch: pa.RecordBatch) -> list[Truth[Plane]]:
        """The truth of each atom of the program, for every row. Raises `TableError` for a row that is not a case."""
        cases = batch.num_rows
        found = [MANY_CASES.constant(UNKNOWN)] * len(self.program.atoms)
        values: dict[tuple[Place, str], SlotValues] = {}
        absent: dict[Place, Plane] = {}
        zones: dict[type, tuple[bool, str]] = {
            kind: (has_zone, f"rule {rule} compares with one") for kind, (has_zone, rule) in self.program.linked.zones.items()
        }
        for place, columns in self._places.items():
            known: dict[str, Plane] = {}
            for name, position in columns.slots.items():
                slot = place.kind.schema_.fields[name]
                read = read_slot(self.program.linked, slot, self.names[position], batch.column(position), cases)
                values[place, name], known[name] = read, read.known
                if isinstance(read, Choices) and slot.base in (datetime, time):
                    self._check_moments(zones, self.names[position], read)
            there, absent[place] = self._presence(columns, batch, known)
            if has_own_rules(place.kind):
                self._check_facts(columns, values, there.certain, absent[place], cases)
            for number, atom in self._tests.get(place, ()):
                if isinstance(atom, Presence):
                    found[number] = there
                elif atom.slot in known:
                    holds = values[place, atom.slot].test(atom.op, atom.value)
                    found[number] = _where(holds, known[atom.slot], absent[place])
                else:
                    found[number] = _where(ZERO, ZERO, absent[place])
        for number, join in self._joins:
            gone = disjunction(absent.get(place, ZERO) for place in places_of(join))
            found[number] = _where(*join_holds(join, values, cases), gone)
        return found

    def _check_moments(self, zones: dict[type, tuple[bool, str]], name: str, column: Choices) -> None:
        """Check that moments have a time zone in all columns and rules, or in none."""
        for code, value in enumerate(column.choices):
            if value is not None:
                has_zone, other = zones.setdefault(type(value), (in_a_zone(value), f"column {name!r} has one"))
                if has_zone != in_a_zone(value):
                    row = int(np.flatnonzero(column.codes == code)[0]) if (column.codes == code).any() else 0
                    sentence = f"it is {zone_words(value)}, and {other} {zone_words(has_zone)}; give all a time zone, or none"
                    raise refused(name, row, value, sentence)

    def _presence(self, columns: PlaceColumns, batch: pa.RecordBatch, known: Mapping[str, Plane]) -> tuple[Truth[Plane], Plane]:
        """The rows where the fact is there, and the rows where it is absent."""
        said = disjunction(known.values())
        array = None if columns.there is None else batch.column(columns.there)
        if columns.there is None or array is None or pa.types.is_null(array.type):
            return Truth(said, said, ONE), ZERO
        name = self.names[columns.there]
        if not pa.types.is_boolean(array.type):
            raise TableError(f"column {name!r} is true, false or null, not {array.type}; cast it to boolean", column=name)
        answered, yes = validity(array, batch.num_rows), truth(array, batch.num_rows)
        if answered is ONE and said is ZERO and columns.place.kind.schema_.has_present:
            return Truth(yes, yes, yes), inverse(yes)
        yes = both(yes, answered)
        absent = both(inverse(yes), answered)
        self._refuse_what_cannot_be_absent(columns, absent, known, batch.num_rows)
        if answered is ONE:
            return Truth(yes, yes, yes), absent
        there = either(yes, said)
        return MANY_CASES.stated(there, absent), absent

    def _check_facts(
        self, columns: PlaceColumns, values: Mapping[tuple[Place, str], SlotValues], there: Plane, absent: Plane, cases: int
    ) -> None:
        """Construct each distinct fact of a type with validators, because these may refuse combinations of values."""
        place, schema = columns.place, columns.place.kind.schema_
        keys = dict(zip(schema.keys, place.key, strict=True))
        names = tuple(columns.slots)
        said = [values[place, name].objects() for name in names] or [[None] * cases]
        seen: set[tuple[object, ...]] = set()
        for row, (is_there, is_absent, *slots) in enumerate(zip(unpack(there, cases), unpack(absent, cases), *said, strict=True)):
            one = (bool(is_absent), *slots)
            if (is_there or is_absent) and one not in seen:
                seen.add(one)
                fields = {name: value for name, value in zip(names, slots, strict=False) if value is not None}
                stated = {"present": not is_absent} if schema.has_present else {}
                try:
                    place.kind(**keys, **fields, **stated)
                except FactError as error:
                    position = next(iter(columns.slots.values()), columns.there or 0)
                    raise refused(self.names[position], row, error.fields.get("value"), error.message) from None

    def _refuse_what_cannot_be_absent(self, columns: PlaceColumns, absent: Plane, known: Mapping[str, Plane], cases: int) -> None:
        """Refuse absence for a type without `present`, and slots of an absent fact."""
        kind = columns.place.kind
        if not kind.schema_.has_present:
            row = first(absent, cases)
            if row is not None:
                sentence = f"{kind.__name__} cannot be absent; write null where nothing is said"
                raise refused(self.names[columns.there or 0], row, False, sentence)
        for slot, plane in known.items():
            row = first(both(absent, plane), cases)
            if row is not None:
                sentence = f"{self.names[columns.there or 0]!r} is false here, so this must be null"
                raise refused(self.names[columns.slots[slot]], row, None, sentence)


def _where(holds: Plane, known: Plane, absent: Plane) -> Truth[Plane]:
    """True where it holds, false where the value is known or the fact is absent, unknown elsewhere."""
    return Truth(holds, holds, either(holds, inverse(either(absent, known))))
