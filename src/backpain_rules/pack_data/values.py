"""The values of the fields of facts, patterns and conclusions: plain JSON where the field says how to read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from string import Formatter
from typing import Any

from pydantic import ValidationError

from ..durations import DurationError, parse_duration
from ..errors import FieldValueError, PremiseError, shown
from ..facts.base import Fact
from ..facts.schema import FieldSchema
from ..ir.conclusions import Phrase, phrase
from ..ir.expressions import Parameter, spoken
from ..ir.serialize import constant_to_data
from ..ir.shapes import find, items, needed, only


def value_to_data(field: FieldSchema, value: object) -> Any:
    """A constant of a field: as it stands in the JSON of a fact where that is text, a number, true or false."""
    if isinstance(value, timedelta):
        return spoken_duration(value)
    plain = field.adapter.dump_python(value, mode="json")
    if isinstance(plain, (str, int, float, bool)):
        try:
            back = field.adapter.validate_json(json.dumps(plain), strict=True)
        except (ValidationError, ValueError):
            back = None
        if back == value and type(back) is type(value):
            return plain
    return constant_to_data(value)


def value_from_data(kind: type[Fact], name: str, data: object, place: str) -> object:
    """The constant that plain JSON says in a field of this type. Raises `FieldValueError` with its place."""
    field = kind.schema_.fields[name]
    try:
        return field.adapter.validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        what = error.errors(include_url=False)[0]["msg"]
        raise FieldValueError(
            f"{place}: {kind.__name__}.{name} cannot be {shown(data)}: {what[0].lower()}{what[1:]}{field.hint(data)}",
            place=place, fact_type=kind.tag(), field=name, value=data,
        ) from None  # fmt: skip


def spoken_duration(value: timedelta) -> Any:
    """As people say it where that reads back; else as JSON says it."""
    said = spoken(value)
    try:
        return said if parse_duration(said) == value else constant_to_data(value)["duration"]
    except DurationError:
        return constant_to_data(value)["duration"]


def phrase_to_data(said: Phrase, names: Mapping[Parameter[Any], str]) -> dict[str, Any]:
    """A phrase; its parameters are left out where they are those of the pack that stand in the text."""
    given = [names[number] for number in said.parameters]
    return {"phrase": said.text} if given == _named(said.text) else {"phrase": said.text, "parameters": given}


def phrase_from_data(data: Mapping[str, Any], parameters: Mapping[str, Parameter[Any]], place: str) -> Phrase:
    """The phrase that `phrase_to_data` wrote."""
    only(data, ("phrase", "parameters"), place)
    text = needed(data, "phrase", place)
    if not isinstance(text, str):
        raise PremiseError(f"{place}.phrase: a phrase is text, not {shown(text)}", place=place)
    try:
        given = items(data["parameters"], f"{place}.parameters") if "parameters" in data else _named(text)
    except ValueError as error:
        raise PremiseError(f"{place}.phrase: {shown(text)}: {error}; write {{{{ and }}}} for braces", place=place) from None
    numbers = [find(parameters, name, "parameter", f"{place}.parameters[{n}]") for n, name in enumerate(given)]
    return phrase(text, *numbers)


def _named(text: str) -> list[str]:
    """The names in the braces of a text, each once."""
    return list(dict.fromkeys(name for _, name, _, _ in Formatter().parse(text) if name is not None))
