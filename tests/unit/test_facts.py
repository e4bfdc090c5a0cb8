"""Facts are read strictly: what cannot be true of a patient, or of these packs, is refused with its place and a remedy."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, field_serializer

from backpain_rules import (
    BackpainRulesError,
    ConflictingFactError,
    Diagnosis,
    Fact,
    FactError,
    Finding,
    Injury,
    InvalidFactError,
    Key,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Region,
    Slot,
    Symptom,
    UnknownFactTypeError,
    UnknownIdError,
    absent,
    condition,
    present,
    slot,
    symptom,
)
from backpain_rules.errors import DefinitionError
from backpain_rules.facts.base import to_data

SWEATS = symptom("night_sweats", "Night sweats", ask="Do you wake up sweating?")
DISK = condition("herniated_disk", "Herniated disk")
KB = KnowledgeBase([Pack("words", version="1", title="Words", terms=[SWEATS, DISK])])


class Stiffness(Fact):
    """A type that no pack here has."""

    region: Key[Region]
    minutes: Slot[int] = slot(ge=0, unit="min")


WRONG: list[tuple[str, Callable[[], object], str]] = [
    ("too much pain", lambda: Pain(region="lumbar", severity=11), "Pain.severity cannot be 11: input should be less than"),
    ("less than none", lambda: Pain(region="lumbar", severity=-1), "greater than or equal to 0"),
    ("half a grade", lambda: Pain(region="lumbar", severity=4.5), "valid integer"),  # type: ignore[arg-type]
    ("truth for a number", lambda: Pain(region="lumbar", severity=True), "valid integer"),
    ("text for a number", lambda: Pain(region="lumbar", severity="8"), "valid integer"),  # type: ignore[arg-type]
    ("not a number", lambda: Pain(region="lumbar", severity=float("nan")), "cannot be nan"),  # type: ignore[arg-type]
    ("before it began", lambda: Pain(region="lumbar", duration=timedelta(hours=-1)), "greater than or equal to 0"),
    ("hours without a unit", lambda: Pain(region="lumbar", duration=6), "valid timedelta"),  # type: ignore[arg-type]
    ("a region misspelt", lambda: Pain(region="lumber"), "did you mean 'lumbar'"),  # type: ignore[arg-type]
    ("a region of its own", lambda: Pain(region="elbow"), "one of lumbar, neck"),  # type: ignore[arg-type]
    ("no region", lambda: Pain(), "Pain needs 'region'"),  # type: ignore[call-arg]
    ("a field misspelt", lambda: Pain(region="neck", severty=3), "no field 'severty'; did you mean 'severity'"),  # type: ignore[call-arg]
    ("a field of another", lambda: Symptom(term="x", severity=3), "it has term, present"),  # type: ignore[call-arg]
    ("too old", lambda: Patient(age=131), "Patient.age cannot be 131"),
    ("a word for a sex", lambda: Patient(sex="femal"), "did you mean 'female'"),  # type: ignore[arg-type]
    ("absent and severe", lambda: Pain(region="neck", present=False, severity=3), "severity cannot be said"),
]


@pytest.mark.parametrize(("make", "said"), [pytest.param(make, said, id=name) for name, make, said in WRONG])
def test_an_impossible_fact_is_refused_when_it_is_made(make: Callable[[], object], said: str) -> None:
    with pytest.raises(InvalidFactError) as caught:
        make()
    assert said in str(caught.value)


def test_a_fact_never_changes_and_equals_its_like() -> None:
    pain = Pain(region="lumbar", severity=8)
    with pytest.raises(InvalidFactError, match="a fact never changes"):
        pain.severity = 3
    assert {pain, Pain(region="lumbar", severity=8)} == {pain}
    assert pickle.loads(pickle.dumps(pain)) == pain


def test_a_term_says_present_and_absent() -> None:
    assert (SWEATS.present, SWEATS.absent) == (present("night_sweats"), absent("night_sweats"))


STATED = [
    ("an id misspelt", present("nigth_sweats"), UnknownIdError, "did you mean 'night_sweats' (pack words)"),
    ("an id like no other", present("xyz"), UnknownIdError, "; 1 are known"),
    ("a condition of nobody", Diagnosis(condition="hernia_disk"), UnknownIdError, "did you mean 'herniated_disk' (pack words)"),
    ("a type of nobody", Stiffness(region="neck"), UnknownFactTypeError, "no loaded pack knows the fact type Stiffness"),
    ("a conclusion", Finding(condition="herniated_disk"), InvalidFactError, "Finding is concluded by rules"),
    ("no fact", "night_sweats", InvalidFactError, "is 'night_sweats', which is no fact"),
]


@pytest.mark.parametrize(("fact", "kind", "said"), [pytest.param(*row[1:], id=row[0]) for row in STATED])
def test_a_fact_that_these_packs_do_not_know_is_refused_with_its_place(fact: Fact, kind: type[FactError], said: str) -> None:
    with pytest.raises(kind) as caught:
        KB.assess([Pain(region="neck"), fact])
    assert str(caught.value).startswith("facts[1]")
    assert said in str(caught.value)


def test_two_facts_of_one_key_agree_or_conflict() -> None:
    mild, severe = Pain(region="lumbar", severity=2), Pain(region="lumbar", severity=8)
    assert KB.assess([mild, mild, Pain(region="neck")]).to_json() == KB.assess([Pain(region="neck"), mild]).to_json()
    with pytest.raises(ConflictingFactError, match=r"Pain\(region='lumbar'\)") as caught:
        KB.assess([mild, severe])
    assert caught.value.facts == (mild, severe)


JSON = [
    ("severity 11", {"type": "pain", "region": "lumbar", "severity": 11}, "facts[0]: Pain.severity cannot be 11"),
    ("text for a number", {"type": "pain", "region": "lumbar", "severity": "8"}, "facts[0]: Pain.severity cannot be '8'"),
    ("a duration in months", {"type": "pain", "region": "lumbar", "duration": "P1M"}, "facts[0]: Pain.duration cannot be"),
    ("a negative duration", {"type": "pain", "region": "lumbar", "duration": "-PT6H"}, "facts[0]: Pain.duration cannot be"),
    ("a term misspelt", {"type": "symptom", "term": "nigth_sweats"}, "facts[0].term: no loaded pack declares"),
    ("a type misspelt", {"type": "symptm", "term": "night_sweats"}, "facts[0]: no loaded pack knows the fact type 'symptm'"),
    ("no type", {"term": "night_sweats"}, 'facts[0] is an object with a "type"'),
    ("a word for truth", {"type": "symptom", "term": "night_sweats", "present": "yes"}, "Symptom.present cannot be 'yes'"),
    ("no object", ["pain"], 'facts[0] is an object with a "type"'),
]


@pytest.mark.parametrize(("entry", "said"), [pytest.param(*row[1:], id=row[0]) for row in JSON])
def test_bad_json_is_refused_alike_as_text_and_as_data(entry: object, said: str) -> None:
    for case in ({"facts": [entry]}, json.dumps({"facts": [entry]})):
        with pytest.raises(FactError) as caught:
            KB.read_case(case)
        assert said in str(caught.value)


@pytest.mark.parametrize("text", ['{"facts": [{"type": "pain", "region": "neck", "severity": NaN}]}', "", "[1", '{"fact": []}'])
def test_what_is_no_case_is_refused(text: str) -> None:
    with pytest.raises(InvalidFactError):
        KB.read_case(text)


FACTS = st.one_of(
    st.builds(
        Pain,
        region=st.sampled_from(["lumbar", "neck"]),
        severity=st.none() | st.integers(0, 10),
        duration=st.none() | st.timedeltas(timedelta(0), timedelta(days=4000)),
    ),
    st.builds(Injury, region=st.sampled_from(["lumbar", "neck"]), mechanism=st.none() | st.text(max_size=5)),
    st.builds(Symptom, term=st.just("night_sweats"), present=st.booleans()),
    st.builds(Patient, age=st.none() | st.integers(0, 130), pregnant=st.none() | st.booleans()),
)


@given(FACTS)
def test_a_fact_comes_back_from_json_as_it_was(fact: Fact) -> None:
    assert KB.read_case(json.dumps({"facts": [to_data(fact)]})) == (fact,)


@given(FACTS)
def test_the_schema_of_a_case_admits_what_is_read(fact: Fact) -> None:
    kinds = {
        option["properties"]["type"]["const"]: option for option in KB.case_schema()["properties"]["facts"]["items"]["oneOf"]
    }
    data = to_data(fact)
    option = kinds[data["type"]]
    assert set(data) <= set(option["properties"])
    assert set(option["required"]) <= set(data)


def test_durations_are_iso_8601_in_json() -> None:
    assert to_data(Pain(region="neck", duration=timedelta(hours=6)))["duration"] == "PT6H"


def test_a_type_with_a_field_that_json_needs_for_itself_is_refused() -> None:
    with pytest.raises(DefinitionError, match="cannot be called 'firm'"):

        class Mattress(Fact):
            firm: Key[bool]


def test_a_type_with_an_unbounded_key_cannot_say_that_it_is_absent() -> None:
    with pytest.raises(DefinitionError, match="leave `present` out"):

        class Visit(Fact):
            number: Key[int]
            present: bool = True


def test_a_type_whose_fields_have_types_that_nobody_knows_is_refused() -> None:
    with pytest.raises(DefinitionError, match="Visit: a type named in its annotations is not known"):

        class Visit(Fact):
            number: Key[Nowhere]  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("question", "said"), [("Is {regoin} stiff?", "did you mean 'region'"), ("Is {region stiff?", "expected '}'")]
)
def test_a_question_names_the_keys_of_its_fact_and_nothing_else(question: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):

        class Stiffness(Fact):
            ask_ = question
            region: Key[Region]
            present: bool = True


def test_the_question_of_a_slot_is_checked_too() -> None:
    with pytest.raises(DefinitionError, match=r"Stiffness\.minutes: the question 'How long, {where}\?' names 'where'"):

        class Stiffness(Fact):
            region: Key[Region]
            minutes: Slot[int] = slot(ask="How long, {where}?")


def test_an_error_carries_what_it_speaks_of_and_survives_pickling() -> None:
    with pytest.raises(UnknownIdError) as caught:
        KB.assess([present("nigth_sweats")])
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, BackpainRulesError)
    assert (str(again), again.fields) == (str(caught.value), caught.value.fields)
    assert again.fields["suggestions"] == ["night_sweats"]


def test_an_error_of_a_case_lists_every_fault_for_a_form() -> None:
    pain = {"type": "pain", "region": "lumber", "severity": 11}
    with pytest.raises(FactError, match=r"facts\[0\]: Pain.region cannot be 'lumber'") as caught:
        KB.read_case({"facts": [pain, {"type": "patient", "age": 40}, {"type": "pian"}, {"type": "symptom"}]})
    faults: Any = caught.value.fields["errors"]
    assert [fault["place"] for fault in faults] == ["facts[0].region", "facts[0].severity", "facts[2]", "facts[3].term"]
    assert "did you mean 'pain'" in faults[2]["message"]


def test_a_type_that_would_not_come_back_from_json_is_refused_when_it_is_defined() -> None:
    with pytest.raises(DefinitionError, match=r"Aliased\.a: a field of a fact has one name"):

        class Aliased(Fact):
            a: Slot[int] = Field(default=None, alias="b")

    with pytest.raises(DefinitionError, match=r"Written\.write: a fact is written as it is"):

        class Written(Fact):
            a: Slot[int] = slot()

            @field_serializer("a")
            def write(self, value: int) -> int:
                return value + 1


def test_a_slot_that_cannot_be_in_a_set_is_refused_when_it_is_defined() -> None:
    with pytest.raises(DefinitionError, match=r"Several\.parts: a list cannot be in a fact.*write tuple"):

        class Several(Fact):
            parts: Slot[list[str]] = slot()
