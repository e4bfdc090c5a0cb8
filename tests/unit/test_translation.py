"""Words in another language: whole for the shipped pack, checked against what is there, and with no say in what follows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backpain_pack_acupuncture import PACK
from backpain_rules import KnowledgeBase, Pack, Translation, UnknownLanguageError, UnknownTargetError, symptom
from backpain_rules.ir.conclusions import Phrase

CHINESE = PACK.translations["zh-Hans"]
KB = KnowledgeBase([PACK])
CASES = sorted(p for p in (Path(__file__).parents[2] / "examples" / "cases").glob("*.json") if ".expected" not in p.name)
HAN = re.compile(r"[\u4e00-\u9fff]")
CASE_WORDS = re.compile(r"[a-z]{4,}")


def texts_of_the_rules() -> Iterator[str]:
    for rule in PACK.rules:
        if rule.note:
            yield rule.note
        for template in rule.conclusions:
            for name, value in template.fields.items():
                if isinstance(value, Phrase):
                    yield value.text
                elif isinstance(value, str) and name in ("text", "timing", "frequency", "until", "course", "note"):
                    yield value


def test_everything_the_shipped_pack_says_is_said_in_chinese() -> None:
    assert set(CHINESE.labels) == {term.id for term in PACK.terms}
    assert set(CHINESE.questions) == {term.id for term in PACK.terms if getattr(term, "ask", None)}
    assert set(CHINESE.statements) == {source[id].cite for source in PACK.sources for id in source.statements}
    assert set(texts_of_the_rules()) <= set(CHINESE.texts)


def test_a_translated_text_keeps_its_parameters() -> None:
    assert all(set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", said)) for text, said in CHINESE.texts.items())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_report_in_chinese_has_no_english_left_but_names(case: Path) -> None:
    result = KB.assess(KB.read_case(case.read_text()))
    told = result.report("zh-Hans").to_markdown()
    assert HAN.search(told)
    left = re.sub(r"(acupuncture|article):[\w-]+", "", told.replace("\\", ""))
    assert CASE_WORDS.findall(left) == []


def test_a_word_for_what_is_not_there_is_refused_with_the_nearest() -> None:
    words = {"de": Translation(labels={"nigth_sweats": "Nachtschweiß"})}
    with pytest.raises(UnknownTargetError, match=r"label in 'de' to term 'nigth_sweats', .* did you mean 'night_sweats'"):
        KnowledgeBase([PACK, Pack("german", version="1", title="", requires=["acupuncture"], translations=words)])
    with pytest.raises(UnknownTargetError, match="statement 'article:B99'"):
        KnowledgeBase(
            [PACK, Pack("german", version="1", title="", translations={"de": Translation(statements={"article:B99": "x"})})]
        )
    with pytest.raises(UnknownTargetError, match="a code to term 'kidney'"):
        KnowledgeBase([Pack("codes", version="1", title="", codes={"kidney": {"icd11": "SF93"}})])


def test_another_pack_may_bring_a_language() -> None:
    german = Translation(labels={"night_sweats": "Nachtschweiß"}, questions={"night_sweats": "Schwitzen Sie nachts?"})
    kb = KnowledgeBase([PACK, Pack("german", version="1", title="", requires=["acupuncture"], translations={"de": german})])
    assert kb.languages == ("en", "de", "zh-Hans")
    result = kb.assess([symptom("night_sweats", "", ask="").present])
    assert "Nachtschweiß" in result.report("de").to_markdown()


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(UnknownLanguageError, match="there are en, zh-Hans"):
        KB.assess([]).report("fr")
    with pytest.raises(UnknownLanguageError, match="did you mean 'zh-Hans'"):
        KB.assess([]).report("zh-hans")


def test_words_change_nothing_in_a_result() -> None:
    silent = KnowledgeBase([Pack(PACK.id, version=PACK.version, title="", sources=PACK.sources, rules=PACK.rules,
                                 constraints=PACK.constraints, terms=PACK.terms)])  # fmt: skip
    for case in CASES:
        facts = KB.read_case(case.read_text())
        assert json.loads(silent.assess(facts).to_json()) == json.loads(KB.assess(facts).to_json())
