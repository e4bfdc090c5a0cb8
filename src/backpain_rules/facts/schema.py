"""What the library knows of a fact type: its keys, its slots, and which values they can take.

Read once from the annotations when the class is made; everything else asks here and never inspects a model.
"""

from __future__ import annotations

import decimal
import enum
import re
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WrapSerializer,
    WrapValidator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from ..durations import reading_durations
from ..errors import DefinitionError, did_you_mean

if TYPE_CHECKING:
    from .base import Fact


@dataclass(frozen=True)
class _Role:
    name: str


_PLAIN = (str, bytes, bool, int, float, decimal.Decimal, timedelta, date, datetime, time)
KEY = _Role("key")
SLOT = _Role("slot")


_FUNCTIONAL: Final = (AfterValidator, BeforeValidator, PlainValidator, WrapValidator, PlainSerializer, WrapSerializer)
_FREE: Final = frozenset(
    {
        "title", "json_schema_extra", "arbitrary_types_allowed", "str_max_length", "str_min_length", "defer_build",
        "ignored_types", "protected_namespaces", "use_attribute_docstrings", "hide_input_in_errors", "regex_engine",
        "model_title_generator",
        "field_title_generator", "json_schema_mode_override", "json_schema_serialization_defaults_required",
    }
)  # fmt: skip
"""Settings of a fact type that change neither what is read nor what is written."""
_UNHASHABLE: Final[Mapping[Any, str]] = {
    list: "write tuple[..., ...], or a fact for each member", set: "write frozenset[...], or a fact for each member",
    dict: "write a slot for each value, or a fact for each", bytearray: "write bytes",
}  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """Marks a `str` field whose values are ids that packs declare: `symptom`, `condition` or `intervention`."""

    name: str


class _Durations:
    """Makes a type adapter read and write durations as facts do."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: CoreSchema = reading_durations(handler(source))
        return schema


@dataclass(frozen=True)
class FieldSchema:
    """One field of a fact type.

    `values` are all it can hold, where they are few and known (a Literal, an Enum, a bool), and `vocabulary` is the
    kind of id it holds; with neither, its domain is unbounded. `base` is the Python type that comparisons go by.
    `may_be_none` says whether it can be left out.
    """

    name: str
    annotation: Any
    base: type
    is_key: bool
    is_slot: bool
    may_be_none: bool
    values: tuple[Any, ...]
    vocabulary: str | None
    default: object
    required: bool
    unit: str | None
    ask: str | None

    @property
    def is_finite(self) -> bool:
        return bool(self.values) or self.vocabulary is not None

    def hint(self, value: object) -> str:
        """The tail of a sentence that refuses `value`: the nearest right one, or all there are."""
        member = next((v for v in self.values if isinstance(v, enum.Enum) and v is not value and v.value == value), None)
        if member is not None:
            return f"; write {type(member).__name__}.{member.name}"
        words = [str(v) for v in self.values]
        return did_you_mean(str(value), words) or (f"; one of {', '.join(words)}" if words else "")

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Validates one value of this field, None left aside."""
        annotation: Any = Annotated[self.annotation, _Durations()]
        return TypeAdapter(annotation)


