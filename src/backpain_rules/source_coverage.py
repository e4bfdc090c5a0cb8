"""Sources against rules, in both directions: what each statement became, and what no statement asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from .acceptance import Acceptance
from .ir.conclusions import Conclusion
from .ir.expressions import Compare, Constant, Named, Parameter, Premise, Ref
from .ir.render import Namer, render, render_conclusion
from .ir.serialize import premise_to_data
from .ir.walk import variables, walk
from .pack import Extension, Pack
from .rule import Constraint, Partition, Rule
from .source import Source, Statement

Citing = Rule | Constraint | Partition | Extension | Acceptance
SHORTEST_WORD = 3
STEM = 4
"""Words are alike when they begin with the same four letters: urine and urination, sweat and sweating."""


@dataclass(frozen=True)
class Ending:
    """One statement of a source, what it became in the packs, and why it became nothing."""

    pack: str
    source: Source
    statement: Statement
    became: tuple[str, ...]
    unused: str | None

    @property
    def is_missing(self) -> bool:
        """It became nothing, and nobody says why."""
        return not self.became and self.unused is None

    def to_data(self) -> dict[str, object]:
        """As JSON data."""
        one = self.statement
        at = {} if one.at is None else {"at": one.at}
        said = {"source": one.source, "statement": one.id, **at, "text": one.text, "standing": one.standing}
        reason = {} if self.unused is None else {"unused": self.unused}
        return {**said, "became": list(self.became), **reason, "missing": self.is_missing}


@dataclass(frozen=True)
class Unasked:
    """A rule, constraint, partition or extension that cites no statement; or one premise of a rule, `premise`, that shares no
    word with the statements that its rule cites."""

    pack: str
    name: str
    premise: str | None = None
    statements: tuple[Statement, ...] = ()

    def __str__(self) -> str:
        if self.premise is None:
            return f"{self.name} cites no statement of a source"
        return f"{self.name} asks {self.premise}; no word of it is in {', '.join(one.cite for one in self.statements)}"

    def to_data(self) -> dict[str, object]:
        """As JSON data."""
        data = {"name": self.name, "premise": self.premise, "statements": [one.cite for one in self.statements]}
        return {name: value for name, value in data.items() if value}


@dataclass(frozen=True)
class Readings:
    """One statement that several rules read differently: the same conclusion from other premises, or another threshold.

    `of` is what they differ in, and `read` has how each rule reads it.
    """

    statement: Statement
    of: str
    read: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[str]:
        """As text, a line for each rule below the statement."""
        yield f"{self.statement.cite}: {self.of}"
        yield from (f"    {rule}: {read}" for rule, read in self.read)

    def to_data(self) -> dict[str, object]:
        """As JSON data."""
        return {"statement": self.statement.cite, "of": self.of, "read": dict(self.read)}


@dataclass(frozen=True)
class Coverage:
    """What the statements of some packs became, what no statement asks for, and what is read differently."""

    endings: tuple[Ending, ...]
    unasked: tuple[Unasked, ...]
    readings: tuple[Readings, ...]

    @property
    def missing(self) -> tuple[Ending, ...]:
        """The statements that became nothing, without a reason."""
        return tuple(ending for ending in self.endings if ending.is_missing)

    def to_data(self) -> dict[str, object]:
        """As JSON data."""
        return {
            "statements": [one.to_data() for one in self.endings],
            "unasked": [one.to_data() for one in self.unasked],
            "readings": [one.to_data() for one in self.readings],
        }


def coverage(packs: Sequence[Pack], of: Set[str]) -> Coverage:
    """The coverage of the packs whose ids are in `of`, in which all of `packs` may cite."""
    asked = [pack for pack in packs if pack.id in of]
    return Coverage(
        tuple(
            Ending(pack.id, source, source[id], tuple(_uses(packs, pack, source[id])), source.unused.get(id))
            for pack in asked
            for source in pack.sources
            for id in source.statements
        ),
        tuple(one for pack in asked for one in _unasked(pack)),
        tuple(one for pack in asked for one in _readings(packs, pack)),
    )


# --- from statements to rules -----------------------------------------------------------------------------------------


def _uses(packs: Sequence[Pack], owner: Pack, statement: Statement) -> Iterator[str]:
    """What cites the statement, in any of the packs; and the parameters and notes that speak of it."""
    for pack in packs:
        speaks_of = _mention(statement, by_id=pack is owner)
        yield from (name for name, one in _citing(pack) if statement in one.statements)
        yield from (f"parameter {pack.id}:{number.id}" for number in pack.parameters if speaks_of.search(number.doc))
        noted = (rule for rule in pack.rules if rule.note and statement not in rule.statements)
        yield from (f"note of rule {pack.id}:{rule.id}" for rule in noted if speaks_of.search(rule.note or ""))


def _citing(pack: Pack) -> Iterator[tuple[str, Citing]]:
    """Everything in a pack that can cite a statement, by its name."""
    yield from ((f"rule {pack.id}:{one.id}", one) for one in pack.rules)
    yield from ((f"constraint {pack.id}:{one.id}", one) for one in pack.constraints)
    yield from ((f"partition {pack.id}:{one.id}", one) for one in pack.partitions)
    for extension in pack.extends:
        target = extension.target if isinstance(extension.target, str) else extension.target.id
        yield f"extension by {pack.id} of {target}", extension
    yield from ((f"acceptance by {pack.id} of {one.code} for {', '.join(one.targets)}", one) for one in pack.accepts)


def _mention(statement: Statement, *, by_id: bool) -> re.Pattern[str]:
    """The statement named in a text: `article:B2`, and in its own pack also `B2`, as long as that is no word."""
    cite, id = re.escape(statement.cite), re.escape(statement.id)
    plain = f"|{id}" if by_id and re.fullmatch(r"[A-Z]+\d+", statement.id) else ""
    return re.compile(rf"(?<![\w:])(?:{cite}{plain})(?!\w)")


# --- from rules to statements -----------------------------------------------------------------------------------------


def _unasked(pack: Pack) -> Iterator[Unasked]:
    for name, one in _citing(pack):
        if isinstance(one, Acceptance):
            continue  # it gives its reason in its own words
        if not one.statements:
            yield Unasked(pack.id, name)
        elif isinstance(one, (Rule, Extension)):
            said = _stems(" ".join(f"{each.text} {each.note or ''}" for each in one.statements))
            premises = (one.premise,) if isinstance(one, Rule) else one.members
            for premise, term in _terms(premises):
                if not _stems(f"{term.id} {getattr(term, 'label', '')}") & said:
                    yield Unasked(pack.id, name, premise, one.statements)


def _terms(premises: Sequence[Premise]) -> Iterator[tuple[str, Named]]:
    """Each premise about a declared term, as text, once."""
    seen: dict[str, Named] = {}
    for node in (inner for premise in premises for inner in walk(premise)):
        for variable in variables(node):
            for term in variable._terms:
                seen.setdefault(f"{term.vocabulary} {term.id}", term)
    yield from seen.items()


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return {word[:STEM] for word in words if len(word) >= SHORTEST_WORD}


# --- statements that are read differently -----------------------------------------------------------------------------


def _readings(packs: Sequence[Pack], owner: Pack) -> Iterator[Readings]:
    for statement in (source[id] for source in owner.sources for id in source.statements):
        citing = [(f"{pack.id}:{rule.id}", rule) for pack in packs for rule in pack.rules if statement in rule.statements]
        if len(citing) > 1:
            yield from _other_premises(statement, citing)
            yield from _other_thresholds(statement, citing)


def _other_premises(statement: Statement, citing: Sequence[tuple[str, Rule]]) -> Iterator[Readings]:
    """Rules that conclude the same from other premises."""
    by_conclusion: dict[str, list[tuple[str, Rule]]] = {}
    for name, rule in citing:
        for conclusion in rule.conclusions:
            by_conclusion.setdefault(_said(conclusion), []).append((name, rule))
    for concluded, rules in by_conclusion.items():
        if len({str(premise_to_data(rule.premise)) for _, rule in rules}) > 1:
            read = tuple((name, render(rule.premise, Namer())) for name, rule in rules)
            yield Readings(statement, f"{concluded} from other premises", read)


def _said(conclusion: Conclusion[Any]) -> str:
    return render_conclusion(conclusion, Namer())


def _other_thresholds(statement: Statement, citing: Sequence[tuple[str, Rule]]) -> Iterator[Readings]:
    """Rules that compare the same field in the same way with other values."""
    values: dict[str, dict[str, set[str]]] = {}
    for name, rule in citing:
        for node in walk(rule.premise):
            if not isinstance(node, Compare) or not isinstance(node.left, Ref) or node.op in ("==", "!="):
                continue
            if isinstance(node.right, (Constant, Parameter)):
                way = "from below" if node.op in (">", ">=") else "from above"
                values.setdefault(f"{node.left.shown} {way}", {}).setdefault(name, set()).add(f"{node.op} {node.right.shown}")
    for of, by_rule in values.items():
        if len({frozenset(limits) for limits in by_rule.values()}) > 1:
            read = tuple((name, " and ".join(sorted(limits))) for name, limits in by_rule.items())
            yield Readings(statement, f"{of} with other limits", read)
