"""Random premises of every kind, each such that it may stand where it is put."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..errors import PremiseError
from ..facts.base import Fact
from ..facts.types import DERIVED, Finding, Injury, Pain, Patient
from ..ir.expressions import Constant, Expression, Premise, Ref, Variable
from ..ir.premises import (
    AnyOf,
    Exists,
    Given,
    SignSet,
    all_of,
    any_of,
    at_least,
    each,
    exists,
    is_known,
    is_unknown,
    not_,
    premise,
    unless,
)
from ..ir.quantities import Quantity, linear, score
from ..ir.structure import structure
from ..ir.walk import variables, variables_in, walk
from ..link.answers import Words
from ..link.quantities import Range, range_of
from ..link.resolve import Resolver
from ..link.scope import closed, free_variables
from ..terms import InterventionTerm
from .playground import (
    BEFORE,
    CLOSED,
    CONDITIONS,
    LONG,
    MILD,
    MIN_SIGNS,
    OPEN,
    SYMPTOMS,
    TARGETS,
    TERMS,
    UNFOUND,
    Episode,
    Form,
    Radiating,
    Stiffness,
    Target,
    constants,
    sort_of,
)

STATED: Final = -1
"""The rank of what is stated: below that of every conclusion."""

_EQUALITY: Final = (operator.eq, operator.ne)
_ORDER: Final = (operator.ge, operator.gt, operator.le, operator.lt, *_EQUALITY)


@dataclass(frozen=True)
class Bound:
    """A variable, the rank of what it stands for, and the variables that its pattern reads."""

    variable: Variable
    rank: int
    reads: frozenset[Variable] = frozenset()

    def refs(self) -> list[Ref[Any]]:
        return [Ref(self.variable, name) for name in self.variable._kind.schema_.fields]


@dataclass(frozen=True)
class Room:
    """Where a premise stands: what it may read there, and how deep it may go.

    `order` ranks the conclusions; those in one layer have one rank, and their rules may support each other in a circle.
    Up to rank `upto` they may be read here, up to `below` also under a negation.
    """

    order: tuple[tuple[Target, ...], ...]
    upto: int
    below: int
    depth: int = 2
    variables: tuple[Bound, ...] = ()
    signs: tuple[tuple[SignSet, int], ...] = ()
    quantities: tuple[tuple[Quantity, int], ...] = ()
    negated: bool = False

    def inside(self) -> Room:
        """One level deeper."""
        return replace(self, depth=self.depth - 1)

    def denied(self) -> Room:
        """One level deeper, under a negation."""
        variables = tuple(v for v in self.variables if v.rank <= self.below)
        upto = min(self.upto, self.below)
        return replace(self, depth=self.depth - 1, upto=upto, variables=variables, negated=True)

    def targets(self) -> tuple[tuple[Target, int], ...]:
        """The groups of conclusions that may be read here, and the types all of whose groups may, with their ranks."""
        readable = {target: rank for rank, layer in enumerate(self.order[: self.upto + 1]) for target in layer}
        whole = {}
        for kind in dict.fromkeys(target.kind for target in readable):
            groups = [target for target in TARGETS if target.kind is kind]
            if all(group in readable for group in groups):
                whole[Target(kind)] = max(readable[group] for group in groups)
        return tuple((readable | whole).items())


def random_premise(draw: DrawFn, room: Room) -> Given:
    """Any premise that may stand in this room."""
    nodes: tuple[_Node, ...] = _LEAVES
    if room.depth > 0:
        nodes += _COMPOSED if room.negated else _COMPOSED + _DEFAULTS
    return draw(st.sampled_from(nodes))(draw, room)


def together(room: Room, matched: Sequence[Given], *of: Given) -> Given:
    """All of them; with every variable of the room matched where an any_of might else bind one that stands beside it too."""
    whole = all_of(*matched, *of)
    everywhere = Counter(free_variables(whole))
    choices = [Counter(free_variables(node)) for node in walk(whole) if isinstance(node, AnyOf)]
    if any(here[variable] != everywhere[variable] for here in choices for variable in here):
        every: list[Any] = [bound.variable for bound in room.variables]
        return all_of(*every, *matched, *of)
    return whole


def random_variable(draw: DrawFn, room: Room) -> Bound:
    """A pattern: `each` of a type that may be read here, perhaps joined to the variables that there are."""
    stated = [(Target(kind), STATED) for kind in (*OPEN, *CLOSED)]
    target, rank = draw(st.sampled_from([*stated, *room.targets()]))
    kind = Radiating if target.kind is Finding and draw(st.integers(0, 3)) == 0 else target.kind
    where = dict(target.where)
    reads: frozenset[Variable] = frozenset()
    field = draw(st.sampled_from([None, *kind.schema_.fields.values()]))
    if field is not None and field.name not in where:
        alike = [(b, ref) for b in room.variables for ref in b.refs() if sort_of(ref.field) == sort_of(field)]
        values: list[tuple[Bound | None, Any]] = [(None, value) for value in constants(sort_of(field))]
        joined, value = draw(st.sampled_from([*alike, *values]))
        where[field.name] = value
        if joined is not None:
            rank, reads = max(rank, joined.rank), joined.reads | {joined.variable}
    return Bound(_pattern(kind, where), rank, reads)


def _pattern(kind: type[Fact], where: dict[str, object]) -> Variable:
    made: Any = each(kind, **where)
    assert isinstance(made, Variable)
    return made


# --- leaves ---------------------------------------------------------------------------------------------------------


def _term(draw: DrawFn, room: Room) -> Given:
    term = draw(st.sampled_from(SYMPTOMS))
    return term.absent if draw(st.booleans()) else term


def _conclusion(draw: DrawFn, room: Room) -> Given:
    """Something concluded, as a condition, an intervention, a fact or a type."""
    if not room.targets() or draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from((_term(draw, room), UNFOUND, BEFORE)))
    target, _ = draw(st.sampled_from(room.targets()))
    if target.term is None:
        return target.kind
    if isinstance(target.term, InterventionTerm):
        return target.term
    region = draw(st.sampled_from(constants(_REGION)))
    forms: list[Given] = [
        target.term,
        exists(Finding, condition=target.term, region=region),
        Finding(condition=target.term.id, strength="may_indicate"),
        exists(Radiating, condition=target.term),
    ]
    return draw(st.sampled_from(forms))


def _fact(draw: DrawFn, room: Room) -> Given:
    region = draw(st.sampled_from(constants(_REGION)))
    number = draw(st.sampled_from(constants(int)))
    term = draw(st.sampled_from((*CONDITIONS, BEFORE)))
    facts: list[Given] = [
        Pain(region=region),
        Pain(region=region, severity=number),
        Pain(region=region, present=False),
        Injury(region=region, mechanism="fall"),
        Stiffness(region=region),
        Stiffness(region=region, side="left", evening=number),
        term.diagnosed,
        term.excluded,
    ]
    return draw(st.sampled_from(facts))


def _type(draw: DrawFn, room: Room) -> Given:
    return draw(st.sampled_from([*OPEN, *CLOSED]))


def _match(draw: DrawFn, room: Room) -> Given:
    if not room.variables:
        return _type(draw, room)
    made: Any = draw(st.sampled_from(room.variables)).variable
    return premise(made)


def _comparison(draw: DrawFn, room: Room) -> Given:
    """A field compared with a constant, a parameter, another field, or a sum of these."""
    refs = [ref for bound in room.variables for ref in bound.refs()]
    if not refs:
        return _fact(draw, room)
    left: Any = draw(st.sampled_from(refs))
    sort = sort_of(left.field)
    alike = [ref for ref in refs if sort_of(ref.field) == sort and ref is not left]
    right: Any = draw(st.sampled_from([*constants(sort), *alike, *_PARAMETERS.get(sort, ())]))
    if sort in _SUMS and draw(st.booleans()):
        left, right = draw(st.sampled_from(_SUMS[sort]))(left, right)
    compare = draw(st.sampled_from(_ORDER if sort in (int, date, timedelta) else _EQUALITY))
    made: Premise = compare(left, right)
    return made


_REGION: Final = sort_of(Pain.schema_.fields["region"])
_PARAMETERS: Final[dict[object, tuple[Any, ...]]] = {int: (MILD,), timedelta: (LONG,)}
_SUMS: Final[dict[object, list[Callable[[Any, Any], tuple[Any, Any]]]]] = {
    int: [lambda a, b: (a + 1, b), lambda a, b: (a * 2, b), lambda a, b: (a - b, 2), lambda a, b: (a, 9 - a)],
    timedelta: [lambda a, b: (a * 2, b), lambda a, b: (a + timedelta(days=1), b), lambda a, b: (a, a + LONG)],
    date: [lambda a, b: (a + timedelta(days=1), b), lambda a, b: (a - b, LONG), lambda a, b: (a, a - timedelta(weeks=12))],
}

# --- composed -------------------------------------------------------------------------------------------------------


def _several(draw: DrawFn, room: Room, least: int = 1, most: int = 3) -> list[Given]:
    return [random_premise(draw, room.inside()) for _ in range(draw(st.integers(least, most)))]


def _all_of(draw: DrawFn, room: Room) -> Given:
    return all_of(*_several(draw, room))


def _any_of(draw: DrawFn, room: Room) -> Given:
    return any_of(*_several(draw, room))


def _not(draw: DrawFn, room: Room) -> Given:
    return not_(random_premise(draw, room.denied()))


def _is_known(draw: DrawFn, room: Room) -> Given:
    return is_known(random_premise(draw, room.denied()))


def _unless(draw: DrawFn, room: Room) -> Given:
    return unless(random_premise(draw, room.denied()))


def _is_unknown(draw: DrawFn, room: Room) -> Given:
    return is_unknown(random_premise(draw, room.denied()))


def _exists(draw: DrawFn, room: Room) -> Given:
    """A variable of its own, or one that the rule has, bound anew."""
    fresh = random_variable(draw, room)
    bound = draw(st.sampled_from([fresh, *room.variables]))
    variable: Any = bound.variable
    others = (other for other in room.variables if bound.variable not in other.reads)
    inner = replace(room.inside(), variables=(bound, *others))
    return exists(variable, *(random_premise(draw, inner) for _ in range(draw(st.integers(0, 2)))))


def _count(draw: DrawFn, room: Room) -> Given:
    signs = draw(st.sampled_from([None, *(signs for signs, rank in room.signs if rank <= room.upto)]))
    if signs is not None:
        return at_least(_k(draw, len(signs.members)), signs, mandatory=_mandatory(draw, signs.members))
    members = distinct([*_several(draw, room, 1), *draw(st.sampled_from((no_signs, like_signs)))(draw)])
    return at_least(_k(draw, len(members)), *members, mandatory=_mandatory(draw, members))


def no_signs(draw: DrawFn) -> list[Premise]:
    """No further members."""
    return []


def like_signs(draw: DrawFn) -> list[Premise]:
    """Premises that print alike and are not: one comparison of variables of one type, each with a pattern of its own."""
    kind, slot, patterns = draw(st.sampled_from(_LIKE))
    limit = draw(st.sampled_from(constants(int)))
    chosen = draw(st.lists(st.sampled_from(range(len(patterns))), unique=True, min_size=2, max_size=len(patterns)))
    return [Ref(_pattern(kind, dict(patterns[number])), slot) >= limit for number in chosen]


_LIKE: Final[tuple[tuple[type[Fact], str, tuple[dict[str, object], ...]], ...]] = (
    (Pain, "severity", ({}, {"region": "lumbar"}, {"region": "neck"})),
    (Stiffness, "morning", ({"region": "neck"}, {"side": "left"}, {"evening": MILD})),
    (Episode, "severity", ({"region": "lumbar"}, {"region": "neck"}, {"began": date(2026, 1, 1)})),
)


def _k(draw: DrawFn, members: int) -> Any:
    counts = [*range(1, members + 1), *((MIN_SIGNS,) if members >= MIN_SIGNS.default else ())]
    return draw(st.sampled_from(counts))


def _mandatory(draw: DrawFn, members: Sequence[Premise]) -> list[Premise]:
    return draw(st.sampled_from([[], [members[0]], [members[-1]], list(members)]))


def _score(draw: DrawFn, room: Room) -> Given:
    """A comparison of a number that is computed, with a threshold that some cases reach and some do not."""
    op = draw(st.sampled_from([*_GROWING] if draw(st.booleans()) else [*_COMPARED]))
    left = random_number(draw, room, grows=op in _GROWING)
    right: Expression[Any] = Constant(0)
    if draw(st.integers(0, 4)) == 0:
        right = random_number(draw, room, grows=False)
    found = _range_within(room, left - right)
    if found is None:
        return _term(draw, room)
    low, high = found
    between = [low + (high - low) * part / 4 for part in range(1, 4)]
    edge = {">=": high, "<": high, ">": low, "<=": low}.get(op, draw(st.sampled_from((low, high))))
    limit = draw(st.sampled_from([edge, *between, *({MILD.default} if low < MILD.default < high else ())]))
    threshold: Any = MILD if limit == MILD.default and draw(st.booleans()) else int(limit) if limit == int(limit) else limit
    made: Premise = _COMPARED[op](left, right + threshold if not isinstance(right, Constant) else threshold)
    return made


def random_number(draw: DrawFn, room: Room, *, grows: bool) -> Expression[Any]:
    """A number of the case. Where it `grows`, what raises it may be read as in this room; anything else as under a negation."""
    shapes: list[Callable[[], Expression[Any]]] = [lambda: _points(draw, room, grows=grows)] * 3
    least = room.upto if grows else room.below
    for named, rank in room.quantities:
        if rank <= min(least, room.below):
            shapes += [lambda named=named: named, lambda named=named: named * draw(st.sampled_from(_FACTORS))]  # type: ignore[misc]
    made: Expression[Any] = draw(st.sampled_from(shapes))()
    if draw(st.integers(0, 3)) == 0:
        slot = draw(st.sampled_from([_FORM.steps, _FORM.stairs]))
        sums: list[Expression[Any]] = [made + slot, made - slot, made + slot * 2, made / 3, made + MILD]
        made = draw(st.sampled_from(sums))
    return made


def _points(draw: DrawFn, room: Room, *, grows: bool) -> Expression[Any]:
    pairs: list[tuple[Any, Given]] = []
    for _ in range(draw(st.integers(1, 3))):
        points = draw(st.sampled_from(_POINTS))
        is_plain = grows and (points is MILD or points > 0)
        pairs.append((points, random_premise(draw, room.inside() if is_plain else room.denied())))
    if draw(st.booleans()):
        answers = draw(st.sampled_from(_ANSWERS))
        chosen = draw(st.lists(st.sampled_from(range(len(answers))), unique=True, min_size=2, max_size=3))
        pairs += [(draw(st.sampled_from(_POINTS)), answers[number]()) for number in chosen]
    return score(*draw(st.permutations(pairs)))


def _range_within(room: Room, number: Expression[Any]) -> Range | None:
    """A range that the number surely has, whatever variables are bound where it stands; None where there is none."""
    resolver = Resolver(lambda one: Constant(one.default), lambda signs: signs.members, lambda one: _linked(one, ()))
    try:
        ready = resolver.number(number)
        bound = [resolver.variable(one.variable) for one in room.variables]
        either = [range_of(linear(_linked(ready, variables))) for variables in ((), bound)]
    except PremiseError:  # a variable would stand in some branches of an any_of and beside it, until `together` binds it
        return None
    found = Range(max(one.low for one in either), min(one.high for one in either))
    return found if found.low < found.high else None


def _linked(number: Any, bound: Sequence[Variable]) -> Any:
    if isinstance(number, Quantity):
        resolver = Resolver(lambda one: Constant(one.default), lambda signs: signs.members, lambda one: _linked(one, ()))
        return Quantity(number.id, number.label, _linked(resolver.number(number.of), ()))
    return closed(number, lambda text: None, _WORDS, bound)


_WORDS: Final = Words(
    lambda vocabulary: sorted(term.id for term in TERMS if term.vocabulary == vocabulary), (*DERIVED, *(t.kind for t in TARGETS))
)
_FORM: Final = each(Form)
_LUMBAR: Final = each(Pain, region="lumbar")
_FACTORS: Final = (2, -1, Fraction(1, 3))
_POINTS: Final[tuple[Any, ...]] = (1, 1, 2, 3, -1, -2, 0.5, Decimal("0.1"), Fraction(1, 3), MILD)
_ANSWERS: Final[tuple[tuple[Callable[[], Given], ...], ...]] = (
    (lambda: _FORM.pace == "slow", lambda: _FORM.pace == "fast", lambda: _FORM.pace != "brisk"),
    (lambda: _FORM.steps == 1, lambda: _FORM.steps == 2, lambda: _FORM.steps >= 2, lambda: not_(_FORM.steps == 3)),
    (lambda: _LUMBAR.severity >= 5, lambda: _LUMBAR.severity < 5, lambda: all_of(_LUMBAR, _LUMBAR.severity == 8)),
    (lambda: each(Patient).age >= 65, lambda: each(Patient).age < 18, lambda: exists(Patient, age=40)),
)
_GROWING: Final[dict[str, Callable[[Any, Any], Any]]] = {">=": operator.ge, ">": operator.gt}
_COMPARED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    **_GROWING, "<=": operator.le, "<": operator.lt, "==": operator.eq, "!=": operator.ne
}  # fmt: skip


def distinct(members: Sequence[Given]) -> list[Premise]:
    """Those of the premises that a count tells apart wherever it stands, also where it binds their variables itself."""
    return list({structure(Exists(_named(m), m)): m for m in map(premise, members)}.values())


def _named(node: Premise) -> tuple[Variable, ...]:
    """The variables that a premise names, after those that their patterns read."""
    found: dict[Variable, None] = {}

    def add(variable: Variable) -> None:
        for value in variable._where.values():
            for other in variables_in(value):
                add(other)
        found[variable] = None

    for inner in walk(node):
        for variable in variables(inner):
            add(variable)
    return tuple(found)


_Node: TypeAlias = Callable[[DrawFn, Room], Given]
_LEAVES: Final[tuple[_Node, ...]] = (_term, _match, _comparison, _comparison, _conclusion, _conclusion, _fact, _type)
_COMPOSED: Final[tuple[_Node, ...]] = (_all_of, _any_of, _not, _exists, _count, _score, _is_known)
_DEFAULTS: Final[tuple[_Node, ...]] = (_unless, _is_unknown)
