"""The result of a check: the findings, what was proved, and what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..acceptance import CODES, Acceptance
from ..explain.words import say_fact
from ..facts.base import Fact, to_data
from ..ir.conclusions import spoken
from ..rule import Written

if TYPE_CHECKING:
    from .groups.group import Group


@dataclass(frozen=True)
class Diagnostic:
    """One finding. `subjects` are the full names of what it is about, mostly rules; `places` says where they are written.

    `parameters` are the parameter values that cause it, if they differ from those of the knowledge base. `accepted` is the
    acceptance by a pack, if any. `shown` is the witness, or a function that makes it. `instances` are the rule instances
    involved, by number in the analysed program, and `conclusions` their conclusions. `cause` identifies what findings of one code
    may share.
    """

    code: str
    message: str
    subjects: tuple[str, ...]
    places: Mapping[str, Written] = field(default_factory=dict[str, Written])
    shown: tuple[Fact, ...] | Callable[[], tuple[Fact, ...]] | None = field(default=None, compare=False, repr=False)
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    accepted: Acceptance | None = None
    instances: tuple[int, ...] = field(default=(), compare=False, repr=False)
    conclusions: tuple[Fact, ...] = field(default=(), compare=False, repr=False)
    cause: str = field(default="", compare=False, repr=False)

    @cached_property
    def witness(self) -> tuple[Fact, ...] | None:
        """A minimal patient who shows it; None if the fault is that no such patient exists.

        The engine has confirmed the finding on this patient. For numerous faults the witness is made on first access. Raises
        `ProofError` if the engine disagrees; the proofs would then be wrong.
        """
        return self.shown() if callable(self.shown) else self.shown

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "shown": self.witness}

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """The code and the subjects, which identify a finding in a report."""
        return self.code, self.subjects

    @property
    def name(self) -> str:
        """The kind of fault in words: `unreachable-rule`."""
        return CODES[self.code]

    @property
    def remedy(self) -> str:
        """The line to add to a pack to accept the finding; empty if it cannot be accepted."""
        if self.code == "BR010":
            return ""
        target = repr(self.subjects[0]) if len(self.subjects) == 1 else repr(list(self.subjects)).replace("'", '"')
        return f'accepts=[accept("{self.code}", {target.replace(chr(39), chr(34))}, "why this is so")]'

    def accept(self, acceptance: Acceptance) -> Diagnostic:
        """The same finding, accepted."""
        return replace(self, accepted=acceptance)

    def __str__(self) -> str:
        lines = [f"{self.code} {self.name}: {self.message}"]
        lines += [f"    {written_at(written)}: {name}" for name, written in self.places.items()]
        if self.witness is not None:
            lines.append(f"    for instance: {say_case(self.witness)}")
        if self.accepted is not None:
            cited = f" ({', '.join(s.cite for s in self.accepted.statements)})" if self.accepted.statements else ""
            lines.append(f"    accepted: {self.accepted.reason}{cited}")
        elif self.remedy:
            lines.append(f"    if it is meant so: {self.remedy}")
        return "\n".join(lines)

    def to_data(self) -> dict[str, Any]:
        """As JSON data; pass the witness to `read_case`."""
        data: dict[str, Any] = {"code": self.code, "name": self.name, "message": self.message, "subjects": list(self.subjects)}
        data["places"] = {name: {"file": place.file, "line": place.line} for name, place in self.places.items()}
        if self.witness is not None:
            data["witness"] = {"facts": [to_data(fact) for fact in self.witness]}
        if self.parameters:
            data["parameters"] = {name: spoken(value) for name, value in self.parameters.items()}
        if self.accepted is not None:
            data["accepted"] = {"reason": self.accepted.reason, "sources": [s.cite for s in self.accepted.statements]}
        return data


class Report(tuple[Diagnostic, ...]):
    """The findings that no pack accepts, as a tuple; empty if there are none.

    `accepted` holds the accepted findings. `proved` says what holds of all cases, and of which cases; `not_proved` says what was
    left out, and why. If the time ran out, the report is not `complete`: `not_proved` names what is missing, and the absence of
    findings proves nothing. `groups` collects findings with one cause.
    """

    accepted: tuple[Diagnostic, ...]
    proved: tuple[str, ...]
    not_proved: tuple[str, ...]
    complete: bool
    _grouped: Callable[[tuple[Diagnostic, ...]], tuple[Group, ...]] | tuple[Group, ...]

    def __new__(
        cls,
        found: Iterable[Diagnostic],
        accepted: Iterable[Diagnostic] = (),
        proved: Iterable[str] = (),
        not_proved: Iterable[str] = (),
        complete: bool = True,
        grouped: Callable[[tuple[Diagnostic, ...]], tuple[Group, ...]] | tuple[Group, ...] = (),
    ) -> Report:
        made = super().__new__(cls, found)
        made.accepted, made.proved, made.not_proved = tuple(accepted), tuple(proved), tuple(not_proved)
        made.complete = complete
        made._grouped = grouped
        return made

    @property
    def groups(self) -> tuple[Group, ...]:
        """The findings by cause, the gravest first, each with proposals that were tried by repeating the proof.

        They are computed on first access. Proposals that could not be tried before the deadline of the check say so.
        """
        if callable(self._grouped):
            self._grouped = self._grouped(tuple(self))
        return self._grouped

    def __reduce__(self) -> tuple[Any, ...]:
        return Report, (tuple(self), self.accepted, self.proved, self.not_proved, self.complete, self.groups)

    def to_data(self) -> dict[str, Any]:
        """As JSON data; the groups name their findings by their subjects."""
        return {
            "found": [one.to_data() for one in self],
            "groups": [one.to_data() for one in self.groups],
            "accepted": [one.to_data() for one in self.accepted],
            "proved": list(self.proved),
            "not_proved": list(self.not_proved),
            "complete": self.complete,
        }


def say_case(case: Iterable[Fact]) -> str:
    """A case on one line; an empty case is described as such."""
    return "; ".join(say_fact(fact) for fact in case) or "a patient of whom nothing is known"


def written_at(written: Written) -> str:
    """A place in the form that editors and terminals recognise, relative to the current directory if it is below it."""
    path = Path(written.file)
    here = Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{written.line}"
