"""The three bits of premises, rule instances and conclusions as literals over the inputs.

Literals are an algebra for the plan of a program: each literal is the function of the inputs that the engine computes. For a
recursive component, the rounds of the least fixpoint are unrolled, as many as it can need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from operator import eq

from ..ground.nodes import Derived, Fires, Known, Node, Stated
from ..ground.plan import Machine, Plan, composed, make_plan
from ..ground.planes import ThreeBits, Truth
from ..ground.program import Program
from ..ir import bits
from ..ir.bits import ESTABLISHED, POSSIBLE, THREE_BITS
from .clauses import FALSE, TRUE, Clauses
from .world import World

Bit = int


class Literals:
    """The algebra of literals. A gate gets its clauses when it is used, so unused bits cost none."""

    false, true = FALSE, TRUE
    same = staticmethod(eq)

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses

    def conjunction(self, of: Sequence[int]) -> int:
        self._clauses.deadline.poll()
        return self._clauses.conjunction(of)

    def disjunction(self, of: Sequence[int]) -> int:
        self._clauses.deadline.poll()
        return self._clauses.disjunction(of)

    def inverse(self, of: int) -> int:
        return -of

    def at_least(self, threshold: int, points: Sequence[int], of: Sequence[int]) -> int:
        return self._clauses.at_least(threshold, tuple(zip(points, of, strict=True)))


class Encoding:
    """The literals of one program over a world. A bit is `CERTAIN`, `ESTABLISHED` or `POSSIBLE` from `ir.bits`.

    Literals are created on demand.
    """

    def __init__(self, world: World, program: Program, plan: Plan | None = None) -> None:
        self.world = world
        self.program = program
        self._bits = ThreeBits(Literals(world.clauses))
        self._machine = Machine(plan or program.once(make_plan), self._bits)
        self._registers = self._machine.registers([self._bits.constant(POSSIBLE)] * len(program.atoms))
        self._stages: set[int] = set()
        """Those that were run."""
        self._atoms: set[int] = set()

    def proposition(self, number: int, bit: Bit = ESTABLISHED) -> int:
        """The literal of one bit of a derived fact."""
        return self._literal(self._truth(self._machine.plan.propositions[number]), bit)

    def instance(self, number: int, bit: Bit = ESTABLISHED) -> int:
        """The literal of one bit of a rule instance: it fires and is not overridden."""
        return self._literal(self._truth(self._machine.plan.instances[number]), bit)

    def node(self, node: Node, bit: Bit = ESTABLISHED) -> int:
        """The literal of one bit of any node of the program."""
        register = self._machine.plan.nodes.get(node)
        return self._literal(composed(node, self._bits, self._leaf) if register is None else self._truth(register), bit)

    def given(self, atoms: Mapping[int, tuple[int, int]]) -> Encoding:
        """The same encoding with these two literals for some atoms: true, and known to be false."""
        return self._with({number: self._bits.stated(true, false) for number, (true, false) in atoms.items()})

    def without(self, switch: Known) -> Encoding:
        """The same encoding with one switch of its plan off."""
        return self._with({self._machine.plan.nodes[switch]: self._bits.constant(bits.FALSE)})

    # --- inside -----------------------------------------------------------------------------------------------------

    def _with(self, known: Mapping[int, Truth[int]]) -> Encoding:
        """The same encoding with other literals in these registers."""
        plan = self._machine.plan
        if len(self._stages) < len(plan.stages) or len(self._atoms) < len(self.program.atoms):
            for register in range(plan.size):
                self._truth(register)
        other = copy(self)
        other._registers = self._machine.changed(self._registers, known)
        return other

    def _literal(self, truth: Truth[int], bit: Bit) -> int:
        return self.world.clauses.use(truth[THREE_BITS.index(bit)])

    def _truth(self, register: int) -> Truth[int]:
        """The literals of a register, after running the stages it depends on."""
        atoms, stages = self._machine.plan.below(register, self._stages)
        for number in atoms - self._atoms:
            self._registers[number] = self._bits.stated(*self.world.atom(self.program.atoms[number]))
            self._atoms.add(number)
        for number in sorted(stages):
            self._machine.run_stage(number, self._registers)
            self._stages.add(number)
        return self._registers[register]

    def _leaf(self, node: Node) -> Truth[int]:
        plan = self._machine.plan
        match node:
            case Stated(atom=atom):
                return self._truth(atom)
            case Derived(proposition=number):
                return self._truth(plan.propositions[number])
            case Fires(instance=number):
                return self._truth(plan.instances[number])
            case _:
                raise AssertionError(f"{node} is composed of others")
