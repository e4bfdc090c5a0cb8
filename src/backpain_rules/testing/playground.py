"""The words that random rule bases are made of: a few terms, fact types of every sort, numbers near each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from ..facts.base import Fact, Key, Slot, slot
from ..facts.schema import FieldSchema
from ..facts.types import Diagnosis, Finding, Injury, Pain, Patient, Recommendation, Region, Symptom
from ..ir.expressions import Parameter, parameter
from ..terms import ConditionTerm, InterventionTerm, Term, condition, intervention, symptom

Side: TypeAlias = Literal["left", "right"]


class Stiffness(Fact):
    """Stated and open; a part of its key may be left out."""

    region: Key[Region]
    side: Slot[Side] = slot(key=True)
    morning: Slot[int] = slot(ge=0, le=10)
    evening: Slot[int] = slot(ge=0, le=10)
    present: bool = True


class Episode(Fact):
    """Stated and closed: its key has a date."""

    began: Key[date]
    region: Key[Region]
    severity: Slot[int] = slot(ge=0, le=10)
    ended: Slot[date] = slot()


class Form(Fact):
    """Stated and open, one for a case: a questionnaire with slots that quantities read."""

    steps: Slot[int] = slot(ge=0, le=8)
    stairs: Slot[int] = slot(ge=-2, le=8)
    pace: Slot[Literal["slow", "brisk", "fast"]] = slot()


class Onset(Fact):
    """Derived, with a key that only a closed fact can give."""

    began: Key[date]
    region: Slot[Region] = slot(key=True)


class Radiating(Finding):
    """Made from another derived type, with one more part of its key."""

    side: Slot[Side] = slot(key=True)


class Course(Fact):
    """Derived, with a key and a slot that may be left out."""

    region: Slot[Region] = slot(key=True)
    grade: Slot[int] = slot(ge=0, le=10)


COLD_FEET, THIRST, HEAT = SYMPTOMS = (
    symptom("cold_feet", "Cold feet", ask="Are your feet cold?"),
    symptom("thirst", "Thirst", ask="Are you thirsty?"),
    symptom("heat", "Heat", ask="Are you hot?"),
)
STRAIN, DAMPNESS, DEFICIENCY = CONDITIONS = (
    condition("strain", "Strain"),
    condition("dampness", "Dampness"),
    condition("deficiency", "Deficiency"),
)
UNFOUND = condition("unfound", "Found by no rule")
BEFORE = condition("before", "Known before", known=True)
HERBS, NEEDLES = INTERVENTIONS = (intervention("herbs", "Herbs", kind="medication"), intervention("needles", "Needles"))
TERMS: Final[tuple[Term, ...]] = (*SYMPTOMS, *CONDITIONS, UNFOUND, BEFORE, *INTERVENTIONS)

MIN_SIGNS: Final = parameter("min_signs", 2, "how many signs make a pattern", ge=1)
MILD: Final = parameter("mild", 3, "how much pain is mild", ge=0, le=10)
LONG: Final = parameter("long", timedelta(weeks=12), "how long is long", ge=timedelta(0))
PARAMETERS: Final[tuple[Parameter[Any], ...]] = (MIN_SIGNS, MILD, LONG)

OPEN: Final[tuple[type[Fact], ...]] = (Pain, Injury, Symptom, Diagnosis, Patient, Stiffness, Form)
CLOSED: Final[tuple[type[Fact], ...]] = (Episode,)


class Target(NamedTuple):
    """A group of conclusions that rules are ordered by: a type, perhaps with the term that its first key holds."""

    kind: type[Fact]
    term: ConditionTerm | InterventionTerm | None = None

    @property
    def where(self) -> dict[str, object]:
        """The fields that every conclusion of the group has."""
        return {} if self.term is None else {self.kind.schema_.keys[0]: self.term}


TARGETS: Final = (
    *(Target(Finding, term) for term in CONDITIONS),
    *(Target(Recommendation, term) for term in INTERVENTIONS),
    Target(Course),
    Target(Onset),
)

Sort: TypeAlias = object
"""What two fields have in common when it makes sense to compare them."""


def sort_of(field: FieldSchema) -> Sort:
    """The sort of a field: its vocabulary, its few values, or its type."""
    return field.vocabulary or field.values or field.base


def constants(sort: Sort) -> tuple[Any, ...]:
    """Values that a premise compares a field of this sort with."""
    if isinstance(sort, tuple):
        return sort
    return _CONSTANTS[sort]


_CONSTANTS: Final[dict[Sort, tuple[Any, ...]]] = {
    "symptom": tuple(term.id for term in SYMPTOMS),
    "condition": tuple(term.id for term in CONDITIONS),
    "intervention": tuple(term.id for term in INTERVENTIONS),
    int: (3, 5, 8),
    str: ("lifting", "fall"),
    date: (date(2026, 1, 1), date(2026, 1, 2), date(2026, 4, 1)),
    timedelta: (timedelta(days=1), timedelta(weeks=12)),
}
