"""FHIR and CDS Hooks: what others send becomes a case, what follows goes back, and the models of others accept it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from fhir.resources.questionnaireresponse import QuestionnaireResponse
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import (
    ConflictingFactError,
    Diagnosis,
    Fact,
    Injury,
    InvalidFactError,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Symptom,
    condition,
    symptom,
)
from backpain_rules.interchange.cds_hooks import cds_cards
from backpain_rules.interchange.fhir_case import read_fhir
from backpain_rules.interchange.fhir_models import Version, checked
from backpain_rules.interchange.fhir_questionnaire import questionnaire
from backpain_rules.interchange.fhir_result import result_to_fhir
from backpain_rules.questions.items import items

KB = KnowledgeBase.load("acupuncture")
CASES = sorted(p for p in (Path(__file__).parents[2] / "examples" / "cases").glob("*.json") if ".expected" not in p.name)
VERSIONS: tuple[Version, ...] = ("R5", "R4B")
ICD11 = "http://id.who.int/icd/release/11/mms"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
WHO = {"reference": "Patient/1"}


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def observation(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": code, **more}


def condition_of(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    active = coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")
    return {"resourceType": "Condition", "clinicalStatus": active, "subject": WHO, "code": code, **more}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}


def verified(status: str) -> dict[str, Any]:
    return {"verificationStatus": coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", status)}


@pytest.mark.parametrize("version", VERSIONS)
def test_resources_become_the_facts_that_their_codes_stand_for(version: Version) -> None:
    sent = bundle(
        {"resourceType": "Patient", "birthDate": "1980-06-01", "gender": "female"},
        observation(coded(LOINC, "72514-3"), valueInteger=2, bodySite={"text": "Lumbar"}),
        condition_of(coded(ICD10CM, "M54.50"), onsetDateTime="2026-01-01"),
        condition_of(coded(ICD10CM, "S39.012A"), onsetDateTime="2026-05-20"),
        condition_of(coded(SNOMED, "81680005"), **verified("refuted")),
        condition_of(coded("http://hl7.org/fhir/sid/icd-10", "M51.2"), **verified("confirmed")),
        observation(coded(ICD11, "SE82"), valueBoolean=True),
        observation(coded("urn:backpain-rules:symptom", "night_sweats"), valueCodeableConcept=coded(LOINC, "LA32-8")),
    )
    read = read_fhir(KB, json.dumps(sent), version=version, at=date(2026, 5, 21))
    assert read.unmapped == ()
    assert set(read.facts) == {
        Patient(age=45, sex="female"),
        Pain(region="lumbar", severity=2, duration=timedelta(days=140)),
        Injury(region="lumbar", since=timedelta(days=1)),
        Pain(region="neck", present=False),
        Diagnosis(condition="herniated_disk"),
        Symptom(term="dampness"),
        Symptom(term="night_sweats", present=False),
    }
    assert KB.assess(read.facts).findings


def rating(**more: Any) -> dict[str, Any]:
    return observation(coded(LOINC, "72514-3"), **{"bodySite": {"text": "neck"}, **more})


V3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
REASONS = [
    ("another resource", {"resourceType": "Practitioner"}, "resources of the type Practitioner are not read"),
    ("an unknown code", observation(coded(LOINC, "8867-4"), valueInteger=60), "no loaded pack knows its code"),
    ("no code", observation({"text": "dizzy"}, valueBoolean=True), "it has no code"),
    ("no answer", observation(coded(ICD11, "SE82")), "says neither yes nor no"),
    (
        "entered in error",
        observation(coded(ICD11, "SE82"), valueBoolean=True) | {"status": "entered-in-error"},
        "entered-in-error",
    ),
    ("no region", observation(coded(LOINC, "72514-3"), valueInteger=2), "its body site says no region"),
    (
        "a grade beyond",
        observation(coded(LOINC, "72514-3"), valueQuantity={"value": 11}, bodySite={"text": "neck"}),
        "11 is not a rating",
    ),
    ("a bound", rating(valueQuantity={"value": 3, "comparator": "<"}), "< 3 gives a bound and no value"),
    ("a percentage", rating(valueQuantity={"value": 9, "code": "%"}), "a pain severity in '%' is no rating"),
    ("a boolean as text", observation(coded(ICD11, "SE82"), valueBoolean="false"), "'false' is not a boolean"),
    ("yes and no", observation(coded(ICD11, "SE82"), valueBoolean=True, interpretation=[coded(V3, "NEG")]), "both yes and no"),
    (
        "a value that is absent for a reason",
        observation(
            coded(ICD11, "SE82"),
            dataAbsentReason=coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined"),
        ),
        "its value is absent: asked-declined",
    ),
    (
        "a modified meaning",
        rating(valueInteger=3, modifierExtension=[{"url": "http://e.org/not", "valueBoolean": True}]),
        "modified",
    ),
    ("rules of its own", rating(valueInteger=3, implicitRules="http://e.org/rules"), "implicitRules"),
    ("about a relative", rating(valueInteger=3, focus=[{"reference": "RelatedPerson/1"}]), "something other than its subject"),
    ("a time after", rating(valueInteger=3, effectiveDateTime="2026-05-22"), "dated 2026-05-22, after the day of the assessment"),
    (
        "a strain that was refuted",
        condition_of(coded(ICD10CM, "S39.012A"), **verified("refuted")),
        "narrower than what the packs ask",
    ),
    ("no such day", condition_of(coded(ICD10CM, "M54.2"), onsetDateTime="2026-02-30"), "Condition.onsetDateTime"),
    ("a pain somewhere", condition_of(coded(SNOMED, "82423001")), "its body site says no region"),
    ("a suspicion", condition_of(coded(ICD11, "SE82"), **verified("provisional")), "its verification status is provisional"),
    (
        "a status that nobody knows",
        condition_of(coded(ICD11, "SE82"), verificationStatus=coded("urn:own", "maybe")),
        "its verification status is maybe",
    ),
    (
        "a verification in words",
        condition_of(coded(ICD11, "SE82"), verificationStatus={"text": "refuted"}),
        "its verificationStatus has no code, and its text is not read",
    ),
    (
        "a state in words",
        condition_of(coded(ICD11, "SE82")) | {"clinicalStatus": {"text": "resolved"}},
        "its clinicalStatus has no code, and its text is not read",
    ),
    (
        "a time that is a schedule",
        rating(valueInteger=3, effectiveTiming={"event": ["2027-01-01"]}),
        "its time is a Timing, which this library does not read",
    ),
    ("what only rules conclude", condition_of(coded(ICD11, "SF93")), "kidney_yin_deficiency is concluded by rules"),
    ("nothing of the patient", {"resourceType": "Patient", "birthDate": "1980"}, "neither an age"),
    ("an unborn pain", condition_of(coded(ICD10CM, "M54.2"), onsetDateTime="2027-01-01"), "after the day of the assessment"),
    (
        "a past one",
        condition_of(coded(ICD10CM, "M54.2"))
        | {"clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "resolved")},
        "does not speak of now",
    ),
]


@pytest.mark.parametrize(("resource", "reason"), [pytest.param(*row[1:], id=row[0]) for row in REASONS])
def test_what_no_fact_comes_of_is_listed_with_its_place_and_reason(resource: dict[str, Any], reason: str) -> None:
    read = read_fhir(KB, bundle(resource), at=date(2026, 5, 21))
    assert read.facts == ()
    (unmapped,) = read.unmapped
    assert unmapped.place == f"entry[0] {resource['resourceType']}"
    assert reason in unmapped.reason


def test_a_code_of_two_terms_is_not_guessed() -> None:
    one, two = (symptom(id, id, ask=f"{id}?", codes={"loinc": "1-8"}) for id in ("one", "two"))
    kb = KnowledgeBase([Pack("p", version="1", title="", terms=[one, two])])
    (unmapped,) = read_fhir(kb, observation(coded(LOINC, "1-8"), valueBoolean=True)).unmapped
    assert unmapped.reason == "its code fits several terms: one, two"


def test_codes_that_another_pack_adds_are_read_too() -> None:
    more = Pack("more", version="1", title="", requires=["acupuncture"], codes={"night_sweats": {"snomed": "1"}})
    kb = KnowledgeBase([*KB.packs, more])
    read = read_fhir(kb, observation(coded("http://snomed.info/sct", "1"), valueBoolean=True))
    assert read.facts == (Symptom(term="night_sweats"),)


BAD = [
    ("no JSON", "{", "this is not JSON"),
    ("no resource", {"facts": []}, '"resourceType"'),
    ("no such resource", {"resourceType": "Observtion"}, "has no resource called 'Observtion'"),
    ("no such resource, cleverly", {"resourceType": "os.path"}, "has no resource called 'os.path'"),
    ("a wrong shape", {"resourceType": "Observation", "status": "final"}, "Observation.code"),
    ("brackets without end", "[" * 100_000, "nests more than 100"),
    ("entries that are none", {"resourceType": "Bundle", "type": "collection", "entry": {}}, "Bundle.entry: a list"),
]


@pytest.mark.parametrize(("data", "said"), [pytest.param(*row[1:], id=row[0]) for row in BAD])
def test_what_is_no_fhir_or_cannot_be_is_refused(data: Any, said: str) -> None:
    with pytest.raises(InvalidFactError) as caught:
        read_fhir(KB, data)
    assert said in str(caught.value)


INVALID = [
    ("no such resource inside", {"resourceType": "Nobody"}, "FHIR R5 has no resource called 'Nobody'"),
    ("no resource inside", {"status": "final"}, "a FHIR resource is an object"),
    ("a resource of two kinds", {"resourceType": ["Patient"]}, "a FHIR resource is an object"),
    ("a wrong shape", {"resourceType": "Observation", "status": "final"}, "Observation.code"),
]


@pytest.mark.parametrize(("resource", "reason"), [pytest.param(*row[1:], id=row[0]) for row in INVALID])
def test_an_invalid_entry_is_listed_and_the_rest_is_read(resource: dict[str, Any], reason: str) -> None:
    read = read_fhir(KB, bundle(resource, rating(valueInteger=3)))
    assert read.facts == (Pain(region="neck", severity=3),)
    assert reason in read.unmapped[0].reason


def test_strict_refuses_an_invalid_entry_and_names_it() -> None:
    with pytest.raises(InvalidFactError, match=r"entry\[1\] Nobody: FHIR R5 has no resource called 'Nobody'"):
        read_fhir(KB, bundle(rating(valueInteger=3), {"resourceType": "Nobody"}), strict=True)


def test_of_two_values_that_contradict_each_other_neither_is_used() -> None:
    read = read_fhir(KB, bundle(rating(valueInteger=2), rating(valueInteger=8)))
    assert read.facts == ()
    assert [one.place for one in read.unmapped] == ["entry[0] Observation", "entry[1] Observation"]
    assert "severity 2 contradicts 8 of entry[1] Observation" in read.unmapped[0].reason


def test_strict_refuses_values_that_contradict_each_other_with_both_places() -> None:
    with pytest.raises(ConflictingFactError, match=r"entry\[0\] Observation and entry\[1\] Observation .* severity 2 and 8"):
        read_fhir(KB, bundle(rating(valueInteger=2), rating(valueInteger=8)), strict=True)


def test_strict_lists_every_fault_with_its_place() -> None:
    wrong = bundle(rating(valueInteger="x"), {"resourceType": "Nobody"}, rating(valueInteger=1), rating(valueInteger=2))
    with pytest.raises(InvalidFactError, match=r"^entry\[0\] Observation: ") as caught:
        read_fhir(KB, wrong, strict=True)
    places = [fault["place"] for fault in caught.value.fields["errors"]]
    assert places == ["entry[0] Observation.valueInteger", "entry[1] Nobody", "entry[3] Observation"]
    assert read_fhir(KB, wrong).facts == ()


@pytest.mark.parametrize("nothing", [{"coding": None}, {"coding": None, "text": "neck"}, None])
def test_a_member_that_is_null_says_nothing(nothing: Any) -> None:
    resource = rating(valueInteger=3, bodySite=nothing, valueBoolean=None)
    without = {name: value for name, value in resource.items() if value is not None}
    if nothing:
        without["bodySite"] = {name: value for name, value in nothing.items() if value is not None}
    read, plain = (read_fhir(KB, bundle(one)) for one in (resource, without))
    assert read == plain


def test_what_is_not_used_is_told_briefly_and_on_one_line() -> None:
    (unused,) = read_fhir(KB, bundle(rating(valueInteger=3, implicitRules="http://e.org/\n" + "x" * 10_000))).unmapped
    assert len(unused.reason) <= 500
    assert "\n" not in unused.reason


def test_one_impossible_field_does_not_take_the_others_with_it() -> None:
    answers = [("patient/age", {"valueInteger": 30}), ("patient/sex", {"valueString": "none"})]
    sent = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "urn:q",
        "status": "completed",
        "item": [{"linkId": link, "answer": [given_answer]} for link, given_answer in answers],
    }
    read = read_fhir(KB, sent)
    assert read.facts == (Patient(age=30),)
    assert [one.place for one in read.unmapped] == ["QuestionnaireResponse.patient/sex"]


# --- whose, and when ----------------------------------------------------------------------------------------------------

ANN, BEN = ({"resourceType": "Patient", "id": id, "gender": sex} for id, sex in (("ann", "female"), ("ben", "male")))


def test_two_patients_are_never_mixed() -> None:
    with pytest.raises(
        InvalidFactError, match=r"several patients \(Patient/ann, Patient/ben\); say whose case to read with patient="
    ):
        read_fhir(KB, bundle(ANN, BEN))
    with pytest.raises(InvalidFactError, match="several patients"):
        read_fhir(
            KB, bundle({"resourceType": "Patient", "gender": "male"}, {"resourceType": "Patient", "birthDate": "1980-01-01"})
        )


@pytest.mark.parametrize("patient", ["ann", "Patient/ann", "Patient/ann/_history/3", "urn:uuid:1"])
def test_the_patient_who_is_asked_for_is_read_and_others_are_listed(patient: str) -> None:
    of = [rating(valueInteger=n, subject={"reference": who}) for n, who in ((3, "Patient/ann"), (9, "Patient/ben"))]
    sent = bundle(ANN, BEN, *of, rating(valueInteger=3, subject={"reference": "urn:uuid:1"}))
    sent["entry"][0]["fullUrl"] = "urn:uuid:1"
    read = read_fhir(KB, sent, patient=patient)
    assert set(read.facts) == {Patient(sex="female"), Pain(region="neck", severity=3)}
    reasons = {one.place: one.reason for one in read.unmapped}
    assert reasons == {
        "entry[1] Patient/ben": "it is Patient/ben, not Patient/ann",
        "entry[3] Observation": "it is about Patient/ben, not Patient/ann",
    }


def test_the_latest_of_several_dated_values_counts() -> None:
    days = [("2026-05-01", 8), ("2026-05-20T23:00:00-05:00", 4), ("2026-05-20T23:00:00+05:00", 6), ("2026-06-01", 9)]
    read = read_fhir(KB, bundle(*(rating(valueInteger=n, effectiveDateTime=day) for day, n in days)), at=date(2026, 5, 21))
    assert read.facts == (Pain(region="neck", severity=4),)
    assert sorted(one.reason for one in read.unmapped) == [
        "it is dated 2026-06-01, after the day of the assessment",
        "severity 6 is older than what entry[1] Observation says",
        "severity 8 is older than what entry[1] Observation says",
    ]


def test_values_of_one_month_cannot_be_put_in_order() -> None:
    days = [("2026-05", 8), ("2026-05-20", 4)]
    assert read_fhir(KB, bundle(*(rating(valueInteger=n, effectiveDateTime=day) for day, n in days))).facts == ()


@pytest.mark.parametrize(
    ("ended", "there"),
    [
        ({"abatementDateTime": "2020-01-01"}, False),
        ({"abatementDateTime": "2026-09-01"}, True),
        ({"abatementString": "last year"}, False),
        ({"abatementAge": {"value": 30, "system": "http://unitsofmeasure.org", "code": "a"}}, False),
    ],
)
def test_what_has_ended_is_not_there_now(ended: dict[str, Any], there: bool) -> None:
    sent = condition_of(coded(ICD10CM, "M54.2"), **ended)
    del sent["clinicalStatus"]
    read = read_fhir(KB, bundle(sent), at=date(2026, 5, 21), version="R4B")
    assert bool(read.facts) is there
    assert there or "it has ended" in read.unmapped[0].reason


def test_a_partial_onset_leaves_the_duration_unknown_and_says_so() -> None:
    read = read_fhir(KB, condition_of(coded(ICD10CM, "M54.2"), onsetDateTime="2025"), at=date(2026, 5, 21))
    assert read.facts == (Pain(region="neck"),)
    assert "some day from 2025-01-01 to 2025-12-31" in read.unmapped[0].reason


@pytest.mark.parametrize(
    ("period", "duration"),
    [
        ({"start": "2026-01-01", "end": "2026-01-01"}, timedelta(days=140)),
        ({"start": "2026-01-01", "end": "2026-02-01"}, None),
        ({"start": "2026-01-01"}, None),
    ],
)
def test_an_onset_given_as_a_period_is_some_day_in_it(period: dict[str, str], duration: timedelta | None) -> None:
    read = read_fhir(KB, condition_of(coded(ICD10CM, "M54.2"), onsetPeriod=period), at=date(2026, 5, 21))
    assert read.facts == (Pain(region="neck", duration=duration),)
    assert len(read.unmapped) == (duration is None)


def test_two_people_who_are_contained_under_one_name_are_not_taken_for_one() -> None:
    person = {"contained": [{"resourceType": "Patient", "id": "p"}], "subject": {"reference": "#p"}}
    with pytest.raises(InvalidFactError, match="several patients"):
        read_fhir(KB, bundle(rating(valueInteger=3, **person), rating(valueInteger=9, **person)))
    assert read_fhir(KB, bundle(rating(valueInteger=3, **person))).facts == (Pain(region="neck", severity=3),)


def test_a_resource_that_is_not_read_is_not_said_to_be_about_somebody_else() -> None:
    sent = {"resourceType": "Procedure", "status": "completed", "subject": WHO}
    assert [one.reason for one in read_fhir(KB, sent).unmapped] == ["resources of the type Procedure are not read"]


def test_every_element_that_is_not_used_is_listed() -> None:
    sent = observation(coded(ICD11, "SE82"), valueBoolean=True, note=[{"text": "only at night"}], bodySite={"text": "neck"})
    read = read_fhir(KB, sent)
    assert read.facts == (Symptom(term="dampness"),)
    assert [one.reason for one in read.unmapped] == ["only read in part; not used: bodySite, note"]


def test_a_fraction_on_the_scale_is_read_as_its_nearest_step_and_listed() -> None:
    read = read_fhir(KB, rating(valueQuantity={"value": 2.5, "unit": "{score}"}))
    assert read.facts == (Pain(region="neck", severity=3),)
    assert [one.reason for one in read.unmapped] == ["2.5 is read as 3: the scale has whole numbers only"]


def test_the_parts_of_an_observation_are_read_one_by_one() -> None:
    parts = [{"code": coded(ICD11, code), "valueBoolean": there} for code, there in (("SE82", True), ("SE81", False))]
    read = read_fhir(KB, observation({"text": "tongue and pulse"}, component=parts))
    assert set(read.facts) == {Symptom(term="dampness"), Symptom(term="cold", present=False)}


def test_deleted_entries_old_versions_and_missing_pages_are_listed() -> None:
    sent = bundle(rating(valueInteger=3)) | {"link": [{"relation": "next", "url": "http://e.org/2"}]}
    sent["entry"].append({"request": {"method": "DELETE", "url": "Observation/1"}})
    read = read_fhir(KB, sent)
    assert len(read.facts) == 1
    assert {one.place for one in read.unmapped} == {"entry[1]", "Bundle.link"}
    assert read_fhir(KB, sent | {"type": "history"}).facts == ()


@pytest.mark.parametrize(("code", "pregnant"), [("77386006", True), ("60001007", False)])
def test_pregnancy_is_read_as_a_condition_and_as_a_status(code: str, pregnant: bool) -> None:
    status = observation(coded(LOINC, "82810-3"), valueCodeableConcept=coded(SNOMED, code))
    for sent in (status, condition_of(coded(SNOMED, code))):
        assert read_fhir(KB, sent).facts == (Patient(pregnant=pregnant),)


RED = KnowledgeBase.load()


@pytest.mark.parametrize(
    ("system", "code", "fact"),
    [
        (SNOMED, "64859006", Diagnosis(condition="osteoporosis")),
        (ICD10CM, "M81.0", Diagnosis(condition="osteoporosis")),
        (ICD10CM, "C79.51", Symptom(term="history_of_cancer")),
        (ICD10CM, "Z95.0", Symptom(term="pacemaker")),
        (ICD10CM, "Z79.01", Symptom(term="anticoagulants")),
        (ICD10CM, "M54.51", Pain(region="lumbar")),
        (SNOMED, "279039007", Pain(region="lumbar")),
    ],
)
def test_the_shipped_terms_have_the_codes_of_real_records(system: str, code: str, fact: Fact) -> None:
    assert read_fhir(RED, condition_of(coded(system, code))).facts == (fact,)


@pytest.mark.parametrize("code", [["1", "<2", "3*"], "<2"])
def test_a_narrower_code_tells_presence_and_never_absence(code: Any) -> None:
    kb = KnowledgeBase([Pack("p", version="1", title="", terms=[symptom("one", "One", ask="One?", codes={"loinc": code})])])
    for given_code in ("1", "2", "35"):
        for present in (True, False):
            read = read_fhir(kb, observation(coded(LOINC, given_code), valueBoolean=present))
            known = code != "<2" if given_code == "1" else given_code == "2" or code != "<2"
            told = known and (present or given_code == "1")
            assert read.facts == ((Symptom(term="one", present=present),) if told else ())


# --- the questionnaire --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", KB.languages)
def test_the_questionnaire_asks_everything_once_in_each_language(version: Version, language: str) -> None:
    asked = questionnaire(KB, language=language, version=version)["item"]
    links = [item["linkId"] for item in asked]
    assert len(links) == len(set(links))
    assert {f"symptom/{term.id}" for term in KB.packs[0].terms if term.vocabulary == "symptom"} <= set(links)
    assert {"pain/lumbar", "pain/neck/severity", "injury/lumbar/since", "diagnosis/herniated_disk", "patient/age"} <= set(links)
    assert "diagnosis/kidney_yin_deficiency" not in links
    texts = {item["linkId"]: item["text"] for item in asked}
    assert texts["pain/neck"] == {"en": "Do you have neck pain?", "zh-Hans": "您有颈部疼痛吗？"}[language]
    assert (
        texts["symptom/night_sweats"] == {"en": "Do you wake up sweating at night?", "zh-Hans": "您夜里会出汗醒来吗？"}[language]
    )


def response(facts: tuple[Fact, ...]) -> dict[str, Any]:
    """The answers of somebody whose case has these facts."""
    answers: list[dict[str, Any]] = []
    for item in items(KB._linked):
        fact = next((f for f in facts if type(f) is item.kind and tuple(getattr(f, k) for k in f.schema_.keys) == item.key), None)
        if fact is None:
            continue
        value = fact.__dict__["present"] if item.slot is None else fact.__dict__[item.slot]
        if value is not None:
            answers.append({"linkId": item.link, "answer": [answer(value)]})
    return {"resourceType": "QuestionnaireResponse", "questionnaire": "urn:q", "status": "completed", "item": answers}


def answer(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, timedelta):
        return {"valueQuantity": {"value": value.total_seconds(), "code": "s"}}
    return {"valueInteger": value} if isinstance(value, int) else {"valueString": value}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_answered_as_a_questionnaire_is_the_same_case(case: Path) -> None:
    facts = KB.read_case(case.read_text())
    sent = response(facts)
    QuestionnaireResponse.model_validate(sent)
    read = read_fhir(KB, sent)
    assert read.unmapped == ()
    assert set(read.facts) == set(facts)


@given(
    st.dictionaries(
        st.sampled_from([item.link for item in items(KB._linked)]), st.integers(-5, 500) | st.booleans() | st.text(max_size=3)
    )
)
def test_any_answers_make_facts_or_are_listed_or_are_refused(given_answers: dict[str, Any]) -> None:
    sent = response(()) | {"item": [{"linkId": link, "answer": [answer(v)]} for link, v in given_answers.items() if v != ""]}
    try:
        read = read_fhir(KB, sent)
    except InvalidFactError:
        return
    said = sum(len(fact.model_fields_set - set(fact.schema_.keys)) for fact in read.facts)
    assert said + len(read.unmapped) == len(sent["item"])


# --- results ------------------------------------------------------------------------------------------------------------


ALL_CASES = sorted(p for p in (Path(__file__).parents[2] / "examples" / "cases").rglob("*.json") if ".expected" not in p.name)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.stem)
def test_a_result_is_accepted_by_the_models_of_others_and_nothing_is_lost(case: Path, version: Version) -> None:
    result = RED.assess(RED.read_case(case.read_text()))
    sent = result_to_fhir(result, subject="Patient/1", version=version)
    resources = [entry["resource"] for entry in sent["entry"]]
    for resource in resources:
        checked(resource, version)
    assert len({entry["fullUrl"] for entry in sent["entry"]}) == len(resources)
    is_open = any(r.get("moduleUri") == "urn:backpain-rules:open" for r in resources)
    assert len(resources) == len(result.derived) + len(result.conflicts) + is_open
    assert is_open or not result.undecided
    for finding in result.findings:
        kind = "Condition" if finding.strength == "indicates" else "RiskAssessment"
        own = {"system": "urn:backpain-rules:condition", "code": finding.condition}
        assert any(r["resourceType"] == kind and own in json_parts(r) for r in resources)


def test_an_emergency_is_the_first_request_and_its_priority_is_coded() -> None:
    case = next(case for case in ALL_CASES if case.stem == "saddle_anaesthesia")
    first = result_to_fhir(RED.assess(RED.read_case(case.read_text())), subject="Patient/1")["entry"][0]["resource"]
    assert (first["resourceType"], first["priority"]) == ("ServiceRequest", "stat")


def test_the_reasons_are_a_narrative_of_plain_xhtml() -> None:
    result = RED.assess(RED.read_case(CASES[0].read_text()))
    for entry in result_to_fhir(result, subject="Patient/1")["entry"]:
        if "text" in entry["resource"]:
            root = ElementTree.fromstring(entry["resource"]["text"]["div"])
            assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {"div", "ul", "li"}
            assert not any(one.attrib for one in root.iter())
            assert "├" not in entry["resource"]["text"]["div"]


def test_the_ids_are_those_of_one_patient_one_case_and_one_rule_base() -> None:
    facts = RED.read_case(CASES[0].read_text())

    def ids(kb: KnowledgeBase, facts: Any, subject: str) -> set[str]:
        return {entry["fullUrl"] for entry in result_to_fhir(kb.assess(facts), subject=subject)["entry"]}

    first = ids(RED, facts, "Patient/1")
    assert ids(RED, tuple(reversed(facts)), "Patient/1") == first
    assert ids(RED, facts, "Patient/2").isdisjoint(first)
    assert ids(RED, (*facts, Patient(age=30)), "Patient/1").isdisjoint(first)
    assert ids(KB, facts, "Patient/1").isdisjoint(first)


def test_what_a_result_requires_can_be_answered() -> None:
    """Round trip: an answer to each required piece of data, in the form that it asks for, is a fact of the case."""
    sent = result_to_fhir(RED.assess([Pain(region="lumbar")]), subject="Patient/1")
    wanted = [need for entry in sent["entry"] for need in entry["resource"].get("dataRequirement", ())]
    assert len(wanted) > 10
    known = {item.link: item for item in items(RED._linked)}
    for need in wanted:
        (only,) = need["codeFilter"]
        if need["type"] == "QuestionnaireResponse":
            item = known[only["code"][0]["code"]]
            base = bool if item.slot is None else item.kind.schema_.fields[item.slot].base
            values = {bool: True, int: 1, timedelta: timedelta(days=1), str: "female"}
            said = [{"linkId": item.link, "answer": [answer(values[base])]}]
            reply = {"resourceType": "QuestionnaireResponse", "questionnaire": "urn:q", "status": "completed", "item": said}
        elif need["type"] == "Condition":
            reply = condition_of({"coding": only["code"]})
        else:
            reply = observation({"coding": only["code"]}, valueBoolean=True)
            if only["code"][0]["system"] == LOINC:
                reply = rating(valueInteger=3)
        assert read_fhir(RED, reply).facts, need


def json_parts(value: Any) -> list[Any]:
    """Everything inside a piece of JSON, itself included."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(part for item in inside for part in json_parts(item))]


