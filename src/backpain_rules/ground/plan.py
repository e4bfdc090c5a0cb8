"""A ground program as straight-line steps: each puts a composition of some registers into another register.

The first registers are the atoms. What is written twice is computed once, and a proposition that one instance gives shares
the register of that instance. A recursive component is a stage with a loop: its steps are repeated to the least fixpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from ..ir.bits import FALSE
from .nodes import Count, Derived, Every, Fires, Flip, Known, Negation, Node, Some, Stated, members
from .program import Program

V = TypeVar("V")
Operation: TypeAlias = Literal["every", "some", "count"] | Negation


class Step(NamedTuple):
    """Put an operation on some registers into another; `threshold` and `points` are those of a count."""

    target: int
    operation: Operation
    of: tuple[int, ...]
    threshold: int = 0
    points: tuple[int, ...] = ()


class Stage(NamedTuple):
    """One step or, with a loop, several: `loop` are registers that start false, and the steps repeat until those keep what
    they hold."""

    steps: tuple[Step, ...]
    loop: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The steps of a program, each after those that it reads.

    `propositions[n]`, `instances[n]` and `constraints[n]` are the registers of what has that number in the program, `nodes`
    those of the nodes in rule bodies and constraints and of those asked for; `constants` are the bits of registers that no
    step sets.
    """

    size: int
    constants: Mapping[int, int]
    stages: tuple[Stage, ...]
    propositions: tuple[int, ...]
    instances: tuple[int, ...]
    constraints: tuple[int, ...]
    nodes: Mapping[Node, int]

    def cone(self, registers: Iterable[int]) -> Plan:
        """The same registers, with only the stages that these rest on."""
        needed: set[int] = set()
        for register in registers:
            needed |= self.below(register, needed)[1]
        return replace(self, stages=tuple(stage for number, stage in enumerate(self.stages) if number in needed))

    def register(self, node: Derived | Fires) -> int:
        """The register of a proposition or an instance."""
        return self.propositions[node.proposition] if isinstance(node, Derived) else self.instances[node.instance]

    def below(self, register: int, done: Container[int] = ()) -> tuple[set[int], set[int]]:
        """The registers that no stage sets and the stages, by number, on which this one rests; not those below what is `done`."""
        inputs: set[int] = set()
        stages: set[int] = set()
        stack = [register]
        while stack:
            here = stack.pop()
            stage = self.set_by.get(here)
            if stage is None:
                inputs.add(here)
            elif stage not in stages and stage not in done:
                stages.add(stage)
                stack += [read for step in self.stages[stage].steps for read in step.of]
        return inputs.difference(self.constants), stages

    @cached_property
    def set_by(self) -> Mapping[int, int]:
        """The stage that sets each register."""
        return {step.target: number for number, stage in enumerate(self.stages) for step in stage.steps}

    @cached_property
    def readers(self) -> Sequence[Sequence[int]]:
        """For each register the other stages that read it."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for number, stage in enumerate(self.stages):
            own = {step.target for step in stage.steps}
            for register in {register for step in stage.steps for register in step.of} - own:
                found[register].append(number)
        return found


class Values(Protocol[V]):
    """What registers can hold, and what each step does with it.

    `settled` is applied to the registers of a loop at its first fixpoint, and the loop run once more; None where that adds
    nothing.
    """

    @property
    def settled(self) -> Callable[[V], V] | None: ...
    def constant(self, bits: int, /) -> V: ...
    def compiled(self, step: Step, /) -> Callable[[Sequence[V]], V]: ...
    def same(self, a: V, b: V, /) -> bool: ...


class Machine(Generic[V]):
    """A plan that runs on one kind of values."""

    def __init__(self, plan: Plan, values: Values[V]) -> None:
        self.plan = plan
        self._values = values
        self._same = values.same
        self._compiled: dict[int, tuple[tuple[int, Callable[[Sequence[V]], V]], ...]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Machine, (self.plan, self._values)  # the functions of the steps do not go to another process

    def run(self, atoms: Sequence[V]) -> list[V]:
        """All registers, from the values of the atoms."""
        registers = self.registers(atoms)
        for number, alone in enumerate(self._alone):
            if alone is not None:
                registers[alone[0]] = alone[1](registers)
            else:
                self._run_loop(number, registers)
        return registers

    def registers(self, atoms: Sequence[V]) -> list[V]:
        """The registers before any stage has run."""
        registers = [*atoms, *([self._values.constant(FALSE)] * (self.plan.size - len(atoms)))]
        for register, bits in self.plan.constants.items():
            registers[register] = self._values.constant(bits)
        return registers

    def run_stage(self, number: int, registers: list[V]) -> None:
        """Run one stage; those that it reads have run."""
        if self.plan.stages[number].loop:
            self._run_loop(number, registers)
        else:
            ((target, step),) = self._steps(number)
            registers[target] = step(registers)

    def changed(self, registers: Sequence[V], atoms: Mapping[int, V]) -> list[V]:
        """All registers of what these are of, but for the values of some atoms."""
        changed, stages = [*registers], list[int]()
        for number, value in atoms.items():
            if not self._same(value, changed[number]):
                changed[number] = value
                stages += self.plan.readers[number]
        self.update(changed, stages)
        return changed

    def update(self, registers: list[V], stages: Iterable[int]) -> None:
        """Run these stages again, and those that read what that changes; they come later in the plan."""
        seen = set(stages)
        heap = list(seen)
        heapify(heap)
        same, readers = self._same, self.plan.readers
        while heap:
            number = heappop(heap)
            alone = self._alone[number]
            if alone is not None:
                target, step = alone
                value = step(registers)
                if same(value, registers[target]):
                    continue
                registers[target] = value
                changed: Iterable[int] = readers[target]
            else:
                changed = self._rerun_loop(number, registers)
            for reader in changed:
                if reader not in seen:
                    seen.add(reader)
                    heappush(heap, reader)

    @cached_property
    def _alone(self) -> Sequence[tuple[int, Callable[[Sequence[V]], V]] | None]:
        """The one step of each stage that is no loop."""
        return [None if stage.loop else self._steps(number)[0] for number, stage in enumerate(self.plan.stages)]

    def _steps(self, number: int) -> tuple[tuple[int, Callable[[Sequence[V]], V]], ...]:
        steps = self._compiled.get(number)
        if steps is None:
            compiled = self._values.compiled
            steps = self._compiled[number] = tuple((step.target, compiled(step)) for step in self.plan.stages[number].steps)
        return steps

    def _rerun_loop(self, number: int, registers: list[V]) -> Iterable[int]:
        """The stages that read what changed."""
        before = [(target, registers[target]) for target, _ in self._steps(number)]
        self._run_loop(number, registers)
        changed = [target for target, old in before if not self._same(old, registers[target])]
        return (reader for target in changed for reader in self.plan.readers[target])

    def _run_loop(self, number: int, registers: list[V]) -> None:
        loop, settled = self.plan.stages[number].loop, self._values.settled
        false = self._values.constant(FALSE)
        for register in loop:
            registers[register] = false
        self._iterate(number, registers)
        if settled is not None:
            for register in loop:
                registers[register] = settled(registers[register])
            self._iterate(number, registers)

    def _iterate(self, number: int, registers: list[V]) -> None:
        loop, steps = self.plan.stages[number].loop, self._steps(number)
        for _ in range(len(loop) + 1):  # each round but the last raises a bit of one of them, in each case
            before = [registers[register] for register in loop]
            for target, step in steps:
                registers[target] = step(registers)
            if all(self._same(old, registers[register]) for old, register in zip(before, loop, strict=True)):
                return


def composed(node: Node, values: Values[V], leaf: Callable[[Node], V]) -> V:
    """The value of a node, from those of the atoms, propositions and instances inside it."""
    of = [composed(member, values, leaf) for member in members(node)]
    read = tuple(range(len(of)))
    match node:
        case Known(bits=bits):
            return values.constant(bits)
        case Some(of=()):
            return values.constant(FALSE)
        case Every():
            step = Step(0, "every", read)
        case Some():
            step = Step(0, "some", read)
        case Count(threshold=threshold, of=pairs):
            step = Step(0, "count", read, threshold, tuple(points for points, _ in pairs))
        case Flip(how=how):
            step = Step(0, how, read)
        case _:
            return leaf(node)
    return values.compiled(step)(of)


def make_plan(program: Program, also: Iterable[Node] = (), switches: Iterable[Known] = ()) -> Plan:
    """The plan of a program, with registers for `also` these nodes.

    `switches` are constants in rule bodies; each has a register of its own, so that a machine can give it another value.
    """
    return _Planner(program, switches).plan(also)


class _Planner:
    def __init__(self, program: Program, switches: Iterable[Known]) -> None:
        self.program = program
        self._switches = frozenset(switches)
        self._facts = len(program.facts)
        self._size = len(program.atoms)
        self._constants: dict[int, int] = {}
        self._stages: list[Stage] = []
        self._steps: list[Step] | None = None
        """The steps of the loop that is being written."""
        self._varying: set[int] = set()
        """The registers that those steps set, and that change from round to round."""
        self._written: dict[object, int] = {}
        self._nodes: dict[Node, int] = {}
        self._place: dict[int, int] = {}
        """The register of each proposition, and of each instance by its number after them."""
        self._read_early: dict[int, int] = {}
        """Of those the ones that a step of the loop reads before another sets them."""

    def plan(self, also: Iterable[Node]) -> Plan:
        component = self.program.component
        order = sorted(range(len(component)), key=component.__getitem__)
        for _, group in groupby(order, key=component.__getitem__):
            first, *others = group
            if others:
                self._loop([first, *others])
            else:
                self._place[first] = self._register(first)
        constraints = tuple(self._node(constraint.body) for constraint in self.program.constraints)
        for node in also:
            self._node(node)
        places = tuple(self._place[number] for number in range(len(component)))
        propositions, instances = places[: self._facts], places[self._facts :]
        return Plan(self._size, self._constants, tuple(self._stages), propositions, instances, constraints, self._nodes)

    def _loop(self, group: Sequence[int]) -> None:
        """A stage for a recursive component; only what is read before it is set has a register of its own."""
        self._steps = steps = list[Step]()
        self._read_early.clear()
        self._varying.clear()
        for number in self._postorder(group):
            register = self._register(number)
            own = self._read_early.get(number)
            if own is None:
                self._place[number] = register
            else:
                steps.append(Step(own, "every", (register,)))
        self._steps = None
        self._stages.append(Stage(tuple(steps), tuple(self._read_early.values())))

    def _postorder(self, group: Sequence[int]) -> Sequence[int]:
        """The members of a component, most of them after what they depend on."""
        inside = set(group)
        order: dict[int, None] = {}
        seen: set[int] = set()
        stack = [*reversed(group)]
        while stack:
            number = stack[-1]
            if number in seen:
                order[stack.pop()] = None
            else:
                seen.add(number)
                stack += [other for other in self._depends_on(number) if other in inside and other not in seen]
        return tuple(order)

    def _depends_on(self, number: int) -> Sequence[int]:
        if number < self._facts:
            return [self._facts + producer for producer in self.program.producers[number]]
        return self.program.dependencies(number - self._facts)

    def _register(self, number: int) -> int:
        """The register of a proposition or an instance."""
        if number < self._facts:
            return self._some([self._at(self._facts + producer) for producer in self.program.producers[number]])
        instance = self.program.instances[number - self._facts]
        body = self._node(instance.body)
        if not instance.overriders:
            return body
        overridden = self._some([self._at(self._facts + overrider) for overrider in instance.overriders])
        return self._write("every", (body, self._write("unless", (overridden,))))

    def _at(self, number: int) -> int:
        """The register that holds a proposition or an instance."""
        if number not in self._place:
            self._place[number] = self._read_early[number] = self._new()
            self._varying.add(self._place[number])
        return self._place[number]

    def _node(self, node: Node) -> int:
        register = self._nodes[node] = self._composed(node)
        return register

    def _composed(self, node: Node) -> int:
        match node:
            case Stated(atom=atom):
                return atom
            case Derived(proposition=number):
                return self._at(number)
            case Fires(instance=number):
                return self._at(self._facts + number)
            case Known(bits=bits):
                return self._constant(bits, node if node in self._switches else None)
            case Every(of=of):
                found = tuple(map(self._node, of))
                return found[0] if len(found) == 1 else self._write("every", found)
            case Some(of=of):
                return self._some(list(map(self._node, of)))
            case Count(threshold=threshold, of=pairs):
                points = tuple(points for points, _ in pairs)
                return self._write("count", tuple(self._node(member) for _, member in pairs), threshold, points)
            case Flip(how=how, of=member):
                return self._write(how, (self._node(member),))

    def _some(self, of: Sequence[int]) -> int:
        if not of:
            return self._constant(FALSE)
        return of[0] if len(of) == 1 else self._write("some", tuple(of))

    def _write(self, operation: Operation, of: tuple[int, ...], threshold: int = 0, points: tuple[int, ...] = ()) -> int:
        """The register that a step sets; one that some step sets already, if it is the same step.

        A step that reads nothing of the loop stands before it: others that read its register do not rest on the loop.
        """
        known_as = (operation, of, threshold, points)
        if known_as not in self._written:
            target = self._written[known_as] = self._new()
            step = Step(target, operation, of, threshold, points)
            if self._steps is None or self._varying.isdisjoint(of):
                self._stages.append(Stage((step,)))
            else:
                self._varying.add(target)
                self._steps.append(step)
        return self._written[known_as]

    def _constant(self, bits: int, switch: Node | None = None) -> int:
        known_as = ("known", bits, switch)
        if known_as not in self._written:
            register = self._written[known_as] = self._new()
            self._constants[register] = bits
        return self._written[known_as]

    def _new(self) -> int:
        self._size += 1
        return self._size - 1
