"""Arguments that are what their annotations say: each is checked where it is given, and the error names it.

A wrong argument that is kept is found much later, as a TypeError of somebody else's code or as a rule that cites nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from .errors import BackpainRulesError, DefinitionError, did_you_mean, safe_repr

T = TypeVar("T")


def wrong(
    place: str, name: str, value: object, expected: str, hint: str = "", kind: type[BackpainRulesError] = DefinitionError
) -> BackpainRulesError:
    """The error for an argument: `rule 'r': note=3 is not a text; write ...`."""
    shown = f"type {value.__name__}" if isinstance(value, type) else safe_repr(value)
    advice = f"; {hint}" if hint else ""
    return kind(f"{place}: {name}={shown} is not {expected}{advice}", argument=name, value=value, expected=expected)


def text(place: str, name: str, value: object, *, hint: str = "") -> str:
    """`value` if it is a text."""
    if not isinstance(value, str):
        raise wrong(place, name, value, "a text", hint or f'write {name}="..."')
    return value


def text_or_none(place: str, name: str, value: object) -> str | None:
    """`value` if it is a text or None."""
    return None if value is None else text(place, name, value)


def one_of(place: str, name: str, value: object, known: Iterable[str]) -> str:
    """`value` if it is one of these words."""
    words = tuple(known)
    if not isinstance(value, str) or value not in words:
        hint = did_you_mean(value, words).removeprefix("; ") if isinstance(value, str) else ""
        raise wrong(place, name, value, f"one of {', '.join(words)}", hint)
    return value


def texts(place: str, name: str, value: object) -> Mapping[str, str]:
    """`value` if it is a mapping of texts to texts."""
    if not isinstance(value, Mapping):
        raise wrong(place, name, value, "a mapping of texts", f'write {name}={{"...": "..."}}')
    for key, one in value.items():
        text(place, f"a key of {name}", key)
        text(place, f"{name}[{key!r}]", one)
    return value


def listed(
    place: str, name: str, value: object, kind: type[T] | tuple[type[T], ...], what: str, *, hint: str = ""
) -> tuple[T, ...]:
    """`value` as a tuple if it is a sequence of objects of one kind; `what` names one of them, with its article."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
        single = isinstance(value, kind)
        raise wrong(
            place, name, value, "a list", f"write {name}=[...]" if single else hint or f"write {name}=[...], a list of {what}"
        )
    for number, one in enumerate(value):
        if not isinstance(one, kind):
            raise wrong(place, f"{name}[{number}]", one, what, hint)
    return tuple(value)


def fact_list(call: str, facts: Any, kind: type[BackpainRulesError], fact: type) -> tuple[Any, ...]:
    """Facts given as one argument, as a tuple; a single fact, a text and what cannot be gone through are refused."""
    if isinstance(facts, (str, bytes, Mapping, fact)) or not isinstance(facts, Iterable):
        shown = safe_repr(facts)
        hint = f": write {call}([{shown}])" if isinstance(facts, fact) else f", as in {call}([Pain(region='lumbar')])"
        raise kind(f"{call} takes a list of facts, not {shown}; give a list{hint}", value=facts, argument="facts")
    return tuple(facts)
