"""Decide whether a rule in a positive circle would fire if one of its premises had another value.

Rules that support each other in a circle are computed together, as a least fixpoint, so a rule may support its own premise. By
Bekić's lemma (Definable operations in general algebras, 1969) the fixpoint of one rule can be computed separately: a rule fires
with another value of a premise exactly if its condition, with that value substituted, holds while the rule is switched off. So
one program with a switch for each such rule instance answers the question for all of their premises.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property

from ..ground.evaluate import Evaluation
from ..ground.nodes import Derived, Every, Fires, Known, Node, Stated
from ..ground.plan import Machine, Plan, composed, make_plan
from ..ground.program import Program
from ..ground.strata import with_instances
from ..ground.whole_numbers import CASES, Bits
from ..ir.bits import THREE_BITS, TRUE


class Circles:
    """The instances of a program in positive circles; `switches` maps the number of each to its switch."""

    def __init__(self, program: Program) -> None:
        sizes = Counter(program.component)
        inside = (n for n in range(len(program.instances)) if sizes[program.component[len(program.facts) + n]] > 1)
        self.switches = {number: Known(TRUE) for number in inside}
        self._all = program

    @cached_property
    def program(self) -> Program:
        """The same program with the switches."""
        instances = self._all.instances
        changed = {
            number: replace(instances[number], body=Every((instances[number].condition, switch)), overriders=())
            for number, switch in self.switches.items()
        }
        return with_instances(self._all, changed)

    @cached_property
    def plan(self) -> Plan:
        """The plan of that program."""
        return make_plan(self.program, switches=self.switches.values())

    @cached_property
    def machine(self) -> Machine[Bits]:
        """Runs the plan for one case and all switches in parallel: in case i of a plane, switch i is off."""
        plan = self.plan
        return Machine(plan.cone(plan.instances[number] for number in self.switches), CASES)


class SwitchedOff:
    """One case, evaluated with each instance of a circle switched off."""

    def __init__(self, circles: Circles, evaluation: Evaluation) -> None:
        self._plan = circles.plan
        self._turn = {number: turn for turn, number in enumerate(circles.switches)}
        atoms = range(len(circles.program.atoms))
        machine = circles.machine
        self._registers = machine.registers([CASES.constant(evaluation.atom(number)) for number in atoms])
        for number, switch in circles.switches.items():
            on = ~(1 << self._turn[number])
            self._registers[self._plan.nodes[switch]] = CASES.stated(on, ~on)
        for stage in range(len(machine.plan.stages)):
            machine.run_stage(stage, self._registers)

    def bits(self, node: Node, off: int) -> int:
        """The bits of a node with this instance switched off."""
        planes, turn = composed(node, CASES, self._leaf), self._turn[off]
        return sum(bit for bit, plane in zip(THREE_BITS, planes, strict=True) if plane >> turn & 1)

    def _leaf(self, node: Node) -> Bits:
        match node:
            case Stated(atom=number):
                return self._registers[number]
            case Derived(proposition=number):
                return self._registers[self._plan.propositions[number]]
            case Fires(instance=number):
                return self._registers[self._plan.instances[number]]
            case _:
                raise AssertionError(f"{node} is composed of others")
