"""The rules that records bear on, compiled: those that read facts of closed types, and those that read what these conclude.

They come after all other rules, as no other rule depends on them. Circles among them are derived semi-naively: each round joins
what the round before has added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...facts.base import Fact
from ...ground.grounding import agree, shared_keys
from ...ground.planes import NEGATIONS
from ...ground.program import Program
from ...ground.strata import components
from ...ir.bits import ESTABLISHED, FALSE, TRUE
from ...ir.expressions import CompareQuantity, Constant, Ref, Variable
from ...ir.premises import IsKnown, IsUnknown, Not, Unless
from ...ir.walk import children, walk
from ...link.dependencies import may_give, patterns, patterns_in, resting_on_records
from ...link.model import Linked, LinkedRule, Template
from .case import RecordCase
from .code import Choice, Code, Search

_NEGATIVE: Final = (Not, Unless, IsUnknown, IsKnown)
_ASKS_ALL_BITS: Final = (Not, IsUnknown, IsKnown)


def reads_absence(program: Program) -> bool:
    """Whether an explanation may speak of records that are not there: some rule that they bear on negates, or is overridden."""
    linked = program.linked
    bearing = resting_on_records(linked, through_overrides=True)
    rules = [rule for rule in linked.rules if rule.name in bearing]
    bodies = [rule.body for rule in rules] + [constraint.body for constraint in linked.constraints]
    return any(rule.overridden_by for rule in rules) or any(isinstance(p, _NEGATIVE) for body in bodies for p in walk(body))


class RecordRules:
    """The compiled rules of a rule base. `asks_all_bits`: some rule reads under a `not_` what others conclude."""

    def __init__(self, linked: Linked, groups: Sequence[Sequence[LinkedRule]], others: Iterable[LinkedRule]) -> None:
        rules = [rule for group in groups for rule in group]
        self.asks_all_bits = any(_asks_all_bits(linked, rule) for rule in rules)
        mask = TRUE if self.asks_all_bits else ESTABLISHED
        overriding = {name for rule in rules for name in rule.overridden_by}
        self.overriding = tuple(rule.name for rule in others if rule.name in overriding)
        """The other rules that override one of these."""
        self.constants = tuple(t.kind(**t.fields({})) for rule in rules for t in rule.templates if not t.copied)
        """The conclusions that copy nothing from a case."""
        self.reads_open = any(_is_open(linked, v) for rule in rules for v in patterns(rule))
        """Whether one of these rules reads a fact of an open type."""
        self._groups = tuple(_Group(linked, group, mask, overriding) for group in groups)

    @classmethod
    def of(cls, linked: Linked) -> RecordRules | None:
        """None where conclusions must be told apart by their keys to find an order, or a quantity is compared: then a case is
        ground instead."""
        bearing = resting_on_records(linked, through_overrides=True)
        rules = [rule for rule in linked.rules if rule.name in bearing]
        if any(isinstance(premise, CompareQuantity) for rule in rules for premise in walk(rule.body)):
            return None
        edges = [[n for n, giver in enumerate(rules) if _depends(rule, giver)] for rule in rules]
        component = components(edges)
        groups: dict[int, list[LinkedRule]] = {}
        for rule, number in zip(rules, component, strict=True):
            groups.setdefault(number, []).append(rule)
        for group in groups.values():
            if any(_depends_on_absence(rule, giver) for rule in group for giver in group):
                return None
        return cls(linked, [groups[number] for number in sorted(groups)], [r for r in linked.rules if r.name not in bearing])

    def concerns(self, fact: Fact) -> bool:
        """Whether these rules may read a conclusion, or may conclude it too."""
        return any(group.concerns(fact) for group in self._groups)

    def run(self, case: RecordCase) -> None:
        """Add all that these rules conclude to the conclusions of a case, which has those of all other rules."""
        for group in self._groups:
            group.run(case)


class _Group:
    """Rules that depend on each other, or one rule."""

    def __init__(self, linked: Linked, rules: Sequence[LinkedRule], mask: int, overriding: Iterable[str]) -> None:
        self._is_circle = any(_depends(rule, giver) for rule in rules for giver in rules)
        self._rules = tuple(_Rule(linked, rule, rules if self._is_circle else (), mask, overriding) for rule in rules)

    def concerns(self, fact: Fact) -> bool:
        return any(rule.concerns(fact) for rule in self._rules)

    def run(self, case: RecordCase) -> None:
        for rule in self._rules:
            rule.run(case)
        added = case.file()
        while self._is_circle and added:
            for rule in self._rules:
                rule.run_again(case, added)
            added = case.file()


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """One conclusion of a rule. `copied` has the fields it copies, each with its place among the values that the rule copies."""

    template: Template
    copied: tuple[tuple[str, int], ...]

    def fact(self, values: Sequence[Any]) -> Fact:
        """The conclusion for these values."""
        return self.template.kind(**self.template.fields({name: values[at] for name, at in self.copied}))


class _Rule:
    """One rule: a search for what makes it fire, and one for each variable that a circle brings new conclusions for."""

    def __init__(
        self, linked: Linked, rule: LinkedRule, circle: Sequence[LinkedRule], mask: int, overriding: Iterable[str]
    ) -> None:
        self.rule = rule
        self._mask = mask
        code = Code(linked, {variable: number for number, variable in enumerate(rule.variables)})
        self._is_overriding = rule.name in set(overriding)
        copied = [ref for template in rule.templates for ref in template.copied.values()]
        places = {(ref.variable, ref.name): None for ref in copied}
        at = {place: number for number, place in enumerate(places)}
        self._values = tuple(code.value(Ref(*place)) for place in places)
        self._heads = tuple(
            _Head(t, tuple((name, at[ref.variable, ref.name]) for name, ref in t.copied.items())) for t in rule.templates
        )
        self._constants = None if copied else tuple(head.fact(()) for head in self._heads)
        last_copied = tuple({variable for variable, _ in places})
        wants_all = self._is_overriding or bool(rule.overridden_by)

        def search(first: Variable | None = None) -> Search:
            last = None if wants_all else last_copied
            skip = None if wants_all else self._is_done
            return code.search(rule.variables, rule.body, (), mask, self._emit, last=last, skip=skip, first=first)

        self._search = search()
        fed = [v for v in rule.variables if any(_may_give(giver, v) for giver in circle)]
        inside = [v for v in patterns_in(rule.body) if v not in rule.variables]
        is_nested = any(_may_give(giver, v) for giver in circle for v in inside)
        self._by_first = None if is_nested else tuple((v._kind, code.at[v], search(v)) for v in fed)
        self._size = len(code.at)
        reads = {v for v in patterns(rule) if v._kind in linked.derived_types}
        self._concerns = [(v._kind, _constants(v)) for v in reads] + [(t.kind, t.constants) for t in rule.templates]

    def concerns(self, fact: Fact) -> bool:
        said = fact.__dict__
        return any(
            isinstance(fact, kind) and all(said[name] == value for name, value in constants.items())
            for kind, constants in self._concerns
        )

    def run(self, case: RecordCase) -> None:
        """Add all that the rule concludes now."""
        self._search([None] * self._size, case, TRUE)

    def run_again(self, case: RecordCase, before: Iterable[Fact]) -> None:
        """Add what the rule concludes from the conclusions that the last round added."""
        if self._by_first is None:
            self.run(case)
            return
        for kind, at, search in self._by_first:
            choice: Choice = [None] * self._size
            for fact in before:
                if kind in type(fact).__mro__:
                    choice[at] = fact
                    search(choice, case, TRUE)

    def _key(self, choice: Choice, case: RecordCase) -> tuple[Any, ...]:
        return (self, *[value(choice, case) for value in self._values])

    def _is_done(self, choice: Choice, case: RecordCase) -> bool:
        return self._key(choice, case) in case.done

    def _emit(self, choice: Choice, case: RecordCase, bits: int) -> bool:
        known, mask, is_done = case.bits, self._mask, True
        key = self._key(choice, case)
        facts = self._constants or case.made.get(key) or tuple([head.fact(key[1:]) for head in self._heads])
        overrides = self._is_overriding or bool(self.rule.overridden_by)
        keys = shared_keys(self.rule, choice[: len(self.rule.variables)]) if overrides else {}
        fired = FALSE
        for fact in facts:
            here = bits
            if self.rule.overridden_by:
                here &= NEGATIONS["unless"][self._taken_back(fact, keys, case)]
                fired |= here
            before = known.get(fact, FALSE)
            after = before | here if mask == TRUE else before | (TRUE if here & ESTABLISHED else FALSE)
            if after != before:
                case.add(fact, before, after)
            is_done = is_done and after & mask == mask
        if is_done:
            case.done.add(key)
        else:
            case.made[key] = facts
        if self._is_overriding:
            case.fired(self.rule.name).append((keys, fired if self.rule.overridden_by else bits))
        return is_done

    def _taken_back(self, fact: Fact, keys: Mapping[str, set[Any]], case: RecordCase) -> int:
        """The bits of some rule that takes back this conclusion firing in an instance that agrees on the keys."""
        found = FALSE
        for name in self.rule.taken_back(fact):
            for other, bits in case.fired(name):
                if bits & ~found and agree(keys, other):
                    found |= bits
        return found


# --- what depends on what -----------------------------------------------------------------------------------------------


def _is_open(linked: Linked, variable: Variable) -> bool:
    return variable._kind not in linked.derived_types and variable._kind.schema_.is_open


def _may_give(giver: LinkedRule, variable: Variable) -> bool:
    """Whether a rule may conclude something that a variable can stand for, by types and constants."""
    return any(may_give(template, variable) for template in giver.templates)


def _constants(variable: Variable) -> dict[str, object]:
    return {name: v.value for name, v in variable._where.items() if isinstance(v, Constant)}


def _depends(rule: LinkedRule, giver: LinkedRule) -> bool:
    return giver.name in rule.overridden_by or any(_may_give(giver, v) for v in patterns(rule))


def _depends_on_absence(rule: LinkedRule, giver: LinkedRule) -> bool:
    if giver.name in rule.overridden_by:
        return True
    negated = (inside for premise in walk(rule.body) if isinstance(premise, _NEGATIVE) for inside in children(premise))
    return any(_may_give(giver, v) for inside in negated for v in patterns_in(inside))


def _asks_all_bits(linked: Linked, rule: LinkedRule) -> bool:
    negated = (inside for premise in walk(rule.body) if isinstance(premise, _ASKS_ALL_BITS) for inside in children(premise))
    return any(v._kind in linked.derived_types for inside in negated for v in patterns_in(inside))
