"""Build derivations from the evaluation of a case: the well-founded supports and the state of each premise.

They are computed from the ground program and the evaluation; engines record nothing for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from ..facts.base import Fact
from ..ground.evaluate import Evaluation
from ..ground.nodes import Count, Derived, Every, Fires, Flip, Known, Node, Some, Stated, members
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED, TRUE
from ..ir.expressions import CompareQuantity, Constant
from ..ir.premises import AtLeast
from ..ir.quantities import linear
from ..ir.render import Namer, render
from ..ir.walk import walk
from ..link.model import LinkedExtension, LinkedRule, Override
from ..vocabulary import parameters_of
from .derivation import Derivation, PremiseState, State, Support
from .distance import Distances
from .unknowns import bearing_on
from .words import say_atom, say_fact

STATES: dict[int, State] = {7: "true", 3: "by default", 1: "unknown", 0: "false"}


class Explainer:
    """Derivations of one case."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.program: Program = evaluation.program
        self._ranks: dict[int, int] = {}
        self._made: dict[int, Derivation] = {}

    def derivation(self, numbers: Sequence[int], fact: Fact) -> Derivation:
        """The derivation of `fact`, which merges the propositions `numbers`."""
        if len(numbers) == 1 and self.program.facts[numbers[0]] == fact:
            return self._one(numbers[0])
        parts = [self._one(number) for number in numbers]
        supports = {support.rule + support.text: support for part in parts for support in part.supports}
        rests_on = dict.fromkeys(unknown for part in parts for unknown in part.rests_on)
        return Derivation(fact, all(part.firm for part in parts), tuple(rests_on), tuple(supports.values()))

    def _one(self, number: int) -> Derivation:
        if number not in self._made:
            for below in self._rank(number):
                self._made[below] = self._make(below)
        return self._made[number]

    def _make(self, number: int) -> Derivation:
        rank = self._ranks[number]
        found = sorted((depth, i) for i in self._active(number) if (depth := self._instance_rank(i)) < rank)
        firm = bool(self.evaluation.proposition(number) & CERTAIN)
        return Derivation(
            self.program.facts[number],
            firm,
            () if firm else bearing_on(self.evaluation, (Derived(number),)),
            tuple(self._support(number, i, rank) for _, i in found),
        )

    def misses(self, numbers: Iterable[int]) -> tuple[Support, ...]:
        """The rules that could give one of these propositions and do not fire, the nearest miss first."""
        found = {(number, i): None for number in numbers for i in self.program.producers[number]}
        supports = [
            self._support(number, i, TOP, self._distances.away(i, ESTABLISHED))
            for number, i in found
            if not self.evaluation.instance(i) & ESTABLISHED
        ]
        return tuple(sorted(supports, key=lambda support: (_FAR if support.away is None else support.away, support.rule)))

    @cached_property
    def _distances(self) -> Distances:
        return Distances(self.evaluation)

    # --- well-founded supports -----------------------------------------------------------------------------------------

    def _active(self, number: int) -> Iterable[int]:
        return (i for i in self.program.producers[number] if self.evaluation.instance(i) & ESTABLISHED)

    def _rank(self, number: int) -> list[int]:
        """Compute the minimal depth, in rules, of each conclusion below this one; return the new ones, lowest first.

        A support counts only if everything it uses is less deep, so no derivation is circular.
        """
        cone: set[int] = set()
        stack = [number]
        while stack:
            here = stack.pop()
            if here not in cone and here not in self._ranks:
                cone.add(here)
                stack.extend(p for i in self._active(here) for p in self._uses(i))
        order: list[int] = []
        left = sorted(cone)
        while left:
            ranks = {n: min((self._instance_rank(i) for i in self._active(n)), default=_FAR) for n in left}
            lowest = min(ranks.values())
            settled = [n for n in left if ranks[n] == lowest]
            self._ranks.update((n, lowest + 1) for n in settled)
            order += settled
            left = [n for n in left if ranks[n] != lowest]
        return order

    def _instance_rank(self, instance: int) -> int:
        return _depth(self.program.instances[instance].body, self._ranks, self.evaluation)

    def _uses(self, instance: int) -> Iterable[int]:
        stack = [self.program.instances[instance].body]
        while stack:
            node = stack.pop()
            if isinstance(node, Derived):
                if self.evaluation.proposition(node.proposition) & ESTABLISHED:
                    yield node.proposition
            elif not isinstance(node, Flip) or node.how == "is_known":
                stack.extend(members(node))

    # --- one rule ----------------------------------------------------------------------------------------------------

    def _support(self, proposition: int, number: int, rank: int, away: int | None = 0) -> Support:
        instance = self.program.instances[number]
        rule = instance.rule
        return Support(
            fact=self.program.facts[proposition],
            rule=rule.name,
            text=render(rule.rule.premise, Namer()),
            firm=bool(self.evaluation.instance(number) & CERTAIN),
            premises=(
                *self._premises(instance.body, Namer(rule.variables), rank),
                *(self._override(o, rule) for o in instance.overriders),
            ),
            parameters=parameters_of(self.program.linked, rule),
            sources=rule.rule.statements,
            note=rule.rule.note,
            extended=self._extended(rule),
            replaces=rule.replaces,
            overrode=tuple(self._overrode(number)),
            away=away,
        )

    def _override(self, number: int, rule: LinkedRule) -> PremiseState:
        """The state of an override of this rule: why the overriding rule does not fire, or the premises by which it does."""
        overrider = self.program.instances[number]
        state = STATES[self.evaluation.node(Flip("unless", Fires(number)))]
        stated = tuple(dict.fromkeys(self._below(Fires(number)))) if state == "true" else ()
        parts = self._premises(overrider.body, Namer(overrider.rule.variables), TOP) if state == "false" else ()
        asked = Override(overrider.rule.name, rule.name)
        rests = bearing_on(self.evaluation, (Fires(number),))
        return PremiseState(f"unless {asked.by} fires", state, asked, stated, parts=parts, rests_on=rests)

    def _overrode(self, number: int) -> Iterable[tuple[str, tuple[Fact, ...]]]:
        """The rules that this one overrides here, and what they would conclude."""
        if self.program.instances[number].rule.rule.targets and self.evaluation.instance(number) & ESTABLISHED:
            for target in self.program.takes_back.get(number, ()):
                other = self.program.instances[target]
                if self.evaluation.node(other.body) & ESTABLISHED:
                    yield other.rule.name, tuple(self.program.facts[head] for head in other.heads)

    def _extended(self, rule: LinkedRule) -> tuple[LinkedExtension, ...]:
        """The signs that packs added to the sign sets that a rule counts."""
        counted = {node.signs for node in walk(rule.body) if isinstance(node, AtLeast) and node.signs is not None}
        linked = self.program.linked
        return tuple(e for e in linked.extensions if linked.sign_sets[e.target] in counted)

    def _premises(self, node: Node, names: Namer, rank: int) -> tuple[PremiseState, ...]:
        """The body as a list of the author's premises: the members of a conjunction, or the one premise."""
        if isinstance(node, Every):
            return tuple(premise for member in node.of for premise in self._premises(member, names, rank))
        return (self._premise(node, names, rank),)

    def state_of(self, node: Node) -> PremiseState:
        """The state of a premise, without the derivations of the conclusions it reads."""
        return self._premise(node, Namer(), TOP)

    def _premise(self, node: Node, names: Namer, rank: int) -> PremiseState:
        bits = self.evaluation.node(node)
        state = STATES[bits]
        match node:
            case Stated(atom=atom):
                facts = self._facts(atom)
                rests = bearing_on(self.evaluation, (node,)) if bits != TRUE else ()
                asked = self.program.atoms[atom]
                return PremiseState(say_atom(asked), state, asked, facts, rests_on=rests)
            case Derived(proposition=number):
                fact = self.program.facts[number]
                deeper = self._ranks.get(number, _FAR) < rank
                return PremiseState(say_fact(fact), state, fact, derivation=self._made[number] if deeper else None)
            case Known(origin=origin):
                return PremiseState(render(origin, names) if origin is not None else "always", state, origin)
            case Some(of=of) | Every(of=of):
                standing = self._standing(of, bits, rank)
                if len(standing) == 1 and isinstance(node, Some):
                    inner = self._premises(standing[0], names, rank)
                    return inner[0] if len(inner) == 1 else PremiseState(_text(node, names), state, node.origin, parts=inner)
                parts = tuple(p for m in standing for p in self._premises(m, names, rank))
                return PremiseState(_text(node, names), state, node.origin, parts=parts)
            case Count(of=pairs):
                held = [(points, m) for points, m in pairs if self.evaluation.node(m) & ESTABLISHED]
                tally = (sum(points for points, _ in held), sum(points for points, _ in pairs)) if _is_plain(node) else None
                shown = [m for _, m in (held if bits & ESTABLISHED else pairs)]
                parts = tuple(p for m in shown for p in self._premises(m, names, rank))
                return PremiseState(_text(node, names), state, node.origin, parts=parts, tally=tally)
            case Flip(of=of):
                facts = tuple(dict.fromkeys(self._below(of)))
                rests = bearing_on(self.evaluation, (node,))
                return PremiseState(_text(node, names), state, node.origin, facts, rests_on=rests)
            case _:
                return PremiseState("fires", state)

    def _standing(self, of: Sequence[Node], bits: int, rank: int) -> Sequence[Node]:
        """The members that a premise owes its bits to, without those that would make the derivation circular."""
        alike = [m for m in of if self.evaluation.node(m) == bits] if bits else of
        deeper = [m for m in of if _depth(m, self._ranks, self.evaluation) < rank]
        return [m for m in alike if m in deeper] or deeper or alike

    def _below(self, node: Node) -> Iterable[Fact]:
        """The stated facts that decide the member of a negation, directly or through rules."""
        seen: set[int] = set()
        stack = [node]
        while stack:
            here = stack.pop()
            bits = self.evaluation.node(here)
            match here:
                case Stated(atom=atom):
                    yield from self._facts(atom)
                case Derived(proposition=number):
                    if number not in seen:
                        producers = reversed(self.program.producers[number])
                        stack += [Fires(i) for i in producers if self.evaluation.instance(i) == bits]
                    seen.add(number)
                case Fires(instance=instance):
                    stack.append(self.program.instances[instance].condition)
                case Flip(of=of):
                    stack.append(of)
                case _:
                    stack += [member for member in reversed(members(here)) if self.evaluation.node(member) == bits]

    def _facts(self, atom: int) -> tuple[Fact, ...]:
        return tuple(fact for place in self.program.places(atom) if (fact := self.evaluation.stated.get(place)) is not None)


