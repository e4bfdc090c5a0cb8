"""The default engine: indexed, driven by the facts that came, and lazy about everything but the conclusions.

A run computes the established set. What is firm or possible is computed later, when somebody asks, or during the run
for just those propositions that stand under a `not_`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ..facts.base import Fact
from ..ground.compile import with_closed
from ..ground.evaluate import Evaluation, atom_bits
from ..ground.nodes import Place
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, FALSE, TRUE
from .case import read_case
from .network import Network, build_network
from .outcome import Outcome
from .reading import build_tables


class Run:
    """One case under way: the leaves that are true so far, and the means to ask for other bits."""

    __slots__ = ("_evaluation", "facts", "program", "true")

    def __init__(self, program: Program, facts: tuple[Fact, ...], true: set[int]) -> None:
        self.program, self.facts, self.true = program, facts, true
        self._evaluation: Evaluation | None = None

    @property
    def evaluation(self) -> Evaluation:
        if self._evaluation is None:
            self._evaluation = Outcome(self.program, self.facts, ()).evaluation
        return self._evaluation


class Native:
    """Runs one program. What it compiled, it keeps; cases share nothing."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._network: Network = build_network(program)
        self._tables = build_tables(program)

    def run(self, facts: Iterable[Fact]) -> Outcome:
        """The outcome of one case; raises a `FactError` when the facts are not a case."""
        facts = tuple(facts)
        leaves: list[int] = []
        seen: set[int] = set()
        joins: set[int] = set()
        tables = self._tables
        try:
            for fact in facts:
                table = tables[fact.__class__]
                values = fact.__dict__
                place = table.places[table.key(values)]
                seen.add(place.number)
                if place.joins:
                    joins.update(place.joins)
                if values.get("present") is False:
                    leaves += place.absent
                    continue
                leaves += place.present
                for slot in place.slots:
                    value = values[slot.name]
                    if value is not None:
                        leaves += slot.kept.get(value) or slot.leaves(value)
        except (KeyError, AttributeError, TypeError):
            return self._run_carefully(facts)
        if len(seen) != len(facts):
            return self._run_carefully(facts)
        if joins:
            self._decide(joins, Outcome(self.program, facts, ()).stated, leaves)
        return Outcome(self.program, facts, self._established(facts, leaves))

    def _established(self, facts: tuple[Fact, ...], leaves: list[int]) -> tuple[int, ...]:
        """The propositions that follow from the true leaves; `leaves` grows as they are found."""
        network = self._network
        true = set(leaves)
        stated = len(leaves)
        simple, general = network.simple, network.general
        waiting: dict[int, list[int]] = {}
        run = Run(self.program, facts, true)
        position = level = 0
        while True:
            while position < len(leaves):
                leaf = leaves[position]
                position += 1
                if leaf in simple:
                    for body, head in simple[leaf]:
                        if head not in true and body <= true:
                            true.add(head)
                            leaves.append(head)
                if leaf in general:
                    for number in general[leaf]:
                        depth, check, heads = network.rules[number]
                        if depth > level:
                            waiting.setdefault(depth, []).append(number)
                        elif not true.issuperset(heads) and check(run):
                            fresh = [head for head in heads if head not in true]
                            true.update(fresh)
                            leaves += fresh
            if level > network.levels:
                break
            for number in (*network.always.get(level, ()), *waiting.pop(level, ())):
                _, check, heads = network.rules[number]
                if not true.issuperset(heads) and check(run):
                    fresh = [head for head in heads if head not in true]
                    true.update(fresh)
                    leaves += fresh
            if position == len(leaves):
                level += 1
        first, end = network.propositions, network.fired
        return tuple(leaf - first for leaf in leaves[stated:] if first <= leaf < end)

    def _run_carefully(self, facts: tuple[Fact, ...]) -> Outcome:
        """The way for facts that are not plain: repeated, of a closed type, or not a case at all."""
        case = read_case(self.program.linked, facts)
        once = tuple(case.values())
        program = with_closed(self.program, [fact for fact in once if not fact.schema_.is_open])
        if program is not self.program:
            evaluation = Outcome(program, once, ()).evaluation
            evaluation.settle_all()
            found = (n for n in range(len(program.facts)) if evaluation.proposition(n) & ESTABLISHED)
            return Outcome(program, once, tuple(found))
        leaves: list[int] = []
        self._decide({atom for place in case for atom in self._atoms_at.get(place, ())}, case, leaves)
        return Outcome(program, once, self._established(once, leaves))

    def _decide(self, atoms: Iterable[int], stated: dict[Place, Fact], leaves: list[int]) -> None:
        """Add the leaf of each of these atoms that the stated facts decide."""
        for atom in atoms:
            bits = atom_bits(self.program.atoms[atom], stated)
            if bits in (TRUE, FALSE):
                leaves.append(2 * atom + (bits == FALSE))

    @cached_property
    def _atoms_at(self) -> dict[Place, list[int]]:
        found: dict[Place, list[int]] = {}
        for number in range(len(self.program.atoms)):
            for place in self.program.places(number):
                found.setdefault(place, []).append(number)
        return found
