"""The inputs as literals: which facts are there, which are known not to be, and the value of each slot.

Each place (a fact type and a key) is there, is known not to be there, or is unknown. Each slot is known or unknown. Its values
are distinguished only as far as some atom does. They use the order encoding: literal i means value >= values[i]. So a number
is cut at the thresholds that occur, and exactly one word of an enum holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ..facts.base import Fact, has_own_rules
from ..facts.schema import FieldSchema
from ..facts.values import Values
from ..ground.evaluate import atom_bits
from ..ground.nodes import Atom, JoinTest, Place, Presence, Said, SlotTest, by_place, place_of, places_of
from ..ir import bits
from ..link.model import Linked
from .choices import Choices, asks
from .clauses import FALSE, TRUE, Clauses
from .diagrams import MOST_EDGES, Diagram, diagram_of
from .joins import slots_of
from .solver import Assignment


@dataclass(frozen=True, slots=True)
class _Spot:
    """The literals of a place. Some are constants if its type is closed or has no `present`."""

    there: int
    absent: int


@dataclass(frozen=True, slots=True)
class _Row:
    """The literals of a slot in order encoding: `steps[i]` means that it is known and its value is `values[i]` or a later one.

    `known` means that it is known. `exact`: every other value gives the same outcome of all tests on the slot as one of these.
    """

    values: tuple[Any, ...]
    steps: tuple[int, ...]
    known: int
    exact: bool


class Spread(NamedTuple):
    """The inputs of one place: the literals of its `_Spot`, and for each slot its steps and whether it may be unknown."""

    there: int
    absent: int
    rows: tuple[tuple[tuple[int, ...], bool], ...]


class World:
    """The stated facts that some atoms read, as literals of `clauses`.

    `atoms` are the atoms of every program that will be encoded over this world. `known` are facts whose values must be
    distinguished exactly, for example those of a case to be completed. Assume the literal `complete` to ask for cases in which
    everything is answered.

    If a slot has too many values to distinguish, only some are tried, and the world over-approximates on request. With the
    literal `relaxed` false, each model is a case, but not every case is a model. With `relaxed` true, every case is a model:
    whatever could not be encoded exactly may be true or false. So search for a case with `-relaxed`, and prove its absence
    without it. `inexact` names the slots that make the difference. `most` bounds the diagram of one comparison.
    """

    def __init__(
        self, clauses: Clauses, linked: Linked, atoms: Iterable[Atom], known: Iterable[Fact] = (), *, most: int | None = None
    ) -> None:
        self.clauses = clauses
        self.linked = linked
        self.complete = clauses.fresh()
        self.relaxed = clauses.fresh()
        self.inexact: tuple[Said, ...] = ()
        self.diagrams: dict[JoinTest, Diagram] = {}
        """For each comparison of slots for which values it holds, by their positions in `values`."""
        self.required: list[int] = []
        self._spots: dict[Place, _Spot] = {}
        self._rows: dict[Said, _Row] = {}
        self._atoms: dict[Atom, tuple[int, int]] = {}
        asked = tuple(dict.fromkeys(atoms))
        self._thin: set[Said] = set()
        self._free: dict[Atom, tuple[int, int]] = {}
        self._choices = Choices(linked, asked, known)
        for atom in asked:
            for place in places_of(atom):
                self._make_spot(place)
        self._make_rows([atom for atom in asked if isinstance(atom, JoinTest)], MOST_EDGES if most is None else most)

    # --- literals ---------------------------------------------------------------------------------------------------

    def atom(self, atom: Atom) -> tuple[int, int]:
        """The two literals of an atom: true, and known to be false. If neither holds, the atom is unknown."""
        if atom not in self._atoms:
            self._atoms[atom] = self._encode(atom)
        return self._atoms[atom]

    @cached_property
    def said(self) -> Mapping[Said, int]:
        """Every input, with the literal that it is stated."""
        places = {Said(place): self.clauses.some((spot.there, spot.absent)) for place, spot in self._spots.items()}
        slots = {said: row.steps[0] for said, row in self._rows.items() if row.steps and self._is_slot(said)}
        return {said: literal for said, literal in {**places, **slots}.items() if abs(literal) != TRUE}

    @cached_property
    def inputs(self) -> tuple[int, ...]:
        """The input variables, of which all other variables are functions."""
        return (self.complete, self.relaxed, *self.said_by)

    @cached_property
    def said_by(self) -> Mapping[int, Said]:
        """The input that each input variable belongs to, except for `complete` and `relaxed`."""
        found: dict[int, Said] = {}
        for place, spot in self._spots.items():
            found |= {literal: Said(place) for literal in (spot.there, spot.absent) if abs(literal) != TRUE}
        for said, row in self._rows.items():
            found |= dict.fromkeys(row.steps, said)
        return found

    def require(self, literal: int) -> None:
        """Exclude the cases in which this literal does not hold."""
        self.required.append(literal)
        self.clauses.add(literal)

    def extending(self, case: Iterable[Fact]) -> tuple[int, ...]:
        """Literals that hold in exactly the cases that state everything this case states, and possibly more."""
        facts = by_place(case)
        return (*(literal for fact in facts.values() for literal in self._says(fact)), *self._decided(facts))

    def exactly(self, case: Iterable[Fact]) -> tuple[int, ...]:
        """Literals that hold in this case only: everything it does not state is unknown."""
        facts = by_place(case)
        said = (literal for place in self._spots for literal in self.exactly_at(place, facts.get(place)))
        return (*said, *self._decided(facts))

    def exactly_at(self, place: Place, fact: Fact | None) -> tuple[int, ...]:
        """Literals that hold if this place has exactly this fact, or none."""
        spot = self._spots[place]
        if fact is None:
            return (-spot.there, -spot.absent)
        said = self.slots_at(place) if fact.__dict__.get("present") is not False else []
        unsaid = [self._rows[one].steps[:1] for one in said if fact.__dict__[str(one.slot)] is None]
        return (*self._says(fact), *(-first for steps in unsaid for first in steps))

    def value(self, said: Said, value: Any) -> int:
        """The literal that the slot is known and has this value, or one that no atom distinguishes from it."""
        row = self._rows[said]
        at = self._position(said, row, value)
        return self._stretch(row, at, at + 1)

    def values(self, said: Said) -> tuple[Any, ...]:
        """The distinguished values of a slot, in ascending order if they are ordered."""
        return self._rows[said].values

    def tells_apart(self, said: Said) -> bool:
        """Whether this world distinguishes all values of a slot, so that no `known` fact is needed for them."""
        if said in self._choices.joined:
            return self._choices.is_listed(said) and said not in self._thin
        return said not in self._rows or self._rows[said].exact

    def presence(self, place: Place) -> tuple[int, int]:
        """The two literals of a place: its fact is there, and it is known not to be there."""
        spot = self._spots[place]
        return spot.there, spot.absent

    def slots(self, place: Place) -> list[Said]:
        """The fields of a place whose values are distinguished; empty for an unknown place."""
        return self.slots_at(place) if place in self._spots else []

    def answered(self, said: Said) -> int:
        """The literal that an input is answered; a slot counts as answered if its fact is not there."""
        spot = self._spots[said.place]
        if said.slot is None:
            return self.clauses.some((spot.there, spot.absent))
        return self.clauses.some((-spot.there, self._rows[said].known))

    def slots_at(self, place: Place) -> list[Said]:
        """The slots of a place that atoms read."""
        return [said for name in place.kind.schema_.slots if (said := Said(place, name)) in self._rows]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that atoms read."""
        return tuple(self._spots)

    @property
    def spreads(self) -> Iterator[Spread]:
        """The inputs, place by place."""
        for place, spot in self._spots.items():
            slots = self.slots_at(place)
            yield Spread(spot.there, spot.absent, tuple((self._rows[said].steps, self._is_slot(said)) for said in slots))

    @property
    def is_exact(self) -> bool:
        """Whether every case is a model even with `-relaxed`, so that finding no case proves that there is none."""
        return not self.inexact and self._listed.issuperset(self._ruled)

    @property
    def sampled(self) -> tuple[Said, ...]:
        """The slots whose values were only sampled: the `inexact` ones, and those of a fact type with a validator, which may
        allow one value and forbid another that no atom distinguishes from it."""
        ruled = (said for place in self._ruled if place not in self._listed for said in self.slots_at(place))
        return tuple(dict.fromkeys((*self.inexact, *ruled)))

    @property
    def allows_all(self) -> bool:
        """Whether every combination of values makes a fact: no fact type has a validator across its fields."""
        return not self._ruled

    @cached_property
    def _ruled(self) -> tuple[Place, ...]:
        return tuple(place for place in self._spots if has_own_rules(place.kind))

    # --- back to facts ----------------------------------------------------------------------------------------------

    def facts(self, model: Assignment) -> tuple[Fact, ...]:
        """The case that a model describes.

        Raises `InvalidFactError` if a validator across the fields of a fact type forbids one of the facts.
        """
        return tuple(self._fact(place, spot, model) for place, spot in self._spots.items() if self._is_said(spot, model))

    def block(self, model: Assignment) -> bool:
        """Exclude the facts of this model that their own fact type forbids; False when all are allowed.

        The exclusion applies to cases only (with `-relaxed`), unless all values of the type are listed: another value that no
        atom distinguishes from this one might be allowed.
        """
        found = False
        for place in self._ruled:
            spot = self._spots[place]
            exact = place in self._listed and not any(said in self._thin for said in self.slots_at(place))
            if not self._is_said(spot, model) or (model[self.relaxed] and not exact):
                continue
            try:
                self._fact(place, spot, model)
            except Exception:  # a validator of the fact type may raise anything
                said = [spot.there, *(s for slot in self.slots_at(place) for s in self._rows[slot].steps)]
                unless = [] if exact else [self.relaxed]
                self.clauses.add(*unless, *(-literal if model[literal] else literal for literal in said))
                found = True
        return found

    def fact(self, place: Place, model: Assignment, like: Fact | None = None) -> Fact | None:
        """The fact at a place in a model, if any. It takes values from `like` where they fit the model or no atom reads them."""
        spot = self._spots[place]
        return self._fact(place, spot, model, like) if self._is_said(spot, model) else None

    def _is_said(self, spot: _Spot, model: Assignment) -> bool:
        return model[spot.there] or model[spot.absent]

    def _fact(self, place: Place, spot: _Spot, model: Assignment, like: Fact | None = None) -> Fact:
        kind = place.kind
        fields: dict[str, Any] = dict(zip(kind.schema_.keys, place.key, strict=True))
        if kind.schema_.has_present and model[spot.absent]:
            fields["present"] = False
        else:
            fields |= {name: like.__dict__[name] for name in kind.schema_.slots} if like is not None else {}
            for said in self.slots_at(place):
                row, before = self._rows[said], fields.get(str(said.slot))
                known = sum(model[step] for step in row.steps)
                if not (known and before is not None and self._position(said, row, before) == known - 1):
                    fields[str(said.slot)] = row.values[known - 1] if known else None
        return kind(**{name: value for name, value in fields.items() if value is not None})

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_spot(self, place: Place) -> None:
        if place in self._spots:
            return
        schema = place.kind.schema_
        if not schema.is_open:
            self._spots[place] = _Spot(TRUE, FALSE)
            return
        there = self.clauses.fresh()
        absent = self.clauses.fresh() if schema.has_present else FALSE
        self._spots[place] = _Spot(there, absent)
        self.clauses.add(-there, -absent)
        self.clauses.add(-self.complete, there, absent)

    @cached_property
    def _listed(self) -> frozenset[Place]:
        """The places whose type has a validator and all of whose slots have every value tried."""
        slots = ((place, (Said(place, name) for name in place.kind.schema_.slots)) for place in self._ruled)
        return frozenset(place for place, all_of in slots if all(map(self._choices.is_listed, all_of)))

    def _make_rows(self, joins: Sequence[JoinTest], most: int) -> None:
        plain = (Said(place, name) for place in self._spots for name in _plain_fields(place))
        whole = dict.fromkeys(Said(place, name) for place in self._listed for name in place.kind.schema_.slots)
        rows = {said: self._choices.of(said) for said in (*self._choices.read, *plain)}
        rows |= {said: self._choices.every(said) for said in whole}
        for join in joins:
            if not self._choices.are_exact(join):
                self._is_inexact(*slots_of(join))
            while diagram_of(join, {said: rows[said].found for said in slots_of(join)}, most) is None:
                said = max(slots_of(join), key=lambda one: len(rows[one].found))
                self._is_inexact(*slots_of(join))
                rows[said] = self._thinned(said, rows[said])
        for join in joins:
            diagram = diagram_of(join, {said: rows[said].found for said in slots_of(join)}, most)
            assert diagram is not None  # it has fewer values than in the loop above
            self.diagrams[join] = diagram
        for said, values in rows.items():
            if not values.exact:
                self._is_inexact(said)
            self._make_row(said, said.place.kind.schema_.fields[str(said.slot)], values)

    def _thinned(self, said: Said, values: Values) -> Values:
        """Fewer values: drop every second one that no test on the slot needs; if all are needed, keep the first half."""
        self._thin.add(said)
        kinds, known = self._choices.kinds(said), self._choices.known(said)
        spare = [value for value in values.found if value not in kinds and value != known]
        if spare:
            return values._replace(found=tuple(value for value in values.found if value not in spare[::2]))
        others = [value for value in values.found if value != known]
        kept = others[: len(others) // 2] or others[: known is None]
        return Values(tuple(value for value in values.found if value == known or value in kept), False)

    def _is_inexact(self, *slots: Said) -> None:
        self.inexact = tuple(dict.fromkeys((*self.inexact, *slots)))

    def _make_row(self, said: Said, field: FieldSchema, values: Values) -> None:
        steps = tuple(self.clauses.fresh() for _ in values.found)
        there = self._spots[said.place].there
        known = steps[0] if steps else FALSE if values.exact else self.clauses.every((self.relaxed, there, self.clauses.fresh()))
        self._rows[said] = _Row(values.found, steps, known, values.exact)
        for before, after in zip((there, *steps), steps, strict=False):
            self.clauses.add(-after, before)
        if steps:
            if not field.is_slot:
                self.clauses.add(-there, steps[0])
            self.clauses.add(-self.complete, -there, steps[0])

    def _is_slot(self, said: Said) -> bool:
        return said.place.kind.schema_.fields[str(said.slot)].is_slot

    def _encode(self, atom: Atom) -> tuple[int, int]:
        match atom:
            case Presence(place=place):
                spot = self._spots[place]
                return spot.there, spot.absent
            case SlotTest(place=place, slot=slot):
                row = self._rows[Said(place, slot)]
                return self._known_to_be(atom, self._where(row, asks(atom)), [row], row.exact)
            case JoinTest():
                rows = [self._rows[said] for said in slots_of(atom)]
                return self._known_to_be(atom, self._joined(atom), rows, self._is_exact(atom))

    def _known_to_be(self, atom: Atom, true: int, rows: Sequence[_Row], exact: bool) -> tuple[int, int]:
        """The two literals of a comparison, given where it holds for the values tried. For other values it may be either."""
        known = self.clauses.every([row.known for row in rows])
        if not exact:
            either = self.clauses.every((self.relaxed, known, self.clauses.fresh()))
            true = self.clauses.some((self.clauses.every((-self.relaxed, true)), either))
        absent = [self._spots[place].absent for place in places_of(atom)]
        false = self.clauses.some((*absent, self.clauses.every((known, -true))))
        if not exact:
            self._free[atom] = true, false
        return true, false

    def _is_exact(self, atom: JoinTest) -> bool:
        return self._choices.are_exact(atom) and not any(said in self._thin for said in slots_of(atom))

    def _decided(self, facts: Mapping[Place, Fact]) -> Iterator[int]:
        """Literals by which these facts decide comparisons that could otherwise be either."""
        for atom, (true, false) in self._free.items():
            found = atom_bits(atom, facts)
            if found in (bits.TRUE, bits.FALSE):
                yield true if found == bits.TRUE else false

    def _where(self, row: _Row, test: Any) -> int:
        """The literal that the slot is known and its value passes the test."""
        passes = [bool(test(value)) for value in row.values]
        starts = [i for i, here in enumerate(passes) if here and (i == 0 or not passes[i - 1])]
        ends = [i + 1 for i, here in enumerate(passes) if here and (i + 1 == len(passes) or not passes[i + 1])]
        return self.clauses.some([self._stretch(row, start, end) for start, end in zip(starts, ends, strict=True)])

    def _stretch(self, row: _Row, start: int, end: int) -> int:
        """The literal that the value is one of `values[start:end]`."""
        return self.clauses.every((row.steps[start], TRUE if end == len(row.steps) else -row.steps[end]))

    def _joined(self, atom: JoinTest) -> int:
        """The literal that all slots of a comparison are known and their values pass it."""
        diagram = self.diagrams[atom]
        reached = [FALSE, TRUE]
        for node in diagram.nodes:
            row = self._rows[node.slot]
            reached.append(
                self.clauses.some(
                    [self.clauses.every((self._stretch(row, one.start, one.end), reached[one.node])) for one in node.branches]
                )
            )
        return self.clauses.every((*(self._rows[said].known for said in slots_of(atom)), reached[diagram.root]))

    def _says(self, fact: Fact) -> list[int]:
        place = place_of(fact)
        spot = self._spots.get(place)
        if spot is None:
            return []
        if fact.__dict__.get("present") is False:
            return [spot.absent]
        found = [spot.there]
        for said in self.slots_at(place):
            value = fact.__dict__[str(said.slot)]
            if value is not None:
                found.append(self.value(said, value))
        return found

    def _position(self, said: Said, row: _Row, value: Any) -> int:
        """The position of a value in the row, or of the value that no atom distinguishes from it."""
        if value in row.values:
            return row.values.index(value)
        if said in self._choices.joined:
            raise ValueError(
                f"{said.place.kind.__name__}.{said.slot} = {value!r}: name this fact in `known` when the world is made"
            )
        tests = self._choices.tests(said)
        wanted = [test(value) for test in tests]
        return next(i for i, one in enumerate(row.values) if [test(one) for test in tests] == wanted)


def _plain_fields(place: Place) -> list[str]:
    """The fields that every fact has and that are not part of its key: they are stated whenever the fact is there."""
    schema = place.kind.schema_
    return [name for name in schema.slots if not schema.fields[name].is_slot]
