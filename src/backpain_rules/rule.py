"""A rule, a constraint and a partition, as their author writes them."""

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
"""How deep premises may stand inside each other."""
Case: TypeAlias = Sequence[Fact]
Sources: TypeAlias = Statement | tuple[Statement, ...]
OURS: Final = f"{__package__}."
Overridden: TypeAlias = "Rule | str | Conclusion[Any] | type[Fact]"


class Written(NamedTuple):
    """Where something was written: a file and a line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule(Symbol):
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
class Constraint(Declared):
    """What cannot be together. A case that breaks it is reported; questions and proofs leave it out."""

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
        written=here(),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Partition(Declared):
    """Kinds of which every patient is meant to be exactly one, wherever `given` holds. Nothing is derived from it;
    `KnowledgeBase.check` proves it, or shows a patient who is none of them, or two."""

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
        written=here(),
    )


def statements(source: Sources | None) -> tuple[Statement, ...]:
    if source is None:
        return ()
    return (source,) if isinstance(source, Statement) else tuple(source)


def check_source(place: str, source: object) -> None:
    """Refuse what is neither a statement nor a sequence of statements: a whole source, or the name of a statement."""
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
    """Refuse cases that are no lists of facts."""
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
    """The line that is being run outside this library, and outside what makes and copies dataclasses."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module not in ("dataclasses", "copy") and not module.startswith(OURS):
            return Written(frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return None
