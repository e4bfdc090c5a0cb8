"""What all checks share: the rule base as clauses, the cases seen so far, small cases for single rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from ..engine.native import Native
from ..errors import InvalidFactError
from ..facts.base import Fact, canonical
from ..ground.compile import compile_program
from ..ground.grounding import key_of
from ..ground.nodes import Derived, Fires, Node, Place, members
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, POSSIBLE
from ..ir.expressions import Constant, Variable
from ..ir.walk import variables, walk
from ..link.model import Linked, LinkedConstraint, LinkedRule, Template
from ..rule import Written
from ..solve.solver import Model, Solver
from ..solve.witness import Claim, PossibleCases


class Prover:
    """One rule base under proof, over all cases that break no constraint and have no facts of closed types.

    Each model that the solver finds is kept and asked about every rule, so that most questions need no solver. `known` are
    findings, by code and subjects, that need not be found again.
    """

    def __init__(self, linked: Linked, known: Iterable[tuple[str, tuple[str, ...]]] = ()) -> None:
        self.linked = linked
        self.known = frozenset(known)
        goals = [goal for entry in linked.partitions for goal in (entry.gap, *entry.overlaps)]
        self.program: Program = compile_program(replace(linked, constraints=(*linked.constraints, *goals)))
        self.constraints = [n for n, c in enumerate(self.program.constraints) if c.constraint in linked.constraints]
        self.cases = PossibleCases(self.program, constraints=self.constraints)
        self.native = Native(self.program)
        self._wide = Solver(self.cases.world.clauses)  # left to itself it says much, so that many rules fire at once
        encoding = self.cases.encoding
        self.fires: list[int] = [encoding.instance(number) for number in range(len(self.program.instances))]
        self.instances: dict[str, list[int]] = {rule.name: [] for rule in linked.rules}
        for number, instance in enumerate(self.program.instances):
            self.instances[instance.rule.name].append(number)
        self.rules = {rule.name: rule for rule in linked.rules}
        self._models: list[Model] = []
        self._seen: list[int] = [0] * len(self.fires)
        self._follows: dict[int, tuple[frozenset[int], frozenset[int]]] = {}
        self._small: dict[int, tuple[Fact, ...] | None] = {}

    # --- which rules fire together ------------------------------------------------------------------------------------

    def can_fire(self, *instances: int) -> bool:
        """Whether these rule instances fire together in some case."""
        seen = -1
        for number in instances:
            seen &= self._seen[number]
        if seen:
            return True
        if len(instances) == 2 and self._exclude(*instances):
            return False
        model = self._wide.solve([self.fires[number] for number in instances])
        if model is not None:
            self._keep(model)
        return model is not None

    def seen_without(self, instance: int, others: Iterable[int]) -> bool:
        """Whether one of the cases seen so far makes an instance fire and none of these others."""
        seen = self._seen[instance]
        for number in others:
            seen &= ~self._seen[number]
        return bool(seen)

    def small_case(self, instance: int) -> tuple[Fact, ...] | None:
        """A case that makes an instance fire and of which nothing can be left out."""
        if instance not in self._small:
            self._small[instance] = self.cases.find([Claim(Fires(instance))])
        return self._small[instance]

    def case_of_both(self, one: int, other: int) -> tuple[Fact, ...] | None:
        """A case that makes two instances fire, None where none can: their small cases put together, if the engine agrees."""
        claims = [Claim(Fires(one)), Claim(Fires(other))]
        if one == other:
            return self.small_case(one)
        if self._exclude(one, other):
            return None
        if self.can_fire(one) and self.can_fire(other):
            together = _together(self.small_case(one) or (), self.small_case(other) or ())
            if together is not None and self.shows(together, claims):
                return together
        return self.cases.find(claims) if self.can_fire(one, other) else None

    def shows(self, case: Sequence[Fact], claims: Sequence[Claim]) -> bool:
        """Whether the engine confirms the claims of a case, and that it breaks no constraint."""
        outcome = self.native.run(case)
        established = set(outcome.established)
        if not all(established.issuperset(self._heads(claim)) for claim in claims):
            return False
        evaluation = outcome.evaluation
        if any(bool(evaluation.node(claim.node) & claim.bit) is not claim.holds for claim in claims):
            return False
        bodies = (self.program.constraints[number].body for number in self.constraints)
        return not any(evaluation.node(body) & ESTABLISHED for body in bodies)

    def _heads(self, claim: Claim) -> tuple[int, ...]:
        """What is established wherever the claim holds."""
        fires = isinstance(claim.node, Fires) and claim.holds and claim.bit != POSSIBLE
        return self.program.instances[claim.node.instance].heads if fires else ()  # type: ignore[union-attr]

    def _exclude(self, one: int, other: int) -> bool:
        """Whether what follows at once from one instance denies what follows at once from the other."""
        return not self._follow(one)[0].isdisjoint(self._follow(other)[1])

    def _follow(self, instance: int) -> tuple[frozenset[int], frozenset[int]]:
        """What follows at once where an instance fires, and what is denied; all and everything where it cannot fire."""
        if instance not in self._follows:
            literal = self.fires[instance]
            found = self._wide.implied([literal]) or frozenset((literal, -literal))
            self._follows[instance] = found, frozenset(-one for one in found)
        return self._follows[instance]

    def _keep(self, model: Model) -> None:
        bit = 1 << len(self._models)
        self._models.append(model)
        for number in model.holding(self.fires):
            self._seen[number] |= bit

    # --- other views of the same rule base -----------------------------------------------------------------------------

    @cached_property
    def unconstrained(self) -> PossibleCases:
        """The cases of the same program, those that break a constraint included."""
        return PossibleCases(self.program, constraints=False)

    @cached_property
    def stated_constraints(self) -> list[int]:
        """The constraint instances that speak of stated facts alone."""
        return [number for number in self.constraints if not reads_conclusions(self.program.constraints[number].body)]

    def goals(self, goal: LinkedConstraint) -> Iterator[Node]:
        """The bodies of a partition's gap or overlap, one for each choice of its variables."""
        return (instance.body for instance in self.program.constraints if instance.constraint is goal)

    @cached_property
    def beyond(self) -> frozenset[str]:
        """The rules that read facts of closed types, or conclusions that only such rules may give: nothing is proved of them."""
        closed = {rule.name for rule in self.linked.rules if any(_is_closed(self.linked, v) for v in _patterns(rule))}
        grown = True
        while grown:
            given = [template for name in closed for template in self.rules[name].templates]
            more = {r.name for r in self.linked.rules if any(_may_give(t, v) for v in _patterns(r) for t in given)}
            grown = not more <= closed
            closed |= more
        return frozenset(closed)

    @cached_property
    def users(self) -> dict[int, list[int]]:
        """For each proposition, and each instance by its number after those, the instances that depend on it."""
        found: dict[int, list[int]] = {}
        for number in range(len(self.program.instances)):
            for other in self.program.dependencies(number):
                found.setdefault(other, []).append(len(self.program.facts) + number)
        return found

    def places(self, *names: str) -> dict[str, Written]:
        """Where rules are written."""
        found = {name: self.rules[name].rule.written for name in names if name in self.rules}
        return {name: written for name, written in found.items() if written is not None}


