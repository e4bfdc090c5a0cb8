"""Saved state as JSON: the facts of a session, and the packs it was made with. Interviews and journals use the same format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from ..errors import InvalidFactError, OtherPacksError, SavedStateError, shown
from ..facts.base import Fact, to_data
from ..json_text import read_json
from ..link.identity import identity, parameter_values
from ..link.model import Linked

VERSION: Final = 2
"""The format of sessions, interviews and journals. Format 1 identified packs by their printed text."""

M = TypeVar("M", bound="Saved")


class Strict(BaseModel):
    """Base for data from outside: exactly these members, each of exactly its type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SavedPack(Strict):
    """Identifies a pack by id, version and content."""

    version: str
    content: str


class Saved(Strict):
    """The members by which all saved data identifies its rule base."""

    packs: dict[str, SavedPack]
    parameters: dict[str, dict[str, JsonValue]]


class SavedSession(Saved):
    """The data that `Session.to_json` writes."""

    session: Literal[2]
    facts: list[Any]


def made_with(linked: Linked) -> dict[str, Any]:
    """The members of `Saved` for a rule base: its packs with version and content, and its parameters."""
    return _made_with(linked).model_dump()


@lru_cache(maxsize=16)  # cached: the rule base never changes, and an interview compares itself with it at each answer
def _made_with(linked: Linked) -> Saved:
    packs = {pack.id: SavedPack(version=pack.version, content=pack.content) for pack in identity(linked)}
    return Saved(packs=packs, parameters=parameter_values(linked))


def saved(linked: Linked, facts: Iterable[Fact]) -> dict[str, Any]:
    """The session as data."""
    return {"session": VERSION, **made_with(linked), "facts": [to_data(fact) for fact in facts]}


def read_saved(kind: type[M], name: str, data: str | bytes | Mapping[str, Any], *, place: str) -> M:
    """Validate saved data of this kind ("session") against its schema before use.

    Raises `SavedStateError` with the `place` and the `field` if the data is not JSON, has another format or another shape.
    """
    try:
        read = read_json(data if isinstance(data, (str, bytes, bytearray)) else json.dumps(data))
    except (TypeError, ValueError, RecursionError) as error:  # data that cannot be JSON
        raise SavedStateError(f"{place}: this is no JSON data: {shown(str(error))}", place=place) from None
    except InvalidFactError as error:
        raise SavedStateError(f"{place}: {error.message}", **{**error.fields, "place": place}) from None
    return checked(kind, name, read, place=place)


def checked(kind: type[M], name: str, data: Any, *, place: str) -> M:
    """The same for data that is already parsed."""
    version = data.get(name) if isinstance(data, Mapping) else None
    if type(version) is not int or version != VERSION:
        what = f"format {version}" if type(version) is int else f"no saved {name}"
        raise SavedStateError(f"{place}: this is {what}; this library reads a saved {name} of format {VERSION}", place=place)
    try:
        return kind.model_validate(dict(data))
    except ValidationError as error:
        raise invalid(error, place=place) from None


def invalid(error: ValidationError, *, place: str) -> SavedStateError:
    """The first schema violation, as a sentence with its place."""
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(part)[:100] for part in first["loc"])
    message = "no member of that name is known" if first["type"] == "extra_forbidden" else first["msg"]
    return SavedStateError(
        f"{place}: {shown(field)}: {message[0].lower()}{message[1:]}; restore it from a copy", place=place, field=field
    )


def check_made_with(linked: Linked, then: Saved, *, place: str, accept_other_packs: bool) -> None:
    """Raise `OtherPacksError`, which lists every difference, unless differences are accepted."""
    different = differences(linked, then)
    if different and not accept_other_packs:
        raise OtherPacksError(
            f"{place} was made under other packs: {'; '.join(different[:20])}{' and more' if len(different) > 20 else ''}. "
            "Load those, or pass accept_other_packs=True to derive everything anew under these",
            place=place, differences=different,
        )  # fmt: skip


def differences(linked: Linked, then: Saved) -> tuple[str, ...]:
    """The differences from the saved packs and parameters, in words; empty if there are none."""
    return tuple(_differences(_made_with(linked), then))


def _differences(here: Saved, there: Saved) -> Iterable[str]:
    for id in sorted({*here.packs, *there.packs}):
        mine, its = here.packs.get(id), there.packs.get(id)
        name = id if id in here.packs else shown(id)
        if mine is None or its is None:
            yield f"pack {name} {'is not loaded' if mine is None else 'was not there'}"
        elif mine.version != its.version:
            yield f"pack {name} was {_word(its.version)} and is {mine.version}"
        elif mine != its:
            yield f"pack {name} {mine.version} has other content than it had"
    for parameter in sorted({*here.parameters, *there.parameters}):
        pack = parameter.partition(":")[0]
        now, then = here.parameters.get(parameter), there.parameters.get(parameter)
        if pack in here.packs and pack in there.packs and _written(now) != _written(then):
            yield f"parameter {_word(parameter)} was {_said(then)} and is {_said(now)}"


def _written(value: Any) -> str:
    """A value as JSON text, so that `1`, `1.0` and `true` differ."""
    return json.dumps(value, sort_keys=True)


def _said(value: Mapping[str, Any] | None) -> str:
    """`5` of `{"value": 5}`, `P84D` of `{"duration": "P84D"}`."""
    if value is None:
        return "not there"
    return _word(next(iter(value.values()))) if len(value) == 1 else shown(value)


def _word(value: object) -> str:
    return value if isinstance(value, str) and value.isprintable() and len(value) <= 100 else shown(value)
