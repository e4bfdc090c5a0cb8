"""Whatever a patient, a pack or a source says, it is shown as text: it is never a template, markup or a command to a terminal."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import (
    Caution,
    KnowledgeBase,
    Pack,
    Referral,
    Rule,
    Translation,
    conclude,
    condition,
    symptom,
)
from backpain_rules.interchange.cds_hooks import cds_cards

NASTY = ("{}", "{0}", "{mg}", "{", "}", "{{", "{0.__class__}", "{:>9}", "%s", "%(x)s", "<b>", "</script>", "&amp;")
QUOTING = ('"', "'", "`*_#|~[x](y)")
UNSEEN = ("\x1b[31m", "\x00", "\x07", "\n", "\u202e", "\u2066", "\u200b", "\x9b")
PARTS = st.sampled_from((*NASTY, *QUOTING, *UNSEEN, "dose ", "x"))
TEXTS = st.lists(PARTS, min_size=1, max_size=6).map("".join).filter(lambda text: bool(text.strip()))


class Tags(HTMLParser):
    """The tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)


def saying(text: str) -> KnowledgeBase:
    """A knowledge base that says this text wherever it says anything."""
    cold = symptom("cold", text, ask=text)
    chill = condition("chill", text)
    rules = [
        Rule("chill", when=cold, then=chill.finding(), note=text),
        Rule("go", when=chill, then=conclude(Referral, to=text, urgency="soon", reason=text)),
        Rule("care", when=chill, then=conclude(Caution, about=text, text=text)),
    ]
    words = {"zh-Hans": Translation(labels={"chill": text}, questions={"cold": text})}
    return KnowledgeBase([Pack("demo", version="1", title=text, rules=rules, translations=words)])


@given(TEXTS)
def test_every_way_to_show_a_result_takes_any_text(text: str) -> None:
    kb = saying(text)
    plain = saying("word")
    given_ = [symptom("cold", text, ask=text).present]
    result, like = kb.assess(given_), plain.assess([symptom("cold", "word", ask="word").present])
    for language in kb.languages:
        labels = result.labels(language)
        report = result.report(language)
        shown = [
            report.to_html(),
            report.to_markdown(),
            kb.graph(language=language).to_svg(),
            kb.graph(language=language).to_mermaid(),
            *(labels.fact(fact) for fact in result.derived),
            *(question.text for question in kb.assess([]).next_questions(language)),
        ]
        shown += [f"{card['summary']}\n{card['detail']}" for card in cds_cards(result, source="demo")["cards"]]
        assert Tags(report.to_html()).found == Tags(like.report(language).to_html()).found
        for made in shown:
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066]", made)
    derivation = result.why(result.findings[0])
    for made in (str(derivation), derivation.to_markdown(), derivation._repr_html_(), derivation.picture().to_mermaid()):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066]", made)


def test_a_referral_to_somebody_in_braces_is_shown_as_it_was_written() -> None:
    kb = saying("dose {mg}")
    result = kb.assess([symptom("cold", "dose {mg}", ask="dose {mg}").present])
    assert "dose {mg}" in result.report().to_html()
    assert "note: dose {mg}" in result.explain()
