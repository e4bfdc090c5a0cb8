"""The ground rule base of a case that changes: instances come and go with what their variables stand for.

A case that is assessed once has its program made once (`compile`). Here a closed fact, or a conclusion that has become
derivable, brings the instances that it joins in and no others, and takes them along when it goes. An `exists` over such
facts is a proposition of its own, with one instance for each choice that satisfies it, so that nothing is as large as
the case.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..facts.base import Fact
from ..ir.bits import FALSE
from ..ir.expressions import Premise, Variable
from ..ir.premises import Exists
from ..link.model import Linked, LinkedRule
from .grounding import Environment, Grounder, Value, agree, shared_keys
from .nodes import Atom, Derived, Known, Node, Place, Stated, members, places_of
from .program import reads
from .rule_reading import grows, read_rules


@dataclass(slots=True, eq=False)
class LiveInstance:
    """One choice of values: of a rule, or inside an `exists` (then `rule` is None), whose proposition is its only head.

    `reads` and `atoms` are what its body depends on. `taken_back_by` are propositions that say that some overriding rule
    fires; `overriders` and `targets` are single instances, by number, where a key has several values.
    """

    number: int
    rule: LinkedRule | None
    binding: tuple[Value, ...]
    body: Node = field(default_factory=lambda: Known(FALSE))
    heads: tuple[int, ...] = ()
    overridden_by: tuple[str, ...] = ()
    reads: tuple[int, ...] = ()
    atoms: tuple[int, ...] = ()
    asked: list[int] = field(default_factory=list[int])
    taken_back_by: list[int] = field(default_factory=list[int])
    overriders: dict[int, None] = field(default_factory=dict[int, None])
    targets: dict[int, None] = field(default_factory=dict[int, None])


@dataclass(slots=True, eq=False)
class Question:
    """An `exists` in the environment of the instances that ask it; `number` is its proposition."""

    number: int
    premise: Exists
    outer: Environment
    asked_by: int = 0
    choices: dict[tuple[Value, ...], int] = field(default_factory=dict[tuple[Value, ...], int])


class LiveGround(Grounder):
    """Numbers of propositions, questions and instances are one series and are never given twice.

    `touched` collects every number whose bits may have changed, `removed` every instance that went; whoever keeps the
    bits empties both.
    """

    def __init__(self, linked: Linked) -> None:
        super().__init__(linked, {})
        self.instances: dict[int, LiveInstance] = {}
        self.readers: dict[int, dict[int, None]] = {}
        self.atom_readers: dict[int, dict[int, None]] = {}
        self.touched: dict[int, None] = {}
        self.removed: list[LiveInstance] = []
        self.things: dict[int, Fact] = {}
        self.asks: dict[int, Atom] = {}
        self.atoms_at: dict[Place, list[int]] = {}
        self._next = 0
        self._producers: dict[int, int] = {}
        self._ids: dict[tuple[str, tuple[Value, ...]], int] = {}
        self._by_rule: dict[str, dict[int, None]] = {rule.name: {} for rule in linked.rules}
        self._bound_to: dict[Value, dict[int, None]] = {}
        self._questions: dict[tuple[Exists, tuple[Value, ...]], Question] = {}
        self._by_number: dict[int, tuple[Exists, tuple[Value, ...]]] = {}
        self._building: LiveInstance | None = None
        self._born: deque[Value] = deque()
        self._dead: deque[Value] = deque()
        self._reads = read_rules(linked)
        self._asked: dict[tuple[Exists, Variable], dict[tuple[object, ...], dict[int, Question]]] = {
            pair: {} for pair in self._reads.joins
        }
        self._irregular: dict[str, dict[int, None]] = {rule.name: {} for rule in linked.rules}
        self._fires: dict[tuple[str, tuple[tuple[str, object], ...]], int] = {}
        for rule in linked.rules:
            for environment in list(self.bindings(rule.variables, rule.body)):
                self._add_instance(rule, environment)
        self._settle_births()

    # --- what comes and goes ---------------------------------------------------------------------------------------

    def add_closed(self, place: Place) -> None:
        """A closed fact is there: ground what it joins in."""
        self._make_known(place.kind, place)
        self._born.append(place)
        self._settle_births()

    def remove_closed(self, place: Place) -> list[int]:
        """A closed fact is gone, with every instance that it stood in and what only those concluded; the atoms that went."""
        self._dead.append(place)
        while self._dead:
            self._forget(self._dead.popleft())
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

    # --- births ------------------------------------------------------------------------------------------------------

    def _settle_births(self) -> None:
        while self._born:
            value = self._born.popleft()
            kind = value.kind if isinstance(value, Place) else type(value)
            if value not in self._known.get(kind, ()):
                continue
            for rule, variable in [pair for read in self._read_as(kind) for pair in self._reads.rules_over.get(read, ())]:
                others = [v for v in rule.variables if v is not variable]
                for environment in list(self.bindings(others, rule.body, {variable: value})):
                    self._add_instance(rule, environment)
            for premise, variable in [pair for read in self._read_as(kind) for pair in self._reads.exists_over.get(read, ())]:
                others = [v for v in premise.variables if v is not variable]
                for question in self._asking(premise, variable, value):
                    for environment in list(self.bindings(others, premise.body, {**question.outer, variable: value})):
                        self._add_choice(question, environment)

    def _asking(self, premise: Exists, variable: Variable, value: Value) -> list[Question]:
        """The questions that this value may be an answer to."""
        joined = tuple(self._key_value(value, name) for name, _ in self._reads.joins[premise, variable])
        return list(self._asked[premise, variable].get(joined, {}).values())

    def _add_instance(self, rule: LinkedRule, environment: Environment) -> None:
        binding = tuple(environment[v] for v in rule.variables)
        if (rule.name, binding) in self._ids:
            return
        for taken_back, facts in self.parts(rule, environment).items():
            instance = self._build(rule, rule.variables, rule.body, environment)
            if instance is None:
                return
            instance.overridden_by = taken_back
            self._ids[rule.name, binding] = instance.number
            self._by_rule[rule.name][instance.number] = None
            instance.heads = tuple(self._proposition(fact) for fact in facts)
            for head in instance.heads:
                self._produce(head)
            self._connect_overrides(instance)

    def _add_choice(self, question: Question, environment: Environment) -> None:
        binding = tuple(environment[v] for v in question.premise.variables)
        if binding in question.choices:
            return
        instance = self._build(None, question.premise.variables, question.premise.body, environment)
        if instance is not None:
            question.choices[binding] = instance.number
            instance.heads = (question.number,)

    def _build(
        self, rule: LinkedRule | None, variables: Sequence[Variable], body: Premise | None, environment: Environment
    ) -> LiveInstance | None:
        """An instance with its body; None when its keys alone rule it out."""
        outer, self._building = self._building, LiveInstance(self._number(), rule, tuple(environment[v] for v in variables))
        instance = self._building
        instance.body = self.body(variables, body, environment)
        self._building = outer
        if isinstance(instance.body, Known) and instance.body.bits == FALSE:
            self._release(instance)
            return None
        instance.reads = tuple(dict.fromkeys(number for number, _ in reads(instance.body)))
        instance.atoms = tuple(dict.fromkeys(_atoms(instance.body)))
        self.instances[instance.number] = instance
        self.touched[instance.number] = None
        for number in instance.reads:
            self.readers.setdefault(number, {})[instance.number] = None
        for atom in instance.atoms:
            self.atom_readers.setdefault(atom, {})[instance.number] = None
        for value in instance.binding:
            if grows(self.linked, value.kind if isinstance(value, Place) else type(value)):
                self._bound_to.setdefault(value, {})[instance.number] = None
        return instance

    def _connect_overrides(self, instance: LiveInstance) -> None:
        """Find what takes it back, and what it does: by the keys that both share, one by one where those have several values."""
        assert instance.rule is not None
        name, keys = instance.rule.name, shared_keys(instance.rule, instance.binding)
        for by in instance.overridden_by:
            shared = self._shared(name, by, keys)
            if shared is None:
                self._irregular[name][instance.number] = None
            else:
                number = self._fires.setdefault((by, shared), 0) or self._number()
                self._fires[by, shared] = number
                instance.taken_back_by.append(number)
                self.readers.setdefault(number, {})[instance.number] = None
            self._link(
                instance, keys, self._by_rule.get(by, ()) if shared is None else self._irregular.get(by, ()), is_target=True
            )
        for target in self._reads.overrides.get(name, ()):
            shared = self._shared(name, target, keys)
            if shared is None:
                self._irregular[name][instance.number] = None
            else:
                number = self._fires.setdefault((name, shared), 0) or self._number()
                self._fires[name, shared] = number
                instance.heads = tuple(dict.fromkeys((*instance.heads, number)))
            others = self._by_rule.get(target, ()) if shared is None else self._irregular.get(target, ())
            self._link(instance, keys, others, is_target=False)

    def _shared(self, name: str, other: str, keys: dict[str, set[object]]) -> tuple[tuple[str, object], ...] | None:
        """The values of the keys that two rules share, in one instance; None when one of them has not just one value."""
        names = sorted(self._reads.key_names[name] & self._reads.key_names[other])
        if any(len(keys.get(key, ())) != 1 for key in names):
            return None
        return tuple((key, next(iter(keys[key]))) for key in names)

    def _link(self, instance: LiveInstance, keys: dict[str, set[object]], others: Iterable[int], *, is_target: bool) -> None:
        for number in others:
            other = self.instances[number]
            assert other.rule is not None
            if other is not instance and agree(keys, shared_keys(other.rule, other.binding)):
                target, by = (instance, other) if is_target else (other, instance)
                if by.rule is None or by.rule.name not in target.overridden_by:
                    continue
                target.overriders[by.number] = None
                by.targets[target.number] = None
                self.touched[target.number] = None

    # --- propositions and questions --------------------------------------------------------------------------------------

    def node(self, premise: Premise, environment: Environment) -> Node:
        """One premise, ground; an `exists` over what comes and goes is a proposition of its own."""
        if isinstance(premise, Exists) and premise in self._reads.free:
            return Derived(self._question(premise, environment).number, premise)
        return super().node(premise, environment)

    def _question(self, premise: Exists, environment: Environment) -> Question:
        outer = {variable: environment[variable] for variable in self._reads.free[premise]}
        key = (premise, tuple(outer.values()))
        question = self._questions.get(key)
        if question is None:
            question = self._questions[key] = Question(self._number(), premise, outer)
            self._by_number[question.number] = key
            for variable in premise.variables:
                if (premise, variable) in self._reads.joins:
                    self._asked[premise, variable].setdefault(self._joined(premise, variable, outer), {})[question.number] = (
                        question
                    )
            for choice in list(self.bindings(premise.variables, premise.body, outer)):
                self._add_choice(question, choice)
        question.asked_by += 1
        assert self._building is not None
        self._building.asked.append(question.number)
        return question

    def _joined(self, premise: Exists, variable: Variable, outer: Environment) -> tuple[object, ...]:
        return tuple(self._key_value(outer[ref.variable], ref.name) for _, ref in self._reads.joins[premise, variable])

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
            self._born.append(fact)

    def _number(self) -> int:
        self._next += 1
        return self._next

    # --- deaths ----------------------------------------------------------------------------------------------------------

    def _forget(self, value: Value) -> None:
        """A value no variable can stand for any more."""
        kind = value.kind if isinstance(value, Place) else type(value)
        for read in self._read_as(kind):
            self._known[read].pop(value, None)
            for name in read.schema_.keys:
                self._by_field[read, name, self._key_value(value, name)].pop(value, None)
        for number in list(self._bound_to.pop(value, ())):
            self._remove(number)

    def _remove(self, number: int) -> None:
        instance = self.instances.pop(number, None)
        if instance is None:
            return
        self.touched.pop(number, None)
        for read in instance.reads:
            self.readers[read].pop(number, None)
        for atom in instance.atoms:
            self.atom_readers[atom].pop(number, None)
        for value in instance.binding:
            self._bound_to.get(value, {}).pop(number, None)
        for other in instance.overriders:
            self.instances[other].targets.pop(number, None)
        for other in instance.targets:
            self.instances[other].overriders.pop(number, None)
            self.touched[other] = None
        self.touched.update(dict.fromkeys(instance.heads))
        self.removed.append(instance)
        if instance.rule is None:
            premise, outer = self._by_number[instance.heads[0]]
            self._questions[premise, outer].choices.pop(instance.binding, None)
        else:
            self._ids.pop((instance.rule.name, instance.binding), None)
            del self._by_rule[instance.rule.name][number]
            self._irregular[instance.rule.name].pop(number, None)
            for taken_back in instance.taken_back_by:
                self.readers[taken_back].pop(number, None)
            for head in instance.heads:
                if head not in self.things:
                    continue
                self._producers[head] -= 1
                if not self._producers[head]:
                    self._dead.append(self.things[head])
        self._release(instance)

    def _release(self, instance: LiveInstance) -> None:
        """Questions that nobody asks any more go with their choices."""
        for number in instance.asked:
            key = self._by_number[number]
            question = self._questions[key]
            question.asked_by -= 1
            if not question.asked_by:
                for choice in list(question.choices.values()):
                    self._remove(choice)
                for variable in question.premise.variables:
                    if (question.premise, variable) in self._reads.joins:
                        joined = self._joined(question.premise, variable, question.outer)
                        del self._asked[question.premise, variable][joined][number]
                del self._questions[key], self._by_number[number]
                self.readers.pop(number, None)
                self.touched.pop(number, None)


def _atoms(node: Node) -> Iterator[int]:
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Stated):
            yield here.atom
        stack.extend(members(here))
