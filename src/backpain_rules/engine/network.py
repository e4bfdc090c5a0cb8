"""A ground rule base compiled for the established set: leaves that facts make true, and rules indexed by them.

A leaf is a number: that an atom is known true, that it is known false, that a proposition is established, that an
instance fires. Each rule instance becomes a formula over leaves (negation pushed inward, so that a leaf only ever
makes a formula more true) and is filed under its triggers: every derived leaf it reads and, where stated facts alone
can make it hold, the smallest set of leaves without which it cannot. A rule that no fact touches is never looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Some, Stated
from ..ground.program import Program, reads
from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE

if TYPE_CHECKING:
    from .native import Run

Check: TypeAlias = "Callable[[Run], bool]"


@dataclass(frozen=True, slots=True)
class Leaf:
    number: int


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    of: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    threshold: int
    of: tuple[tuple[int, Formula], ...]


@dataclass(frozen=True, slots=True)
class Refuted:
    """The formula inside does not hold, now that everything it reads is settled."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Asked:
    """One bit of a proposition (or, below zero, of an instance) that the established set does not hold: ask for it."""

    number: int
    bit: int
    wanted: bool


Formula: TypeAlias = Leaf | All | Any_ | Sum | Refuted | Asked
TRUE_FORMULA = All(())
FALSE_FORMULA = Any_(())


@dataclass(slots=True)
class Network:
    """The index. `simple[leaf]` are conjunctions, as what must be true besides, with the leaf they conclude; `general[leaf]`
    are other rules.

    `always[level]` are the rules that no leaf triggers; `rules[i]` is (level, check, heads) of a general rule. `watched` are
    the leaves that trigger anything.
    """

    propositions: int
    fired: int
    levels: int
    simple: dict[int, list[tuple[frozenset[int], int]]] = field(default_factory=dict)
    general: dict[int, list[int]] = field(default_factory=dict)
    always: dict[int, list[int]] = field(default_factory=dict)
    rules: list[tuple[int, Check, tuple[int, ...]]] = field(default_factory=list)
    watched: frozenset[int] = frozenset()


def build_network(program: Program) -> Network:
    """Compile every instance of a program."""
    return _Builder(program).build()


class _Builder:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.propositions = 2 * len(program.atoms)
        self.fired = self.propositions + len(program.facts)
        self.overriders = {i for instance in program.instances for i in instance.overriders}
        self.uses: Counter[int] = Counter()

    def build(self) -> Network:
        levels = _levels(self.program)
        network = Network(self.propositions, self.fired, max(levels, default=0))
        for number, instance in enumerate(self.program.instances):
            formula = self.established(instance.condition)
            heads = tuple(self.propositions + head for head in instance.heads)
            if number in self.overriders:
                heads = (*heads, self.fired + number)
            self._file(network, formula, heads, levels[number])
        network.watched = frozenset(network.simple).union(network.general)
        return network

    def _file(self, network: Network, formula: Formula, heads: tuple[int, ...], level: int) -> None:
        leaves = _conjunction(formula)
        if leaves:
            derived = [leaf for leaf in leaves if leaf >= self.propositions]
            for leaf in derived or [self._rarest(leaves)]:
                rest = frozenset(leaves) - {leaf}
                network.simple.setdefault(leaf, []).extend((rest, head) for head in heads)
            return
        number = len(network.rules)
        network.rules.append((level, _check(formula), heads))
        triggers = self._triggers(formula)
        if triggers is None:
            network.always.setdefault(level, []).append(number)
        else:
            for leaf in triggers:
                self.uses[leaf] += 1
                network.general.setdefault(leaf, []).append(number)

    def _rarest(self, leaves: Sequence[int]) -> int:
        leaf = min(leaves, key=lambda leaf: (self.uses[leaf], leaf))
        self.uses[leaf] += 1
        return leaf

    def _triggers(self, formula: Formula) -> set[int] | None:
        watched = self._watched(formula)
        return None if watched is None else watched | {leaf for leaf in _leaves(formula) if leaf >= self.propositions}

    def _watched(self, formula: Formula) -> set[int] | None:
        """Leaves of which one is true whenever the formula holds, as few and as rare as can be; None when it needs none."""
        match formula:
            case Leaf(number=number):
                return {number}
            case All(of=of):
                found = [w for member in of if (w := self._watched(member)) is not None]
                return min(found, key=self._cost) if found else None
            case Any_(of=of):
                return self._union(of)
            case Sum(threshold=threshold, of=pairs):
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
        return (sum(self.uses[leaf] for leaf in leaves), len(leaves), sorted(leaves))

    # --- the three readings of a node ----------------------------------------------------------------------------------

    def established(self, node: Node) -> Formula:
        """Where the established bit of a node holds."""
        match node:
            case Known(bits=bits):
                return TRUE_FORMULA if bits & ESTABLISHED else FALSE_FORMULA
            case Stated(atom=atom):
                return Leaf(2 * atom)
            case Derived(proposition=number):
                return Leaf(self.propositions + number)
            case Fires(instance=number):
                return Leaf(self.fired + number)
            case Every(of=of):
                return _all(self.established(m) for m in of)
            case Some(of=of):
                return _any(self.established(m) for m in of)
            case Count(threshold=threshold, of=pairs):
                return Sum(threshold, tuple((points, self.established(m)) for points, m in pairs))
            case Flip(how="not", of=of):
                return self.false(of)
            case Flip(how="unless", of=of):
                return Refuted(self.established(of))
            case Flip(how="is_unknown", of=of):
                return _all((Refuted(self.established(of)), Refuted(self.false(of))))
            case Flip(of=of):
                return _any((self.established(of), self.false(of)))

    def false(self, node: Node) -> Formula:
        """Where a node is known to be false: its possible bit does not hold."""
        match node:
            case Known(bits=bits):
                return FALSE_FORMULA if bits & POSSIBLE else TRUE_FORMULA
            case Stated(atom=atom):
                return Leaf(2 * atom + 1)
            case Derived(proposition=number):
                return Asked(number, POSSIBLE, False)
            case Fires(instance=number):
                return Asked(-1 - number, POSSIBLE, False)
            case Every(of=of):
                return _any(self.false(m) for m in of)
            case Some(of=of):
                return _all(self.false(m) for m in of)
            case Count(threshold=threshold, of=pairs):
                missing = sum(points for points, _ in pairs) - threshold + 1
                return Sum(missing, tuple((points, self.false(m)) for points, m in pairs))
            case Flip(how="not" | "unless", of=of):
                return self.certain(of)
            case Flip(how="is_unknown", of=of):
                return _any((self.false(of), self.certain(of)))
            case Flip():
                return FALSE_FORMULA

    def certain(self, node: Node) -> Formula:
        """Where a node is certain."""
        match node:
            case Known(bits=bits):
                return TRUE_FORMULA if bits & CERTAIN else FALSE_FORMULA
            case Stated(atom=atom):
                return Leaf(2 * atom)
            case Derived(proposition=number):
                return Asked(number, CERTAIN, True)
            case Fires(instance=number):
                return Asked(-1 - number, CERTAIN, True)
            case Every(of=of):
                return _all(self.certain(m) for m in of)
            case Some(of=of):
                return _any(self.certain(m) for m in of)
            case Count(threshold=threshold, of=pairs):
                return Sum(threshold, tuple((points, self.certain(m)) for points, m in pairs))
            case Flip(how="not" | "unless", of=of):
                return self.false(of)
            case Flip(how="is_unknown"):
                return FALSE_FORMULA
            case Flip(of=of):
                return _any((self.certain(of), self.false(of)))


