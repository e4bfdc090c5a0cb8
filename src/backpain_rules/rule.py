"""A rule, a constraint and a partition, as their author writes them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import FrameType
from typing import Any, NamedTuple, TypeAlias

from .errors import DefinitionError, PremiseError
from .facts.base import Fact
from .ir.conclusions import Conclusion
from .ir.expressions import Premise, Variable, check_id
from .ir.premises import AllOf, Given, not_, premise
from .source import Statement

Case: TypeAlias = Sequence[Fact]
Sources: TypeAlias = Statement | tuple[Statement, ...]
Overridden: TypeAlias = "Rule | str | Conclusion[Any] | type[Fact]"


class Written(NamedTuple):
    """Where something was written: a file and a line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """When the premise holds, the conclusions do.

    `overrides` names what this rule takes back when it fires: a rule (the object or "pack:rule"), or conclusions of any
    rule: a fact type (every recommendation), a template (every recommendation of acupuncture) or a pattern made by
    `each` (every finding in the lumbar region). `replaces` takes a rule's place altogether.
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
    written: Written | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        place = f"rule {self.id!r}"
        object.__setattr__(self, "written", _written())
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
        """What it asks of a case."""
        assert isinstance(self.when, Premise)
        return self.when

    @property
    def conclusions(self) -> tuple[Conclusion[Any], ...]:
        """The templates of what it concludes, always as a tuple."""
        return (self.then,) if isinstance(self.then, Conclusion) else tuple(self.then)

    @property
    def targets(self) -> tuple[Overridden, ...]:
        """What it overrides, always as a tuple."""
        assert isinstance(self.overrides, tuple)
        return self.overrides

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
        return statements(self.source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Constraint:
    """What cannot be together. A case that breaks it is reported; questions and proofs leave it out."""

    id: str = field(kw_only=False)
    premise: Premise
    source: Sources | None = None
    written: Written | None = field(default=None, repr=False)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
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
        check_id(id, "constraint"),
        premise=AllOf(tuple(_checked(f"constraint {id!r}", g) for g in of)),
        source=source,
        written=_written(),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Partition:
    """Kinds of which every patient is meant to be exactly one, wherever `given` holds. Nothing is derived from it;
    `KnowledgeBase.check` proves it, or shows a patient who is none of them, or two."""

    id: str = field(kw_only=False)
    kinds: tuple[Premise, ...]
    given: Premise | None = None
    source: Sources | None = None
    written: Written | None = field(default=None, repr=False)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
        return statements(self.source)

    @property
    def gap(self) -> Premise:
        """Where it holds that the patient is none of them."""
        return AllOf((*self._given, *map(not_, self.kinds)))

    @property
    def overlaps(self) -> tuple[Premise, ...]:
        """Where it holds that the patient is two of them, for each two."""
        return tuple(AllOf((*self._given, *two)) for two in combinations(self.kinds, 2))

    @property
    def _given(self) -> tuple[Premise, ...]:
        return () if self.given is None else (self.given,)


def partition(id: str, *kinds: Given, given: Given | None = None, source: Sources | None = None) -> Partition:
    """Declare that every patient is exactly one of these kinds, or every one for whom `given` holds.

    >>> from backpain_rules import Pain, each, partition
    >>> pain = each(Pain)
    >>> partition("mild-or-severe", pain.severity < 5, pain.severity >= 5, given=pain).id
    'mild-or-severe'
    """
    place = f"partition {id!r}"
    if len(kinds) < 2:
        raise PremiseError(f"{place} needs at least two kinds")
    return Partition(
        check_id(id, "partition"),
        kinds=tuple(_checked(place, kind) for kind in kinds),
        given=None if given is None else _checked(place, given),
        source=source,
        written=_written(),
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


def _written() -> Written | None:
    """The line outside this module, and outside what copies dataclasses, that is being run."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") in (__name__, "dataclasses", "copy"):
        frame = frame.f_back
    return None if frame is None else Written(frame.f_code.co_filename, frame.f_lineno)
