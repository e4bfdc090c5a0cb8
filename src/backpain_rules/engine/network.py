"""A ground rule base compiled for the established set: leaves that facts make true, and rules filed under them.

Each rule instance becomes a formula over leaves (see `formulas`) and is filed under its triggers: every derived leaf it
reads and, where stated facts alone can make it hold, the leaves that are rare among the rules and without which it
cannot. A conjunction is filed under a second of its leaves too, so that a leaf that many rules read costs a case only
what the rest of the case has in common with them. A rule that no fact touches is never looked at.

The law: a run establishes what the plan establishes. Its formulas come from the one table (`planes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ..ground.program import Program
from ..ground.strata import levels
from .formulas import All, Any_, AtLeast, Formula, Leaves, Literal, Lookup, conjunction, leaves_of, lookups_of, triggers_of
from .run import Lookups, Run

Check: TypeAlias = Callable[[Run], bool]
Conjunction: TypeAlias = tuple[frozenset[int], int]
"""What must be true besides the leaves it is filed under, and the leaf concluded."""


Counted: TypeAlias = tuple[frozenset[int], int, frozenset[int], int]
"""A count: the leaves that must be true besides, how many of which members, and the leaf concluded."""

Others: TypeAlias = tuple[Sequence[Counted], Sequence[int]]
"""What waits for a leaf and is no conjunction: counts, and the numbers of rules that have to be asked."""

Watch: TypeAlias = tuple[frozenset[int], Mapping[int, Sequence[Conjunction]], Others | None]
"""What waits for a leaf: conjunctions by a second leaf that they need too, whose keys come first, and anything else.

