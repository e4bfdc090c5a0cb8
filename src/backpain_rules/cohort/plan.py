"""A program as a list of steps: each an operation on registers, in an order in which what is read has been computed.

The first registers are the atoms. What is written twice is computed once, and a proposition that one instance gives is that
instance. A recursive component is a loop: its steps are repeated until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Some, Stated
from ..ground.program import Program
from ..ir.bits import FALSE
from .planes import ZERO, Truth, count, every, is_known, is_unknown, known, not_, same, some, unless

Operation = Callable[[Iterable[Truth]], Truth]


def _of_one(change: Callable[[Truth], Truth], of: Iterable[Truth]) -> Truth:
    (only,) = of
    return change(only)


_FLIPS: Final = {
    "not": partial(_of_one, not_),
    "unless": partial(_of_one, unless),
    "is_unknown": partial(_of_one, is_unknown),
    "is_known": partial(_of_one, is_known),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Put the operation on some registers into another."""

    target: int
    operation: Operation
    of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps in order. With `loop`, registers that start false, it is repeated until they keep what they hold."""

    steps: tuple[Step, ...]
    loop: tuple[int, ...] = ()

    def run(self, registers: list[Truth]) -> None:
        get = registers.__getitem__
        for register in self.loop:
            registers[register] = ZERO
        while True:
            before = [registers[register] for register in self.loop]
            for step in self.steps:
                registers[step.target] = step.operation(map(get, step.of))
            if all(same(old, registers[register]) for old, register in zip(before, self.loop, strict=True)):
                return


@dataclass(frozen=True, slots=True)
class Plan:
    """`results` are the registers that hold what was asked for, in that order; `constants` are set before anything runs."""

    size: int
    constants: dict[int, int]
    stages: tuple[Stage, ...]
    results: tuple[int, ...]

    def run(self, atoms: Sequence[Truth]) -> list[Truth]:
        """What was asked for, from the truth of the atoms."""
        registers: list[Truth] = [*atoms, *([ZERO] * (self.size - len(atoms)))]
        for register, number in self.constants.items():
            registers[register] = known(number)
        for stage in self.stages:
            stage.run(registers)
        return [registers[register] for register in self.results]


def make_plan(program: Program, wanted: Sequence[Node]) -> Plan:
    """The plan that computes these nodes."""
    return _Planner(program).plan(wanted)


class _Planner:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.size = len(program.atoms)
        self.constants: dict[int, int] = {}
        self.steps: list[Step] = []
        self._written: dict[object, int] = {}
        self._place: dict[int, int] = {}
        """The register of each proposition, and of each instance by its number after them."""

    def plan(self, wanted: Sequence[Node]) -> Plan:
        component = self.program.component
        order = sorted(range(len(component)), key=component.__getitem__)
        stages: list[Stage] = []
        for _, group in groupby(order, key=component.__getitem__):
            first, *others = group
            if not others:
                self._place[first] = self._thing(first)
            else:
                stages += [Stage(tuple(self.steps)), self._loop((first, *others))]
                self.steps = []
        results = tuple(self.register(node) for node in wanted)
        return Plan(self.size, self.constants, (*stages, Stage(tuple(self.steps))), results)

    def _loop(self, group: Sequence[int]) -> Stage:
        """A stage for a recursive component; each member has a register of its own, which the steps read and set."""
        self.steps = []
        for number in group:
            self._place[number] = self._new()
        for number in group:
            self.steps.append(Step(self._place[number], every, (self._thing(number),)))
        return Stage(tuple(self.steps), tuple(self._place[number] for number in group))

    def _thing(self, number: int) -> int:
        """The register of a proposition or an instance."""
        size = len(self.program.facts)
        if number < size:
            return self._some([self._place[size + producer] for producer in self.program.producers[number]])
        instance = self.program.instances[number - size]
        body = self.register(instance.body)
        if not instance.overriders:
            return body
        overridden = self._some([self._place[size + overrider] for overrider in instance.overriders])
        return self._write("every", every, (body, self._write("unless", _FLIPS["unless"], (overridden,))))

    def register(self, node: Node) -> int:
        """The register that holds a node, once the steps before it have run."""
        match node:
            case Stated(atom=atom):
                return atom
            case Derived(proposition=proposition):
                return self._place[proposition]
            case Fires(instance=instance):
                return self._place[len(self.program.facts) + instance]
            case Known(bits=number):
                return self._constant(number)
            case Every(of=of):
                return self._write("every", every, tuple(map(self.register, of)))
            case Some(of=of):
                return self._some([self.register(member) for member in of])
            case Count(threshold=threshold, of=pairs):
                points = tuple(points for points, _ in pairs)
                of_all = tuple(self.register(member) for _, member in pairs)
                return self._write(("count", threshold, points), partial(count, threshold, points), of_all)
            case Flip(how=how, of=member):
                return self._write(how, _FLIPS[how], (self.register(member),))

    def _some(self, of: Sequence[int]) -> int:
        if not of:
            return self._constant(FALSE)
        return of[0] if len(of) == 1 else self._write("some", some, tuple(of))

    def _write(self, name: object, operation: Operation, of: tuple[int, ...]) -> int:
        """The register that a step sets; one that some step sets already, if it is the same step."""
        known_as = (name, of)
        if known_as not in self._written:
            self._written[known_as] = self._new()
            self.steps.append(Step(self._written[known_as], operation, of))
        return self._written[known_as]

    def _constant(self, number: int) -> int:
        known_as = ("known", number)
        if known_as not in self._written:
            self._written[known_as] = self._new()
            self.constants[self._written[known_as]] = number
        return self._written[known_as]

    def _new(self) -> int:
        self.size += 1
        return self.size - 1
