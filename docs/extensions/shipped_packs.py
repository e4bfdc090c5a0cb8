"""`.. shipped-packs::`: what the packs of the library rest on, and their parameters."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backpain_rules import KnowledgeBase, Pack, Parameter
from backpain_rules.ir.expressions import spoken

SHIPPED = ("acupuncture", "tcm_signs", "red_flags")


class ShippedPacks(SphinxDirective):
    """A section for each pack."""

    def run(self) -> list[nodes.Node]:
        packs = {pack.id: pack for pack in KnowledgeBase.load(*SHIPPED).packs}
        return [self._section(packs[name]) for name in SHIPPED]

    def _section(self, pack: Pack) -> nodes.section:
        title = f"{pack.id}: {pack.title}"
        section = nodes.section(ids=[nodes.make_id(pack.id)], names=[pack.id])
        section += nodes.title(title, title)
        self.state.nested_parse(StringList(list(described(pack)), self.get_source_info()[0]), self.content_offset, section)
        return section


def described(pack: Pack) -> Iterator[str]:
    """The pack in lines of reStructuredText."""
    requires = f", on top of {' and '.join(pack.requires)}" if pack.requires else ""
    statements = sum(len(source.statements) for source in pack.sources)
    yield f"Version {pack.version}, {len(pack.rules)} rules{requires}. Its {statements} statements are from:"
    yield ""
    for source in pack.sources:
        yield f"- {source.title}" + (f", {source.url}" if source.url else "")
    yield from ("", "Its parameters:", "", ".. list-table::", "   :header-rows: 1", "")
    yield from row("parameter", "default", "range", "what it is")
    for number in pack.parameters:
        yield from row(f"``{pack.id}:{number.id}``", spoken(number.default), bounds(number), number.doc)
    yield ""


def row(first: str, *others: str) -> Iterator[str]:
    yield f"   * - {first}"
    yield from (f"     - {cell}" for cell in others)


def bounds(number: Parameter[object]) -> str:
    return " to ".join(spoken(limit) for limit in (number.ge, number.le) if limit is not None)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("shipped-packs", ShippedPacks)
    return {"parallel_read_safe": True}
