"""Check arguments against their annotations, at the call, with an error that names the argument.

Without these checks a wrong argument surfaces much later, as a TypeError elsewhere or as a rule that cites nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from .errors import BackpainRulesError, DefinitionError, did_you_mean, shown

T = TypeVar("T")

HALF_PAIR: Final = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair. It is not a character, so a text that contains one cannot be written as UTF-8."""


def wrong(
    place: str, name: str, value: object, expected: str, hint: str = "", kind: type[BackpainRulesError] = DefinitionError
) -> BackpainRulesError:
    """The error for an argument: `rule 'r': note=3 is not a text; write ...`."""
    given = f"type {value.__name__}" if isinstance(value, type) else shown(value)
    advice = f"; {hint}" if hint else ""
    return kind(f"{place}: {name}={given} is not {expected}{advice}", argument=name, value=value, expected=expected)


def text(place: str, name: str, value: object, *, hint: str = "") -> str:
    """`value` if it is a text."""
    if not isinstance(value, str):
        raise wrong(place, name, value, "a text", hint or f'write {name}="..."')
    if not value.isascii() and (half := HALF_PAIR.search(value)):
        raise DefinitionError(
            f"{place}: {name} has half of a surrogate pair, {half[0]!a}, at character {half.start()}; write the whole character",
            argument=name, value=ascii(value),
        )  # fmt: skip
    return value


def text_or_none(place: str, name: str, value: object) -> str | None:
    """`value` if it is a text or None."""
    return None if value is None else text(place, name, value)


def texts_listed(place: str, name: str, value: object) -> frozenset[str]:
    """`value` as a set if it is a list, a tuple or a set of texts."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise wrong(place, name, value, "a list of texts", f'write {name}=["..."]')
    given = tuple(value)
    for number, one in enumerate(given):
        text(place, f"{name}[{number}]", one, hint=f'write {name}=["..."]')
    return frozenset(given)


def indent_of(place: str, value: object) -> int | None:
    """`value` if it is a number of blanks to indent JSON text by, or None for one line."""
    if value is not None and (type(value) is not int or value < 0):
        raise wrong(place, "indent", value, "a whole number of blanks or None", "write indent=2")
    return value


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


def codes_of_systems(place: str, name: str, value: object) -> None:
    """Refuse anything but one or several codes for each coding system."""
    if not isinstance(value, Mapping):
        raise wrong(place, name, value, "a mapping of codes", f'write {name}={{"icd10": "M54.5"}}')
    for system, codes in value.items():
        text(place, f"a key of {name}", system)
        several = codes if isinstance(codes, (list, tuple)) else [codes]
        for code in several:
            text(place, f"{name}[{system!r}]", code)


def listed(
    place: str, name: str, value: object, kind: type[T] | tuple[type[T], ...], what: str, *, hint: str = ""
) -> tuple[T, ...]:
    """`value` as a tuple if it is a sequence of objects of one kind; `what` names one of them, with an article."""
    if not isinstance(value, (tuple, list)) and (isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence)):
        single = isinstance(value, kind)
        raise wrong(
            place, name, value, "a list", f"write {name}=[...]" if single else hint or f"write {name}=[...], a list of {what}"
        )
    for number, one in enumerate(value):
        if not isinstance(one, kind):
            raise wrong(place, f"{name}[{number}]", one, what, hint)
    return tuple(value)


def fact_list(call: str, facts: Any, kind: type[BackpainRulesError], fact: type) -> tuple[Any, ...]:
    """A list of facts as a tuple. Refuses a single fact, a text, and anything that is not iterable."""
    if isinstance(facts, (str, bytes, Mapping, fact)) or not isinstance(facts, Iterable):
        given = shown(facts)
        hint = f": write {call}([{given}])" if isinstance(facts, fact) else f", as in {call}([Pain(region='lumbar')])"
        raise kind(f"{call} takes a list of facts, not {given}; give a list{hint}", value=facts, argument="facts")
    return tuple(facts)
