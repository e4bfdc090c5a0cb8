"""Read the lines of a journal: the header and every change, checked against the schema and the changes before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike, fspath
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from ..engine.case_json import CaseReader
from ..errors import FactError, JournalError, SavedStateError
from ..facts.base import Fact
from ..ground.nodes import Place, place_of
from ..link.model import Linked
from .saved import Saved, Strict, checked, invalid

FACTS_IN_A_LINE: Final = 1000
"""How many facts one line of a compacted journal holds."""


class JournalHeader(Saved):
    """The first line."""

    journal: Literal[2]


class JournalChange(Strict):
    """Any other line: the facts removed and the facts added."""

    retract: list[Any] = Field(default_factory=list)
    insert: list[Any] = Field(default_factory=list)


def read_header(data: Mapping[str, Any], *, path: PathLike[str]) -> JournalHeader:
    """Read the header of a journal. Raises `JournalError`."""
    try:
        return checked(JournalHeader, "journal", data, place=f"{fspath(path)}, line 1")
    except SavedStateError as error:
        raise JournalError(error.message, path=fspath(path), line=1) from None


def grouped(facts: list[Any]) -> Iterator[dict[str, list[Any]]]:
    """The changes that insert these facts, as JSON data, into an empty session."""
    for start in range(0, len(facts), FACTS_IN_A_LINE):
        yield {"insert": facts[start : start + FACTS_IN_A_LINE]}


def replayed(linked: Linked, changes: Iterable[Mapping[str, Any]], *, path: PathLike[str]) -> dict[Place, Fact]:
    """The facts after all changes, by place.

    Raises `JournalError` with the line of an invalid change, or of one that removes an absent fact or adds a present one.
    """
    stated: dict[Place, Fact] = {}
    reader = CaseReader(linked)
    for line, data in enumerate(changes, start=2):
        where = f"{fspath(path)}, line {line}"
        try:
            change = JournalChange.model_validate(data)
            gone, come = (reader.facts({"facts": facts}) for facts in (change.retract, change.insert))
        except ValidationError as error:
            raise JournalError(invalid(error, place=where).message, path=fspath(path), line=line) from None
        except FactError as error:
            raise JournalError(f"{where}: {error.message}", path=fspath(path), line=line) from None
        for fact in gone:
            if stated.pop(place_of(fact), None) != fact:
                raise JournalError(f"{where}: it takes out {fact!r}, which is not there", path=fspath(path), line=line)
        for fact in come:
            if stated.setdefault(place_of(fact), fact) is not fact:
                raise JournalError(f"{where}: it puts in {fact!r}, where another stands", path=fspath(path), line=line)
    return stated
