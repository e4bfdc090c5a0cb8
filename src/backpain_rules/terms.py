"""The words that packs declare: symptoms, clinical conditions and interventions.

A term is used in a rule as the Python object itself, so that a misspelt one is a NameError. In facts and in JSON it
is its id, and ids are one vocabulary for all packs that are loaded together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Final, Literal, TypeAlias, TypeVar, get_args

from .arguments import codes_of_systems, one_of, text, text_or_none, wrong
from .facts.base import TERM, Fact
from .facts.types import (
    TREATMENT,
    Caution,
    Diagnosis,
    Finding,
    InterventionKind,
    Recommendation,
    Region,
    Strength,
    Symptom,
)
from .ir.conclusions import Conclusion, Phrase, conclude
from .ir.expressions import Named, Premise, Ref, Variable, check_id
from .ir.premises import Exists

Text: TypeAlias = str | Phrase
Audience: TypeAlias = Literal["patient", "practitioner"]
"""Who answers questions, or reads a result."""
AUDIENCES: Final[tuple[str, ...]] = get_args(Audience)
Codes: TypeAlias = str | Sequence[str]
"""One code of a coding system, or several. `"M81"` says what the term says. `"<M81.0"` is narrower: it can tell that the term
holds, and never that it does not. `"M81*"` stands for every code that begins so, each of them narrower."""
NARROWER: Final = "<"
ANY_SUFFIX: Final = "*"
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Term(Named):
    """Something a pack declares. `codes` maps a coding system to its codes for it, `label` is what people read."""

    vocabulary: ClassVar[str]
    id: str
    label: str
    codes: Mapping[str, Codes] = field(default_factory=dict[str, Codes], kw_only=True, hash=False)

    def __post_init__(self) -> None:
        place = f"{self.vocabulary} {check_id(self.id, self.vocabulary)!r}"
        text(place, "label", self.label)
        text_or_none(place, "ask", getattr(self, "ask", None))
        one_of(place, "ask_of", getattr(self, "ask_of", AUDIENCES[0]), AUDIENCES)
        codes_of_systems(place, "codes", self.codes)


@dataclass(frozen=True)
class SymptomTerm(Term):
    """A sign or symptom. `ask` is a question to be answered with yes or no, by a patient or only by a practitioner."""

    vocabulary: ClassVar[str] = "symptom"
    ask: str | None = None
    ask_of: Audience = field(default="patient", kw_only=True)

    @property
    def present(self) -> Symptom:
        """It is there; as a fact and as a premise."""
        return _made_by(self, Symptom(term=self.id))

    @property
    def absent(self) -> Symptom:
        """It was looked for and is not there; as a fact and as a premise."""
        return _made_by(self, Symptom(term=self.id, present=False))

    def as_premise(self) -> Premise:
        """As a premise: the symptom is there."""
        return Exists((self._pattern._again(),))

    @cached_property
    def _pattern(self) -> Variable:
        return Variable(Symptom, {"term": self})


@dataclass(frozen=True)
class ConditionTerm(Term):
    """A clinical condition: what a finding finds and a diagnosis names. `known`: a diagnosis of it counts as a finding."""

    vocabulary: ClassVar[str] = "condition"
    ask: str | None = None
    known: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.known, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise wrong(f"condition {self.id!r}", "known", self.known, "True or False")

    def finding(self, *, region: Region | Ref[Region] | None = None, strength: Strength | None = None) -> Conclusion[Finding]:
        """A template for a rule's `then`: this condition is found. In `overrides=`, what is left out may be anything;
        in `then=`, a `strength` left out is "indicates"."""
        return conclude(Finding, condition=self, region=region, strength=strength)

    def caution(self, about: str, text: Text) -> Conclusion[Caution]:
        """A template: something to take care of where this condition is found."""
        return conclude(Caution, about=about, for_condition=self, text=text)

    @property
    def diagnosed(self) -> Diagnosis:
        """Somebody has diagnosed it; as a premise and as a fact."""
        return _made_by(self, Diagnosis(condition=self.id))

    @property
    def excluded(self) -> Diagnosis:
        """Somebody has excluded it; as a premise and as a fact."""
        return _made_by(self, Diagnosis(condition=self.id, present=False))

    def as_premise(self) -> Premise:
        """As a premise: rules have found the condition, in whatever region."""
        return Exists((self._pattern._again(),))

    @cached_property
    def _pattern(self) -> Variable:
        return Variable(Finding, {"condition": self})


@dataclass(frozen=True)
class InterventionTerm(Term):
    """Something that can be done. Every recommendation of it has its `kind`."""

    vocabulary: ClassVar[str] = "intervention"
    kind: InterventionKind = TREATMENT

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(f"intervention {self.id!r}", "kind", self.kind, get_args(InterventionKind))

    def recommend(
        self,
        *,
        for_condition: ConditionTerm | None = None,
        timing: Text | None = None,
        frequency: Text | None = None,
        until: Text | None = None,
        course: Text | None = None,
        before: InterventionTerm | None = None,
        strength: str | None = None,
        note: Text | None = None,
    ) -> Conclusion[Recommendation]:
        """A template for a rule's `then`: this is recommended."""
        return conclude(
            Recommendation, intervention=self, for_condition=for_condition, timing=timing, frequency=frequency,
            until=until, course=course, before=before, strength=strength, note=note,
        )  # fmt: skip

    def as_premise(self) -> Premise:
        """As a premise: rules have recommended it."""
        return Exists((self._pattern._again(),))

    @cached_property
    def _pattern(self) -> Variable:
        return Variable(Recommendation, {"intervention": self})


