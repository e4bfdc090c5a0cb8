"""A validator of a fact type refuses values and never changes them: a fact says what was given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import field_validator, model_validator

from backpain_rules import Fact, InvalidFactError, Key, Slot, slot


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
    def _halved(cls, data: dict[str, int]) -> dict[str, int]:
        if data["number"] % 2:
            raise ValueError("odd")
        return {"half": data["number"] // 2, **data}


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
