"""A group of findings with one cause, its sides, and the proposals that settle it."""

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
"""How many findings of a group the text shows one by one."""
MOST_CITED = 6
"""How many statements of sources are named one by one."""


@dataclass(frozen=True)
class Side:
    """What some of the rules of a group conclude, those rules, and the statements of sources that they cite."""

    conclusion: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]

    def __str__(self) -> str:
        many = "1 rule" if len(self.rules) == 1 else f"{len(self.rules)} rules"
        cited = f"; sources: {_cited(self.sources)}" if self.sources else ""
        return f"{self.conclusion}: {many}, {_some(self.rules, 4)}{cited}"


@dataclass(frozen=True)
class Proposal:
    """Changes of rules, and what proving again said of them: `kb.revised(proposal.upon, proposal)` carries them out.

    `upon` are the first proposals of the groups that were settled before, on top of which it was tried. `outcome` is "settles"
    if none of the findings of the group is left and BR001 to BR005 find nothing that was not found before. For any other
    `detail` says why.
    """

    how: How
    summary: str
    changes: Changes
    outcome: Outcome
    detail: str = ""
    upon: Changes = field(default=Changes(), repr=False)

    @property
    def settles(self) -> bool:
        """Whether it is proved that none of the findings is left after it, and that it brings no others."""
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
    """Findings with one cause: two conclusions that contradict each other, or one culprit.

    `harm` is the gravest thing that its rules conclude. `patients` are those it happens to, of `drawn` that were drawn at
    random with all answers alike; that says how wide the overlap is, and not how many patients a clinic has. None of a finding
    without a patient, and where none can be drawn. `kinds` counts how the premises of each pair of rules lie to each other.
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
        """How grave it is and how wide, in words."""
        wide = "" if self.patients is None else f", {self.patients} of {self.drawn} patients drawn at random"
        return f"harm: {self.harm}{wide}"

    @property
    def overlap(self) -> str:
        """How the premises of the pairs of rules lie to each other, in words."""
        return ", ".join(f"{many} {KINDS[kind]}" for kind, many in self.kinds.items())

    def to_data(self) -> dict[str, Any]:
        """As JSON data; the findings are named by their subjects."""
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
    """Statements as they are cited; where there are many, how many of each source."""
    if len(statements) <= MOST_CITED:
        return ", ".join(statements)
    counts = Counter(statement.partition(":")[0] for statement in statements)
    return ", ".join(f"{source} ({many})" for source, many in sorted(counts.items()))


def _some(names: tuple[str, ...], most: int) -> str:
    return ", ".join(names) if len(names) <= most else f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
