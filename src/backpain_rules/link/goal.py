"""Premises that are asked about a rule base, as a constraint that forbids them: a proof asks whether some case breaks it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import ParameterError, UnknownFactTypeError, UnknownTargetError, did_you_mean
from ..ir.expressions import Constant, Parameter, Premise, Variable
from ..ir.premises import AllOf, SignSet, Unless
from ..ir.quantities import Quantity
from ..rule import Constraint
from .answers import Words
from .model import Linked, LinkedConstraint
from .resolve import Resolver
from .scope import bind


def linked_goal(linked: Linked, id: str, holds: Iterable[Premise], fails: Iterable[Premise] = ()) -> LinkedConstraint:
    """The goal that these premises hold and those are not established, over one choice of the facts they share.

    Raises a `RuleBaseError` that says which name, fact type or parameter the rule base does not know.
    """
    resolver = Resolver(
        lambda number: _constant(linked, number),
        lambda signs: _members(linked, signs),
        lambda quantity: _quantity(linked, quantity),
        lambda variable: _check(linked, variable),
    )
    body = AllOf((*(resolver.premise(one) for one in holds), *(Unless(resolver.premise(one)) for one in fails)))
    words = Words(linked.ids, tuple(linked.derived_types))
    bound, closed = bind(body, lambda text: None, words)  # what is odd in a question harms no rule
    return LinkedConstraint(id, "", Constraint(id, premise=body), bound, closed)


def _constant(linked: Linked, number: Parameter[Any]) -> Constant[Any]:
    for name, (known, value) in linked.parameters.items():
        if known is number:
            return Constant(value, name)
    raise ParameterError(f"no loaded pack has the parameter {number.id!r}", parameter=number.id)


def _quantity(linked: Linked, asked: Quantity) -> Quantity:
    known = linked.quantities.get(asked.id)
    if known is None:
        raise UnknownTargetError(
            f"no loaded pack has the quantity {asked.id!r}{did_you_mean(asked.id, linked.quantities)}", id=asked.id
        )
    return known


def _members(linked: Linked, signs: SignSet) -> tuple[Premise, ...]:
    more = (m for e in linked.extensions if linked.sign_sets.get(e.target) is signs for m in e.extension.members)
    return (*signs.members, *more)


def _check(linked: Linked, variable: Variable) -> None:
    kind = variable._kind
    if linked.fact_types.get(kind.tag()) is not kind:
        raise UnknownFactTypeError(
            f"no loaded pack has the fact type {kind.__name__}{did_you_mean(kind.tag(), linked.fact_types)}", fact_type=kind.tag()
        )
    for name, value in variable._where.items():
        vocabulary = kind.schema_.fields[name].vocabulary
        if vocabulary is None or not isinstance(value, Constant) or value.value is None:
            continue
        if (vocabulary, value.value) not in linked.terms and value.value not in _concluded(linked, kind, name):
            hint = did_you_mean(str(value.value), linked.ids(vocabulary))
            raise UnknownTargetError(
                f"{kind.__name__}.{name}: no loaded pack declares {vocabulary} {value.value!r}{hint}",
                id=value.value, vocabulary=vocabulary,
            )  # fmt: skip


def _concluded(linked: Linked, kind: type, name: str) -> set[object]:
    return {t.constants.get(name) for rule in linked.rules for t in rule.templates if issubclass(t.kind, kind)}
