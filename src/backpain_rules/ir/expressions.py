"""Values inside a premise: fields of a matched fact, parameters, constants and simple arithmetic on them.

Comparing two of them gives a `Compare`, a premise. Everything is checked when it is written: that the field exists,
that the constant fits the field's type, that the two sides can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, NoReturn, TypeVar, cast

from pydantic import ValidationError

from ..arguments import text, wrong
from ..durations import ODD_OFFSET, has_odd_offset
from ..errors import DefinitionError, FieldValueError, ParameterError, PremiseError, UnknownFieldError, did_you_mean, shown
from ..facts.base import Fact
from ..facts.schema import FieldSchema
from ..facts.sets import ordered_text
from ..symbols import Symbol
from .exact import NUMBERS, is_number

T = TypeVar("T")
Operator = Literal["==", "!=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*", "/"]

ORDERED: Final = (int, float, Decimal, timedelta, date, datetime, time)
_SUMS: Final[Mapping[tuple[str, type, type], type]] = {
    **{(op, a, b): float if float in (a, b) else int for op in "+-*" for a in (int, float) for b in (int, float)},
    ("+", timedelta, timedelta): timedelta, ("-", timedelta, timedelta): timedelta,
    ("*", timedelta, int): timedelta, ("*", int, timedelta): timedelta,
    ("+", date, timedelta): date, ("-", date, timedelta): date, ("-", date, date): timedelta,
    ("+", datetime, timedelta): datetime, ("-", datetime, timedelta): datetime, ("-", datetime, datetime): timedelta,
    **{(op, *two): Fraction for op in "+-*/" for one in NUMBERS for two in ((one, Fraction), (Fraction, one))},
}  # fmt: skip


class Premise(Symbol):
    """What a rule asks of a case. It has three bits there, not a truth value here."""

    __slots__ = ()

    def _said(self) -> str:
        return "a premise"


@dataclass(frozen=True, eq=False, slots=True)
class Compare(Premise):
    """Two values compared; unknown when a fact they read is not known or says nothing of the slot."""

    op: Operator
    left: Expression[Any]
    right: Expression[Any]


@dataclass(frozen=True, eq=False, slots=True)
class CompareQuantity(Premise):
    """Two numbers compared of which one, at least, is computed from the case: it holds as far as their bounds say so."""

    op: Operator
    left: Expression[Any]
    right: Expression[Any]


class Expression(Symbol, Generic[T]):
    """A value that is only known inside a case: the common base of everything that can be compared.

    `base` is the type that comparisons go by, and `Fraction` for a number that is computed: a score, a quantity, a sum of these.
    """

    __slots__ = ()
    base: type

    @property
    def shown(self) -> str:
        """The value as errors show it."""
        raise NotImplementedError

    def _said(self) -> str:
        return self.shown

    def _operand(self, other: object, doing: str) -> Expression[Any]:
        if isinstance(other, Expression):
            return other
        if isinstance(other, Premise):
            raise PremiseError(f"{self.shown} {doing} a premise: a comparison needs a value on both sides")
        if other is None:
            raise FieldValueError(
                f"{self.shown} {doing} None: a missing value is asked for with is_unknown(...) or is_known(...)"
            )
        return Constant(self.accept(other, doing))

    def accept(self, value: object, doing: str) -> object:
        """`value` if this expression can meet it, else an error that says why not."""
        _refuse_unlike(f"{self.shown} {doing} {shown(value)}", self.base, type(value))
        return value

    def _compare(self, op: Operator, other: object) -> Compare | CompareQuantity:
        right = self._operand(other, op)
        if Fraction in (self.base, right.base):
            return _compared(op, self, right)
        if isinstance(right, Parameter):
            try:
                self.accept(right.default, op)
            except FieldValueError as error:
                raise error.at(f"parameter {right.id!r}", parameter=right.id) from None
        elif isinstance(right, Ref) or isinstance(self, Ref):
            _refuse_unlike(f"{self.shown} {op} {right.shown}", self.base, right.base)
        if op not in ("==", "!=") and not issubclass(self.base, ORDERED):
            raise FieldValueError(
                f"{self.shown} {op} {right.shown}: {self.base.__name__} values have no order here; use == or !="
            )
        return Compare(op, self, right)

    def _combine(self, op: Arithmetic, other: object, *, swap: bool = False) -> Arith[Any]:
        right = other if isinstance(other, Expression) else Constant(other)
        left, right = (right, self) if swap else (cast("Expression[Any]", self), right)
        base = _SUMS.get((op, left.base, right.base))
        if base is None:
            if op == "/":
                raise PremiseError(
                    f"{self.shown} takes no other arithmetic than +, - and *: write a product on the other side; "
                    "a score or a quantity is divided by a number"
                )
            raise FieldValueError(
                f"{left.shown} {op} {right.shown}: {left.base.__name__} and {right.base.__name__} do not go together"
            )
        return Arith(op, left, right, base)

    def __eq__(self, other: T | Expression[T]) -> Premise:  # type: ignore[override]
        return self._compare("==", other)

    def __ne__(self, other: T | Expression[T]) -> Premise:  # type: ignore[override]
        return self._compare("!=", other)

    def __ge__(self, other: T | Expression[T]) -> Premise:
        return self._compare(">=", other)

    def __gt__(self, other: T | Expression[T]) -> Premise:
        return self._compare(">", other)

    def __le__(self, other: T | Expression[T]) -> Premise:
        return self._compare("<=", other)

    def __lt__(self, other: T | Expression[T]) -> Premise:
        return self._compare("<", other)

    def __add__(self, other: object) -> Arith[Any]:
        return self._combine("+", other)

    def __radd__(self, other: object) -> Arith[Any]:
        return self._combine("+", other, swap=True)

    def __sub__(self, other: object) -> Arith[Any]:
        return self._combine("-", other)

    def __rsub__(self, other: object) -> Arith[Any]:
        return self._combine("-", other, swap=True)

    def __mul__(self, other: object) -> Arith[Any]:
        return self._combine("*", other)

    def __rmul__(self, other: object) -> Arith[Any]:
        return self._combine("*", other, swap=True)

    def __truediv__(self, other: object) -> Arith[Any]:
        return self._combine("/", other)

    def __rtruediv__(self, other: object) -> Arith[Any]:
        return self._combine("/", other, swap=True)

    if not TYPE_CHECKING:

        def __floordiv__(self, other: object) -> NoReturn:
            raise PremiseError(f"{self.shown} takes no other arithmetic than +, - and *: write a product on the other side")

        __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __floordiv__

        def __neg__(self) -> NoReturn:
            raise PremiseError(f"{self.shown} has no sign and no absolute value: write 0 - x, or two comparisons in any_of")

        __pos__ = __abs__ = __neg__

    __hash__ = object.__hash__


@dataclass(frozen=True, eq=False, slots=True)
class Constant(Expression[T]):
    """A value that stands in the rule; `parameter` is the qualified name of the parameter it came from, if any."""

    value: T
    parameter: str | None = None

    @property
    def base(self) -> type:  # type: ignore[override]
        return type(self.value)

    @property
    def shown(self) -> str:
        return shown(self.value)


@dataclass(frozen=True, eq=False, slots=True)
class Arith(Expression[T]):
    """A sum, a difference, a product or, of a number that is computed from the case, a quotient of two values."""

    op: Arithmetic
    left: Expression[Any]
    right: Expression[Any]
    base: type  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def shown(self) -> str:
        return f"({self.left.shown} {self.op} {self.right.shown})"


@dataclass(frozen=True, eq=False, slots=True)
class Parameter(Expression[T]):
    """A named, documented, bounded number of a pack that a user may change when the knowledge base is loaded."""

    id: str
    default: T
    doc: str
    ge: T | None = None
    le: T | None = None

    def __post_init__(self) -> None:
        place = f"parameter {check_id(self.id, 'parameter')!r}"
        if type(self.default) not in (*ORDERED, bool, str):
            raise wrong(place, "default", self.default, "a number, a duration, a date or a text")
        text(place, "doc", self.doc)
        for name, limit in (("ge", self.ge), ("le", self.le)):
            if limit is not None and not _is_like(limit, self.default):
                raise wrong(place, name, limit, f"of the type of its default, {type(self.default).__name__}")
        least, most = cast("Any", self.ge), cast("Any", self.le)
        if least is not None and most is not None and not least <= most:
            raise DefinitionError(
                f"{place}: ge={spoken(least)} is above le={spoken(most)}, so it can have no value; swap them",
                parameter=self.id, argument="ge", value=least,
            )  # fmt: skip
        self.check(self.default)

    @property
    def base(self) -> type:  # type: ignore[override]
        return type(self.default)

    def check(self, value: object) -> T:
        """`value` as a value of this parameter; `ParameterError` when its type or its bounds forbid it."""
        if not _is_like(value, self.default):
            raise ParameterError(
                f"parameter {self.id!r} takes a value of type {type(self.default).__name__}, not {shown(value)}",
                parameter=self.id,
                value=value,
            )
        good: Any = value
        if isinstance(value, float) and not isfinite(value):
            raise ParameterError(f"parameter {self.id!r} is a number, not {value}", parameter=self.id, value=value)
        if (self.ge is not None and not good >= self.ge) or (self.le is not None and not good <= self.le):
            limits = (("at least", self.ge), ("at most", self.le))
            bounds = " and ".join(f"{word} {spoken(limit)}" for word, limit in limits if limit is not None)
            raise ParameterError(f"parameter {self.id!r} must be {bounds}, not {spoken(value)}", parameter=self.id, value=value)
        return cast("T", good)

    @property
    def shown(self) -> str:
        return self.id


def parameter(id: str, default: T, doc: str, *, ge: T | None = None, le: T | None = None) -> Parameter[T]:
    """Declare a number that the source does not give.

    >>> from backpain_rules import parameter
    >>> parameter("min_signs", 3, "companion signs that make an organ pattern", ge=1).default
    3
    """
    return Parameter(id, default, doc, ge, le)


def _is_like(value: object, default: object) -> bool:
    """Whether a value may stand where the default does: of its type, or a whole number for a real one."""
    return type(value) is type(default) or (type(default) is float and type(value) is int)


def spoken(value: object) -> str:
    """A value as people say it: a timedelta as `12 weeks`, `3 days` or `24 h`, anything else as it prints. Nothing is rounded.

    >>> from datetime import timedelta
    >>> spoken(timedelta(weeks=12)), spoken(timedelta(weeks=12, seconds=1)), spoken(timedelta(milliseconds=-1500))
    ('12 weeks', '7257601 s', '-1.5 s')
    """
    if isinstance(value, Fraction) and value.denominator != 1:
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
        return str(decimal) if Fraction(decimal) == value else str(value)
    if not isinstance(value, timedelta):
        return ordered_text(value)
    seconds, rest = divmod(abs(value), timedelta(seconds=1))
    for unit, size, least in (("weeks", 604800, 2), ("days", 86400, 2), ("h", 3600, 1), ("min", 60, 1)):
        if value >= timedelta(seconds=least * size) and not rest and seconds % size == 0:
            return f"{seconds // size} {unit}"
    fraction = f".{rest.microseconds:06}".rstrip("0") if rest else ""
    return f"{'-' if value < timedelta(0) else ''}{seconds}{fraction} s"


class Variable(Symbol):
    """One fact that a rule speaks of, as `each` or `exists` makes it; its attributes are the fields of the fact."""

    __slots__ = ("_is_fixed", "_kind", "_terms", "_where")
    _kind: type[Fact]
    _where: Mapping[str, Expression[Any]]
    _terms: tuple[Named, ...]
    _is_fixed: bool
    """Whether its pattern has constants alone."""

    def __init__(self, kind: type[Fact], where: Mapping[str, object]) -> None:
        if not (isinstance(kind, type) and issubclass(kind, Fact)) or kind is Fact:
            raise PremiseError(f"{kind!r} is not a fact type; write each(Pain, ...) with the class itself")
        self._kind = kind
        self._terms = tuple(value for value in where.values() if isinstance(value, Named))
        self._where = {name: self._pattern(name, _plain(value)) for name, value in where.items()}
        self._is_fixed = all(isinstance(value, Constant) for value in self._where.values())

    def _again(self) -> Variable:
        """Another variable with the same pattern, which needs no second check."""
        other = object.__new__(Variable)
        other._kind, other._where, other._terms, other._is_fixed = self._kind, self._where, self._terms, self._is_fixed
        return other

    def _pattern(self, name: str, value: object) -> Expression[Any]:
        """A value that one field must have; a constant is checked by being accepted, any other value by being compared."""
        ref = Ref[Any](self, name)
        operand = ref._operand(value, "==")
        if operand is value:
            ref._compare("==", operand)
        return operand

    def __getattr__(self, name: str) -> Ref[Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return Ref(self, name)

    def _said(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        return f"each({self._kind.__name__})"


class Ref(Expression[T]):
    """A field of the fact that a variable stands for."""

    __slots__ = ("name", "variable")
    variable: Variable
    name: str

    def __init__(self, variable: Variable, name: str) -> None:
        self.variable, self.name = variable, name
        kind = variable._kind
        if name == "present" and kind.schema_.has_present:
            raise UnknownFieldError(
                f"{kind.__name__}.present is not compared: the pattern itself says present, not_(pattern) says absent",
                fact_type=kind.tag(), field=name,
            )  # fmt: skip
        if name not in kind.schema_.fields:
            known = tuple(kind.schema_.fields)
            hint = did_you_mean(name, known) or f"; it has {', '.join(known)}"
            raise UnknownFieldError(f"{kind.__name__} has no field {shown(name)}{hint}", fact_type=kind.tag(), field=name)

    @property
    def field(self) -> FieldSchema:
        return self.variable._kind.schema_.fields[self.name]

    @property
    def base(self) -> type:  # type: ignore[override]
        return self.field.base

    def accept(self, value: object, doing: str) -> object:
        return check_value(self.variable._kind, self.name, value, doing)

    @property
    def shown(self) -> str:
        return f"{self.variable._kind.__name__}.{self.name}"


def check_value(kind: type[Fact], name: str, value: object, doing: str = "=") -> object:
    """`value` as a value of the field, or a `FieldValueError` that names the nearest right one."""
    field = kind.schema_.fields[name]
    if has_odd_offset(value):
        raise FieldValueError(
            f"{kind.__name__}.{name} {doing} {shown(value)}: {ODD_OFFSET}", fact_type=kind.tag(), field=name, value=value
        )
    try:
        return field.adapter.validate_python(value, strict=True)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"]
        what = "" if field.values else f": {message[0].lower()}{message[1:]}"
        raise FieldValueError(
            f"{kind.__name__}.{name} {doing} {shown(value)}{what}{field.hint(value)}",
            fact_type=kind.tag(), field=name, value=value,
        ) from None  # fmt: skip


def _plain(value: object) -> object:
    """A declared term stands for its id."""
    return value.id if isinstance(value, Named) else value


class Named(Symbol):
    """Something declared with an id: a term. Its id goes wherever a field takes it."""

    instead_of_text = "write its .label, or its .id"
    instead_of_members = "write any_of(x == a, x == b)"
    vocabulary: ClassVar[str]
    id: str

    def _said(self) -> str:
        return f"{self.vocabulary} {self.id!r}"


def _compared(op: Operator, left: Expression[Any], right: Expression[Any]) -> CompareQuantity:
    for one in (left, right):
        if one.base not in NUMBERS or (isinstance(one, Constant) and not is_number(one.value)):
            raise FieldValueError(f"{left.shown} {op} {right.shown}: {one.shown} is not a number")
    return CompareQuantity(op, left, right)


def _refuse_unlike(what: str, left: type, right: type) -> None:
    numbers = NUMBERS if Fraction in (left, right) else (int, float)
    alike = left is right or object in (left, right) or (left in numbers and right in numbers)
    if not alike:
        names = ("number" if kind is Fraction else kind.__name__ for kind in (left, right))
        raise FieldValueError(f"{what}: {' and '.join(names)} values cannot be compared")


def check_id(id: str, what: str) -> str:
    """`id` if it is a plain id: letters, digits, `_` and `-`, starting with a letter."""
    if not (isinstance(id, str) and id.replace("_", "").replace("-", "").isalnum() and id.isascii() and id[0].isalpha()):
        raise DefinitionError(f"{what} id {shown(id)}: use letters, digits, '_' and '-', starting with a letter", id=id)
    return id
