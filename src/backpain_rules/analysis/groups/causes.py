"""Group findings by cause: what they share, how they overlap, which patients they affect, and which to read first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from ...explain.words import say_place
from ...facts.base import Fact
from ...facts.merged import group_of
from ...ground.nodes import place_of
from ...ir.conclusions import spoken
from ..diagnostic import Diagnostic
from ..prover import Prover
from .group import Group, Side
from .harm import ORDER, gravest
from .relation import Relation, relation

TRIED: Final = 4
"""For so many pairs of rules in a group a patient is made, in order to show the smallest."""
TITLES: Final = {
    "BR001": "rules that fire for no patient: {}",
    "BR002": "rules that are always taken back by {}",
    "BR003": "rules that add nothing to the others that conclude {}",
    "BR009": "signs of pack {} that decide nothing",
}


@dataclass(frozen=True)
class Cause:
    """A group without proposals, and the relation between the two rules of each finding."""

    group: Group
    relations: tuple[Relation, ...] = ()


def causes(prover: Prover, found: Iterable[Diagnostic]) -> list[Cause]:
    """The causes of some findings, ordered by harm and then by the number of patients."""
    by_cause: dict[Hashable, list[Diagnostic]] = {}
    for one in found:
        by_cause.setdefault(_key(one), []).append(one)
    made = [_conflict(prover, those) if those[0].conclusions else _culprit(prover, those) for those in by_cause.values()]
    return sorted(made, key=_rank)


def said(conclusion: Fact, other: Fact) -> str:
    """The values of a conclusion in the slots in which another contradicts it."""
    return ", ".join(f"{name} {spoken(conclusion.__dict__[name])}" for name in _contradicted(conclusion, other))


def _rank(cause: Cause) -> tuple[int, int, int, str, str]:
    group = cause.group
    return ORDER.index(group.harm), -(group.patients or 0), -len(group.findings), group.code, group.title


def _key(one: Diagnostic) -> Hashable:
    if one.conclusions:
        left, right = one.conclusions
        return one.code, group_of(left), frozenset((said(left, right), said(right, left)))
    return one.code, _culprit_of(one)


def _culprit_of(one: Diagnostic) -> str:
    if one.code == "BR009":
        return one.subjects[0].partition(":")[0]
    return one.cause or ", ".join(one.subjects)


def _contradicted(one: Fact, other: Fact) -> list[str]:
    values = ((name, one.__dict__[name], other.__dict__[name]) for name in one.schema_.slots)
    return [name for name, a, b in values if a is not None and b is not None and a != b]


def _conflict(prover: Prover, findings: Sequence[Diagnostic]) -> Cause:
    """The group of rules that draw two contradictory conclusions."""
    relations = tuple(relation(prover, one.instances[0], one.instances[1]) for one in findings)
    kinds = Counter("inside" if kind == "around" else kind for kind in relations)
    rules: dict[str, dict[str, None]] = {}
    for one in findings:
        names = [prover.program.instances[number].rule.name for number in one.instances]
        for name, this, that in zip(names, one.conclusions, reversed(one.conclusions), strict=True):
            rules.setdefault(said(this, that), {})[name] = None
    sides = tuple(_side(prover, conclusion, sorted(those)) for conclusion, those in sorted(rules.items()))
    drawn = reduce(or_, (prover.drawn(*one.instances) for one in findings))
    title = f"{say_place(place_of(findings[0].conclusions[0]))}: {' | '.join(side.conclusion for side in sides)}"
    return Cause(_group(prover, findings, title, sides, drawn.bit_count(), dict(sorted(kinds.items()))), relations)


def _culprit(prover: Prover, findings: Sequence[Diagnostic]) -> Cause:
    """The group of findings of one code with one culprit."""
    first = findings[0]
    title = TITLES[first.code].format(_culprit_of(first)) if first.code in TITLES and len(findings) > 1 else first.message
    rules = sorted({name for one in findings for name in one.subjects if name in prover.rules})
    sides = (_side(prover, "rules", rules),) if rules else ()
    patients = None
    if all(one.instances for one in findings):
        patients = reduce(or_, (prover.drawn(*one.instances) for one in findings)).bit_count()
    return Cause(_group(prover, findings, title, sides, patients, {}))


def _group(
    prover: Prover,
    findings: Sequence[Diagnostic],
    title: str,
    sides: tuple[Side, ...],
    patients: int | None,
    kinds: dict[str, int],
) -> Group:
    templates = [t for side in sides for name in side.rules for t in prover.rules[name].templates]
    drawn = prover.drawn().bit_count()
    return Group(
        code=findings[0].code,
        title=title,
        findings=tuple(findings),
        harm=gravest((template.kind, template.constants) for template in templates),
        patients=patients if drawn else None,
        drawn=drawn,
        patient=_smallest(prover, findings),
        kinds=kinds,
        sides=sides,
    )


def _side(prover: Prover, conclusion: str, rules: Sequence[str]) -> Side:
    cited = {statement.cite: None for name in rules for statement in prover.rules[name].rule.statements}
    return Side(conclusion, tuple(rules), tuple(sorted(cited)))


def _smallest(prover: Prover, findings: Sequence[Diagnostic]) -> tuple[Fact, ...] | None:
    """The smallest patient among the likeliest findings: those whose rules need the fewest facts."""

    def least(one: Diagnostic) -> int:
        return _size([fact for number in one.instances for fact in prover.small_case(number) or ()])

    likely = sorted(findings, key=least)[:TRIED] if len(findings) > TRIED else findings
    patients = [one.witness for one in likely if one.witness is not None]
    return min(patients, key=lambda facts: (_size(facts), tuple(map(str, facts))), default=None)


def _size(facts: Iterable[Fact]) -> int:
    """The size of a case: its number of facts and slots."""
    said = {
        (place_of(fact), name)
        for fact in facts
        for name in ("", *fact.schema_.slots)
        if not name or fact.__dict__[name] is not None
    }
    return len(said)
