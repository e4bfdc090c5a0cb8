"""When a node holds, as a formula over leaves: what a rule waits for.

A leaf is a number: that a proposition is established, that an instance fires, that an atom is known true, or that it is
known false. Negation is pushed inward (negation normal form) by the one table, `planes.unfolded`. What is left of it reads only
what is settled: a literal that is off, or a lookup of another bit than the established one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ..ground.nodes import Derived, Every, Fires, Known, Node, Stated
from ..ground.planes import unfolded
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, POSSIBLE


@dataclass(frozen=True, slots=True)
class Literal:
    """A leaf is true, or it is not, now that it is settled."""

    leaf: int
    on: bool = True


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    of: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    threshold: int
    of: tuple[tuple[int, Formula], ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One bit of a proposition (or, below zero, of an instance) that the established set does not hold is on, or off."""

    number: int
    bit: int
    on: bool


Formula: TypeAlias = Literal | All | Any_ | AtLeast | Lookup
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

    def conjunction(self, node: Node) -> tuple[int, ...]:
        """The leaves of a conjunction of atoms, propositions and instances, as most rules are; empty for any other node."""
        found: list[int] = []
        for member in node.of if isinstance(node, Every) else (node,):
            if isinstance(member, Stated):
                found.append(self.true(member.atom))
            elif isinstance(member, Derived):
                found.append(member.proposition)
            else:
                return ()
        return tuple(found)

    def established(self, node: Node) -> Formula:
        """Where the established bit of a node holds."""
        return self.formula(node, ESTABLISHED, True)

    def formula(self, node: Node, bit: int, on: bool) -> Formula:
        """Where one bit of a node is on, or where it is off."""
        match node:
            case Known(bits=bits):
                return TRUE_FORMULA if bool(bits & bit) is on else FALSE_FORMULA
            case Stated(atom=atom):
                return Literal(self.false(atom), not on) if bit == POSSIBLE else Literal(self.true(atom), on)
            case Derived(proposition=number):
                return Literal(number, on) if bit == ESTABLISHED else Lookup(number, bit, on)
            case Fires(instance=number):
                return Literal(self.fired + number, on) if bit == ESTABLISHED else Lookup(-1 - number, bit, on)
            case _:
                operation, aims, threshold, points = unfolded(node, bit, on)
                of = [self.formula(*aim) for aim in aims]
                if operation == "count":
                    return AtLeast(threshold, tuple(zip(points, of, strict=True)))
                return _all(of) if operation == "every" else _any(of)


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
    """The leaves of a conjunction of true leaves; empty for anything else."""
    of = formula.of if isinstance(formula, All) else (formula,)
    leaves = tuple([member.leaf for member in of if isinstance(member, Literal) and member.on])
    return leaves if len(leaves) == len(of) else ()


def leaves_of(formula: Formula) -> set[int]:
    """The leaves that a formula reads."""
    return {part.leaf for part in _parts(formula) if isinstance(part, Literal)}


def triggers_of(formula: Formula) -> set[int]:
    """The leaves whose coming can make a formula hold."""
    return {part.leaf for part in _parts(formula) if isinstance(part, Literal) and part.on}


def lookups_of(formula: Formula) -> set[int]:
    """What a formula asks for beyond the established set."""
    return {part.number for part in _parts(formula) if isinstance(part, Lookup)}


def _parts(formula: Formula) -> Iterator[Literal | Lookup]:
    match formula:
        case All(of=of) | Any_(of=of):
            for member in of:
                yield from _parts(member)
        case AtLeast(of=pairs):
            for _, member in pairs:
                yield from _parts(member)
        case _:
            yield formula
