"""Find patients who show goals, for making test cases and for measuring a test suite."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from ..deadline import NEVER, Deadline, OutOfTime
from ..errors import ProofError
from ..facts.base import Fact, canonical
from ..ground.nodes import Node
from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from ..link.dependencies import resting_on_records
from ..link.model import Linked
from ..solve.clauses import Clauses
from ..solve.encode import Encoding
from ..solve.witness import PossibleCases
from ..solve.world import World
from .goal import FIRES, FIRING, PAIRS, SILENT, STANDING, Goal
from .leaves import Leaf, Leaves, Occurrence
from .prover import reads_conclusions
from .shadows import with_shadows


@dataclass(frozen=True)
class Goals:
    """`apart` maps each leaf to pairs of goals that distinguish two of its values; `rules` holds the goals of rules.

    `never` holds the goals of rules that no patient shows. Goals that were not examined before the deadline are in none of these.
    """

    rules: tuple[Goal, ...]
    never: tuple[Goal, ...]
    apart: dict[tuple[str, str], tuple[Goal, ...]]

    @property
    def values(self) -> tuple[Goal, ...]:
        """The goals that a leaf has a value in a case in which it decides."""
        return tuple(dict.fromkeys(Goal(*goal[:3]) for goals in self.apart.values() for goal in goals))

    @property
    def all(self) -> tuple[Goal, ...]:
        """All goals that test cases must show."""
        return (*self.rules, *(goal for goals in self.apart.values() for goal in goals))


class Finder:
    """Searches for cases that show goals of some rules.

    Raises `MissingExtraError` if python-sat is not installed.
    """

    def __init__(self, linked: Linked, rules: Collection[str], deadline: Deadline = NEVER) -> None:
        beyond = resting_on_records(linked)
        self.beyond = tuple(sorted(beyond.intersection(rules)))
        within = [name for name in rules if name not in beyond]
        self.leaves = Leaves(with_shadows(linked, within), within, deadline)
        program = self.leaves.program
        world = World(Clauses(deadline), linked, [*program.atoms, *self.leaves.points])
        self.cases = PossibleCases(program, world=world)
        self._literals: dict[Goal, int] = {}
        self._off: dict[int, Encoding] = {}
        """By instance the encoding in which it is switched off."""

    def goals(self) -> Goals:
        """The goals that some patient shows. A pair that distinguishes two values needs both sides; a pair that changes whether
        the rule fires is preferred to one that changes only its certainty."""
        rules: dict[bool, list[Goal]] = {True: [], False: []}
        apart: dict[tuple[str, str], tuple[Goal, ...]] = {}
        deadline = self.cases.world.clauses.deadline
        try:
            many = len(self.leaves.roots) + len(self.leaves.all)
            for number, name in enumerate(self.leaves.roots, 1):
                deadline.poll(f"looking at what can be shown: {number} of {many}")
                for goal in (Goal(name, "", FIRES), Goal(name, "", SILENT)):
                    rules[self.is_possible(goal)].append(goal)
            for number, leaf in enumerate(self.leaves.all, len(self.leaves.roots) + 1):
                deadline.poll(f"looking at what can be shown: {number} of {many}")
                apart[leaf.rule, leaf.text] = tuple(dict.fromkeys(self._apart(leaf)))
        except OutOfTime:
            pass
        return Goals(tuple(rules[True]), tuple(rules[False]), apart)

    def is_possible(self, goal: Goal) -> bool:
        """Whether a patient was found who shows the goal."""
        if self.cases.world.is_exact:
            return self.cases.is_possible([self.literal(goal)])
        return self.cases.model([self.literal(goal)]) is not None

    def is_open(self, goal: Goal) -> bool:
        """After no patient was found for a goal: whether one may still exist, because its absence is not proved."""
        return self.cases.is_open((), [self.literal(goal)])

    def is_idle(self, leaf: Leaf) -> bool:
        """After a leaf was not seen to decide: whether it is proved that no pair of patients distinguishes two of its values."""
        sides = (_anywhere(leaf, one, other, STANDING) for one, other in PAIRS)
        return not any(all(self.cases.is_possible([self.literal(goal)]) for goal in side) for side in sides)

    def find(self, goal: Goal, goals: Collection[Goal]) -> tuple[tuple[Fact, ...], set[Goal]]:
        """A minimal patient who shows a possible goal, and all the goals that the patient shows according to the engine.

        Raises `ProofError` if the requested goal is not among them.
        """
        model = self.cases.model([self.literal(goal)])
        assert model is not None, goal
        facts = self.cases.world.facts(self.cases.smaller([self.literal(goal)], model))
        outcome = self.cases.replay(facts, ())
        shown = self.leaves.shown(outcome.evaluation, goals)
        if goal not in shown:
            raise ProofError(
                f"the solver claims that {list(facts)!r} shows '{goal}', and the engine denies it: one of the two is wrong; "
                "please report this with the packs",
                case=facts,
            )
        return tuple(sorted(facts, key=canonical)), shown

    def _apart(self, leaf: Leaf) -> Iterator[Goal]:
        found = [goal for one, other in PAIRS for goal in self._two_apart(leaf, one, other)]
        if found:
            yield from found
            return
        for one, other in PAIRS:  # there may be no patient beside a threshold
            kinds = (_anywhere(leaf, one, other, turns) for turns in (FIRING, STANDING))
            yield from next((goals for goals in kinds if all(map(self.is_possible, goals))), ())

    def _two_apart(self, leaf: Leaf, one: str, other: str) -> Sequence[Goal]:
        for turns in (FIRING, STANDING):
            sides = leaf.goals(one, other, turns), leaf.goals(other, one, turns)
            possible = [[goal for goal in side if self.is_possible(goal)] for side in sides]
            if all(possible):
                return list(chain(*possible))
        return ()

    def literal(self, goal: Goal) -> int:
        """The literal that holds in the cases that show the goal."""
        if goal not in self._literals:
            self._literals[goal] = self._shows(goal)
        return self._literals[goal]

    def _shows(self, goal: Goal) -> int:
        clauses = self.cases.world.clauses
        if not goal.leaf:
            fires = clauses.some([self._bit(root, ESTABLISHED) for root in self.leaves.roots[goal.rule]])
            return fires if goal.value == FIRES else -fires
        occurrences = self.leaves.by_name[goal.rule, goal.leaf].occurrences
        return clauses.some([self._decides(occurrence, goal) for occurrence in occurrences])

    def _decides(self, occurrence: Occurrence, goal: Goal) -> int:
        clauses = self.cases.world.clauses
        holds, possible = self._bit(occurrence.node, ESTABLISHED), self._bit(occurrence.node, POSSIBLE)
        wanted = {"true": [holds], "unknown": [possible, -holds], "false": [-possible]}[goal.value]
        if goal.at:
            point = occurrence.points.get(goal.at)
            if point is None:
                return clauses.some(())
            wanted += [self.cases.world.atom(atom)[0] for atom in point.atoms]
        if not goal.against:
            return clauses.every(wanted)
        # Substituting the value of the leaf makes gates that do not depend on it equal on both sides, so they need no search. A
        # conclusion may hold by default, which no constant expresses.
        as_it_is = occurrence.circle is not None or reads_conclusions(occurrence.node)
        bits: Sequence[int] = (ESTABLISHED,) if goal.turns == FIRING else (ESTABLISHED, CERTAIN, POSSIBLE)
        changes = [
            self._differ(
                self._bit(occurrence.root, bit) if as_it_is else self._turned(occurrence, goal.value, bit),
                self._turned(occurrence, goal.against, bit),
            )
            for bit in bits
        ]
        return clauses.every([*wanted, clauses.some(changes)])

    def _turned(self, occurrence: Occurrence, value: str, bit: int) -> int:
        """A bit of the condition of the rule, with another value substituted for the leaf."""
        encoding = self.cases.encoding if occurrence.circle is None else self._switched_off(occurrence.circle)
        return encoding.node(occurrence.turned[value], bit)

    def _switched_off(self, instance: int) -> Encoding:
        if instance not in self._off:
            self._off[instance] = self._switched.without(self.leaves.circles.switches[instance])
        return self._off[instance]

    @cached_property
    def _switched(self) -> Encoding:
        circles = self.leaves.circles
        return Encoding(self.cases.world, circles.program, circles.plan)

    def _differ(self, a: int, b: int) -> int:
        clauses = self.cases.world.clauses
        return clauses.some((clauses.every((a, -b)), clauses.every((-a, b))))

    def _bit(self, node: Node, bit: int) -> int:
        return self.cases.encoding.node(node, bit)


def _anywhere(leaf: Leaf, one: str, other: str, turns: str) -> tuple[Goal, Goal]:
    """Both sides of a pair that distinguishes two values of a leaf, at any distance from a threshold."""
    return Goal(leaf.rule, leaf.text, one, other, "", turns), Goal(leaf.rule, leaf.text, other, one, "", turns)
