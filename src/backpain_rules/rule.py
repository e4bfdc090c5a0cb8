"""Rules, constraints and partitions as authors write them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import FrameType
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

from .arguments import listed, text_or_none, wrong
from .errors import DefinitionError, PremiseError, shown
from .facts.base import Fact
from .facts.types import DERIVED
from .ir.conclusions import Conclusion
from .ir.expressions import Named, Premise, Variable, check_id
from .ir.premises import AllOf, Given, not_, premise
from .ir.walk import is_deeper
from .source import Source, Statement
from .symbols import Declared, Symbol

DEEPEST: Final = 50
"""The maximal nesting of premises."""
Case: TypeAlias = Sequence[Fact]
Sources: TypeAlias = Statement | tuple[Statement, ...]
OURS: Final = f"{__package__}."
Overridden: TypeAlias = "Rule | str | Conclusion[Any] | type[Fact]"


class Written(NamedTuple):
    """A place in source code: a file and a line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule(Symbol):
    """A rule: if the premise holds, so do the conclusions.

    When the rule fires, it removes what `overrides` names: the conclusions of a rule (the object or "pack:rule"), or conclusions
    of any rule, given as a fact type (every recommendation), a template (every recommendation of acupuncture) or a pattern made
    by `each` (every finding in the lumbar region). `replaces` names a rule that this one replaces. `fires_on` and `silent_on` are
    small example cases, which `pack_tests` runs. `note` is for readers of the rule.

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

    instead_of_text: ClassVar[str] = "write its .id"
    instead_of_members: ClassVar[str] = "give several as a list"

    def _said(self) -> str:
        return f"rule {self.id!r}"

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", here())
        place = f"rule {check_id(self.id, 'rule')!r}"
        object.__setattr__(self, "when", _checked(place, self.when))
        then = (self.then,) if not isinstance(self.then, (list, tuple)) else tuple(self.then)
        for template in then:
            if not isinstance(template, Conclusion):
                raise PremiseError(
                    f"{place}: then={shown(template)} is not a conclusion; "
                    "write X.finding(), X.recommend(...) or conclude(Type, ...)",
                    rule=self.id,
                )
        if not then:
            raise DefinitionError(f"{place} concludes nothing", rule=self.id)
        check_source(place, self.source)
        for name in ("fires_on", "silent_on"):
            _check_cases(place, name, getattr(self, name))
        overrides: object = self.overrides
        if isinstance(overrides, (str, Rule, Conclusion, type, Variable)):
            overrides = (overrides,)
        object.__setattr__(self, "overrides", overrides)
        targets = listed(place, "overrides", overrides, object, "what it overrides")
        object.__setattr__(self, "overrides", targets)
        for target in targets:
            is_fact_type = isinstance(target, type) and issubclass(target, Fact)
            if not (is_fact_type or isinstance(target, (str, Rule, Conclusion, Variable))):
                raise wrong(
                    place, "overrides", target, "a rule, a fact type or a conclusion", 'write "pack:rule", or X.finding()'
                )
        if self.replaces is not None and not isinstance(self.replaces, (str, Rule)):
            raise wrong(place, "replaces", self.replaces, 'a rule or the name of one, "pack:rule"')
        text_or_none(place, "note", self.note)

    @property
    def premise(self) -> Premise:
        """The premise."""
        assert isinstance(self.when, Premise)
        return self.when

    @property
    def conclusions(self) -> tuple[Conclusion[Any], ...]:
        """The conclusions, always as a tuple."""
        return (self.then,) if isinstance(self.then, Conclusion) else tuple(self.then)

    @property
    def targets(self) -> tuple[Overridden, ...]:
        """The overrides, always as a tuple."""
        assert isinstance(self.overrides, tuple)
        return self.overrides

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
        return statements(self.source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Constraint(Declared):
    """An impossible combination. A case that breaks it has a conflict; questions and proofs exclude such cases."""

    id: str = field(kw_only=False)
    premise: Premise
    source: Sources | None = None
    written: Written | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        place = f"constraint {check_id(self.id, 'constraint')!r}"
        if not isinstance(self.premise, Premise):
            raise wrong(place, "premise", self.premise, "a premise", "write never(id, A, B)")
        check_source(place, self.source)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
        return statements(self.source)


def never(id: str, *of: Given, source: Sources | None = None) -> Constraint:
    """Declare that these premises never hold together.

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
        written=here(),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Partition(Declared):
    """Categories, exactly one of which should apply to each patient for whom `given` holds. It derives nothing;
    `KnowledgeBase.check` proves it, or shows a patient to whom none or two apply."""

    id: str = field(kw_only=False)
    kinds: tuple[Premise, ...]
    given: Premise | None = None
    source: Sources | None = None
    written: Written | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        place = f"partition {check_id(self.id, 'partition')!r}"
        listed(place, "kinds", self.kinds, Premise, "a premise", hint="write partition(id, A, B)")
        if self.given is not None and not isinstance(self.given, Premise):
            raise wrong(place, "given", self.given, "a premise")
        check_source(place, self.source)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of a source that it cites."""
        return statements(self.source)

    @property
    def gap(self) -> Premise:
        """The premise that none of the categories applies."""
        return AllOf((*self._given, *map(not_, self.kinds)))

    @property
    def overlaps(self) -> tuple[Premise, ...]:
        """For each two categories, the premise that both apply."""
        return tuple(AllOf((*self._given, *two)) for two in combinations(self.kinds, 2))

    @property
    def _given(self) -> tuple[Premise, ...]:
        return () if self.given is None else (self.given,)


def partition(id: str, *kinds: Given, given: Given | None = None, source: Sources | None = None) -> Partition:
    """Declare that exactly one of these categories applies to every patient, or to every patient for whom `given` holds.

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
        written=here(),
    )


