"""One assessment made ready to be read by people, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from ..draw.style import STYLE
from .contents import Contents
from .report_html import html_page, html_report
from .report_markdown import markdown_report


@dataclass(frozen=True)
class Report(Contents):
    """What follows and why, an emergency first; what does not go together, what was said, what is open.

    A notebook shows it as HTML.
    """

    def to_html(self) -> str:
        """A page of its own: it needs no script, no other file and no network."""
        return html_page(self)

    def to_markdown(self) -> str:
        """As Markdown."""
        return markdown_report(self)

    def _repr_html_(self) -> str:
        return f"<style>{STYLE}</style>\n{html_report(self)}"
