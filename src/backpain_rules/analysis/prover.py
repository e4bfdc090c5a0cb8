"""What all checks share: the rule base as clauses, the cases seen so far, small cases for single rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, reduce
from operator import and_, or_
from threading import Lock
from typing import Final

from ..deadline import NEVER, Deadline
from ..engine.native import Native
from ..errors import InvalidFactError, ProofError
from ..facts.base import Fact, canonical
from ..ground.compile import compile_program
from ..ground.nodes import Derived, Fires, Node, Place, Stated, members, place_of
from ..ground.program import Program
from ..ir.bits import ESTABLISHED, POSSIBLE
from ..link.dependencies import is_closed, may_give, patterns, resting_on_records
from ..link.model import Linked, LinkedConstraint, LinkedRule
from ..rule import Written
from ..solve.clauses import Clauses
from ..solve.sample import Sample, around, support
from ..solve.solver import Model, Solver
from ..solve.witness import Claim, PossibleCases, fires
from ..solve.world import World

DRAWN: Final = 4096
"""How many cases are drawn at random."""
AROUND: Final = 128
"""How many are drawn around each rule instance."""
TOGETHER: Final = 256
"""For how many instances at once, which is a matter of memory."""


class Prover:
    """One rule base under proof, over all cases that break no constraint and have no facts of closed types.

    Most questions of the kind "is there a case" are answered by cases that were drawn at random, or by models that the solver
    found for other questions, so that few of them need the solver. Not to see a case is no proof that there is none, unless
    all values of all slots could be told apart: ask `is_open`. `known` are findings, by code and subjects, that need not be
    found again. Raises `OutOfTime`, here and in all that it does, once the `deadline` has passed.
    """

    def __init__(self, linked: Linked, known: Iterable[tuple[str, tuple[str, ...]]] = (), deadline: Deadline = NEVER) -> None:
        self.linked = linked
        self.deadline = deadline
        self.known = frozenset(known)
        goals = [goal for entry in linked.partitions for goal in (entry.gap, *entry.overlaps)]
        self.program: Program = compile_program(replace(linked, constraints=(*linked.constraints, *goals)))
        self.constraints = [n for n, c in enumerate(self.program.constraints) if c.constraint in linked.constraints]
        self.cases = self.possible_cases(self.constraints)
        self._wide = Solver(self.cases.world.clauses)  # left to itself it says much, so that many rules fire at once
        encoding = self.cases.encoding
        self.fires: list[int] = [encoding.instance(number) for number in range(len(self.program.instances))]
        self.instances: dict[str, list[int]] = {rule.name: [] for rule in linked.rules}
        for number, instance in enumerate(self.program.instances):
            self.instances[instance.rule.name].append(number)
        self.rules = {rule.name: rule for rule in linked.rules}
        self._models: list[Model] = []
        self._seen: list[int] = [0] * len(self.fires)
        """For each instance the models in which it fires, as the bits of a number."""
        self._lock = Lock()  # witnesses are made when they are read, by whatever thread
        self._small: dict[int, tuple[Fact, ...] | None] = {}
        self.undecided: dict[str, list[str]] = {}
        """By code, what was neither seen in a case nor proved to be in none."""

    # --- which rules fire together ------------------------------------------------------------------------------------

    def can_fire(self, instance: int) -> bool:
        """Whether a rule instance is seen to fire in some case."""
        return bool(self._drawn[instance] or self._seen[instance]) or self._search(instance)

    def can_meet(self, one: int, other: int) -> bool:
        """Whether two rule instances are seen to fire together in some case."""
        if self._drawn[one] & self._drawn[other] or self._seen[one] & self._seen[other]:
            return True
        if self._excluded[one] >> other & 1:
            return False
        return bool(self._near[one] & self._near[other]) or self._search(one, other)

    def is_open(self, *instances: int) -> bool:
        """Of instances that were not seen to fire together: whether that they never do is not proved either."""
        return self.cases.is_open(fires(instances))

    def leave_open(self, code: str, sentence: str) -> None:
        """Note what a check could neither show nor exclude."""
        found = self.undecided.setdefault(code, [])
        if sentence not in found:
            found.append(sentence)

    def seen_without(self, instance: int, others: Iterable[int]) -> bool:
        """Whether one of the cases seen so far makes an instance fire and none of these others."""
        seen, drawn = self._seen[instance], self._drawn[instance]
        for number in others:
            seen &= ~self._seen[number]
            drawn &= ~self._drawn[number]
        return bool(seen or drawn)

    def drawn(self, *instances: int) -> int:
        """The cases drawn at random that break no constraint and in which all of these fire, as the bits of a number."""
        return reduce(and_, (self._drawn[number] for number in instances), self._allowed)

    def small_case(self, instance: int) -> tuple[Fact, ...] | None:
        """A case that makes an instance fire and of which nothing can be left out."""
        if instance not in self._small:
            self._small[instance] = self.cases.find([Claim(Fires(instance))])
        return self._small[instance]

    def case_of_both(self, one: int, other: int) -> tuple[Fact, ...]:
        """A case that makes two instances fire which can meet, and of which nothing can be left out.

        Their small cases put together, if the engine agrees: with two reasons to fire, one may do for both.
        """
        claims = [Claim(Fires(one)), Claim(Fires(other))]
        with self._lock, self.cases.world.clauses.until(NEVER):  # a witness is made in short steps, and may be made later
            small = self.small_case(one), self.small_case(other)
            together = None if None in small else _together(small[0] or (), small[1] or ())
            if together is None or not self.shows(together, claims):
                together = small[0] if one == other else self.cases.find(claims)
            elif one != other:
                together = tuple(sorted(self._spared(together, claims), key=canonical))
        if together is None:
            raise ProofError(
                f"no case makes {self._name(one)} and {self._name(other)} fire, and one was seen; please report this"
            )
        return together

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

    def _spared(self, case: tuple[Fact, ...], claims: Sequence[Claim]) -> tuple[Fact, ...]:
        """A part of a case for which the engine confirms the claims too, and of which nothing more can be left out."""
        smaller = next((part for part in _parts(case) if self.shows(part, claims)), None)
        return case if smaller is None else self._spared(smaller, claims)

    def _heads(self, claim: Claim) -> tuple[int, ...]:
        """What is established wherever the claim holds."""
        fires = isinstance(claim.node, Fires) and claim.holds and claim.bit != POSSIBLE
        return self.program.instances[claim.node.instance].heads if fires else ()  # type: ignore[union-attr]

    def _name(self, instance: int) -> str:
        return self.program.instances[instance].rule.name

    def _search(self, *instances: int) -> bool:
        """Ask the solver for a case in which these fire."""
        wanted = [-self.cases.world.relaxed, *(self.fires[number] for number in instances)]
        while (model := self._wide.solve(wanted)) is not None and self.cases.world.block(model):
            pass
        if model is not None:
            bit = 1 << len(self._models)
            self._models.append(model)
            for number in model.holding(self.fires):
                self._seen[number] |= bit
        return model is not None

    @cached_property
    def _drawn(self) -> list[int]:
        """For each instance the random cases in which it fires."""
        return self._firing(self._sample) if self._sample is not None else [0] * len(self.fires)

    @cached_property
    def _near(self) -> list[int]:
        """For each instance the cases in which it fires, of those drawn around each: what that one rests on, the rest random."""
        near = [0] * len(self.fires)
        if self._sample is None:
            return near
        firing = [number for number in range(len(self.fires)) if self.can_fire(number)]
        for start in range(0, len(firing), TOGETHER):
            batch = firing[start : start + TOGETHER]
            self.deadline.poll()
            sample = around(self.cases.world, [self._support(number) for number in batch], AROUND)
            for number, holds in enumerate(self._firing(sample)):
                near[number] |= holds << start * AROUND
        return near

    @cached_property
    def _sample(self) -> Sample | None:
        return Sample(self.cases.world, DRAWN) if self.cases.world.allows_all else None

    def _firing(self, sample: Sample) -> list[int]:
        """For each instance the cases of a sample in which it fires, those that break a constraint left out."""
        allowed = self._allowed_in(sample)
        return [sample[literal] & allowed for literal in self.fires]

    def _allowed_in(self, sample: Sample) -> int:
        """The cases of a sample that break no constraint."""
        allowed = sample.all
        for number in self.constraints:
            allowed &= ~sample[self.cases.encoding.node(self.program.constraints[number].body)]
        return allowed

    @cached_property
    def _allowed(self) -> int:
        return 0 if self._sample is None else self._allowed_in(self._sample)

    def _support(self, instance: int) -> tuple[int, ...]:
        """What makes an instance fire, in one of the cases known."""
        if self._sample is not None and self._drawn[instance]:
            case = self._sample.case(self._drawn[instance].bit_length() - 1)
        else:
            case = self._models[self._seen[instance].bit_length() - 1]
        return support(self.cases.world, [self.fires[instance]], case)

    @cached_property
    def _excluded(self) -> list[int]:
        """For each instance those that cannot fire with it: what follows at once from the one denies what does from the other."""
        follows = [self._wide.implied([literal]) or frozenset((literal, -literal)) for literal in self.fires]
        followers: dict[int, int] = {}
        for number, found in enumerate(follows):
            for literal in found:
                followers[literal] = followers.get(literal, 0) | 1 << number
        return [reduce(or_, (followers.get(-literal, 0) for literal in found), 0) for found in follows]

    # --- other views of the same rule base -----------------------------------------------------------------------------

    @cached_property
    def native(self) -> Native:
        """The engine."""
        return Native(self.program)

    @cached_property
    def unconstrained(self) -> PossibleCases:
        """The cases of the same program, those that break a constraint included."""
        return self.possible_cases(False)

    def possible_cases(self, constraints: bool | Sequence[int]) -> PossibleCases:
        """The cases of the same program under these constraints, to be searched until the deadline."""
        world = World(Clauses(self.deadline), self.program.linked, self.program.atoms)
        return PossibleCases(self.program, constraints=constraints, world=world)

    @cached_property
    def stated_constraints(self) -> list[int]:
        """The constraint instances that speak of stated facts alone."""
        return [number for number in self.constraints if not reads_conclusions(self.program.constraints[number].body)]

    def goals(self, goal: LinkedConstraint) -> Iterator[Node]:
        """The bodies of a partition's gap or overlap, one for each choice of its variables."""
        return (instance.body for instance in self.program.constraints if instance.constraint is goal)

    @cached_property
    def beyond(self) -> frozenset[str]:
        """The rules of which nothing is proved."""
        return resting_on_records(self.linked)

    @cached_property
    def users(self) -> dict[int, list[int]]:
        """For each proposition, and each instance by its number after those, the instances that depend on it."""
        found: dict[int, list[int]] = {}
        for number in range(len(self.program.instances)):
            for other in self.program.dependencies(number):
                found.setdefault(other, []).append(len(self.program.facts) + number)
        return found

    @cached_property
    def readers(self) -> dict[int, list[int]]:
        """For each atom the instances that read it."""
        found: dict[int, list[int]] = {}
        for number, instance in enumerate(self.program.instances):
            for atom in atoms_of(instance.body):
                found.setdefault(atom, []).append(number)
        return found

    def places(self, *names: str) -> dict[str, Written]:
        """Where rules are written."""
        found = {name: self.rules[name].rule.written for name in names if name in self.rules}
        return {name: written for name, written in found.items() if written is not None}


