"""The pictures of the gallery, drawn anew with each build: what the library shows of one patient today, and no older picture."""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx

from backpain_rules import KnowledgeBase

ROOT = Path(__file__).parents[2]
PATIENTS = {"strain": "lifting_strain.json", "emergency": "red_flags/saddle_anaesthesia.json"}


def draw(app: Sphinx, error: Exception | None) -> None:
    """Write the reports of the patients, a derivation and the graph of a pack beside the pages."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "gallery"
    folder.mkdir(exist_ok=True)
    kb = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
    for name, file in PATIENTS.items():
        result = kb.assess(kb.read_case((ROOT / "examples" / "cases" / file).read_bytes()))
        (folder / f"{name}.html").write_text(result.report().to_html(), encoding="utf-8")
    article = KnowledgeBase.load("acupuncture")
    case = json.loads((ROOT / "examples" / "cases" / PATIENTS["strain"]).read_bytes())
    result = article.assess(article.read_case(case))
    (folder / "derivation.svg").write_text(result.why(result.findings[1]).picture().to_svg(), encoding="utf-8")
    (folder / "conclusions.svg").write_text(kb.graph(detail="conclusions").to_svg(), encoding="utf-8")
    (folder / "rule.svg").write_text(article.graph("acupuncture:herniated-disk").to_svg(), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", draw)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