def _made_by(term: Term, fact: F) -> F:
    vars(fact)[TERM] = term
    return fact


def symptom(
    id: str,
    label: str,
    *,
    ask: str | None = None,
    ask_of: Audience = "patient",
    codes: Mapping[str, Codes] | None = None,
) -> SymptomTerm:
    """Declare a sign or symptom. With `ask_of="practitioner"` only an interview with a practitioner asks for it.

    >>> from backpain_rules import symptom
    >>> NIGHT_SWEATS = symptom("night_sweats", "Night sweats", ask="Do you wake up sweating?")
    >>> NIGHT_SWEATS.absent
    Symptom(term='night_sweats', present=False)
    """
    return SymptomTerm(id, label, ask, ask_of=ask_of, codes={} if codes is None else codes)


def condition(
    id: str, label: str, *, ask: str | None = None, known: bool = False, codes: Mapping[str, Codes] | None = None
) -> ConditionTerm:
    """Declare a clinical condition. Give `ask` if a patient may know of it: "Have you been told that ...?".

    With `known=True` a `Diagnosis` of it counts as a finding: the library adds the rule `pack:known-<id>`, which concludes a
    `KnownCondition`. Without `ask`, only a practitioner is asked for that diagnosis.

    >>> from backpain_rules import KnowledgeBase, Pack, condition
    >>> FLU = condition("flu", "Influenza", known=True)
    >>> KnowledgeBase([Pack("demo", version="1", title="Demo", terms=[FLU])]).assess([FLU.diagnosed]).findings
    (KnownCondition(condition='flu', region=None, strength='indicates'),)
    """
    return ConditionTerm(id, label, ask, known=known, codes={} if codes is None else codes)


def intervention(
    id: str, label: str, *, kind: InterventionKind = TREATMENT, codes: Mapping[str, Codes] | None = None
) -> InterventionTerm:
    """Declare an intervention: a "treatment", a "medication", an "investigation" (imaging, a blood test) or "advice".

    Packs override by kind, so that an emergency holds back what treats and not what finds out.

    >>> from backpain_rules import Recommendation, each, intervention
    >>> MRI = intervention("mri", "Magnetic resonance imaging", kind="investigation")
    >>> every_treatment = each(Recommendation, kind="treatment")
    """
    return InterventionTerm(id, label, kind, codes={} if codes is None else codes)
