"""The statements that `check` proves, as literals over one set of clauses, made without a solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from ..errors import CertificateError, shown
from ..explain.words import say_fact
from ..facts.types import Symptom
from ..ground.compile import compile_program
from ..ground.nodes import Derived, Fires, Place, Presence
from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from ..link.model import Linked
from ..solve.clauses import Clauses
from ..solve.encode import Encoding
from ..solve.world import World
from .checks.idle_signs import ANSWERS
from .checks.redundant import leads_back, silenced
from .prove import goals_of
from .prover import reads_conclusions
from .query import Query

Key: TypeAlias = Sequence[Any]
"""A statement as JSON data: its code, whether it claims possibility or impossibility, and its subject."""
BROKEN = "broken"
"""In a statement that a sign decides something, this replaces the bit if the sign decides whether a constraint is broken."""
BITS = {"established": ESTABLISHED, "certain": CERTAIN, "possible": POSSIBLE}


class Statement(NamedTuple):
    """A statement in words, and the literals that are claimed to be satisfiable or unsatisfiable together."""

    says: str
    kind: Literal["possible", "impossible"]
    literals: tuple[int, ...]


class Statements:
    """The statements of one rule base. Clauses are added in the order of requests.

    A statement is about cases that break no constraint; for BR005, about cases that break no constraint on stated facts.
    Possibility is shown by a case in which all values are distinguished.
    """

    def __init__(self, linked: Linked, queries: Iterable[Query] = ()) -> None:
        self.linked = linked
        self.queries = {str(query): (query, goals_of(linked, query)) for query in queries}
        """The named questions that there are statements of, and what a patient must be who shows them or their contrary."""
        goals = [goal for entry in linked.partitions for goal in (entry.gap, *entry.overlaps)]
        goals += [goal for _, asked in self.queries.values() for goal in asked]
        self.program = compile_program(replace(linked, constraints=(*linked.constraints, *goals)))
        self.world = World(Clauses(), self.program.linked, self.program.atoms)
        self.encoding = Encoding(self.world, self.program)
        self.own = [n for n, one in enumerate(self.program.constraints) if one.constraint in linked.constraints]
        """The constraints that are no goals of partitions, by number."""
        self._allowed = {number: -self.encoding.node(self.program.constraints[number].body) for number in self.own}
        self._rest: dict[tuple[str, ...], Encoding] = {}

    @property
    def clauses(self) -> list[tuple[int, ...]]:
        """The clauses so far."""
        return self.world.clauses.all

    def of(self, key: Key) -> Statement:
        """One statement. Raises `CertificateError` for a key without a statement in this rule base."""
        try:
            match key:
                case ["BR001", "possible" | "impossible" as kind, str(rule)]:
                    return self._fires(rule, kind)
                case ["BR003", "possible", str(rule), int(instance), int(head), str(bit), [*without]] if all(
                    isinstance(name, str) for name in without
                ):
                    return self._is_needed(rule, instance, head, bit, tuple(without))
                case ["BR004", "impossible", "conclusions", int(one), int(other)]:
                    both = [say_fact(self.program.facts[number]) for number in (one, other)]
                    return self._never(f"never concluded together: {' | '.join(both)}", Derived(one), Derived(other))
                case ["BR004", "impossible", "rules", int(one), int(other)]:
                    names = [f"{self.program.instances[number].rule.name} #{number}" for number in (one, other)]
                    return self._never(f"never fire together: {' and '.join(names)}", Fires(one), Fires(other))
                case ["BR005" | "BR006" | "BR007" as code, "impossible", int(number)]:
                    return self._unmet(code, number)
                case ["query", "possible" | "impossible" as kind, str(query), int(number)]:
                    return self._asked(query, number, kind)
                case ["BR009", "possible", str(sign), int(number), str(bit), int(one), int(other)]:
                    return self._decides(sign, number, bit, one, other)
        except (IndexError, KeyError):
            pass
        raise CertificateError(f"there is no such statement of this knowledge base: {shown(key)}", part="claims", key=list(key))

    def _fires(self, rule: str, kind: Literal["possible", "impossible"]) -> Statement:
        fires = self.world.clauses.some([self.encoding.instance(number) for number in self.instances[rule]])
        exact = [-self.world.relaxed] if kind == "possible" else []
        says = f"rule {rule} {'can fire' if kind == 'possible' else 'never fires'}"
        return Statement(says, kind, (*exact, *self._allowed.values(), fires))

    def _is_needed(self, rule: str, instance: int, head: int, bit: str, without: tuple[str, ...]) -> Statement:
        producers = self.program.producers[head]
        gone = {number for name in without for number in self.instances[name]}
        if instance not in self.instances[rule] or instance not in producers or rule not in without:
            raise KeyError(instance)
        rest = self.rest(without) if leads_back(self.program, [(instance, head)], gone) else self.encoding
        others = [-rest.instance(other, BITS[bit]) for other in producers if other not in gone]
        fires = self.encoding.instance(instance, BITS[bit])
        says = f"rule {rule} adds something: {say_fact(self.program.facts[head])} ({bit})"
        return Statement(says, "possible", (-self.world.relaxed, *self._allowed.values(), fires, *others))

    def rest(self, without: tuple[str, ...]) -> Encoding:
        """The rule base without some rules."""
        if without not in self._rest:
            gone = {number for name in without for number in self.instances[name]}
            self._rest[without] = Encoding(self.world, silenced(self.program, gone))
        return self._rest[without]

    def _never(self, says: str, one: Derived | Fires, other: Derived | Fires) -> Statement:
        literals = (self.encoding.node(one), self.encoding.node(other))
        return Statement(says, "impossible", (*self._allowed.values(), *literals))

    def _unmet(self, code: str, number: int) -> Statement:
        goal = self.program.constraints[number]
        is_constraint = number in self._allowed
        if number < 0 or is_constraint is not (code == "BR005"):
            raise KeyError(number)
        stated = {n: one for n, one in self._allowed.items() if not reads_conclusions(self.program.constraints[n].body)}
        allowed = stated if is_constraint else self._allowed
        what = {"BR005": "no rule breaks constraint", "BR006": "no patient is left out by", "BR007": "no patient is two kinds of"}
        says = f"{what[code]} {goal.constraint.name} #{number}"
        return Statement(says, "impossible", (*allowed.values(), self.encoding.node(goal.body)))

    def _asked(self, text: str, number: int, kind: Literal["possible", "impossible"]) -> Statement:
        query, goals = self.queries[text]
        bodies = [one.body for one in self.program.constraints if one.constraint is goals[number]]
        exact = [-self.world.relaxed] if kind == "possible" else []
        met = self.world.clauses.some([self.encoding.node(body) for body in bodies])
        says = (
            f"{'a' if kind == 'possible' else 'no'} patient {'for' if query.kind == 'can_follow' else 'against'} {text} #{number}"
        )
        return Statement(says, kind, (*exact, *self._allowed.values(), met))

    def _decides(self, sign: str, number: int, bit: str, one: int, other: int) -> Statement:
        place = Place(Symptom, (sign,))
        atom = self.program.atom_numbers[Presence(place)]
        answered = [self.encoding.given({atom: ANSWERS[n]}) for n in (one, other)]
        if bit == BROKEN:
            constraint = self.program.constraints[self.own[number]]
            holds, fails = (encoding.node(constraint.body) for encoding in answered)
            what = f"whether constraint {constraint.constraint.name} #{number} is broken"
        else:
            holds, fails = (encoding.proposition(number, BITS[bit]) for encoding in answered)
            what = f"{say_fact(self.program.facts[number])} ({bit})"
        says = f"sign {sign} decides something: {what}"
        return Statement(says, "possible", (-self.world.relaxed, *self._allowed.values(), holds, -fails))

    @cached_property
    def instances(self) -> Mapping[str, list[int]]:
        """The instances of each rule."""
        found: dict[str, list[int]] = {rule.name: [] for rule in self.linked.rules}
        for number, instance in enumerate(self.program.instances):
            found[instance.rule.name].append(number)
        return found
