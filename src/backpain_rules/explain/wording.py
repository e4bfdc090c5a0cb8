"""The wording of explanations. This one uses ids and English, for developers; subclasses address other readers."""

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
    """Words for facts, premises, unknowns and sources, and for the library's own phrases, which are written in English."""

    language: str = "en"

    def say(self, phrase: str, *values: object) -> str:
        """One of the library's phrases, with values for its `{}` marks; without values, a single word."""
        return phrase.format(*values) if values else phrase

    def title(self, fact: Fact) -> str:
        """The subject of a fact."""
        return title(fact)

    def details(self, fact: Fact) -> tuple[str, ...]:
        """The rest of a fact, slot by slot."""
        return details(fact)

    def fact(self, fact: Fact) -> str:
        """The whole fact."""
        said = self.title(fact)
        for detail in self.details(fact):
            said = self.say("{}, {}", said, detail)
        return said

    def unknowns(self, unknowns: Iterable[Unknown]) -> str:
        """The first few unknowns."""
        return say_unknowns(unknowns)

    def premise(self, text: str, asks: Atom | Premise | Fact | Override | None) -> str:
        """A premise: `text` is the author's wording, `asks` the object behind it if known."""
        return text

    def extension(self, extension: LinkedExtension) -> str:
        """The signs that a pack added to a sign set that a rule counts."""
        added = ", ".join(render(member) for member in extension.extension.members)
        return self.say("pack {} adds {} to {}", extension.pack, added, extension.target)

    def statement(self, statement: Statement) -> str:
        """A statement of a source."""
        return printable(statement.text)

    def text(self, text: str) -> str:
        """A text of a rule or conclusion: a note, a frequency."""
        return printable(text)

    def value(self, value: object) -> str:
        """A single value: a number, a time, a word."""
        return printable(spoken(value))


IDS: Final = Wording()
"""In ids."""
