"""Fact types as data: their fields with types, bounds, units and questions; and the class made from them."""

from __future__ import annotations

import decimal
import types
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

import annotated_types as bounds
from pydantic import Field
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from ..errors import DefinitionError, did_you_mean, shown
from ..facts.base import Fact, Key, Slot, has_own_rules
from ..facts.schema import FieldSchema, Vocabulary
from ..ir.shapes import at, find, items, needed, object_of, only, refuse
from ..json_text import member
from .names import VOCABULARIES
from .values import value_from_data, value_to_data

TYPES: Final[Mapping[str, type]] = {
    "boolean": bool, "integer": int, "number": float, "decimal": decimal.Decimal, "text": str, "duration": timedelta,
    "date": date, "moment": datetime, "time": time,
}  # fmt: skip
_WORDS: Final = {kind: word for word, kind in TYPES.items()}
_ROLES: Final = ("key", "optional key", "slot", "value")
_BOUNDS: Final = ("ge", "gt", "le", "lt")
_KEY: Final[Any] = Key  # to a type checker both are descriptors, which take no type that is made at run time
_SLOT: Final[Any] = Slot
_MEMBERS: Final = ("type", "role", *_BOUNDS, "unit", "ask", "doc", "default")


def fact_type_to_data(kind: type[Fact]) -> dict[str, Any]:
    """A fact type as data. Raises `DefinitionError` for what data cannot say: a validator, a set, a type of one's own."""
    if has_own_rules(kind):
        _cannot(kind, "it has a validator", "write the check as a constraint, or keep the pack in Python")
    [base] = [one for one in kind.__bases__ if issubclass(one, Fact)][:1]
    inherited = set() if base is Fact else set(base.model_fields)
    fields = {
        name: _field_to_data(kind, kind.schema_.fields[name], info)
        for name, info in kind.model_fields.items()
        if name != "present" and name not in inherited
    }
    data: dict[str, Any] = {} if base is Fact else {"made_from": base.tag()}
    if kind.__doc__ and kind.__doc__ != base.__doc__:
        data["doc"] = " ".join(kind.__doc__.split())
    if kind.ask_ and kind.ask_ != base.ask_:
        data["ask"] = kind.ask_
    if kind.schema_.has_present and "present" not in inherited:
        data["can_be_absent"] = True
    return {**data, "fields": fields} if fields else data


def _field_to_data(kind: type[Fact], field: FieldSchema, info: FieldInfo) -> dict[str, Any]:
    data: dict[str, Any] = {"type": _type_to_data(kind, field), "role": _role(field)}
    for mark in info.metadata:
        for word in _BOUNDS:
            if isinstance(mark, getattr(bounds, word.capitalize())):
                data[word] = value_to_data(field, getattr(mark, word))
    for word, said in (("unit", field.unit), ("ask", field.ask), ("doc", info.description)):
        if said is not None:
            data[word] = said
    if data["role"] == "value":
        if field.required or field.default is None:
            _cannot(kind, f"its field {field.name!r} is neither a key nor a slot and has no default", "make it a slot")
        data["default"] = value_to_data(field, field.default)
    return data


def _role(field: FieldSchema) -> str:
    if field.is_key:
        return "optional key" if field.may_be_none else "key"
    return "slot" if field.is_slot else "value"


def _type_to_data(kind: type[Fact], field: FieldSchema) -> Any:
    if field.vocabulary is not None:
        return field.vocabulary
    if field.base in _WORDS and (not field.values or field.base is bool):
        return _WORDS[field.base]
    words = [value_to_data(field, value) for value in field.values]
    if not words or not all(isinstance(word, (str, int)) for word in words):
        _cannot(kind, f"its field {field.name!r} has a type that data cannot say", "use one of " + ", ".join(TYPES))
    return words


def _cannot(kind: type[Fact], why: str, remedy: str) -> Any:
    raise DefinitionError(f"{kind.__name__} cannot be written as data: {why}; {remedy}", fact_type=kind.tag())


