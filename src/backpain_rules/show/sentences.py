"""A premise in plain words, for readers who write no rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol

from ..errors import PremiseError
from ..facts.base import Fact
from ..facts.types import Diagnosis, Finding, Recommendation, Symptom
from ..ir.expressions import Arith, Compare, CompareQuantity, Constant, Expression, Parameter, Premise, Ref, Variable
from ..ir.premises import AllOf, AnyOf, AtLeast, Count, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from ..ir.quantities import Quantity, Score

COMPARED: Final = {
    "==": "{} is {}",
    "!=": "{} is not {}",
    "<": "{} below {}",
    "<=": "{} at most {}",
    ">": "{} above {}",
    ">=": "{} at least {}",
}
AROUND: Final = {Unless: "nothing shows: {}", IsUnknown: "not known: {}", IsKnown: "known, yes or no: {}"}
SHORT: Final = {(Symptom, "term"): "{}", (Finding, "condition"): "{}", (Recommendation, "intervention"): "{}"}
DENIED: Final = {"{}": "{}: no", "{}: diagnosed": "{}: excluded"}


class Speaker(Protocol):
    """What the words for a premise are taken from."""

    def say(self, phrase: str, *values: object) -> str: ...
    def label(self, vocabulary: str, id: str) -> str: ...
    def text(self, text: str) -> str: ...
    def value(self, value: object) -> str: ...
    def kind(self, kind: type[Fact]) -> str: ...
    def field(self, name: str) -> str: ...
    def field_value(self, kind: type[Fact], name: str, value: object) -> str: ...


def sentence(premise: Premise, speaker: Speaker) -> str:
    """The premise in the words of the speaker's language."""
    say = speaker.say
    match premise:
        case Matches(variable=variable):
            return _pattern(variable, speaker)
        case Compare(op=op, left=left, right=right):
            return say(COMPARED[op], _value(left, None, speaker), _value(right, left, speaker))
        case Exists(variables=variables, body=body):
            patterns = [_pattern(variable, speaker) for variable in variables]
            return (
                say("{}, where {}", _list(patterns, speaker), sentence(body, speaker))
                if body is not None
                else _list(patterns, speaker)
            )
        case AllOf(members=(member,)) | AnyOf(members=(member,)):
            return sentence(member, speaker)
        case AllOf(members=members):
            return say("all of: {}", _sentences(members, speaker))
        case AnyOf(members=members):
            return say("one of: {}", _sentences(members, speaker))
        case AtLeast(k=k, members=members, signs=signs):
            named = signs is not None and signs.label is not None
            of = speaker.text(signs.label) if named and signs is not None and signs.label else _sentences(members, speaker)
            return say("at least {} of: {}", _count(k, speaker), of)
        case CompareQuantity(op=">=", left=Score() as scored, right=Constant() | Parameter() as least):
            return say("at least {} points: {}", _value(least, None, speaker), _points(scored, speaker))
        case CompareQuantity(op=op, left=left, right=right):
            return say(COMPARED[op], _value(left, None, speaker), _value(right, None, speaker))
        case Not(member=Exists(variables=(variable,), body=None)):
            whole = _shortened(variable)
            if whole is not None:
                return say(DENIED[whole[0]], speaker.label(whole[1], whole[2]))
            return say("no {}", _pattern(variable, speaker))
        case Not(member=member):
            return say("not: {}", sentence(member, speaker))
        case Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
            return say(AROUND[type(premise)], sentence(member, speaker))
        case _:
            raise PremiseError(f"{type(premise).__name__} is not one of the premises this library knows")


def _shortened(variable: Variable) -> tuple[str, str, str] | None:
    """The phrase, the vocabulary and the id of a pattern that names one term and no more."""
    if len(variable._where) == 1:
        [(name, value)] = variable._where.items()
        phrase = "{}: diagnosed" if variable._kind is Diagnosis else SHORT.get((variable._kind, name))
        vocabulary = variable._kind.schema_.fields[name].vocabulary
        if phrase and vocabulary and isinstance(value, Constant):
            return phrase, vocabulary, str(value.value)
    return None


def _pattern(variable: Variable, speaker: Speaker) -> str:
    short = _shortened(variable)
    if short is not None:
        return speaker.say(short[0], speaker.label(short[1], short[2]))
    kind = variable._kind
    terms = {
        name: v.value for name, v in variable._where.items() if kind.schema_.fields[name].vocabulary and isinstance(v, Constant)
    }
    what = next((speaker.field_value(kind, name, value) for name, value in terms.items()), speaker.kind(kind))
    said = [
        _field(kind, name, value, speaker) for name, value in sorted(variable._where.items()) if name != next(iter(terms), None)
    ]
    return speaker.say("{} ({})", what, speaker.say(", ").join(said)) if said else what


def _field(kind: type[Fact], name: str, value: Expression[Any], speaker: Speaker) -> str:
    if isinstance(value, Constant):
        return speaker.field_value(kind, name, value.value)
    if isinstance(value, Ref) and value.name == name:
        return speaker.say("same {}", speaker.field(name))
    return speaker.say("{}: {}", speaker.field(name), _value(value, None, speaker))


def _value(value: Expression[Any], beside: Expression[Any] | None, speaker: Speaker) -> str:
    """A value; `beside` is what it is compared with, and gives a constant its unit."""
    match value:
        case Ref(variable=variable, name=name):
            return speaker.say("{}: {}", speaker.kind(variable._kind), speaker.field(name))
        case Constant(value=constant):
            if isinstance(beside, Ref):
                return speaker.field_value(beside.variable._kind, beside.name, constant)
            return speaker.value(constant)
        case Parameter(default=default):
            return speaker.value(default)
        case Quantity(label=label):
            return speaker.text(label)
        case Score():
            return f"({_points(value, speaker)})"
        case Arith(op=op, left=left, right=right):
            return f"({_value(left, None, speaker)} {op} {_value(right, None, speaker)})"
        case _:
            raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")


def _points(scored: Score, speaker: Speaker) -> str:
    pairs = [(_value(points, None, speaker), sentence(member, speaker)) for points, member in scored.members]
    return _list([speaker.say("{} for {}", points, of) for points, of in pairs], speaker)


def _count(count: Count, speaker: Speaker) -> str:
    return str(count) if isinstance(count, int) else _value(count, None, speaker)


def _sentences(premises: Iterable[Premise], speaker: Speaker) -> str:
    return _list([sentence(premise, speaker) for premise in premises], speaker)


def _list(said: list[str], speaker: Speaker) -> str:
    return speaker.say("; ").join(said)
