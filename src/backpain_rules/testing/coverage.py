"""Which of all that some patient shows of the rules of a pack did a test-suite never show?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..analysis.diagnostic import written_at
from ..analysis.finder import Finder
from ..analysis.goal import FIRES, Goal
from ..analysis.leaves import Leaves
from ..analysis.shadows import with_shadows
from ..engine.outcome import Outcome
from ..errors import UnknownPackError
from ..ground.evaluate import Evaluation
from ..knowledge import KnowledgeBase
from ..link.dependencies import resting_on_records
from ..link.model import Linked


class Coverage:
    """What was seen of the rules of some packs, in whatever knowledge bases cases were assessed.

    `used` are the packs of which cases were seen.
    """

    def __init__(self, packs: Sequence[str]) -> None:
        self.packs = tuple(packs)
        self.used: set[str] = set()
        self.seen: set[Goal] = set()
        self._known: dict[int, tuple[Linked, Leaves, list[Goal]]] = {}

    def see(self, outcome: Outcome) -> None:
        """Take note of one case."""
        linked = outcome.program.linked
        here = {pack.id for pack in linked.packs}.intersection(self.packs)
        if not here:
            return
        self.used |= here
        if id(linked) not in self._known:
            beyond = resting_on_records(linked)
            rules = [rule.name for rule in linked.rules if rule.pack in self.packs and rule.name not in beyond]
            leaves = Leaves(with_shadows(linked, rules), rules)
            self._known[id(linked)] = linked, leaves, list(leaves.candidates())
        _, leaves, goals = self._known[id(linked)]
        unseen = [goal for goal in goals if goal not in self.seen]
        if unseen:
            self._known[id(linked)] = linked, leaves, unseen
            self.seen |= leaves.shown(Evaluation(leaves.program, outcome.stated), unseen)

    def to_data(self) -> dict[str, list[Any]]:
        """What was seen, for `add` in another process."""
        return {"used": sorted(self.used), "seen": sorted(list(goal) for goal in self.seen)}

    def add(self, data: Mapping[str, Iterable[Any]]) -> None:
        """Take note of what another process has seen."""
        self.used.update(data["used"])
        self.seen.update(Goal(*one) for one in data["seen"])

    def report(self, pack: str) -> PackCoverage:
        """What was seen of all that some patient shows of a pack, installed or at least seen here.

        Raises `UnknownPackError` for a pack that is neither, `MissingExtraError` when python-sat is not installed.
        """
        try:
            linked = KnowledgeBase.load(pack).rule_base
        except UnknownPackError:
            seen = (linked for linked, _, _ in self._known.values() if any(pack == one.id for one in linked.packs))
            found = next(seen, None)
            if found is None:
                raise
            linked = found
        return _report(linked, pack, self.seen)


@dataclass(frozen=True)
class PackCoverage:
    """The coverage of one pack: `possible` is all that some patient shows, `missing` what no case showed, by rule."""

    pack: str
    possible: int
    missing: tuple[Goal, ...]
    places: dict[str, str]

    @property
    def percent(self) -> float:
        """How much of what is possible was shown."""
        return 100 * (self.possible - len(self.missing)) / max(1, self.possible)

    def lines(self) -> Iterator[str]:
        """The report: for each rule what no case showed. Of a rule that never fires, or a value never seen, no more is said."""
        yield f"{self.pack}: {self.percent:.1f} % ({self.possible - len(self.missing)} of {self.possible} things shown)"
        for rule in dict.fromkeys(goal.rule for goal in self.missing):
            of_rule = [goal for goal in self.missing if goal.rule == rule]
            yield f"  {rule}  {self.places.get(rule, '')}".rstrip()
            if Goal(rule, "", FIRES) in of_rule:
                yield f"    never fires ({len(of_rule)} things not shown)"
            else:
                yield from (f"    {text}" for text in dict.fromkeys(map(_said, _first(of_rule))))


def _report(linked: Linked, pack: str, seen: set[Goal]) -> PackCoverage:
    goals = Finder(linked, [rule.name for rule in linked.rules if rule.pack == pack]).goals()
    possible = (*goals.values, *goals.all)
    places = {rule.name: written_at(rule.rule.written) for rule in linked.rules if rule.rule.written is not None}
    return PackCoverage(pack, len(possible), tuple(sorted(goal for goal in possible if goal not in seen)), places)


def _first(goals: Sequence[Goal]) -> Iterator[Goal]:
    """Those that are not told by another: that a value never decides follows from its never being seen."""
    never = {goal[:3] for goal in goals if not goal.against}
    return (goal for goal in goals if not goal.against or goal[:3] not in never)


def _said(goal: Goal) -> str:
    if not goal.leaf:
        return f"never {goal.value}"
    return f"never: {str(goal).removeprefix(f'{goal.rule}: ')}"
