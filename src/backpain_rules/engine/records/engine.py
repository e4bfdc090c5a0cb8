"""Runs a case with records: the rules that no record bears on as without records, and the others by joining."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import itemgetter

from ...errors import FactError
from ...facts.base import Fact, exact
from ...ground.compile import compile_some
from ...ground.grounding import shared_keys
from ...ground.nodes import by_place
from ...ground.program import Program
from ...ground.states import BITS
from ...ir.bits import ESTABLISHED, FALSE, TRUE
from ...link.dependencies import resting_on_records
from ..case import read_case
from ..outcome import Engine, Outcome, RecordOutcome
from .case import Fired, RecordCase
from .rules import RecordRules


class RecordEngine:
    """`rules` are those that records bear on; `make_engine` makes the engine for all others."""

    def __init__(self, program: Program, rules: RecordRules, make_engine: Callable[[Program], Engine]) -> None:
        linked = program.linked
        self.program = program
        self._rules = rules
        others = {rule.name for rule in linked.rules} - resting_on_records(linked, through_overrides=True)
        compiled = compile_some(linked, others)
        self._others = make_engine(compiled)
        facts = compiled.facts
        self._order = [exact(fact) for fact in facts]
        """What the conclusions of the other rules are sorted by."""
        self._constants = {fact: exact(fact) for fact in rules.constants}
        self._concerned = frozenset(number for number, fact in enumerate(facts) if rules.concerns(fact))
        self._open = frozenset(kind for kind in linked.fact_types.values() if kind.schema_.is_open)
        self._keys: dict[type[Fact], tuple[str, ...]] = {}
        """The keys of each closed type whose facts need no check that depends on the rule base."""
        for kind in linked.fact_types.values():
            schema = kind.schema_
            if kind not in linked.derived_types and not schema.is_open and not schema.moments and not schema.words:
                self._keys[kind] = schema.keys

    def run(self, facts: tuple[Fact, ...]) -> Outcome | None:
        """The outcome of a case; None when it has no records. Raises a `FactError` when the facts are not a case."""
        stated: list[Fact] = []
        records: dict[type[Fact], list[Fact]] = {}
        known: type[Fact] | None = None
        file, is_plain = stated.append, True
        for fact in facts:
            kind = type(fact)
            if kind is not known:
                known = kind
                if kind in self._keys:
                    file = records.setdefault(kind, []).append
                else:
                    file, is_plain = stated.append, is_plain and kind in self._open
            file(fact)
        for kind, of in records.items():
            is_plain = is_plain and self._is_once(kind, of)
        if not is_plain:
            return self._run_carefully(facts)
        if not records:
            return None
        try:
            outcome = self._others.run(stated)
        except FactError:
            read_case(self.program.linked, facts)  # says which of all facts is wrong
            raise
        if len(outcome.facts) < len(stated):
            facts = (*outcome.facts, *(fact for of in records.values() for fact in of))
        return self._joined(outcome, records, facts)

    def _is_once(self, kind: type[Fact], of: list[Fact]) -> bool:
        """Whether no two records of one type have the same key."""
        names = self._keys[kind]
        if len(names) == 1:
            (name,) = names
            return len({fact.__dict__[name] for fact in of}) == len(of)
        read = itemgetter(*names)
        return len({read(fact.__dict__) for fact in of}) == len(of)

    def _run_carefully(self, facts: tuple[Fact, ...]) -> Outcome:
        """The way for facts that have to be checked, or are repeated."""
        stated: list[Fact] = []
        records: dict[type[Fact], list[Fact]] = {}
        case = read_case(self.program.linked, facts)
        for fact in case.values():
            if fact.schema_.is_open:
                stated.append(fact)
            else:
                records.setdefault(type(fact), []).append(fact)
        return self._joined(self._others.run(stated), records, tuple(case.values()))

    def _joined(self, others: Outcome, records: Mapping[type[Fact], list[Fact]], facts: tuple[Fact, ...]) -> Outcome:
        program, concerned = others.program, self._concerned
        if self._rules.asks_all_bits:
            states = others.evaluation.propositions
            before = {program.facts[number]: states[number] & BITS for number in concerned if states[number] & BITS}
        else:
            before = {program.facts[number]: TRUE for number in others.established if number in concerned}
        case = RecordCase(
            by_place(others.facts) if self._rules.reads_open else {}, records, before.copy(), partial(self._fires, others)
        )
        self._rules.run(case)
        found = [(self._order[number], program.facts[number]) for number in others.established]
        found += [
            (self._constants.get(fact) or exact(fact), fact)
            for fact, bits in case.bits.items()
            if bits & ESTABLISHED and not before.get(fact, FALSE) & ESTABLISHED
        ]
        found.sort(key=itemgetter(0))
        return RecordOutcome(self.program, facts, tuple([fact for _, fact in found]))

    def _fires(self, others: Outcome, rule: str) -> Fired:
        """The instances of a rule that no record bears on, with their bits."""
        if rule not in self._rules.overriding:
            return []
        return [
            (shared_keys(instance.rule, instance.binding), others.evaluation.instance(number))
            for number, instance in enumerate(others.program.instances)
            if instance.rule.name == rule
        ]
