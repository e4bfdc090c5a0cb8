"""Decide exactly whether any answers to the open questions, "I don't know" included, can change the conclusions.

After "I don't know" an input stays unknown. So the completions of a case may state any further inputs that can be asked and were
not declined. Completions that break a constraint do not count, unless the case already breaks it or no completion keeps it. If
not all values of a slot could be tried, anything that is not proved to be irrelevant counts as relevant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ..explain.unknowns import Unknown
from ..facts.base import Fact
from ..ground.nodes import JoinTest, Place, Presence, Said, SlotTest, places_of
from ..ground.program import Program
from ..solve.clauses import FALSE
from ..solve.joins import slots_of
from ..solve.witness import PossibleCases
from .case import Askable, Case


class Completions:
    """The completions of the cases of one program. `known` are facts whose values must be distinguished exactly.

    One solver serves every case, as a set of assumptions. Raises `MissingExtraError` without python-sat.
    """

    def __init__(self, program: Program, askable: Askable, known: Iterable[Fact] = ()) -> None:
        self.program = program
        self.cases = PossibleCases(program, known=known, constraints=False)
        self.world = self.cases.world
        self._askable = askable
        self._without: dict[tuple[Unknown, bool], int] = {}

    # --- asking -------------------------------------------------------------------------------------------------------

    def differ(self, case: Case, established: frozenset[int], broken: frozenset[int]) -> bool:
        """Whether some answers may lead to other conclusions than these. The constraints in `broken` do not apply."""
        now = [one if number in established else -one for number, one in enumerate(self._now)]
        return self.cases.is_possible([*self._extending(case), *self._constraints(broken), self._differs, *now])

    def keep(self, case: Case, broken: frozenset[int]) -> bool:
        """Whether everything open can be answered without breaking other constraints than these."""
        return self.cases.model([*self._completing(case), *self._constraints(broken)]) is not None

    def matters(self, case: Case, unknown: Unknown, broken: frozenset[int]) -> bool:
        """Whether the answer to `unknown` may change the conclusions of this case or of an extension of it."""
        there = () if unknown.slot is None else (self.world.presence(unknown.place)[0],)
        changed = self._changed_by(unknown, unknown.place in case.facts)
        return self.cases.is_possible([*self._extending(case), *self._constraints(broken), *there, changed])

    @cached_property
    def _then(self) -> list[int]:
        """The literals of the conclusions of a completion."""
        return [self.cases.encoding.proposition(number) for number in range(len(self.program.facts))]

    @cached_property
    def _now(self) -> list[int]:
        """Variables for the conclusions that a completion is compared with."""
        return [self.world.clauses.fresh() for _ in self._then]

    @cached_property
    def _differs(self) -> int:
        return self.world.clauses.some([self._xor(a, b) for a, b in zip(self._then, self._now, strict=True)])

    @cached_property
    def _kept(self) -> list[int]:
        """For each constraint, the literal that it is kept."""
        return [-self.cases.encoding.node(instance.body) for instance in self.program.constraints]

    # --- cases as assumptions -----------------------------------------------------------------------------------------

    def _constraints(self, broken: frozenset[int]) -> list[int]:
        return [literal for number, literal in enumerate(self._kept) if number not in broken]

    def _completing(self, case: Case) -> Iterator[int]:
        """Literals of the completions of a case, in which everything that can be answered is answered."""
        yield from self._extending(case)
        for said in self._open:
            if not case.is_said(said) and not case.is_absent(said.place) and not self._stays_unsaid(case, said):
                yield self.world.answered(said)
        for place, slots in self._unconditional.items():
            if place not in case.facts and not all(self._stays_unsaid(case, said) for said in slots):
                yield self.world.presence(place)[0]

    def _extending(self, case: Case) -> Iterator[int]:
        """Literals of the extensions of a case, which may state further inputs that can be asked."""
        yield from self.world.extending(case.facts.values())
        for said, literal in self.world.said.items():
            if not case.is_said(said) and self._stays_unsaid(case, said):
                yield -literal
        for place, literals in (*self._plain.items(), *self._said_by_slots.items()):
            if place not in case.facts:
                yield from literals

    def _stays_unsaid(self, case: Case, said: Said) -> bool:
        if said.slot is None and not said.place.kind.schema_.has_present:  # stated by its slots
            return all(self._stays_unsaid(case, slot) for slot in self._unconditional.get(said.place, ()))
        return not self._askable(said) or case.is_declined(said)

    @cached_property
    def _open(self) -> tuple[Said, ...]:
        """The inputs that can be asked."""
        return tuple(said for said in self.world.said if self._askable(said))

    @cached_property
    def _unconditional(self) -> Mapping[Place, tuple[Said, ...]]:
        """The open places whose type has no `present`, with the inputs that can be asked of each."""
        return {
            place: tuple(said for said in self.world.slots(place) if self._askable(said))
            for place in self.world.places
            if place.kind.schema_.is_open and not place.kind.schema_.has_present
        }

    @cached_property
    def _plain(self) -> Mapping[Place, tuple[int, ...]]:
        """The fields with defaults, which a fact states as soon as it is answered to be there."""
        found: dict[Place, tuple[int, ...]] = {}
        for place in self.world.places:
            fields = place.kind.schema_.fields
            plain = [said for said in self.world.slots(place) if not fields[str(said.slot)].is_slot]
            if plain and place.kind.schema_.is_open:
                there = self.world.presence(place)[0]
                found[place] = tuple(
                    self.world.clauses.some((-there, self.world.value(said, fields[str(said.slot)].default)))
                    for said in plain
                    if not fields[str(said.slot)].required
                )
        return found

    @cached_property
    def _said_by_slots(self) -> Mapping[Place, tuple[int, ...]]:
        """A fact whose type has no `present` exists only if one of its slots is known."""
        return {
            place: (self.world.clauses.some((-self.world.presence(place)[0], *self._slots_said(place))),)
            for place in self._unconditional
        }

    def _slots_said(self, place: Place, *, but: str | None = None) -> list[int]:
        """The literals that the slots of a place are known, without the slot `but`."""
        return [literal for said, literal in self.world.said.items() if said.place == place and said.slot not in (None, but)]

    # --- one answer removed -------------------------------------------------------------------------------------------

    def _changed_by(self, unknown: Unknown, is_there: bool) -> int:
        """The literal of the cases whose conclusions change when this input becomes unknown."""
        if (unknown, is_there) not in self._without:
            given = dict(self._unsaid(unknown, is_there))
            other = self.cases.encoding.given(given)
            changes = [self._xor(then, other.proposition(number)) for number, then in enumerate(self._then)]
            self._without[unknown, is_there] = self.world.clauses.some(changes)
        return self._without[unknown, is_there]

    def _unsaid(self, unknown: Unknown, is_there: bool) -> Iterator[tuple[int, tuple[int, int]]]:
        """The atoms that become unknown with an input: all atoms of a fact, or the atoms that read a slot."""
        for number, atom in enumerate(self.program.atoms):
            if unknown.place not in places_of(atom):
                continue
            match atom:
                case Presence() if unknown.slot and not is_there and not unknown.kind.schema_.has_present:
                    yield number, (self.world.clauses.some(self._slots_said(unknown.place, but=unknown.slot)), FALSE)
                    continue
                case Presence():
                    reads = unknown.slot is None
                case SlotTest(slot=slot):
                    reads = unknown.slot in (None, slot)
                case JoinTest():
                    reads = unknown.slot is None or Said(unknown.place, unknown.slot) in slots_of(atom)
            if reads:
                others = [self.world.presence(place)[1] for place in places_of(atom) if place != unknown.place]
                yield number, (FALSE, self.world.clauses.some(others))

    def _xor(self, a: int, b: int) -> int:
        clauses = self.world.clauses
        return clauses.some((clauses.every((a, -b)), clauses.every((-a, b))))
