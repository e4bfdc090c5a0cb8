"""Premises read from JSON data: every part is checked before it is used, and an error names its place.

What an author could not write is refused here too: an empty `all_of`, a value outside its field, an unknown member.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from ..durations import DurationError, parse_duration
from ..errors import FactError, PremiseError, did_you_mean, shown
from ..facts.base import Fact
from ..facts.types import DERIVED, STATED
from ..json_text import member, read_json
from .expressions import Arithmetic, Constant, Expression, Operator, Parameter, Premise, Ref, Variable
from .premises import AllOf, AnyOf, AtLeast, Count, Exists, IsKnown, IsUnknown, Matches, Not, SignSet, Unless
from .premises import _count as checked_count
from .quantities import Quantity, Score, checked_points
from .shapes import at, find, items, needed, object_of, only, refuse

T = TypeVar("T")

VERSION: Final = 1
DEEPEST: Final = 100
ONE: Final[Mapping[type[Premise], str]] = {Not: "not", Unless: "unless", IsUnknown: "is_unknown", IsKnown: "is_known"}
# What JSON has no form of its own for stands under the name of its type; the order matters, a datetime is a date too.
TAGGED: Final[Mapping[str, type]] = {
    "datetime": datetime, "date": date, "time": time, "duration": timedelta, "decimal": Decimal, "fraction": Fraction
}  # fmt: skip
COLLECTIONS: Final[Mapping[str, type[Any]]] = {"set": frozenset, "tuple": tuple}
_ONE_BACK: Final = {word: kind for kind, word in ONE.items()}
_OPERATORS: Final[tuple[Operator, ...]] = get_args(Operator)
_ARITHMETIC: Final[tuple[Arithmetic, ...]] = get_args(Arithmetic)
_ADAPTERS: Final = {word: TypeAdapter[Any](kind) for word, kind in TAGGED.items() if kind not in (timedelta, Fraction)}

# The members of each form, the one that tells the form first; `score` has an `at_least` too, so it comes before.
_PREMISES: Final[Mapping[str, tuple[str, ...]]] = {
    "matches": ("matches",), "compare": ("compare",), "exists": ("exists", "that"), "all_of": ("all_of",), "any_of": ("any_of",),
    "score": ("score", "at_least"), "at_least": ("at_least", "signs", "of", "mandatory"), **{word: (word,) for word in _ONE_BACK},
}  # fmt: skip
_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "field": ("field",), **{op: (op,) for op in _ARITHMETIC}, **{word: (word, "parameter") for word in (*TAGGED, *COLLECTIONS)},
    "value": ("value", "parameter"), "parameter": ("parameter",), "score": ("score",), "quantity": ("quantity",),
}  # fmt: skip


def premise_from_data(
    data: Mapping[str, Any] | str | bytes,
    *,
    fact_types: Mapping[str, type[Fact]] | None = None,
    parameters: Mapping[str, Parameter[Any]] | None = None,
    sign_sets: Mapping[str, SignSet] | None = None,
    quantities: Mapping[str, Quantity] | None = None,
) -> Premise:
    """The premise that `premise_to_data` wrote, from data or JSON text.

    Fact types (by tag), parameters, sign sets and quantities (by id) are given here. Raises `PremiseError`,
    `UnknownFieldError` or `FieldValueError`, each with its `place` (`premise.all_of[1].compare`), for another version, a name
    that was not given, an unknown member, and whatever an author could not write.
    """
    try:
        data = read_json(data)
    except FactError as error:
        raise PremiseError(error.message, **error.fields) from None
    kinds = {kind.tag(): kind for kind in (*STATED, *DERIVED)} | dict(fact_types or {})
    whole = object_of(data, "")
    version = whole.get("version")
    if type(version) is not int or version != VERSION:
        refuse(f"a premise of version {shown(version)}; this library reads version {VERSION}", "version")
    only(whole, ("version", "variables", "premise"), "")
    return PremiseReader(kinds, parameters or {}, sign_sets or {}, quantities or {}).whole(whole)


class PremiseReader:
    def __init__(
        self,
        kinds: Mapping[str, type[Fact]],
        parameters: Mapping[str, Parameter[Any]],
        signs: Mapping[str, SignSet],
        quantities: Mapping[str, Quantity],
    ) -> None:
        self._kinds, self._parameters, self._signs, self._quantities = kinds, parameters, signs, quantities
        self._variables: dict[str, Variable] = {}
        self._used: set[str] = set()
        self._depth = 0

    def whole(self, data: Mapping[str, Any]) -> Premise:
        for name, declared in object_of(needed(data, "variables", ""), "variables").items():
            self._variables[name] = self._declared(declared, member("variables", name))
        read = self.premise(needed(data, "premise", ""), "premise")
        for name in self._variables:
            if name not in self._used:
                refuse("no premise uses this variable", member("variables", name))
        return read

    def _declared(self, data: Any, place: str) -> Variable:
        declared = object_of(data, place)
        only(declared, ("type", "where"), place)
        kind = find(self._kinds, needed(declared, "type", place), "fact type", f"{place}.type")
        where: dict[str, Expression[Any]] = {}
        for field, value in object_of(declared.get("where", {}), f"{place}.where").items():
            here = member(f"{place}.where", field)
            with at(here):
                ref: Ref[Any] = Ref(Variable(kind, {}), field)
            where[field] = self.value(value, here, ref.base)
            _accept(ref, "==", where[field], here)
        with at(place):
            return Variable(kind, where)

    def _variable(self, name: Any, place: str) -> Variable:
        found: Variable = find(self._variables, name, "variable", place)
        self._used.add(name)
        return found

    # --- values -------------------------------------------------------------------------------------------------------

    def value(self, data: Any, place: str, base: type = object) -> Expression[Any]:
        """The value in `data`; `base` is the type of what it is compared with, for the values of enumerations."""
        with self._inside(place):
            word, of = _form(data, _VALUES, "value", place)
            here = f"{place}.{word}"
            if word == "field":
                name, field = items(of[word], here, 2)
                variable = self._variable(name, f"{here}[0]")
                if not isinstance(field, str):
                    refuse(f"the name of a field is text, not {shown(field)}", f"{here}[1]")
                with at(f"{here}[1]"):
                    return Ref(variable, field)
            if word in _ARITHMETIC:
                left, right = (self.value(side, f"{here}[{n}]") for n, side in enumerate(items(of[word], here, 2)))
                with at(here):
                    combined: Expression[Any] = left._combine(word, right)
                    return combined
            if word == "parameter":
                number: Parameter[Any] = find(self._parameters, of[word], "parameter", here)
                return number
            if word == "quantity":
                named: Quantity = find(self._quantities, of[word], "quantity", here)
                return named
            if word == "score":
                return self._score(of[word], here)
            if word in COLLECTIONS:
                members = self._members(of[word], here)
                return Constant(COLLECTIONS[word](members), self._parameter_name(of, place))
            return Constant(_constant(word, of[word], base, here), self._parameter_name(of, place))

    def _members(self, data: Any, place: str) -> list[object]:
        """The members of a set or a tuple, which may be empty."""
        if not isinstance(data, (list, tuple)):
            refuse(f"this is a list, not {shown(data)}", place)
        found: list[object] = []
        for number, one in enumerate(data):
            value = self.value(one, f"{place}[{number}]")
            if not isinstance(value, Constant):
                refuse(f"{shown(one)} is no constant", f"{place}[{number}]")
            found.append(value.value)
        return found

    def _parameter_name(self, of: Mapping[str, Any], place: str) -> str | None:
        name = of.get("parameter")
        if name is not None and not isinstance(name, str):
            refuse(f"the name of a parameter is text, not {shown(name)}", f"{place}.parameter")
        return name

    def _score(self, data: Any, place: str) -> Score:
        pairs = [items(pair, f"{place}[{n}]", 2) for n, pair in enumerate(items(data, place))]
        return Score(
            tuple(
                (self._points(points, f"{place}[{n}][0]"), self.premise(one, f"{place}[{n}][1]"))
                for n, (points, one) in enumerate(pairs)
            )
        )

    def _points(self, data: Any, place: str) -> Parameter[Any] | Constant[Any]:
        data = self.number_data(data)
        value = self.value(data, place) if isinstance(data, Mapping) else data
        with at(place):
            return checked_points(value)

    def number_data(self, data: Any) -> Any:
        """The data of a number in a score; readers of other forms turn theirs into this one."""
        return data

    def count(self, data: Any, place: str) -> Count:
        if isinstance(data, Mapping):
            value = self.value(data, place)
            if isinstance(value, Constant):
                _checked_count(value.value, place)
                return value
            return _checked_count(value, place)
        return _checked_count(data, place)

    # --- premises -----------------------------------------------------------------------------------------------------

    def premise(self, data: Any, place: str) -> Premise:
        with self._inside(place):
            word, of = _form(data, _PREMISES, "premise", place)
            here = f"{place}.{word}"
            match word:
                case "matches":
                    return Matches(self._variable(of[word], here))
                case "compare":
                    return self._comparison(of[word], here)
                case "exists":
                    names = items(of[word], here)
                    body = self.premise(of["that"], f"{place}.that") if "that" in of else None
                    return Exists(tuple(self._variable(name, f"{here}[{n}]") for n, name in enumerate(names)), body)
                case "all_of":
                    return AllOf(self._premises(of[word], here))
                case "any_of":
                    return AnyOf(self._premises(of[word], here))
                case "score":
                    scored, least = self._score(of[word], here), needed(of, "at_least", place)
                    least = self.number_data(least)
                    threshold = self.value(least, f"{place}.at_least") if isinstance(least, Mapping) else least
                    with at(f"{place}.at_least"):
                        return scored._compare(">=", threshold)
                case "at_least":
                    signs = find(self._signs, of["signs"], "sign set", f"{place}.signs") if "signs" in of else None
                    counted = self._premises(of["of"], f"{place}.of") if signs is None or "of" in of else ()
                    must = self._premises(of["mandatory"], f"{place}.mandatory") if "mandatory" in of else ()
                    return AtLeast(self.count(of[word], here), counted, signs, must)
                case _:
                    return _ONE_BACK[word](self.premise(of[word], here))  # type: ignore[call-arg]

    def _premises(self, data: Any, place: str) -> tuple[Premise, ...]:
        return tuple(self.premise(one, f"{place}[{number}]") for number, one in enumerate(items(data, place)))

    def _comparison(self, data: Any, place: str) -> Premise:
        op, left, right = items(data, place, 3)
        if op not in _OPERATORS:
            refuse(f"{shown(op)} is no comparison; there are {' '.join(_OPERATORS)}", f"{place}[0]")
        one, two = self.value(left, f"{place}[1]"), self.value(right, f"{place}[2]")
        one, two = self.value(left, f"{place}[1]", two.base), self.value(right, f"{place}[2]", one.base)
        _accept(one, op, two, f"{place}[2]")
        _accept(two, op, one, f"{place}[1]")
        with at(place):
            return one._compare(op, two)

    @contextmanager
    def _inside(self, place: str) -> Iterator[None]:
        if self._depth == DEEPEST:
            refuse(f"more than {DEEPEST} premises and values stand inside one another", "")
        self._depth += 1
        yield
        self._depth -= 1


def _accept(one: Expression[Any], op: Operator, other: Expression[Any], place: str) -> None:
    """Refuse a constant that cannot be a value of the field it meets."""
    if isinstance(one, Ref) and isinstance(other, Constant):
        with at(place):
            one.accept(other.value, op)


def _constant(word: str, data: Any, base: type, place: str) -> Any:
    if word == "value":
        if not isinstance(data, (str, int, float)) or (isinstance(data, float) and not math.isfinite(data)):
            refuse(f"a value is text, a number, true or false, not {shown(data)}", place)
        if not issubclass(base, enum.Enum):
            return data
        try:
            return base(data)
        except ValueError:
            words = [str(one.value) for one in base]
            hint = did_you_mean(str(data), words) or f"; one of {', '.join(words)}"
            refuse(f"{shown(data)} is no {base.__name__}{hint}", place)
    if not isinstance(data, str):
        refuse(f"a {word} is text, not {shown(data)}", place)
    if word == "fraction":
        found = re.fullmatch(r"(-?[0-9]{1,300})/([0-9]{1,300})", data, re.ASCII)
        if found is None or not int(found[2]):
            refuse(f'{shown(data)} is not a fraction; write "1/3"', place)
        return Fraction(int(found[1]), int(found[2]))
    try:
        return parse_duration(data) if word == "duration" else _ADAPTERS[word].validate_python(data)
    except DurationError as error:
        refuse(f"{shown(data)} is no duration: {error}", place)
    except ValidationError:
        refuse(f"{shown(data)} is no {word}", place)


def _checked_count(value: object, place: str) -> Count:
    with at(place):
        return checked_count(value, "a count")


def _form(data: Any, forms: Mapping[str, Sequence[str]], what: str, place: str) -> tuple[str, Mapping[str, Any]]:
    """Which form an object has, by its members."""
    of = object_of(data, place)
    word = next((word for word in forms if word in of), None)
    if word is None:
        name = next(iter(of), "")
        hint = did_you_mean(name, forms) or f"; it has one of {', '.join(forms)}"
        refuse(f"{shown(data)} is no {what}{hint}", place)
    only(of, forms[word], place)
    if word == "at_least" and "signs" not in of:
        needed(of, "of", place)
    return word, of
