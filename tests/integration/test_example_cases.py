"""Every case in examples/cases gives the result that was worked out by hand, no more and no less, with every engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

import backpain_pack_acupuncture
import backpain_pack_red_flags
import backpain_pack_tcm_signs
from backpain_rules import KnowledgeBase

CASES = Path(__file__).parents[2] / "examples" / "cases"
ACUPUNCTURE = backpain_pack_acupuncture.PACK
KNOWLEDGE = {
    "": KnowledgeBase([ACUPUNCTURE]),
    "red_flags": KnowledgeBase([ACUPUNCTURE, backpain_pack_red_flags.PACK]),
    "tcm_signs": KnowledgeBase([ACUPUNCTURE, backpain_pack_tcm_signs.PACK]),
}
COMPARED = ("findings", "recommendations", "cautions", "referrals", "conflicts")


def names(folder: str) -> list[str]:
    return sorted(path.stem for path in (CASES / folder).glob("*.json") if not path.stem.endswith(".expected"))


NAMES = [(folder, name) for folder in KNOWLEDGE for name in names(folder)]


@pytest.fixture(params=["native", "reference"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def as_set(items: Iterable[Mapping[str, Any]], *, without: str) -> set[str]:
    """Canonical JSON of each item, without the field that explains it."""
    return {json.dumps({name: value for name, value in item.items() if name != without}, sort_keys=True) for item in items}


def compared(result: Mapping[str, Any]) -> dict[str, set[str]]:
    """What a result concludes: not what a conclusion rests on, and not the wording of a conflict."""
    return {name: as_set(result[name], without="about" if name == "conflicts" else "rests_on") for name in COMPARED}


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_a_case_gives_what_was_expected(engine: str, folder: str, name: str) -> None:
    kb = KNOWLEDGE[folder]
    facts = kb.read_case((CASES / folder / f"{name}.json").read_text(encoding="utf-8"))
    expected = json.loads((CASES / folder / f"{name}.expected.json").read_text(encoding="utf-8"))
    result = json.loads(kb.assess(facts, engine=engine).to_json())
    assert compared(result) == compared(expected)
    assert {n: len(result[n]) for n in COMPARED} == {n: len(expected[n]) for n in COMPARED}


@pytest.mark.parametrize("folder", KNOWLEDGE)
def test_the_table_of_cases_is_complete(folder: str) -> None:
    table = (CASES / folder / "README.md").read_text(encoding="utf-8")
    rows = [line.partition("](")[2].partition(".json)")[0] for line in table.splitlines() if line.startswith("| [")]
    assert sorted(rows) == names(folder)
    assert sorted(path.stem for path in (CASES / folder).glob("*.expected.json")) == [
        f"{name}.expected" for name in names(folder)
    ]
