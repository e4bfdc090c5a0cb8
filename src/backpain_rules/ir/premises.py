"""The closed set of premises, and the functions that build them.

Every pass over premises (rendering, JSON, scoping, grounding, the reference engine) handles exactly these nodes and
`Compare` and `CompareQuantity`; a new node must be added to all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar, Union, cast, overload

from ..arguments import listed, text_or_none
from ..errors import PremiseError, shown
from ..facts.base import TERM, Fact
from ..symbols import Symbol
from .expressions import Constant, Expression, Parameter, Premise, Ref, Variable, check_id

F = TypeVar("F", bound=Fact)


class SupportsPremise(Protocol):
    """A declared term: it can stand where a premise is asked for."""

    def as_premise(self) -> Premise: ...


Given: TypeAlias = Union[Premise, Fact, SupportsPremise, "type[Fact]"]
Count: TypeAlias = Union[int, Parameter[int], Constant[int]]


@dataclass(frozen=True, eq=False, slots=True)
class Matches(Premise):
    """The fact that this variable stands for is there and is as its pattern says."""

    variable: Variable


@dataclass(frozen=True, eq=False, slots=True)
class Exists(Premise):
    """Some choice of facts for these variables matches their patterns and makes the body hold."""

    variables: tuple[Variable, ...]
    body: Premise | None = None


@dataclass(frozen=True, eq=False, slots=True)
class AllOf(Premise):
    members: tuple[Premise, ...]


@dataclass(frozen=True, eq=False, slots=True)
class AnyOf(Premise):
    members: tuple[Premise, ...]


@dataclass(frozen=True, eq=False, slots=True)
class AtLeast(Premise):
    """At least k of the members, among them all that are mandatory."""

    k: Count
    members: tuple[Premise, ...]
    signs: SignSet | None = None
    mandatory: tuple[Premise, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Not(Premise):
    """Known to be false."""

    member: Premise


@dataclass(frozen=True, eq=False, slots=True)
class Unless(Premise):
    """Not established: default reasoning."""

    member: Premise


@dataclass(frozen=True, eq=False, slots=True)
class IsUnknown(Premise):
    """Possible, and not established."""

    member: Premise


@dataclass(frozen=True, eq=False, slots=True)
class IsKnown(Premise):
    """Known to be true or known to be false."""

    member: Premise


@dataclass(frozen=True, eq=False)
class SignSet(Symbol):
    """A named set of signs that counts go over and that other packs may extend."""

    instead_of_text = "write its .label, or its .id"
    instead_of_members = "give it as one argument, as in at_least(k, SIGNS)"
    id: str
    members: tuple[Premise, ...]
    label: str | None = None

    def __post_init__(self) -> None:
        place = f"sign set {check_id(self.id, 'sign set')!r}"
        listed(place, "members", self.members, Premise, "a premise", hint="write sign_set(id, A, B)")
        text_or_none(place, "label", self.label)

    def _said(self) -> str:
        return f"sign set {self.id!r}"


def premise(given: object) -> Premise:
    """What stands in a premise position, as a premise: a term, a fact, a fact type, a pattern or a premise."""
    if isinstance(given, Premise):
        return given
    if isinstance(given, Variable):
        return Matches(given)
    if isinstance(given, Fact):
        return _fact_premise(given)
    if isinstance(given, type) and issubclass(given, Fact):
        return Exists((Variable(given, {}),))
    if hasattr(type(given), "as_premise"):  # asked of the class: as fast as can be, and isinstance with a protocol is not
        return cast("SupportsPremise", given).as_premise()
    hint = ""
    if isinstance(given, bool):
        hint = "; a comparison that Python answered at once: is the type of its right-hand side wrong?"
    elif isinstance(given, SignSet):
        hint = f"; count its members: at_least(k, {given.id.upper()})"
    elif isinstance(given, str):
        hint = "; an id is no premise: declare it with symptom(...) or condition(...) and use what that returns"
    elif isinstance(given, Expression):
        variable = given.variable._kind.tag() if isinstance(given, Ref) else given.shown
        said = f"{variable}.{given.name}" if isinstance(given, Ref) else variable
        hint = f"; write {said} == True" if given.base is bool else f"; compare it with a value, as in {said} >= ..."
    elif isinstance(given, (list, tuple)):
        hint = "; write all_of(...) or any_of(...)"
    name = given.id if isinstance(given, SignSet) else given.shown if isinstance(given, Expression) else shown(given)
    raise PremiseError(f"{name} is not a premise{hint}", value=given)


def _fact_premise(fact: Fact) -> Premise:
    said = {name: fact.__dict__[name] for name in fact.schema_.fields if name in fact.model_fields_set}
    where = {name: value for name, value in said.items() if value is not None}
    term = fact.__dict__.get(TERM)
    found = Exists((Variable(type(fact), where if term is None else {**where, fact.schema_.keys[0]: term}),))
    return Not(found) if fact.__dict__.get("present") is False else found


def _premises(given: Sequence[object]) -> tuple[Premise, ...]:
    return tuple(premise(g) for g in given)


def _some(given: Sequence[object], what: str) -> tuple[Premise, ...]:
    if not given:
        raise PremiseError(f"{what}() needs at least one premise")
    return _premises(given)


def each(kind: type[F], /, **where: object) -> type[F]:
    """One fact of this type for the whole rule; the rule is tried for each. Its attributes are its fields.

    A variable that occurs only under a negation or in a count is bound there: `not_(injury)` means that there is
    no injury. Everywhere else the fact must be there for the rule to fire.

    >>> from backpain_rules import Pain, all_of, each
    >>> pain = each(Pain, region="lumbar")
    >>> premise = all_of(pain, pain.severity >= 5)
    """
    return cast("type[F]", Variable(kind, where))  # to a type checker it has the fields of the fact


def exists(kind: type[Fact], /, *of: Given, **where: object) -> Premise:
    """Some fact of this type is there. `kind` may be a pattern made by `each`, which is then bound inside the parentheses.

    >>> from backpain_rules import Pain, each, exists
    >>> severe = exists(Pain, severity=9)
    >>> neck = each(Pain, region="neck")
    >>> severe_neck = exists(neck, neck.severity >= 7)
    """
    given: object = kind
    if not isinstance(given, (Variable, type)):
        raise PremiseError(f"exists({shown(given)}): the first argument is a fact type, such as Pain, or a pattern of each(...)")
    variable = Variable(given._kind, {**given._where, **where}) if isinstance(given, Variable) and where else given
    if isinstance(variable, Variable) and variable is not given and of:
        raise PremiseError("exists(pattern, ..., field=value): put the field values into each(...), where the pattern is made")
    if not isinstance(variable, Variable):
        variable = Variable(kind, where)
        if of:
            raise PremiseError(
                f"exists({kind.__name__}, premise): name the fact first, x = each({kind.__name__}), then exists(x, ...)"
            )
    return Exists((variable,), AllOf(_premises(of)) if of else None)


def all_of(*of: Given) -> Premise:
    """Every one of them holds."""
    return AllOf(_some(of, "all_of"))


def any_of(*of: Given) -> Premise:
    """One of them holds, or more."""
    return AnyOf(_some(of, "any_of"))


@overload
def at_least(k: int | Parameter[int], of: SignSet, /, *, mandatory: Sequence[Given] = ()) -> Premise: ...
@overload
def at_least(k: int | Parameter[int], /, *of: Given, mandatory: Sequence[Given] = ()) -> Premise: ...
def at_least(k: int | Parameter[int], /, *of: Given | SignSet, mandatory: Sequence[Given] = ()) -> Premise:
    """At least `k` of these hold, and of them every one that is `mandatory`.

    A sign set counts with all its members, those that other packs add included. A mandatory member counts like any
    other; it must be one of those given.

    >>> from backpain_rules import at_least, sign_set, symptom
    >>> cold, thirst = symptom("cold", "Cold", ask="Cold?"), symptom("thirst", "Thirst", ask="Thirsty?")
    >>> premise = at_least(1, sign_set("signs", cold, thirst.absent))
    """
    count = _count(k, "at_least")
    if isinstance(mandatory, str) or not isinstance(mandatory, (list, tuple)):
        raise PremiseError(f"at_least: mandatory={shown(mandatory)} is not a list; write mandatory=[A]", argument="mandatory")
    must = _premises(mandatory)
    if len(of) == 1 and isinstance(of[0], SignSet):
        return AtLeast(count, (), of[0], must)
    for given in of:
        if isinstance(given, SignSet):
            raise PremiseError(f"at_least takes one sign set alone, or premises: {given.id!r} stands among others")
    return AtLeast(count, _some(of, "at_least"), None, must)


def not_(of: Given, /) -> Premise:
    """It is known to be false. Unknown is not false: for default reasoning write `unless`."""
    return Not(premise(of))


def unless(of: Given, /) -> Premise:
    """It is not established. Stands under all_of, any_of, at_least or score, never under a negation."""
    return Unless(premise(of))


def is_unknown(of: Given, /) -> Premise:
    """It is possible and not established."""
    return IsUnknown(premise(of))


def is_known(of: Given, /) -> Premise:
    """It is known to be true or known to be false."""
    return IsKnown(premise(of))


def sign_set(id: str, *members: Given, label: str | None = None) -> SignSet:
    """A named set of signs. Other packs may `extend` it.

    >>> from backpain_rules import sign_set, symptom
    >>> sign_set("heat_signs", symptom("heat", "Heat", ask="Hot?")).id
    'heat_signs'
    """
    return SignSet(check_id(id, "sign set"), _premises(members), label)


def _count(k: object, what: str) -> Count:
    if isinstance(k, Parameter):
        if type(k.default) is not int:
            raise PremiseError(f"{what}: parameter {k.id!r} is a {type(k.default).__name__}, not a whole number")
        return k
    if type(k) is not int:
        given = f"sign set {k.id!r}" if isinstance(k, SignSet) else shown(k)
        raise PremiseError(f"{what}: {given} is not a whole number; the number comes first, as in at_least(2, SIGNS)")
    if k < 1:
        raise PremiseError(f"{what}: {k} is not positive")
    return Constant(k)