def _levels(program: Program) -> list[int]:
    """For each instance, how many negations deep it lies: it may be checked once all lower levels are settled."""
    size = len(program.facts)
    groups: dict[int, list[int]] = {}
    for node, component in enumerate(program.component):
        groups.setdefault(component, []).append(node)
    level = [0] * len(program.component)
    for _, group in sorted(groups.items()):
        highest = 0
        for node in group:
            if node < size:
                below = [(size + producer, False) for producer in program.producers[node]]
            else:
                found = reads(program.instances[node - size].condition)
                below = [(n if n >= 0 else size - 1 - n, negated) for n, negated in found]
            for other, negated in below:
                highest = max(highest, level[other] + negated)
        for node in group:
            level[node] = highest
    return level[size:]


def _all(of: object) -> Formula:
    flat: list[Formula] = []
    for member in of:  # type: ignore[attr-defined]
        flat.extend(member.of if isinstance(member, All) else (member,))
    return FALSE_FORMULA if FALSE_FORMULA in flat else flat[0] if len(flat) == 1 else All(tuple(flat))


def _any(of: object) -> Formula:
    flat: list[Formula] = []
    for member in of:  # type: ignore[attr-defined]
        flat.extend(member.of if isinstance(member, Any_) else (member,))
    return TRUE_FORMULA if TRUE_FORMULA in flat else flat[0] if len(flat) == 1 else Any_(tuple(flat))


def _conjunction(formula: Formula) -> tuple[int, ...]:
    """The leaves of a plain conjunction; empty for anything else."""
    of = formula.of if isinstance(formula, All) else (formula,)
    leaves = tuple(member.number for member in of if isinstance(member, Leaf))
    return leaves if len(leaves) == len(of) else ()


def _leaves(formula: Formula) -> set[int]:
    """The leaves whose coming can make the formula hold; what is inside a refutation can not."""
    match formula:
        case Leaf(number=number):
            return {number}
        case All(of=of) | Any_(of=of):
            return {leaf for member in of for leaf in _leaves(member)}
        case Sum(of=pairs):
            return {leaf for _, member in pairs for leaf in _leaves(member)}
        case _:
            return set()


def _check(formula: Formula) -> Check:
    """A formula as a function of a run."""
    match formula:
        case Leaf(number=number):
            return lambda run: number in run.true
        case All(of=of):
            plain, others = _split(of)
            if not others:
                return lambda run: plain <= run.true
            if len(others) == 1:
                (other,) = others
                return lambda run: plain <= run.true and other(run)
            return lambda run: plain <= run.true and all(check(run) for check in others)
        case Any_(of=of):
            plain, others = _split(of)
            return lambda run: not plain.isdisjoint(run.true) or any(check(run) for check in others)
        case Sum(threshold=threshold, of=pairs):
            if all(points == 1 and isinstance(member, Leaf) for points, member in pairs):
                plain, _ = _split([member for _, member in pairs])
                if len(plain) == len(pairs):
                    return lambda run: len(plain & run.true) >= threshold
            weighed = tuple((points, _check(member)) for points, member in pairs)
            return lambda run: sum(points for points, check in weighed if check(run)) >= threshold
        case Refuted(of=inner):
            check = _check(inner)
            return lambda run: not check(run)
        case Asked(number=number, bit=bit, wanted=wanted):
            if number >= 0:
                return lambda run: bool(run.evaluation.proposition(number) & bit) is wanted
            return lambda run: bool(run.evaluation.instance(-1 - number) & bit) is wanted


def _split(of: Sequence[Formula]) -> tuple[frozenset[int], tuple[Check, ...]]:
    leaves = frozenset(member.number for member in of if isinstance(member, Leaf))
    return leaves, tuple(_check(member) for member in of if not isinstance(member, Leaf))