What follows from a leaf alone has that leaf as its second.
"""


class Asking(NamedTuple):
    """A rule that is no conjunction and no count: `check` can be asked once all levels below `level` are settled."""

    level: int
    check: Check
    heads: tuple[int, ...]


@dataclass(slots=True)
class Network:
    """The index. `watches` has what waits for a leaf, if anything does; `rules` are those that have to be asked, and
    `always[level]` the numbers of those that may hold before any leaf is true. `overrides` says that instances have leaves
    of their own; `denied` are the leaves of what a rule wants or looks up to be false: the next leaf is that it is, and has a
    watch. `lookups` is there if a rule looks up bits.
    """

    leaves: Leaves
    overrides: bool
    denied: frozenset[int] = frozenset()
    lookups: Lookups | None = None
    watches: dict[int, Watch] = field(default_factory=dict)
    rules: list[Asking] = field(default_factory=list)
    always: dict[int, list[int]] = field(default_factory=dict)


def build_network(program: Program) -> Network:
    """Compile every instance of a program."""
    return _Builder(program).build()


class _Builder:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.leaves = Leaves.of(program)
        self.uses: Counter[int] = Counter()
        self.pairs: dict[int, dict[int, list[Conjunction]]] = {}
        self.counts: dict[int, list[Counted]] = {}
        self.rules: dict[int, list[int]] = {}

    def build(self) -> Network:
        conditions = [instance.condition for instance in self.program.instances]
        overriders = {i for instance in self.program.instances for i in instance.overriders}
        conjunctions = list(map(self.leaves.conjunction, conditions))
        formulas: dict[int, Formula] = {}
        for number, condition in enumerate(conditions):
            if not conjunctions[number]:
                formulas[number] = formula = self.leaves.established(condition)
                conjunctions[number] = conjunction(formula)
            self.uses.update(set(conjunctions[number]) or leaves_of(formulas[number]))
        asked = sorted({number for formula in formulas.values() for number in lookups_of(formula)})
        lookups = Lookups(self.program, self.leaves, asked) if asked else None
        network = Network(self.leaves, bool(overriders), lookups=lookups)
        for number, instance in enumerate(self.program.instances):
            heads = (*instance.heads, self.leaves.fired + number) if number in overriders else instance.heads
            if conjunctions[number]:
                self._file_conjunction(conjunctions[number], heads)
            else:
                self._file(network, formulas[number], heads, number)
        watched = self.pairs.keys() | self.counts.keys() | self.rules.keys()
        denied = {leaf for leaf in (*self.uses, *(lookups.leaves if lookups else ())) if self.leaves.is_false(leaf)}
        network.watches = {leaf: self._watch(leaf) for leaf in watched | denied}
        network.denied = frozenset(leaf - 1 for leaf in denied)
        return network

    @cached_property
    def _levels(self) -> list[int]:
        return levels(self.program)

    def _watch(self, leaf: int) -> Watch:
        pairs = self.pairs.get(leaf, {})
        others = (self.counts.get(leaf, ()), self.rules.get(leaf, ()))
        return frozenset(pairs), pairs, others if any(others) else None

    def _file(self, network: Network, formula: Formula, heads: tuple[int, ...], instance: int) -> None:
        watched = self._watched(formula)
        triggers = {leaf for leaf in triggers_of(formula) if leaf < self.leaves.stated} | (watched or set())
        count = _counted(formula)
        if count is not None:
            rest, threshold, members = count
            for leaf in triggers:
                self.counts.setdefault(leaf, []).extend((rest, threshold, members, head) for head in heads)
            return
        number, level = len(network.rules), self._levels[len(self.program.facts) + instance]
        network.rules.append(Asking(level, compiled(formula), heads))
        if watched is None:
            network.always.setdefault(level, []).append(number)
        for leaf in triggers:
            self.rules.setdefault(leaf, []).append(number)

    def _file_conjunction(self, together: Sequence[int], heads: tuple[int, ...]) -> None:
        rare = sorted(sorted(set(together)), key=self.uses.__getitem__)
        stated = self.leaves.stated
        for leaf in [leaf for leaf in rare if leaf < stated] or rare[:1]:
            second, *others = [other for other in rare if other != leaf] or [leaf]
            rest = frozenset(others)
            self.pairs.setdefault(leaf, {}).setdefault(second, []).extend((rest, head) for head in heads)

    def _watched(self, formula: Formula) -> set[int] | None:
        """Leaves of which one is true whenever the formula holds, as few and as rare as can be; None when it needs none."""
        match formula:
            case Literal(leaf=leaf, on=True):
                return {leaf}
            case All(of=of):
                found = [w for member in of if (w := self._watched(member)) is not None]
                return min(found, key=self._cost) if found else None
            case Any_(of=of):
                return self._union(of)
            case AtLeast(threshold=threshold, of=pairs):
                # Members whose points together stay below the threshold can be left out: the others cannot all fail.
                spare = threshold - 1
                needed: list[Formula] = []
                for points, member in sorted(pairs, key=self._worth, reverse=True):
                    if points <= spare:
                        spare -= points
                    else:
                        needed.append(member)
                return self._union(needed)
            case _:
                return None

    def _worth(self, pair: tuple[int, Formula]) -> tuple[bool, int]:
        """How much is gained by not watching a member: most for one that needs no leaf, then for common leaves."""
        watched = self._watched(pair[1])
        return (watched is None, sum(self.uses[leaf] for leaf in watched or ()))

    def _union(self, of: Sequence[Formula]) -> set[int] | None:
        found = [self._watched(member) for member in of]
        return None if None in found else {leaf for leaves in found if leaves is not None for leaf in leaves}

    def _cost(self, leaves: set[int]) -> tuple[int, int, list[int]]:
        """Derived leaves cost nothing: they trigger the rule in any case."""
        stated = sorted(leaf for leaf in leaves if leaf >= self.leaves.stated)
        return (sum(self.uses[leaf] for leaf in stated), len(leaves), stated)


def _counted(formula: Formula) -> tuple[frozenset[int], int, frozenset[int]] | None:
    """A count of different leaves, with leaves that must be true besides, as (these, threshold, members)."""
    of = formula.of if isinstance(formula, All) else (formula,)
    present, absent, others = _split(of)
    match others:
        case [AtLeast(threshold=threshold, of=pairs)] if not absent:
            members, *rest = _split([member for _, member in pairs])
            if len(members) == len(pairs) and not any(rest) and all(points == 1 for points, _ in pairs):
                return present, threshold, members
    return None


def compiled(formula: Formula) -> Check:
    """A formula as a function of a run."""
    match formula:
        case Literal(leaf=leaf, on=on):
            return lambda run: (leaf in run.true) is on
        case All(of=of):
            present, absent, parts = _split(of)
            others = tuple(map(compiled, parts))
            if not others:
                return lambda run: present <= run.true and absent.isdisjoint(run.true)
            return lambda run: present <= run.true and absent.isdisjoint(run.true) and all(check(run) for check in others)
        case Any_(of=of):
            present, absent, parts = _split(of)
            others = tuple(map(compiled, parts))
            return lambda run: not present.isdisjoint(run.true) or not absent <= run.true or any(check(run) for check in others)
        case AtLeast(threshold=threshold, of=pairs):
            present, absent, parts = _split([member for _, member in pairs])
            if len(present) + len(absent) == len(pairs) and all(points == 1 for points, _ in pairs):
                least = threshold - len(absent)
                return lambda run: len(present & run.true) - len(absent & run.true) >= least
            weighed = tuple((points, compiled(member)) for points, member in pairs)
            return lambda run: sum(points for points, check in weighed if check(run)) >= threshold
        case Lookup(number=number, bit=bit, on=on):
            return lambda run: bool(run.state(number) & bit) is on


def _split(of: Sequence[Formula]) -> tuple[frozenset[int], frozenset[int], tuple[Formula, ...]]:
    """The leaves that must be true, those that must not, and the other formulas."""
    literals = [member for member in of if isinstance(member, Literal)]
    present = frozenset([literal.leaf for literal in literals if literal.on])
    absent = frozenset([literal.leaf for literal in literals if not literal.on])
    return present, absent, tuple([member for member in of if not isinstance(member, Literal)])
