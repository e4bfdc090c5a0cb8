"""A fact read from JSON data; apart from its type, so that whoever only makes facts does not load the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import FactError
from ..json_text import json_bytes
from .base import Fact, invalid_fact


def fact_from_json(kind: type[Fact], fields: Mapping[str, Any], place: str) -> Fact:
    """The fact of a type with these fields, as plain JSON data has them. Raises a `FactError` with the place."""
    try:
        made: Fact = kind.__pydantic_validator__.validate_json(json_bytes(fields))
    except ValidationError as error:
        raise invalid_fact(kind, error).at(place) from None
    except FactError as error:
        raise error.at(place) from None
    return made
