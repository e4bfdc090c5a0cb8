"""The ground rule base of a case that changes: instances come and go with what their variables stand for.

The compiled program decides what there is. Rules that no closed fact bears on have their instances from it; if no rule reads
closed facts, that is all. For the other rules a closed fact, or a conclusion that has become derivable, brings the instances
that it joins in and no others, and takes them along when it goes. An `exists` over such facts is a proposition of its own, a
subgoal, with one instance for each choice that satisfies it, so that nothing is as large as the case. A subgoal that no closed
facts could ever satisfy is false here as it is in the compiled program; otherwise it might close a cycle through a negation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TypeVar

from ..facts.base import Fact
from ..ir.bits import FALSE
from ..ir.expressions import Premise, Variable
from ..ir.premises import Exists
from ..ir.quantities import Quantity
from ..link.model import LinkedRule
from .grounding import ANY, Environment, Grounder, Value, agree, shared_keys, value_of
from .nodes import Atom, Derived, Known, Node, Place, Stated, members, places_of
from .program import Program
from .rule_reading import comes_and_goes, read_rules
from .totals import Total

K = TypeVar("K")
J = TypeVar("J")
Numbers = dict[int, None]
"""An ordered set of numbers."""


@dataclass(slots=True, eq=False)
class GroundInstance:
    """One choice of values: of a rule, or inside an `exists` (then `rule` is None), whose subgoal is its only head.

    A rule has an instance for each group of its conclusions that the same rules take back, those of `overridden_by`.
    `reads` and `atoms` are what its body depends on, `asked` the subgoals among them. `taken_back_by` are propositions that say
    that some overriding rule fires. None of it changes once the instance is there.
    """

    number: int
    rule: LinkedRule | None
    binding: tuple[Value, ...]
    body: Node = field(default_factory=lambda: Known(FALSE))
    heads: tuple[int, ...] = ()
    overridden_by: tuple[str, ...] = ()
    reads: tuple[int, ...] = ()
    atoms: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    taken_back_by: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class Subgoal:
    """An `exists` in the environment of the instances that ask it; `number` is its proposition."""

    number: int
    premise: Exists
    outer: Environment
    asked_by: int = 0
    choices: dict[tuple[Value, ...], int] = field(default_factory=dict[tuple[Value, ...], int])


class IncrementalGrounder(Grounder):
    """Numbers of propositions, subgoals and instances are one series and are never given twice; it begins with the program's.

    `dirty` collects every number whose bits may have changed, `removed` every instance that went; whoever keeps the
    bits empties both. `overriders` and `targets` are of single instances: those of the compiled program, and those where a key
    has several values.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program.linked, {})
        self.instances: dict[int, GroundInstance] = {}
        self.readers: dict[int, Numbers] = {}
        self.atom_readers: dict[int, Numbers] = {}
        self.overriders: dict[int, Numbers] = {}
        self.targets: dict[int, Numbers] = {}
        self.dirty: Numbers = {}
        self.removed: list[GroundInstance] = []
        self.atoms = dict(program.atom_numbers)
        self.asks: dict[int, Atom] = dict(enumerate(program.atoms))
        self.facts = dict(program.numbers)
        self.things: dict[int, Fact] = dict(enumerate(program.facts))
        self.atoms_at: dict[Place, list[int]] = {}
        self._next = max(len(program.facts) + len(program.instances), len(program.atoms))
        self._producers: dict[int, int] = dict.fromkeys(self.things, 1)
        self._ids: dict[tuple[str, tuple[Value, ...]], int] = {}
        self._by_rule: dict[str, Numbers] = {rule.name: {} for rule in self.linked.rules}
        self._bound_to: dict[Value, Numbers] = {}
        self._subgoals: dict[int, Subgoal] = {}
        self._subgoal_numbers: dict[tuple[Exists, tuple[Value, ...]], int] = {}
        self._building: list[int] = []
        self._added: deque[Value] = deque()
        self._gone: deque[Value] = deque()
        self._reads = read_rules(program)
        self._asked: dict[tuple[Exists, Variable, tuple[object, ...]], Numbers] = {}
        self._irregular: dict[str, Numbers] = {rule.name: {} for rule in self.linked.rules}
        self._fires: dict[tuple[str, tuple[tuple[str, object], ...]], int] = {}
        self._adopt(program)
        if self._reads.incremental:
            self._possible = _Possible(program)
            for fact in program.facts:
                self._make_known(type(fact), fact)
            for rule in self.linked.rules:
                if rule.name in self._reads.incremental:
                    for environment in list(self.bindings(rule.variables, rule.body)):
                        self._add_instance(rule, environment)
            self._ground_added()

    @property
    def is_fixed(self) -> bool:
        """Whether no fact can bring an instance: the compiled program is all there is, and `component` its order."""
        return not self._reads.incremental

    def copy(self) -> IncrementalGrounder:
        """The same for another case, which changes without this one; itself where nothing changes."""
        if self.is_fixed:
            return self
        other = copy(self)
        other.instances, other.asks, other.things = self.instances.copy(), self.asks.copy(), self.things.copy()
        other.atoms, other.facts = self.atoms.copy(), self.facts.copy()
        other.dirty, other.removed = self.dirty.copy(), self.removed.copy()
        other._producers, other._ids, other._fires = self._producers.copy(), self._ids.copy(), self._fires.copy()
        other._subgoal_numbers = self._subgoal_numbers.copy()
        other.atoms_at = {place: numbers.copy() for place, numbers in self.atoms_at.items()}
        other._records, other._came = self._records.copy(), self._came.copy()
        other._ordered = {field: ordered.copy() for field, ordered in self._ordered.items()}
        other._known, other._by_field = _copied(self._known), _copied(self._by_field)
        other.readers, other.atom_readers = _copied(self.readers), _copied(self.atom_readers)
        other.overriders, other.targets = _copied(self.overriders), _copied(self.targets)
        other._by_rule, other._irregular = _copied(self._by_rule), _copied(self._irregular)
        other._bound_to, other._asked = _copied(self._bound_to), _copied(self._asked)
        other._added, other._gone, other._building = deque(), deque(), []
        other._subgoals = {
            number: Subgoal(number, one.premise, one.outer, one.asked_by, one.choices.copy())
            for number, one in self._subgoals.items()
        }
        return other

    def _adopt(self, program: Program) -> None:
        """Take over what the compiled program says of the rules that no closed fact bears on."""
        for number, atom in self.asks.items():
            for place in places_of(atom):
                self.atoms_at.setdefault(place, []).append(number)
        first, incremental = len(program.facts), self._reads.incremental
        for number, one in enumerate(program.instances, first):
            if one.rule.name in incremental:
                continue
            taken_back = one.rule.taken_back(program.facts[one.heads[0]], ANY)
            instance = GroundInstance(number, one.rule, one.binding, one.body, one.heads, taken_back, *_leaves(one.body))
            self._by_rule[one.rule.name][number] = None
            for overrider in one.overriders:
                if program.instances[overrider].rule.name not in incremental:
                    self._overrides(first + overrider, number)
            if incremental:
                self._connect_overrides(instance, incremental)
            self._publish(instance)
        if not incremental:
            self.dirty.clear()

    # --- what comes and goes ---------------------------------------------------------------------------------------

    def add_closed(self, place: Place, fact: Fact) -> None:
        """A closed fact is there: ground what it joins in."""
        self._records[place] = fact
        self._make_known(place.kind, place)
        self._added.append(place)
        self._ground_added()

    def remove_closed(self, place: Place) -> list[int]:
        """A closed fact is gone, with every instance that it stood in and what only those concluded; the atoms that went."""
        self._gone.append(place)
        while self._gone:
            self._forget(self._gone.popleft())
        del self._records[place]
        gone = self.atoms_at.pop(place, [])
        for atom in gone:
            asked = self.asks.pop(atom)
            del self.atoms[asked]
            self.atom_readers.pop(atom, None)
            for other in places_of(asked):
                if other != place:
                    self.atoms_at[other].remove(atom)
        return gone

    def _atom(self, atom: Atom) -> int:
        number = self.atoms.get(atom)
        if number is None:
            number = self.atoms[atom] = self._number()
            self.asks[number] = atom
            for place in places_of(atom):
                self.atoms_at.setdefault(place, []).append(number)
        return number

    # --- what is added -----------------------------------------------------------------------------------------------

    def _ground_added(self) -> None:
        while self._added:
            value = self._added.popleft()
            kind = value.kind if isinstance(value, Place) else type(value)
            if value not in self._known.get(kind, ()):
                continue
            for rule, variable in self._reads.rules_over.of(value, self._read_as(kind)):
                others = [v for v in rule.variables if v is not variable]
                for environment in list(self.bindings(others, rule.body, {variable: value})):
                    self._add_instance(rule, environment)
            for premise, variable in self._reads.exists_over.of(value, self._read_as(kind)):
                others = [v for v in premise.variables if v is not variable]
                for subgoal in self._asking(premise, variable, value):
                    for environment in list(self.bindings(others, premise.body, {**subgoal.outer, variable: value})):
                        self._add_choice(subgoal, environment)

    def _asking(self, premise: Exists, variable: Variable, value: Value) -> list[Subgoal]:
        """The subgoals that this value may satisfy."""
        joined = tuple(value_of(value, name) for name, _ in self._reads.joins[premise, variable])
        return [self._subgoals[number] for number in self._asked.get((premise, variable, joined), ())]

    def _add_instance(self, rule: LinkedRule, environment: Environment) -> None:
        binding = tuple(environment[v] for v in rule.variables)
        if (rule.name, binding) in self._ids:
            return
        for taken_back, facts in self.parts(rule, self.conclusions(rule, environment)).items():
            instance = self._build(rule, rule.variables, rule.body, environment)
            if instance is None:
                return
            instance.overridden_by = taken_back
            self._ids[rule.name, binding] = instance.number
            self._by_rule[rule.name][instance.number] = None
            instance.heads = tuple(self._proposition(fact) for fact in facts)
            for head in instance.heads:
                self._produce(head)
            self._connect_overrides(instance, self._by_rule)
            self._publish(instance)

    def _add_choice(self, subgoal: Subgoal, environment: Environment) -> None:
        binding = tuple(environment[v] for v in subgoal.premise.variables)
        if binding in subgoal.choices:
            return
        instance = self._build(None, subgoal.premise.variables, subgoal.premise.body, environment)
        if instance is not None:
            subgoal.choices[binding] = instance.number
            instance.heads = (subgoal.number,)
            self._publish(instance)

    def _build(
        self, rule: LinkedRule | None, variables: Sequence[Variable], body: Premise | None, environment: Environment
    ) -> GroundInstance | None:
        """An instance with its body; None when its keys alone rule it out."""
        outer, self._building = self._building, []
        ground = self.body(variables, body, environment)
        asked, self._building = tuple(self._building), outer
        if isinstance(ground, Known) and ground.bits == FALSE:
            self._release(asked)
            return None
        binding = tuple(environment[v] for v in variables)
        return GroundInstance(self._number(), rule, binding, ground, (), (), *_leaves(ground), asked)

    def _publish(self, instance: GroundInstance) -> None:
        """From now on the instance is there, and is told when what it reads changes."""
        self.instances[instance.number] = instance
        self.dirty[instance.number] = None
        for number in (*instance.reads, *instance.taken_back_by):
            self.readers.setdefault(number, {})[instance.number] = None
        for atom in instance.atoms:
            self.atom_readers.setdefault(atom, {})[instance.number] = None
        for value in instance.binding if self._reads.incremental else ():
            if comes_and_goes(self.linked, value.kind if isinstance(value, Place) else type(value)):
                self._bound_to.setdefault(value, {})[instance.number] = None

    # --- overrides ---------------------------------------------------------------------------------------------------

    def _connect_overrides(self, instance: GroundInstance, others: Iterable[str]) -> None:
        """Find what takes it back, and what it does, among the instances of these other rules.

        By the keys that both share, one by one where those have several values.
        """
        assert instance.rule is not None
        name = instance.rule.name
        above = [by for by in instance.overridden_by if by in others]
        below = [target for target in self._reads.overrides.get(name, ()) if target in others]
        if not above and not below:
            return
        keys = shared_keys(instance.rule, instance.binding)
        for by in above:
            shared = self._shared(name, by, keys)
            if shared is None:
                self._irregular[name][instance.number] = None
            else:
                instance.taken_back_by = (*instance.taken_back_by, self._firing(by, shared))
            for number in self._by_rule[by] if shared is None else self._irregular[by]:
                if number != instance.number and self._agree(keys, number):
                    self._overrides(number, instance.number)
        for target in below:
            shared = self._shared(name, target, keys)
            if shared is None:
                self._irregular[name][instance.number] = None
            else:
                instance.heads = tuple(dict.fromkeys((*instance.heads, self._firing(name, shared))))
            for number in self._by_rule[target] if shared is None else self._irregular[target]:
                is_target = name in self.instances[number].overridden_by
                if number != instance.number and is_target and self._agree(keys, number):
                    self._overrides(instance.number, number)

    def _shared(self, name: str, other: str, keys: dict[str, set[object]]) -> tuple[tuple[str, object], ...] | None:
        """The values of the keys that two rules share, in one instance; None when one of them has not just one value."""
        names = sorted(self._reads.key_names[name] & self._reads.key_names[other])
        if any(len(keys.get(key, ())) != 1 for key in names):
            return None
        return tuple((key, next(iter(keys[key]))) for key in names)

    def _firing(self, rule: str, shared: tuple[tuple[str, object], ...]) -> int:
        """The proposition that says that this rule fires in an instance with these keys."""
        number = self._fires.get((rule, shared))
        if number is None:
            number = self._fires[rule, shared] = self._number()
        return number

    def _agree(self, keys: dict[str, set[object]], number: int) -> bool:
        other = self.instances[number]
        assert other.rule is not None
        return agree(keys, shared_keys(other.rule, other.binding))

    def _overrides(self, by: int, target: int) -> None:
        self.overriders.setdefault(target, {})[by] = None
        self.targets.setdefault(by, {})[target] = None
        self.dirty[target] = None

    # --- propositions and subgoals ---------------------------------------------------------------------------------------

    def node(self, premise: Premise, environment: Environment) -> Node:
        """One premise, ground; an `exists` over what comes and goes is a proposition of its own."""
        if isinstance(premise, Exists) and premise in self._reads.free:
            outer = {variable: environment[variable] for variable in self._reads.free[premise]}
            number = self._subgoal_numbers.get((premise, tuple(outer.values())))
            if number is None:
                if not self._possible.has_choice(premise, outer):
                    return Known(FALSE, premise)
                number = self._add_subgoal(premise, outer)
            self._subgoals[number].asked_by += 1
            self._building.append(number)
            return Derived(number, premise)
        return super().node(premise, environment)

    def _of_quantity(self, quantity: Quantity) -> Total:
        return self.total(quantity.of, {})  # anew each time: every instance that asks for its subgoals counts

    def _add_subgoal(self, premise: Exists, outer: Environment) -> int:
        number = self._number()
        subgoal = self._subgoals[number] = Subgoal(number, premise, outer)
        self._subgoal_numbers[premise, tuple(outer.values())] = number
        for asked in self._asked_under(subgoal):
            self._asked.setdefault(asked, {})[number] = None
        for choice in list(self.bindings(premise.variables, premise.body, outer)):
            self._add_choice(subgoal, choice)
        return number

    def _asked_under(self, subgoal: Subgoal) -> Iterator[tuple[Exists, Variable, tuple[object, ...]]]:
        for variable in subgoal.premise.variables:
            join = self._reads.joins.get((subgoal.premise, variable))
            if join is not None:
                joined = tuple(value_of(subgoal.outer[ref.variable], ref.name) for _, ref in join)
                yield subgoal.premise, variable, joined

    def _proposition(self, fact: Fact) -> int:
        number = self.facts.get(fact)
        if number is None:
            number = self.facts[fact] = self._number()
            self.things[number] = fact
        return number

    def _produce(self, number: int) -> None:
        self._producers[number] = self._producers.get(number, 0) + 1
        if self._producers[number] == 1:
            fact = self.things[number]
            self._make_known(type(fact), fact)
            self._added.append(fact)

    def _number(self) -> int:
        self._next += 1
        return self._next

    # --- what is removed -------------------------------------------------------------------------------------------------

    def _forget(self, value: Value) -> None:
        """A value no variable can stand for any more."""
        self._came.pop(value, None)
        kind = value.kind if isinstance(value, Place) else type(value)
        for read in self._read_as(kind):
            self._known[read].pop(value, None)
            for name in self._indexed(read, value):
                said = self._said(value, name)
                self._by_field[read, name, said].pop(value, None)
                if (read, name) in self._ordered:
                    self._ordered[read, name].discard(said, value)
        for number in list(self._bound_to.pop(value, ())):
            self._remove(number)

    def _remove(self, number: int) -> None:
        instance = self.instances.pop(number, None)
        if instance is None:
            return
        self.dirty.pop(number, None)
        for read in (*instance.reads, *instance.taken_back_by):
            self.readers[read].pop(number, None)
        for atom in instance.atoms:
            self.atom_readers[atom].pop(number, None)
        for value in instance.binding:
            self._bound_to.get(value, {}).pop(number, None)
        for other in self.overriders.pop(number, ()):
            self.targets[other].pop(number, None)
        for other in self.targets.pop(number, ()):
            self.overriders[other].pop(number, None)
            self.dirty[other] = None
        self.dirty.update(dict.fromkeys(instance.heads))
        self.removed.append(instance)
        if instance.rule is None:
            self._subgoals[instance.heads[0]].choices.pop(instance.binding, None)
        else:
            self._ids.pop((instance.rule.name, instance.binding), None)
            del self._by_rule[instance.rule.name][number]
            self._irregular[instance.rule.name].pop(number, None)
            for head in instance.heads:
                if head not in self.things:
                    continue
                self._producers[head] -= 1
                if not self._producers[head]:
                    self._gone.append(self.things[head])
        self._release(instance.asked)

    def _release(self, asked: Iterable[int]) -> None:
        """Subgoals that nobody asks any more go with their choices."""
        for number in asked:
            subgoal = self._subgoals[number]
            subgoal.asked_by -= 1
            if not subgoal.asked_by:
                for choice in list(subgoal.choices.values()):
                    self._remove(choice)
                for under in self._asked_under(subgoal):
                    del self._asked[under][number]
                del self._subgoals[number], self._subgoal_numbers[subgoal.premise, tuple(subgoal.outer.values())]
                self.readers.pop(number, None)
                self.dirty.pop(number, None)


