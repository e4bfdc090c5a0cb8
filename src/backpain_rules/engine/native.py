"""The default engine: indexed, driven by the facts that came, and lazy about everything but the conclusions.

A run computes the established set. What is firm or possible is computed later, when somebody asks, or during the run
for just those propositions that stand under a `not_`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from ..facts.base import Fact
from ..ground.compile import with_closed
from ..ground.evaluate import Evaluation, atom_bits
from ..ground.nodes import Place
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, FALSE, TRUE
from .case import read_case
from .network import Network, build_network
from .outcome import Outcome
from .reading import KindTable, build_tables


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
        self._tables = {kind: (table.only, table.said, table) for kind, table in build_tables(program).items()}

    def run(self, facts: Iterable[Fact]) -> Outcome:
        """The outcome of one case; raises a `FactError` when the facts are not a case."""
        facts = tuple(facts)
        leaves: list[int] = []
        others: list[int] = []
        places: list[int] = []
        joins: set[int] = set()
        tables, add = self._tables, leaves.append
        try:
            for fact in facts:
                only, said, table = tables[type(fact)]
                values = fact.__dict__
                if only is not None:
                    add(said[values["present"]][values[only]])
                else:
                    places.append(_read(table, values, others, joins))
        except (KeyError, AttributeError, TypeError):
            return self._run_carefully(facts)
        if len({leaf >> 1 for leaf in leaves}) + len(set(places)) != len(facts):  # something was said twice
            return self._run_carefully(facts)
        leaves += others
        if joins:
            self._decide(joins, Outcome(self.program, facts, ()).stated, leaves)
        return Outcome(self.program, facts, self._established(facts, leaves))

    def _established(self, facts: tuple[Fact, ...], leaves: Iterable[int]) -> tuple[int, ...]:
        """The propositions that follow from the leaves that the facts made true."""
        network = self._network
        true = set(leaves)
        todo = list(network.watched & true)
        found: list[int] = []
        if network.rules:
            self._settle(Run(self.program, facts, true), todo, found)
        else:
            simple = network.simple
            for leaf in todo:  # which grows as it is read
                for rest, head in simple.get(leaf, ()):
                    if rest <= true and head not in true:
                        true.add(head)
                        todo.append(head)
                        found.append(head)
        first, end = network.propositions, network.fired
        return tuple([leaf - first for leaf in found if leaf < end])

    def _settle(self, run: Run, todo: list[int], found: list[int]) -> None:
        """Rules of every form, level by level: what lies under a negation is whole before the negation is asked."""
        network, true = self._network, run.true
        simple, general, rules, always = network.simple, network.general, network.rules, network.always
        waiting: dict[int, list[int]] = {}
        done = level = 0
        while True:
            while done < len(todo):
                leaf = todo[done]
                done += 1
                if leaf in simple:
                    for rest, head in simple[leaf]:
                        if rest <= true and head not in true:
                            true.add(head)
                            todo.append(head)
                            found.append(head)
                if leaf in general:
                    for number in general[leaf]:
                        depth, check, heads = rules[number]
                        if depth > level:
                            waiting.setdefault(depth, []).append(number)
                        elif not true.issuperset(heads) and check(run):
                            _conclude(heads, true, todo, found)
            if level > network.levels:
                return
            for number in (*always.get(level, ()), *waiting.pop(level, ())):
                _, check, heads = rules[number]
                if not true.issuperset(heads) and check(run):
                    _conclude(heads, true, todo, found)
            if done == len(todo):
                level += 1

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


def _read(table: KindTable, values: Mapping[str, Any], leaves: list[int], joins: set[int]) -> int:
    """Add the leaves of one fact, and the joins that read it; the number of its place."""
    place = table.places[table.key(values)]
    if place.joins:
        joins.update(place.joins)
    if values.get("present") is False:
        leaves += place.absent
        return place.number
    leaves += place.present
    for slot in place.slots:
        value = values[slot.name]
        if value is not None:
            leaves += slot.kept.get(value) or slot.leaves(value)
    return place.number


def _conclude(heads: Iterable[int], true: set[int], todo: list[int], found: list[int]) -> None:
    fresh = [head for head in heads if head not in true]
    true.update(fresh)
    todo += fresh
    found += fresh
