"""Where knowledge comes from: a source and its statements, by id, in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .errors import DefinitionError, UnknownStatementError, did_you_mean

Standing: TypeAlias = Literal["stated", "implied", "disputed", "unsupported", "anecdotal"]


@dataclass(frozen=True)
class Statement:
    """One statement of a source. `standing` and `note` say where it is weak."""

    source: str
    id: str
    text: str
    standing: Standing = "stated"
    note: str | None = None

    @property
    def cite(self) -> str:
        """How it is cited: `article:B2`."""
        return f"{self.source}:{self.id}"


@dataclass(frozen=True)
class Source:
    """A text that rules rest on. `statements` maps an id to a paraphrase.

    `standing` marks the statements that are not simply stated, `notes` says why, and `unused` gives, for each
    statement that became no rule, the reason.

    >>> from backpain_rules import Source
    >>> ARTICLE = Source("article", "Acupuncture for back pain", {"B2": "sooner is better", "B3": "pain is lack of flow"})
    >>> ARTICLE["B2"].cite
    'article:B2'
    >>> [s.id for s in ARTICLE("B2", "B3")]
    ['B2', 'B3']
    """

    id: str
    title: str
    statements: Mapping[str, str]
    url: str | None = field(default=None, kw_only=True)
    standing: Mapping[str, Standing] = field(default_factory=dict[str, "Standing"], kw_only=True)
    notes: Mapping[str, str] = field(default_factory=dict[str, str], kw_only=True)
    unused: Mapping[str, str] = field(default_factory=dict[str, str], kw_only=True)

    def __post_init__(self) -> None:
        for what in ("standing", "notes", "unused"):
            for id in getattr(self, what):
                if id not in self.statements:
                    raise DefinitionError(
                        f"source {self.id!r}: {what} speaks of statement {id!r}, which it does not have"
                        f"{did_you_mean(id, self.statements)}"
                    )

    def __getitem__(self, id: str) -> Statement:
        if id not in self.statements:
            hint = did_you_mean(id, self.statements) or f"; it has {', '.join(self.statements)}"
            raise UnknownStatementError(f"source {self.id!r} has no statement {id!r}{hint}", source=self.id, statement=id)
        return Statement(self.id, id, self.statements[id], self.standing.get(id, "stated"), self.notes.get(id))

    def __call__(self, *ids: str) -> tuple[Statement, ...]:
        return tuple(self[id] for id in ids)
