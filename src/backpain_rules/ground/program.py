"""The rule base compiled over its finite keys: numbered atoms, propositions and rule instances.

This is the one form on which the native engine, the tables, the proofs and the interview run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from ..facts.base import Fact
from ..facts.merged import group_of
from ..link.model import Linked, LinkedConstraint, LinkedRule
from .nodes import Atom, Derived, Every, Fires, Flip, Node, Place, Some, Stated, members, places_of

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class Instance:
    """One rule with a value for each of its variables, and those of its conclusions that the same rules take back.

    `binding` holds, in the order of `rule.variables`, the place of a stated fact or the derived fact itself; `heads`
    are the propositions it concludes, `overriders` the instances that take it back.
    """

    rule: LinkedRule
    binding: tuple[Place | Fact, ...]
    body: Node
    heads: tuple[int, ...]
    overriders: tuple[int, ...]

    @property
    def condition(self) -> Node:
        """The body and that nothing overrides it."""
        if not self.overriders:
            return self.body
        return Every((self.body, Flip("unless", Some(tuple(Fires(i) for i in self.overriders)))))


@dataclass(frozen=True, eq=False, slots=True)
class ConstraintInstance:
    """One constraint with a value for each of its variables; broken when `body` is established."""

    constraint: LinkedConstraint
    binding: tuple[Place | Fact, ...]
    body: Node


@dataclass(frozen=True, eq=False)
class Program:
    """A ground rule base.

    `facts[i]` is the derived fact that proposition i stands for, `atoms[i]` what atom i asks. `component` numbers the
    strongly connected components of the dependency graph from the ground up: first those of the propositions, then
    those of the instances; nothing depends on a component with a higher number. `reads_closed` says that some rule
    reads facts of a closed type, so that a case with such facts has a program of its own; `potential` are the conclusions
    that such facts can add to `facts`, with `ANY` for what they copy from them.
    """

    linked: Linked
    atoms: tuple[Atom, ...]
    facts: tuple[Fact, ...]
    instances: tuple[Instance, ...]
    constraints: tuple[ConstraintInstance, ...]
    producers: tuple[tuple[int, ...], ...]
    component: tuple[int, ...]
    reads_closed: bool
    potential: tuple[Fact, ...] = ()

    def once(self, make: Callable[[Program], T]) -> T:
        """What `make` works out of this program; worked out when it is first asked for, and kept."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def __getstate__(self) -> dict[str, Any]:
        """What rooms above worked out is theirs to work out again: functions do not go to another process."""
        return {name: value for name, value in self.__dict__.items() if name != "_made"}

    @cached_property
    def _made(self) -> dict[Callable[[Program], Any], Any]:
        return {}

    @cached_property
    def rivals(self) -> frozenset[int]:
        """The propositions that share type and key with another: only they can contradict, or be shown as one."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for number, fact in enumerate(self.facts):
            groups.setdefault(group_of(fact), []).append(number)
        return frozenset(number for group in groups.values() if len(group) > 1 for number in group)

    @cached_property
    def of_type(self) -> Mapping[type, frozenset[int]]:
        """The propositions of each derived type, those of the types made from it included."""
        found: dict[type, list[int]] = {}
        for number, fact in enumerate(self.facts):
            for kind in type(fact).__mro__:
                found.setdefault(kind, []).append(number)
        return {kind: frozenset(numbers) for kind, numbers in found.items()}

    @cached_property
    def numbers(self) -> Mapping[Fact, int]:
        """The proposition of each derived fact."""
        return {fact: number for number, fact in enumerate(self.facts)}

    @cached_property
    def headed(self) -> Mapping[tuple[type[Fact], object], tuple[int, ...]]:
        """The propositions of each derived type by the value of its first key; for a type without keys that is None.

        Those of the types made from it are included.
        """
        found: dict[tuple[type[Fact], object], list[int]] = {}
        for number, fact in enumerate(self.facts):
            for kind in type(fact).__mro__:
                if kind in self.linked.derived_types:
                    keys = kind.schema_.keys
                    found.setdefault((kind, fact.__dict__[keys[0]] if keys else None), []).append(number)
        return {head: tuple(numbers) for head, numbers in found.items()}

    @cached_property
    def takes_back(self) -> Mapping[int, tuple[int, ...]]:
        """For each instance that overrides any, those that it takes back."""
        found: dict[int, list[int]] = {}
        for number, instance in enumerate(self.instances):
            for overrider in instance.overriders:
                found.setdefault(overrider, []).append(number)
        return {overrider: tuple(targets) for overrider, targets in found.items()}

    def places(self, atom: int) -> tuple[Place, ...]:
        """The places whose facts decide an atom."""
        return places_of(self.atoms[atom])

    def dependencies(self, instance: int) -> tuple[int, ...]:
        """What an instance depends on: propositions by their number, instances by their number after all of those."""
        known = self._dependencies.get(instance)
        if known is None:
            size = len(self.facts)
            found = reads(self.instances[instance].condition)
            known = self._dependencies[instance] = tuple(dict.fromkeys(n if n >= 0 else size - 1 - n for n, _ in found))
        return known

    @cached_property
    def _dependencies(self) -> dict[int, tuple[int, ...]]:
        return {}

    @cached_property
    def atom_numbers(self) -> Mapping[Atom, int]:
        return {atom: number for number, atom in enumerate(self.atoms)}


def reads(node: Node) -> tuple[tuple[int, bool], ...]:
    """What a node depends on: (proposition, negated), and for an instance that must fire (-1 - instance, negated)."""
    found: dict[tuple[int, bool], None] = {}
    stack = [(node, False)]
    while stack:
        here, negated = stack.pop()
        match here:
            case Every(of=of):
                stack += [(member, negated) for member in of if not isinstance(member, Stated)]
            case Derived(proposition=proposition):
                found[proposition, negated] = None
            case Fires(instance=instance):
                found[-1 - instance, negated] = None
            case Flip(of=member):
                stack.append((member, True))
            case _:
                stack.extend((member, negated) for member in members(here))
    return tuple(found)
