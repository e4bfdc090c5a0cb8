"""How a fact type is documented: as its author wrote it, with a line for each field, and not as the model that pydantic sees."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from backpain_rules import Fact

TYPES = {int: "whole number", str: "text", timedelta: "timedelta", bool: "true or false"}


def fact_type(name: str, kind: type[Fact]) -> list[str]:
    """The directive for one fact type that the face gives out under this name."""
    schema = kind.schema_
    fields = {**dict.fromkeys(schema.keys, "key"), **dict.fromkeys(schema.slots, "slot")}
    signature = [f if schema.fields[f].required else f"{f}={schema.fields[f].default!r}" for f in fields]
    if schema.has_present:
        signature.append("present=True")
    lines = [f".. py:class:: {name}({', '.join(['*', *signature])})", ""]
    lines += [f"   {line}" for line in inspect.cleandoc(kind.__doc__ or "").splitlines()]
    lines += ["", "   .. list-table::", ""]
    for field, role in fields.items():
        lines += [f"      * - ``{field}``", f"        - {role}", f"        - {values(kind, field)}"]
    return [*lines, ""]


def values(kind: type[Fact], name: str) -> str:
    """What a field can hold, in words."""
    field = kind.schema_.fields[name]
    if field.vocabulary:
        return f"the id of {'an' if field.vocabulary[0] in 'aeiou' else 'a'} {field.vocabulary}"
    if field.values and field.base is not bool:
        return ", ".join(f"``{value!r}``" for value in field.values)
    unit = field.unit if field.unit and field.unit.isalpha() else ""
    limits = " ".join(bounds(kind.model_fields[name].metadata))
    return " ".join(filter(None, (TYPES.get(field.base, field.base.__name__), limits, unit)))


def bounds(metadata: list[Any]) -> Iterator[str]:
    for limit in metadata:
        for word, sign in (("ge", "from"), ("le", "to")):
            value = getattr(limit, word, None)
            if value is not None:
                yield f"{sign} {0 if value == timedelta(0) else value}"