@dataclass(frozen=True, eq=False)
class FactSchema:
    """One fact type: `fields` by name, `keys` and `slots` in the order written."""

    tag: str
    fields: Mapping[str, FieldSchema]
    keys: tuple[str, ...]
    slots: tuple[str, ...]
    has_present: bool

    @cached_property
    def is_finite(self) -> bool:
        """Whether there are only so many different facts of this type, given the ids that packs declare."""
        return all(field.is_finite for field in self.fields.values())

    @cached_property
    def words(self) -> tuple[tuple[str, str], ...]:
        """The fields that hold ids, each with the vocabulary that its ids are from."""
        return tuple((name, field.vocabulary) for name, field in self.fields.items() if field.vocabulary)

    @cached_property
    def moments(self) -> tuple[str, ...]:
        """The fields that hold a moment or a time of day, with or without a time zone."""
        return tuple(name for name, field in self.fields.items() if field.base in (datetime, time))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The fields that may hold any text, alone or inside something else."""
        return tuple(name for name, field in self.fields.items() if not field.values and field.base not in _PLAIN[2:])

    @cached_property
    def composite(self) -> tuple[str, ...]:
        """The fields that may hold sets: all but those of a plain type."""
        return tuple(name for name, field in self.fields.items() if not field.values and field.base not in _PLAIN)

    @cached_property
    def is_open(self) -> bool:
        """Every key has a known, finite domain: what was not said is unknown. Else it is not there."""
        return all(self.fields[name].is_finite for name in self.keys)


def read_schema(kind: type[Fact]) -> FactSchema:
    fields = {name: _read_field(name, info) for name, info in kind.model_fields.items()}
    present = fields.pop("present", None)
    keys = tuple(name for name, field in fields.items() if field.is_key)
    slots = tuple(name for name, field in fields.items() if not field.is_key)
    tag = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()
    schema = FactSchema(tag, fields, keys, slots, present is not None)
    _check_questions(kind, schema)
    _check_comes_back(kind)
    for name in ("type", "firm"):
        if name in fields:
            raise DefinitionError(f"{kind.__name__}: a field cannot be called {name!r}; the JSON form uses that name", field=name)
    for name in slots:
        if fields[name].is_slot and fields[name].required:
            raise DefinitionError(
                f"{kind.__name__}.{name}: a slot may be unknown; write `{name}: Slot[...] = slot()`", field=name
            )
    if present is not None and (present.base is not bool or present.default is not True):
        raise DefinitionError(f"{kind.__name__}.present must read `present: bool = True`", field="present")
    if present is not None and not schema.is_open:
        raise DefinitionError(
            f"{kind.__name__} has an unbounded key, so what is not stated is not there: leave `present` out", field="present"
        )
    return schema


def _check_comes_back(kind: type[Fact]) -> None:
    """Refuse what would make a fact another one when it is written as JSON and read again, or could not be in a set."""
    config = next((name for name, value in kind.model_config.items() if value != _config(kind, name)), None)
    if config is not None:
        raise DefinitionError(
            f"{kind.__name__}.model_config: {config} is as it is for every fact; leave it out",
            fact_type=kind.__name__,
            field=config,
        )
    _refuse_changes(kind.__name__, kind)
    for name, info in kind.model_fields.items():
        where = f"{kind.__name__}.{name}"
        _refuse_metadata(where, info.metadata, info.annotation)
        for one in _types_in(info.annotation):
            if one.__hash__ is None:
                advice = _UNHASHABLE.get(one, "freeze it, as @dataclass(frozen=True) does, so that it has a hash")
                raise DefinitionError(
                    f"{where}: a {one.__name__} cannot be in a fact, which never changes; {advice}",
                    fact_type=kind.__name__, field=name,
                )  # fmt: skip
            if issubclass(one, BaseModel):
                _refuse_inside(where, one)


def _config(kind: type[Fact], name: str) -> object:
    """What a setting is for every fact; those that change neither what is read nor what is written are free."""
    known = next(base for base in kind.__mro__ if issubclass(base, BaseModel) and base.__bases__[0] is BaseModel).model_config
    return kind.model_config.get(name) if name in _FREE else known.get(name)


def _refuse_inside(where: str, model: type[BaseModel]) -> None:
    """A model inside a fact is as plain as the fact itself, at any depth, and has no validator."""
    _refuse_changes(f"{where}: {model.__name__}", model)
    rules = model.__pydantic_decorators__
    checks = (*rules.validators, *rules.field_validators, *rules.root_validators, *rules.model_validators)
    if checks:
        raise DefinitionError(
            f"{where}: {model.__name__}.{checks[0]}: a model inside a fact has no validator; write it in the fact",
            fact_type=where.partition(".")[0], field=checks[0],
        )  # fmt: skip
    for name, info in model.model_fields.items():
        _refuse_metadata(f"{where}: {model.__name__}.{name}", info.metadata, info.annotation)
        for one in _types_in(info.annotation):
            if issubclass(one, BaseModel) and one is not model:
                _refuse_inside(where, one)


def _refuse_changes(where: str, model: type[BaseModel]) -> None:
    """Serializers, computed fields and aliases."""
    rules = model.__pydantic_decorators__
    changing = (*rules.field_serializers, *rules.model_serializers, *model.model_computed_fields)
    if changing:
        raise DefinitionError(
            f"{where}.{changing[0]}: a fact is written as it is, so it has no serializer and no computed field; "
            "compute the value where the fact is made",
            fact_type=where.partition(".")[0], field=changing[0],
        )  # fmt: skip
    for name, info in model.model_fields.items():
        if info.alias is not None or info.validation_alias is not None or info.serialization_alias is not None:
            raise DefinitionError(
                f"{where}.{name}: a field of a fact has one name; drop the alias, or rename the field",
                fact_type=where.partition(".")[0], field=name,
            )  # fmt: skip


def _refuse_metadata(where: str, metadata: Iterable[Any], annotation: Any) -> None:
    """What stands in an `Annotated`, at any depth, and reads or writes another value than the type does."""
    for one in (*metadata, *_metadata_in(annotation)):
        rewrites = any(getattr(one, name, None) for name in ("strip_whitespace", "to_lower", "to_upper"))
        if rewrites or isinstance(one, _FUNCTIONAL):
            named = type(one).__name__
            raise DefinitionError(
                f"{where}: {named} in Annotated can change a value, and a fact says what was given; "
                "refuse values with @field_validator, and change them where the fact is made",
                fact_type=where.partition(".")[0], field=where.rpartition(".")[2], annotation=named,
            )  # fmt: skip


def _metadata_in(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is not Literal:
        for one in get_args(annotation):
            yield from _metadata_in(one)


def _types_in(annotation: Any) -> Iterator[type]:
    """Every type that an annotation names, at any depth."""
    named = get_origin(annotation) or annotation
    if isinstance(named, type):
        yield named
    if named is not Literal:
        inner = get_args(annotation)
        for one in inner[:1] if named is Annotated else inner:
            yield from _types_in(one)


def _check_questions(kind: type[Fact], schema: FactSchema) -> None:
    """A question may name the keys of its fact, and nothing else."""
    for where, question in (("ask_", kind.ask_), *((name, field.ask) for name, field in schema.fields.items())):
        try:
            named = [name for _, name, _, _ in Formatter().parse(question or "") if name is not None]
        except ValueError as error:
            raise DefinitionError(f"{kind.__name__}.{where}: the question {question!r}: {error}", field=where) from None
        unknown = next((name for name in named if name not in schema.keys), None)
        if unknown is not None:
            hint = did_you_mean(unknown, schema.keys) or f"; its keys are {', '.join(schema.keys) or 'none'}"
            raise DefinitionError(
                f"{kind.__name__}.{where}: the question {question!r} names {unknown!r}, which is no key{hint}", field=where
            )


def _read_field(name: str, info: FieldInfo) -> FieldSchema:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    role = next((m for m in info.metadata if isinstance(m, _Role)), None)
    bounds = tuple(m for m in info.metadata if not isinstance(m, _Role))
    plain = _without_none(info.annotation)
    core, inner = _core(plain)
    vocabulary = next((m.name for m in (*bounds, *inner) if isinstance(m, Vocabulary)), None)
    annotation = Annotated[(plain, *bounds)] if bounds else plain
    values = _values(core)
    return FieldSchema(
        name=name,
        annotation=annotation,
        base=_base(core, values),
        is_key=role is KEY or extra.get("x-key") is True,
        is_slot=role is SLOT,
        may_be_none=types.NoneType in get_args(info.annotation),
        values=values,
        vocabulary=vocabulary,
        default=None if info.is_required() else info.get_default(call_default_factory=False),
        required=info.is_required(),
        unit=str(extra["x-unit"]) if "x-unit" in extra else None,
        ask=str(extra["x-ask"]) if "x-ask" in extra else None,
    )


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [a for a in get_args(annotation) if a is not types.NoneType]
        if len(rest) == 1:
            return rest[0]
    return annotation


def _core(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type below `Annotated` and `None`, and the annotations that were on it."""
    found: tuple[Any, ...] = ()
    while get_origin(annotation) is Annotated:
        found += get_args(annotation)[1:]
        annotation = _without_none(get_args(annotation)[0])
    return annotation, found


def _values(core: Any) -> tuple[Any, ...]:
    if get_origin(core) is Literal:
        return get_args(core)
    if isinstance(core, type) and issubclass(core, enum.Enum):
        return tuple(core)
    return (False, True) if core is bool else ()


def _base(core: Any, values: tuple[Any, ...]) -> type:
    if get_origin(core) is Literal:
        kinds = {type(v) for v in values}
        return kinds.pop() if len(kinds) == 1 else object
    return core if isinstance(core, type) else object
