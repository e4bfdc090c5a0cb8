"""A rule and a constraint, as their author writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .errors import DefinitionError, PremiseError
from .facts.base import Fact
from .ir.conclusions import Conclusion
from .ir.expressions import Premise, Variable, check_id
from .ir.premises import AllOf, Given, premise
from .source import Statement

Case: TypeAlias = Sequence[Fact]
Sources: TypeAlias = Statement | tuple[Statement, ...]
Overridden: TypeAlias = "Rule | str | Conclusion[Any] | type[Fact]"


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """When the premise holds, the conclusions do.

    `overrides` names what this rule takes back when it fires: a rule (the object or "pack:rule"), a fact type (every
    recommendation) or a template (every recommendation of acupuncture). `replaces` takes a rule's place altogether.
    `fires_on` and `silent_on` are small cases that the rule carries and that `pack_tests` tries. `note` says what a
    reader of the rule should know.

    >>> from backpain_rules import Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Cold?"), condition("chill", "Chill")
    >>> Rule("chill", when=COLD, then=CHILL.finding(), fires_on=[[COLD.present]], silent_on=[[COLD.absent]]).id
    'chill'
    """

    id: str = field(kw_only=False)
    when: Given
    then: Conclusion[Any] | Sequence[Conclusion[Any]]
    source: Sources | None = None
    fires_on: Sequence[Case] = ()
    silent_on: Sequence[Case] = ()
    overrides: Overridden | Sequence[Overridden] = ()
    replaces: Rule | str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        place = f"rule {self.id!r}"
        check_id(self.id, "rule")
        object.__setattr__(self, "when", _checked(place, self.when))
        then = (self.then,) if not isinstance(self.then, (list, tuple)) else tuple(self.then)
        for template in then:
            if not isinstance(template, Conclusion):
                raise PremiseError(
                    f"{place}: then={template!r} is not a conclusion; write X.finding(), X.recommend(...) or conclude(Type, ...)",
                    rule=self.id,
                )
        if not then:
            raise DefinitionError(f"{place} concludes nothing", rule=self.id)
        for name in ("fires_on", "silent_on"):
            for case in getattr(self, name):
                if isinstance(case, Fact):
                    raise DefinitionError(
                        f"{place}: {name} is a list of cases, and a case is a list of facts: write {name}=[[...]]", rule=self.id
                    )
        overrides = self.overrides
        single = isinstance(overrides, (str, Rule, Conclusion, type, Variable))
        object.__setattr__(self, "overrides", (overrides,) if single else tuple(overrides))  # type: ignore[arg-type]

    @property
    def premise(self) -> Premise:
        assert isinstance(self.when, Premise)
        return self.when

    @property
    def conclusions(self) -> tuple[Conclusion[Any], ...]:
        return (self.then,) if isinstance(self.then, Conclusion) else tuple(self.then)

    @property
    def targets(self) -> tuple[Overridden, ...]:
        """What it overrides, always as a tuple."""
        assert isinstance(self.overrides, tuple)
        return self.overrides

    @property
    def statements(self) -> tuple[Statement, ...]:
        return statements(self.source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Constraint:
    """What cannot be together. A case that breaks it is reported; questions and proofs leave it out."""

    id: str = field(kw_only=False)
    premise: Premise
    source: Sources | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        return statements(self.source)


def never(id: str, *of: Given, source: Sources | None = None) -> Constraint:
    """These do not go together.

    >>> from backpain_rules import never, symptom
    >>> hot, cold = symptom("hot", "Hot", ask="Hot?"), symptom("cold", "Cold", ask="Cold?")
    >>> never("hot-and-cold", hot, cold).id
    'hot-and-cold'
    """
    if not of:
        raise PremiseError(f"never({id!r}) needs at least one premise")
    return Constraint(
        check_id(id, "constraint"), premise=AllOf(tuple(_checked(f"constraint {id!r}", g) for g in of)), source=source
    )


def statements(source: Sources | None) -> tuple[Statement, ...]:
    if source is None:
        return ()
    return (source,) if isinstance(source, Statement) else tuple(source)


def _checked(place: str, given: object) -> Premise:
    try:
        return premise(given)
    except PremiseError as error:
        raise error.at(place) from None