def statements(source: Sources | None) -> tuple[Statement, ...]:
    if source is None:
        return ()
    return (source,) if isinstance(source, Statement) else tuple(source)


def check_source(place: str, source: object) -> None:
    """Refuse anything but a statement or a sequence of statements, such as a whole source or the name of a statement."""
    several = source if isinstance(source, (list, tuple)) else () if source is None else (source,)
    for one in several:
        if isinstance(one, Source):
            first, *_ = (*one.statements, "A1")
            raise wrong(
                place, "source", one.id, "a statement", f'it is a whole source; name what you cite, as in SOURCE["{first}"]'
            )
        if not isinstance(one, Statement):
            raise wrong(place, "source", one, "a statement", 'write SOURCE["A1"], where SOURCE = Source(...)')


def _check_cases(place: str, name: str, cases: object) -> None:
    """Refuse example cases that are not lists of facts."""
    for number, case in enumerate(
        listed(place, name, cases, object, "a case, which is a list of facts", hint=f"write {name}=[[...]]")
    ):
        if isinstance(case, Fact):
            raise DefinitionError(
                f"{place}: {name} is a list of cases, and a case is a list of facts: write {name}=[[...]]",
                argument=name,
                value=case,
            )
        for fact in listed(place, f"{name}[{number}]", case, object, "a fact"):
            if not isinstance(fact, Fact):
                hint = (
                    "a term is no fact: write {0}.present or {0}.absent".format(fact.id.upper())
                    if isinstance(fact, Named)
                    else ""
                )
                raise wrong(place, f"{name}[{number}]", fact, "a fact", hint)
            if isinstance(fact, DERIVED):
                hint = "it is concluded by rules: give the facts that it follows from"
                raise wrong(place, f"{name}[{number}]", fact, "a fact that can be stated", hint)


def _checked(place: str, given: object) -> Premise:
    try:
        made = premise(given)
    except PremiseError as error:
        raise error.at(place) from None
    if is_deeper(made, DEEPEST):
        raise PremiseError(
            f"{place}: its premises stand inside each other more than {DEEPEST} deep; "
            "let a rule of its own conclude a part of it",
            deepest=DEEPEST,
        )
    return made


def here() -> Written | None:
    """The current line outside this library and outside the dataclasses module."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module not in ("dataclasses", "copy") and not module.startswith(OURS):
            return Written(frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return None
