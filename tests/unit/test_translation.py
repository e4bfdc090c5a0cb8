"""Words in another language: whole for every shipped pack, checked against what is there, and with no say in what follows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from backpain_pack_acupuncture import PACK as ACUPUNCTURE
from backpain_pack_red_flags import PACK as RED_FLAGS
from backpain_pack_tcm_signs import PACK as TCM_SIGNS
from backpain_rules import (
    Assessment,
    KnowledgeBase,
    Pack,
    Rule,
    Translation,
    UnknownLanguageError,
    UnknownTargetError,
    symptom,
)
from backpain_rules.ir.conclusions import Phrase

SHIPPED = (ACUPUNCTURE, RED_FLAGS, TCM_SIGNS)
TOGETHER = KnowledgeBase(SHIPPED)
SILENT = KnowledgeBase([replace(pack, translations={}) for pack in SHIPPED])
ALONE = {pack.id: KnowledgeBase([pack, *(other for other in SHIPPED if other.id in pack.requires)]) for pack in SHIPPED}
"""Each shipped pack with no others than those that it requires."""

CASES = sorted(p for p in (Path(__file__).parents[2] / "examples" / "cases").rglob("*.json") if ".expected" not in p.name)
RULES = [(pack, rule) for pack in SHIPPED for rule in pack.rules]

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]\w*", re.ASCII)
IDS = re.compile(
    rf"\b({'|'.join([*(pack.id for pack in SHIPPED), *(source.id for pack in SHIPPED for source in pack.sources)])}):[\w-]+",
    re.ASCII,
)
"""A rule, a parameter, a statement: `red_flags:fracture`, `acupuncture:mild_max`, `article:B2`."""
NAMES = {"NICE", "NG59", "A3", "B1", "B7", "backpain_rules"}
"""This library, an institute and its guideline, and statements that notes of the article name. No others are left in Latin."""

every_pack = pytest.mark.parametrize("pack", SHIPPED, ids=lambda pack: pack.id)


def name(case: Path) -> str:
    return f"{case.parent.name}-{case.stem}"


def texts_of(pack: Pack) -> Iterator[str]:
    """What the pack says itself: titles, what its rules note and conclude, the words that those give for where and why."""
    terms = {id for _, id in ALONE[pack.id]._linked.terms}
    yield from (pack.title, *(source.title for source in pack.sources))
    yield from (signs.label for signs in pack.sign_sets if signs.label)
    for rule in pack.rules:
        if rule.note:
            yield rule.note
        for template in rule.conclusions:
            for field, value in template.fields.items():
                if isinstance(value, Phrase):
                    yield value.text
                elif isinstance(value, str) and (
                    field in ("text", "timing", "frequency", "until", "course", "note")
                    or (field in ("about", "to", "reason") and value not in terms)
                ):
                    yield value


class Read(HTMLParser):
    """What of a page is read, aloud too: all text but the style, that of a drawing as if its lines were not broken."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said = ""
        self.tag = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        self.said += "".join(f"{text}\n" for name, text in attrs if name in ("title", "aria-label"))

    def handle_endtag(self, tag: str) -> None:
        self.said += "" if tag == "tspan" else "\n"

    def handle_data(self, data: str) -> None:
        self.said += "" if self.tag == "style" else data


def left_in_english(result: Assessment) -> set[str]:
    """The words that a report in Chinese, as Markdown and as a page, has in Latin letters and that are no names."""
    report = result.report("zh-Hans")
    markdown, page = report.to_markdown().replace("\\", ""), Read(report.to_html()).said
    assert HAN.search(markdown)
    assert HAN.search(page)
    return {word for told in (markdown, page) for word in LATIN.findall(IDS.sub("", told))} - NAMES


@every_pack
def test_everything_a_shipped_pack_says_is_said_in_chinese(pack: Pack) -> None:
    kb, own = ALONE[pack.id], pack.translations["zh-Hans"]
    words = [loaded.translations["zh-Hans"] for loaded in kb.packs]
    assert {id for said in words for id in said.labels} == {id for _, id in kb._linked.terms}
    asked = {id for (_, id), term in kb._linked.terms.items() if getattr(term, "ask", None)}
    assert {id for said in words for id in said.questions} == asked
    assert set(own.statements) == {source[id].cite for source in pack.sources for id in source.statements}
    assert set(own.texts) == set(texts_of(pack))


@every_pack
def test_everything_said_in_chinese_is_chinese(pack: Pack) -> None:
    own = pack.translations["zh-Hans"]
    assert all(HAN.search(said) for words in (own.labels, own.questions, own.statements, own.texts) for said in words.values())
    assert all(said.endswith(("？", "）")) for said in own.questions.values())


@every_pack
def test_a_translated_text_keeps_its_parameters(pack: Pack) -> None:
    texts = pack.translations["zh-Hans"].texts
    assert all(set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", said)) for text, said in texts.items())


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_report_in_chinese_has_no_english_left_but_names(case: Path) -> None:
    for kb in (TOGETHER, ALONE["acupuncture"]) if case.parent.name == "cases" else (TOGETHER,):
        assert left_in_english(kb.assess(kb.read_case(case.read_text()))) == set()


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=lambda one: one.id)
def test_whatever_a_rule_concludes_is_reported_in_chinese_without_other_packs(pack: Pack, rule: Rule) -> None:
    for facts in rule.fires_on:
        assert left_in_english(ALONE[pack.id].assess(facts)) == set()


def test_a_word_for_what_is_not_there_is_refused_with_the_nearest() -> None:
    words = {"de": Translation(labels={"nigth_sweats": "Nachtschweiß"})}
    with pytest.raises(UnknownTargetError, match=r"label in 'de' to term 'nigth_sweats', .* did you mean 'night_sweats'"):
        KnowledgeBase([ACUPUNCTURE, Pack("german", version="1", title="", requires=["acupuncture"], translations=words)])
    with pytest.raises(UnknownTargetError, match="statement 'article:B99'"):
        KnowledgeBase(
            [
                ACUPUNCTURE,
                Pack("german", version="1", title="", translations={"de": Translation(statements={"article:B99": "x"})}),
            ]
        )
    with pytest.raises(UnknownTargetError, match="a code to term 'kidney'"):
        KnowledgeBase([Pack("codes", version="1", title="", codes={"kidney": {"icd11": "SF93"}})])


def test_another_pack_may_bring_a_language() -> None:
    german = Translation(labels={"night_sweats": "Nachtschweiß"}, questions={"night_sweats": "Schwitzen Sie nachts?"})
    kb = KnowledgeBase(
        [ACUPUNCTURE, Pack("german", version="1", title="", requires=["acupuncture"], translations={"de": german})]
    )
    assert kb.languages == ("en", "de", "zh-Hans")
    result = kb.assess([symptom("night_sweats", "", ask="").present])
    assert "Nachtschweiß" in result.report("de").to_markdown()


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(UnknownLanguageError, match="there are en, zh-Hans"):
        TOGETHER.assess([]).report("fr")
    with pytest.raises(UnknownLanguageError, match="did you mean 'zh-Hans'"):
        TOGETHER.assess([]).report("zh-hans")


@pytest.mark.parametrize("case", CASES, ids=name)
def test_words_change_nothing_in_a_result(case: Path) -> None:
    facts = TOGETHER.read_case(case.read_text())
    assert json.loads(SILENT.assess(facts).to_json()) == json.loads(TOGETHER.assess(facts).to_json())
