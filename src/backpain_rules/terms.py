"""The words that packs declare: symptoms, clinical conditions and interventions.

Rules use the Python object, so a misspelt term is a NameError. Facts and JSON use its id; all packs that are loaded together
share one vocabulary of ids.
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
"""Who answers questions or reads a result."""
AUDIENCES: Final[tuple[str, ...]] = get_args(Audience)
Codes: TypeAlias = str | Sequence[str]
"""One code of a coding system, or several. `"M81"` is equivalent to the term. `"<M81.0"` is narrower: it can show that the term
holds, but not that it does not. `"M81*"` matches every code with this prefix, each of them narrower."""
NARROWER: Final = "<"
ANY_SUFFIX: Final = "*"
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Term(Named):
    """A declared term. `codes` maps a coding system to its codes for the term; `label` is for people."""

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
    """A sign or symptom. `ask` is a yes-or-no question for a patient, or only for a practitioner."""

    vocabulary: ClassVar[str] = "symptom"
    ask: str | None = None
    ask_of: Audience = field(default="patient", kw_only=True)

    @property
    def present(self) -> Symptom:
        """The sign is present; a fact, also usable as a premise."""
        return _made_by(self, Symptom(term=self.id))

    @property
    def absent(self) -> Symptom:
        """The sign was looked for and is absent; a fact, also usable as a premise."""
        return _made_by(self, Symptom(term=self.id, present=False))

    def as_premise(self) -> Premise:
        """The premise that the symptom is present."""
        return Exists((self._pattern._again(),))

    @cached_property
    def _pattern(self) -> Variable:
        return Variable(Symptom, {"term": self})


@dataclass(frozen=True)
class ConditionTerm(Term):
    """A clinical condition, for findings and diagnoses. `known`: a diagnosis of it counts as a finding."""

    vocabulary: ClassVar[str] = "condition"
    ask: str | None = None
    known: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.known, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise wrong(f"condition {self.id!r}", "known", self.known, "True or False")

    def finding(self, *, region: Region | Ref[Region] | None = None, strength: Strength | None = None) -> Conclusion[Finding]:
        """A template for `then=`: this condition is found. The default `strength` is "indicates". In `overrides=`, fields left
        out match anything."""
        return conclude(Finding, condition=self, region=region, strength=strength)

    def caution(self, about: str, text: Text) -> Conclusion[Caution]:
        """A template for `then=`: a caution for this condition."""
        return conclude(Caution, about=about, for_condition=self, text=text)

    @property
    def diagnosed(self) -> Diagnosis:
        """The condition was diagnosed; a fact, also usable as a premise."""
        return _made_by(self, Diagnosis(condition=self.id))

    @property
    def excluded(self) -> Diagnosis:
        """The condition was excluded; a fact, also usable as a premise."""
        return _made_by(self, Diagnosis(condition=self.id, present=False))

    def as_premise(self) -> Premise:
        """The premise that rules have found the condition, in any region."""
        return Exists((self._pattern._again(),))

    @cached_property
    def _pattern(self) -> Variable:
        return Variable(Finding, {"condition": self})


@dataclass(frozen=True)
class InterventionTerm(Term):
    """An intervention. Every recommendation of it carries its `kind`."""

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
        """A template for `then=`: this intervention is recommended."""
        return conclude(
            Recommendation, intervention=self, for_condition=for_condition, timing=timing, frequency=frequency,
            until=until, course=course, before=before, strength=strength, note=note,
        )  # fmt: skip

    def as_premise(self) -> Premise:
        """The premise that rules have recommended it."""
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
    """Declare a sign or symptom. With `ask_of="practitioner"`, only interviews with practitioners ask about it.

    >>> from backpain_rules import symptom
    >>> NIGHT_SWEATS = symptom("night_sweats", "Night sweats", ask="Do you wake up sweating?")
    >>> NIGHT_SWEATS.absent
    Symptom(term='night_sweats', present=False)
    """
    return SymptomTerm(id, label, ask, ask_of=ask_of, codes={} if codes is None else codes)


def condition(
    id: str, label: str, *, ask: str | None = None, known: bool = False, codes: Mapping[str, Codes] | None = None
) -> ConditionTerm:
    """Declare a clinical condition. Give `ask` if a patient may know about it: "Have you been told that ...?".

    With `known=True`, a `Diagnosis` of it counts as a finding: the library adds the rule `pack:known-<id>`, which concludes a
    `KnownCondition`. Without `ask`, only practitioners are asked about the diagnosis.

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

    Packs can override by kind, so an emergency can suppress treatments but not investigations.

    >>> from backpain_rules import Recommendation, each, intervention
    >>> MRI = intervention("mri", "Magnetic resonance imaging", kind="investigation")
    >>> every_treatment = each(Recommendation, kind="treatment")
    """
    return InterventionTerm(id, label, kind, codes={} if codes is None else codes)
