"""Half of a surrogate pair is no character: no fact, label, note or pack holds one, so every text can be written as UTF-8."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import pytest

from backpain_rules import DefinitionError, Fact, InvalidFactError, Key, Pack, Slot, Source, Symptom, condition, slot, symptom
from backpain_rules.pack_data import pack_from_data

HALF = "a \ud800 b"


class Room(Fact):
    name: Key[str]
    words: Slot[tuple[str, ...]] = slot()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Room(name=HALF), r"Room\.name has half of a surrogate pair"),
        (lambda: Room(name="a", words=("b", HALF)), r"Room\.words has half of a surrogate pair"),
        (lambda: Symptom(term=HALF), r"Symptom\.term has half of a surrogate pair"),
    ],
)
def test_no_fact_holds_half_a_pair(made: Callable[[], object], said: str) -> None:
    with pytest.raises(InvalidFactError, match=said) as caught:
        made()
    str(caught.value).encode()
    str(caught.value.fields).encode()


@pytest.mark.parametrize(
    "made",
    [
        lambda: symptom("a", HALF),
        lambda: condition("a", HALF),
        lambda: Source("s", "S", {"a": HALF}),
        lambda: Source("s", "S", {"a": "b"}, notes={"a": HALF}),
        lambda: Pack("p", version="1", title=HALF),
    ],
)
def test_no_word_of_a_pack_holds_half_a_pair(made: Callable[[], object]) -> None:
    with pytest.raises(DefinitionError, match=r"has half of a surrogate pair, .* at character 2; write the whole character"):
        made()


def test_pack_data_with_half_a_pair_names_its_place() -> None:
    with pytest.raises(Exception, match="half of a surrogate pair") as caught:
        pack_from_data({"backpain_rules_pack": 1, "id": "p", "version": "1", "title": HALF})
    str(caught.value).encode()


class Colour(Enum):
    RED = "red"


class Stain(Fact):
    colours: Key[tuple[Colour, ...]]


def test_members_of_an_enum_are_no_texts() -> None:
    assert Stain(colours=(Colour.RED,)).colours == (Colour.RED,)


def test_whole_characters_are_kept() -> None:
    assert Room(name="\U0001f9b4").name == "\U0001f9b4"
