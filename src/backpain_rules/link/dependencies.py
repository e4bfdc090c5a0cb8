"""What rules read, and which of them rest on records: facts of closed types, of which a case can have any number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..ir.expressions import Constant, Premise, Variable
from ..ir.walk import variables, walk
from .model import Linked, LinkedConstraint, LinkedRule, Template

UNBOUNDED: Final = "it rests on facts of a closed type, and a patient can have any number of them"
"""Why nothing is proved of a rule that rests on records."""


def patterns(rule: LinkedRule | LinkedConstraint) -> Iterator[Variable]:
    """The variables of a rule or constraint, those inside its premises included."""
    yield from rule.variables
    yield from patterns_in(rule.body)


def patterns_in(body: Premise) -> Iterator[Variable]:
    """The variables that a premise and those inside it name."""
    for node in walk(body):
        yield from variables(node)


def is_closed(linked: Linked, variable: Variable) -> bool:
    """Whether a variable stands for facts of a closed type."""
    return variable._kind not in linked.derived_types and not variable._kind.schema_.is_open


def may_give(template: Template, variable: Variable) -> bool:
    """Whether a conclusion of this template may match this pattern."""
    if not issubclass(template.kind, variable._kind):
        return False
    wanted = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
    return all(template.constants.get(name, value) == value for name, value in wanted.items())


def resting_on_records(linked: Linked, *, through_overrides: bool = False) -> frozenset[str]:
    """The rules that read records, or conclusions that such rules may give; on request also those that such rules override."""
    left = {rule.name: tuple(patterns(rule)) for rule in linked.rules}
    overriders = {rule.name: rule.overridden_by if through_overrides else () for rule in linked.rules}
    templates = {rule.name: rule.templates for rule in linked.rules}
    found: set[str] = set()
    added = {name for name, read in left.items() if any(is_closed(linked, variable) for variable in read)}
    while added:
        found |= added
        for name in added:
            del left[name]
        given = [template for name in added for template in templates[name]]
        added = {
            name
            for name, read in left.items()
            if not added.isdisjoint(overriders[name]) or any(may_give(t, variable) for variable in read for t in given)
        }
    return frozenset(found)
