"""Premises over numbered propositions: what a rule's body becomes when every variable has a value.

Atoms are what stated facts decide; propositions are derived facts. `origin` keeps the premise that the author wrote,
for explanations; it plays no part in the meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from ..facts.base import Fact
from ..ir.expressions import Operator, Premise
from ..ir.premises import IsKnown, IsUnknown, Not, Unless

Key: TypeAlias = tuple[Any, ...]
Negation: TypeAlias = Literal["not", "unless", "is_unknown", "is_known"]
NEGATION_OF: Final[Mapping[type[Premise], Negation]] = {
    Not: "not", Unless: "unless", IsUnknown: "is_unknown", IsKnown: "is_known",
}  # fmt: skip


class Place(NamedTuple):
    """Where a stated fact stands or could stand: its type and its key."""

    kind: type[Fact]
    key: Key


class Presence(NamedTuple):
    """Atom: there is a fact at this place, one that does not say `present=False`."""

    place: Place


class SlotTest(NamedTuple):
    """Atom: one slot of the fact at this place compared with a constant."""

    place: Place
    slot: str
    op: Operator
    value: Any


class SlotValue(NamedTuple):
    """The value of one slot of the fact at a place, inside a `JoinTest`."""

    place: Place
    slot: str


class Sum(NamedTuple):
    """Arithmetic on slot values and constants, inside a `JoinTest`."""

    op: Literal["+", "-", "*"]
    left: Any
    right: Any


class Plain(NamedTuple):
    """A constant inside a `JoinTest`."""

    value: Any


class JoinTest(NamedTuple):
    """Atom: a comparison that reads more than one slot, or computes."""

    op: Operator
    left: SlotValue | Sum | Plain
    right: SlotValue | Sum | Plain


Atom: TypeAlias = Presence | SlotTest | JoinTest


class Said(NamedTuple):
    """One thing that can be said, and is unknown until it is: whether there is a fact at a place, or one slot of it."""

    place: Place
    slot: str | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """Where it stands in every list that is shown."""
        return (self.place.kind.tag(), *map(str, self.place.key), self.slot or "")


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """A premise whose bits do not depend on the case."""

    bits: int
    origin: Premise | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Stated:
    atom: int
    origin: Premise | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Derived:
    proposition: int
    origin: Premise | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Fires:
    """A rule instance fires, its own overrides considered."""

    instance: int


@dataclass(frozen=True, eq=False, slots=True)
class Every:
    of: tuple[Node, ...]
    origin: Premise | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Some:
    of: tuple[Node, ...]
    origin: Premise | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Count:
    """The points of the members that hold reach the threshold."""

    threshold: int
    of: tuple[tuple[int, Node], ...]
    origin: Premise | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Flip:
    """A composition that is not monotone."""

    how: Negation
    of: Node
    origin: Premise | None = None


Node: TypeAlias = Known | Stated | Derived | Fires | Every | Some | Count | Flip


def place_of(fact: Fact) -> Place:
    """The place of a fact: its type and its key."""
    values = fact.__dict__
    return Place(type(fact), tuple([values[name] for name in fact.schema_.keys]))


def by_place(facts: Iterable[Fact]) -> dict[Place, Fact]:
    """Facts by their places."""
    return {place_of(fact): fact for fact in facts}


def members(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside this one."""
    match node:
        case Every(of=of) | Some(of=of):
            return of
        case Count(of=pairs):
            return tuple(member for _, member in pairs)
        case Flip(of=member):
            return (member,)
        case _:
            return ()


def with_replaced(root: Node, old: Node, new: Node) -> Node:
    """The same node with one inside it, that very object, replaced."""
    if root is old:
        return new
    match root:
        case Every(of=of) | Some(of=of):
            return type(root)(tuple(with_replaced(member, old, new) for member in of), root.origin)
        case Count(threshold=threshold, of=pairs):
            return Count(threshold, tuple((points, with_replaced(m, old, new)) for points, m in pairs), root.origin)
        case Flip(how=how, of=member):
            return Flip(how, with_replaced(member, old, new), root.origin)
        case _:
            return root


def places_of(atom: Atom) -> tuple[Place, ...]:
    """The places whose facts decide an atom."""
    if not isinstance(atom, JoinTest):
        return (atom.place,)
    found: dict[Place, None] = {}
    stack: list[SlotValue | Sum | Plain] = [atom.left, atom.right]
    while stack:
        here = stack.pop()
        if isinstance(here, SlotValue):
            found[here.place] = None
        elif isinstance(here, Sum):
            stack += [here.left, here.right]
    return tuple(found)


def gaps(atom: Atom, stated: Mapping[Place, Fact]) -> Iterator[Said]:
    """What must be known before an atom that these facts leave unknown is decided."""
    if not isinstance(atom, JoinTest):
        yield Said(atom.place, atom.slot if isinstance(atom, SlotTest) else None)
        return
    stack: list[SlotValue | Sum | Plain] = [atom.left, atom.right]
    while stack:
        here = stack.pop()
        if isinstance(here, Sum):
            stack += [here.left, here.right]
        elif isinstance(here, SlotValue):
            fact = stated.get(here.place)
            if fact is None or fact.__dict__[here.slot] is None:
                yield Said(here.place, here.slot)
