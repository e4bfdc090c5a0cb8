"""Runs a case with records: the rules that no record bears on as without records, and the others by joining."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

from ...errors import FactError
from ...facts.base import Fact, exact
from ...ground.compile import compile_some
from ...ground.grounding import shared_keys
from ...ground.nodes import Place, by_place
from ...ground.program import Program
from ...ir.bits import ESTABLISHED, TRUE
from ..case import read_case
from ..outcome import Engine, Outcome, RecordOutcome
from .case import Fired, RecordCase
from .rules import RecordRules, bears_on


class RecordEngine:
    """`rules` are those that records bear on; `make_engine` makes the engine for all others."""

    def __init__(self, program: Program, rules: RecordRules, make_engine: Callable[[Program], Engine]) -> None:
        linked = program.linked
        self.program = program
        self._rules = rules
        others = {rule.name for rule in linked.rules} - bears_on(linked)
        self._others = make_engine(compile_some(linked, others))
        self._order: dict[Fact, tuple[str, ...]] = {}
        self._keys: dict[type[Fact], Callable[[Mapping[str, Any]], Any]] = {}
        """How to read the key of each closed type whose facts need no check that depends on the rule base."""
        for kind in linked.fact_types.values():
            schema = kind.schema_
            if kind not in linked.derived_types and not schema.is_open and not schema.moments and not schema.words:
                self._keys[kind] = itemgetter(*schema.keys)

    def run(self, facts: tuple[Fact, ...]) -> Outcome:
        """The outcome of a case; raises a `FactError` when the facts are not a case."""
        stated: list[Fact] = []
        records: dict[type[Fact], dict[Any, Fact]] = {}
        size = 0
        keys = self._keys
        for fact in facts:
            read = keys.get(type(fact))
            if read is None:
                stated.append(fact)
            else:
                records.setdefault(type(fact), {})[read(fact.__dict__)] = fact
        size = sum(map(len, records.values()))
        if size + len(stated) != len(facts) or any(not _is_open(fact) for fact in stated):
            return self._run_carefully(facts)
        try:
            outcome = self._others.run(stated)
        except FactError:
            read_case(self.program.linked, facts)  # says which of all facts is wrong
            raise
        return self._joined(outcome, {kind: [*of.values()] for kind, of in records.items()})

    def _run_carefully(self, facts: tuple[Fact, ...]) -> Outcome:
        """The way for facts that have to be checked, or are repeated."""
        stated: list[Fact] = []
        records: dict[type[Fact], list[Fact]] = {}
        for fact in read_case(self.program.linked, facts).values():
            if _is_open(fact):
                stated.append(fact)
            else:
                records.setdefault(type(fact), []).append(fact)
        return self._joined(self._others.run(stated), records)

    def _joined(self, others: Outcome, records: Mapping[type[Fact], list[Fact]]) -> Outcome:
        program = others.program
        if self._rules.asks_all_bits:
            propositions = others.evaluation.propositions
            bits = {fact: propositions[number] & 7 for number, fact in enumerate(program.facts) if propositions[number]}
        else:
            bits = {program.facts[number]: TRUE for number in others.established}

        def fires(rule: str) -> Fired:
            if rule not in self._rules.overriding:
                return []
            evaluation = others.evaluation
            return [
                (shared_keys(instance.rule, instance.binding), evaluation.instance(number))
                for number, instance in enumerate(program.instances)
                if instance.rule.name == rule
            ]

        stated: Mapping[Place, Fact] = by_place(others.facts)
        case = RecordCase(stated, records, bits, fires)
        self._rules.run(case)
        concluded = self._sorted([fact for fact, known in bits.items() if known & ESTABLISHED])
        facts = (*others.facts, *(fact for of in records.values() for fact in of))
        return RecordOutcome(self.program, facts, concluded)

    def _sorted(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        return tuple(sorted(facts, key=exact))


def _is_open(fact: Fact) -> bool:
    kind = type(fact)
    return isinstance(fact, Fact) and kind.schema_.is_open  # pyright: ignore[reportUnnecessaryIsInstance]
