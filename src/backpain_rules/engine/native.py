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
from ..ground.nodes import Place, by_place
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, FALSE, TRUE
from .case import read_case
from .network import Network, Watch, build_network
from .outcome import Outcome
from .reading import KindTable, build_tables
from .records.engine import RecordEngine
from .records.rules import RecordRules
from .run import Run


class Native:
    """Runs one program. What it compiled, it keeps; cases share nothing."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._network: Network = build_network(program)
        rules = RecordRules.of(program.linked) if program.reads_closed else None
        self._records = None if rules is None else RecordEngine(program, rules, Native)
        tables = build_tables(program, self._network)
        self._tables = {kind: (table.only, table.said, table.leaf_of, table) for kind, table in tables.items()}

    def run(self, facts: Iterable[Fact]) -> Outcome:
        """The outcome of one case; raises a `FactError` when the facts are not a case."""
        facts = tuple(facts)
        true: set[int] = set()
        gone: set[int] = set()
        slots: list[int] = []
        waits: list[Watch] = []
        joins: list[int] = []
        known: type[Fact] | None = None
        is_plain = True
        try:
            for fact in facts:
                kind = type(fact)
                if kind is not known:
                    only, said, leaf_of, table = self._tables[kind]
                    known = kind
                values = fact.__dict__
                if only is None:
                    true.add(_read(table, values, slots, waits, joins))
                elif values["present"] is False:
                    gone.add(leaf_of[values[only]])
                else:
                    leaf, wait = said[values[only]]
                    true.add(leaf)
                    if wait:
                        waits.append(wait)
        except (KeyError, AttributeError, TypeError):
            is_plain = False  # and the careful way, which says what is wrong, is gone outside of this handler
        if not is_plain or len(true) + len(gone) != len(facts) or not true.isdisjoint(gone):  # something was said twice
            return self._run_carefully(facts)
        true.update(slots)
        if joins:
            self._decide(set(joins), by_place(facts), true, waits)
        network = self._network
        for leaf in gone & network.denied:
            true.add(leaf + 1)
            waits.append(network.watches[leaf + 1])
        return Outcome(self.program, facts, self._established(facts, true, waits), None, None if joins else (true, gone))

    def _established(self, facts: tuple[Fact, ...], true: set[int], todo: list[Watch]) -> tuple[int, ...]:
        """The propositions that follow from what the facts made true; `todo` is what waits for that."""
        network = self._network
        found: list[int] = []
        waiting: list[int] = []
        self._spread(true, todo, found, waiting)
        if waiting or network.always:
            self._settle(Run(network.lookups, true), found, waiting)
        if network.overrides:
            fired = network.leaves.fired
            found = [leaf for leaf in found if leaf < fired]
        return tuple(found)

    def _spread(self, true: set[int], todo: list[Watch], found: list[int], waiting: list[int]) -> None:
        """Conclude what waited for true leaves, and what that completes; rules that have to be asked are left in `waiting`."""
        watches = self._network.watches
        for seconds, pairs, others in todo:  # which grows as it is read
            if not seconds.isdisjoint(true):
                for second in seconds & true:
                    for rest, head in pairs[second]:
                        if rest <= true and head not in true:
                            true.add(head)
                            found.append(head)
                            if head in watches:
                                todo.append(watches[head])
            if others is not None:
                counts, rules = others
                for rest, least, members, head in counts:
                    if rest <= true and len(members & true) >= least and head not in true:
                        true.add(head)
                        found.append(head)
                        if head in watches:
                            todo.append(watches[head])
                waiting += rules

    def _settle(self, run: Run, found: list[int], waiting: list[int]) -> None:
        """Rules of every form, level by level: what lies under a negation is whole before the negation is asked."""
        network, true = self._network, run.true
        by_level: dict[int, list[int]] = {level: list(rules) for level, rules in network.always.items()}
        level = 0
        while True:
            for number in waiting:
                by_level.setdefault(network.rules[number].level, []).append(number)
            waiting.clear()
            fresh: list[int] = []
            for number in by_level.pop(level, ()):
                _, check, heads = network.rules[number]
                if not true.issuperset(heads) and check(run):
                    fresh += [head for head in heads if head not in true]
                    true.update(heads)
            if fresh:
                found += fresh
                self._spread(true, [network.watches[leaf] for leaf in fresh if leaf in network.watches], found, waiting)
            elif by_level:
                level = min(by_level)
            else:
                return

    def _run_carefully(self, facts: tuple[Fact, ...]) -> Outcome:
        """The way for facts that are not plain: repeated, of a closed type, or not a case at all."""
        outcome = None if self._records is None else self._records.run(facts)
        if outcome is not None:
            return outcome
        case = read_case(self.program.linked, facts)
        once = tuple(case.values())
        program = with_closed(self.program, [fact for fact in once if not fact.schema_.is_open])
        if program is not self.program:
            evaluation = Evaluation(program, case)
            established = tuple(n for n, state in enumerate(evaluation.propositions) if state & ESTABLISHED)
            return Outcome(program, once, established, evaluation=evaluation)
        true: set[int] = set()
        waits: list[Watch] = []
        self._decide({atom for place in case for atom in self._atoms_at.get(place, ())}, case, true, waits)
        return Outcome(program, once, self._established(once, true, waits))

    def _decide(self, atoms: Iterable[int], stated: dict[Place, Fact], true: set[int], waits: list[Watch]) -> None:
        """Add the leaf of each of these atoms that the stated facts decide, and what waits for it."""
        leaves, watches = self._network.leaves, self._network.watches
        for atom in atoms:
            bits = atom_bits(self.program.atoms[atom], stated)
            if bits in (TRUE, FALSE):
                leaf = leaves.true(atom) if bits == TRUE else leaves.false(atom)
                true.add(leaf)
                if leaf in watches:
                    waits.append(watches[leaf])

    @cached_property
    def _atoms_at(self) -> dict[Place, list[int]]:
        found: dict[Place, list[int]] = {}
        for number in range(len(self.program.atoms)):
            for place in self.program.places(number):
                found.setdefault(place, []).append(number)
        return found


def _read(table: KindTable, values: Mapping[str, Any], leaves: list[int], waits: list[Watch], joins: list[int]) -> int:
    """Add the leaves of one fact, what waits for them, and the joins that read it; the leaf that stands for its place."""
    place = table.alone or table.places[table.key(values)]
    if place.joins:
        joins += place.joins
    if table.has_present and values["present"] is False:
        said, wait = place.absent
    else:
        said, wait = place.present
        for name, kept, slot in place.slots:
            value = values[name]
            if value is not None:
                decided, waiting = kept.get(value) or slot.leaves(value)
                leaves += decided
                if waiting:
                    waits += waiting
    leaves += said
    if wait:
        waits += wait
    return place.leaf
