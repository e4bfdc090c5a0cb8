"""What can be said of a patient, as literals: which facts are there, which are known not to be, what each slot says.

Each place (a fact type and a key) is said to be there, said not to be there, or not said. Each slot is known or not; the
values it can have are told apart only where some atom does: they stand in a row, and the literals of a slot say how far
along the row its value lies. So a number is cut at the thresholds that occur, and exactly one word of an enum holds.
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
    """The literals of a place. Of a closed type, or one without `present`, some are constants."""

    there: int
    absent: int


@dataclass(frozen=True, slots=True)
class _Row:
    """The literals of a slot: `steps[i]` says that it is known and its value is `values[i]` or a later one.

    `known` says that it is known. `exact`: every value that is not among them passes the tests on the slot as one of them does.
    """

    values: tuple[Any, ...]
    steps: tuple[int, ...]
    known: int
    exact: bool


class Spread(NamedTuple):
    """What can be said of one place: the literals of its `_Spot`, and for each slot its steps and whether it may be unknown."""

    there: int
    absent: int
    rows: tuple[tuple[tuple[int, ...], bool], ...]


class World:
    """The stated facts that some atoms read, as literals of `clauses`.

    `atoms` are those of every program that will be encoded over this world; `known` are facts whose values must be
    told apart exactly, those of a case to be completed. `complete` is a literal: assumed, it asks for cases in which
    everything is answered.

    Where not all values of a slot can be told apart, some are tried. So there are two worlds in one. Where the literal
    `relaxed` is false, each model is a case; but not every case is a model. Where it may be true, every case is a model:
    what could not be encoded exactly may be either. A case is looked for with `-relaxed`; that there is none is proved
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
        """The two literals of an atom: it is true, it is known to be false. Neither: it is unknown."""
        if atom not in self._atoms:
            self._atoms[atom] = self._encode(atom)
        return self._atoms[atom]

    @cached_property
    def said(self) -> Mapping[Said, int]:
        """Everything that can be said or left unsaid, with the literal that it is said."""
        places = {Said(place): self.clauses.some((spot.there, spot.absent)) for place, spot in self._spots.items()}
        slots = {said: row.steps[0] for said, row in self._rows.items() if row.steps and self._is_slot(said)}
        return {said: literal for said, literal in {**places, **slots}.items() if abs(literal) != TRUE}

    @cached_property
    def inputs(self) -> tuple[int, ...]:
        """The variables that everything else is a function of, in cases."""
        return (self.complete, self.relaxed, *self.said_by)

    @cached_property
    def said_by(self) -> Mapping[int, Said]:
        """For each of those variables, `complete` and `relaxed` aside, what it is about."""
        found: dict[int, Said] = {}
        for place, spot in self._spots.items():
            found |= {literal: Said(place) for literal in (spot.there, spot.absent) if abs(literal) != TRUE}
        for said, row in self._rows.items():
            found |= dict.fromkeys(row.steps, said)
        return found

    def require(self, literal: int) -> None:
        """Leave out the cases in which this literal does not hold."""
        self.required.append(literal)
        self.clauses.add(literal)

    def extending(self, case: Iterable[Fact]) -> tuple[int, ...]:
        """Literals that hold in the cases which say all that this one says, and perhaps more."""
        facts = by_place(case)
        return (*(literal for fact in facts.values() for literal in self._says(fact)), *self._decided(facts))

    def exactly(self, case: Iterable[Fact]) -> tuple[int, ...]:
        """Literals that hold in this case alone: what it does not say is unknown."""
        facts = by_place(case)
        said = (literal for place in self._spots for literal in self.exactly_at(place, facts.get(place)))
        return (*said, *self._decided(facts))

    def exactly_at(self, place: Place, fact: Fact | None) -> tuple[int, ...]:
        """Literals that hold where this place has this fact, and says no more; or where it has none."""
        spot = self._spots[place]
        if fact is None:
            return (-spot.there, -spot.absent)
        said = self.slots_at(place) if fact.__dict__.get("present") is not False else []
        unsaid = [self._rows[one].steps[:1] for one in said if fact.__dict__[str(one.slot)] is None]
        return (*self._says(fact), *(-first for steps in unsaid for first in steps))

    def value(self, said: Said, value: Any) -> int:
        """A literal: the slot is known and has this value, or one that no atom tells apart from it."""
        row = self._rows[said]
        at = self._position(said, row, value)
        return self._stretch(row, at, at + 1)

    def values(self, said: Said) -> tuple[Any, ...]:
        """The values of a slot that are told apart, in ascending order where they have one."""
        return self._rows[said].values

    def tells_apart(self, said: Said) -> bool:
        """Whether this world has literals for every value of a slot, so that no fact need be named when it is made."""
        if said in self._choices.joined:
            return self._choices.is_listed(said) and said not in self._thin
        return said not in self._rows or self._rows[said].exact

    def presence(self, place: Place) -> tuple[int, int]:
        """The literals that the fact of a place is there, and that it is known not to be."""
        spot = self._spots[place]
        return spot.there, spot.absent

    def slots(self, place: Place) -> list[Said]:
        """The fields of a place that values are told apart of, its slots and those that every fact has; none of another place."""
        return self.slots_at(place) if place in self._spots else []

    def answered(self, said: Said) -> int:
        """The literal that it is known, a slot of a fact that is not there included."""
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
        """What can be said, place by place."""
        for place, spot in self._spots.items():
            slots = self.slots_at(place)
            yield Spread(spot.there, spot.absent, tuple((self._rows[said].steps, self._is_slot(said)) for said in slots))

    @property
    def is_exact(self) -> bool:
        """Whether every case is a model without `relaxed` too, so that where no case is found there is none."""
        return not self.inexact and self._listed.issuperset(self._ruled)

    @property
    def sampled(self) -> tuple[Said, ...]:
        """The slots of which not every value is tried, or stands for others: the `inexact` ones, and those under a rule
        of their fact type that may allow one value and forbid another like it."""
        ruled = (said for place in self._ruled if place not in self._listed for said in self.slots_at(place))
        return tuple(dict.fromkeys((*self.inexact, *ruled)))

    @property
    def allows_all(self) -> bool:
        """Whether every choice of values makes facts: no fact type has a rule of its own between its fields."""
        return not self._ruled

    @cached_property
    def _ruled(self) -> tuple[Place, ...]:
        return tuple(place for place in self._spots if has_own_rules(place.kind))

    # --- back to facts ----------------------------------------------------------------------------------------------

    def facts(self, model: Assignment) -> tuple[Fact, ...]:
        """The case that a model describes.

        Raises `InvalidFactError` where a fact type has a rule of its own between its fields that forbids one of the facts.
        """
        return tuple(self._fact(place, spot, model) for place, spot in self._spots.items() if self._is_said(spot, model))

    def block(self, model: Assignment) -> bool:
        """Exclude the facts of this model that their own fact type forbids; False when all are allowed.

        What is excluded is excluded for cases only, unless the type is known value by value: another value, which the atoms
        cannot tell from this one, might be allowed.
        """
        found = False
        for place in self._ruled:
            spot = self._spots[place]
            exact = place in self._listed and not any(said in self._thin for said in self.slots_at(place))
            if not self._is_said(spot, model) or (model[self.relaxed] and not exact):
                continue
            try:
                self._fact(place, spot, model)
            except Exception:  # whatever a validator of the fact type raises
                said = [spot.there, *(s for slot in self.slots_at(place) for s in self._rows[slot].steps)]
                unless = [] if exact else [self.relaxed]
                self.clauses.add(*unless, *(-literal if model[literal] else literal for literal in said))
                found = True
        return found

    def fact(self, place: Place, model: Assignment, like: Fact | None = None) -> Fact | None:
        """The fact that a model has at a place, if any: with the values of `like` where they do, and where no atom reads them."""
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
        """The places with a rule of their own of which every value of every slot has its turn."""
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
            assert diagram is not None  # of fewer values than the one above
            self.diagrams[join] = diagram
        for said, values in rows.items():
            if not values.exact:
                self._is_inexact(said)
            self._make_row(said, said.place.kind.schema_.fields[str(said.slot)], values)

    def _thinned(self, said: Said, values: Values) -> Values:
        """Fewer values: every second one of those that no test on the slot tells apart; where all are, the first half."""
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
        """The two literals of a comparison, from where it holds of the values tried. Where others count, it may be either."""
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
        """What these facts decide of comparisons that may else be either."""
        for atom, (true, false) in self._free.items():
            found = atom_bits(atom, facts)
            if found in (bits.TRUE, bits.FALSE):
                yield true if found == bits.TRUE else false

    def _where(self, row: _Row, test: Any) -> int:
        """A literal: the slot is known and its value passes the test."""
        passes = [bool(test(value)) for value in row.values]
        starts = [i for i, here in enumerate(passes) if here and (i == 0 or not passes[i - 1])]
        ends = [i + 1 for i, here in enumerate(passes) if here and (i + 1 == len(passes) or not passes[i + 1])]
        return self.clauses.some([self._stretch(row, start, end) for start, end in zip(starts, ends, strict=True)])

    def _stretch(self, row: _Row, start: int, end: int) -> int:
        """A literal: the value is one of `values[start:end]`."""
        return self.clauses.every((row.steps[start], TRUE if end == len(row.steps) else -row.steps[end]))

    def _joined(self, atom: JoinTest) -> int:
        """A literal: all slots of a comparison are known, and their values pass it."""
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
        """Where in the row a value stands: at the value itself, or at the one that all atoms take for the same."""
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
    """The fields that every fact has, and that are no part of its key: they are said whenever the fact is there."""
    schema = place.kind.schema_
    return [name for name in schema.slots if not schema.fields[name].is_slot]
