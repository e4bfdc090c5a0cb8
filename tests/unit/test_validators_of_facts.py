"""A validator of a fact type refuses values and never changes them: a fact says what was given, on every way in and out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WrapValidator,
    computed_field,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)

from backpain_rules import (
    BackpainRulesError,
    DefinitionError,
    Fact,
    FactError,
    InvalidFactError,
    Key,
    KnowledgeBase,
    Pack,
    Region,
    Rule,
    Slot,
    condition,
    each,
    slot,
)
from backpain_rules.agents.receipts import read_receipt, receipt_of, replay
from backpain_rules.cohort.files import run_file
from backpain_rules.cohort.rows import row_of_facts
from backpain_rules.facts.base import to_data

X = condition("x", "X")


class Ward(Fact):
    name: Key[str]
    beds: Slot[float] = slot()
    stay: Slot[timedelta] = slot()

    @field_validator("name")
    @classmethod
    def _lower(cls, name: str) -> str:
        return name.lower()


class Even(Fact):
    number: Key[int]
    half: Slot[int] = slot()

    @model_validator(mode="before")
    @classmethod
    def _halved(cls, data: Any) -> Any:
        if isinstance(data, dict) and data["number"] % 2:
            raise ValueError("odd")
        return {"half": data["number"] // 2, **data} if isinstance(data, dict) else data


class Bent(Fact):
    region: Key[Region]
    degrees: Slot[int] = slot()
    word: Slot[str] = slot()
    present: bool = True

    @field_validator("degrees", "word")
    @classmethod
    def _changed(cls, value: int | str | None) -> int | str | None:
        if value == 13:
            raise ValueError("nobody bends that far")
        return value.strip() if isinstance(value, str) else min(value, 90) if value is not None else None


bent, ward = each(Bent), each(Ward)
KB = KnowledgeBase(
    [
        Pack(
            "p", version="1", title="P", fact_types=[Even],
            rules=[Rule("r", when=bent.degrees >= 5, then=X.finding()), Rule("w", when=ward.beds >= 5, then=X.finding())],
        )
    ]
)  # fmt: skip


def test_a_fact_whose_field_validator_changes_a_value_is_refused() -> None:
    with pytest.raises(InvalidFactError, match=r"Ward\.name: a validator changes 'North' to 'north'; .* only refuses") as caught:
        Ward(name="North")
    assert caught.value.fields["field"] == "name"


def test_a_fact_whose_model_validator_fills_a_slot_is_refused() -> None:
    with pytest.raises(InvalidFactError, match=r"Even\.half: a validator changes None to 2"):
        Even(number=4)


def test_a_validator_that_keeps_what_was_given_is_no_fault() -> None:
    assert Ward(name="north", beds=3, stay=timedelta(days=2)).beds == 3
    assert Even(number=4, half=2).half == 2
    with pytest.raises(InvalidFactError, match="odd"):
        Even(number=3)


def entry(**fields: Any) -> dict[str, Any]:
    return {"type": "bent", "region": "neck", **fields}


def of_file(folder: Path, text: str, *, long: bool = False) -> int:
    (folder / "in.csv").write_text(text)
    return run_file(KB._kernel, folder / "in.csv", folder / "out.csv", long=long)


def in_session(fields: dict[str, Any]) -> object:
    return KB.restore_session(json.dumps({**json.loads(KB.session().to_json()), "facts": [entry(**fields)]}))


WAYS: dict[str, Callable[[Path, dict[str, Any]], object]] = {
    "Python": lambda folder, fields: Bent(region="neck", **fields),
    "a case as JSON": lambda folder, fields: KB.read_case({"facts": [entry(**fields)]}),
    "a row": lambda folder, fields: KB.read_row({f"bent__neck__{name}": value for name, value in fields.items()}),
    "a table": lambda folder, fields: KB.cohort(pa.table({f"bent__neck__{name}": [value] for name, value in fields.items()})),
    "a CSV file": lambda folder, fields: of_file(
        folder, "".join(f"id,bent__neck__{name}\n1,{value}\n" for name, value in fields.items())
    ),
    "a long table": lambda folder, fields: of_file(
        folder, "case,term,value\n" + "".join(f"1,bent__neck__{name},{value}\n" for name, value in fields.items()), long=True
    ),
    "a saved session": lambda folder, fields: in_session(fields),
    "a saved interview": lambda folder, fields: KB.restore_interview({**KB.interview().to_data(), "facts": [entry(**fields)]}),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fields", [{"degrees": 120}, {"word": " x"}, {"degrees": 13}])
def test_no_way_in_lets_a_validator_change_a_value_or_passes_one_by(way: str, fields: dict[str, Any], tmp_path: Path) -> None:
    said = "nobody bends that far" if fields == {"degrees": 13} else "a validator changes"
    with pytest.raises(FactError, match=said):
        WAYS[way](tmp_path, fields)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_in_takes_what_the_validator_keeps(way: str, tmp_path: Path) -> None:
    WAYS[way](tmp_path, {"degrees": 40})


# --- what could change a value is refused where the type is made


def lower(text: str) -> str:
    return text.lower()


class Aliased(BaseModel):
    model_config = ConfigDict(frozen=True)
    degrees: int = Field(alias="deg")


class Rounded(BaseModel):
    model_config = ConfigDict(frozen=True)
    degrees: int

    @field_validator("degrees")
    @classmethod
    def _round(cls, degrees: int) -> int:
        return degrees // 10 * 10


CHANGING: dict[str, Any] = {
    "AfterValidator": Annotated[str, AfterValidator(lower)],
    "BeforeValidator": Annotated[str, BeforeValidator(lower)],
    "PlainValidator": Annotated[str, PlainValidator(lower)],
    "WrapValidator": Annotated[str, WrapValidator(lambda value, handler: handler(value).lower())],
    "PlainSerializer": Annotated[str, PlainSerializer(lower)],
    "StringConstraints": Annotated[str, StringConstraints(strip_whitespace=True)],
    "to_lower": Annotated[str, StringConstraints(to_lower=True)],
    "inside a tuple": tuple[Annotated[str, AfterValidator(lower)], ...],
    "a model with an alias": Aliased,
    "a model with a validator": tuple[Rounded, ...],
}


@pytest.mark.parametrize("name", CHANGING)
def test_an_annotation_that_could_change_a_value_is_refused_where_the_type_is_made(name: str) -> None:
    for annotation, default in ((Slot[CHANGING[name]], {"bent": slot()}), (Key[CHANGING[name]], {})):
        with pytest.raises(DefinitionError, match=r"Bend\.bent: "):
            type("Bend", (Fact,), {"__module__": __name__, "__annotations__": {"bent": annotation}, **default})


@pytest.mark.parametrize("setting", [{"str_to_lower": True}, {"strict": False}, {"use_enum_values": True}, {"extra": "ignore"}])
def test_a_setting_that_could_change_a_value_is_refused_where_the_type_is_made(setting: Any) -> None:
    with pytest.raises(DefinitionError, match=r"Bend\.model_config: \w+ is as it is for every fact"):
        type("Bend", (Fact,), {"__module__": __name__, "__annotations__": {"bent": Key[str]}, "model_config": setting})


def test_serializers_computed_fields_and_aliases_are_refused_where_the_type_is_made() -> None:
    with pytest.raises(DefinitionError, match="no serializer"):

        class Serialized(Fact):
            name: Key[str]

            @field_serializer("name")
            def _upper(self, name: str) -> str:
                return name.upper()

    with pytest.raises(DefinitionError, match="no serializer"):

        class Whole(Fact):
            name: Key[str]

            @model_serializer
            def _whole(self) -> dict[str, str]:
                return {"n": self.name}

    with pytest.raises(DefinitionError, match="no computed field"):

        class Computed(Fact):
            name: Key[str]

            @computed_field  # type: ignore[prop-decorator]
            @property
            def length(self) -> int:
                return 3

    with pytest.raises(DefinitionError, match="has one name"):

        class Named(Fact):
            name: Key[str] = Field(alias="n")


# --- what goes out comes back


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Point(BaseModel):
    model_config = ConfigDict(frozen=True)
    x: int
    y: float


class Everything(Fact):
    ask_: ClassVar[str | None] = "Is anything there?"
    region: Key[Region]
    text: Slot[str] = slot()
    whole: Slot[int] = slot()
    number: Slot[float] = slot()
    exact: Slot[Decimal] = slot()
    flag: Slot[bool] = slot()
    colour: Slot[Colour] = slot()
    long: Slot[timedelta] = slot()
    day: Slot[date] = slot()
    moment: Slot[datetime] = slot()
    clock: Slot[time] = slot()
    several: Slot[tuple[int, ...]] = slot()
    some: Slot[frozenset[str]] = slot()
    point: Slot[Point] = slot()
    present: bool = True


everything = each(Everything)
ALL = KnowledgeBase(
    [Pack("p", version="1", title="P", rules=[Rule("r", when=everything.whole >= 5, then=X.finding(region=everything.region))])]
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
OFFSETS = st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ZONES = st.one_of(st.just(UTC), OFFSETS)
FACTS = st.builds(
    Everything,
    region=st.sampled_from(["neck", "lumbar"]),
    text=st.none() | TEXT,
    whole=st.none() | st.integers(-(2**53), 2**53),
    number=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    exact=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1000, max_value=1000),
    flag=st.none() | st.booleans(),
    colour=st.none() | st.sampled_from(Colour),
    long=st.none() | st.timedeltas(timedelta(-1000), timedelta(1000)),
    day=st.none() | st.dates(),
    moment=st.none() | st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES),
    clock=st.none() | st.times(timezones=ZONES),
    several=st.none() | st.lists(st.integers(-5, 5), max_size=3).map(tuple),
    some=st.none() | st.frozensets(TEXT, max_size=3),
    point=st.none() | st.builds(Point, x=st.integers(-5, 5), y=st.floats(0, 1)),
)


@given(FACTS)
def test_every_fact_comes_back_from_every_form_as_it_was(fact: Everything) -> None:
    (read,) = ALL.read_case({"facts": [to_data(fact)]})
    assert same(read, fact)
    session, interview = ALL.session([fact]), ALL.interview([fact])
    assert same(ALL.restore_session(session.to_json()).facts[0], fact)
    assert same(ALL.restore_interview(interview.to_json()).facts[0], fact)
    receipt = receipt_of(ALL, ALL.assess([fact]))
    assert same(replay(ALL, read_receipt(receipt.model_dump_json())).facts[0], fact)
    with tempfile.TemporaryDirectory() as folder:
        ALL.session([fact], journal=Path(folder) / "journal").close()
        again = ALL.session(journal=Path(folder) / "journal")
        assert same(again.facts[0], fact)
        again.close()
    columns = {column.name for column in ALL.cohort_columns().inputs}
    row = row_of_facts(ALL.rule_base, ALL._kernel.inputs, [fact])
    assert {*row} <= columns
    assert same(ALL.read_row(row)[0], fact)


def same(one: Fact, other: Fact) -> bool:
    """Equal, with values of the same types and moments of the same offsets."""
    said = zip(one.__dict__.values(), other.__dict__.values(), strict=True)
    return one == other and all(type(a) is type(b) and offset(a) == offset(b) for a, b in said)


def offset(value: object) -> timedelta | None:
    return value.utcoffset() if isinstance(value, (datetime, time)) else None


AMSTERDAM = timezone(timedelta(minutes=19, seconds=32))
"""Its offset until 1937."""


def test_a_moment_whose_offset_has_seconds_is_refused_as_json_would_make_another_moment_of_it() -> None:
    moment, said = datetime(1930, 1, 1, tzinfo=AMSTERDAM), "its offset from UTC has seconds"
    in_amsterdam = pa.array([moment.astimezone(UTC)]).cast(pa.timestamp("us", "Europe/Amsterdam"))
    for make in (
        lambda: Everything(region="neck", moment=moment),
        lambda: Everything(region="neck", clock=time(8, tzinfo=AMSTERDAM)),
        lambda: everything.moment >= moment,
        lambda: ALL.read_row({"everything__neck__moment": moment}),
        lambda: ALL.cohort(pa.table({"everything__neck__moment": in_amsterdam})),
    ):
        with pytest.raises(BackpainRulesError, match=said):
            make()
    assert Everything(region="neck", moment=moment.astimezone(UTC)).moment == moment
