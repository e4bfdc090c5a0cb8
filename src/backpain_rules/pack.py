"""A pack: the knowledge of one distribution, and its changes to other packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

from .acceptance import Acceptance
from .arguments import codes_of_systems, listed, text, wrong
from .errors import DefinitionError, shown
from .facts.base import Fact
from .ir.expressions import Parameter, Premise, check_id
from .ir.premises import Given, SignSet, premise
from .ir.quantities import Quantity
from .rule import Constraint, Partition, Rule, Sources, Written, check_source, here, statements
from .source import Source, Statement
from .symbols import Declared
from .terms import Codes, Term
from .translation import Translation

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Extension(Declared):
    """Signs that one pack adds to the sign set of another."""

    target: SignSet | str
    members: tuple[Premise, ...]
    source: Sources | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.target, (SignSet, str)):
            raise wrong("extend", "target", self.target, 'a sign set or the name of one, "pack:sign_set"')
        place = f"extend({shown(getattr(self.target, 'id', self.target))})"
        if not listed(place, "members", self.members, Premise, "a premise"):
            raise DefinitionError(f"{place} adds no sign; name them after the sign set", argument="members")
        check_source(place, self.source)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of sources that it cites."""
        return statements(self.source)


def extend(target: SignSet | str, *members: Given, source: Sources | None = None) -> Extension:
    """Add signs to a sign set of another pack, given as the object or as "pack:sign_set".

    >>> from backpain_rules import extend, symptom
    >>> extend("acupuncture:kidney_yin_signs", symptom("poor_sleep", "Poor sleep", ask="Do you sleep badly?")).target
    'acupuncture:kidney_yin_signs'
    """
    return Extension(target, tuple(premise(m) for m in members), source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pack(Declared):
    """The knowledge of one distribution.

    Terms, parameters, sign sets, quantities and fact types that its rules use belong to it without being listed, unless a pack it
    `requires` has them. List only those that no rule uses. `translations` (by language, "zh-Hans") and `codes` add to the terms
    of any pack: `codes={"kidney_yin_deficiency": {"icd11": "SF93"}}`. `accepts` lists findings of `check` that are intended.
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
    quantities: Sequence[Quantity] = ()
    fact_types: Sequence[type[Fact]] = ()
    requires: Sequence[str] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict[str, Translation])
    codes: Mapping[str, Mapping[str, Codes]] = field(default_factory=dict[str, Mapping[str, Codes]])
    written: Written | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", here())
        place = f"pack {check_id(self.id, 'pack')!r}"
        text(place, "version", self.version, hint=f'write version="{shown(self.version)}"')
        text(place, "title", self.title)
        kinds: tuple[tuple[str, type], ...] = (
            ("sources", Source), ("rules", Rule), ("constraints", Constraint), ("extends", Extension),
            ("terms", Term), ("parameters", Parameter), ("sign_sets", SignSet),
            ("partitions", Partition), ("accepts", Acceptance), ("quantities", Quantity),
        )  # fmt: skip
        for name, kind in kinds:
            object.__setattr__(self, name, listed(place, name, getattr(self, name), kind, f"a {kind.__name__}"))
        for name in ("rules", "constraints", "partitions", "quantities", "sources"):
            seen: set[str] = set()
            for item in getattr(self, name):
                if item.id in seen:
                    raise DefinitionError(f"pack {self.id!r} has two {name} called {item.id!r}", pack=self.id, id=item.id)
                seen.add(item.id)
        object.__setattr__(self, "requires", listed(place, "requires", self.requires, str, "the name of a pack"))
        fact_types = listed(place, "fact_types", self.fact_types, type, "a fact type, such as Pain")
        object.__setattr__(self, "fact_types", fact_types)
        for fact_type in fact_types:
            if not issubclass(fact_type, Fact):
                raise wrong(place, "fact_types", fact_type, "a fact type", "a fact type is a class made from Fact")
        _check_words(place, self.translations, self.codes)


def _check_words(place: str, translations: object, codes: object) -> None:
    """Refuse translations that are not keyed by language, and codes that are not keyed by term."""
    if not isinstance(translations, Mapping):
        raise wrong(place, "translations", translations, "a mapping", 'write translations={"de": Translation(...)}')
    for language, words in translations.items():
        text(place, "a key of translations", language)
        if not isinstance(words, Translation):
            raise wrong(place, f"translations[{language!r}]", words, "a Translation", "write Translation(labels={...})")
    if not isinstance(codes, Mapping):
        raise wrong(place, "codes", codes, "a mapping", 'write codes={"term_id": {"icd11": "..."}}')
    for id, by_system in codes.items():
        text(place, "a key of codes", id)
        codes_of_systems(place, f"codes[{id!r}]", by_system)


def rules_in(*modules: ModuleType) -> tuple[Rule, ...]:
    """Collect every rule that these modules define at their top level. Raises `DefinitionError` for a module without one."""
    return _in(modules, Rule, "rules_in", "rule")


def constraints_in(*modules: ModuleType) -> tuple[Constraint, ...]:
    """Collect every constraint that these modules define at their top level, if any."""
    return _in(modules, Constraint, "constraints_in", "constraint")


def partitions_in(*modules: ModuleType) -> tuple[Partition, ...]:
    """Collect every partition that these modules define at their top level, if any."""
    return _in(modules, Partition, "partitions_in", "partition")


def terms_in(*modules: ModuleType) -> tuple[Term, ...]:
    """Collect every term that these modules define at their top level. Raises `DefinitionError` for a module without one."""
    return _in(modules, Term, "terms_in", "term")


def _in(modules: Sequence[object], kind: type[T], call: str, what: str) -> tuple[T, ...]:
    """Collect objects of one kind. A module without a rule or term was probably named by mistake."""
    found: list[T] = []
    if not modules:
        raise DefinitionError(f"{call}() needs at least one module: import it and name it, as in {call}(words)")
    for module in modules:
        if not isinstance(module, ModuleType):
            raise wrong(call, "modules", module, "a module", f"import it and name it, as in {call}(words)")
        here = [value for value in vars(module).values() if isinstance(value, kind)]
        if not here and kind in (Rule, Term):
            raise DefinitionError(
                f"{call}: module {module.__name__} defines no {what} at its top level; name the modules that do",
                argument="modules", module=module.__name__,
            )  # fmt: skip
        found += here
    return tuple(found)
