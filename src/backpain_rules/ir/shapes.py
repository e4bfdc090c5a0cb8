"""Shapes of data that a person or a program wrote: each part is checked before it is used, and an error names its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from ..errors import BackpainRulesError, PremiseError, RuleBaseError, did_you_mean, shown
from ..json_text import member

T = TypeVar("T")


def object_of(data: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
        refuse(f"this is an object, not {shown(data)}", place)
    return data


def only(of: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for name in of:
        if name not in known:
            hint = did_you_mean(name, known) or f"; it has {', '.join(known)}"
            refuse(f"{shown(name)} is not known here{hint}", member(place, name))


def needed(of: Mapping[str, Any], name: str, place: str) -> Any:
    if name not in of:
        refuse(f"{name!r} is missing", place)
    return of[name]


def items(data: Any, place: str, length: int | None = None) -> Sequence[Any]:
    """A list that is not empty, of the length that is asked for."""
    if not isinstance(data, (list, tuple)) or not data or len(data) != (length or len(data)):
        refuse(f"this is a list of {length or 'one or more'}, not {shown(data)}", place)
    return data


def find(known: Mapping[str, T], name: Any, what: str, place: str) -> T:
    if not isinstance(name, str) or name not in known:
        hint = did_you_mean(name, known) or f"; given are {', '.join(sorted(known)) or 'none'}"
        raise PremiseError(f"{place}: no {what} {shown(name)} was given{hint}", name=name, place=place)
    return known[name]


@contextmanager
def at(place: str) -> Iterator[None]:
    """Name the place in an error that the definitions themselves raise; one inside that place has named it already."""
    try:
        yield
    except RuleBaseError as error:
        if str(error.fields.get("place", "")).startswith(place or " "):
            raise
        found: BackpainRulesError = error.at(place)
        raise found from None


def refuse(sentence: str, place: str) -> NoReturn:
    raise PremiseError(f"{place}: {sentence}" if place else sentence, place=place)
