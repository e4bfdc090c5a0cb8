"""The judge: a linked rule base interpreted as its definition reads, slowly and on its own.

It shares nothing with the compiled engines but the premises, so that agreeing with it means something. There are no
strata here. What negations look at is held fixed, everything else grows to its least fixpoint, and that is repeated
until it gives back what was held fixed: the one stable model of a stratified rule base.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any, Final, NamedTuple, TypeVar

from ..errors import ConflictingFactError, InvalidFactError, PremiseError, StratificationError
from ..facts.base import Fact
from ..ir.bits import CERTAIN, ESTABLISHED, FALSE, POSSIBLE, TRUE, UNKNOWN
from ..ir.exact import Exact, as_fraction, combined, exact
from ..ir.expressions import Arith, Compare, CompareQuantity, Constant, Expression, Premise, Ref, Variable
from ..ir.premises import AllOf, AnyOf, AtLeast, Exists, IsKnown, IsUnknown, Matches, Not, Unless
from ..ir.quantities import Answers, Quantity, Score
from ..link.model import Linked, Template

K = TypeVar("K")

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip

BY_DEFAULT: Final = ESTABLISHED + POSSIBLE
NOT: Final[Mapping[int, int]] = {TRUE: FALSE, BY_DEFAULT: UNKNOWN, UNKNOWN: UNKNOWN, FALSE: TRUE}
UNLESS: Final[Mapping[int, int]] = {TRUE: FALSE, BY_DEFAULT: UNKNOWN, UNKNOWN: BY_DEFAULT, FALSE: TRUE}
IS_UNKNOWN: Final[Mapping[int, int]] = {TRUE: FALSE, BY_DEFAULT: UNKNOWN, UNKNOWN: BY_DEFAULT, FALSE: FALSE}
IS_KNOWN: Final[Mapping[int, int]] = {TRUE: TRUE, BY_DEFAULT: BY_DEFAULT, UNKNOWN: UNKNOWN, FALSE: TRUE}
"""The table of negations, row by row: what each gives for a premise with these bits. The compiled plan has its own."""

NOTHING: Final = object()
"""What is read where there is no value and never will be: a comparison with it is false."""


class Thing(NamedTuple):
    """What a variable stands for: a fact, or the place of one that nobody has stated."""

    kind: type[Fact]
    key: Mapping[str, object]
    fact: Fact | None


class Bounds(NamedTuple):
    """The bounds of a number: the least and the most it can be, and how much of it is established."""

    low: Fraction
    established: Fraction
    high: Fraction

    @staticmethod
    def of(number: Fraction) -> Bounds:
        return Bounds(number, number, number)

    @staticmethod
    def of_premise(bits: int) -> Bounds:
        """1 if it holds and 0 if not."""
        return Bounds(*(Fraction(bool(bits & bit)) for bit in (CERTAIN, ESTABLISHED, POSSIBLE)))

    def plus(self, other: Bounds) -> Bounds:
        return Bounds(self.low + other.low, self.established + other.established, self.high + other.high)

    def minus(self, other: Bounds) -> Bounds:
        return self.plus(other.times(Fraction(-1)))

    def times(self, factor: Fraction) -> Bounds:
        """A negative number is established as far as it is known: what is possible may count against it."""
        if factor < 0:
            return Bounds(factor * self.high, factor * self.high, factor * self.low)
        return Bounds(factor * self.low, factor * self.established, factor * self.high)

    def against_zero(self, op: str) -> int:
        """The bits of a comparison of this number with 0."""
        match op:
            case ">=":
                return _three(self.low >= 0, self.established >= 0, self.high >= 0)
            case ">":
                return _three(self.low > 0, self.established > 0, self.high > 0)
            case "<=":
                return _three(self.high <= 0, self.high <= 0, self.low <= 0)
            case _:
                return _three(self.high < 0, self.high < 0, self.low < 0)


Binding = Mapping[Variable, Thing]
Keys = frozenset[tuple[str, frozenset[object]]]


@dataclass(slots=True)
class Sets:
    """The three sets as bits: of each derived fact, and of the instances of each rule that bind the same keys."""

    facts: dict[Fact, int] = field(default_factory=dict[Fact, int])
    fired: dict[tuple[str, Keys], int] = field(default_factory=dict[tuple[str, Keys], int])


def evaluate(linked: Linked, facts: Sequence[Fact]) -> dict[Fact, int]:
    """Every derived fact that is at least possible in this case, with its three bits."""
    return _Judge(linked, facts).stable().facts


def bounds(linked: Linked, facts: Sequence[Fact]) -> dict[str, Bounds]:
    """Between which numbers each quantity lies in this case, by its id."""
    judge = _Judge(linked, facts)
    sets = judge.stable()
    return {id: judge.number(one, {}, sets, sets) for id, one in linked.quantities.items()}


def broken(linked: Linked, facts: Sequence[Fact], derived: Mapping[Fact, int]) -> set[tuple[str, tuple[Fact, ...]]]:
    """The constraints that this case and its conclusions break, each with the facts bound to its variables."""
    judge, sets = _Judge(linked, facts), Sets(dict(derived))
    return {
        (constraint.name, tuple(thing.fact for thing in binding.values() if thing.fact is not None))
        for constraint in linked.constraints
        for binding in judge.bindings(constraint.variables, {}, sets)
        if judge.together(constraint.variables, constraint.body, binding, sets, sets) & ESTABLISHED
    }


class _Judge:
    def __init__(self, linked: Linked, facts: Sequence[Fact]) -> None:
        self.linked = linked
        self.stated = _by_key(linked, facts)
        self._candidates: dict[Variable, tuple[Thing, ...]] = {}
        self._patterns: dict[Variable, tuple[Compare, ...]] = {}
        self._made: dict[tuple[Template, tuple[object, ...]], Fact] = {}

    # --- the sets ---------------------------------------------------------------------------------------------------

    def stable(self) -> Sets:
        """The sets that give themselves back."""
        seen: list[Sets] = []
        fixed = Sets()
        while fixed not in seen:
            seen.append(fixed)
            grown = self.least(fixed)
            if grown == fixed:
                return fixed
            fixed = grown
        raise StratificationError("a cycle through a negation: no order of evaluation gives this case a result")

    def least(self, fixed: Sets) -> Sets:
        """The least sets that all rules agree with, where every negation looks at `fixed`."""
        sets = Sets()
        growing = True
        while growing:
            growing = False
            for rule in self.linked.rules:
                for binding in self.bindings(rule.variables, {}, sets):
                    holds = self.together(rule.variables, rule.body, binding, sets, fixed)
                    for template in rule.templates if holds else ():
                        fact = self._conclusion(template, binding)
                        if bits := holds & self._not_overridden(rule.taken_back(fact), binding, fixed):
                            growing |= _add(sets.fired, (rule.name, _keys(binding)), bits)
                            growing |= _add(sets.facts, fact, bits)
        return sets

    def _not_overridden(self, by: Sequence[str], binding: Binding, fixed: Sets) -> int:
        bits, mine = TRUE, _keys(binding)
        for overriding in by:
            fires = FALSE
            for (name, theirs), fired in fixed.fired.items():
                if name == overriding and _agree(mine, theirs):
                    fires |= fired
            bits &= UNLESS[fires]
        return bits

    def _conclusion(self, template: Template, binding: Binding) -> Fact:
        copied = {name: binding[ref.variable].key[ref.name] for name, ref in template.copied.items()}
        place = template, tuple(copied.values())
        if place not in self._made:
            self._made[place] = template.kind(**template.fields(copied))
        return self._made[place]

    # --- what variables can stand for --------------------------------------------------------------------------------

    def bindings(self, variables: Sequence[Variable], outer: Binding, sets: Sets) -> Iterator[Binding]:
        """Every choice of things for these variables, whether they match or not."""
        for things in product(*(self._things(variable, sets) for variable in variables)):
            yield {**outer, **dict(zip(variables, things, strict=True))}

    def _things(self, variable: Variable, sets: Sets) -> Sequence[Thing]:
        kind = variable._kind
        if kind in self.linked.derived_types:
            return [Thing(kind, fact.__dict__, fact) for fact in sets.facts if isinstance(fact, kind)]
        if variable not in self._candidates:
            wanted = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
            self._candidates[variable] = tuple(
                thing
                for thing in (self._open(kind) if kind.schema_.is_open else self._closed(kind))
                if all(thing.key[name] == value for name, value in wanted.items() if name in thing.key)
            )
        return self._candidates[variable]

    def _open(self, kind: type[Fact]) -> Iterator[Thing]:
        names = kind.schema_.keys
        for key in self.linked.keys(kind):
            yield Thing(kind, dict(zip(names, key, strict=True)), self.stated.get((kind, key)))

    def _closed(self, kind: type[Fact]) -> Iterator[Thing]:
        names = kind.schema_.keys
        for (other, key), fact in self.stated.items():
            if other is kind:
                yield Thing(kind, dict(zip(names, key, strict=True)), fact)

    # --- the bits of a premise ---------------------------------------------------------------------------------------

    def together(self, variables: Sequence[Variable], body: Premise | None, binding: Binding, sets: Sets, fixed: Sets) -> int:
        """The bits of this choice of things: they are there, they match their patterns, and the body holds."""
        bits = TRUE
        for variable in variables:
            if not (bits := bits & self._matches(variable, binding, sets)):
                return FALSE
        return bits if body is None else bits & self.bits(body, binding, sets, fixed)

    def bits(self, node: Premise, binding: Binding, sets: Sets, fixed: Sets) -> int:
        """The bits of a premise over `sets`, of what stands under a negation over `fixed`."""
        match node:
            case Matches(variable=variable):
                return self._matches(variable, binding, sets)
            case Compare():
                return self._compare(node, binding)
            case Exists(variables=variables, body=body):
                found = FALSE
                for inner in self.bindings(variables, binding, sets):
                    found |= self.together(variables, body, inner, sets, fixed)
                    if found == TRUE:
                        break
                return found
            case AllOf(members=members):
                every = TRUE
                for member in members:
                    if not (every := every & self.bits(member, binding, sets, fixed)):
                        break
                return every
            case AnyOf(members=members):
                some = FALSE
                for member in members:
                    if (some := some | self.bits(member, binding, sets, fixed)) == TRUE:
                        break
                return some
            case AtLeast(k=Constant(value=k), members=members):
                return weigh(k, ((1, self.bits(m, binding, sets, fixed)) for m in members))
            case CompareQuantity():
                return self._compare_quantity(node, binding, sets, fixed)
            case Not(member=member):
                return NOT[self.bits(member, binding, fixed, fixed)]
            case Unless(member=member):
                return UNLESS[self.bits(member, binding, fixed, fixed)]
            case IsUnknown(member=member):
                return IS_UNKNOWN[self.bits(member, binding, fixed, fixed)]
            case IsKnown(member=member):
                return IS_KNOWN[self.bits(member, binding, fixed, fixed)]
            case _:
                raise PremiseError(f"{type(node).__name__} is not one of the linked premises this library knows")

    # --- the bounds of a number ---------------------------------------------------------------------------------------

    def _compare_quantity(self, node: CompareQuantity, binding: Binding, sets: Sets, fixed: Sets) -> int:
        """The bits of a comparison; what makes it false when it grows stands under a negation, and is asked of `fixed`."""

        def difference(left_of: Sets, right_of: Sets) -> Bounds:
            return self.number(node.left, binding, left_of, fixed).minus(self.number(node.right, binding, right_of, fixed))

        match node.op:
            case ">=" | ">":
                return difference(sets, fixed).against_zero(node.op)
            case "<=" | "<":
                return difference(fixed, fixed).against_zero(node.op)
            case "==":
                return difference(sets, fixed).against_zero(">=") & difference(fixed, fixed).against_zero("<=")
            case "!=":
                same = difference(fixed, fixed)
                return NOT[same.against_zero(">=") & same.against_zero("<=")]

    def number(self, value: Expression[Any], binding: Binding, sets: Sets, fixed: Sets) -> Bounds:
        """The bounds of a number; what lowers it stands under a negation."""
        match value:
            case Constant(value=constant):
                return Bounds.of(as_fraction(constant))
            case Quantity(of=of):
                return self.number(of, {}, sets, fixed)
            case Score():
                return self._score(value, binding, sets, fixed)
            case Arith(op="+", left=left, right=right):
                return self.number(left, binding, sets, fixed).plus(self.number(right, binding, sets, fixed))
            case Arith(op="-", left=left, right=right):
                return self.number(left, binding, sets, fixed).minus(self.number(right, binding, fixed, fixed))
            case Arith(op=op, left=left, right=right):
                number, by = (right, left) if _is_constant(left) else (left, right)
                factor = self.number(by, binding, fixed, fixed).low
                factor = factor if op == "*" else 1 / factor
                return self.number(number, binding, sets if factor > 0 else fixed, fixed).times(factor)
            case _:
                raise PremiseError(f"{type(value).__name__} is not one of the linked numbers this library knows")

    def _score(self, score: Score, binding: Binding, sets: Sets, fixed: Sets) -> Bounds:
        points = [as_fraction(number.value) for number, _ in score.members if isinstance(number, Constant)]
        together = {number for answers in score.answers for number in answers.members}
        whole = Bounds.of(Fraction(0))
        for number, (_, member) in enumerate(score.members):
            if number not in together:
                bits = self.bits(member, binding, sets if points[number] > 0 else fixed, fixed)
                whole = whole.plus(Bounds.of_premise(bits).times(points[number]))
        for answers in score.answers:
            whole = whole.plus(self._answered(answers, score, points, binding))
        return whole

    def _answered(self, answers: Answers, score: Score, points: Sequence[Fraction], binding: Binding) -> Bounds:
        """What an answer is worth, over every answer that the question can still have."""
        variable, kind = answers.about, answers.about._kind
        names = kind.schema_.keys
        if variable in binding:
            key = {name: binding[variable].key[name] for name in names}
        else:
            key = {name: value.value for name in names if isinstance(value := variable._where[name], Constant)}
        stated = self.stated.get((kind, tuple(key.values())))
        others = [other for other in self.stated.values() if other is not stated]
        worth: list[Fraction] = []
        for fact in _completions(answers, stated, key):
            judge = _Judge(self.linked, [*others, fact])
            inside = {
                v: Thing(kind, key, fact) if (thing.kind, thing.key) == (kind, key) else thing for v, thing in binding.items()
            }
            held = [number for number in answers.members if judge.bits(score.members[number][1], inside, Sets(), Sets())]
            worth.append(sum((points[number] for number in held), Fraction(0)))
        return Bounds(min(worth), min(worth), max(worth))

    def _matches(self, variable: Variable, binding: Binding, sets: Sets) -> int:
        kind, _, fact = binding[variable]
        if fact is None:
            there = UNKNOWN
        elif kind in self.linked.derived_types:
            there = sets.facts.get(fact, FALSE)
        else:
            there = FALSE if _is_absent(fact) else TRUE
        for pattern in self._pattern(variable):
            there &= self._compare(pattern, binding)
        return there

    def _pattern(self, variable: Variable) -> tuple[Compare, ...]:
        if variable not in self._patterns:
            where = variable._where.items()
            self._patterns[variable] = tuple(Compare("==", Ref(variable, name), value) for name, value in where)
        return self._patterns[variable]

    def _compare(self, node: Compare, binding: Binding) -> int:
        values = [self._read(ref, binding) for side in (node.left, node.right) for ref in _refs(side)]
        if any(value is NOTHING for value in values):
            return FALSE
        if any(value is None for value in values):
            return UNKNOWN
        try:
            left, right = self._value(node.left, binding), self._value(node.right, binding)
        except OverflowError:
            left, right = self._exact(node.left, binding).amount, self._exact(node.right, binding).amount
        return TRUE if _OPERATORS[node.op](left, right) else FALSE

    def _read(self, ref: Ref[Any], binding: Binding) -> object:
        """A field of a thing: its value, None where nobody has said yet, or `NOTHING`."""
        _, key, fact = binding[ref.variable]
        if fact is not None and _is_absent(fact):
            return NOTHING
        if ref.name in key:
            return NOTHING if key[ref.name] is None else key[ref.name]
        return None if fact is None else fact.__dict__[ref.name]

    def _value(self, value: Expression[Any], binding: Binding) -> Any:
        match value:
            case Constant(value=constant):
                return constant
            case Ref():
                return self._read(value, binding)
            case Arith(op=op, left=left, right=right):
                return _OPERATORS[op](self._value(left, binding), self._value(right, binding))
            case _:
                raise PremiseError(f"{type(value).__name__} is not one of the linked values this library knows")

    def _exact(self, value: Expression[Any], binding: Binding) -> Exact:
        """A value that Python has no room for."""
        if isinstance(value, Arith):
            return combined(value.op, self._exact(value.left, binding), self._exact(value.right, binding))
        return exact(self._value(value, binding))


def _by_key(linked: Linked, facts: Sequence[Fact]) -> dict[tuple[type[Fact], tuple[object, ...]], Fact]:
    stated: dict[tuple[type[Fact], tuple[object, ...]], Fact] = {}
    for fact in facts:
        kind = type(fact)
        if kind in linked.derived_types:
            raise InvalidFactError(f"{kind.__name__} is concluded by rules, it cannot be stated", fact_type=kind.tag())
        key = tuple(fact.__dict__[name] for name in kind.schema_.keys)
        other = stated.setdefault((kind, key), fact)
        if other != fact:
            raise ConflictingFactError(
                f"two facts about one thing: {other!r} and {fact!r}", fact_type=kind.tag(), facts=(other, fact)
            )
    return stated


def _is_absent(fact: Fact) -> bool:
    return fact.schema_.has_present and fact.__dict__["present"] is False


def _refs(value: Expression[Any]) -> Iterator[Ref[Any]]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Arith):
        yield from _refs(value.left)
        yield from _refs(value.right)


def weigh(threshold: int, members: Iterable[tuple[int, int]]) -> int:
    """The bits of a count: `members` are (points, bits), and each bit holds where its points reach the threshold."""
    certain = established = possible = 0
    for points, bits in members:
        if bits & CERTAIN:
            certain += points
        if bits & ESTABLISHED:
            established += points
        if bits & POSSIBLE:
            possible += points
    return CERTAIN * (certain >= threshold) + ESTABLISHED * (established >= threshold) + POSSIBLE * (possible >= threshold)


def _three(certain: bool, established: bool, possible: bool) -> int:
    return CERTAIN * certain + ESTABLISHED * established + POSSIBLE * possible


def _is_constant(value: Expression[Any]) -> bool:
    """Whether a number is the same in every case."""
    return (
        isinstance(value, Constant)
        or (isinstance(value, Arith) and _is_constant(value.left) and _is_constant(value.right))
        or (isinstance(value, Quantity) and _is_constant(value.of))
    )


def _completions(answers: Answers, stated: Fact | None, key: Mapping[str, object]) -> Iterator[Fact]:
    """The facts that may turn out to be there: what is stated if it says the slot, else one for each value, and absence."""
    kind = answers.about._kind
    if stated is not None and (_is_absent(stated) or stated.__dict__[answers.slot] is not None):
        yield stated
        return
    for value in answers.values:
        said: dict[str, Any] = {name: stated.__dict__[name] for name in kind.schema_.fields} if stated is not None else {**key}
        yield kind.model_construct(**{**said, answers.slot: value})
    if stated is None and kind.schema_.has_present:
        said = {**key, "present": False}
        yield kind.model_construct(**said)


def _keys(binding: Binding) -> Keys:
    """What an instance speaks of: for each key name the values that its variables have there."""
    found: dict[str, set[object]] = {}
    for variable, thing in binding.items():
        for name in variable._kind.schema_.keys:
            if thing.key[name] is not None:
                found.setdefault(name, set()).add(thing.key[name])
    return frozenset((name, frozenset(values)) for name, values in found.items())


def _agree(mine: Keys, theirs: Keys) -> bool:
    """Whether two instances speak of the same thing wherever they speak of the same kind of thing."""
    other = dict(theirs)
    return all(values & other[name] for name, values in mine if name in other)


def _add(bits: dict[K, int], key: K, more: int) -> bool:
    """Add bits in place; whether that added any."""
    before = bits.get(key, FALSE)
    bits[key] = before | more
    return bits[key] != before
