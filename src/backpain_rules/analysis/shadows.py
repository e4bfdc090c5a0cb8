"""Comparisons that keys decide, such as `injury.region == pain.region`: they are true or false when the rule is grounded.

If such a comparison is false, the rule has no instance, so nothing shows that the comparison decides. Therefore a shadow of the
rule with the comparison negated is grounded too: it concludes nothing, and it fires whenever the rule would if the comparison
were true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ..ground.compile import compile_program
from ..ground.program import Program
from ..ground.search.order import conjuncts
from ..ir.expressions import Arith, Compare, Constant, Expression, Operator, Premise, Ref
from ..ir.premises import AllOf
from ..link.model import Linked, LinkedRule

OPPOSITE: Final[dict[Operator, Operator]] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Shadowed:
    """A program with shadows, and the rule and comparison of each shadow by its name."""

    program: Program
    shadows: dict[str, tuple[str, Compare]]


def with_shadows(linked: Linked, rules: Collection[str]) -> Shadowed:
    """The program of a rule base with the shadows of some rules."""
    more: list[LinkedRule] = []
    shadows: dict[str, tuple[str, Compare]] = {}
    for rule in linked.rules:
        if rule.name not in rules:
            continue
        for number, test in enumerate(_decided_by_keys(linked, rule)):
            turned = Compare(OPPOSITE[test.op], test.left, test.right)
            name = f"{rule.name} but for {number}"
            more.append(replace(rule, name=name, body=_with(rule.body, test, turned), templates=()))
            shadows[name] = rule.name, test
    return Shadowed(compile_program(replace(linked, rules=(*linked.rules, *more))), shadows)


def _decided_by_keys(linked: Linked, rule: LinkedRule) -> Iterator[Compare]:
    for node in conjuncts(rule.body):
        if isinstance(node, Compare) and is_decided(linked, node):
            yield node


def is_decided(linked: Linked, test: Compare) -> bool:
    """Whether keys alone decide a comparison."""
    return _is_key(linked, test.left) and _is_key(linked, test.right)


def _is_key(linked: Linked, value: Expression[Any]) -> bool:
    match value:
        case Constant():
            return True
        case Ref(variable=variable, name=name):
            return name in variable._kind.schema_.keys or variable._kind in linked.derived_types
        case Arith(left=left, right=right):
            return _is_key(linked, left) and _is_key(linked, right)
        case _:
            return False


def _with(body: Premise, old: Premise, new: Premise) -> Premise:
    if body is old:
        return new
    return AllOf(tuple(_with(member, old, new) for member in body.members)) if isinstance(body, AllOf) else body
