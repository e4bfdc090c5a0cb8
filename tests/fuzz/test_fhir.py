"""FHIR resources and Bundles, mutated: read or refused; what is read can be assessed, shown as cards and sent back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, get_args

import pytest
from fuzzing import fuzz
from mutations import mutated, mutated_json

from backpain_rules import KnowledgeBase
from backpain_rules.interchange.cds_hooks import cds_cards
from backpain_rules.interchange.fhir_case import read_fhir
from backpain_rules.interchange.fhir_models import Version
from backpain_rules.interchange.fhir_result import result_to_fhir

WHO = {"reference": "Patient/1"}
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
ATC, RXNORM = "http://www.whocc.no/atc", "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
UCUM = "http://unitsofmeasure.org"
VERSIONS: tuple[Version, ...] = get_args(Version)


def coded(system: str, code: str, **more: Any) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}], **more}


def observation(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "id": "o", "status": "final", "subject": WHO, "code": code, **more}


def condition(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition", "id": "c", "subject": WHO, "code": code, "clinicalStatus": coded(CLINICAL, "active"),
        "verificationStatus": coded(VERIFIED, "confirmed"), **more,
    }  # fmt: skip


def medicine(kind: str, status: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": "m", "status": status, "subject": WHO, **more}


PATIENT = {"resourceType": "Patient", "id": "1", "birthDate": "1980-06-01", "gender": "female"}
SEVERITY = coded(LOINC, "72514-3")
RESOURCES: list[dict[str, Any]] = [
    PATIENT,
    observation(SEVERITY, valueInteger=8, bodySite=coded(SNOMED, "37822005", text="Lumbar"), effectiveDateTime="2026-05-20"),
    observation(
        SEVERITY, bodySite={"text": "neck"}, issued="2026-05-20T10:00:00.5+02:00",
        valueQuantity={"value": 7.5, "unit": "{score}", "system": UCUM, "code": "{score}"},
    ),
    observation(coded("urn:backpain-rules:symptom", "night_sweats"), valueBoolean=True, effectiveInstant="2026-05-20T10:00:00Z"),
    observation(
        coded("urn:backpain-rules:symptom", "saddle_anaesthesia"), valueCodeableConcept=coded(LOINC, "LA33-6"),
        effectivePeriod={"start": "2026-05-01", "end": "2026-05"},
    ),
    observation(
        {"text": "panel"},
        component=[
            {"code": coded("urn:backpain-rules:symptom", "dampness"), "valueBoolean": False},
            {"code": SEVERITY, "valueInteger": 3, "interpretation": [{"text": "low"}]},
        ],
        bodySite={"text": "lumbar"},
    ),
    observation(coded(LOINC, "82810-3"), valueCodeableConcept=coded(SNOMED, "77386006")),
    condition(coded(ICD10CM, "M54.50"), onsetDateTime="2026-01-01", recordedDate="2026-01-02"),
    condition(coded(SNOMED, "82423001"), bodySite=[coded(SNOMED, "122496007")], onsetPeriod={"start": "2026-01"}),
    condition(
        coded("http://hl7.org/fhir/sid/icd-10", "M51.2"), onsetAge={"value": 40, "system": UCUM, "code": "a"},
        abatementDateTime="2030-01-01", note=[{"text": "since long"}],
    ),
    {
        "resourceType": "QuestionnaireResponse", "status": "completed", "subject": WHO, "authored": "2026-05-20",
        "questionnaire": "urn:backpain-rules:questionnaire",
        "item": [
            {"linkId": "symptom/night_sweats", "answer": [{"valueBoolean": True}]},
            {
                "linkId": "pain/lumbar", "answer": [{"valueBoolean": True}],
                "item": [
                    {"linkId": "pain/lumbar/severity", "answer": [{"valueInteger": 7}]},
                    {
                        "linkId": "pain/lumbar/duration",
                        "answer": [{"valueQuantity": {"value": 3, "unit": "wk", "system": UCUM, "code": "wk"}}],
                    },
                ],
            },
            {"linkId": "patient/sex", "answer": [{"valueCoding": {"code": "female"}}]},
        ],
    },
    condition(coded(ICD10CM, "G83.4"), bodySite=[coded(SNOMED, "37822005")]),
    condition(coded(SNOMED, "192970008"), recordedDate="2026-05-01"),
    condition(coded(ICD10CM, "S32.010A")),
    medicine("MedicationStatement", "recorded", medication={"concept": coded(ATC, "B01AA03")}, dateAsserted="2026-05-01"),
    medicine(
        "MedicationStatement", "recorded", medication={"concept": coded(RXNORM, "855332")},
        effectivePeriod={"start": "2026-01-01"},
        adherence={"code": coded("http://hl7.org/fhir/CodeSystem/medication-statement-adherence", "taking")},
    ),
    medicine(
        "MedicationRequest", "active", intent="order", medication={"reference": {"reference": "#d"}}, authoredOn="2026-05-01",
        contained=[{"resourceType": "Medication", "id": "d", "code": coded(RXNORM, "1364430")}],
    ),
    medicine("MedicationRequest", "active", intent="order", medicationCodeableConcept=coded(ATC, "B01AF02"), doNotPerform=False),
    medicine("MedicationStatement", "active", medicationReference={"reference": "Medication/d"}),
]  # fmt: skip
OF_R4: Final = 2
"""So many of the resources, the last ones, are such that R4 reads and R5 does not."""
BUNDLES: list[dict[str, Any]] = [
    {
        "resourceType": "Bundle", "type": kind, "link": [{"relation": "self", "url": "http://example.org/1"}],
        "entry": [
            {"fullUrl": f"http://example.org/fhir/{resource['resourceType']}/{number}", "resource": resource}
            for number, resource in enumerate(resources)
        ],
    }
    for kind, resources in [
        ("collection", [PATIENT, *RESOURCES[1:4]]),
        ("collection", [PATIENT, *RESOURCES[-8:-OF_R4], {"resourceType": "Medication", "code": coded(ATC, "B01AB05")}]),
        ("searchset", [PATIENT, RESOURCES[5], RESOURCES[7]]),
        ("history", RESOURCES[:2]),
    ]
]  # fmt: skip


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("strict", [False, True])
def test_a_mutated_resource_is_read_or_refused(inputs: int, kb: KnowledgeBase, version: Version, strict: bool) -> None:
    def read(data: Any) -> None:
        for unused in read_fhir(kb, data, version=version, at=date(2026, 5, 21), strict=strict).unmapped:
            assert len(unused.place + unused.reason) <= 1000, "a reason repeats its input"

    fuzz(f"resource {version} {strict}", inputs, RESOURCES, mutated, read)
    fuzz(f"resource as text {version} {strict}", inputs, RESOURCES, mutated_json, read)


def test_a_mutated_bundle_is_read_or_refused_and_what_is_read_is_a_case(inputs: int, kb: KnowledgeBase) -> None:
    def read(data: Any) -> None:
        at = datetime(2026, 5, 21, 12)
        result = kb.assess(read_fhir(kb, data, at=at, patient="1").facts)
        cds_cards(result)
        result_to_fhir(result, subject="Patient/1")

    fuzz("bundle", inputs, BUNDLES, mutated, read)
    fuzz("bundle as text", inputs, BUNDLES, mutated_json, read)


def test_resources_that_nobody_mutated_are_read(kb: KnowledgeBase) -> None:
    facts = [read_fhir(kb, resource, at=date(2026, 5, 21)).facts for resource in RESOURCES[:-OF_R4]]
    assert [number for number, found in enumerate(facts) if not found] == []
    later = [read_fhir(kb, resource, at=date(2026, 5, 21), version="R4").unmapped for resource in RESOURCES[-OF_R4:]]
    assert [len(unused) for unused in later] == [0, 1], "the last one refers to a Medication that was not sent"
