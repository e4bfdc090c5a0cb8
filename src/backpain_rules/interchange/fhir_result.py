"""A result as a FHIR Bundle: findings as Conditions or risks, conflicts and cautions as issues, advice as guidance.

A rule is no clinician: a finding is provisional until a person confirms it, and one that may only be indicated is a risk.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from ..assessment import Assessment
from ..explain.derivation import show
from ..explain.unknowns import Unknown
from ..facts.base import Fact, canonical
from ..facts.types import Caution, Diagnosis, Finding, Symptom
from ..link.model import Linked
from ..show.labels import ENGLISH, Labels
from .codes import PAIN_SEVERITY, Code, Term, codes_of, own_system
from .fhir_models import Resource, Version, checked

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def result_to_fhir(result: Assessment, *, subject: str, version: Version = "R5", language: str = ENGLISH) -> Resource:
    """The result as a Bundle of type collection; `subject` is the reference of the patient ("Patient/1").

    Finding -> Condition, or RiskAssessment where it may only be indicated; Caution and conflict -> DetectedIssue; any other
    conclusion -> GuidanceResponse, with what it rests on as required data. Everything that is undecided is one more
    GuidanceResponse. Raises `MissingExtraError` without the extra `[fhir]`.
    """
    writer = _Writer(result, subject, version, result.labels(language))
    entries = [{"fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, place)}", "resource": r} for place, r in writer.resources()]
    return checked({"resourceType": "Bundle", "type": "collection", "entry": entries}, version)


class _Writer:
    def __init__(self, result: Assessment, subject: str, version: Version, labels: Labels) -> None:
        self.result = result
        self.linked: Linked = result.linked
        self.labels = labels
        self.is_r5 = version == "R5"
        self.subject = {"reference": subject}

    def resources(self) -> Iterator[tuple[str, Resource]]:
        """Each resource with what it is about, from which its id is made."""
        for fact in self.result.derived:
            match fact:
                case Finding(strength="indicates"):
                    made = self._condition(fact)
                case Finding():
                    made = self._risk(fact)
                case Caution():
                    made = self._issue(self.labels.fact(fact), firm=self.result.is_firm(fact))
                case _:
                    made = self._guidance(fact)
            yield f"urn:backpain-rules:{' '.join(canonical(fact))}", made
        for conflict in self.result.conflicts:
            cited = "".join(f" [{statement.cite}]" for statement in conflict.sources)
            text = " | ".join(map(self.labels.fact, conflict.facts)) + cited
            yield f"urn:backpain-rules:conflict:{conflict.about} {text}", self._issue(text, firm=True)
        if self.result.undecided:
            needs = dict.fromkeys(unknown for one in self.result.undecided for unknown in one.needs)
            yield "urn:backpain-rules:undecided", self._open(tuple(needs))

    def _condition(self, fact: Finding) -> Resource:
        sure = "provisional" if self.result.is_firm(fact) else "unconfirmed"
        resource: Resource = {
            "resourceType": "Condition",
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
            "verificationStatus": {"coding": [{"system": VERIFICATION, "code": sure}]},
            "code": self._concept("condition", fact.condition),
            "subject": self.subject,
            "note": [{"text": self._why(fact)}],
        }
        return {**resource, "bodySite": [self._region(fact.region)]} if fact.region else resource

    def _risk(self, fact: Finding) -> Resource:
        outcome = self._concept("condition", fact.condition)
        return {
            "resourceType": "RiskAssessment",
            "status": "final" if self.result.is_firm(fact) else "preliminary",
            "subject": self.subject,
            "prediction": [{"outcome": outcome, "qualitativeRisk": {"text": self.labels.title(fact)}}],
            "note": [{"text": self._why(fact)}],
        }

    def _issue(self, text: str, *, firm: bool) -> Resource:
        who = "subject" if self.is_r5 else "patient"
        status = "final" if firm else "preliminary"
        return {"resourceType": "DetectedIssue", "status": status, who: self.subject, "detail": text}

    def _guidance(self, fact: Fact) -> Resource:
        rests_on = self.result.rests_on(fact)
        rule = self.result.why(fact).supports[0].rule
        reason = getattr(fact, "for_condition", None)
        resource: Resource = {
            "resourceType": "GuidanceResponse",
            "moduleUri": f"urn:backpain-rules:{rule}",
            "status": "data-required" if rests_on else "success",
            "subject": self.subject,
            "note": [{"text": self.labels.fact(fact)}, {"text": self._why(fact)}],
        }
        if reason:
            concept = self._concept("condition", reason)
            resource |= {"reason": [{"concept": concept}]} if self.is_r5 else {"reasonCode": [concept]}
        return {**resource, "dataRequirement": self._required(rests_on)} if rests_on else resource

    def _open(self, needs: tuple[Unknown, ...]) -> Resource:
        text = "; ".join(self.labels.title(one.fact) for one in self.result.undecided)
        return {
            "resourceType": "GuidanceResponse",
            "moduleUri": "urn:backpain-rules:undecided",
            "status": "data-required",
            "subject": self.subject,
            "note": [{"text": f"{self.labels.say('Still open')}: {text}"}],
            "dataRequirement": self._required(needs),
        }

    def _required(self, unknowns: tuple[Unknown, ...]) -> list[Resource]:
        return [
            {"type": kind, "codeFilter": [{"path": "code", "code": [{"system": c.system, "code": c.code} for c in codes]}]}
            for kind, codes in dict.fromkeys(map(self._wanted, unknowns))
        ]

    def _wanted(self, unknown: Unknown) -> tuple[str, tuple[Code, ...]]:
        """The kind of resource that would say it, and the codes it would have."""
        if unknown.kind is Symptom:
            return "Observation", codes_of(self.linked, Term("symptom", unknown.key[0]))
        if unknown.kind is Diagnosis:
            return "Condition", codes_of(self.linked, Term("condition", unknown.key[0]))
        if unknown.slot == "severity":
            return "Observation", (PAIN_SEVERITY,)
        return "Observation", (
            Code(own_system(unknown.kind.tag()), "/".join(filter(None, (*map(str, unknown.key), unknown.slot)))),
        )

    def _concept(self, vocabulary: str, id: str) -> Resource:
        label = self.labels.label(vocabulary, id)
        return {
            "coding": [{"system": c.system, "code": c.code} for c in codes_of(self.linked, Term(vocabulary, id))],
            "text": label,
        }

    def _region(self, region: str) -> Resource:
        return {"coding": [{"system": own_system("region"), "code": region}], "text": self.labels.value(region)}

    def _why(self, fact: Fact) -> str:
        return show(self.result.why(fact), wording=self.labels)
