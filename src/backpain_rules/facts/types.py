"""The fact types that every pack shares: five that are stated, five that rules conclude."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal, TypeAlias, get_args

from .base import Fact, Key, Slot, slot
from .schema import Vocabulary

Region: TypeAlias = Literal["lumbar", "neck"]
"""A part of the back: `"lumbar"` or `"neck"`."""
Strength: TypeAlias = Literal["indicates", "may_indicate"]
"""How strongly a finding is found: `"indicates"` or `"may_indicate"`."""
Urgency: TypeAlias = Literal["emergency", "urgent", "soon", "routine"]
InterventionKind: TypeAlias = Literal["treatment", "medication", "investigation", "advice"]
"""What an intervention is: it treats, it is a medicine, it finds out what is the matter, or it is something to know or to do."""

SymptomId: TypeAlias = Annotated[str, Vocabulary("symptom")]
ConditionId: TypeAlias = Annotated[str, Vocabulary("condition")]
InterventionId: TypeAlias = Annotated[str, Vocabulary("intervention")]

NO_TIME = timedelta(0)
TREATMENT: Final = "treatment"
"""The kind of an intervention whose pack gives none."""


class Patient(Fact):
    """Who the facts are about; one for a case."""

    age: Slot[int] = slot(ge=0, le=130, unit="years", ask="How old are you, in years?")
    sex: Slot[Literal["female", "male"]] = slot(ask="What is your sex?")
    pregnant: Slot[bool] = slot(ask="Are you pregnant?")


class Pain(Fact):
    """Pain in one region now. `severity` is the 0-10 rating (LOINC 72514-3), `duration` how long it has lasted."""

    ask_ = "Do you have {region} pain?"
    region: Key[Region]
    severity: Slot[int] = slot(ge=0, le=10, unit="/10", ask="How strong is the {region} pain now, from 0 to 10?")
    duration: Slot[timedelta] = slot(ge=NO_TIME, ask="How long have you had the {region} pain?")
    present: bool = True


class Injury(Fact):
    """An injury of one region. `mechanism` is a short word (lifting, fall), `since` is how long ago it happened."""

    ask_ = "Have you had a {region} injury?"
    region: Key[Region]
    mechanism: Slot[str] = slot(ask="How did the {region} injury happen?")
    since: Slot[timedelta] = slot(ge=NO_TIME, ask="How long ago was the {region} injury?")
    present: bool = True


class Symptom(Fact):
    """A sign or symptom that a pack declares, there or not there."""

    term: Key[SymptomId]
    present: bool = True


class Diagnosis(Fact):
    """A condition that somebody has already diagnosed, or excluded."""

    condition: Key[ConditionId]
    present: bool = True


class Finding(Fact):
    """Concluded: a clinical condition is found, perhaps in one region."""

    condition: Key[ConditionId]
    region: Slot[Region] = slot(key=True)
    strength: Strength = "indicates"


class KnownCondition(Finding):
    """Concluded: a condition was already known. A `Diagnosis` of a condition declared with `known=True` gives it.

    Rules that read a finding of the condition read this one too. It is a type of its own, so that a known condition never
    contradicts a rule that says what signs may indicate.
    """


class Recommendation(Fact):
    """Concluded: an intervention is recommended. `before` names the intervention that it must come before.

    `kind` is the kind of the intervention, as its pack declares it. The knowledge base fills it in.
    """

    intervention: Key[InterventionId]
    for_condition: Slot[ConditionId] = slot(key=True)
    timing: Slot[str] = slot()
    frequency: Slot[str] = slot()
    until: Slot[str] = slot()
    course: Slot[str] = slot()
    before: Slot[InterventionId] = slot()
    strength: Slot[str] = slot()
    note: Slot[str] = slot()
    kind: InterventionKind = TREATMENT


class Caution(Fact):
    """Concluded: something to take care of. `about` is any short id."""

    about: Key[str]
    for_condition: Slot[ConditionId] = slot(key=True)
    text: Slot[str] = slot()


class Referral(Fact):
    """Concluded: somebody else should see this patient."""

    to: Key[str]
    reason: Slot[str] = slot(key=True)
    urgency: Slot[Urgency] = slot()


URGENCIES: Final[tuple[str, ...]] = get_args(Urgency)
"""The most urgent first."""


def haste(fact: Fact) -> int:
    """Where a conclusion stands among others by its urgency: 0 for an emergency, last for what has none."""
    urgent = isinstance(fact, Referral) and fact.urgency
    return URGENCIES.index(urgent) if urgent else len(URGENCIES)


def beyond_title(fact: Fact) -> dict[str, object]:
    """What a fact says beyond its title, by field: neither its keys, nor how strong a finding is, nor that it is a treatment."""
    told = {*fact.schema_.keys, "present", *(["strength"] if isinstance(fact, Finding) else [])}
    if isinstance(fact, Recommendation) and fact.kind == TREATMENT:
        told.add("kind")
    values = {name: fact.__dict__[name] for name in fact.schema_.fields if name not in told}
    return {name: value for name, value in values.items() if value is not None}


def is_emergency(fact: Fact) -> bool:
    """Whether a conclusion refers the patient in an emergency."""
    return isinstance(fact, Referral) and fact.urgency == "emergency"


STATED: tuple[type[Fact], ...] = (Patient, Pain, Injury, Symptom, Diagnosis)
DERIVED: tuple[type[Fact], ...] = (Finding, KnownCondition, Recommendation, Caution, Referral)


def present(term: str) -> Symptom:
    """The symptom with this id is there."""
    return Symptom(term=term)


def absent(term: str) -> Symptom:
    """The symptom with this id was looked for and is not there."""
    return Symptom(term=term, present=False)