_FAR = 1 << 60
TOP = 0
"""The rank of a rule whose premises are shown without their own derivations."""


def _depth(node: Node, ranks: dict[int, int], evaluation: Evaluation) -> int:
    """The highest rank in the shallowest way to establish a node; `_FAR` if it is not established (yet)."""
    match node:
        case Derived(proposition=number):
            return ranks.get(number, _FAR) if evaluation.proposition(number) & ESTABLISHED else _FAR
        case Every(of=of):
            return max((_depth(m, ranks, evaluation) for m in of), default=0)
        case Some(of=of):
            return min((_depth(m, ranks, evaluation) for m in of), default=_FAR)
        case Count(threshold=threshold, of=pairs):
            reached = 0
            for rank, points in sorted((_depth(m, ranks, evaluation), points) for points, m in pairs):
                reached += points
                if reached >= threshold:
                    return rank
            return _FAR
        case _:
            return 0 if evaluation.node(node) & ESTABLISHED else _FAR


def _is_plain(node: Count) -> bool:
    """Whether the points of a count are as the author wrote them: positive whole numbers, with nothing added."""
    match node.origin:
        case CompareQuantity(left=left, right=Constant()):
            number = linear(left)
            written = [points.value for _, score in number.scores for points, _ in score.members if isinstance(points, Constant)]
            plain = not number.constant and all(factor == 1 for factor, _ in number.scores)
            return plain and all(isinstance(points, int) and points > 0 for points in written)
        case CompareQuantity():
            return False
        case _:
            return True


def _text(node: Node, names: Namer) -> str:
    origin = None if isinstance(node, Fires) else node.origin
    return render(origin, names) if origin is not None else "one of"
