"""When a node holds, as a formula over leaves: what a rule waits for.

A leaf is a number: that a proposition is established, that an instance fires, that an atom is known true, or that it is
known false. Negation is pushed inward, so that a leaf only ever makes a formula more true; what is left of it asks for
the bits of what has settled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Some, Stated
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE


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


@dataclass(frozen=True, slots=True)
class Leaves:
    """The numbers of leaves: proposition i is i, instance i is `fired + i`, and an atom has two, from `stated` to `end`."""

    fired: int
    stated: int
    end: int

    @classmethod
    def of(cls, program: Program) -> Leaves:
        """`stated` is even, so that the leaves of one atom, and only they, are equal when halved."""
        fired = len(program.facts)
        stated = fired + len(program.instances)
        stated += stated % 2
        return cls(fired, stated, stated + 2 * len(program.atoms))

    def true(self, atom: int) -> int:
        return self.stated + 2 * atom

    def false(self, atom: int) -> int:
        return self.stated + 2 * atom + 1

    def atoms(self, true: Iterable[int], gone: Iterable[int]) -> tuple[list[int], list[int]]:
        """The atoms that these leaves make true, and those false; `gone` are the true leaves of what is false."""
        first, end = self.stated, self.end
        decided = [leaf - first for leaf in true if first <= leaf < end]
        false = [leaf - first >> 1 for leaf in gone if leaf < end]
        return [leaf >> 1 for leaf in decided if not leaf & 1], false + [leaf >> 1 for leaf in decided if leaf & 1]

    def is_false(self, leaf: int) -> bool:
        """Whether it is the leaf of an atom that is known false."""
        return leaf >= self.stated and leaf % 2 == 1

    def established(self, node: Node) -> Formula:
        """Where the established bit of a node holds."""
        match node:
            case Known(bits=bits):
                return TRUE_FORMULA if bits & ESTABLISHED else FALSE_FORMULA
            case Stated(atom=atom):
                return Leaf(self.true(atom))
            case Derived(proposition=number):
                return Leaf(number)
            case Fires(instance=number):
                return Leaf(self.fired + number)
            case Every(of=of):
                return _all(self.established(m) for m in of)
            case Some(of=of):
                return _any(self.established(m) for m in of)
            case Count(threshold=threshold, of=pairs):
                return Sum(threshold, tuple((points, self.established(m)) for points, m in pairs))
            case Flip(how="not", of=of):
                return self.refuted(of)
            case Flip(how="unless", of=of):
                return Refuted(self.established(of))
            case Flip(how="is_unknown", of=of):
                return _all((Refuted(self.established(of)), Refuted(self.refuted(of))))
            case Flip(of=of):
                return _any((self.established(of), self.refuted(of)))

    def refuted(self, node: Node) -> Formula:
        """Where a node is known to be false: its possible bit does not hold."""
        match node:
            case Known(bits=bits):
                return FALSE_FORMULA if bits & POSSIBLE else TRUE_FORMULA
            case Stated(atom=atom):
                return Leaf(self.false(atom))
            case Derived(proposition=number):
                return Asked(number, POSSIBLE, False)
            case Fires(instance=number):
                return Asked(-1 - number, POSSIBLE, False)
            case Every(of=of):
                return _any(self.refuted(m) for m in of)
            case Some(of=of):
                return _all(self.refuted(m) for m in of)
            case Count(threshold=threshold, of=pairs):
                missing = sum(points for points, _ in pairs) - threshold + 1
                return Sum(missing, tuple((points, self.refuted(m)) for points, m in pairs))
            case Flip(how="not" | "unless", of=of):
                return self.certain(of)
            case Flip(how="is_unknown", of=of):
                return _any((self.refuted(of), self.certain(of)))
            case Flip():
                return FALSE_FORMULA

    def certain(self, node: Node) -> Formula:
        """Where a node is certain."""
        match node:
            case Known(bits=bits):
                return TRUE_FORMULA if bits & CERTAIN else FALSE_FORMULA
            case Stated(atom=atom):
                return Leaf(self.true(atom))
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
                return self.refuted(of)
            case Flip(how="is_unknown"):
                return FALSE_FORMULA
            case Flip(of=of):
                return _any((self.certain(of), self.refuted(of)))


def _all(of: Iterable[Formula]) -> Formula:
    flat: list[Formula] = []
    for member in of:
        flat.extend(member.of if isinstance(member, All) else (member,))
    return FALSE_FORMULA if FALSE_FORMULA in flat else flat[0] if len(flat) == 1 else All(tuple(flat))


def _any(of: Iterable[Formula]) -> Formula:
    flat: list[Formula] = []
    for member in of:
        flat.extend(member.of if isinstance(member, Any_) else (member,))
    return TRUE_FORMULA if TRUE_FORMULA in flat else flat[0] if len(flat) == 1 else Any_(tuple(flat))


def conjunction(formula: Formula) -> tuple[int, ...]:
    """The leaves of a plain conjunction; empty for anything else."""
    of = formula.of if isinstance(formula, All) else (formula,)
    leaves = tuple(member.number for member in of if isinstance(member, Leaf))
    return leaves if len(leaves) == len(of) else ()


def leaves_of(formula: Formula, *, refuted: bool = False) -> set[int]:
    """The leaves whose coming can make the formula hold; with `refuted`, those whose coming can break it as well."""
    match formula:
        case Leaf(number=number):
            return {number}
        case All(of=of) | Any_(of=of):
            return {leaf for member in of for leaf in leaves_of(member, refuted=refuted)}
        case Sum(of=pairs):
            return {leaf for _, member in pairs for leaf in leaves_of(member, refuted=refuted)}
        case Refuted(of=inner) if refuted:
            return leaves_of(inner, refuted=True)
        case _:
            return set()


def asked_in(formula: Formula) -> set[int]:
    """What a formula asks for beyond the established set."""
    match formula:
        case Asked(number=number):
            return {number}
        case All(of=of) | Any_(of=of):
            return {number for member in of for number in asked_in(member)}
        case Sum(of=pairs):
            return {number for _, member in pairs for number in asked_in(member)}
        case Refuted(of=inner):
            return asked_in(inner)
        case Leaf():
            return set()
