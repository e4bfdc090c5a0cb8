"""Hypothesis strategies for whoever writes a pack: cases that aim at its boundaries, their completions, and bad cases.

@given(cases(kb))
def test_order(case): assert kb.assess(case).derived == kb.assess(case[::-1]).derived
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..facts.base import Fact, to_data
from ..ground.nodes import Place, place_of
from ..ir.expressions import Constant, Premise, Variable
from ..ir.premises import IsUnknown, Not, Unless
from ..ir.walk import children, variables
from ..knowledge import KnowledgeBase
from ..link.model import Linked, LinkedRule
from .case_strategies import Values, cases_of, completions_of

How: TypeAlias = Literal["there", "denied", "open"]
DEEPEST = 6
"""How many rules deep a case is led towards a rule that rests on others."""


def cases(kb: KnowledgeBase) -> SearchStrategy[tuple[Fact, ...]]:
    """Cases of a knowledge base: consistent, of any size, with values at and beside every number that its rules compare.

    Some are random; some are led towards one rule, so that rules that rarely fire get their turn; some are the cases that
    rules carry, with a few facts more or less.
    """
    linked = kb.rule_base
    near = st.sampled_from(linked.rules).flatmap(lambda rule: _towards(linked, rule)) if linked.rules else cases_of(linked)
    carried = [tuple(case) for rule in linked.rules for case in (*rule.rule.fires_on, *rule.rule.silent_on)]
    about = st.sampled_from(carried).flatmap(lambda case: _about(linked, case)) if carried else near
    return st.one_of(near, about, cases_of(linked))


def facts(kb: KnowledgeBase) -> SearchStrategy[Fact]:
    """Single facts that a case of this knowledge base can have."""
    return cases(kb).filter(bool).flatmap(st.sampled_from)


def completions(kb: KnowledgeBase, case: Sequence[Fact]) -> SearchStrategy[tuple[Fact, ...]]:
    """The case with everything answered that its rules can ask."""
    return completions_of(kb.rule_base, case)


def malformed_cases(kb: KnowledgeBase) -> SearchStrategy[dict[str, Any]]:
    """Cases as JSON data with one thing wrong each: `kb.read_case` refuses every one with a `FactError`."""
    return facts(kb).map(to_data).flatmap(lambda data: st.sampled_from([{"facts": [bad]} for bad in _spoilt(data)]))


# --- inside -----------------------------------------------------------------------------------------------------------


@st.composite
def _towards(draw: DrawFn, linked: Linked, rule: LinkedRule) -> tuple[Fact, ...]:
    """A case in which what a rule asks for is mostly there, and so is what the rules below it ask for."""
    values = Values(linked)
    said: dict[Place, Fact] = {}
    waiting, depth = [rule], 0
    while waiting and depth < DEEPEST:
        below: list[LinkedRule] = []
        for here in waiting:
            for variable, how in _asked(here):
                if variable._kind not in linked.derived_types:
                    if draw(st.integers(0, 9)) >= (7 if how == "open" else 1):
                        fact = _match(draw, values, variable, how == "denied")
                        said.setdefault(place_of(fact), fact)
                elif how == "there":
                    makers = [r for r in linked.rules if any(_gives(r, variable, n) for n in range(len(r.templates)))]
                    below += [draw(st.sampled_from(makers))] if makers else []
        waiting, depth = below, depth + 1
    for fact in draw(cases_of(linked, max_facts=4)):
        said.setdefault(place_of(fact), fact)
    return tuple(said.values())


def _asked(rule: LinkedRule) -> Iterator[tuple[Variable, How]]:
    """The facts that a rule names, each with how it would have to stand."""
    stack: list[tuple[Premise, How]] = [(rule.body, "there")]
    yield from ((variable, "there") for variable in rule.variables)
    while stack:
        node, how = stack.pop()
        yield from ((variable, how) for variable in variables(node))
        if isinstance(node, Unless | IsUnknown):
            how = "open"
        elif isinstance(node, Not):
            how = "there" if how == "denied" else "denied"
        stack += [(inside, how) for inside in children(node)]


def _match(draw: DrawFn, values: Values, variable: Variable, is_denied: bool) -> Fact:
    """A fact that a pattern matches, or, denied, one that says that it is not there."""
    kind = variable._kind
    schema = kind.schema_
    wanted = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
    said = {name: wanted[name] if name in wanted else draw(values.of(kind, name)) for name in schema.keys}
    if is_denied and schema.has_present:
        return kind.model_validate({**said, "present": False})
    for name in schema.slots:
        said[name] = wanted[name] if name in wanted else draw(st.none() | values.of(kind, name))
    return kind(**said)


def _gives(rule: LinkedRule, variable: Variable, number: int) -> bool:
    template = rule.templates[number]
    wanted = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
    return issubclass(template.kind, variable._kind) and all(template.constants.get(n, v) == v for n, v in wanted.items())


@st.composite
def _about(draw: DrawFn, linked: Linked, case: Sequence[Fact]) -> tuple[Fact, ...]:
    """A case with a few facts left out, and a few more."""
    kept = [fact for fact in case if draw(st.integers(0, 4))]
    said = {place_of(fact): fact for fact in kept}
    for fact in draw(cases_of(linked, max_facts=3)):
        said.setdefault(place_of(fact), fact)
    return tuple(said.values())


def _spoilt(data: dict[str, Any]) -> list[Any]:
    """The ways in which a fact as JSON can be wrong."""
    without = [{name: value for name, value in data.items() if name != left_out} for left_out in data if left_out == "type"]
    wrong: list[Any] = [{**data, "type": "no_such_type"}, {**data, "no_such_field": 1}, *without, None, [], "fact"]
    kinds = {bool: "yes", int: 10**6, str: 5}
    for name, value in data.items():
        if name != "type" and type(value) in kinds:
            wrong.append({**data, name: kinds[type(value)]})
    return wrong