def reads_conclusions(node: Node) -> bool:
    """Whether a node reads what rules conclude."""
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, (Derived, Fires)):
            return True
        stack.extend(members(here))
    return False


def _together(one: Sequence[Fact], other: Sequence[Fact]) -> tuple[Fact, ...] | None:
    """Two cases in one; None where they contradict each other."""
    found: dict[Place, Fact] = {}
    for fact in (*one, *other):
        place = Place(type(fact), key_of(fact))
        known = found.setdefault(place, fact)
        if known is not fact and known != fact:
            said = {name: value for name, value in known.__dict__.items() if value is not None}
            more = {name: value for name, value in fact.__dict__.items() if value is not None}
            if any(said.get(name, value) != value for name, value in more.items()):
                return None
            try:
                found[place] = type(fact)(**said, **{name: value for name, value in more.items() if name not in said})
            except InvalidFactError:
                return None
    return tuple(sorted(found.values(), key=canonical))


def _patterns(rule: LinkedRule) -> Iterator[Variable]:
    yield from rule.variables
    for node in walk(rule.body):
        yield from variables(node)


def _is_closed(linked: Linked, variable: Variable) -> bool:
    return variable._kind not in linked.derived_types and not variable._kind.schema_.is_open


def _may_give(template: Template, variable: Variable) -> bool:
    """Whether a conclusion of this template may match this pattern."""
    if template.kind is not variable._kind:
        return False
    wanted = {name: value.value for name, value in variable._where.items() if isinstance(value, Constant)}
    return all(template.constants.get(name, value) == value for name, value in wanted.items())
