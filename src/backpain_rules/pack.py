"""A pack: the knowledge of one distribution, and what it does to the knowledge of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from .acceptance import Acceptance
from .errors import DefinitionError
from .facts.base import Fact
from .ir.expressions import Parameter, Premise, check_id
from .ir.premises import Given, SignSet, premise
from .rule import Constraint, Partition, Rule, Sources, statements
from .source import Source, Statement
from .terms import Codes, Term
from .translation import Translation


@dataclass(frozen=True, eq=False)
class Extension:
    """Signs that one pack adds to the sign set of another."""

    target: SignSet | str
    members: tuple[Premise, ...]
    source: Sources | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
        return statements(self.source)


def extend(target: SignSet | str, *members: Given, source: Sources | None = None) -> Extension:
    """Add signs to a sign set, given as the object or as "pack:sign_set".

    >>> from backpain_rules import extend, symptom
    >>> extend("acupuncture:kidney_yin_signs", symptom("poor_sleep", "Poor sleep", ask="Do you sleep badly?")).target
    'acupuncture:kidney_yin_signs'
    """
    return Extension(target, tuple(premise(m) for m in members), source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pack:
    """Everything that one distribution knows.

    Terms, parameters, sign sets and fact types that its rules use are its own without being listed, unless a pack it
    `requires` has them; `terms` and the others list what no rule uses. `translations` (by language, "zh-Hans") and `codes`
    add to the words of any pack: `codes={"kidney_yin_deficiency": {"icd11": "SF93"}}`. `accepts` lists what `check` finds and
    is as it should be.
    """

    id: str = field(kw_only=False)
    version: str
    title: str
    sources: Sequence[Source] = ()
    rules: Sequence[Rule] = ()
    constraints: Sequence[Constraint] = ()
    partitions: Sequence[Partition] = ()
    accepts: Sequence[Acceptance] = ()
    extends: Sequence[Extension] = ()
    terms: Sequence[Term] = ()
    parameters: Sequence[Parameter[Any]] = ()
    sign_sets: Sequence[SignSet] = ()
    fact_types: Sequence[type[Fact]] = ()
    requires: Sequence[str] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict[str, Translation])
    codes: Mapping[str, Mapping[str, Codes]] = field(default_factory=dict[str, Mapping[str, Codes]])

    def __post_init__(self) -> None:
        check_id(self.id, "pack")
        listed: tuple[tuple[str, type], ...] = (
            ("sources", Source), ("rules", Rule), ("constraints", Constraint), ("extends", Extension),
            ("terms", Term), ("parameters", Parameter), ("sign_sets", SignSet),
            ("partitions", Partition), ("accepts", Acceptance),
        )  # fmt: skip
        for name, kind in listed:
            items = tuple(getattr(self, name))
            object.__setattr__(self, name, items)
            for item in items:
                if not isinstance(item, kind):
                    raise DefinitionError(f"pack {self.id!r}: {name} holds {item!r}, which is no {kind.__name__}", pack=self.id)
        for name in ("rules", "constraints", "partitions", "sources"):
            seen: set[str] = set()
            for item in getattr(self, name):
                if item.id in seen:
                    raise DefinitionError(f"pack {self.id!r} has two {name} called {item.id!r}", pack=self.id, id=item.id)
                seen.add(item.id)
        for name in ("fact_types", "requires"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


def rules_in(*modules: ModuleType) -> tuple[Rule, ...]:
    """Every rule that these modules define at their top level."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Rule))


def constraints_in(*modules: ModuleType) -> tuple[Constraint, ...]:
    """Every constraint that these modules define at their top level."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Constraint))


def partitions_in(*modules: ModuleType) -> tuple[Partition, ...]:
    """Every partition that these modules define at their top level."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Partition))


def terms_in(*modules: ModuleType) -> tuple[Term, ...]:
    """Every term that these modules define at their top level."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Term))
