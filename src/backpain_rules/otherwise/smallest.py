"""Search for the smallest sets of changes of one case that make a claim true: facts to insert, retract or replace.

The size of a change is its number of facts; the size of a set of answers is its number of questions. The search enumerates all
smallest sets up to a bound: it takes a model with the fewest changes, blocks it, and repeats. It encodes only the cone of
influence of the claim, and the constraints that the changes could break. The engine replays each set before it is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from ..deadline import NEVER, Deadline, OutOfTime
from ..engine.outcome import Outcome
from ..explain.unknowns import Unknown, sort_key
from ..facts.base import Fact, canonical
from ..ground.cone import bound_up, cone, places_in
from ..ground.evaluate import Evaluation
from ..ground.nodes import Derived, Place, Said, Some
from ..ir.bits import ESTABLISHED
from ..solve.clauses import Clauses
from ..solve.solver import Model
from ..solve.witness import Claim, PossibleCases, denied
from ..solve.world import World
from .edit import Edit
from .values import is_there, told_best

MOST: Final = 5
"""At most so many sets of the smallest size are returned."""

Run: TypeAlias = Callable[[Iterable[Fact]], Outcome]
"""Assesses a case: the `run` method of an engine."""
K = TypeVar("K", Place, Said)
S = TypeVar("S")


class Found(NamedTuple, Generic[S]):
    """The smallest sets, in canonical order. `more`: there are others of that size.

    `sampled` names the slots (`Pain.duration`) for which only some values were tried: the sets are real, but it is not proved
    that no others or smaller ones exist. If not `complete`, the time ran out before the enumeration finished; the sets found are
    still of the smallest size, because smaller ones are searched first.
    """

    sets: tuple[S, ...] = ()
    more: bool = False
    sampled: tuple[str, ...] = ()
    complete: bool = True


class Smallest:
    """One question about a case: how to add one of these propositions, or with `wanted=False` how to remove all of them.

    Open facts may change. Closed facts stay unchanged, except that `answers` may fill their unanswered slots. A changed case
    breaks no constraint instance that holds now.

    Raises `MissingExtraError` when python-sat is not installed.
    """

    def __init__(
        self, outcome: Outcome, run: Run, numbers: Sequence[int], *, wanted: bool = True, deadline: Deadline = NEVER
    ) -> None:
        self.run, self.numbers, self.wanted = run, frozenset(numbers), wanted
        self.claim = claim = Claim(Some(tuple(Derived(number) for number in numbers)), ESTABLISHED, wanted)
        self.program = outcome.program
        self.stated = dict(sorted(outcome.stated.items(), key=lambda item: canonical(item[1])))
        whole = [n for n, c in enumerate(self.program.constraints) if not outcome.evaluation.node(c.body) & ESTABLISHED]
        bearing = cone(self.program, (claim.node,)).atoms
        self.constraints, more = bound_up(self.program, places_in(self.program, bearing), whole)
        self.atoms = [self.program.atoms[number] for number in sorted({*bearing, *more})]
        self.world = World(Clauses(deadline), self.program.linked, self.atoms, self.stated.values())
        self.cases = PossibleCases(self.program, constraints=self.constraints, world=self.world)
        self._claimed = self.cases.literal(claim)
        self._open = [place for place in self.world.places if place.kind.schema_.is_open]
        self._closed = [place for place in self.world.places if not place.kind.schema_.is_open]
        self.cases.solver.prefer(self._same.values())

    # --- changes ----------------------------------------------------------------------------------------------------

    def changes(self, *, of_stated: bool = False) -> Found[Edit]:
        """The smallest sets of changes. With `of_stated`, only stated facts are retracted or replaced; unknowns stay unknown."""
        base = [self._claimed, *self._exactly(self._closed), *(self._unknowns_stay() if of_stated else ())]
        changed = {place: -self._same[place] for place in self._open}
        return self._given(self._edit(places, base) for places, _ in self._sets(changed, base))

    def _unknowns_stay(self) -> Iterator[int]:
        for place in self._open:
            fact = self.stated.get(place)
            if fact is None:
                yield self._same[place]
            elif is_there(fact):
                yield from (-self.world.said[said] for said in self._slots(place) if fact.__dict__[str(said.slot)] is None)

    def _edit(self, places: Sequence[Place], base: Sequence[int]) -> Edit | None:
        """The change of exactly these places that keeps as many values as possible and stays nearest to the others."""
        fixed = [*base, *self._exactly(place for place in self._open if place not in places)]
        kept = [literal for place in places for literal in self._values(place)]
        for many in range(len(kept), 0, -1):
            literal = self.world.clauses.count(many, [(1, one) for one in kept])
            if self.cases.model([*fixed, literal]) is not None:
                fixed.append(literal)
                break
        for wish in (wish for place in places for wish in self._wishes(place)):
            if self.cases.model([*fixed, wish]) is not None:
                fixed.append(wish)
        model = self.cases.model(fixed)
        assert model is not None
        return self._replayed({place: self._fact(place, model) for place in places})

    def _values(self, place: Place) -> Iterator[int]:
        """The literals of the current values of a place."""
        fact = self.stated.get(place)
        if fact is not None:
            values = ((said, fact.__dict__[str(said.slot)]) for said in self.world.slots_at(place))
            yield from (self.world.value(said, value) for said, value in values if value is not None)

    def _wishes(self, place: Place) -> Iterator[int]:
        """Preferences for a changed fact, the strongest first: it is still stated, and it states no more than before."""
        fact, (there, absent) = self.stated.get(place), self.world.presence(place)
        if fact is not None:
            yield there if is_there(fact) else absent
            yield self.world.clauses.some((there, absent))
            yield from (self.world.said[s] for s in self._slots(place) if fact.__dict__[str(s.slot)] is not None)
        yield from (-self.world.said[s] for s in self._slots(place) if fact is None or fact.__dict__[str(s.slot)] is None)

    # --- answers ----------------------------------------------------------------------------------------------------

    def answers(self) -> Found[tuple[tuple[Unknown, ...], Edit]]:
        """The smallest sets of unknowns that can make the claim true, each with answers that do."""
        base = [self._claimed, *self.world.extending(self.stated.values())]
        return self._given(self._answer(asked, model) for asked, model in self._sets(self._unsaid, base))

    @cached_property
    def _unsaid(self) -> Mapping[Said, int]:
        """The unknowns that can be asked: each unknown slot, and for a place without a fact also whether the fact is there."""
        found: dict[Said, int] = {}
        for place in self.world.places:
            fact, slots = self.stated.get(place), self._slots(place)
            if fact is None:
                alone = [-self.world.said[slot] for slot in slots]
                found[Said(place)] = self.world.clauses.every((self.world.said[Said(place)], *alone))
            if fact is None or is_there(fact):
                found |= {s: self.world.said[s] for s in slots if fact is None or fact.__dict__[str(s.slot)] is None}
        return found

    def _answer(self, asked: Sequence[Said], model: Model) -> tuple[tuple[Unknown, ...], Edit] | None:
        edit = self._replayed({said.place: self._fact(said.place, model) for said in asked})
        unknowns = sorted((Unknown(*said.place, said.slot) for said in asked), key=sort_key)
        return None if edit is None else (tuple(unknowns), edit)

    # --- both -------------------------------------------------------------------------------------------------------

    def _sets(self, units: Mapping[K, int], base: Sequence[int]) -> Iterator[tuple[tuple[K, ...], Model]]:
        """The smallest sets of units that hold together in a model of the base, each with a model."""
        if self.cases.model(base) is None:
            return
        model, few = None, 0
        for most in range(1, len(units) + 1):
            few = -self.world.clauses.count(most + 1, [(1, literal) for literal in units.values()])
            model = self.cases.model([*base, few])
            if model is not None:
                break
        others = self.world.clauses.fresh()
        while model is not None:
            chosen = tuple(unit for unit, literal in units.items() if model[literal])
            yield chosen, model
            self.world.clauses.add(-others, *(-units[unit] for unit in chosen))
            model = self.cases.model([*base, few, others])

    def _given(self, found: Iterator[S | None]) -> Found[S]:
        real = (one for one in found if one is not None)
        sets: list[S] = []
        more, complete = False, True
        try:
            for one in real:
                if len(sets) == MOST:
                    more = True
                    break
                sets.append(one)
        except OutOfTime:
            complete = False
        sampled = tuple(sorted({f"{said.place.kind.__name__}.{said.slot}" for said in self.world.sampled}))
        return Found(tuple(sorted(sets, key=_order)), more, sampled, complete)

    @cached_property
    def _same(self) -> Mapping[Place, int]:
        """For each open place, the literal that its fact is unchanged."""
        every = self.world.clauses.every
        return {place: every(self.world.exactly_at(place, self.stated.get(place))) for place in self._open}

    def _exactly(self, places: Iterable[Place]) -> Iterator[int]:
        return (literal for place in places for literal in self.world.exactly_at(place, self.stated.get(place)))

    def _slots(self, place: Place) -> list[Said]:
        return [said for said in self.world.slots_at(place) if said in self.world.said]

    def _fact(self, place: Place, model: Model) -> Fact | None:
        try:
            return self.world.fact(place, model, self.stated.get(place))
        except Exception:  # a validator of the fact type may raise anything; retry without the values that no atom reads
            return self.world.fact(place, model)

    def _case(self, facts: Mapping[Place, Fact | None]) -> dict[Place, Fact]:
        return {place: fact for place, fact in {**self.stated, **facts}.items() if fact is not None}

    def _holds(self, facts: Mapping[Place, Fact | None]) -> bool:
        """Whether the changed case meets the claim and breaks none of the constraints."""
        return self._is_met(Evaluation(self.program, self._case(facts)))

    def _is_met(self, evaluation: Evaluation) -> bool:
        broken = (evaluation.node(self.program.constraints[n].body) & ESTABLISHED for n in self.constraints)
        return bool(evaluation.node(self.claim.node) & self.claim.bit) is self.claim.holds and not any(broken)

    def _replayed(self, facts: Mapping[Place, Fact | None]) -> Edit | None:
        """The changes as an edit, confirmed by the engine; None if undistinguished values misled the solver."""
        facts = told_best(self.world, self.atoms, self.stated, facts, self._holds)
        case = tuple(self._case(facts).values())
        outcome = self.run(case)
        if self.numbers.isdisjoint(outcome.established) is self.wanted or not self._is_met(outcome.evaluation):
            if self.world.inexact:
                return None
            raise denied(self.claim, case)
        pairs = ((self.stated.get(place), fact) for place, fact in facts.items())
        return Edit(tuple(sorted((pair for pair in pairs if pair[0] != pair[1]), key=_of_pair)))


def _of_pair(pair: tuple[Fact | None, Fact | None]) -> tuple[str, ...]:
    return next(canonical(fact) for fact in pair if fact is not None)


def _order(found: object) -> list[tuple[str, ...]]:
    """The canonical order of edits, and of answers with their edits."""
    edit = found if isinstance(found, Edit) else found[1]  # type: ignore[index]
    assert isinstance(edit, Edit)
    return [tuple(key for fact in pair if fact is not None for key in canonical(fact)) for pair in edit.pairs]


def within(search: Callable[[Deadline], Smallest], seconds: float | None, ask: Callable[[Smallest], Found[S]]) -> Found[S]:
    """Run a search for so many seconds from now, encoding included."""
    deadline = Deadline.after(seconds)
    try:
        return ask(search(deadline))
    except OutOfTime:
        return Found(complete=False)
