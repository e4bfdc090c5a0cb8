"""Which question is best asked next of a case, and whether any is worth asking.

A question is worth asking when some case, this one or one that says more, concludes something else once it is answered.
Those come first whose answer is expected to decide most, counted in bits over random completions; conclusions that refer
somebody urgently weigh more than all others. What no sample shows, the solver looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import log2
from threading import RLock
from typing import Final, NamedTuple

from ..engine.outcome import Outcome
from ..explain.unknowns import Unknown, open_atoms, sort_key, unknowns_of
from ..facts.base import Fact, has_own_rules
from ..facts.types import Finding, Recommendation, Referral
from ..ground.evaluate import Evaluation, atom_bits
from ..ground.nodes import Derived, JoinTest, Node, Place, SlotTest, places_of
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE, TRUE
from ..show.labels import Labels
from ..solve.joins import Said, slots_of
from .answers import said_of
from .bands import Band, bands_of
from .case import Askable, Case
from .completions import Completions
from .planes import Network, Planes
from .question import Question, make_question
from .samples import Samples

_BITS: Final = (CERTAIN, ESTABLISHED, POSSIBLE)
WEIGHTS: Final = {"emergency": 64.0, "urgent": 16.0, "soon": 2.0}
"""What deciding a referral of this urgency weighs; any other conclusion weighs 1."""


class Candidate(NamedTuple):
    """Something that can be asked now."""

    unknown: Unknown
    bands: tuple[Band, ...]
    atoms: frozenset[int]


class Asking:
    """The questions of one program. Threads may share it; `Program.kept` keeps one for each program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.linked = program.linked
        self.askable = Askable(program.linked)
        self.network = Network(program)
        self.weights = [WEIGHTS.get(str(fact.urgency), 1.0) if isinstance(fact, Referral) else 1.0 for fact in program.facts]
        self.lock = RLock()
        self._completions: tuple[tuple[object, ...], Completions] | None = None

    def outcome(self, case: Case) -> Outcome:
        """What follows from a case; facts of closed types are those that the program was made for."""
        evaluation = Evaluation(self.program, case.facts)
        evaluation.settle_all()
        bits = {number: evaluation.proposition(number) for number in range(len(self.program.facts))}
        facts = tuple(case.facts.values())
        return Outcome(self.program, facts, tuple(n for n, b in bits.items() if b & ESTABLISHED), bits)

    def best(self, case: Case, labels: Labels) -> Question | None:
        """The question to ask next; None when no completion of the case has other conclusions than the case itself."""
        with self.lock:
            state = State(self, case)
            return next(state.questions(labels), None)

    def all(self, case: Case, labels: Labels) -> tuple[Question, ...]:
        """Every question that is worth asking now, the best first; none when no completion concludes anything else."""
        with self.lock:
            return tuple(State(self, case).questions(labels))

    def completions(self, case: Case) -> Completions:
        """The completions, in a world that tells the values of this case apart."""
        exact = {
            said: fact.__dict__[str(said.slot)]
            for said in self._joined
            if (fact := case.facts.get(said.place)) is not None and fact.__dict__[str(said.slot)] is not None
        }
        known = tuple(sorted(((str(said), repr(value)) for said, value in exact.items())))
        if self._completions is None or self._completions[0] != known:
            facts = [case.facts[place] for place in dict.fromkeys(said.place for said in exact)]
            self._completions = known, Completions(self.program, self.askable, facts)
        return self._completions[1]

    @cached_property
    def _joined(self) -> tuple[Said, ...]:
        """The slots that are compared with each other."""
        joins = [atom for atom in self.program.atoms if isinstance(atom, JoinTest)]
        return tuple(dict.fromkeys(said for atom in joins for said in slots_of(atom)))

    @cached_property
    def samples_are_cases(self) -> bool:
        """Whether any values make a fact: no type has a rule of its own between its fields."""
        return not any(has_own_rules(place.kind) for place in self.atoms_at)

    @cached_property
    def tests(self) -> Mapping[Said, list[SlotTest]]:
        """All comparisons of each slot with constants."""
        found: dict[Said, list[SlotTest]] = {}
        for atom in self.program.atoms:
            if isinstance(atom, SlotTest):
                found.setdefault(Said(atom.place, atom.slot), []).append(atom)
        return found

    @cached_property
    def atoms_at(self) -> Mapping[Place, frozenset[int]]:
        """The atoms that read each place."""
        found: dict[Place, set[int]] = {}
        for number, atom in enumerate(self.program.atoms):
            for place in places_of(atom):
                found.setdefault(place, set()).add(number)
        return {place: frozenset(numbers) for place, numbers in found.items()}


