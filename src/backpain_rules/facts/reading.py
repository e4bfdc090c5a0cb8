"""Read facts from JSON data. This is not in `base`, so that importing a fact type does not load the JSON reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from ..errors import FactError
from ..json_text import json_bytes, jsonable
from .base import Fact, check_kept, has_own_rules, invalid_fact


def fact_from_json(kind: type[Fact], fields: Mapping[str, Any], place: str) -> Fact:
    """The fact of a type with these fields, as plain JSON data has them. Raises a `FactError` with the place."""
    try:
        made: Fact = kind.__pydantic_validator__.validate_json(json_bytes(fields))
        if has_own_rules(kind):
            check_kept(made, fields, lambda field, value: field.adapter.validate_json(to_json(jsonable(value))))
    except ValidationError as error:
        raise invalid_fact(kind, error).at(place) from None
    except FactError as error:
        raise error.at(place) from None
    return made
