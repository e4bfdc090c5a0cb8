"""Find a small case that meets a set of claims, confirmed by the engine, or prove that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from ..engine.native import Native
from ..engine.outcome import Outcome
from ..errors import ProofError
from ..facts.base import Fact, canonical
from ..ground.nodes import Derived, Fires, Node
from ..ground.program import Program
from ..ir.bits import ESTABLISHED
from .clauses import Clauses
from .encode import Bit, Encoding
from .reduce import reduced
from .solver import Assignment, Model, Solver
from .world import World

EFFORT: Final = 20_000
"""How many conflicts the search for a smaller case may cost."""


class Claim(NamedTuple):
    """One bit of one node of a program is on, or off: `Claim(Derived(3))` says that proposition 3 is established."""

    node: Node
    bit: Bit = ESTABLISHED
    holds: bool = True


class PossibleCases:
    """The possible cases of a rule base: every consistent set of stated facts that breaks no constraint.

    A case may leave anything open. To ask about cases in which everything is answered, assume `world.complete`; to ask about the
    completions of one case, assume `world.extending(case)` too, and pass its facts as `known`. Facts of closed types exist only
    in a program that was grounded for a case that has them (`ground.compile.with_closed`).

    With `constraints=False`, cases that break constraints count too; with a list of numbers, only these constraints apply.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
    >>> from backpain_rules.ground.nodes import Derived
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
    >>> cases = PossibleCases(kb._program)
    >>> cases.find([Claim(Derived(0))])
    (Symptom(term='cold', present=True),)
    >>> cases.is_possible([*cases.world.extending([COLD.absent]), cases.encoding.proposition(0)])
    False

    Raises `MissingExtraError` when python-sat is not installed.
    """

    def __init__(
        self,
        program: Program,
        *,
        known: Iterable[Fact] = (),
        constraints: bool | Sequence[int] = True,
        world: World | None = None,
        most: int | None = None,
    ) -> None:
        self.program = program
        self.world = world or World(Clauses(), program.linked, program.atoms, known, most=most)
        self.encoding = Encoding(self.world, program)
        self.solver = Solver(self.world.clauses)
        numbers = range(len(program.constraints)) if constraints is True else constraints or ()
        self.constraints = tuple(numbers)
        for number in self.constraints:
            self.world.require(-self.encoding.node(program.constraints[number].body))
        self.solver.prefer(-literal for literal in self.world.said.values())

    # --- asking -----------------------------------------------------------------------------------------------------

    def literal(self, claim: Claim) -> int:
        """The literal that holds in exactly the cases that meet the claim."""
        literal = self.encoding.node(claim.node, claim.bit)
        return literal if claim.holds else -literal

    def is_possible(self, literals: Iterable[int]) -> bool:
        """Whether there may be a case in which these literals hold. False proves that there is none.

        True if this cannot be decided because not all values of some slot could be tried; `model` tries to find a case.
        """
        literals = list(literals)
        if self.world.allows_all:
            return self.solver.is_possible(literals)
        return self._allowed(literals) is not None

    def is_open(self, claims: Iterable[Claim], literals: Sequence[int] = ()) -> bool:
        """After no case was found for these claims: whether one may still exist, because its absence is not proved."""
        return not self.world.is_exact and self.is_possible([*map(self.literal, claims), *literals])

    def model(self, literals: Sequence[int], effort: int | None = None) -> Model | None:
        """A model of a case in which these literals hold. It contains no fact that its own type forbids.

        None if none is found. Only `is_possible` proves that there is none. With an `effort`, a number of conflicts, None may
        also mean that the search gave up.
        """
        return self._allowed([*literals, -self.world.relaxed], effort)

    def _allowed(self, literals: Sequence[int], effort: int | None = None) -> Model | None:
        while (model := self.solver.solve(literals, effort)) is not None:
            if not self.world.block(model):
                return model
        return None

    def find(self, claims: Sequence[Claim], literals: Sequence[int] = (), *, least: bool = False) -> tuple[Fact, ...] | None:
        """A case that meets all the claims and in which the `literals` hold; None if none is found (see `model`).

        The case is minimal: no fact or slot can be deleted. With `least` it is as small as any such case, unless that is hard to
        prove. The native engine checks every claim on the facts before they are returned.

        Raises `ProofError` if the engine disagrees; the proofs would then be wrong.
        """
        wanted = [*map(self.literal, claims), *literals]
        model = self.model(wanted)
        if model is None:
            return None
        small = self.smaller(wanted, model)
        if least:
            small = self._least(wanted, small)
        facts = tuple(sorted(self.world.facts(small), key=canonical))
        self.replay(facts, claims)
        return facts

    def smaller(self, literals: Sequence[int], model: Model) -> Assignment:
        """A minimal case from a model in which these literals hold."""
        if self.world.allows_all and self.world.complete not in literals:
            return reduced(self.world, literals, model)
        model = self._what_matters(literals, model)
        said = sorted(self.world.said.items(), key=lambda entry: entry[0].slot is not None)
        waiting = [one for _, one in said if model[one]]
        unsaid = [-one for _, one in said if not model[one]]
        needed: list[int] = []
        while waiting:
            tried = waiting.pop(0)
            found = self.model([*literals, *unsaid, -tried])
            if found is None:
                needed.append(tried)
                continue
            model = found
            left = [one for one in waiting + needed if model[one]]  # premises are not monotone, so try again
            unsaid += [-one for one in (tried, *waiting, *needed) if not model[one]]
            waiting, needed = left, []
        return model

    def replay(self, facts: Sequence[Fact], claims: Iterable[Claim]) -> Outcome:
        """The engine's outcome of a case, after checking that it meets all the claims and breaks no constraint."""
        outcome = self._native.run(facts)
        unbroken = (Claim(self.program.constraints[number].body, holds=False) for number in self.constraints)
        for claim in (*claims, *unbroken):
            if self._engine_says(outcome, claim.node, claim.bit) is not claim.holds:
                raise denied(claim, facts)
        return outcome

    # --- inside -----------------------------------------------------------------------------------------------------

    @cached_property
    def _native(self) -> Native:
        return Native(self.program)

    def _engine_says(self, outcome: Outcome, node: Node, bit: Bit) -> bool:
        if bit == ESTABLISHED and isinstance(node, Derived):
            return node.proposition in outcome.established
        return bool(outcome.evaluation.node(node) & bit)

    def _what_matters(self, literals: Sequence[int], model: Model) -> Model:
        """A model that states only what the literals depend on, found by an unsatisfiable core over the inputs."""
        inputs = [one if model[one] else -one for one in self.world.inputs]
        core = self.solver.core([*inputs, -self.world.clauses.every(literals)])
        if core is None:
            return model
        kept = {self.world.said_by[abs(literal)] for literal in core if abs(literal) in self.world.said_by}
        places = {said.place for said in kept}
        unsaid = [
            -literal
            for said, literal in self.world.said.items()
            if not model[literal] or (said not in kept if said.slot else said.place not in places)
        ]
        return self.model([*literals, *unsaid]) or model

    def _least(self, literals: Sequence[int], model: Assignment) -> Assignment:
        """A model with as few stated inputs as possible: ask for fewer until there is none, or the search gives up."""
        said = [(1, one) for one in self.world.said.values()]
        while many := sum(model[one] for _, one in said):
            fewer = self.model([*literals, -self.world.clauses.count(many, said)], effort=EFFORT)
            if fewer is None:
                break
            model = fewer
        return model


def denied(claim: Claim, facts: Sequence[Fact]) -> ProofError:
    """The error for a case of which solver and engine disagree."""
    return ProofError(
        f"the solver claims {claim}, and the engine denies it for {list(facts)!r}: one of the two is wrong; "
        "please report this with the packs",
        claim=claim, case=tuple(facts),
    )  # fmt: skip


def fires(instances: Iterable[int], bit: Bit = ESTABLISHED) -> Iterator[Claim]:
    """Claims that these rule instances fire."""
    return (Claim(Fires(number), bit) for number in instances)
