"""What a fact is: a frozen pydantic model with `Key` fields, `Slot` fields and perhaps `present`.

To a type checker `Key` and `Slot` are descriptors: on a class or on a pattern they give a typed reference
(`pain.severity >= 5` is a premise), on a fact the value. At run time they are plain `Annotated` aliases, so that
pydantic sees ordinary fields. The metaclass only words an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Self, TypeVar, overload

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError, model_validator
from pydantic._internal._model_construction import ModelMetaclass
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, ErrorDetails, SchemaError, core_schema

from ..arguments import HALF_PAIR, text_or_none, wrong
from ..durations import ODD_OFFSET, has_odd_offset, reading_durations
from ..errors import DefinitionError, InvalidFactError, UnknownFieldError, did_you_mean, shown
from ..symbols import NoOperators
from .schema import KEY, SLOT, FactSchema, FieldSchema, read_schema
from .sets import ordered_data, ordered_text

if TYPE_CHECKING:
    from ..ir.expressions import Ref

T = TypeVar("T")

TERM = "_term"
"""Where a fact made by a declared term keeps that term, so that a premise written as `THIRST.absent` declares it too."""

if TYPE_CHECKING:

    class Key(Generic[T]):
        """A field that, with the other keys, says which thing a fact is about."""

        @overload
        def __get__(self, instance: None, owner: Any) -> Ref[T]: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> T: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: Any, value: T) -> None: ...

    class Slot(Generic[T]):
        """A field that may be unknown: `None` on a fact means that nobody said."""

        @overload
        def __get__(self, instance: None, owner: Any) -> Ref[T]: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> T | None: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: Any, value: T | None) -> None: ...

else:
    Key = Annotated[T, KEY]
    """A field that, with the other keys, says which thing a fact is about: `region: Key[Region]`."""
    Slot = Annotated[T | None, SLOT]
    """A field that may be unknown: `severity: Slot[int] = slot()`. `None` on a fact means that nobody said."""


def slot(
    *, key: bool = False, ge: Any = None, le: Any = None, unit: str | None = None, doc: str | None = None, ask: str | None = None
) -> Any:
    """The default of a `Slot`: unknown.

    `ge` and `le` bound the value; `unit` and `doc` are shown to people; `ask` is the question for it, in which `{region}`
    stands for the key of that name. `key=True` makes the slot a part of the key, one that may be left out (a finding need
    not name a region).
    """
    if not isinstance(key, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise wrong("slot", "key", key, "True or False", "key=True makes the slot a part of the key")
    for name, given in (("unit", unit), ("doc", doc), ("ask", ask)):
        text_or_none("slot", name, given)
    known = (("x-key", key or None), ("x-unit", unit), ("x-ask", ask))
    extra: JsonDict = {name: value for name, value in known if value is not None}
    return Field(default=None, ge=ge, le=le, description=doc, json_schema_extra=extra or None)


class _FactType(ModelMetaclass):
    """Says what to write where a field is asked of the class itself: `Pain.severity` is of no fact."""

    if not TYPE_CHECKING:

        def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
            try:
                return super().__new__(mcs, name, bases, namespace, **options)
            except SchemaError as error:
                with_bounds = (field for field, given in namespace.items() if isinstance(given, FieldInfo) and given.metadata)
                bounded = [f"{name}.{field}" for field in with_bounds]
                reason = str(error).splitlines()[-1].strip()
                raise DefinitionError(
                    f"{', '.join(bounded) or name}: a bound does not fit the type of its slot ({shown(reason)[1:-1]}); "
                    "write ge= and le= as values of that type",
                    fact_type=name, fields=bounded,
                ) from None  # fmt: skip

        def __call__(cls, *values: Any, **fields: Any) -> Any:
            if values:
                names = [f"{name}=..." for name in cls.model_fields if name != "present"]
                raise InvalidFactError(
                    f"{cls.__name__} takes its fields by name, not {shown(values[0])} alone: "
                    f"write {cls.__name__}({', '.join(names)})",
                    fact_type=cls.__name__, value=values[0],
                )  # fmt: skip
            made = super().__call__(**fields)
            if cls.__init__ is not Fact.__init__:  # what it gave to its validators is not what it was given
                check_kept(made, fields, _alone)
            return made

        def __getattr__(cls, name: str) -> Any:
            schema = cls.__dict__.get("schema_")
            if schema is not None and (name in schema.fields or (name == "present" and schema.has_present)):
                variable = cls.__name__.lower()
                raise UnknownFieldError(
                    f"{cls.__name__}.{name} is of no fact: write {variable} = each({cls.__name__}), then {variable}.{name}",
                    fact_type=cls.tag(),
                    field=name,
                )
            return super().__getattr__(name)


class Fact(BaseModel, NoOperators, metaclass=_FactType):
    """One typed fact about one patient. Subclass it to say new kinds of things.

    `ask_` is the question whether it is there, in which `{region}` stands for the key of that name.

    >>> from backpain_rules import Fact, Key, Region, Slot, slot
    >>> class Stiffness(Fact):
    ...     ask_ = "Is your {region} stiff in the morning?"
    ...     region: Key[Region]
    ...     minutes: Slot[int] = slot(ge=0, unit="min", ask="For how many minutes is your {region} stiff?")
    >>> Stiffness(region="lumbar").minutes is None
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    schema_: ClassVar[FactSchema]
    ask_: ClassVar[str | None] = None
    instead_of_truth: ClassVar[str] = (
        "of its own: in a rule use all_of, any_of and not_ instead of and, or, not, in or if; "
        "in an application ask `fact is not None`, or fact.present"
    )

    if TYPE_CHECKING:  # frozen by its configuration, which pyright does not read

        def __hash__(self) -> int: ...

    def _said(self) -> str:
        return shown(self)

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            known = name if name in type(self).model_fields else "..."
            raise InvalidFactError(
                f"a fact never changes, so {name[:100]!r} cannot be set; make another: {type(self).__name__}({known}=...)",
                fact_type=self.tag(), field=name, value=value,
            )  # fmt: skip

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if not cls.__pydantic_complete__:
            raise DefinitionError(
                f"{cls.__name__}: a type named in its annotations is not known where the class is made; "
                "import or define it before the class, at the top of the module",
                fact_type=cls.__name__,
            )
        cls.schema_ = read_schema(cls)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # From Python, a broken fact raises our own error. From JSON the plain schema stays: a validator written in
        # Python would turn the text into objects first, and then "PT6H" is no longer a duration.
        plain: CoreSchema = reading_durations(handler(source))
        if cls.__bases__ == (BaseModel, NoOperators) or plain["type"] == "definition-ref":
            return plain
        spoken = core_schema.no_info_wrap_validator_function(_speaking(cls), plain)
        return core_schema.json_or_python_schema(json_schema=plain, python_schema=spoken)

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        for name in type(self).schema_.moments:
            value = self.__dict__[name]
            if value is not None and has_odd_offset(value):
                raise InvalidFactError(
                    f"{type(self).__name__}.{name} cannot be {shown(value)}: {ODD_OFFSET}",
                    fact_type=self.tag(), field=name, value=value,
                )  # fmt: skip
        for name in type(self).schema_.texts:
            value = self.__dict__[name]
            if value is not None and (half := _half_pair(value)):
                raise InvalidFactError(
                    f"{type(self).__name__}.{name} has half of a surrogate pair, {half!a}; write the whole character",
                    fact_type=self.tag(), field=name, value=ascii(value),
                )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _say_nothing_of_what_is_absent(self) -> Self:
        values = self.__dict__
        if values.get("present") is False:
            said = [name for name in type(self).schema_.slots if values[name] is not None]
            if said:
                raise InvalidFactError(
                    f"{type(self).__name__}: present is false, so {said[0]} cannot be said; leave it out or drop present=False",
                    fact_type=self.tag(),
                    field=said[0],
                    value=values[said[0]],
                )
        return self

    @classmethod
    def tag(cls) -> str:
        """The name of the type in JSON: `Pain` is `pain`, `BackPain` is `back_pain`."""
        return cls.schema_.tag


