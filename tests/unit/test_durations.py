"""One grammar of durations, wherever one is read; months and years are never days."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import FactError, InvalidFactError, KnowledgeBase, Pain
from backpain_rules.cli import main
from backpain_rules.durations import DurationError, format_duration, parse_amount, parse_duration
from backpain_rules.facts.base import to_data

READ = {
    "P3D": timedelta(days=3), "P2W": timedelta(weeks=2), "P1W2D": timedelta(days=9), "PT6H": timedelta(hours=6),
    "P1DT12H30M": timedelta(days=1, hours=12, minutes=30), "PT0.5H": timedelta(minutes=30), "PT1,5S": timedelta(seconds=1.5),
    "PT90M": timedelta(minutes=90), "12 weeks": timedelta(weeks=12), "1 day": timedelta(days=1), "24 h": timedelta(hours=24),
    "90min": timedelta(minutes=90), "1.5 hours": timedelta(minutes=90), "30 Seconds": timedelta(seconds=30),
    "3 days, 6:00:00": timedelta(days=3, hours=6), "0:10:00": timedelta(minutes=10),
}  # fmt: skip
REFUSED = {
    "P1M": "no fixed length", "P3M": "no fixed length", "P1Y": "no fixed length", "P1Y35D": "no fixed length",
    "1 month": "no fixed length", "2 years": "no fixed length", "06:00": "PT6H0M or PT6M0S", "00:10": "PT0H10M or PT0M10S",
    "3d": "P3D or '3 days'", "P": "such as P3D", "PT": "such as P3D", "P1DT": "such as P3D", "p3d": "such as P3D",
    "P0.5DT1H": "such as P3D", " P3D": "such as P3D", "3600": "such as P3D", "": "such as P3D",
    "P" + "9" * 1000 + "D": "such as P3D",
    "P99999999999D": "999,999,999 days",
}  # fmt: skip


KB = KnowledgeBase.load("acupuncture")


@pytest.fixture
def kb() -> KnowledgeBase:
    return KB


def case(duration: Any) -> dict[str, Any]:
    return {"facts": [{"type": "pain", "region": "lumbar", "duration": duration}]}


@given(st.timedeltas())
def test_what_is_written_is_read(value: timedelta) -> None:
    assert parse_duration(format_duration(value)) == value


@given(st.timedeltas(min_value=timedelta(0)))
def test_what_python_prints_is_read(value: timedelta) -> None:
    assert parse_duration(str(value)) == value


@given(st.timedeltas(min_value=timedelta(0)))
def test_a_duration_of_a_fact_comes_back_from_json(value: timedelta) -> None:
    fact = Pain(region="lumbar", duration=value)
    assert KB.read_case({"facts": [to_data(fact)]}) == (fact,)
    assert Pain.model_validate_json(fact.model_dump_json()) == fact


@pytest.mark.parametrize("text", READ)
def test_cases_tables_and_interviews_read_a_duration_alike(kb: KnowledgeBase, text: str) -> None:
    (pain,) = kb.read_case(case(text))
    assert pain == Pain(region="lumbar", duration=READ[text])
    assert kb.read_row({"pain__lumbar__duration": text}) == (pain,)
    assert Pain.schema_.fields["duration"].adapter.validate_json(f'"{text}"') == READ[text]
    durations = pa.table({"pain__lumbar__duration": [text]}), pa.table({"pain__lumbar__duration": [READ[text]]})
    assert kb.cohort(durations[0]) == kb.cohort(durations[1])


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_duration_is_refused_everywhere_with_what_to_write(kb: KnowledgeBase, text: str) -> None:
    with pytest.raises(DurationError, match=REFUSED[text]):
        parse_duration(text)
    with pytest.raises(InvalidFactError, match=REFUSED[text]) as caught:
        kb.read_case(case(text))
    assert len(str(caught.value)) < 400
    with pytest.raises(FactError, match=REFUSED[text]):
        kb.read_row({"pain__lumbar__duration": text})
    with pytest.raises(FactError, match=REFUSED[text]):
        kb.cohort(pa.table({"pain__lumbar__duration": [text]}))


@pytest.mark.parametrize("text", ["P1M", "06:00", "3d"])
def test_the_command_line_reads_the_same_grammar(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "case.json", "--pack", "acupuncture", "--set", f"acupuncture:chronic_after={text}"]) == 2
    assert REFUSED[text] in capsys.readouterr().err


def test_a_text_from_python_is_no_duration() -> None:
    with pytest.raises(InvalidFactError, match="valid timedelta"):
        Pain(region="lumbar", duration="P3D")  # type: ignore[arg-type]


@pytest.mark.parametrize(("unit", "word"), [("s", "s"), ("min", "min"), ("h", "h"), ("d", "days"), ("wk", "weeks")])
@given(number=st.decimals(0, 10_000, places=3))
def test_an_amount_of_fhir_is_the_same_text_of_json(unit: str, word: str, number: Decimal) -> None:
    assert parse_amount(float(number), unit) == parse_duration(f"{number:f} {word}")


@pytest.mark.parametrize("unit", ["mo", "a", "mo_j", "months", "", "D"])
def test_a_unit_of_fhir_without_a_length_is_refused_with_those_that_have_one(unit: str) -> None:
    with pytest.raises(DurationError, match="write it in s, min, h, d, wk"):
        parse_amount(3, unit)
