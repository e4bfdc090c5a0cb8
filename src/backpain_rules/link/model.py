"""A linked rule base: packs put together, every name resolved, every parameter a value, every variable bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from ..facts.base import Fact
from ..facts.types import TREATMENT, InterventionKind
from ..ir.expressions import Parameter, Premise, Ref, Variable
from ..ir.premises import SignSet
from ..ir.quantities import Quantity
from ..pack import Extension, Pack
from ..rule import Constraint, Partition, Rule
from ..terms import Term
from .moments import Zones, zones_of


@dataclass(frozen=True, eq=False, slots=True)
class Template:
    """A conclusion with its constants in place; `copied` are the fields taken from the key of a matched fact.

    `kinds` is the kind of each declared intervention, for a recommendation that copies which intervention it is of.
    """

    kind: type[Fact]
    constants: Mapping[str, object]
    copied: Mapping[str, Ref[Any]]
    kinds: Mapping[str, InterventionKind] | None = None

    def fields(self, copied: Mapping[str, object]) -> dict[str, Any]:
        """The fields of the conclusion with these values copied; what is no id stands for all ids, and for all kinds."""
        said = {**self.constants, **copied}
        if self.kinds:
            done = said["intervention"]
            said["kind"] = self.kinds.get(done, TREATMENT) if isinstance(done, str) else done
        return said


@dataclass(frozen=True, slots=True)
class Override:
    """One act of taking back: `by` overrides `target` where their instances agree on the keys both bind."""

    by: str
    target: str


@dataclass(frozen=True, eq=False, slots=True)
class Pattern:
    """The conclusions of a type, or of a type made from it, with these values in these fields."""

    kind: type[Fact]
    where: Mapping[str, object]

    def covers(self, fact: Fact, unknown: object = ...) -> bool:
        """Whether a conclusion is one of them, or may be one where a field is `unknown`."""
        said = fact.__dict__
        return isinstance(fact, self.kind) and all(said[n] == v or said[n] is unknown for n, v in self.where.items())

    def may_cover(self, template: Template) -> bool:
        """Whether a template can give one of them."""
        said = template.constants
        return issubclass(template.kind, self.kind) and all(said.get(n, v) == v for n, v in self.where.items())


@dataclass(frozen=True, eq=False, slots=True)
class LinkedRule:
    """A rule as it stands in this knowledge base.

    `variables` are the facts that it is tried for; in `body` every other variable is bound by an `Exists`.
    `overridden_by` names the rules that take back it or some of its conclusions, sorted. Those that have an entry in
    `patterns` take back what one of these covers, the others all of it.
    """

    name: str
    pack: str
    rule: Rule
    variables: tuple[Variable, ...]
    body: Premise
    templates: tuple[Template, ...]
    overridden_by: tuple[str, ...]
    patterns: Mapping[str, tuple[Pattern, ...]]
    replaces: str | None

    def taken_back(self, conclusion: Fact, unknown: object = ...) -> tuple[str, ...]:
        """The names of the rules that take back this conclusion of the rule."""
        return tuple(
            name
            for name in self.overridden_by
            if name not in self.patterns or any(p.covers(conclusion, unknown) for p in self.patterns[name])
        )


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
    parameter and its value here; `quantities` are by their ids.
    """

    packs: tuple[Pack, ...]
    fact_types: Mapping[str, type[Fact]]
    derived_types: frozenset[type[Fact]]
    terms: Mapping[tuple[str, str], Term]
    owners: Mapping[tuple[str, str], str]
    parameters: Mapping[str, tuple[Parameter[Any], object]]
    sign_sets: Mapping[str, SignSet]
    quantities: Mapping[str, Quantity]
    rules: tuple[LinkedRule, ...]
    constraints: tuple[LinkedConstraint, ...]
    partitions: tuple[LinkedPartition, ...]
    extensions: tuple[LinkedExtension, ...]
    warnings: tuple[str, ...]

    def __post_init__(self) -> None:
        _ = self.zones  # refuses rules that cannot be compared

    @cached_property
    def zones(self) -> Zones:
        """Whether the moments that the rules compare with have a time zone."""
        if not any(kind.schema_.moments for kind in self.fact_types.values()):
            return {}
        return zones_of([*((rule.name, rule.body) for rule in self.rules), *((one.name, one.body) for one in self.constraints)])

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
