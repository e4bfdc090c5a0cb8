"""From linked rules to ground instances: every choice of values for the variables of each rule.

Variables of open types range over all their keys, variables of derived types over every conclusion that some
instance can give, variables of closed types over the facts of a case. The last are not known when a knowledge base is
loaded: there a key without end has the value `ANY`, which stands for all of them, so that the order of evaluation can be
found, and the rules that meet it are grounded anew for each case that has such facts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import Any, Final, NamedTuple, NoReturn

from ..errors import PremiseError
from ..facts.base import Fact
from ..ir.bits import FALSE, TRUE, UNKNOWN
from ..ir.expressions import Arith, Compare, CompareQuantity, Constant, Expression, Premise, Ref, Variable
from ..ir.operators import MIRRORED, OPERATORS
from ..ir.premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from ..ir.quantities import Quantity, linear
from ..link.model import Linked, LinkedRule, Template
from .folding import every, some
from .joins import comparison_holds
from .nodes import (
    NEGATION_OF,
    Atom,
    Count,
    Derived,
    Flip,
    JoinTest,
    Known,
    Node,
    Place,
    Plain,
    Presence,
    SlotTest,
    SlotValue,
    Stated,
    Sum,
    by_place,
    place_of,
    places_of,
)
from .search.index import Ordered
from .search.order import Restriction, conjuncts, free_in, in_order, is_usable_bound
from .totals import Total, compared, points_of


class _Any:
    """A key of a closed fact that no case has named yet: it may equal anything."""

    def __repr__(self) -> str:
        return "ANY"

    def __reduce__(self) -> str:
        return "ANY"


ANY: Final = _Any()

Value = Place | Fact
Environment = dict[Variable, Value]


class Grounder:
    """Grounds premises over what is derivable. `closed` holds the case's facts of closed types;

    With None they are lifted: their unbounded keys are `ANY`. Choices of values that keys rule out are left out, and those that
    the slots of `records` do.
    """

    def __init__(self, linked: Linked, closed: Mapping[type[Fact], Sequence[Fact]] | None, records: Iterable[Fact] = ()) -> None:
        self.linked = linked
        self.is_lifted = closed is None
        self.atoms: dict[Atom, int] = {}
        self.facts: dict[Fact, int] = {}
        self._known: dict[type[Fact], dict[Value, None]] = {}
        self._by_field: dict[tuple[type[Fact], str, Any], dict[Value, None]] = {}
        self._ordered: dict[tuple[type[Fact], str], Ordered[Value]] = {}
        self._came: dict[Value, int] = {}
        self._records = by_place(records)
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self._places: dict[type[Fact], tuple[Place, ...]] = {}
        self._read: dict[type[Fact], tuple[type[Fact], ...]] = {}
        self._totals: dict[Quantity, Total] = {}
        self.touched_closed = False
        for facts in (closed or {}).values():
            for fact in facts:
                self._make_known(type(fact), place_of(fact))

    # --- what can be concluded --------------------------------------------------------------------------------------

    def add_fact(self, fact: Fact) -> bool:
        """Make a derived fact known; False if it was."""
        if fact in self.facts:
            return False
        self.facts[fact] = len(self.facts)
        self._make_known(type(fact), fact)
        return True

    def _make_known(self, kind: type[Fact], value: Value) -> None:
        """From now on variables of this type range over this derived fact, or this place of a closed one, too."""
        self._came.setdefault(value, len(self._came))
        for read in self._read_as(kind):
            self._known.setdefault(read, {})[value] = None
            for field in self._indexed(read, value):
                said = self._said(value, field)
                self._by_field.setdefault((read, field, said), {})[value] = None
                if (read, field) in self._ordered:
                    self._ordered[read, field].add(said, value)

    def _indexed(self, kind: type[Fact], value: Value) -> Sequence[str]:
        """The fields by which a value is found."""
        return tuple(kind.schema_.fields) if value in self._records else kind.schema_.keys

    def _said(self, value: Value, field: str) -> Any:
        """The value of a field, or of a slot where the record is known; None where it says nothing."""
        record = self._records.get(value) if isinstance(value, Place) else None
        return value_of(value, field) if record is None else record.__dict__[field]

    def _read_as(self, kind: type[Fact]) -> tuple[type[Fact], ...]:
        """The types whose variables range over what is of this type: for a conclusion the types it is made from, too."""
        read = self._read.get(kind)
        if read is None:
            derived = self.linked.derived_types
            read = self._read[kind] = tuple([b for b in kind.__mro__ if b in derived]) if kind in derived else (kind,)
        return read

    def number_facts(self, key: Callable[[Fact], Any]) -> None:
        """Number the derived facts anew, in the order of `key`."""
        self.facts = {fact: number for number, fact in enumerate(sorted(self.facts, key=key))}

    def conclusion(self, template: Template, environment: Environment) -> Fact:
        """The fact that a template gives for this choice of values."""
        copied = {name: value_of(environment[ref.variable], ref.name) for name, ref in template.copied.items()}
        fields = template.fields(copied)
        return template.kind.model_construct(**fields) if ANY in copied.values() else template.kind(**fields)

    def conclusions(self, rule: LinkedRule, environment: Environment) -> list[Fact]:
        """What the templates of a rule give for this choice of values."""
        return [self.conclusion(template, environment) for template in rule.templates]

    @staticmethod
    def parts(rule: LinkedRule, conclusions: Iterable[Fact]) -> dict[tuple[str, ...], tuple[Fact, ...]]:
        """What a rule gives for one choice of values, by the names of the rules that take it back."""
        found: dict[tuple[str, ...], dict[Fact, None]] = {}
        for fact in conclusions:
            found.setdefault(rule.taken_back(fact, ANY), {})[fact] = None
        if not rule.templates:  # a rule of an analysis, which is only asked whether it fires
            return {rule.overridden_by: ()}
        return {taken_back: tuple(facts) for taken_back, facts in found.items()}

    # --- choices of values ------------------------------------------------------------------------------------------

    def bindings(
        self, variables: Sequence[Variable], body: Premise | None, outer: Environment | None = None
    ) -> Iterator[Environment]:
        """Every choice of values for `variables` that keys alone do not already rule out."""
        given = outer or {}
        if not variables:
            return iter((dict(given),))
        plan = self._plan(tuple(variables), body, tuple(v for v in given if v not in variables))
        environment: Environment = {v: value for v, value in given.items() if v not in variables}

        def choose(position: int) -> Iterator[Environment]:
            if position == len(plan.steps):
                yield dict(environment)
                return
            variable, restricted, tests = plan.steps[position]
            for value in self._candidates(variable, restricted, environment):
                environment[variable] = value
                if all(self._may_hold(test, environment) for test in tests):
                    yield from choose(position + 1)
            environment.pop(variable, None)

        if plan.is_in_order:
            return choose(0)
        return iter(sorted(choose(0), key=lambda chosen: [self._came.get(chosen[v], -1) for v in variables]))

    def _plan(self, variables: tuple[Variable, ...], body: Premise | None, bound: tuple[Variable, ...]) -> _Plan:
        """How to choose values. What stands inside a choice of others is planned once for all of them."""
        known_as = (variables, body, bound)
        plan = self._plans.get(known_as) if bound else None
        if plan is None:
            tests = [m for m in conjuncts(body) if isinstance(m, Compare)]
            steps = tuple(
                (variable, restricted, tuple(test for test in tests if variable in free_in(test)))
                for variable, restricted in in_order(variables, tests, bound)
            )
            is_in_order = all(step[0] is v and step[1].ranged is None for step, v in zip(steps, variables, strict=True))
            plan = _Plan(steps, is_in_order)
            if bound:
                self._plans[known_as] = plan
        return plan

    def _candidates(self, variable: Variable, restricted: Restriction, environment: Environment) -> Iterable[Value]:
        """What a variable can stand for, given those chosen before it: by its pattern, and by comparisons."""
        said: dict[str, Any] = {}
        for name, value in restricted.equal:
            constant = self._constant(value, environment)
            if constant is not _UNDECIDED:
                said.setdefault(name, constant)
        return self._values(variable._kind, said, restricted, environment)

    def _values(
        self, kind: type[Fact], said: Mapping[str, Any], restricted: Restriction, environment: Environment
    ) -> Iterable[Value]:
        """The values of a type with these fields, and within the bounds of a restriction."""
        if kind in self.linked.derived_types:
            known = self._like(kind, said, restricted, environment)
            return [value for value in known if all(_agree(value_of(value, name), v) for name, v in said.items())]
        wanted = {name: value for name, value in said.items() if name in kind.schema_.keys}
        values: Iterable[Value]
        if kind.schema_.is_open:
            values = self._open_places(kind, wanted)
            if len(wanted) == len(kind.schema_.keys):
                return values
        else:
            self.touched_closed = True
            if self.is_lifted:
                values = self._lifted_places(kind, wanted)
            else:
                values = self._like(kind, said if self._records else wanted, restricted, environment)
        return [value for value in values if all(_agree(value_of(value, name), v) for name, v in wanted.items())]

    def _like(
        self, kind: type[Fact], wanted: Mapping[str, object], restricted: Restriction, environment: Environment
    ) -> Sequence[Value]:
        """The known values of a type that may have these fields, or lie within these bounds: the fewest that an index gives."""
        nothing: dict[Value, None] = {}
        known = self._known.get(kind, nothing)
        keys, records = kind.schema_.keys, bool(self._records) and kind not in self.linked.derived_types
        indexes: list[Sequence[Collection[Value]]] = []
        for name, value in wanted.items():
            if value is not ANY and (records or name in keys):
                other = ANY if name in keys else None  # a slot that says nothing may be anything
                indexes.append(
                    (self._by_field.get((kind, name, value), nothing), self._by_field.get((kind, name, other), nothing))
                )
        ranged = restricted.ranged
        if ranged is not None and not indexes and not self.is_lifted and (records or ranged in keys):
            low, high = (self._bounds(side, environment) for side in (restricted.low, restricted.high))
            if low or high:
                ordered = self._ordered.get((kind, ranged))
                if ordered is None:
                    ordered = self._ordered[kind, ranged] = Ordered([self._said(v, ranged) for v in known], [*known])
                found = ordered.between(max(low, default=None), min(high, default=None))
                indexes.append((found, self._by_field.get((kind, ranged, None), nothing)))
        best = min(indexes, key=lambda parts: sum(map(len, parts)), default=(known,))
        return [value for part in best for value in part]

    def _bounds(self, side: Sequence[Expression[Any]], environment: Environment) -> list[Any]:
        bounds = ((self._constant(value, environment), value) for value in side)
        return [bound for bound, value in bounds if bound is not ANY and is_usable_bound(bound, value)]

    def _lifted_places(self, kind: type[Fact], wanted: Mapping[str, object]) -> Iterator[Place]:
        """The facts of a closed type that a case may have, with the keys that are finite or equal to something."""
        domains: list[Iterable[Any]] = []
        for name in kind.schema_.keys:
            if name in wanted:
                domains.append((wanted[name],))
            else:
                domains.append(self.linked.key_domain(kind, name) if kind.schema_.fields[name].is_finite else (ANY,))
        return (Place(kind, key) for key in product(*domains))

    def _open_places(self, kind: type[Fact], wanted: Mapping[str, object]) -> Iterable[Place]:
        keys = kind.schema_.keys
        if keys and len(wanted) == len(keys):
            for name, value in wanted.items():
                if value is not ANY and not self._can_be(kind, name, value):
                    return ()
            return (Place(kind, tuple([wanted[name] for name in keys])),)
        places = self._places.get(kind)
        if places is None:
            places = self._places[kind] = tuple(Place(kind, key) for key in self.linked.keys(kind))
            for place in places:
                self._came[place] = len(self._came)
        return places

    def _can_be(self, kind: type[Fact], name: str, value: object) -> bool:
        vocabulary = kind.schema_.fields[name].vocabulary
        if vocabulary and value is not None:
            return (vocabulary, value) in self.linked.terms
        return value in self.linked.key_domain(kind, name)

    def _may_hold(self, test: Compare, environment: Environment) -> bool:
        left, right = self._constant(test.left, environment), self._constant(test.right, environment)
        return _UNDECIDED in (left, right) or ANY in (left, right) or _holds(test.op, left, right)

    # --- premises ---------------------------------------------------------------------------------------------------

    def body(self, variables: Sequence[Variable], body: Premise | None, environment: Environment) -> Node:
        """The premise of one choice of values: its facts are there, and the body holds."""
        if not variables and body is not None:
            return self.node(body, environment)
        matched = {m.variable for m in conjuncts(body) if isinstance(m, Matches)}
        there = [self._present(v, environment) for v in variables if v not in matched]
        inside = [] if body is None else [self.node(body, environment)]
        return every([*there, *inside], body)

    def node(self, premise: Premise, environment: Environment) -> Node:
        """One premise, ground."""
        match premise:
            case Matches(variable=variable):
                return self._present(variable, environment, premise)
            case Compare(op=op, left=left, right=right):
                return self._compare(op, left, right, environment, premise)
            case Exists(variables=(variable,), body=None) if variable._is_fixed:
                wanted = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
                kind = variable._kind
                if tuple(wanted) == kind.schema_.keys and kind.schema_.is_open and kind not in self.linked.derived_types:
                    places = self._open_places(kind, wanted)
                    return some([Stated(self._atom(Presence(at)), Matches(variable)) for at in places], premise)
                fitting = self._values(kind, wanted, Restriction(), environment)
                return some([self._present(variable, {variable: value}) for value in fitting], premise)
            case Exists(variables=variables, body=body):
                choices = self.bindings(variables, body, environment)
                return some([self.body(variables, body, choice) for choice in choices], premise)
            case AllOf(members=of):
                return every([self.node(m, environment) for m in of], premise)
            case AnyOf(members=of):
                return some([self.node(m, environment) for m in of], premise)
            case AtLeast(k=k, members=of):
                assert isinstance(k, Constant)
                return Count(k.value, tuple((1, self.node(m, environment)) for m in of), premise)
            case CompareQuantity(left=left, right=right):
                return compared(self.total(left, environment), self.total(right, environment), premise)
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                return Flip(NEGATION_OF[type(premise)], self.node(member, environment), premise)
            case _:
                raise PremiseError(f"{type(premise).__name__} is not one of the premises this library knows")

    def total(self, number: Expression[Any], environment: Environment) -> Total:
        """A number that is computed, as a constant and the points of premises; that of a quantity is worked out once."""
        if isinstance(number, Quantity):
            return self._of_quantity(number)
        found = linear(number)
        whole = Total(found.constant, ())
        for factor, score in found.scores:
            nodes = [self.node(member, environment) for _, member in score.members]
            whole = whole.plus(points_of(score, nodes, lambda answers: self._there(answers.about, environment)).times(factor))
        return whole

    def _of_quantity(self, quantity: Quantity) -> Total:
        if quantity not in self._totals:
            self._totals[quantity] = self.total(quantity.of, {})
        return self._totals[quantity]

    def _there(self, variable: Variable, environment: Environment) -> Node:
        """That the fact is there that a variable stands for, bound or named by its pattern."""
        at = environment.get(variable)
        if at is None:
            key = [v.value for n in variable._kind.schema_.keys if isinstance(v := variable._where[n], Constant)]
            at = Place(variable._kind, tuple(key))
        assert isinstance(at, Place)
        return Stated(self._atom(Presence(at)), Matches(variable))

    def _present(self, variable: Variable, environment: Environment, origin: Premise | None = None) -> Node:
        value = environment[variable]
        origin = Matches(variable) if origin is None else origin
        if not isinstance(value, Place):
            there: Node = Derived(self._proposition(value), origin)
        elif not value.kind.schema_.is_open:
            there = Known(UNKNOWN if self.is_lifted else TRUE, origin)
        else:
            there = Stated(self._atom(Presence(value)), origin)
        pattern = [
            self._compare("==", Ref(variable, name), wanted, environment, Compare("==", Ref(variable, name), wanted))
            for name, wanted in variable._where.items()
            if not self._is_so(value, name, wanted)
        ]
        return every([there, *pattern], origin) if pattern else there

    def _is_so(self, value: Value, name: str, wanted: Expression[Any]) -> bool:
        """Whether the key alone says that a field is as a constant wants it, so that nothing is left to compare."""
        if not isinstance(wanted, Constant) or (isinstance(value, Place) and name not in value.kind.schema_.keys):
            return False
        said = value_of(value, name)
        return said is not ANY and said is not None and bool(said == wanted.value)

    def _compare(self, op: Any, left: Expression[Any], right: Expression[Any], environment: Environment, origin: Premise) -> Node:
        a, b = self._operand(left, environment), self._operand(right, environment)
        if isinstance(a, Plain) and isinstance(b, Plain):
            if ANY in (a.value, b.value):
                return Known(UNKNOWN, origin)
            return Known(TRUE if _holds(op, a.value, b.value) else FALSE, origin)
        if isinstance(a, Plain) and isinstance(b, SlotValue):
            a, b, op = b, a, MIRRORED[op]
        if isinstance(a, SlotValue) and isinstance(b, Plain):
            if ANY in a.place.key or b.value is ANY:
                return Known(UNKNOWN, origin)
            if b.value is None:
                return Known(FALSE, origin)
            return Stated(self._atom(SlotTest(a.place, a.slot, op, b.value)), origin)
        leaves = (*_leaves(a), *_leaves(b))
        if ANY in leaves:
            return Known(UNKNOWN, origin)
        if None in leaves:
            return Known(FALSE, origin)
        join = JoinTest(op, a, b)
        if not places_of(join):
            return Known(TRUE if comparison_holds(join, _no_slot) else FALSE, origin)
        return Stated(self._atom(join), origin)

    def _operand(self, value: Expression[Any], environment: Environment) -> SlotValue | Sum | Plain:
        match value:
            case Constant(value=constant):
                return Plain(constant)
            case Ref(variable=variable, name=name):
                at = environment[variable]
                if not isinstance(at, Place):
                    return Plain(at.__dict__[name])
                keys = at.kind.schema_.keys
                return Plain(at.key[keys.index(name)]) if name in keys else SlotValue(at, name)
            case Arith(op=op, left=left, right=right):
                a, b = self._operand(left, environment), self._operand(right, environment)
                if isinstance(a, Plain) and isinstance(b, Plain):
                    if None in (a.value, b.value) or ANY in (a.value, b.value):
                        return Plain(ANY if ANY in (a.value, b.value) else None)
                    with suppress(OverflowError):  # left to be compared as a sum, without an end
                        return Plain(OPERATORS[op](a.value, b.value))
                assert op != "/"  # only of a number that is computed, and never beside a slot
                return Sum(op, a, b)
            case _:
                raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")

    def _constant(self, value: Expression[Any], environment: Environment) -> Any:
        """The value of an expression if keys and constants alone decide it, else `_UNDECIDED`."""
        match value:
            case Constant(value=constant):
                return constant
            case Ref(variable=variable, name=name):
                at = environment.get(variable)
                if at is None:
                    return _UNDECIDED
                if not isinstance(at, Place):
                    return at.__dict__[name]
                if name in at.kind.schema_.keys:
                    return value_of(at, name)
                record = self._records.get(at)
                said = None if record is None else record.__dict__[name]
                return _UNDECIDED if said is None else said
            case Arith(op=op, left=left, right=right):
                a, b = self._constant(left, environment), self._constant(right, environment)
                undecided = _UNDECIDED in (a, b) or ANY in (a, b) or None in (a, b)
                with suppress(OverflowError):
                    return _UNDECIDED if undecided else OPERATORS[op](a, b)
                return _UNDECIDED
            case _:
                return _UNDECIDED

    def _proposition(self, fact: Fact) -> int:
        return self.facts[fact]

    def _atom(self, atom: Atom) -> int:
        return self.atoms.setdefault(atom, len(self.atoms))


class _Plan(NamedTuple):
    """In which order variables are chosen: each with what restricts it, and the comparisons that read it."""

    steps: tuple[tuple[Variable, Restriction, tuple[Compare, ...]], ...]
    is_in_order: bool


class _Undecided:
    pass


_UNDECIDED: Final = _Undecided()


def value_of(at: Value, name: str) -> Any:
    """The value of a field of a derived fact, or of a key of a place."""
    return at.key[at.kind.schema_.keys.index(name)] if isinstance(at, Place) else at.__dict__[name]


def shared_keys(rule: LinkedRule, binding: Sequence[Value]) -> dict[str, set[Any]]:
    """For each key name that this instance binds, the values it has there; what two instances agree on."""
    found: dict[str, set[Any]] = {}
    for variable, value in zip(rule.variables, binding, strict=True):
        for position, name in enumerate(variable._kind.schema_.keys):
            one = value.key[position] if isinstance(value, Place) else value.__dict__[name]
            if one is not None:
                found.setdefault(name, set()).add(one)
    return found


def agree(a: Mapping[str, set[Any]], b: Mapping[str, set[Any]]) -> bool:
    """Whether two instances speak of the same thing on every key name that both have."""
    return all(a[name] & b[name] or ANY in a[name] or ANY in b[name] for name in a.keys() & b.keys())


def _holds(op: str, left: Any, right: Any) -> bool:
    return left is not None and right is not None and bool(OPERATORS[op](left, right))


def _no_slot(slot: SlotValue) -> NoReturn:
    raise AssertionError(f"{slot} is read where no slot is")


def _agree(value: object, wanted: object) -> bool:
    return value is ANY or wanted is ANY or (value is not None and value == wanted)


def equated(test: Compare, variable: Variable) -> Iterator[tuple[str, Expression[Any]]]:
    """The fields of a variable that a comparison says are equal to something."""
    if test.op == "==":
        for mine, other in ((test.left, test.right), (test.right, test.left)):
            if isinstance(mine, Ref) and mine.variable is variable:
                yield mine.name, other


def _leaves(value: SlotValue | Sum | Plain) -> Iterator[Any]:
    """The constants inside, and the keys of the places that slots are read from."""
    if isinstance(value, Sum):
        yield from _leaves(value.left)
        yield from _leaves(value.right)
    elif isinstance(value, SlotValue):
        yield from (part for part in value.place.key if part is not None)
    else:
        yield value.value
