"""Proposals that settle groups of findings, each tried by repeating the proof.

A proposal is tried on top of the first proposals of the earlier groups, so that the first proposals of all groups can be accepted
together. The proof is repeated for the affected part of the rule base: the rules with the same conclusions, all rules that depend
on them, and the cone of influence of all these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import Final, TypeAlias

from ...deadline import NEVER, OutOfTime
from ...errors import BackpainRulesError
from ...facts.merged import group_of
from ...ground.cone import cone
from ...ground.program import Program
from ...link.model import Linked, Override
from ..checks import constraints, exclusive, redundant, unreachable
from ..diagnostic import Diagnostic
from ..prover import Prover
from .causes import Cause, causes
from .changes import Changes, Narrowing, changed
from .group import Group, How, Outcome, Proposal

Found: TypeAlias = tuple[str, tuple[str, ...]]
"""Identifies a finding by its code and its subjects."""
ROUNDS: Final = 4
"""After so many rounds of removing rules without a patient, a proposal is abandoned."""
LOOKS: Final = (unreachable.check, exclusive.check, constraints.check, redundant.check)
LEAVE_OUT: Final = ("BR001", "BR002", "BR003")
"""The codes of rules that can be removed without changing any conclusion."""


def groups_of(prover: Prover, accepted: Sequence[Diagnostic], found: Sequence[Diagnostic]) -> tuple[Group, ...]:
    """The groups of the findings, with proposals. `accepted` findings are known but not grouped."""
    with prover.cases.world.clauses.until(NEVER):  # grouping is cheap, so the deadline does not apply
        made = causes(prover, found)
    return with_proposals(prover, made, (*accepted, *found))


def with_proposals(prover: Prover, found: Sequence[Cause], known: Iterable[Diagnostic]) -> tuple[Group, ...]:
    """The groups in order, with proposals. `known` is every finding, accepted ones included.

    Removable rules are settled before conflicts. After the deadline, the remaining proposals are not tried.
    """
    work = _Work(prover, frozenset((one.code, one.subjects) for one in known))
    ranks = _ranks(found)
    accepted = Changes()
    made: dict[int, Group] = {}
    for number, cause in sorted(enumerate(found), key=lambda entry: entry[1].group.code not in LEAVE_OUT):
        proposals: list[Proposal] = []
        _tell(prover, f"trying proposals for cause {len(made) + 1} of {len(found)}")
        for how, summary, changes in _candidates(cause, ranks):
            proposal = work.tried(cause, how, summary, changes, accepted)
            if proposal not in proposals:
                proposals.append(proposal)
        proposals.sort(key=lambda one: not one.settles)
        made[number] = replace(cause.group, proposals=tuple(proposals))
        if proposals and proposals[0].settles:
            accepted = accepted.plus(proposals[0].changes)
    return tuple(made[number] for number in range(len(found)))


def _tell(prover: Prover, doing: str) -> None:
    """Report progress. Each proposal checks the deadline itself."""
    with suppress(OutOfTime):
        prover.deadline.poll(doing)


# --- possible changes -------------------------------------------------------------------------------------------------


def _candidates(cause: Cause, ranks: Mapping[str, int]) -> Iterator[tuple[How, str, Changes]]:
    group = cause.group
    if group.code in LEAVE_OUT:
        names = tuple(sorted({one.subjects[0] for one in group.findings}))
        them = "it" if len(names) == 1 else "them"
        yield "leave out", f"leave {them} out; no conclusion changes", Changes(left_out=names)
        return
    if not cause.relations:
        return
    pairs = [one.subjects if len(one.subjects) == 2 else one.subjects * 2 for one in group.findings]
    if any(one == other for one, other in pairs):
        return  # a rule that contradicts itself must be rewritten
    first = [(one, other) if ranks[one] < ranks[other] else (other, one) for one, other in pairs]
    partial = "partial" in group.kinds
    special = "the narrower rule goes before the wider one" if group.kinds.keys() & {"inside"} else ""
    winner = _winner(first, group) if partial or "same" in group.kinds else ""
    summary = "; ".join(filter(None, (special, winner)))
    yield "override", summary, Changes(overrides=tuple(Override(by, target) for by, target in first))
    other_way = [(other, one) for one, other in first]
    yield "override the other way", "each override turned round", Changes(overrides=tuple(Override(*one) for one in other_way))
    narrowed = tuple(Narrowing(loser, winner) for winner, loser in first)
    yield (
        "narrower premise",
        "as the override, and what gives way is concluded only if the other is excluded",
        Changes(narrowed=narrowed),
    )
    both = tuple(Narrowing(rule, other) for pair in first for rule, other in (pair, pair[::-1]))
    yield "partition", "split into the one, the other, and both: where both hold, neither is concluded", Changes(narrowed=both)


def _winner(first: Sequence[tuple[str, str]], group: Group) -> str:
    """The side that mostly ranks first if neither rule is narrower."""
    counts = {side.conclusion: sum(winner in side.rules for winner, _ in first) for side in group.sides}
    return f"otherwise {max(counts, key=lambda c: counts[c])!r} goes before the other" if counts else ""


def _ranks(found: Iterable[Cause]) -> dict[str, int]:
    """Rank all rules in conflicts: a rule inside another ranks first, then rules with graver conclusions.

    All groups share one order, so overrides that follow it cannot form a cycle.
    """
    priority: dict[str, tuple[int, int, str, str]] = {}
    wider: dict[str, set[str]] = {}
    for rank, cause in enumerate(found):
        if not cause.relations:
            continue
        for side in cause.group.sides:
            for name in side.rules:
                priority.setdefault(name, (rank, -len(side.rules), side.conclusion, name))
        for one, kind in zip(cause.group.findings, cause.relations, strict=True):
            if len(one.subjects) == 2 and kind in ("inside", "around"):
                inner, outer = one.subjects if kind == "inside" else one.subjects[::-1]
                wider.setdefault(inner, set()).add(outer)
    waits = dict.fromkeys(priority, 0)
    for outer in (name for names in wider.values() for name in names):
        waits[outer] += 1
    ready = [(priority[name], name) for name, many in waits.items() if not many]
    heapify(ready)
    order: dict[str, int] = {}
    while ready:
        _, name = heappop(ready)
        order[name] = len(order)
        for outer in wider.get(name, ()):
            waits[outer] -= 1
            if not waits[outer]:
                heappush(ready, (priority[outer], outer))
    for name in sorted(priority.keys() - order.keys(), key=lambda name: priority[name]):
        order[name] = len(order)
    return order


# --- trying a proposal ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Work:
    """The analysed rule base and its findings."""

    prover: Prover
    known: frozenset[Found]

    def tried(self, cause: Cause, how: How, summary: str, changes: Changes, accepted: Changes) -> Proposal:
        """Try changes: repeat the proof with them, and return the proposal with its outcome.

        Rules without a remaining patient, and rules that no longer add anything, are removed too.
        """
        aim = {(one.code, one.subjects) for one in cause.group.findings}
        own = frozenset(name for side in cause.group.sides for name in side.rules) | self._alike(cause)
        outcome: Outcome = "does not settle"
        detail = ""
        try:
            for _ in range(ROUNDS):
                found = self._findings(own, accepted.plus(changes), aim)
                spare = {subjects[0] for code, subjects in found if code in LEAVE_OUT and subjects[0] in own}
                if not spare:
                    outcome = "does not settle" if found else "settles"
                    detail = _left(found, aim) if found else ""
                    break
                changes = changes.without(spare)
            else:
                detail = "more and more rules would have to be left out"
        except OutOfTime:
            outcome, detail = "not tried", "the time was up"
        except BackpainRulesError as error:
            outcome, detail = "refused", error.message
        more = len(changes.left_out) if how != "leave out" else 0
        summary += f"; {more} {'rule is' if more == 1 else 'rules are'} left out, for which no patient is left" if more else ""
        return Proposal(how, summary, changes, outcome, detail, accepted)

    def _findings(self, own: frozenset[str], changes: Changes, aim: set[Found]) -> list[Found]:
        """The findings after changes, in the affected part: the targeted findings that remain, and new ones."""
        self.prover.deadline.poll()
        part = self._part(own, changes)
        linked = changed(_restricted(self.prover.linked, part), _within(changes, part))
        old = self.known - aim
        prover = Prover(linked, known=old, deadline=self.prover.deadline)
        found = dict.fromkeys((one.code, one.subjects) for look in LOOKS for one in look(prover))
        return [one for one in found if one not in old]

    def _alike(self, cause: Cause) -> frozenset[str]:
        """The rules with conclusions about the subjects of the findings."""
        program = self.prover.program
        things = {group_of(fact) for one in cause.group.findings for fact in one.conclusions}
        numbers = [head for one in cause.group.findings for number in one.instances for head in program.instances[number].heads]
        things |= {group_of(program.facts[head]) for head in numbers}
        return frozenset(name for thing in things for name in self._concluding.get(thing, ()))

    def _part(self, rules: frozenset[str], changes: Changes) -> frozenset[str]:
        """These rules, all rules that depend on them, and the cone of influence of all these and of the constraints."""
        added: dict[str, set[str]] = {}
        for by, target in ((o.by, o.target) for o in changes.overrides):
            added.setdefault(target, set()).add(by)
        for rule, other in changes.narrowed:
            added.setdefault(rule, set()).add(other)
        users: dict[str, set[str]] = {}
        for user, used in (*self._reads.items(), *added.items()):
            for name in used:
                users.setdefault(name, set()).add(user)
        down = _reached(rules, users)
        needs = {name: {*self._reads.get(name, ()), *added.get(name, ())} for name in (*self._reads, *added)}
        return frozenset(_reached(down | self._constrained, needs))

    @cached_property
    def _concluding(self) -> dict[object, set[str]]:
        program = self.prover.program
        found: dict[object, set[str]] = {}
        for instance in program.instances:
            for head in instance.heads:
                found.setdefault(group_of(program.facts[head]), set()).add(instance.rule.name)
        return found

    @cached_property
    def _reads(self) -> dict[str, set[str]]:
        """For each rule, the rules it depends on."""
        program = self.prover.program
        found: dict[str, set[str]] = {}
        for number, instance in enumerate(program.instances):
            found.setdefault(instance.rule.name, set()).update(_rules(program, program.dependencies(number)))
        return found

    @cached_property
    def _constrained(self) -> frozenset[str]:
        program = self.prover.program
        bodies = [program.constraints[number].body for number in self.prover.constraints]
        cones = cone(program, bodies)
        return frozenset(program.instances[number].rule.name for number in cones.instances)


def _rules(program: Program, numbers: Iterable[int]) -> Iterator[str]:
    """The rules of these propositions and instances; instances are numbered after the propositions."""
    size = len(program.facts)
    for number in numbers:
        for instance in program.producers[number] if number < size else (number - size,):
            yield program.instances[instance].rule.name


def _reached(start: Iterable[str], follow: Mapping[str, Iterable[str]]) -> set[str]:
    found = set(start)
    stack = list(found)
    while stack:
        for name in follow.get(stack.pop(), ()):
            if name not in found:
                found.add(name)
                stack.append(name)
    return found


def _restricted(linked: Linked, rules: frozenset[str]) -> Linked:
    return replace(linked, rules=tuple(rule for rule in linked.rules if rule.name in rules), partitions=())


def _within(changes: Changes, rules: frozenset[str]) -> Changes:
    return Changes(
        tuple(one for one in changes.overrides if {one.by, one.target} <= rules),
        tuple(one for one in changes.narrowed if {*one} <= rules),
        tuple(name for name in changes.left_out if name in rules),
    )


def _left(found: Sequence[Found], aim: set[Found]) -> str:
    """The remaining findings, in words."""
    same = sum(one in aim for one in found)
    new = [f"{code} of {' and '.join(subjects)}" for code, subjects in found if (code, subjects) not in aim]
    still = [f"{same} of its findings stay"] if same else []
    return "; ".join((*still, *([f"new: {', '.join(new[:3])}{' and others' if len(new) > 3 else ''}"] if new else [])))
