"""Two versions of a rule base: do they say the same of every patient? If not, of whom not, in the smallest cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from ..deadline import NEVER, Deadline, OutOfTime
from ..engine.native import Native
from ..explain.words import say_fact
from ..facts.base import Fact, exact, to_data
from ..facts.schema import FieldSchema
from ..ground.compile import compile_program
from ..ground.nodes import Derived, Node, Place, Some
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED
from ..link.model import Linked
from ..solve.clauses import Clauses
from ..solve.witness import Claim, PossibleCases
from ..solve.world import World
from .diagnostic import say_case

Standing: TypeAlias = Literal["firm", "provisional", "not concluded"]
_OF_BITS: Mapping[tuple[bool, bool], Standing] = {
    (False, False): "not concluded", (True, False): "provisional", (True, True): "firm",
}  # fmt: skip
_NOT, _PROVISIONAL, _FIRM = _OF_BITS
_LOST = ((_FIRM, _NOT), (_PROVISIONAL, _NOT))
_GAINED = ((_NOT, _FIRM), (_NOT, _PROVISIONAL))
_LESS_OR_MORE_SURE = ((_FIRM, _PROVISIONAL), (_PROVISIONAL, _FIRM))


@dataclass(frozen=True)
class Difference:
    """A conclusion that stands otherwise in the two versions, with a patient of whom as little as possible is known.

    The rules are those that give it there; both engines have confirmed it.
    """

    fact: Fact
    case: tuple[Fact, ...]
    old: Standing
    new: Standing
    old_rules: tuple[str, ...]
    new_rules: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            (
                say_fact(self.fact),
                f"    for: {say_case(self.case)}",
                f"    old: {_standing(self.old, self.old_rules)}",
                f"    new: {_standing(self.new, self.new_rules)}",
            )
        )

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "conclusion": to_data(self.fact),
            "case": {"facts": [to_data(fact) for fact in self.case]},
            "old": {"standing": self.old, "rules": list(self.old_rules)},
            "new": {"standing": self.new, "rules": list(self.new_rules)},
        }


@dataclass(frozen=True)
class ConstraintDifference:
    """A constraint by which one version forbids a patient whom the other allows, of whom as little as possible is known.

    `forbidden_by` says which version has the constraint; both engines have confirmed it.
    """

    constraint: str
    forbidden_by: Literal["old", "new"]
    case: tuple[Fact, ...]

    def __str__(self) -> str:
        other = "old" if self.forbidden_by == "new" else "new"
        what = f"constraint {self.constraint}"
        return f"{what}\n    for: {say_case(self.case)}\n    {self.forbidden_by}: forbidden\n    {other}: allowed"

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "constraint": self.constraint,
            "forbidden_by": self.forbidden_by,
            "case": {"facts": [to_data(fact) for fact in self.case]},
        }


@dataclass(frozen=True)
class Comparison:
    """Where two versions differ, in what they conclude and in whom their constraints forbid.

    `not_compared` says what one of them knows and the other does not, and what was left out. `undecided` are sentences on what
    was neither shown to differ nor proved alike, as not all values of some slot could be tried. It is not `complete` where the
    time was up before everything was compared.
    """

    differences: tuple[Difference, ...]
    not_compared: tuple[str, ...]
    complete: bool = True
    constraints: tuple[ConstraintDifference, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def equivalent(self) -> bool:
        """Whether it is proved, for every patient that both can be told of, that both allow or both forbid them, and that every
        conclusion stands alike."""
        return self.complete and not (self.differences or self.constraints or self.undecided)

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "equivalent": self.equivalent,
            "complete": self.complete,
            "differences": [one.to_data() for one in self.differences],
            "constraints": [one.to_data() for one in self.constraints],
            "undecided": list(self.undecided),
            "not_compared": list(self.not_compared),
        }


def diff(old: Linked, new: Linked, deadline: Deadline = NEVER) -> Comparison:
    """Compare over all cases that both can be told of, until the deadline: conclusions where no constraint of either is broken,
    and constraints.

    Raises `MissingExtraError` when python-sat is not installed.
    """
    programs = compile_program(old), compile_program(new)
    shared = replace(new, terms={place: term for place, term in new.terms.items() if place in old.terms})
    world = World(Clauses(deadline), shared, [atom for program in programs for atom in program.atoms])
    for place in world.places:
        if not (_knows(old, place) and _knows(new, place)):
            world.clauses.add(-world.presence(place)[0])
            world.clauses.add(-world.presence(place)[1])
    left = sorted({exact(fact): fact for program in programs for fact in program.facts}.items(), reverse=True)
    found: list[Difference] = []
    constraints: list[ConstraintDifference] = []
    undecided: list[str] = []
    many, complete = len(left), False
    try:
        deadline.poll("putting both versions into clauses")
        sides = _Side("old", programs[0], world), _Side("new", programs[1], world)
        while left:
            deadline.poll(f"comparing conclusion {many - len(left) + 1} of {many}")
            found += _differences(left[-1][0], *sides, undecided)
            left.pop()
        constraints = [*_forbidden(sides[0], sides[1], undecided), *_forbidden(sides[1], sides[0], undecided)]
        complete = True
    except OutOfTime:
        pass
    out = [f"{say_fact(fact)}: the time was up" for _, fact in reversed(left)]
    if not complete and not left:
        out.append("the constraints: the time was up")
    not_compared = (*out, *_not_compared(old, new, programs, world))
    return Comparison(tuple(found), not_compared, complete, tuple(constraints), tuple(dict.fromkeys(undecided)))


class _Side:
    """One of the two versions, over the world that both share."""

    def __init__(self, version: Literal["old", "new"], program: Program, world: World) -> None:
        self.version = version
        self.program = program
        self.cases = PossibleCases(program, world=world, constraints=False)
        self.native = Native(program)
        self.numbers = {exact(fact): number for number, fact in enumerate(program.facts)}
        self.allows = [Claim(instance.body, holds=False) for instance in program.constraints]
        """That no constraint is broken."""

    def literals(self, claims: Sequence[Claim]) -> list[int]:
        """The literals of claims."""
        return [self.cases.literal(claim) for claim in claims]

    def claims(self, name: tuple[str, ...], bits: tuple[bool, bool]) -> list[Claim] | None:
        """That a conclusion stands so; None when it cannot."""
        number = self.numbers.get(name)
        if number is None:
            return None if any(bits) else []
        return [Claim(Derived(number), bit, holds) for bit, holds in zip((ESTABLISHED, CERTAIN), bits, strict=True)]

    def rules(self, name: tuple[str, ...], case: Sequence[Fact]) -> tuple[str, ...]:
        """The rules that give a conclusion in a case."""
        number = self.numbers.get(name)
        if number is None:
            return ()
        evaluation = self.native.run(case).evaluation
        firing = (i for i in self.program.producers[number] if evaluation.instance(i) & ESTABLISHED)
        return tuple(sorted({self.program.instances[i].rule.name for i in firing}))


def _forbidden(by: _Side, other: _Side, undecided: list[str]) -> Iterator[ConstraintDifference]:
    """For each constraint of one version a case that breaks it and that the other version allows."""
    bodies: dict[str, list[Node]] = {}
    for instance in by.program.constraints:
        bodies.setdefault(instance.constraint.name, []).append(instance.body)
    for name, nodes in sorted(bodies.items()):
        broken = [Claim(Some(tuple(nodes)))]
        case = _case(by, broken, other, other.allows)
        if case is not None:
            yield ConstraintDifference(name, by.version, case)
        elif by.cases.is_open(broken, other.literals(other.allows)):
            undecided.append(f"constraint {name} of the {by.version} one: whether it forbids a patient whom the other allows")


def _case(one: _Side, claims: Sequence[Claim], other: _Side, others: Sequence[Claim]) -> tuple[Fact, ...] | None:
    """A small case in which the claims on both sides hold, as both engines have it; None where none is found."""
    case = one.cases.find(claims, other.literals(others), least=True)
    if case is not None:
        other.cases.replay(case, others)
    return case


def _differences(name: tuple[str, ...], old: _Side, new: _Side, undecided: list[str]) -> Iterator[Difference]:
    """One case where the conclusion is lost and one where it is gained, the surest; else those where it is more or less sure."""
    shown = [next(_shown(name, old, new, changes, undecided), None) for changes in (_LOST, _GAINED)]
    found = [one for one in shown if one is not None]
    yield from found or _shown(name, old, new, _LESS_OR_MORE_SURE, undecided)


def _shown(
    name: tuple[str, ...],
    old: _Side,
    new: _Side,
    changes: Sequence[tuple[tuple[bool, bool], tuple[bool, bool]]],
    undecided: list[str],
) -> Iterator[Difference]:
    for before, after in changes:
        was, becomes = old.claims(name, before), new.claims(name, after)
        if was is None or becomes is None:
            continue
        was, becomes = [*was, *old.allows], [*becomes, *new.allows]
        case = _case(new, becomes, old, was)
        side = new if name in new.numbers else old
        fact = side.program.facts[side.numbers[name]]
        if case is not None:
            yield Difference(fact, case, _OF_BITS[before], _OF_BITS[after], old.rules(name, case), new.rules(name, case))
        elif new.cases.is_open(becomes, old.literals(was)):
            undecided.append(
                f"{say_fact(fact)}: whether it is {_OF_BITS[before]} in the old one and {_OF_BITS[after]} in the new one"
            )


def _knows(linked: Linked, place: Place) -> bool:
    """Whether a fact of this place can be stated to a rule base."""
    if linked.fact_types.get(place.kind.tag()) is not place.kind or place.kind in linked.derived_types:
        return False
    fields: list[FieldSchema] = [place.kind.schema_.fields[name] for name in place.kind.schema_.keys]
    return all(
        field.vocabulary is None or value is None or (field.vocabulary, value) in linked.terms
        for field, value in zip(fields, place.key, strict=True)
    )


def _not_compared(old: Linked, new: Linked, programs: tuple[Program, Program], world: World) -> Iterator[str]:
    for one, other, word in ((old, new, "old"), (new, old, "new")):
        missing = sorted(f"{vocabulary} {id}" for vocabulary, id in one.terms.keys() - other.terms.keys())
        if missing:
            yield f"only the {word} one knows {', '.join(missing)}"
    for tag in sorted(old.fact_types.keys() & new.fact_types.keys()):
        kind = old.fact_types[tag]
        if kind is not new.fact_types[tag] and kind not in old.derived_types:
            yield f"fact type {tag} is another class in the new one, so that no fact of it can be given to both"
    if any(program.reads_closed for program in programs):
        yield "cases with facts of closed types, of which a patient can have any number"
    for said in world.inexact:
        yield f"all values of {said.place.kind.__name__}.{said.slot}: only samples were tried"


def _standing(standing: Standing, rules: Sequence[str]) -> str:
    return f"{standing}, by {', '.join(rules)}" if rules else standing
