"""What an engine run leaves behind: the conclusions, and the means to ask for the bits of anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from ..facts.base import Fact
from ..ground.compile import with_closed
from ..ground.evaluate import Evaluation
from ..ground.nodes import Place, by_place
from ..ground.program import Program
from ..link.model import Linked
from .formulas import Leaves
from .records.rules import reads_absence


class Outcome:
    """One case assessed. `established` are the numbers of the established propositions of `program`, in any order.

    `bits`, from an engine that computes all three sets at once, has the bits of every possible proposition. `leaves`, from
    an engine that has them at hand, are those (see `Leaves`) of all that the facts decide: what is true, among others, and
    what is not there, by the leaf of its being there. `evaluation` is that of the case, from an engine that needed it.
    """

    __slots__ = ("_bits", "_evaluation", "_leaves", "established", "facts", "program")

    def __init__(
        self,
        program: Program,
        facts: tuple[Fact, ...],
        established: tuple[int, ...],
        bits: Mapping[int, int] | None = None,
        leaves: tuple[Iterable[int], Iterable[int]] | None = None,
        evaluation: Evaluation | None = None,
    ) -> None:
        self.program = program
        self.facts = facts
        self.established = established
        self._bits = bits
        self._leaves = leaves
        self._evaluation = evaluation

    @property
    def linked(self) -> Linked:
        """The rule base."""
        return self.program.linked

    @property
    def explained(self) -> Outcome:
        """The outcome that explanations are read from."""
        return self

    @property
    def whole(self) -> Outcome:
        """The outcome under a program that has every instance, those that the slots of records rule out included."""
        return self

    @property
    def concluded(self) -> tuple[Fact, ...] | None:
        """The established conclusions in canonical order, where they are known by themselves and not by number."""
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        return Outcome, (self.program, self.facts, self.established, self._bits)

    @property
    def stated(self) -> Mapping[Place, Fact]:
        """The stated facts by place."""
        return self.evaluation.stated

    @property
    def evaluation(self) -> Evaluation:
        """The bits of everything in this case, with the unknowns that they rest on; computed when it is first asked for."""
        if self._evaluation is None:
            atoms = None if self._leaves is None else self.program.once(Leaves.of).atoms(*self._leaves)
            self._evaluation = Evaluation(self.program, self.facts, atoms=atoms, bits=self._bits)
        return self._evaluation


class RecordOutcome(Outcome):
    """The outcome of a case with facts of closed types, of which the conclusions are known: `concluded`, in canonical order.

    The program of such a case is its own. It is ground when somebody asks for more than the conclusions. `known`, from an
    engine that computes all three sets, has the bits of every possible conclusion.
    """

    __slots__ = ("_base", "_concluded", "_known")

    def __init__(
        self,
        base: Program,
        facts: tuple[Fact, ...],
        concluded: tuple[Fact, ...],
        known: Mapping[Fact, int] | None = None,
    ) -> None:
        self._base = base
        self.facts = facts
        self._concluded = concluded
        self._known = known
        self._bits = self._leaves = self._evaluation = None

    def __getattr__(self, name: str) -> Any:
        """The program, and the numbers of the conclusions in it."""
        if name == "program":
            self.program = with_closed(self._base, self._closed, whole=False)
            if self._known is not None:
                self._bits = {self.program.numbers[fact]: bits for fact, bits in self._known.items()}
            return self.program
        if name == "established":
            self.established = tuple(self.program.numbers[fact] for fact in self._concluded)
            return self.established
        raise AttributeError(name)

    def __reduce__(self) -> tuple[Any, ...]:
        return RecordOutcome, (self._base, self.facts, self._concluded, self._known)

    @property
    def explained(self) -> Outcome:
        return self.whole if self._base.once(reads_absence) else self

    @property
    def whole(self) -> Outcome:
        program = with_closed(self._base, self._closed)
        return Outcome(program, self.facts, tuple(program.numbers[fact] for fact in self._concluded))

    @property
    def _closed(self) -> list[Fact]:
        return [fact for fact in self.facts if not fact.schema_.is_open]

    @property
    def linked(self) -> Linked:
        return self._base.linked

    @property
    def concluded(self) -> tuple[Fact, ...]:
        return self._concluded

    @property
    def stated(self) -> Mapping[Place, Fact]:
        return by_place(self.facts)


class Engine(Protocol):
    """A way to run one program on cases. Every engine gives the same outcome."""

    def __init__(self, program: Program) -> None: ...

    def run(self, facts: Iterable[Fact]) -> Outcome:
        """The outcome of one case; a `FactError` when the facts are not a case."""
        ...
