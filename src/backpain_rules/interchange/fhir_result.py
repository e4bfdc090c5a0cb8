"""A result as a FHIR Bundle: findings as Conditions or risks, advice as requests, conflicts and cautions as issues.

A rule is no clinician: a finding is provisional until a person confirms it, one that may only be indicated is a risk, and a
recommendation is a proposal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from ..assessment import Assessment
from ..draw.tree import Line
from ..explain.derivation import STATES, as_lines
from ..explain.unknowns import Unknown
from ..facts.base import Fact, canonical, to_data
from ..facts.types import Caution, Diagnosis, Finding, KnownCondition, Pain, Recommendation, Referral, Symptom, haste
from ..link.model import Linked
from ..questions.items import link_of
from ..show.labels import ENGLISH, Labels
from .codes import PAIN_SEVERITY, Code, Term, codes_of, equivalent, own_system
from .fhir_models import Resource, Version, checked

CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
PRIORITY: Final = {"emergency": "stat", "urgent": "asap", "soon": "urgent", "routine": "routine"}
"""The request priority of each urgency (FHIR value set request-priority: routine, urgent, asap, stat)."""


def result_to_fhir(result: Assessment, *, subject: str, version: Version = "R5", language: str = ENGLISH) -> Resource:
    """The result as a Bundle of type collection, most urgent first; `subject` is the reference of the patient ("Patient/1").

    Finding -> Condition, or RiskAssessment where it may only be indicated; Recommendation and Referral -> ServiceRequest (a
    proposal, its priority coded; the category of a recommendation is its kind); Caution and conflict -> DetectedIssue; a
    conclusion of another type -> GuidanceResponse. What the provisional and the undecided conclusions rest on is the required
    data of one more GuidanceResponse, and `read_fhir` reads the answers. The ids are the same for the same patient, facts and
    packs, and differ for others.
    Raises `MissingExtraError` without the extra `[fhir]`.
    """
    writer = _Writer(result, subject, version, result.labels(language))
    packs = [[pack.id, pack.version] for pack in result.linked.packs]
    parameters = {name: str(value) for name, (_, value) in result.linked.parameters.items()}
    whole = json.dumps([subject, [to_data(fact) for fact in result.facts], packs, parameters], sort_keys=True, default=str)
    assessed = uuid5(NAMESPACE_URL, f"urn:backpain-rules:{whole}")
    entries = [{"fullUrl": f"urn:uuid:{uuid5(assessed, place)}", "resource": r} for place, r in writer.resources()]
    return checked({"resourceType": "Bundle", "type": "collection", "entry": entries}, version)


def service_request(
    result: Assessment, fact: Recommendation | Referral, *, subject: str, version: Version, labels: Labels
) -> Resource:
    """A recommendation or a referral alone, as a draft ServiceRequest. Raises `MissingExtraError` without the extra `[fhir]`."""
    return checked(_Writer(result, subject, version, labels).request(fact), version)


class _Writer:
    def __init__(self, result: Assessment, subject: str, version: Version, labels: Labels) -> None:
        self.result = result
        self.linked: Linked = result.linked
        self.labels = labels
        self.is_r5 = version == "R5"
        self.subject = {"reference": subject}

    def resources(self) -> Iterator[tuple[str, Resource]]:
        """Each resource with what it is about, from which its id is made."""
        for fact in sorted(self.result.derived, key=haste):
            firm = self.result.is_firm(fact)
            match fact:
                case Finding(strength="indicates"):
                    made = self._condition(fact, firm)
                case Finding():
                    made = self._risk(fact, firm)
                case Recommendation() | Referral():
                    made = self.request(fact)
                case Caution():
                    made = self._issue(self.labels.fact(fact), firm=firm, severity="moderate")
                case _:
                    made = self._guidance(fact)
            yield f"urn:backpain-rules:{' '.join(canonical(fact))}", {**made, "text": self._narrative(fact)}
        for conflict in self.result.conflicts:
            cited = "".join(f" [{statement.cite}]" for statement in conflict.sources)
            text = " | ".join(map(self.labels.fact, conflict.facts)) + cited
            yield f"urn:backpain-rules:conflict:{conflict.about} {text}", self._issue(text, firm=True, severity="high")
        provisional = [fact for fact in self.result.derived if not self.result.is_firm(fact)]
        needs = dict.fromkeys(unknown for fact in provisional for unknown in self.result.rests_on(fact))
        needs.update(dict.fromkeys(unknown for one in self.result.undecided for unknown in one.needs))
        if needs:
            yield "urn:backpain-rules:open", self._open(tuple(needs))

    def _condition(self, fact: Finding, firm: bool) -> Resource:
        resource: Resource = {
            "resourceType": "Condition",
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
            "verificationStatus": {"coding": [{"system": VERIFICATION, "code": _verification(fact, firm)}]},
            "code": self._concept("condition", fact.condition),
            "subject": self.subject,
        }
        return {**resource, "bodySite": [self._region(fact.region)]} if fact.region else resource

    def _risk(self, fact: Finding, firm: bool) -> Resource:
        outcome = self._concept("condition", fact.condition)
        return {
            "resourceType": "RiskAssessment",
            "status": "final" if firm else "preliminary",
            "subject": self.subject,
            "prediction": [{"outcome": outcome, "qualitativeRisk": {"text": self.labels.title(fact)}}],
        }

    def request(self, fact: Recommendation | Referral) -> Resource:
        firm = self.result.is_firm(fact)
        if isinstance(fact, Recommendation):
            code, why = self._concept("intervention", fact.intervention), fact.for_condition
            priority = "routine"
            kind = {
                "coding": [{"system": own_system("intervention-kind"), "code": fact.kind}],
                "text": self.labels.value(fact.kind),
            }
            category = {"category": [kind]}
        else:
            code = {"coding": [{"system": own_system("referral"), "code": fact.to}], "text": self.labels.title(fact)}
            priority, why, category = PRIORITY.get(fact.urgency or "", "routine"), None, {}
        resource: Resource = {
            "resourceType": "ServiceRequest",
            "status": "draft",
            "intent": "proposal",
            **category,
            "priority": priority,
            "code": {"concept": code} if self.is_r5 else code,
            "subject": self.subject,
            "note": [{"text": self.labels.fact(fact)}, {"text": self.labels.say("firm" if firm else "provisional")}],
        }
        if why:
            concept = self._concept("condition", why)
            resource |= {"reason": [{"concept": concept}]} if self.is_r5 else {"reasonCode": [concept]}
        return resource

    def _issue(self, text: str, *, firm: bool, severity: str) -> Resource:
        who = "subject" if self.is_r5 else "patient"
        status = "final" if firm else "preliminary"
        return {"resourceType": "DetectedIssue", "status": status, "severity": severity, who: self.subject, "detail": text}

    def _guidance(self, fact: Fact) -> Resource:
        rests_on = self.result.rests_on(fact)
        resource: Resource = {
            "resourceType": "GuidanceResponse",
            "moduleUri": f"urn:backpain-rules:{self.result.why(fact).supports[0].rule}",
            "status": "data-required" if rests_on else "success",
            "subject": self.subject,
            "note": [{"text": self.labels.fact(fact)}],
        }
        return {**resource, "dataRequirement": self._required(rests_on)} if rests_on else resource

    def _open(self, needs: tuple[Unknown, ...]) -> Resource:
        open_ = [self.labels.title(one.fact) for one in self.result.undecided]
        note = {"note": [{"text": f"{self.labels.say('Still open')}: {'; '.join(open_)}"}]} if open_ else {}
        return {
            "resourceType": "GuidanceResponse",
            "moduleUri": "urn:backpain-rules:open",
            "status": "data-required",
            "subject": self.subject,
            **note,
            "dataRequirement": self._required(needs),
        }

    def _required(self, unknowns: tuple[Unknown, ...]) -> list[Resource]:
        return [
            {"type": kind, "codeFilter": [{"path": path, "code": [{"system": c.system, "code": c.code} for c in codes]}]}
            for kind, path, codes in dict.fromkeys(map(self._wanted, unknowns))
        ]

    def _wanted(self, unknown: Unknown) -> tuple[str, str, tuple[Code, ...]]:
        """The kind of resource that would say it, where its code stands, and the codes it would have.

        `read_fhir` reads each of them: what has no code of a public system is an item of the questionnaire.
        """
        if unknown.kind is Symptom:
            return "Observation", "code", equivalent(codes_of(self.linked, Term("symptom", unknown.key[0])))
        if unknown.kind is Diagnosis:
            return "Condition", "code", equivalent(codes_of(self.linked, Term("condition", unknown.key[0])))
        if unknown.kind is Pain and unknown.slot == "severity":
            return "Observation", "code", (PAIN_SEVERITY,)
        whole = unknown.slot is None and not unknown.kind.schema_.has_present
        slots = unknown.kind.schema_.slots if whole else (unknown.slot,)
        links = (link_of(Unknown(unknown.kind, unknown.key, slot)) for slot in slots)
        return "QuestionnaireResponse", "item.linkId", tuple(Code(own_system("item"), link) for link in links)

    def _concept(self, vocabulary: str, id: str) -> Resource:
        label = self.labels.label(vocabulary, id)
        return {
            "coding": [{"system": c.system, "code": c.code} for c in equivalent(codes_of(self.linked, Term(vocabulary, id)))],
            "text": label,
        }

    def _region(self, region: str) -> Resource:
        return {"coding": [{"system": own_system("region"), "code": region}], "text": self.labels.value(region)}

    def _narrative(self, fact: Fact) -> Resource:
        """The derivation as the xhtml of a narrative: nested lists, no scripts and no styles."""
        line = as_lines(self.result.why(fact), set(), self.labels)
        marks = {mark: self.labels.say(said) for mark, said in STATES.items()}
        return {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><ul>{_xhtml_item(line, marks)}</ul></div>',
        }


def _verification(fact: Finding, firm: bool) -> str:
    """How sure a finding is: what rules find needs a clinician to confirm it; what was known is confirmed already."""
    return "confirmed" if isinstance(fact, KnownCondition) else "provisional" if firm else "unconfirmed"


def _xhtml_item(line: Line, marks: Mapping[str, str]) -> str:
    """A list item of the little HTML that a narrative may have; how a premise stands is said in words after it."""
    stands = f" ({escape(marks[line.mark])})" if line.mark else ""
    below = "".join(f"<li>{escape(text)}</li>" for text in line.more) + "".join(_xhtml_item(one, marks) for one in line.below)
    return f"<li>{escape(line.text)}{stands}{f'<ul>{below}</ul>' if below else ''}</li>"
