"""BR008: a parameter whose allowed range contains a value that breaks the rule base."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ...errors import RuleBaseError
from ...ir.conclusions import spoken
from ...ir.expressions import Parameter
from ...ir.walk import constants
from ...link.link import link
from ...link.model import Linked
from ..diagnostic import Diagnostic

NEAREST = 24
"""So many whole numbers on each side of the current value are tried, besides the bounds."""
STEPS: dict[type, Any] = {int: 1, float: 1.0, timedelta: timedelta(hours=1)}

Found = tuple[str, tuple[str, ...]]
Faults = Callable[[Linked, set[Found]], Iterable[Diagnostic]]


def check(linked: Linked, known: Iterable[Diagnostic], faults: Faults) -> Iterator[Diagnostic]:
    """BR008, varying one parameter at a time. `known` are faults with the current values; `faults` looks for others."""
    already = {(one.code, one.subjects) for one in known}
    used = {name: value for name, (_, value) in linked.parameters.items()}
    for name, (number, value) in linked.parameters.items():
        for other in tried(linked, number, value):
            broken = _broken(linked, {**used, name: other}, already, faults)
            if broken is not None:
                message = f"parameter {name} may be {spoken(other)}, and then {broken.message}"
                alone = replace(broken, instances=(), conclusions=(), cause="")  # their numbers belong to another program
                yield replace(alone, code="BR008", message=message, subjects=(name,), parameters={name: other})
                break


def unbounded(linked: Linked) -> list[str]:
    """Sentences about the parameters with too many values to try all of them."""
    found: list[str] = []
    for name, (number, _) in linked.parameters.items():
        if number.base not in STEPS:
            continue
        missing = [word for word, bound in (("lower", number.ge), ("upper", number.le)) if bound is None]
        if missing:
            found.append(f"parameter {name} has no {' and no '.join(missing)} bound: only values near those in use were tried")
    return found


def tried(linked: Linked, number: Parameter[Any], value: Any) -> list[Any]:
    """Other allowed values, the nearest first: constants that rules compare with, their neighbours, and the bounds."""
    if number.base is bool:
        return [not value]
    if number.base not in STEPS:
        return []
    step = STEPS[number.base]
    near = {c.value for rule in linked.rules for c in constants(rule.body) if type(c.value) is number.base}
    near |= {bound for bound in (number.ge, number.le) if bound is not None}
    found = {other for one in near for other in (one - step, one, one + step)}
    if number.base is int:
        found |= {value + n for n in range(-NEAREST, NEAREST + 1)}
    allowed = [one for one in found if one != value and _allows(number, one)]
    return sorted(allowed, key=lambda one: (abs(one - value), one))


def _allows(number: Parameter[Any], value: Any) -> bool:
    return (number.ge is None or value >= number.ge) and (number.le is None or value <= number.le)


def _broken(linked: Linked, parameters: dict[str, object], already: set[Found], faults: Faults) -> Diagnostic | None:
    """The faults that are new with these values."""
    try:
        other = link(linked.packs, parameters)
        return next(iter(faults(other, already)), None)
    except RuleBaseError as error:
        return Diagnostic("BR008", error.message, ())