class _Possible(Grounder):
    """What closed facts can bring, whichever they are: the compiled program with `ANY` for all of them. Numbers mean nothing."""

    def __init__(self, program: Program) -> None:
        super().__init__(program.linked, None)
        for fact in (*program.facts, *program.potential):
            self._make_known(type(fact), fact)

    def has_choice(self, premise: Exists, outer: Environment) -> bool:
        """Whether some choice could satisfy this `exists`, so that the compiled program has it."""
        bodies = (
            self.body(premise.variables, premise.body, one) for one in self.bindings(premise.variables, premise.body, outer)
        )
        return any(not (isinstance(body, Known) and body.bits == FALSE) for body in bodies)

    def _proposition(self, fact: Fact) -> int:
        return 0

    def _atom(self, atom: Atom) -> int:
        return 0


def _leaves(node: Node) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The propositions and the atoms that a node reads."""
    propositions: Numbers = {}
    atoms: Numbers = {}
    stack = [node]
    while stack:
        match stack.pop():
            case Stated(atom=atom):
                atoms[atom] = None
            case Derived(proposition=proposition):
                propositions[proposition] = None
            case here:
                stack.extend(members(here))
    return tuple(propositions), tuple(atoms)


def _copied(nested: Mapping[K, dict[J, None]]) -> dict[K, dict[J, None]]:
    return {key: inner.copy() for key, inner in nested.items()}
