"""What a report of one assessment holds: what follows and how urgent it is, what was said, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from .._version import __version__
from ..explain.conflict import Conflict
from ..explain.derivation import Derivation, in_order
from ..explain.quantities import QuantityValue
from ..explain.unknowns import Undecided, Unknown
from ..facts.base import Fact
from ..facts.types import Diagnosis
from ..pack import Pack
from ..terms import Audience
from .labels import Labels
from .parts import FIRM, NOT_RULED_OUT, PROVISIONAL, Waiting, in_parts, still_open

DISCLAIMER: Final = "This repeats what the cited sources say. It is not medical advice."


@dataclass(frozen=True)
class Contents:
    """An assessment, the language and the reader that it is for, and its date where somebody gave one."""

    labels: Labels
    packs: tuple[Pack, ...]
    facts: tuple[Fact, ...]
    derivations: tuple[Derivation, ...]
    conflicts: tuple[Conflict, ...]
    undecided: tuple[Undecided, ...]
    audience: Audience = "practitioner"
    dated: date | None = None
    quantities: tuple[QuantityValue, ...] = ()

    def parts(self) -> dict[str, tuple[Derivation, ...]]:
        """The conclusions under their headings, the most urgent first, else each after those that it rests on."""
        return in_parts(in_order(self.derivations), lambda derivation: derivation.fact)

    def measured(self) -> Iterator[tuple[str, str]]:
        """Each quantity with its value or range, and what is not known of it, if anything."""
        say = self.labels.say
        for one in self.quantities:
            missing = say("not known: {}", self.labels.unknowns(one.unknown)) if one.unknown else ""
            yield say("{}: {}", self.labels.text(one.label), one.summary), missing

    def still_open(self) -> dict[str, Waiting]:
        """What could still follow, under its headings and by the answers that it waits for."""
        return still_open(self.undecided, self.labels)

    def not_ruled_out(self) -> str:
        """How many emergencies are still open, for a practitioner; empty where there is none."""
        waiting = {} if self.audience == "patient" else self.still_open().get(NOT_RULED_OUT, {})
        number = sum(map(len, waiting.values()))
        return self.labels.say("{} ({})", self.labels.say(NOT_RULED_OUT), number) if number else ""

    def open_answers(self) -> tuple[Unknown, ...]:
        """The unknowns that what is open waits for, each once, and what only a diagnosis answers last."""
        needed = dict.fromkeys(unknown for one in self.undecided for unknown in one.needs)
        return tuple(sorted(needed, key=lambda unknown: unknown.kind is Diagnosis))

    def legend(self) -> Iterator[str]:
        """What "firm" and "provisional" mean, where they occur."""
        sure = {derivation.firm for derivation in self.derivations}
        yield from (self.labels.say(said) for is_firm, said in ((True, FIRM), (False, PROVISIONAL)) if is_firm in sure)

    def made(self) -> Iterator[str]:
        """When the report was made, and with which packs."""
        say = self.labels.say
        if self.dated is not None:
            yield say("Date: {}", self.dated.isoformat())
        packs = say(", ").join(f"{self.labels.text(pack.title)} {pack.version}" for pack in self.packs)
        yield say("Packs: {}", packs)
        yield f"backpain_rules {__version__}"
