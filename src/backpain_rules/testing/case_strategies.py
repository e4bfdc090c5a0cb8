"""Random cases of any linked rule base, and the completions of a case: every answer that somebody might still give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..facts.base import Fact
from ..facts.schema import FieldSchema
from ..facts.values import admits
from ..ground.nodes import Place, place_of
from ..ir.expressions import Arith, Compare, Constant, Expression, Premise, Variable
from ..ir.walk import variables, walk
from ..link.model import Linked


@st.composite
def cases_of(draw: DrawFn, linked: Linked, *, max_facts: int = 12, max_closed: int = 3) -> tuple[Fact, ...]:
    """A consistent case: some facts of the types that the rules speak of, the others unsaid.

    Slots take values next to those that the rules compare them with, or none.
    """
    values = Values(linked)
    places = [place for kind in _stated(linked) if kind.schema_.is_open for place in open_places(linked, kind)]
    most = min(max_facts, len(places))
    least = draw(st.sampled_from([0, 0, most // 3, most]))
    said = draw(st.lists(st.sampled_from(places), unique=True, min_size=least, max_size=most)) if places else []
    for kind in _stated(linked):
        if not kind.schema_.is_open:
            keys = st.tuples(*(values.of(kind, name) for name in kind.schema_.keys))
            said += [Place(kind, key) for key in draw(st.lists(keys, unique=True, max_size=max_closed))]
    return tuple(_fact(draw, place, values, complete=False) for place in said)


@st.composite
def completions_of(draw: DrawFn, linked: Linked, case: Sequence[Fact]) -> tuple[Fact, ...]:
    """The case with everything answered: each open fact there or not there, each slot with a value."""
    values = Values(linked)
    stated: dict[Place, Fact | None] = {
        place: None for kind in _stated(linked) if kind.schema_.is_open for place in open_places(linked, kind)
    }
    stated |= {place_of(fact): fact for fact in case}
    return tuple(_fact(draw, place, values, complete=True, known=fact) for place, fact in stated.items())


@st.composite
def answers_of(draw: DrawFn, linked: Linked, case: Sequence[Fact]) -> tuple[Fact, ...]:
    """The case with some more answered: on the way to one of its completions."""
    before = {place_of(fact): fact for fact in case}
    found: list[Fact] = []
    for fact in draw(completions_of(linked, case)):
        known = before.get(place_of(fact))
        if known is None and not draw(st.booleans()):
            continue
        open_slots = [name for name in fact.schema_.slots if known is None or known.__dict__[name] is None]
        left = [name for name in open_slots if fact.schema_.fields[name].is_slot and draw(st.booleans())]
        found.append(_rebuilt(fact, dict.fromkeys(left)))
    return tuple(found)


def open_places(linked: Linked, kind: type[Fact]) -> Iterator[Place]:
    """Every key that a fact of an open type can have."""
    for key in linked.keys(kind):
        yield Place(kind, key)


def _stated(linked: Linked) -> list[type[Fact]]:
    """The stated types that rules and constraints speak of, by name."""
    used = {variable._kind for variable in _patterns(linked)}
    return [kind for kind in linked.fact_types.values() if kind in used and kind not in linked.derived_types]


def _patterns(linked: Linked) -> Iterator[Variable]:
    for entry in linked.rules:
        yield from entry.variables
    for constraint in linked.constraints:
        yield from constraint.variables
    for node in _nodes(linked):
        yield from variables(node)


def _nodes(linked: Linked) -> Iterator[Premise]:
    for rule in linked.rules:
        yield from walk(rule.body)
    for constraint in linked.constraints:
        yield from walk(constraint.body)


def _fact(draw: DrawFn, place: Place, values: Values, *, complete: bool, known: Fact | None = None) -> Fact:
    kind, key = place
    schema = kind.schema_
    said: dict[str, Any] = dict(zip(schema.keys, key, strict=True)) if known is None else dict(known.__dict__)
    if known is None and schema.has_present:
        said["present"] = draw(st.sampled_from([True, True, False]))
    if said.get("present", True):
        for name in schema.slots:
            if said.get(name) is None:
                value = values.of(kind, name)
                said[name] = draw(value if complete or not schema.fields[name].is_slot else st.none() | value)
    return kind(**{name: value for name, value in said.items() if name in kind.model_fields})


def _rebuilt(fact: Fact, changes: dict[str, None]) -> Fact:
    return type(fact)(**{**{name: fact.__dict__[name] for name in type(fact).model_fields}, **changes})


class Values:
    """The values worth trying for each field: those that rules name, and their neighbours."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        expressions = [value for pattern in _patterns(linked) for value in pattern._where.values()]
        for node in _nodes(linked):
            if isinstance(node, Compare):
                expressions += [node.left, node.right]
        self.named: dict[type, list[Any]] = {}
        for expression in expressions:
            for value in _constants(expression):
                named = self.named.setdefault(type(value), [])
                if value not in named:
                    named.append(value)
        self._known: dict[tuple[type[Fact], str], SearchStrategy[Any]] = {}

    def of(self, kind: type[Fact], name: str) -> SearchStrategy[Any]:
        """Values of one field, None aside."""
        if (kind, name) not in self._known:
            field = kind.schema_.fields[name]
            few = self.linked.domain(kind, name) if field.is_finite else self._near(field)
            self._known[kind, name] = st.sampled_from(few) if few else st.from_type(field.annotation)
        return self._known[kind, name]

    def _near(self, field: FieldSchema) -> tuple[Any, ...]:
        named = sorted(self.named.get(field.base, ()), key=repr)
        if field.base is date:
            named += [day + span for day in named for span in sorted(self.named.get(timedelta, ()))]
        near = dict.fromkeys(value for constant in named for value in _neighbours(constant))
        return tuple(value for value in near if admits(field, value))


def _constants(value: Expression[Any]) -> Iterator[Any]:
    if isinstance(value, Constant):
        yield value.value
    elif isinstance(value, Arith):
        yield from _constants(value.left)
        yield from _constants(value.right)


def _neighbours(value: Any) -> tuple[Any, ...]:
    match value:
        case bool():
            return (value,)
        case int() | float() | Decimal():
            return (value, value - 1, value + 1)
        case timedelta() | datetime():
            return (value, value - timedelta(hours=1), value + timedelta(hours=1))
        case date():
            return (value, value - timedelta(days=1), value + timedelta(days=1))
        case str():
            return (value, f"not {value}")
        case _:
            return (value,)
