"""How an explanation is worded. Here in ids and English, as developers know them; others word it for other readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..errors import printable
from ..facts.base import Fact
from ..ground.nodes import Atom
from ..ir.conclusions import spoken
from ..ir.expressions import Premise
from ..ir.render import render
from ..link.model import LinkedExtension, Override
from ..source import Statement
from .unknowns import Unknown, say_unknowns
from .words import details, title


class Wording:
    """Says facts, premises, unknowns and sources; and the library's own phrases, which are written in English."""

    language: str = "en"

    def say(self, phrase: str, *values: object) -> str:
        """One of the library's phrases, with its values in the places marked `{}`; without values, a word as it is."""
        return phrase.format(*values) if values else phrase

    def title(self, fact: Fact) -> str:
        """What a fact is about."""
        return title(fact)

    def details(self, fact: Fact) -> tuple[str, ...]:
        """What it says beyond that."""
        return details(fact)

    def fact(self, fact: Fact) -> str:
        """All of a fact."""
        said = self.title(fact)
        for detail in self.details(fact):
            said = self.say("{}, {}", said, detail)
        return said

    def unknowns(self, unknowns: Iterable[Unknown]) -> str:
        """What is not known, the first few of it."""
        return say_unknowns(unknowns)

    def premise(self, text: str, asks: Atom | Premise | Fact | Override | None) -> str:
        """A premise: `text` is how its author wrote it, `asks` what it asks, where that is known."""
        return text

    def extension(self, extension: LinkedExtension) -> str:
        """What a pack added to a sign set that a rule counts."""
        added = ", ".join(render(member) for member in extension.extension.members)
        return self.say("pack {} adds {} to {}", extension.pack, added, extension.target)

    def statement(self, statement: Statement) -> str:
        """What a source says."""
        return printable(statement.text)

    def text(self, text: str) -> str:
        """A text that a rule carries or concludes: a note, a frequency."""
        return printable(text)

    def value(self, value: object) -> str:
        """A number, a time, a word."""
        return printable(spoken(value))


IDS: Final = Wording()
"""In ids."""