def rests_on_closed_facts(linked: Linked, asked: LinkedRule | LinkedConstraint) -> bool:
    """Whether something reads facts of closed types, or conclusions that rest on them."""
    beyond = resting_on_records(linked)
    given = [template for rule in linked.rules if rule.name in beyond for template in rule.templates]
    return any(is_closed(linked, v) or any(may_give(t, v) for t in given) for v in patterns(asked))


def reads_conclusions(node: Node) -> bool:
    """Whether a node reads what rules conclude."""
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, (Derived, Fires)):
            return True
        stack.extend(members(here))
    return False


def atoms_of(node: Node) -> set[int]:
    """The atoms that a node reads itself, not by what it reads of conclusions."""
    found: set[int] = set()
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Stated):
            found.add(here.atom)
        stack.extend(members(here))
    return found


def _together(one: Sequence[Fact], other: Sequence[Fact]) -> tuple[Fact, ...] | None:
    """Two cases in one; None where they contradict each other."""
    found: dict[Place, Fact] = {}
    for fact in (*one, *other):
        place = place_of(fact)
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


def _parts(case: tuple[Fact, ...]) -> Iterator[tuple[Fact, ...]]:
    """A case without each of its facts, and without each slot that a fact of it says."""
    for at, fact in enumerate(case):
        rest = (*case[:at], *case[at + 1 :])
        yield rest
        said = {name: value for name, value in fact.__dict__.items() if value is not None}
        for name in fact.schema_.slots:
            if name in said and fact.schema_.fields[name].is_slot:
                with suppress(InvalidFactError):
                    yield (*rest, type(fact)(**{other: value for other, value in said.items() if other != name}))
