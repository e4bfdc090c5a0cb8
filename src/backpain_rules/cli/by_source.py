"""Where each statement of a source ended: in rules, in parameters, in a reason why it is unused, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from ..link.model import Linked
from ..pack import Pack
from ..source import Source, Statement


@dataclass(frozen=True)
class Ending:
    """One statement of a source, what it became in the packs that are loaded, and why it became nothing."""

    source: Source
    statement: Statement
    became: tuple[str, ...]
    unused: str | None

    @property
    def is_missing(self) -> bool:
        """It became nothing, and nobody says why."""
        return not self.became and self.unused is None

    def to_data(self) -> dict[str, object]:
        """As JSON data."""
        one = self.statement
        said = {
            "source": one.source,
            "statement": one.id,
            "text": one.text,
            "standing": one.standing,
            "became": list(self.became),
        }
        reason = {"unused": self.unused} if self.unused is not None else {}
        return {**said, **reason, "missing": self.is_missing}

    def lines(self) -> Iterator[str]:
        """As text, below a heading for the first statement of its source."""
        if self.statement.id == next(iter(self.source.statements)):
            yield f"{self.source.id}: {self.source.title}"
        standing = "" if self.statement.standing == "stated" else f" ({self.statement.standing})"
        yield f"  {self.statement.id}{standing}  {self.statement.text}"
        yield from (f"      {what}" for what in self.became)
        if self.unused is not None:
            yield f"      unused: {self.unused}"
        elif self.is_missing:
            yield "      MISSING: nothing cites it, and the source gives no reason under `unused`"


def endings(linked: Linked, packs: Set[str]) -> tuple[Ending, ...]:
    """Every statement of the sources of these packs, in the order of the source."""
    return tuple(
        Ending(source, source[id], tuple(_uses(linked.packs, pack, source[id])), source.unused.get(id))
        for pack in linked.packs
        if pack.id in packs
        for source in pack.sources
        for id in source.statements
    )


def _uses(packs: Iterable[Pack], owner: Pack, statement: Statement) -> Iterator[str]:
    """What cites the statement, in any of the packs; and the parameters and notes that speak of it."""
    for pack in packs:
        speaks_of = _mention(statement, by_id=pack is owner)
        yield from (f"rule {pack.id}:{rule.id}" for rule in pack.rules if statement in rule.statements)
        yield from (f"constraint {pack.id}:{one.id}" for one in pack.constraints if statement in one.statements)
        for extension in pack.extends:
            if statement in extension.statements:
                target = extension.target if isinstance(extension.target, str) else extension.target.id
                yield f"extension by {pack.id} of {target}"
        yield from (f"parameter {pack.id}:{number.id}" for number in pack.parameters if speaks_of.search(number.doc))
        noted = (rule for rule in pack.rules if rule.note and statement not in rule.statements)
        yield from (f"note of rule {pack.id}:{rule.id}" for rule in noted if speaks_of.search(rule.note or ""))


def _mention(statement: Statement, *, by_id: bool) -> re.Pattern[str]:
    """The statement named in a text: `article:B2`, and in its own pack also `B2`, as long as that is no word."""
    cite, id = re.escape(statement.cite), re.escape(statement.id)
    plain = f"|{id}" if by_id and re.fullmatch(r"[A-Z]+\d+", statement.id) else ""
    return re.compile(rf"(?<![\w:])(?:{cite}{plain})(?!\w)")
