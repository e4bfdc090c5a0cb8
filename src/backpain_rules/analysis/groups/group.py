"""A group of findings with one cause, its sides, and proposals to resolve it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ...acceptance import CODES
from ...facts.base import Fact, to_data
from ..diagnostic import Diagnostic, say_case
from .changes import Changes
from .harm import Harm

How: TypeAlias = Literal["override", "override the other way", "narrower premise", "partition", "leave out"]
Outcome: TypeAlias = Literal["settles", "does not settle", "refused", "not tried"]
KINDS = {"same": "same premises", "inside": "one inside the other", "partial": "partial overlap"}
MOST_SHOWN = 3
"""The text lists at most so many findings of a group."""
MOST_CITED = 6
"""At most so many statements of sources are listed individually."""


@dataclass(frozen=True)
class Side:
    """One side of a conflict: the conclusion, the rules that draw it, and the statements they cite."""

    conclusion: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]

    def __str__(self) -> str:
        many = "1 rule" if len(self.rules) == 1 else f"{len(self.rules)} rules"
        cited = f"; sources: {_cited(self.sources)}" if self.sources else ""
        return f"{self.conclusion}: {many}, {_some(self.rules, 4)}{cited}"


@dataclass(frozen=True)
class Proposal:
    """Changes of rules, and the result of repeating the proof with them. Apply them by `kb.revised(proposal.upon, proposal)`.

    `upon` holds the first proposals of the earlier groups, on top of which it was tried. `outcome` is "settles" if no finding of
    the group is left and BR001 to BR005 report nothing new. For other outcomes, `detail` gives the reason.
    """

    how: How
    summary: str
    changes: Changes
    outcome: Outcome
    detail: str = ""
    upon: Changes = field(default=Changes(), repr=False)

    @property
    def settles(self) -> bool:
        """Whether it is proved that it removes all findings of the group and causes no others."""
        return self.outcome == "settles"

    def __str__(self) -> str:
        return f"{self.how}: {self.summary} [{self.outcome}{f': {self.detail}' if self.detail else ''}]"

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "how": self.how, "summary": self.summary, "outcome": self.outcome, "detail": self.detail,
            "changes": self.changes.to_data(),
        }  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Findings with one cause: two contradictory conclusions, or one culprit.

    `harm` is the gravest conclusion of its rules. `patients` is the number affected among `drawn` random patients, with all
    answers equally likely: it measures the overlap of the rules, not the patients of a clinic. It is None if there is no witness
    or none can be drawn. `kinds` counts the relations between the premises of each pair of rules.
    """

    code: str
    title: str
    findings: tuple[Diagnostic, ...]
    harm: Harm
    patients: int | None
    drawn: int
    patient: tuple[Fact, ...] | None
    kinds: Mapping[str, int]
    sides: tuple[Side, ...]
    proposals: tuple[Proposal, ...] = ()

    @property
    def name(self) -> str:
        """The kind of fault in words: `exclusive-conclusions-meet`."""
        return CODES[self.code]

    @property
    def best(self) -> Proposal | None:
        """The first proposal, if it settles the group."""
        return next((one for one in self.proposals[:1] if one.settles), None)

    def __str__(self) -> str:
        many = len(self.findings)
        if many == 1:
            lines = [str(self.findings[0]), f"    {self.measure}"]
        else:
            lines = [f"{self.code} {self.name}: {self.title}", f"    {many} findings; {self.measure}"]
        if self.kinds:
            lines.append(f"    premises: {self.overlap}")
        lines += [f"    {side}" for side in self.sides if many > 1 or side.sources]
        if many > 1:
            if self.patient is not None:
                lines.append(f"    smallest patient: {say_case(self.patient)}")
            for one in self.findings[:MOST_SHOWN]:
                lines.append(f"    {' and '.join(one.subjects)}{'' if one.witness is None else f': {say_case(one.witness)}'}")
            if many > MOST_SHOWN:
                lines.append(f"    ... and {many - MOST_SHOWN} more: --each lists every finding")
        if self.proposals:
            lines.append("    proposals:")
            for number, proposal in enumerate(self.proposals, start=1):
                lines.append(f"      {number}. {proposal}")
        return "\n".join(lines)

    @property
    def measure(self) -> str:
        """The harm and the number of patients, in words."""
        wide = "" if self.patients is None else f", {self.patients} of {self.drawn} patients drawn at random"
        return f"harm: {self.harm}{wide}"

    @property
    def overlap(self) -> str:
        """The relations between the premises of the pairs of rules, in words."""
        return ", ".join(f"{many} {KINDS[kind]}" for kind, many in self.kinds.items())

    def to_data(self) -> dict[str, Any]:
        """As JSON data, with the subjects of its findings."""
        return {
            "code": self.code,
            "name": self.name,
            "title": self.title,
            "findings": [list(one.subjects) for one in self.findings],
            "harm": self.harm,
            "patients": self.patients,
            "drawn": self.drawn,
            "patient": None if self.patient is None else {"facts": [to_data(fact) for fact in self.patient]},
            "kinds": dict(self.kinds),
            "sides": [
                {"conclusion": side.conclusion, "rules": list(side.rules), "sources": list(side.sources)} for side in self.sides
            ],
            "proposals": [one.to_data() for one in self.proposals],
        }


def _cited(statements: tuple[str, ...]) -> str:
    """The citations of statements; if there are many, the number for each source."""
    if len(statements) <= MOST_CITED:
        return ", ".join(statements)
    counts = Counter(statement.partition(":")[0] for statement in statements)
    return ", ".join(f"{source} ({many})" for source, many in sorted(counts.items()))


def _some(names: tuple[str, ...], most: int) -> str:
    return ", ".join(names) if len(names) <= most else f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
