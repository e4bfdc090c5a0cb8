"""Every public function with every wrong argument: it raises an error of the library, or the argument has a meaning."""

from __future__ import annotations

import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import backpain_rules
from arguments_tried import try_each
from backpain_rules import (
    BackpainRulesError,
    Caution,
    DefinitionError,
    Diagnosis,
    Fact,
    Finding,
    Injury,
    InvalidFactError,
    Key,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Recommendation,
    Referral,
    Region,
    Rule,
    Slot,
    Symptom,
    condition,
    each,
    not_,
    slot,
    symptom,
)
from backpain_rules.agents.tools import Toolbox
from backpain_rules.pack_data import (
    pack_from_data,
    pack_from_file,
    pack_from_json,
    pack_from_yaml,
    pack_to_data,
    pack_to_json,
    pack_to_yaml,
)

FEVER, STIFF = symptom("fever", "Fever", ask="Fever?"), symptom("stiff", "Stiff", ask="Stiff?")
FLU = condition("flu", "Flu")
PACK = Pack(
    "p", version="1", title="P", rules=[Rule("r", when=FEVER, then=FLU.finding(), fires_on=[[FEVER.present]])], terms=[STIFF]
)
kb: Any = KnowledgeBase([PACK])
result: Any = kb.assess([FEVER.present])
tools: Any = Toolbox(kb, seconds=2)
words = types.ModuleType("words")
vars(words).update(FEVER=FEVER)
FEVERISH = [{"type": "symptom", "term": "fever"}]
pain = each(Pain)

WRONG: list[Any] = [
    None, 3, -1, 1.5, float("nan"), True, "", "text", b"x", (), [], {}, [None], [3], [{"type": 3}], [{3: 4}], {"a": 1},
    {"facts": [3]}, {"facts": None}, object(), int, Pain, FEVER, pain, lambda: 0,
]  # fmt: skip


def bend(**changes: Any) -> type[Fact]:
    """A fact type with a slot that is given these arguments."""
    annotations = {"region": Key[Region], "bent": Slot[int]}
    return type("Bend", (Fact,), {"__module__": __name__, "__annotations__": annotations, "bent": slot(**changes)})


def of_session(name: str) -> Callable[..., object]:
    return lambda *given, **named: getattr(kb.session([FEVER.present]), name)(*given, **named)


def of_interview(name: str) -> Callable[..., object]:
    return lambda *given, **named: getattr(kb.interview(), name)(*given, **named)


def fields_of(kind: type[Fact], **given: Any) -> tuple[Callable[..., object], list[Any], dict[str, Any]]:
    return kind, [], {**dict.fromkeys(kind.model_fields), **given}


