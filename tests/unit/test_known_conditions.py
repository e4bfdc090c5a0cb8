"""Known conditions: a diagnosis counts as a finding where the condition is declared so, and nowhere else."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from backpain_rules import (
    DefinitionError,
    Diagnosis,
    Fact,
    Finding,
    KnowledgeBase,
    KnownCondition,
    Pack,
    PremiseError,
    Recommendation,
    Referral,
    Rule,
    any_of,
    conclude,
    condition,
    each,
    exists,
    intervention,
    symptom,
)
from backpain_rules.interchange.fhir_case import read_fhir
from backpain_rules.interchange.fhir_result import result_to_fhir
from backpain_rules.link.identity import identity
from backpain_rules.link.link import link
from backpain_rules.pack_data import pack_from_json, pack_to_json
from backpain_rules.testing import to_source

NUMB, WELL = symptom("numb", "Numb", ask="Are you numb?"), symptom("well", "Well", ask="Are you well?")
CAUDA = condition("cauda", "Cauda equina syndrome", known=True, codes={"icd10": "G83.4"})
RUPTURE = condition("rupture", "Rupture", ask="Have you been told of a rupture?", known=True)
STRAIN = condition("strain", "Strain")
WALK = intervention("walk", "A walk")

MAY = Rule("may", when=NUMB, then=CAUDA.finding(strength="may_indicate"))
EMERGENCY = Rule(
    "emergency",
    when=any_of(CAUDA, RUPTURE),
    then=conclude(Referral, to="hospital", urgency="emergency"),
    overrides=each(Recommendation, kind="treatment"),
)
WALKING = Rule("walking", when=WELL, then=WALK.recommend())
PACK = Pack("p", version="1", title="P", rules=[MAY, EMERGENCY, WALKING], terms=[NUMB, WELL, CAUDA, RUPTURE, STRAIN, WALK])
KB = KnowledgeBase([PACK])
REFERRAL = Referral(to="hospital", urgency="emergency")
KNOWN = KnownCondition(condition="cauda")

every_engine = pytest.mark.parametrize("engine", ["native", "reference", "durable"])


def concluded(*case: Fact, kb: KnowledgeBase = KB, engine: str = "native") -> dict[Fact, bool]:
    """The conclusions, each with whether it is firm."""
    result = kb.assess(case, engine=engine)
    return {fact: result.is_firm(fact) for fact in result.derived}


@every_engine
def test_a_diagnosis_of_a_condition_that_may_be_known_is_a_firm_finding_and_rules_go_on_from_it(engine: str) -> None:
    assert concluded(CAUDA.diagnosed, engine=engine) == {KNOWN: True, REFERRAL: True}


@every_engine
def test_a_diagnosis_of_any_other_condition_concludes_nothing(engine: str) -> None:
    assert concluded(STRAIN.diagnosed, engine=engine) == {}


@every_engine
def test_an_excluded_diagnosis_takes_back_nothing_that_signs_show(engine: str) -> None:
    may = Finding(condition="cauda", strength="may_indicate")
    assert concluded(CAUDA.excluded, engine=engine) == {}
    assert concluded(CAUDA.excluded, NUMB.present, engine=engine) == {may: True, REFERRAL: True}


@every_engine
def test_a_known_condition_does_not_contradict_signs_that_may_indicate_it(engine: str) -> None:
    result = KB.assess([CAUDA.diagnosed, NUMB.present], engine=engine)
    assert set(result.findings) == {KNOWN, Finding(condition="cauda", strength="may_indicate")}
    assert result.conflicts == ()


@every_engine
def test_while_nobody_has_said_whether_it_is_diagnosed_what_it_would_take_back_is_provisional(engine: str) -> None:
    walks = Recommendation(intervention="walk")
    denied = (WELL.present, NUMB.absent)
    assert concluded(*denied, engine=engine) == {walks: False}
    assert concluded(*denied, CAUDA.excluded, RUPTURE.excluded, engine=engine) == {walks: True}
    assert concluded(*denied, CAUDA.diagnosed, engine=engine) == {KNOWN: True, REFERRAL: True}


def test_the_explanation_says_that_it_was_known() -> None:
    told = str(KB.assess([CAUDA.diagnosed]).why(REFERRAL))
    assert "cauda, known  [firm]" in told
    assert "because rule p:known-cauda" in told
    assert "cauda diagnosed  <- stated" in told


def test_a_case_in_json_and_a_row_of_a_table_give_the_same() -> None:
    facts = KB.read_case(json.dumps({"facts": [{"type": "diagnosis", "condition": "cauda"}]}))
    assert facts == (Diagnosis(condition="cauda"),)
    findings = json.loads(KB.assess(facts).to_json())["findings"]
    assert [(one["type"], one["condition"], one["firm"]) for one in findings] == [("known_condition", "cauda", True)]
    rows = KB.cohort(pa.table({"diagnosis__cauda": [True, False, None]})).to_pylist()
    assert [row["known_condition__cauda"] for row in rows] == [True, False, None]
    assert [row["referral__hospital"] for row in rows] == [True, None, None]


def test_a_practitioner_is_asked_for_it_and_a_patient_only_with_a_question() -> None:
    asked = {audience: KB.assess([]).next_questions(audience=audience) for audience in ("practitioner", "patient")}  # type: ignore[arg-type]
    diagnoses = {who: {q.id: q.text for q in questions if q.unknown.kind is Diagnosis} for who, questions in asked.items()}
    told = "Have you been told of a rupture?"
    assert diagnoses == {
        "practitioner": {"diagnosis/cauda": "Diagnosis (Cauda equina syndrome)?", "diagnosis/rupture": told},
        "patient": {"diagnosis/rupture": told},
    }


@pytest.mark.parametrize(
    ("verification", "clinical", "facts"),
    [
        ("confirmed", "active", (CAUDA.diagnosed,)),
        ("refuted", "active", (CAUDA.excluded,)),
        ("provisional", "active", ()),
        ("confirmed", "resolved", ()),
    ],
)
def test_a_condition_of_a_record_is_read_as_a_diagnosis(verification: str, clinical: str, facts: tuple[Fact, ...]) -> None:
    system = "http://terminology.hl7.org/CodeSystem/condition-"
    resource = {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "G83.4"}]},
        "clinicalStatus": {"coding": [{"system": f"{system}clinical", "code": clinical}]},
        "verificationStatus": {"coding": [{"system": f"{system}ver-status", "code": verification}]},
    }
    read = read_fhir(KB, resource)
    assert read.facts == facts
    assert bool(read.unmapped) is not bool(facts)


def test_a_known_condition_goes_back_to_a_record_as_confirmed_and_what_signs_may_indicate_as_a_risk() -> None:
    result = KB.assess([CAUDA.diagnosed, NUMB.present])
    written = [entry["resource"] for entry in result_to_fhir(result, subject="Patient/1")["entry"]]
    [known] = [one for one in written if one["resourceType"] == "Condition"]
    assert known["verificationStatus"]["coding"][0]["code"] == "confirmed"
    assert [one["resourceType"] for one in written].count("RiskAssessment") == 1


def test_that_it_may_be_known_is_kept_in_a_pack_as_data_and_as_python() -> None:
    again = KnowledgeBase([pack_from_json(pack_to_json(PACK))])
    names: dict[str, list[Pack]] = {}
    exec(to_source([PACK]), names)
    for kb in (again, KnowledgeBase(names["packs"])):
        assert concluded(CAUDA.diagnosed, kb=kb) == {KNOWN: True, REFERRAL: True}
    assert identity(again.rule_base) == identity(KB.rule_base)


def test_that_it_may_be_known_decides_what_follows_so_it_is_part_of_the_identity_of_a_pack() -> None:
    def content(known: bool) -> str:
        flu = condition("flu", "Influenza", known=known)
        return identity(link([Pack("q", version="1", title="Q", terms=[flu])], {}))[0].content

    assert content(True) != content(False)


def test_another_pack_can_replace_or_override_the_rule() -> None:
    doubt = Rule("doubt", when=WELL, then=STRAIN.finding(), overrides="p:known-cauda")
    kb = KnowledgeBase([PACK, Pack("q", version="1", title="Q", rules=[doubt], requires=["p"])])
    assert concluded(CAUDA.diagnosed, WELL.present, kb=kb) == {
        Finding(condition="strain"): True,
        Recommendation(intervention="walk"): False,
    }


def test_a_rule_may_read_what_was_known_apart_from_what_signs_show() -> None:
    apart = Rule("apart", when=exists(KnownCondition, condition=CAUDA), then=STRAIN.finding())
    kb = KnowledgeBase([Pack("q", version="1", title="Q", rules=[MAY, apart])])
    assert Finding(condition="strain") in concluded(CAUDA.diagnosed, kb=kb)
    assert Finding(condition="strain") not in concluded(NUMB.present, kb=kb)
    assert identity(KnowledgeBase([pack_from_json(pack_to_json(kb.packs[0]))]).rule_base) == identity(kb.rule_base)


def test_a_rule_that_has_the_name_of_the_added_rule_is_refused() -> None:
    mine = Rule("known-cauda", when=NUMB, then=CAUDA.finding())
    with pytest.raises(DefinitionError, match="rule p:known-cauda has the name of the rule that 'cauda' gets by known=True"):
        KnowledgeBase([Pack("p", version="1", title="P", rules=[mine])])


def test_known_is_true_or_false() -> None:
    with pytest.raises(DefinitionError, match="condition 'x': known='yes'"):
        condition("x", "X", known="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_no_rule_concludes_a_diagnosis() -> None:
    with pytest.raises(PremiseError, match="Diagnosis is stated by the caller"):
        KnowledgeBase(
            [Pack("p", version="1", title="P", rules=[Rule("r", when=NUMB, then=conclude(Diagnosis, condition=CAUDA))])]
        )