def fact_type_from_data(tag: str, data: object, known: Mapping[str, type[Fact]], place: str) -> type[Fact]:
    """The fact type that `fact_type_to_data` wrote; `known` are those that it can be made from."""
    of = object_of(data, place)
    only(of, ("made_from", "doc", "ask", "can_be_absent", "fields"), place)
    base = find(known, of["made_from"], "fact type", f"{place}.made_from") if "made_from" in of else Fact
    namespace: dict[str, Any] = {"__module__": __name__, "__annotations__": {}, "__doc__": _text(of, "doc", place)}
    if "ask" in of:
        namespace["ask_"] = _text(of, "ask", place)
    for name, field in object_of(of.get("fields", {}), f"{place}.fields").items():
        here = member(f"{place}.fields", name)
        if not name.isidentifier() or name.startswith("_"):
            refuse(f"{shown(name)} is no name of a field; write letters, digits and '_'", here)
        namespace["__annotations__"][name], namespace[name] = _field_from_data(object_of(field, here), here)
        if namespace[name] is ...:
            del namespace[name]
    if of.get("can_be_absent"):
        namespace["__annotations__"]["present"], namespace["present"] = bool, True
    name = "".join(part[:1].upper() + part[1:] for part in tag.split("_"))
    with at(place):
        made = types.new_class(name, (base,), {}, lambda body: body.update(namespace))
    if not issubclass(made, Fact) or made.tag() != tag:
        refuse(f"{shown(tag)} is no tag of a fact type; write words of small letters joined by '_'", place)
    for name, field in object_of(of.get("fields", {}), place).items():  # now that the type can read its own values
        if "default" in field:
            value_from_data(made, name, field["default"], f"{place}.fields.{name}.default")
    return made


def _field_from_data(of: Mapping[str, Any], place: str) -> tuple[Any, Any]:
    """The annotation and the default of a field; `...` for none."""
    only(of, _MEMBERS, place)
    role = of.get("role", "slot")
    if role not in _ROLES:
        refuse(
            f"{shown(role)} is no role{did_you_mean(str(role), _ROLES) or '; there are ' + ', '.join(_ROLES)}", f"{place}.role"
        )
    plain = _type_from_data(needed(of, "type", place), f"{place}.type")
    limits: dict[str, Any] = {}
    for word in _BOUNDS:
        if word in of:
            limits[word] = _limit(plain, of[word], f"{place}.{word}")
    words = (("x-unit", _text(of, "unit", place)), ("x-ask", _text(of, "ask", place)))
    extra: JsonDict = {name: value for name, value in words if value}
    if role == "optional key":
        extra["x-key"] = True
    about: dict[str, Any] = {**limits, "description": _text(of, "doc", place), "json_schema_extra": extra or None}
    if ("default" in of) != (role == "value"):
        refuse("a default belongs to a field whose role is 'value', and such a field needs one", place)
    bounded: Any = Annotated[plain, Field(**about)]
    if role == "key":
        return _KEY[bounded], ...
    if role == "value":
        return bounded, _limit(plain, of["default"], f"{place}.default")
    return _SLOT[plain], Field(default=None, **about)


def _limit(plain: Any, data: object, place: str) -> Any:
    """A bound or a default, read as a value of the type of its field."""
    namespace = {"__module__": __name__, "__annotations__": {"value": _SLOT[plain]}, "value": None}
    kind: Any = types.new_class("Limit", (Fact,), {}, lambda body: body.update(namespace))
    return value_from_data(kind, "value", data, place)


def _type_from_data(data: object, place: str) -> Any:
    if isinstance(data, str):
        if data in VOCABULARIES:
            return Annotated[str, Vocabulary(data)]
        return find(TYPES, data, "type", place)
    words = items(data, place)
    if any(not isinstance(word, (str, int)) for word in words) or len(set(words)) != len(words):
        refuse("the values of a field are different texts or whole numbers", place)
    return Literal[tuple(words)]


def _text(of: Mapping[str, Any], name: str, place: str) -> str | None:
    said = of.get(name)
    if said is not None and not isinstance(said, str):
        refuse(f"this is text, not {shown(said)}", f"{place}.{name}")
    return said
