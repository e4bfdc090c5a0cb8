"""A linked rule base: packs put together, every name resolved, every parameter a value, every variable bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from ..facts.base import Fact
from ..ir.expressions import Parameter, Premise, Ref, Variable
from ..ir.premises import SignSet
from ..pack import Extension, Pack
from ..rule import Constraint, Partition, Rule
from ..terms import Term


@dataclass(frozen=True, eq=False, slots=True)
class Template:
    """A conclusion with its constants in place; `copied` are the fields taken from the key of a matched fact."""

    kind: type[Fact]
    constants: Mapping[str, object]
    copied: Mapping[str, Ref[Any]]


@dataclass(frozen=True, slots=True)
class Override:
    """One act of taking back: `by` overrides `target` where their instances agree on the keys both bind."""

    by: str
    target: str


@dataclass(frozen=True, eq=False, slots=True)
class LinkedRule:
    """A rule as it stands in this knowledge base.

    `variables` are the facts that it is tried for; in `body` every other variable is bound by an `Exists`.
    `overridden_by` names the rules that take it back, sorted.
    """

    name: str
    pack: str
    rule: Rule
    variables: tuple[Variable, ...]
    body: Premise
    templates: tuple[Template, ...]
    overridden_by: tuple[str, ...]
    replaces: str | None


@dataclass(frozen=True, eq=False, slots=True)
class LinkedConstraint:
    """A constraint as it stands in this knowledge base: broken for each choice of `variables` that establishes `body`."""

    name: str
    pack: str
    constraint: Constraint
    variables: tuple[Variable, ...]
    body: Premise


@dataclass(frozen=True, eq=False, slots=True)
class LinkedPartition:
    """A partition as it stands in this knowledge base: where the patient is none of its kinds, and where two.

    Both are given as constraints that would forbid it; `overlaps` is in the order of `Partition.overlaps`.
    """

    name: str
    pack: str
    partition: Partition
    gap: LinkedConstraint
    overlaps: tuple[LinkedConstraint, ...]


@dataclass(frozen=True, eq=False, slots=True)
class LinkedExtension:
    """Signs that `pack` added to the sign set called `target`."""

    pack: str
    target: str
    extension: Extension


@dataclass(frozen=True, eq=False)
class Linked:
    """The whole rule base, sorted by name throughout, so that nothing depends on an order of loading.

    `terms` is by vocabulary and id, `owners` gives the pack of a term; `parameters` maps "pack:id" to the declared
    parameter and its value here.
    """

    packs: tuple[Pack, ...]
    fact_types: Mapping[str, type[Fact]]
    derived_types: frozenset[type[Fact]]
    terms: Mapping[tuple[str, str], Term]
    owners: Mapping[tuple[str, str], str]
    parameters: Mapping[str, tuple[Parameter[Any], object]]
    sign_sets: Mapping[str, SignSet]
    rules: tuple[LinkedRule, ...]
    constraints: tuple[LinkedConstraint, ...]
    partitions: tuple[LinkedPartition, ...]
    extensions: tuple[LinkedExtension, ...]
    warnings: tuple[str, ...]

    def ids(self, vocabulary: str) -> tuple[str, ...]:
        """All declared ids of one vocabulary, sorted."""
        return self._ids.get(vocabulary, ())

    @cached_property
    def _ids(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for vocabulary, id in sorted(self.terms):
            found.setdefault(vocabulary, []).append(id)
        return {vocabulary: tuple(ids) for vocabulary, ids in found.items()}

    def domain(self, kind: type[Fact], name: str) -> tuple[Any, ...]:
        """Every value a finite field of a fact type can have here."""
        field = kind.schema_.fields[name]
        return self.ids(field.vocabulary) if field.vocabulary else field.values

    def key_domain(self, kind: type[Fact], name: str) -> tuple[Any, ...]:
        """Every value that one field of the key of an open type can have: None, last, where it may be left out."""
        return self.domain(kind, name) + ((None,) if kind.schema_.fields[name].may_be_none else ())

    def keys(self, kind: type[Fact]) -> Iterator[tuple[Any, ...]]:
        """Every key that a fact of an open type can have."""
        return product(*(self.key_domain(kind, name) for name in kind.schema_.keys))
