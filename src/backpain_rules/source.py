"""Sources of knowledge: their statements, by id, paraphrased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from .arguments import one_of, text, text_or_none, texts
from .errors import DefinitionError, UnknownStatementError, did_you_mean, shown
from .symbols import Declared

Standing: TypeAlias = Literal["stated", "implied", "disputed", "unsupported", "anecdotal"]
STANDINGS: Final[tuple[str, ...]] = get_args(Standing)


@dataclass(frozen=True)
class Statement(Declared):
    """One statement of a source. `at` is its place in the text; `standing` and `note` describe its limits."""

    instead_of_truth = instead_of_operators = "to go by: for two statements write SOURCE('A1', 'A2')"
    source: str
    id: str
    text: str
    standing: Standing = "stated"
    note: str | None = None
    at: str | None = None

    def __post_init__(self) -> None:
        for name in ("source", "id", "text"):
            text("Statement", name, getattr(self, name))
        one_of(f"statement {self.id!r}", "standing", self.standing, STANDINGS)
        text_or_none(f"statement {self.id!r}", "note", self.note)
        text_or_none(f"statement {self.id!r}", "at", self.at)

    def _said(self) -> str:
        return f"statement {self.cite!r}"

    @property
    def cite(self) -> str:
        """Its citation: `article:B2`."""
        return f"{self.source}:{self.id}"


@dataclass(frozen=True)
class Source(Declared):
    """A text that rules cite. `statements` maps an id to a paraphrase, and `at` maps an id to the place in the text ("paragraph
    4").

    `standing` marks statements that are, for example, disputed; `notes` explains why; `unused` gives the reason for each
    statement that no rule uses.

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
    at: Mapping[str, str] = field(default_factory=dict[str, str], kw_only=True)

    def __post_init__(self) -> None:
        place = f"source {shown(self.id)}"
        for name in ("id", "title"):
            text(place, name, getattr(self, name))
        text_or_none(place, "url", self.url)
        for name in ("statements", "standing", "notes", "unused", "at"):
            texts(place, name, getattr(self, name))
        for id, standing in self.standing.items():
            one_of(place, f"standing[{id!r}]", standing, STANDINGS)
        for what in ("standing", "notes", "unused", "at"):
            for id in getattr(self, what):
                if id not in self.statements:
                    raise DefinitionError(
                        f"source {self.id!r}: {what} speaks of statement {id!r}, which it does not have"
                        f"{did_you_mean(id, self.statements)}"
                    )

    def __getitem__(self, id: str) -> Statement:
        if not isinstance(id, str) or id not in self.statements:
            hint = did_you_mean(str(id), self.statements) or f"; it has {', '.join(self.statements)}"
            raise UnknownStatementError(f"source {self.id!r} has no statement {id!r}{hint}", source=self.id, statement=id)
        return Statement(self.id, id, self.statements[id], self.standing.get(id, "stated"), self.notes.get(id), self.at.get(id))

    def __call__(self, *ids: str) -> tuple[Statement, ...]:
        if not ids:
            raise UnknownStatementError(f"source {self.id!r}: name the statements, as in SOURCE('A1', 'A2')", source=self.id)
        return tuple(self[id] for id in ids)
