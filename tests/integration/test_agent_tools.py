"""The tools for agents, through the official client: every tool, every error, drafts with planted faults, hostile drafts."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from backpain_rules import KnowledgeBase, OtherPacksError, Pack, PackLoadError, SavedStateError
from backpain_rules.agents import Toolbox
from backpain_rules.agents.receipts import read_receipt, replay
from backpain_rules.agents.server import make_server
from backpain_rules.cli import main
from backpain_rules.pack_data import pack_to_data, pack_to_yaml

KB = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
TOOLS = Toolbox(KB)
STRAIN = [
    {"type": "pain", "region": "lumbar", "severity": 8, "duration": "PT6H", "evidence": "it hurts like hell since breakfast"},
    {"type": "injury", "region": "lumbar", "since": "PT6H"},
]
SADDLE = {"type": "symptom", "term": "saddle_anaesthesia", "evidence": "I cannot feel the toilet paper"}
CLEAN = {pack.id: pack_to_data(pack, requires=KB.packs) for pack in KB.packs}


def called(name: str, **arguments: Any) -> dict[str, Any]:
    """The answer of a tool, or `{"error": ...}`, through the client and the server of the SDK."""

    async def call() -> dict[str, Any]:
        async with Client(make_server(KB)) as client:
            result = await client.call_tool(name, arguments)
            assert bool(result.is_error) == ("error" in (result.structured_content or {}))
            return result.structured_content or {}

    return anyio.run(call)


def test_every_tool_says_what_it_does_and_what_it_takes() -> None:
    async def listed() -> dict[str, Any]:
        async with Client(make_server(KB)) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    tools = anyio.run(listed)
    assert set(tools) == {"vocabulary", "assess", "why", "why_not", "next_question", "answer", "check_pack", "diff_packs"}
    for tool in tools.values():
        assert tool.description
        assert tool.input_schema["type"] == "object"


def test_vocabulary_has_every_term_with_its_question() -> None:
    words = called("vocabulary")
    sweats = next(term for term in words["terms"] if term["id"] == "night_sweats")
    assert (sweats["kind"], sweats["question"]) == ("symptom", "Do you wake up sweating at night?")
    assert {one["name"] for one in words["parameters"]} >= {"acupuncture:min_signs"}


def test_assess_puts_an_emergency_first_and_gives_a_receipt() -> None:
    answer = called("assess", facts=[*STRAIN, SADDLE])
    assert answer["emergency"] is True
    assert answer["summary"][0].startswith("referral to emergency_department")
    assert {"fact": {"type": "symptom", "term": "saddle_anaesthesia", "present": True}, "evidence": SADDLE["evidence"]} in answer[
        "evidence"
    ]
    assert replay(KB, read_receipt(answer["receipt"])).to_data() == answer["result"]


def test_what_nobody_asked_cannot_become_no() -> None:
    answer = called("assess", facts=[{"type": "symptom", "term": "saddle_anaesthesia", "present": False}])
    assert answer["error"] == "InvalidFactError"
    assert answer["fields"]["place"] == "facts[0].evidence"
    said = {"type": "symptom", "term": "saddle_anaesthesia", "present": False, "evidence": "no, I feel everything there"}
    assert called("assess", facts=[said])["emergency"] is False


def test_why_and_why_not_answer_by_the_id_of_a_conclusion() -> None:
    why = called("why", facts=STRAIN, conclusion="acute_strain")
    assert "because rule acupuncture:acute-strain" in why["text"]
    assert why["evidence"][0]["evidence"] == STRAIN[0]["evidence"]
    why_not = called("why_not", facts=STRAIN, conclusion="herniated_disk")
    assert why_not["changes"]
    missing = called("why", facts=STRAIN, conclusion="acute_strian")
    assert "did you mean 'acute_strain'?" in missing["message"]


def test_an_interview_goes_on_from_answer_to_answer_until_nothing_can_change() -> None:
    state = called("next_question", facts=STRAIN)
    answers = 0
    while state["question"] is not None and answers < 60:
        state = TOOLS.answer(state["interview"], None if answers % 3 == 2 else _least(state["question"]))
        answers += 1
    assert state["question"] is None
    wrong = called("answer", interview=called("next_question", facts=STRAIN)["interview"], value="perhaps")
    assert wrong["error"] == "AnswerError"


def _least(question: dict[str, Any]) -> Any:
    match question["kind"]:
        case "boolean" | "yes_no":
            return False
        case _:
            return question["options"][0]["value"] if question.get("options") else question.get("least", 0)


@pytest.mark.parametrize("draft", [CLEAN["acupuncture"], CLEAN["red_flags"], CLEAN["tcm_signs"], pack_to_yaml(KB.packs[0])])
def test_a_clean_draft_is_not_accused(draft: Any) -> None:
    answer = Toolbox(KB, seconds=3600).check_pack(draft)  # to the end, however busy the machine is
    assert [one["message"] for one in answer["findings"]] == []


def clean() -> Iterator[Any]:
    """Drafts without a fault: each pack as data, JSON and YAML, in another order, in other words, with more that is right."""
    for id, data in CLEAN.items():
        yield data
        yield json.dumps(data)
        yield pack_to_yaml(next(pack for pack in KB.packs if pack.id == id), requires=KB.packs)
        yield {**data, "rules": data["rules"][::-1]}
        yield {**data, "version": "9", "title": "A draft"}
        yield {**data, "rules": [{**rule, "note": "Seen by two people."} for rule in data["rules"]]}
        first, *rest = data["rules"]
        yield {**data, "rules": [{**first, "fires_on": first["fires_on"] * 2}, *rest]}


def test_no_clean_draft_is_accused() -> None:
    quick = Toolbox(KB, seconds=0.05)  # the proofs of these rules are tried to the end in the test above
    drafts = list(clean())
    accused = [one for draft in drafts for one in quick.check_pack(draft)["findings"] if one["kind"] != "unfinished"]
    assert len(drafts) >= 20
    assert accused == []


def test_two_versions_are_compared_by_id_and_by_data() -> None:
    assert called("diff_packs", old="acupuncture", new=CLEAN["acupuncture"])["equivalent"] is True
    changed = copy.deepcopy(CLEAN["acupuncture"])
    changed["parameters"]["stop_below"]["default"] = 4
    differences = called("diff_packs", old="acupuncture", new=changed)["differences"]
    assert differences[0]["case"]


OTHER = KnowledgeBase.load("acupuncture").interview().to_data()


@pytest.mark.parametrize(
    ("tool", "arguments", "error", "hint"),
    [
        ("assess", {"facts": [{"type": "pian", "region": "neck"}]}, "UnknownFactTypeError", "did you mean 'pain'?"),
        ("assess", {"facts": [{"type": "symptom", "term": "night_sweat"}]}, "UnknownIdError", "did you mean 'night_sweats'"),
        ("assess", {"facts": [{"type": "pain", "region": "neck", "severity": 11}]}, "InvalidFactError", "Pain.severity"),
        ("assess", {"facts": [STRAIN[0], {**STRAIN[0], "severity": 2}]}, "ConflictingFactError", "severity"),
        ("next_question", {"facts": [{"type": "finding", "condition": "acute_strain"}]}, "InvalidFactError", "by rules"),
        ("why", {"facts": STRAIN, "conclusion": "nothing"}, "UnknownTargetError", "why_not says why"),
        ("why_not", {"facts": STRAIN, "conclusion": "acute_strian"}, "UnknownIdError", "did you mean 'acute_strain'?"),
        ("answer", {"interview": {}, "value": True}, "SavedStateError", "interview"),
        ("answer", {"interview": OTHER, "value": True}, "OtherPacksError", "red_flags"),
        ("check_pack", {"draft": {"backpain_rules_pack": 1, "id": "x", "version": "1", "title": "x", "rulez": []}},
         "PackLoadError", "did you mean 'rules'?"),
        ("diff_packs", {"old": "acupuncture", "new": "acupunkture"}, "UnknownPackError", "did you mean 'acupuncture'?"),
    ],
)  # fmt: skip
def test_an_error_arrives_with_its_name_its_sentence_and_its_details(
    tool: str, arguments: dict[str, Any], error: str, hint: str
) -> None:
    answer = called(tool, **arguments)
    assert answer["error"] == error, answer
    assert hint in answer["message"]
    assert json.loads(json.dumps(answer["fields"])) == answer["fields"]


# --- drafts with one planted fault ------------------------------------------------------------------------------------


def planted() -> Iterator[tuple[str, dict[str, Any], str]]:
    """A draft for each of several faults in each of several rules: a pack, the faulty draft, what was done."""
    faults: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
        ("a sentence left out", _without_sentence), ("a premise dropped", _dropped), ("a premise turned", _turned),
        ("a threshold moved", _moved), ("a premise invented", _invented), ("unknown read as no", _unknown_as_no),
    ]  # fmt: skip
    for id, data in CLEAN.items():
        for name, plant in faults:
            done = 0
            for number in range(len(data["rules"])):
                if done == 6:
                    break
                draft = copy.deepcopy(data)
                draft["rules"] = draft["rules"][number:] + draft["rules"][:number]
                if plant(draft):
                    done += 1
                    yield id, draft, f"{name}, rule {draft['rules'][0]['id']}"


def _without_sentence(draft: dict[str, Any]) -> bool:
    draft["rules"][0].pop("source", None)
    return True


def _dropped(draft: dict[str, Any]) -> bool:
    when = draft["rules"][0]["when"]
    if not isinstance(when, dict) or len(when.get("all_of", [])) < 2:
        return False
    when["all_of"].pop()
    return _parses(draft)


def _turned(draft: dict[str, Any]) -> bool:
    when = draft["rules"][0]["when"]
    if isinstance(when, str) and ">=" not in when and when in {**draft.get("symptoms", {}), **draft.get("conditions", {})}:
        draft["rules"][0]["when"] = {"not": when}
        return True
    return False


def _moved(draft: dict[str, Any]) -> bool:
    text = json.dumps(draft["rules"][0]["when"])
    if " >= " not in text:
        return False
    draft["rules"][0]["when"] = json.loads(text.replace(" >= ", " < ", 1))
    return True


def _unknown_as_no(draft: dict[str, Any]) -> bool:
    """What is known to be absent becomes what is not known to be there, or the other way round."""
    text = json.dumps(draft["rules"][0]["when"])
    for wrong, right in (('"unless"', '"absent"'), ('"unless"', '"not"'), ('"not"', '"unless"')):
        if right in text:
            draft["rules"][0]["when"] = json.loads(text.replace(right, wrong, 1))
            return _parses(draft)
    return False


def _invented(draft: dict[str, Any]) -> bool:
    symptom = next(iter(draft.get("symptoms", {})), None)
    if symptom is None or symptom in json.dumps(draft["rules"][0]):
        return False
    draft["rules"][0]["when"] = {"all_of": [draft["rules"][0]["when"], symptom]}
    return True


def _parses(draft: dict[str, Any]) -> bool:
    """Whether a draft is a pack at all; one that is not is refused, which shows its fault too easily."""
    try:
        TOOLS._pack(draft)
    except PackLoadError:
        return False
    return True


def test_a_planted_fault_is_shown_with_a_patient_or_a_sentence() -> None:
    quick = Toolbox(KB, seconds=0.05)  # the example cases and sources answer without a proof
    faults = list(planted())
    missed = [what for _, draft, what in faults if not _shown(quick, draft)]
    assert len(faults) >= 60
    assert {what.partition(", rule ")[0] for _, _, what in faults} == {
        "a sentence left out", "a premise dropped", "a premise turned", "a threshold moved", "a premise invented",
        "unknown read as no",
    }  # fmt: skip
    assert len(missed) <= len(faults) // 20, missed


def _shown(tools: Toolbox, draft: dict[str, Any]) -> bool:
    try:
        findings = tools.check_pack(draft)["findings"]
    except PackLoadError:
        return True
    return any(one.get("patient") is not None or one["kind"] in ("no-source", "unread-statement") for one in findings)


# --- hostile drafts ---------------------------------------------------------------------------------------------------


def deep(levels: int) -> Any:
    data: Any = "fever"
    for _ in range(levels):
        data = {"not": data}
    return data


@pytest.mark.parametrize(
    "draft",
    [
        "a" * (10 << 20),
        {"backpain_rules_pack": 1, "id": "x", "version": "1", "title": "x" * (2 << 20)},
        {"backpain_rules_pack": 1, "id": "x", "version": "1", "title": "x", "rules": [{"id": "r", "when": deep(90), "then": {}}]},
        {"backpain_rules_pack": 1, "id": "x", "version": "1", "title": "x", "rules": [
            {"id": "r", "when": "__import__('os').system('true') >= 1", "then": {"finding": "x"}}]},
        {"backpain_rules_pack": 1, "id": "../../etc/passwd", "version": "1", "title": "x"},
        {"backpain_rules_pack": 1, "id": "x", "version": "1", "title": "x", "requires": ["../../../etc/passwd"]},
        "!!python/object/apply:os.system ['true']",
        "a: &a [x]\nb: [*a, *a]",
        "/etc/passwd",
        "[" * 100_000,
        "{" * 5_000,
    ],
    ids=lambda draft: str(draft)[:40],
)  # fmt: skip
def test_a_hostile_draft_is_refused_and_nothing_of_it_runs(draft: Any) -> None:
    answer = called("check_pack", draft=draft)
    assert answer["error"] in ("PackLoadError", "UnknownPackError"), answer


# --- receipts and the command -----------------------------------------------------------------------------------------


def test_a_receipt_that_was_changed_or_made_under_other_packs_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = TOOLS.assess(STRAIN)["receipt"]
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt))
    assert main(["replay", str(path)]) == 0
    with pytest.raises(OtherPacksError, match="red_flags"):
        replay(KnowledgeBase.load("acupuncture"), read_receipt(receipt))
    path.write_text(json.dumps({**receipt, "facts": receipt["facts"][:1]}))
    assert main(["replay", str(path)]) == 1
    assert "another result" in capsys.readouterr().err
    with pytest.raises(SavedStateError, match="no receipt"):
        read_receipt({**receipt, "packs": None})


def test_the_command_serves_on_standard_input_and_output() -> None:
    async def assessed() -> dict[str, Any]:
        command = StdioServerParameters(command=sys.executable, args=["-m", "backpain_rules", "mcp", "--pack", "acupuncture"])
        async with Client(command) as client:
            result = await client.call_tool("assess", {"facts": STRAIN})
            return result.structured_content or {}

    assert "acute_strain (lumbar)" in anyio.run(assessed)["summary"]


def test_a_draft_of_a_loaded_pack_takes_its_place() -> None:
    draft = Pack("acupuncture", version="2", title="A draft")
    assert TOOLS.check_pack(pack_to_data(draft))["pack"] == "acupuncture"
