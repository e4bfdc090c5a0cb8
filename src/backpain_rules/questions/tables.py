"""An index of a program for choosing questions: the readers of each atom, and the urgency of each conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from ..facts.base import Fact, has_own_rules
from ..facts.types import Finding, Recommendation, Referral
from ..ground.nodes import JoinTest, Place, Said, SlotTest, places_of
from ..ground.plan import Machine, make_plan
from ..ground.program import Program
from ..ground.whole_numbers import CASES, NONE, members, union
from ..solve.joins import slots_of
from ..terms import Audience
from .case import Askable
from .samples import Dice

LEVELS: Final = ("emergency", "urgent", "soon", "routine")
"""The levels of urgency of referrals. Other conclusions come after them."""


class Tables:
    """Immutable; made once for each program."""

    def __init__(self, program: Program, audience: Audience) -> None:
        self.program = program
        self.askable = Askable(program.linked, audience)
        self.machine = Machine(program.once(make_plan), CASES)
        self.dice = Dice()
        self.levels = tuple(_level(fact) for fact in program.facts)

    def propositions_of(self, atoms: frozenset[int]) -> tuple[int, ...]:
        """The propositions that these atoms can influence in any case."""
        return tuple(members(self.reached(atoms)))

    def reached(self, atoms: Iterable[int]) -> int:
        """The same, as the bits of a number."""
        return union(self._reached[number] for number in atoms)

    @cached_property
    def at_level(self) -> Sequence[int]:
        """The propositions of each level, as bits of a number."""
        return [union(1 << n for n, one in enumerate(self.levels) if one == level) for level in range(len(LEVELS) + 1)]

    @cached_property
    def _reached(self) -> Sequence[int]:
        """For each register, the propositions that depend on it, as bits of a number."""
        plan = self.machine.plan
        reached = [NONE] * plan.size
        for number, register in enumerate(plan.propositions):
            reached[register] |= 1 << number
        for stage in reversed(plan.stages):
            below = union(reached[step.target] for step in stage.steps)
            for step in stage.steps:
                for register in (step.target, *step.of) if stage.loop else step.of:
                    reached[register] |= below
        return reached

    @cached_property
    def order(self) -> Sequence[int]:
        """The rank of each proposition in `because`: urgent ones first, then by type."""
        ranked = sorted(range(len(self.levels)), key=lambda n: (self.levels[n], _rank(self.program.facts[n]), n))
        places = dict(zip(ranked, range(len(ranked)), strict=True))
        return [places[number] for number in range(len(ranked))]

    @cached_property
    def joined(self) -> tuple[Said, ...]:
        """The slots that are compared with other slots."""
        joins = [atom for atom in self.program.atoms if isinstance(atom, JoinTest)]
        return tuple(dict.fromkeys(said for atom in joins for said in slots_of(atom)))

    @cached_property
    def samples_are_cases(self) -> bool:
        """Whether every combination of values makes a fact: no type has a validator across its fields."""
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


def _rank(fact: Fact) -> int:
    """The rank of a conclusion among the reasons for a question, by its type."""
    return next((n for n, kind in enumerate((Referral, Finding, Recommendation)) if isinstance(fact, kind)), 3)


def _level(fact: Fact) -> int:
    """The level of urgency of a conclusion; 0 for an emergency."""
    urgency = fact.urgency if isinstance(fact, Referral) else None
    return LEVELS.index(urgency) if urgency in LEVELS else len(LEVELS)