GOOD: dict[str, tuple[Callable[..., object], list[Any], dict[str, Any]]] = {
    "Pain": fields_of(Pain, region="neck", present=True),
    "Patient": fields_of(Patient),
    "Injury": fields_of(Injury, region="neck", present=True),
    "Symptom": fields_of(Symptom, term="fever", present=True),
    "Diagnosis": fields_of(Diagnosis, condition="flu", present=True),
    "Finding": fields_of(Finding, condition="flu", strength="indicates"),
    "Caution": fields_of(Caution),
    "Recommendation": fields_of(Recommendation),
    "Referral": fields_of(Referral),
    "fact by position": (Pain, ["neck"], {}),
    "slot": (bend, [], {"key": False, "ge": 1, "le": 5, "unit": "cm", "doc": "d", "ask": "How far?"}),
    "kb.interview": (kb.interview, [[]], {"language": "en", "seconds": 2}),
    "kb.restore_interview": (
        kb.restore_interview, [kb.interview().to_data()], {"accept_other_packs": False, "seconds": 2},
    ),
    "interview.answer": (of_interview("answer"), [True], {}),
    "interview.to_json": (of_interview("to_json"), [], {"indent": 2}),
    "kb.session": (kb.session, [[]], {"observers": (), "history": 3}),
    "kb.restore_session": (kb.restore_session, [kb.session().to_json()], {"observers": (), "history": 3}),
    "session.insert": (of_session("insert"), [STIFF.present], {}),
    "session.retract": (of_session("retract"), [FEVER.present], {}),
    "session.replace": (of_session("replace"), [FEVER.absent], {}),
    "session.is_firm": (of_session("is_firm"), [result.findings[0]], {}),
    "session.restore": (of_session("restore"), [[FEVER.present]], {}),
    "session.to_json": (of_session("to_json"), [], {"indent": 2}),
    "kb.check": (kb.check, [], {"seconds": 2}),
    "kb.diff": (kb.diff, [kb], {"seconds": 2}),
    "kb.test_cases": (kb.test_cases, ["mcdc"], {"pack": "p", "seconds": 2}),
    "kb.graph": (kb.graph, ["p:r"], {"language": "en"}),
    "kb.read_row": (kb.read_row, [{"symptom__fever": True}], {"ignore": ()}),
    "pack_from_data": (pack_from_data, [pack_to_data(PACK)], {"requires": ()}),
    "pack_from_json": (pack_from_json, [pack_to_json(PACK)], {"requires": ()}),
    "pack_from_yaml": (pack_from_yaml, [pack_to_yaml(PACK)], {"requires": ()}),
    "pack_from_file": (pack_from_file, ["none.yaml"], {"requires": ()}),
    "pack_to_data": (pack_to_data, [PACK], {"requires": ()}),
    "pack_to_json": (pack_to_json, [PACK], {"requires": ()}),
    "pack_to_yaml": (pack_to_yaml, [PACK], {"requires": ()}),
    "Toolbox": (Toolbox, [kb], {"seconds": 2}),
    "tools.assess": (tools.assess, [FEVERISH], {}),
    "tools.why": (tools.why, [FEVERISH, "flu"], {}),
    "tools.why_not": (tools.why_not, [[], "flu"], {}),
    "tools.next_question": (tools.next_question, [[]], {}),
    "tools.answer": (tools.answer, [tools.next_question([])["interview"], True], {}),
    "tools.check_pack": (tools.check_pack, [pack_to_data(PACK)], {}),
    "tools.diff_packs": (tools.diff_packs, ["p", pack_to_data(PACK)], {}),
    "premise_from_data": (backpain_rules.premise_from_data, [{"term": "fever"}], {}),
    "premise_to_data": (backpain_rules.premise_to_data, [not_(FEVER)], {}),
    "constraints_in": (backpain_rules.constraints_in, [words], {}),
    "partitions_in": (backpain_rules.partitions_in, [words], {}),
    "terms_in": (backpain_rules.terms_in, [words], {}),
    "is_known": (backpain_rules.is_known, [FEVER], {}),
    "present": (backpain_rules.present, ["fever"], {}),
    "absent": (backpain_rules.absent, ["fever"], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_wrong_argument_raises_an_error_of_the_library_or_has_a_meaning(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    function, positional, named = GOOD[name]
    try_each(function, positional, named, WRONG)


NEEDS_MORE = {"fact by position", "pack_from_file", "premise_from_data", "Caution", "Recommendation", "Referral"}


@pytest.mark.parametrize("name", sorted({*GOOD} - NEEDS_MORE))
def test_the_call_with_right_arguments_raises_nothing(name: str) -> None:
    function, positional, named = GOOD[name]
    function(*positional, **named)


@pytest.mark.parametrize("wrong", [3, "print", [print]])
def test_progress_that_cannot_be_called_is_refused(wrong: Any) -> None:
    for search in (kb.check, kb.test_cases, lambda **named: kb.diff(kb, **named)):
        with pytest.raises(BackpainRulesError, match="cannot be called: give a function"):
            search(progress=wrong)


def test_a_fact_by_position_says_how_to_write_it() -> None:
    made: Any = Injury
    with pytest.raises(InvalidFactError, match=r"takes its fields by name, not 'neck' alone: write Injury\(region=\.\.\."):
        made("neck")


def test_a_bound_of_another_type_than_its_slot_names_the_slot() -> None:
    with pytest.raises(DefinitionError, match=r"Bend\.bent: a bound does not fit the type of its slot"):
        bend(ge="one")