def test_a_provisional_conclusion_asks_for_what_it_rests_on() -> None:
    weak = KB.assess(KB.read_case((CASES[0].parent / "weakness_imbalance_unknown.json").read_text()))
    sent = result_to_fhir(weak, subject="Patient/1")
    codes = [
        part["code"] for part in json_parts(sent) if isinstance(part, dict) and part.get("system") == "urn:backpain-rules:symptom"
    ]
    assert "muscle_imbalance" in codes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_cards_are_as_the_specification_of_cds_hooks_wants_them(case: Path) -> None:
    result = KB.assess(KB.read_case(case.read_text()))
    cards = cds_cards(result, source="Acupuncture", url="https://example.org")["cards"]
    assert len(cards) == len((*result.referrals, *result.cautions, *result.recommendations, *result.conflicts))
    for card in cards:
        assert set(card) - {"links", "overrideReasons"} == {"uuid", "summary", "detail", "indicator", "source"}
        assert UUID(card["uuid"])
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in ("info", "warning", "critical")
        topic = card["source"].pop("topic")
        assert set(topic) == {"system", "code"}
        assert card["source"] == {"label": "Acupuncture", "url": "https://example.org"}
    assert len({card["uuid"] for card in cards}) == len(cards)


def test_what_is_urgent_comes_first() -> None:
    from backpain_rules import Referral, Rule, conclude

    numb, tea = symptom("numb", "Numb", ask="Numb?"), condition("x", "X")
    rules = [
        Rule("soon", when=numb, then=conclude(Referral, to="gp", urgency="soon")),
        Rule("now", when=numb, then=conclude(Referral, to="emergency_department", urgency="emergency")),
        Rule("care", when=numb, then=tea.caution("care", "take care")),
    ]
    cards = cds_cards(KnowledgeBase([Pack("p", version="1", title="", rules=rules)]).assess([numb.present]))["cards"]
    assert [card["indicator"] for card in cards] == ["critical", "warning", "warning"]
