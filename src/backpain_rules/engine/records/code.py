"""Premises compiled to functions: the bits of each for one choice of values, without grounding it.

The choice is a list with a place for each variable: the fact itself for a closed or a derived type, the place of a fact for an
open one. Each function gives what the ground premise would evaluate to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ...errors import PremiseError
from ...facts.base import Fact
from ...ground.nodes import NEGATION_OF, Place
from ...ground.planes import NEGATIONS
from ...ground.search.index import Index
from ...ground.search.order import conjuncts, free_in, in_order, is_usable_bound, pattern_tests
from ...ground.states import count
from ...ir.bits import ESTABLISHED, FALSE, POSSIBLE, TRUE, UNKNOWN
from ...ir.exact import combined, exact
from ...ir.expressions import Arith, Compare, Constant, Expression, Premise, Ref, Variable
from ...ir.operators import OPERATORS
from ...ir.premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from ...link.model import Linked
from .case import RecordCase

Choice: TypeAlias = list[Any]
Bits: TypeAlias = Callable[[Choice, RecordCase], int]
Value: TypeAlias = Callable[[Choice, RecordCase], Any]
Emit: TypeAlias = Callable[[Choice, RecordCase, int], bool]
"""Takes the bits of one choice; True when no other choice is needed."""
Search: TypeAlias = Callable[[Choice, RecordCase, int], bool]
Candidates: TypeAlias = Callable[[Choice, RecordCase], Iterable[Any]]


class _Absent:
    """What a slot of a fact says that is not there."""


_ABSENT: Final = _Absent()


@dataclass(slots=True)
class Code:
    """Compiles the premises of one rule. `at` is the place of each variable in the choice."""

    linked: Linked
    at: dict[Variable, int] = field(default_factory=dict[Variable, int])

    def search(
        self,
        variables: Sequence[Variable],
        body: Premise | None,
        bound: Sequence[Variable],
        mask: int,
        emit: Emit,
        *,
        last: Sequence[Variable] | None = None,
        skip: Callable[[Choice, RecordCase], bool] | None = None,
        first: Variable | None = None,
    ) -> Search:
        """Try every choice of values for `variables` that can have a bit of `mask`, and `emit` its bits.

        When `emit` says that no other is needed, choices for the variables that come after the `last` ones are skipped; with
        None all are wanted. `skip` is asked as soon as the `last` variables have values. `first` has a value already.
        """
        for variable in variables:
            self.at.setdefault(variable, len(self.at))
        premises = list(conjuncts(body))
        tests: list[Premise] = [test for variable in variables for test in pattern_tests(variable)]
        tests += [p for p in premises if not (isinstance(p, Matches) and p.variable in variables)]
        comparisons = [premise for premise in premises if isinstance(premise, Compare)]
        known = [*bound] if first is None else [*bound, first]
        order = in_order([v for v in variables if v is not first], comparisons, known)
        levels: list[tuple[Variable, Candidates | None]] = [] if first is None else [(first, None)]
        for variable, restriction in order:
            levels.append((variable, self._candidates(variable, restriction, mask, is_first=not known)))
            known.append(variable)
        decided: list[list[Bits]] = [[] for _ in levels]
        position = {variable: number for number, (variable, _) in enumerate(levels)}
        for number, (variable, _) in enumerate(levels):
            presence = self._presence(variable)
            decided[number] += [presence] if presence is not None else []
        before: list[Bits] = []
        for test in tests:
            when = max((position.get(v, -1) for v in free_in(test)), default=-1)
            (before if when < 0 else decided[when]).append(self.premise(test, mask))
        whole = len(levels) - 1 if last is None else max((position[v] for v in last), default=-1)
        run: Search = emit
        for number in reversed(range(len(levels))):
            if skip is not None and number == whole:
                run = _unless_done(skip, run)
            variable, candidates = levels[number]
            run = _level(self.at[variable], candidates, tuple(decided[number]), mask, run, goes_on=number <= whole)
        if skip is not None and whole < 0:
            run = _unless_done(skip, run)
        return _after(tuple(before), mask, run) if before else run

    # --- candidates ---------------------------------------------------------------------------------------------------

    def _candidates(self, variable: Variable, restriction: Any, mask: int, *, is_first: bool) -> Candidates:
        """The values to try for a variable: the fewest that an index gives, where it has to be asked more than once."""
        kind = variable._kind
        derived = kind in self.linked.derived_types
        if not derived and kind.schema_.is_open:
            return self._open_candidates(variable, restriction, mask)
        things = _derived_of(kind) if derived else _closed_of(kind)
        slots = kind.schema_.slots if not derived else ()
        equal = [(name, self.value(value), name in slots) for name, value in restriction.equal]
        if is_first or not (equal or restriction.ranged):
            return lambda choice, case: things(choice, case).all
        if equal:
            if len(equal) == 1:
                ((name, value, is_slot),) = equal
                return _equal_one(things, name, value, mask, is_slot=is_slot)
            return _equal(things, equal, mask)
        name = restriction.ranged
        low = [(self.value(one), one) for one in restriction.low]
        high = [(self.value(one), one) for one in restriction.high]
        return _between(things, name, low, high, mask, is_slot=name in slots)

    def _open_candidates(self, variable: Variable, restriction: Any, mask: int) -> Candidates:
        kind = variable._kind
        keys = kind.schema_.keys
        wanted = {name: self.value(value) for name, value in restriction.equal if name in keys}
        places = dict.fromkeys(Place(kind, key) for key in self.linked.keys(kind))
        if len(wanted) == len(keys):
            values = tuple(wanted[name] for name in keys)

            def one_place(choice: Choice, case: RecordCase) -> Iterable[Place]:
                place = Place(kind, tuple([value(choice, case) for value in values]))
                return (place,) if place in places else ()

            return one_place
        if mask == TRUE:
            return lambda choice, case: places
        return lambda choice, case: case.stated_of(kind)

    def _presence(self, variable: Variable) -> Bits | None:
        """The bits of its being there; None where a value is always there."""
        kind, at = variable._kind, self.at[variable]
        if kind in self.linked.derived_types:
            return lambda choice, case: case.bits.get(choice[at], FALSE)
        if kind.schema_.is_open:
            return lambda choice, case: case.presence(choice[at])
        return None

    # --- premises -----------------------------------------------------------------------------------------------------

    def premise(self, premise: Premise, mask: int) -> Bits:
        """The bits of a premise whose variables have values; those of `mask` are right, and it is enough for a caller."""
        match premise:
            case Matches(variable=variable):
                tests = [self.premise(test, mask) for test in pattern_tests(variable)]
                presence = self._presence(variable)
                return _every([presence, *tests] if presence is not None else tests)
            case Compare(op=op, left=left, right=right):
                return self._compare(op, left, right)
            case Exists(variables=variables, body=body):
                outer = list(self.at)
                return self._exists(variables, body, outer, mask)
            case AllOf(members=of):
                return _every([self.premise(member, mask) for member in of])
            case AnyOf(members=of):
                return _some([self.premise(member, mask) for member in of])
            case AtLeast(k=k, members=of):
                assert isinstance(k, Constant)
                return _count(k.value, [self.premise(member, mask) for member in of])
            case Not(member=member) | Unless(member=member) | IsUnknown(member=member) | IsKnown(member=member):
                table, inner = NEGATIONS[NEGATION_OF[type(premise)]], self.premise(member, TRUE)
                return lambda choice, case: table[inner(choice, case)]
            case _:
                raise PremiseError(f"{type(premise).__name__} is not one of the premises this library knows")

    def _exists(self, variables: Sequence[Variable], body: Premise | None, outer: Sequence[Variable], mask: int) -> Bits:
        found_at = object()

        def emit(choice: Choice, case: RecordCase, bits: int) -> bool:
            found = case.found[found_at] = case.found[found_at] | bits
            return found & mask == mask

        search = self.search(variables, body, outer, mask, emit, last=())

        def bits(choice: Choice, case: RecordCase) -> int:
            case.found[found_at] = FALSE
            search(choice, case, TRUE)
            return case.found[found_at]

        return bits

    def _compare(self, op: str, left: Expression[Any], right: Expression[Any]) -> Bits:
        operate = OPERATORS[op]
        reads = [self._ref(ref) for ref in (*_refs(left), *_refs(right))]
        if isinstance(left, Ref) and isinstance(right, Constant) and not self._is_open(left):
            at, name, gap, wanted = self.at[left.variable], left.name, reads[0][1], right.value

            def with_constant(choice: Choice, case: RecordCase) -> int:
                value = choice[at].__dict__[name]
                return gap if value is None else TRUE if operate(value, wanted) else FALSE

            return with_constant
        if _has_none(left) or _has_none(right):
            return lambda choice, case: FALSE
        a, b = self.value(left), self.value(right)
        exact_a, exact_b = self._exactly(left), self._exactly(right)

        def with_gaps(choice: Choice, case: RecordCase) -> int:
            bits = TRUE
            for read, gap in reads:
                value = read(choice, case)
                if value is None:
                    bits &= gap
                elif value is _ABSENT:
                    return FALSE
            if bits != TRUE:
                return bits
            try:
                return TRUE if operate(a(choice, case), b(choice, case)) else FALSE
            except OverflowError:
                return TRUE if operate(exact_a(choice, case).amount, exact_b(choice, case).amount) else FALSE

        if isinstance(left, Ref) and isinstance(right, Ref) and not (self._is_open(left) or self._is_open(right)):
            at, name, other_at, other = self.at[left.variable], left.name, self.at[right.variable], right.name

            def two_fields(choice: Choice, case: RecordCase) -> int:
                x, y = choice[at].__dict__[name], choice[other_at].__dict__[other]
                if x is None or y is None:
                    return with_gaps(choice, case)
                return TRUE if operate(x, y) else FALSE

            return two_fields

        def compare(choice: Choice, case: RecordCase) -> int:
            try:
                x, y = a(choice, case), b(choice, case)
            except (OverflowError, TypeError):  # too large, or something in it says nothing
                return with_gaps(choice, case)
            if x is None or y is None or x is _ABSENT or y is _ABSENT:
                return with_gaps(choice, case)
            return TRUE if operate(x, y) else FALSE

        return compare

    # --- values -------------------------------------------------------------------------------------------------------

    def _is_open(self, ref: Ref[Any]) -> bool:
        kind = ref.variable._kind
        return kind not in self.linked.derived_types and kind.schema_.is_open

    def _ref(self, ref: Ref[Any]) -> tuple[Value, int]:
        """How to read a field, and the bits of a comparison with it where it says nothing."""
        kind, at, name = ref.variable._kind, self.at[ref.variable], ref.name
        is_key = name in kind.schema_.keys
        gap = FALSE if is_key or kind in self.linked.derived_types else UNKNOWN
        if not self._is_open(ref):
            return lambda choice, case: choice[at].__dict__[name], gap
        if is_key:
            number = kind.schema_.keys.index(name)
            return lambda choice, case: choice[at].key[number], gap

        def slot(choice: Choice, case: RecordCase) -> Any:
            fact = case.stated.get(choice[at])
            if fact is None:
                return None
            return _ABSENT if fact.__dict__.get("present") is False else fact.__dict__[name]

        return slot, gap

    def value(self, value: Expression[Any]) -> Value:
        """The value of an expression; arithmetic may overflow, and fails where something says nothing."""
        match value:
            case Constant(value=constant):
                return lambda choice, case: constant
            case Ref():
                return self._ref(value)[0]
            case Arith(op=op, left=left, right=right):
                operate, a, b = OPERATORS[op], self.value(left), self.value(right)
                return lambda choice, case: operate(a(choice, case), b(choice, case))
            case _:
                raise PremiseError(f"{type(value).__name__} is not one of the values this library knows")

    def _exactly(self, value: Expression[Any]) -> Value:
        if isinstance(value, Arith):
            op, a, b = value.op, self._exactly(value.left), self._exactly(value.right)
            return lambda choice, case: combined(op, a(choice, case), b(choice, case))
        plain = self.value(value)
        return lambda choice, case: exact(plain(choice, case))


# --- steps of a search ------------------------------------------------------------------------------------------------


def _level(at: int, candidates: Candidates | None, tests: tuple[Bits, ...], mask: int, then: Search, *, goes_on: bool) -> Search:
    """Choose each candidate for one variable, ask what it decides, and go on to the next variable."""
    need = ESTABLISHED if mask == ESTABLISHED else POSSIBLE

    def one(choice: Choice, case: RecordCase, bits: int) -> bool:
        for test in tests:
            bits &= test(choice, case)
            if not bits & need:
                return False
        return then(choice, case, bits)

    if candidates is None:
        return one

    def each(choice: Choice, case: RecordCase, bits: int) -> bool:
        for value in candidates(choice, case):
            choice[at] = value
            here = bits
            for test in tests:
                here &= test(choice, case)
                if not here & need:
                    break
            else:
                if then(choice, case, here) and not goes_on:
                    return True
        return False

    return each


def _after(tests: tuple[Bits, ...], mask: int, then: Search) -> Search:
    return _level(0, None, tests, mask, then, goes_on=False)


def _unless_done(skip: Callable[[Choice, RecordCase], bool], then: Search) -> Search:
    return lambda choice, case, bits: skip(choice, case) or then(choice, case, bits)


Things: TypeAlias = Callable[[Choice, RecordCase], Index[Fact]]


def _closed_of(kind: type[Fact]) -> Things:
    return lambda choice, case: case.closed(kind)


def _derived_of(kind: type[Fact]) -> Things:
    return lambda choice, case: case.derived(kind)


def _equal_one(things: Things, name: str, value: Value, mask: int, *, is_slot: bool) -> Candidates:
    def candidates(choice: Choice, case: RecordCase) -> Iterable[Fact]:
        index = things(choice, case)
        wanted = _read(value, choice, case)
        if wanted is _BEYOND:
            return index.all
        if mask != TRUE:
            return () if wanted is None else index.equal(name, wanted)
        if wanted is None:
            return index.all
        return (*index.equal(name, wanted), *index.equal(name, None)) if is_slot else index.equal(name, wanted)

    return candidates


def _equal(things: Things, equal: Sequence[tuple[str, Value, bool]], mask: int) -> Candidates:
    ways = [_equal_one(things, name, value, mask, is_slot=is_slot) for name, value, is_slot in equal]
    return lambda choice, case: min([way(choice, case) for way in ways], key=len)  # type: ignore[arg-type]


def _between(
    things: Things,
    name: str,
    low: Sequence[tuple[Value, Expression[Any]]],
    high: Sequence[tuple[Value, Expression[Any]]],
    mask: int,
    *,
    is_slot: bool,
) -> Candidates:
    def candidates(choice: Choice, case: RecordCase) -> Iterable[Fact]:
        index = things(choice, case)
        found = index.between(name, _bound(low, max, choice, case), _bound(high, min, choice, case))
        return (*found, *index.equal(name, None)) if is_slot and mask == TRUE else found

    return candidates


def _bound(values: Sequence[tuple[Value, Expression[Any]]], best: Callable[[Any], Any], choice: Choice, case: RecordCase) -> Any:
    """The narrowest of these bounds; None where nothing can be said."""
    found = [bound for value, said in values if is_usable_bound(bound := _read(value, choice, case), said)]
    return (found[0] if len(found) == 1 else best(found)) if found else None


class _Beyond:
    """What a type cannot hold, such as a date after the year 9999: it restricts nothing."""


_BEYOND: Final = _Beyond()


def _read(value: Value, choice: Choice, case: RecordCase) -> Any:
    """The value of an expression; None where something in it says nothing."""
    try:
        found = value(choice, case)
    except OverflowError:
        return _BEYOND
    except TypeError:
        return None
    return None if found is _ABSENT else found


# --- compositions -----------------------------------------------------------------------------------------------------


def _every(of: Sequence[Bits]) -> Bits:
    if len(of) == 1:
        return of[0]

    def bits(choice: Choice, case: RecordCase) -> int:
        found = TRUE
        for one in of:
            found &= one(choice, case)
            if not found:
                return FALSE
        return found

    return bits


def _some(of: Sequence[Bits]) -> Bits:
    def bits(choice: Choice, case: RecordCase) -> int:
        found = FALSE
        for one in of:
            found |= one(choice, case)
            if found == TRUE:
                return TRUE
        return found

    return bits


def _count(threshold: int, of: Sequence[Bits]) -> Bits:
    pairs = [(1, number) for number in range(len(of))]
    return lambda choice, case: count(threshold, pairs, [one(choice, case) for one in of])


def _refs(value: Expression[Any]) -> Iterable[Ref[Any]]:
    match value:
        case Arith(left=left, right=right):
            return (*_refs(left), *_refs(right))
        case Ref():
            return (value,)
        case _:
            return ()


def _has_none(value: Expression[Any]) -> bool:
    match value:
        case Arith(left=left, right=right):
            return _has_none(left) or _has_none(right)
        case Constant(value=constant):
            return constant is None
        case _:
            return False