class State:
    """One case under questions."""

    def __init__(self, asking: Asking, case: Case) -> None:
        self.asking, self.case = asking, case
        self.evaluation = Evaluation(asking.program, case.facts)
        self.evaluation.settle_all()

    def questions(self, labels: Labels) -> Iterator[Question]:
        """Those worth asking, the best first."""
        waiting = sorted(self.candidates, key=lambda c: (-self.score(c), sort_key(c.unknown)))
        unseen: list[Candidate] = []
        seen = False
        for candidate in waiting:
            changed = self.changed(candidate) if self.asking.samples_are_cases else []
            if changed:
                seen = True
                yield self._question(labels, candidate, changed)
            else:
                unseen.append(candidate)
        if unseen:
            yield from self._rare(labels, unseen) if seen or self._can_change() else self._inexact(labels, unseen)

    def _rare(self, labels: Labels, unseen: list[Candidate]) -> Iterator[Question]:
        """What no sample shows to matter, and does; first what changes the conclusions at once."""
        for candidate in sorted(unseen, key=lambda one: (-self._at_once(one), -len(self._bears_on(one)), sort_key(one.unknown))):
            if self._completions.matters(self.case, candidate.unknown, self.broken):
                yield self._question(labels, candidate, self._bears_on(candidate))

    def _at_once(self, candidate: Candidate) -> float:
        """What part of the answers change the conclusions of the case as it stands."""
        unknown, facts = candidate.unknown, self.case.facts
        values = [band.value for band in candidate.bands] or [True, False]
        if unknown.slot is not None and not candidate.bands:
            return 0.0
        answered = [{**facts, unknown.place: said_of(facts, unknown, value)} for value in values]
        atoms = list(self._atoms_now)
        for number in candidate.atoms:
            found = [atom_bits(self.asking.program.atoms[number], one) for one in answered]
            atoms[number] = Planes(*(sum(bool(b & bit) << at for at, b in enumerate(found)) for bit in _BITS))
        over = self.asking.network.changed(self._values_now, atoms, candidate.atoms)
        changed = 0
        for number in self.open & over.keys():
            changed |= over[number].established ^ self._values_now[number].established
        return (changed & ((1 << len(values)) - 1)).bit_count() / len(values)

    @cached_property
    def _atoms_now(self) -> list[Planes]:
        """What the case says of the atoms, as planes that are the same everywhere."""
        bits = map(self.evaluation.atom, range(len(self.asking.program.atoms)))
        return [Planes(*(-1 if b & bit else 0 for bit in _BITS)) for b in bits]

    @cached_property
    def _values_now(self) -> list[Planes]:
        return self.asking.network.all(self._atoms_now)

    def _inexact(self, labels: Labels, unseen: list[Candidate]) -> Iterator[Question]:
        """What compares slots whose values are too many to be told apart: it is asked while a conclusion rests on it."""
        places = {said.place for said in self._completions.world.inexact}
        for candidate in unseen:
            if candidate.unknown.place in places:
                yield self._question(labels, candidate, self._bears_on(candidate))

    def _bears_on(self, candidate: Candidate) -> list[int]:
        return [number for number in self.asking.network.propositions_of(candidate.atoms) if number in self.open]

    def _question(self, labels: Labels, candidate: Candidate, propositions: Iterable[int]) -> Question:
        facts, weights = self.asking.program.facts, self.asking.weights
        ordered = sorted(propositions, key=lambda number: (-weights[number], _rank(facts[number]), number))
        because: tuple[Fact, ...] = tuple(facts[number] for number in ordered)
        return make_question(labels, candidate.unknown, candidate.bands, because)

    # --- the case -----------------------------------------------------------------------------------------------------

    @cached_property
    def established(self) -> frozenset[int]:
        numbers = range(len(self.asking.program.facts))
        return frozenset(n for n in numbers if self.evaluation.proposition(n) & ESTABLISHED)

    @cached_property
    def open(self) -> frozenset[int]:
        """The propositions that are neither certain nor impossible."""
        numbers = range(len(self.asking.program.facts))
        return frozenset(n for n in numbers if self.evaluation.proposition(n) not in (TRUE, FALSE))

    @cached_property
    def broken(self) -> frozenset[int]:
        """The constraints that forbid nothing here: those that the case breaks, or all if no completion keeps the others."""
        constraints = self.asking.program.constraints
        broken = frozenset(n for n, c in enumerate(constraints) if self.evaluation.node(c.body) & ESTABLISHED)
        if self._keeping(broken) or self._completions.keep(self.case, broken):
            return broken
        return frozenset(range(len(constraints)))

    @cached_property
    def _completions(self) -> Completions:
        return self.asking.completions(self.case)

    @cached_property
    def live(self) -> frozenset[int]:
        """The atoms that open conclusions rest on."""
        return frozenset(open_atoms(self.evaluation, [Derived(number) for number in sorted(self.open)]))

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """What can be asked now of what open conclusions rest on."""
        asking, found = self.asking, dict[Unknown, None]()
        for number in sorted(self.live):
            for unknown in unknowns_of(asking.program.atoms[number], self.evaluation):
                first = Unknown(unknown.kind, unknown.key)
                if unknown.place not in self.case.facts and unknown.kind.schema_.has_present:
                    found[first] = None
                elif unknown.slot is not None:
                    found[unknown] = None
                else:  # of a type without `present`: there as soon as anything is said of it
                    found |= {Unknown(*said.place, said.slot): None for said in self._completions.world.slots(unknown.place)}
        return tuple(
            self._candidate(unknown)
            for unknown in sorted(found, key=sort_key)
            if asking.askable(Said(unknown.place, unknown.slot)) and unknown not in self.case.declined
        )

    def _candidate(self, unknown: Unknown) -> Candidate:
        asking = self.asking
        atoms = asking.atoms_at[unknown.place]
        if unknown.slot is None:
            return Candidate(unknown, (), atoms)
        said = Said(unknown.place, unknown.slot)
        field = unknown.kind.schema_.fields[unknown.slot]
        ids = asking.linked.ids(field.vocabulary) if field.vocabulary else ()
        live = [asking.program.atoms[number] for number in atoms & self.live]
        if any(isinstance(atom, JoinTest) and said in slots_of(atom) for atom in live):
            return Candidate(unknown, (), atoms)
        tests = asking.tests.get(said, [])
        return Candidate(unknown, bands_of(field, ids, tests, [test for test in tests if test in live] or tests), atoms)

    # --- samples ------------------------------------------------------------------------------------------------------

    @cached_property
    def samples(self) -> Samples:
        constraints: list[Node] = [constraint.body for constraint in self.asking.program.constraints]
        relevant = self.live | open_atoms(self.evaluation, constraints)
        return Samples(self._completions.world, self.asking.askable, self.evaluation, self.case, relevant)

    @cached_property
    def values(self) -> list[Planes]:
        return self.asking.network.all(self.samples.atoms)

    @cached_property
    def valid(self) -> int:
        """The samples that break no constraint."""
        return self._keeping(self.broken)

    def _keeping(self, broken: frozenset[int]) -> int:
        return self._unbroken(broken, self.values, self.samples.atoms)

    def _unbroken(self, broken: frozenset[int], values: Sequence[Planes], atoms: Sequence[Planes]) -> int:
        """The samples that break no constraint but these."""
        found = self.samples.every
        for number, constraint in enumerate(self.asking.program.constraints):
            if number not in broken:
                found &= ~self.asking.network.node(constraint.body, values, atoms).established
        return found

    def score(self, candidate: Candidate) -> float:
        """What share of what is open of each conclusion an answer is expected to decide, in bits; weighted, and added up."""
        valid, total = self.valid, self.valid.bit_count()
        if not total:
            return 0.0
        parts = [part & valid for part in self.samples.parts(candidate.unknown, candidate.bands)]
        sizes = [part.bit_count() for part in parts]
        gained = 0.0
        for number in self.asking.network.propositions_of(candidate.atoms):
            if number in self.open:
                plane = self.values[number].established & valid
                held = plane.bit_count()
                if 0 < held < total:
                    left = sum(_bits(size, (plane & part).bit_count()) for part, size in zip(parts, sizes, strict=True))
                    gained += self.asking.weights[number] * (1 - left / _bits(total, held))
        return gained

    def changed(self, candidate: Candidate) -> list[int]:
        """The open conclusions that another answer changes in some sample."""
        valid = self.valid
        if not valid:
            return []
        atoms = self.samples.with_other(candidate.unknown, candidate.atoms)
        over = self.asking.network.changed(self.values, atoms, candidate.atoms)
        mixed = [over.get(number, value) for number, value in enumerate(self.values)]
        both = valid & self._unbroken(self.broken, mixed, atoms)
        return [
            number
            for number, planes in over.items()
            if number in self.open and (planes.established ^ self.values[number].established) & both
        ]

    def _can_change(self) -> bool:
        return self._completions.differ(self.case, self.established, self.broken)


def _rank(fact: Fact) -> int:
    """What is told first of why something is asked."""
    return next((n for n, kind in enumerate((Referral, Finding, Recommendation)) if isinstance(fact, kind)), 3)


def _bits(total: int, held: int) -> float:
    """The entropy of so many cases, of which so many hold, times their number."""
    if held in (0, total):
        return 0.0
    return total * log2(total) - held * log2(held) - (total - held) * log2(total - held)
