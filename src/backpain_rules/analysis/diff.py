"""Two versions of a rule base: do they say the same of every patient? If not, of whom not, in the smallest cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from ..engine.native import Native
from ..explain.words import say_fact
from ..facts.base import Fact, exact, to_data
from ..facts.schema import FieldSchema
from ..ground.compile import compile_program
from ..ground.nodes import Derived, Place
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
class Comparison:
    """Where two versions differ. `not_compared` says what one of them knows and the other does not, and what was left out."""

    differences: tuple[Difference, ...]
    not_compared: tuple[str, ...]

    @property
    def equivalent(self) -> bool:
        """Whether every conclusion stands alike for every patient that both can be told of."""
        return not self.differences

    def to_data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "equivalent": self.equivalent,
            "differences": [one.to_data() for one in self.differences],
            "not_compared": list(self.not_compared),
        }


def diff(old: Linked, new: Linked) -> Comparison:
    """Compare over all cases that both can be told of and that break a constraint of neither.

    Raises `MissingExtraError` when python-sat is not installed.
    """
    programs = compile_program(old), compile_program(new)
    shared = replace(new, terms={place: term for place, term in new.terms.items() if place in old.terms})
    world = World(Clauses(), shared, [atom for program in programs for atom in program.atoms])
    for place in world.places:
        if not (_knows(old, place) and _knows(new, place)):
            world.clauses.add(-world.presence(place)[0])
            world.clauses.add(-world.presence(place)[1])
    sides = _Side(programs[0], world), _Side(programs[1], world)
    conclusions = sorted({**sides[0].numbers, **sides[1].numbers}.items())
    found = [one for name, _ in conclusions for one in _differences(name, *sides)]
    return Comparison(tuple(found), tuple(_not_compared(old, new, programs, world)))


class _Side:
    """One of the two versions, over the world that both share."""

    def __init__(self, program: Program, world: World) -> None:
        self.program = program
        self.cases = PossibleCases(program, world=world)
        self.native = Native(program)
        self.numbers = {exact(fact): number for number, fact in enumerate(program.facts)}

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


def _differences(name: tuple[str, ...], old: _Side, new: _Side) -> Iterator[Difference]:
    """One case where the conclusion is lost and one where it is gained, the surest; else those where it is more or less sure."""
    shown = [next(_shown(name, old, new, changes), None) for changes in (_LOST, _GAINED)]
    found = [one for one in shown if one is not None]
    yield from found or _shown(name, old, new, _LESS_OR_MORE_SURE)


def _shown(
    name: tuple[str, ...], old: _Side, new: _Side, changes: Sequence[tuple[tuple[bool, bool], tuple[bool, bool]]]
) -> Iterator[Difference]:
    for before, after in changes:
        claims, others = old.claims(name, before), new.claims(name, after)
        if claims is None or others is None:
            continue
        case = new.cases.find(others, [old.cases.literal(claim) for claim in claims], least=True)
        if case is not None:
            old.cases.replay(case, claims)
            side = new if name in new.numbers else old
            fact = side.program.facts[side.numbers[name]]
            yield Difference(fact, case, _OF_BITS[before], _OF_BITS[after], old.rules(name, case), new.rules(name, case))


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