def _half_pair(value: object) -> str | None:
    """The first half of a surrogate pair in a text, or in what holds texts."""
    if isinstance(value, str):
        found = None if value.isascii() else HALF_PAIR.search(value)
        return found[0] if found else None
    inside: Iterable[object] = ()
    if isinstance(value, (tuple, frozenset)):
        inside = value
    elif isinstance(value, BaseModel):
        inside = value.__dict__.values()
    elif is_dataclass(value):
        inside = (getattr(value, field.name) for field in fields(value))
    return next((half for one in inside if (half := _half_pair(one))), None)


def canonical(fact: Fact) -> tuple[str, ...]:
    """The place of a fact in every list that is shown: by type, then by what it says. The same on every run."""
    values = fact.__dict__
    if fact.schema_.composite:
        return (fact.tag(), *("" if values[name] is None else ordered_text(values[name]) for name in type(fact).model_fields))
    return (fact.tag(), *("" if values[name] is None else str(values[name]) for name in type(fact).model_fields))


def exact(fact: Fact) -> tuple[str, ...]:
    """What tells a fact from every other, in the same order as `canonical`: an empty text is not a missing one."""
    values = fact.__dict__
    text = ordered_text if fact.schema_.composite else str
    found = [fact.schema_.tag]
    for name in type(fact).model_fields:
        value = values[name]
        found += ("", "") if value is None else (text(value), "said")
    return tuple(found)


