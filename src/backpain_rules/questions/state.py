"""Rank the questions of one case: the candidates, their information gain, and which are worth asking.

A question is worth asking if its answer can change the conclusions of this case or of an extension of it. Questions are ordered
by information gain, in bits over random completions; urgent referrals count before all other conclusions. The solver finds what
no sample shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from math import log2
from typing import Final, NamedTuple

from ..deadline import OutOfTime
from ..errors import FactError
from ..explain.unknowns import Unknown, open_atoms, sort_key
from ..ground.evaluate import Evaluation, atom_bits
from ..ground.nodes import Derived, JoinTest, Node, Said, gaps
from ..ground.planes import Truth
from ..ground.whole_numbers import CASES, Bits, members, union
from ..ir.bits import ESTABLISHED, FALSE, THREE_BITS, TRUE
from ..solve.joins import slots_of
from .answers import said_of
from .bands import Band, bands_of
from .case import Case
from .completions import Completions
from .samples import COUNT, Samples
from .tables import LEVELS, Tables

FIRST: Final = 2
"""So many levels of urgency come before everything else: emergencies and urgent referrals."""
SLIGHT: Final = 0.02
"""A smaller share of the uncertainty at one level may be noise and does not count."""


class Candidate(NamedTuple):
    """An unknown that can be asked now."""

    unknown: Unknown
    bands: tuple[Band, ...]
    atoms: frozenset[int]


class Choice(NamedTuple):
    """An unknown worth asking, with the propositions its answer can change."""

    unknown: Unknown
    bands: tuple[Band, ...]
    bears_on: tuple[int, ...]
    proved: bool = True


class State:
    """The questions of one case."""

    def __init__(self, tables: Tables, completions: Completions, case: Case) -> None:
        self.tables, self.completions, self.case = tables, completions, case
        self.program, self.machine = tables.program, tables.machine
        self.evaluation = Evaluation(tables.program, case.facts)

    def choices(self) -> Iterator[Choice]:
        """The unknowns worth asking, the best first; empty if no answers lead to other conclusions.

        After the deadline, the undecided candidates follow in search order, not `proved`.
        """
        left = dict.fromkeys(self.candidates)
        try:
            for candidate, bears_on in self._worth_asking():
                left.pop(candidate)
                if bears_on is not None:
                    yield Choice(candidate.unknown, candidate.bands, bears_on)
        except OutOfTime:
            for candidate in sorted(left, key=self._urgent):
                yield Choice(candidate.unknown, candidate.bands, self._bears_on(candidate), proved=False)

    def _urgent(self, candidate: Candidate) -> tuple[int, int]:
        """A guess without search: order by the most urgent conclusion affected, then by the number affected."""
        bears_on = self.tables.reached(candidate.atoms) & self._open
        levels = (level for level, there in enumerate(self.tables.at_level) if there & bears_on)
        return next(levels, len(LEVELS) + 1), -bears_on.bit_count()

    def _worth_asking(self) -> Iterator[tuple[Candidate, tuple[int, ...] | None]]:
        """Each candidate with the conclusions it can change, or None if it is not worth asking."""
        poll = self.completions.world.clauses.deadline.poll
        unseen: list[Candidate] = []
        seen = False
        poll()
        merits: dict[Candidate, tuple[float, ...]] = {}
        for candidate in self.candidates:
            poll()
            merits[candidate] = self.merit(candidate)
        for candidate in sorted(self.candidates, key=lambda one: (merits[one], sort_key(one.unknown))):
            poll()
            changed = self.changed(candidate) if self.tables.samples_are_cases else ()
            if changed:
                seen = True
                yield candidate, changed
            else:
                unseen.append(candidate)
        if unseen and (seen or self.completions.differ(self.case, self.established, self.broken)):
            idle: list[Candidate] = []
            for candidate, bears_on in self._rare(unseen):
                if bears_on is None:
                    idle.append(candidate)
                else:
                    seen = True
                    yield candidate, bears_on
            # If no single answer matters, some matter together, so all are worth asking.
            yield from ((candidate, None if seen else self._bears_on(candidate)) for candidate in idle)

    def _rare(self, unseen: list[Candidate]) -> Iterator[tuple[Candidate, tuple[int, ...] | None]]:
        """Candidates that may matter although no sample shows it; those that change the conclusions at once come first."""
        for candidate in sorted(unseen, key=lambda one: (-self._at_once(one), -len(self._bears_on(one)), sort_key(one.unknown))):
            matters = self.completions.matters(self.case, candidate.unknown, self.broken)
            yield candidate, self._bears_on(candidate) if matters else None

    def _bears_on(self, candidate: Candidate) -> tuple[int, ...]:
        return tuple(members(self.tables.reached(candidate.atoms) & self._open))

    # --- the case -----------------------------------------------------------------------------------------------------

    @cached_property
    def established(self) -> frozenset[int]:
        numbers = range(len(self.program.facts))
        return frozenset(n for n in numbers if self.evaluation.proposition(n) & ESTABLISHED)

    @cached_property
    def open(self) -> frozenset[int]:
        """The propositions that are neither certain nor impossible."""
        numbers = range(len(self.program.facts))
        return frozenset(n for n in numbers if self.evaluation.proposition(n) not in (TRUE, FALSE))

    @cached_property
    def _open(self) -> int:
        """The same as bits of a number."""
        return union(1 << number for number in self.open)

    @cached_property
    def broken(self) -> frozenset[int]:
        """The constraints that do not apply here: those the case breaks, or all if no completion keeps the others."""
        constraints = self.program.constraints
        broken = frozenset(n for n, c in enumerate(constraints) if self.evaluation.node(c.body) & ESTABLISHED)
        if self._keeping(broken) or self.completions.keep(self.case, broken):
            return broken
        return frozenset(range(len(constraints)))

    @cached_property
    def live(self) -> frozenset[int]:
        """The atoms that open conclusions depend on."""
        return frozenset(open_atoms(self.evaluation, [Derived(number) for number in sorted(self.open)]))

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The unknowns that can be asked now and that open conclusions depend on."""
        found: dict[Unknown, None] = {}
        for number in sorted(self.live):
            for unknown in (Unknown(*place, slot) for place, slot in gaps(self.program.atoms[number], self.evaluation.stated)):
                first = Unknown(unknown.kind, unknown.key)
                if unknown.place not in self.case.facts and unknown.kind.schema_.has_present:
                    found[first] = None
                elif unknown.slot is not None:
                    found[unknown] = None
                else:  # a type without `present`: the fact exists as soon as a slot is known
                    found |= {Unknown(*said.place, said.slot): None for said in self.completions.world.slots(unknown.place)}
        return tuple(
            self._candidate(unknown)
            for unknown in sorted(found, key=sort_key)
            if self.tables.askable(Said(unknown.place, unknown.slot)) and unknown not in self.case.declined
        )

    def _candidate(self, unknown: Unknown) -> Candidate:
        atoms = self.tables.atoms_at[unknown.place]
        if unknown.slot is None:
            return Candidate(unknown, (), atoms)
        said = Said(unknown.place, unknown.slot)
        tests = self.tables.tests.get(said, [])
        live = [self.program.atoms[number] for number in atoms & self.live]
        if not tests or any(isinstance(atom, JoinTest) and said in slots_of(atom) for atom in live):
            return Candidate(unknown, (), atoms)  # only an exact answer suffices
        field = unknown.kind.schema_.fields[unknown.slot]
        ids = self.program.linked.ids(field.vocabulary) if field.vocabulary else ()
        return Candidate(unknown, bands_of(field, ids, tests, [test for test in tests if test in live] or tests), atoms)

    # --- samples ------------------------------------------------------------------------------------------------------

    @cached_property
    def samples(self) -> Samples:
        constraints: list[Node] = [constraint.body for constraint in self.program.constraints]
        relevant = self.live | open_atoms(self.evaluation, constraints)
        return Samples(self.completions.world, self.tables.askable, self.tables.dice, self.evaluation, self.case, relevant)

    @cached_property
    def registers(self) -> list[Bits]:
        """The evaluation of the samples."""
        return self.machine.run(self.samples.atoms)

    @cached_property
    def valid(self) -> int:
        """The samples that break no constraint."""
        return self._keeping(self.broken)

    def _keeping(self, broken: frozenset[int]) -> int:
        return self._unbroken(broken, self.registers)

    def _unbroken(self, broken: frozenset[int], registers: Sequence[Bits]) -> int:
        """The samples that break no constraints other than these."""
        found = self.samples.every
        for number, register in enumerate(self.machine.plan.constraints):
            if number not in broken:
                found &= ~registers[register].established
        return found

    def _established(self, number: int, registers: Sequence[Bits]) -> int:
        """The samples in which a proposition is established."""
        return registers[self.machine.plan.propositions[number]].established

    def merit(self, candidate: Candidate) -> tuple[float, ...]:
        """The sort key of candidates, the best first: the information gain about emergencies, then about urgent referrals, each
        rounded to powers of two; then about everything."""
        by_level = [0.0] * (FIRST + 1)
        for number, share in self._shares(candidate):
            by_level[min(self.tables.levels[number], FIRST)] += share
        rough = [-round(log2(share)) if share > SLIGHT else -round(log2(SLIGHT)) for share in by_level[:FIRST]]
        return (*rough, -sum(by_level))

    def _shares(self, candidate: Candidate) -> Iterator[tuple[int, float]]:
        """For each open conclusion, the share of its entropy that an answer is expected to remove."""
        valid, (planes, plane_of) = self.valid, self._undecided
        parts = [part & valid for part in self.samples.parts(candidate.unknown, candidate.bands)]
        sizes = [part.bit_count() for part in parts]
        shares: dict[int, float] = {}
        for number in self.tables.propositions_of(candidate.atoms):
            at = plane_of.get(number)
            if at is not None:
                if at not in shares:
                    plane = planes[at]
                    left = sum([_bits(size, (plane & part).bit_count()) for part, size in zip(parts, sizes, strict=True)])
                    shares[at] = 1 - left / _bits(valid.bit_count(), plane.bit_count())
                yield number, shares[at]

    @cached_property
    def _undecided(self) -> tuple[Sequence[int], Mapping[int, int]]:
        """The distinct planes of the open conclusions that vary over the samples, and the position of each conclusion's plane.

        Many conclusions share a plane, because they hold in the same samples.
        """
        found: dict[int, int] = {}
        planes = ((number, self._established(number, self.registers) & self.valid) for number in self.open)
        plane_of = {number: found.setdefault(plane, len(found)) for number, plane in planes if plane not in (0, self.valid)}
        return tuple(found), plane_of

    def changed(self, candidate: Candidate) -> tuple[int, ...]:
        """The open conclusions that a different answer changes in some sample."""
        valid = self.valid
        if not valid:
            return ()
        other = self.machine.changed(self.registers, self.samples.with_other(candidate.unknown, candidate.atoms))
        both = valid & self._unbroken(self.broken, other)
        return tuple(n for n in self._bears_on(candidate) if both & self._difference(n, self.registers, other))

    def _difference(self, number: int, one: Sequence[Bits], other: Sequence[Bits]) -> int:
        """The samples in which exactly one of the two evaluations establishes a proposition."""
        return self._established(number, one) ^ self._established(number, other)

    # --- the case with one further answer -------------------------------------------------------------------------------

    def _at_once(self, candidate: Candidate) -> int:
        """How many answers change the conclusions of the current case."""
        unknown, facts = candidate.unknown, self.case.facts
        answered = []
        for value in [True, False] if unknown.slot is None else [band.value for band in candidate.bands]:
            with suppress(FactError):  # a validator of the type refuses this value
                answered.append({**facts, unknown.place: said_of(facts, unknown, value)})
        atoms: dict[int, Bits] = {}
        for number in candidate.atoms:
            found = [atom_bits(self.program.atoms[number], one) for one in answered]
            atoms[number] = Truth(*(sum(bool(b & bit) << at for at, b in enumerate(found)) for bit in THREE_BITS))
        then = self.machine.changed(self._now, atoms)
        changed = union(self._difference(number, self._now, then) for number in self._bears_on(candidate))
        return (changed & ((1 << len(answered)) - 1)).bit_count()

    @cached_property
    def _now(self) -> list[Bits]:
        """The evaluation of the case as constant planes."""
        return self.machine.run([CASES.constant(self.evaluation.atom(number)) for number in range(len(self.program.atoms))])


def _bits(total: int, held: int) -> float:
    """The number of cases times the entropy of a proposition that holds in so many of them."""
    return _times_log2(total) - _times_log2(held) - _times_log2(total - held)


@lru_cache(maxsize=COUNT + 1)  # cached: an interview computes each of these counts many thousand times
def _times_log2(count: int) -> float:
    return count * log2(count) if count else 0.0
