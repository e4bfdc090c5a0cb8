"""Members of a score that ask about one slot of one fact: together they are what its answer is worth."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ..facts.base import Fact
from ..facts.values import values_of
from ..ir.expressions import Compare, Constant, Premise, Ref, Variable
from ..ir.operators import MIRRORED, OPERATORS
from ..ir.premises import AllOf, AnyOf, Exists, Matches, Not
from ..ir.quantities import Answers

_PLAIN: Final = (int, float, Decimal, date, timedelta)


class Words(NamedTuple):
    """What the packs declare: the ids of each vocabulary, and the types whose facts rules conclude."""

    ids: Callable[[str], Sequence[str]]
    derived: tuple[type[Fact], ...]


def answers_in(members: Sequence[Premise], bound: Collection[Variable], words: Words) -> tuple[Answers, ...]:
    """The members, by number, that ask about the same slot, where there are two or more of them.

    `bound` are the variables that stand for one fact wherever the members do.
    """
    asked: dict[Hashable, list[int]] = {}
    asks: dict[Hashable, tuple[Variable, str]] = {}
    for number, member in enumerate(members):
        read = list(_slots(member))
        about = {_subject(variable, slot, bound): (variable, slot) for variable, slot in read}
        if len(about) == 1 and not any(issubclass(variable._kind, words.derived) for variable, _ in read):
            [(subject, slot)] = about.items()
            if subject is not None and _is_of_one_fact(member, subject, bound):
                asked.setdefault(subject, []).append(number)
                asks[subject] = slot
    found: list[Answers] = []
    for subject, numbers in asked.items():
        one_of_them, slot_name = asks[subject]
        kind = one_of_them._kind
        field = kind.schema_.fields[slot_name]
        if len(numbers) < 2 or not (field.is_finite or field.base in _PLAIN):
            continue
        constants = [value for number in numbers for value in _constants(members[number])]
        values = values_of(field, words.ids(field.vocabulary) if field.vocabulary else (), constants)
        if values.exact and values.found:
            states = [*values.found, *([None] if kind.schema_.has_present else [])]
            outcomes = [frozenset(n for n in numbers if _holds(members[n], state)) for state in states]
            found.append(Answers(tuple(numbers), one_of_them, slot_name, values.found, tuple(outcomes)))
    return tuple(found)


def _subject(variable: Variable, slot: str, bound: Collection[Variable]) -> Hashable:
    """What stands for one slot of one fact; None where it may be the slot of one of several."""
    kind = variable._kind
    schema = kind.schema_
    if not schema.is_open or slot in schema.keys:
        return None
    if variable in bound:
        return variable, slot
    keys = [variable._where.get(name) for name in schema.keys]
    if not all(isinstance(key, Constant) for key in keys):
        return None
    return kind, tuple(key.value for key in keys if isinstance(key, Constant)), slot


def _slots(node: Premise) -> Iterator[tuple[Variable, str]]:
    """The fields that a premise compares, each with its variable; of patterns the slots."""
    match node:
        case Compare(left=left, right=right):
            for side in (left, right):
                if isinstance(side, Ref):
                    yield side.variable, side.name
        case Matches(variable=variable):
            yield from _patterns(variable)
        case Exists(variables=variables, body=body):
            for variable in variables:
                yield from _patterns(variable)
            if body is not None:
                yield from _slots(body)
        case AllOf(members=members) | AnyOf(members=members):
            for member in members:
                yield from _slots(member)
        case Not(member=member):
            yield from _slots(member)
        case _:
            return


def _patterns(variable: Variable) -> Iterator[tuple[Variable, str]]:
    return ((variable, name) for name in variable._where if name not in variable._kind.schema_.keys)


def _is_of_one_fact(node: Premise, subject: Hashable, bound: Collection[Variable]) -> bool:
    """Whether a premise is made of comparisons of that slot with constants, and of whether its fact is there."""
    match node:
        case Compare(left=Ref() as ref, right=Constant()) | Compare(left=Constant(), right=Ref() as ref):
            return _subject(ref.variable, ref.name, bound) == subject
        case Matches(variable=variable):
            return _stands_for(variable, subject, bound)
        case Exists(variables=(variable,), body=body):
            return _stands_for(variable, subject, bound) and (body is None or _is_of_one_fact(body, subject, bound))
        case AllOf(members=members) | AnyOf(members=members):
            return all(_is_of_one_fact(member, subject, bound) for member in members)
        case Not(member=member):
            return _is_of_one_fact(member, subject, bound)
        case _:
            return False


def _stands_for(variable: Variable, subject: Hashable, bound: Collection[Variable]) -> bool:
    assert isinstance(subject, tuple)
    patterns_are_constant = all(isinstance(value, Constant) for value in variable._where.values())
    return patterns_are_constant and _subject(variable, subject[-1], bound) == subject


def _constants(node: Premise) -> Iterator[Any]:
    match node:
        case Compare(left=left, right=right):
            yield from (side.value for side in (left, right) if isinstance(side, Constant))
        case Exists(variables=variables, body=body):
            yield from (value.value for v in variables for value in v._where.values() if isinstance(value, Constant))
            yield from () if body is None else _constants(body)
        case AllOf(members=members) | AnyOf(members=members):
            for member in members:
                yield from _constants(member)
        case Not(member=member):
            yield from _constants(member)
        case _:
            return


def _holds(node: Premise, state: Any) -> bool:
    """Whether a premise holds where the slot has this value; None where its fact is absent."""
    match node:
        case Compare(op=op, left=Ref(), right=Constant(value=constant)):
            return state is not None and bool(OPERATORS[op](state, constant))
        case Compare(op=op, left=Constant(value=constant)):
            return state is not None and bool(OPERATORS[MIRRORED[op]](state, constant))
        case Matches(variable=variable):
            return state is not None and _matches(variable, state)
        case Exists(variables=(variable,), body=body):
            return state is not None and _matches(variable, state) and (body is None or _holds(body, state))
        case AllOf(members=members):
            return all(_holds(member, state) for member in members)
        case AnyOf(members=members):
            return any(_holds(member, state) for member in members)
        case Not(member=member):
            return not _holds(member, state)
        case _:
            raise AssertionError(f"{node} asks about more than a slot")


def _matches(variable: Variable, state: Any) -> bool:
    keys = variable._kind.schema_.keys
    return all(v.value == state for name, v in variable._where.items() if name not in keys and isinstance(v, Constant))