@lru_cache(maxsize=256)  # asked for each fact that is read; a class does not change once it is made
def has_own_rules(kind: type[Fact]) -> bool:
    """Whether a fact type may refuse values that each of its fields allows: by a validator, or by an `__init__` of its own."""
    rules, ours = kind.__pydantic_decorators__, Fact.__pydantic_decorators__
    validators = {*rules.validators, *rules.field_validators, *rules.root_validators, *rules.model_validators}
    written = any(getattr(kind, name) is not getattr(Fact, name) for name in ("__init__", "__new__", "model_post_init"))
    return written or validators != {*ours.model_validators}


def to_data(fact: Fact) -> dict[str, Any]:
    """A fact as JSON data: its type, its keys, and every slot that says something."""
    data = {name: value for name, value in fact.model_dump(mode="json").items() if value is not None}
    for name in fact.schema_.composite:
        if name in data:
            data[name] = ordered_data(fact.__dict__[name], data[name])
    return {"type": fact.tag(), **data}


def _speaking(kind: type[Fact]) -> Any:
    def validate(data: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
        try:
            made = handler(data)
        except ValidationError as error:
            raise invalid_fact(kind, error) from None
        if has_own_rules(kind) and isinstance(data, Mapping):
            check_kept(made, data, _alone)
        return made

    return validate


def _alone(field: FieldSchema, value: Any) -> Any:
    return field.adapter.validate_python(value, strict=True)


def check_kept(fact: Fact, given: Mapping[str, Any], read: Callable[[FieldSchema, Any], Any]) -> None:
    """Refuse a fact whose validator put another value in the place of the one that was given, as `read` reads it alone."""
    for name, field in fact.schema_.fields.items():
        kept, value = fact.__dict__[name], given.get(name, field.default)
        try:
            plain = field.default if name not in given else None if value is None else read(field, value)
        except ValidationError:
            plain = value
        if kept != plain or type(kept) is not type(plain):
            raise InvalidFactError(
                f"{type(fact).__name__}.{name}: a validator changes {shown(value)} to {shown(kept)}; a validator of a fact only "
                "refuses values, so change the value where the fact is made",
                fact_type=fact.tag(), field=name, value=value, changed=kept,
            )  # fmt: skip
    if "present" in given and fact.__dict__.get("present") is not given["present"]:
        raise InvalidFactError(
            f"{type(fact).__name__}.present: a validator changes {shown(given['present'])}; a validator of a fact only refuses",
            fact_type=fact.tag(), field="present", value=given["present"],
        )  # fmt: skip


def invalid_fact(kind: type[Fact], error: ValidationError) -> InvalidFactError:
    """The first thing wrong with a fact as one sentence: where, what, and what would be right; `errors` lists all of them."""
    faults = error.errors(include_url=False)
    first = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
    field, sentence = _fault(kind, first)
    errors = tuple({"place": name, "message": what} for name, what in (_fault(kind, one) for one in faults))
    return InvalidFactError(
        sentence, fact_type=kind.tag(), field=field, value=first.get("input"), code=first["type"], errors=errors
    )  # fmt: skip


def _fault(kind: type[Fact], fault: ErrorDetails) -> tuple[str, str]:
    """The field that is at fault, and the sentence."""
    field = str(fault["loc"][0]) if fault["loc"] else ""
    value = fault.get("input")
    known = tuple(kind.model_fields)
    if fault["type"] == "extra_forbidden":
        hint = did_you_mean(field, known) or f"; it has {', '.join(known)}"
        return field, f"{kind.__name__} has no field {shown(field)}{hint}"
    if fault["type"] == "missing":
        return field, f"{kind.__name__} needs {field!r}"
    schema = kind.schema_.fields.get(field)
    has_few = schema is not None and bool(schema.values)
    hint = schema.hint(value) if schema is not None else ""
    what = "" if has_few else f": {fault['msg'][0].lower()}{fault['msg'][1:]}"
    where = f"{kind.__name__}.{field}" if field else kind.__name__
    return field, f"{where} cannot be {shown(value)}{what}{hint}"
