"""The pack as it is installed: found by its entry point, its rules do what their cases say, and it acts on another pack."""

from __future__ import annotations

from datetime import timedelta

import pytest
from backpain_pack_workplace.workplace import Workplace

from backpain_rules import Finding, InvalidFactError, KnowledgeBase, Pain, Recommendation, absent, present
from backpain_rules.testing import pack_tests

KB = KnowledgeBase.load("workplace")
WEAK = (Pain(region="lumbar", severity=5, duration=timedelta(weeks=30)), present("weak_core"), absent("muscle_imbalance"))
MILD = (Pain(region="lumbar", severity=2, duration=timedelta(weeks=30)), present("cold"))

test_pack = pack_tests("workplace", max_examples=20)


def test_it_is_installed_and_brings_what_it_requires() -> None:
    assert {pack.id for pack in KB.packs} == {"acupuncture", "workplace"}
    assert KB.broken == ()
    assert KB.warnings == ()


def test_its_fact_type_is_read_from_json_and_refused_with_a_reason() -> None:
    (fact,) = KB.read_case('{"facts": [{"type": "workplace", "place": "indoors", "damp_for": "P90D"}]}')
    assert fact == Workplace(place="indoors", damp_for=timedelta(days=90))
    with pytest.raises(InvalidFactError, match="did you mean 'indoors'"):
        KB.read_case('{"facts": [{"type": "workplace", "place": "indors"}]}')


def test_a_damp_place_is_dampness_for_the_other_pack() -> None:
    damp = Workplace(place="indoors", damp_for=timedelta(weeks=20))
    assert KB.assess(MILD).of(Finding, condition="damp_cold_obstruction") == ()
    result = KB.assess([*MILD, damp])
    (found,) = result.of(Finding, condition="damp_cold_obstruction")
    assert "workplace" in str(result.why(found))
    assert "house_rules:R1" in str(result.why(found))


def test_heavy_work_takes_back_the_training_of_the_other_pack() -> None:
    training = {"intervention": "strength_training"}
    light, heavy = (Workplace(place="outdoors", lifting=timedelta(hours=hours)) for hours in (1, 3))
    assert KB.assess([*WEAK, light]).of(Recommendation, **training)
    assert KB.assess([*WEAK, heavy]).of(Recommendation, **training) == ()
    assert KB.assess([*WEAK, heavy]).of(Recommendation, intervention="diet")


def test_it_goes_with_every_installed_pack_and_is_proved_consistent() -> None:
    everything = KnowledgeBase.load()
    assert everything.broken == ()
    assert {"acupuncture", "red_flags", "tcm_signs", "workplace"} <= {pack.id for pack in everything.packs}
    assert [str(found) for found in KB.check()] == []
