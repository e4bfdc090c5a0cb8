"""Random small rule bases, as packs that link: for tests of engines, proofs and tables against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..facts.base import Fact
from ..facts.types import Finding, Recommendation
from ..ir.conclusions import Conclusion, conclude, phrase
from ..ir.expressions import Ref
from ..ir.premises import Given, SignSet, each, premise, sign_set
from ..ir.quantities import quantity
from ..pack import Extension, Pack, extend
from ..rule import Constraint, Overridden, Rule, never
from ..terms import ConditionTerm, InterventionTerm
from .playground import (
    CLOSED,
    CONDITIONS,
    INTERVENTIONS,
    MILD,
    OPEN,
    PARAMETERS,
    TARGETS,
    TERMS,
    UNFOUND,
    Course,
    Onset,
    Radiating,
    Target,
    constants,
    sort_of,
)
from .premise_strategies import (
    Bound,
    Room,
    distinct,
    like_signs,
    no_signs,
    random_number,
    random_premise,
    random_variable,
    together,
)

PACKS: Final = ("base", "more", "other")
Layers: TypeAlias = tuple[tuple[Target, ...], ...]


@dataclass(frozen=True)
class _Plan:
    """What is settled of a rule before it is written: its place, what it concludes, and the rule it replaces.

    A rule fires on its `level`. It reads conclusions up to that level, and under a negation or against an override
    only what is below, so that the whole rule base is stratified. One that is `idle` never fires.
    """

    name: str
    heads: tuple[Target, ...]
    rank: int
    recursive: bool
    level: float
    replaces: str | None
    idle: bool


@st.composite
def packs(
    draw: DrawFn, *, max_rules: int = 5, max_packs: int = 3, depth: int = 2, stratified: bool = True, idle: bool = False
) -> list[Pack]:
    """A rule base as one to three packs, of which the first is required by the others.

    With `stratified=False` negations and overrides may stand in cycles, and linking or loading may refuse it. With `idle`
    there may be rules that cannot fire; what they negate and override may stand in any order, for they close no cycle.
    """
    order = _layers(draw)
    free = None if stratified else len(order) - 1
    names = PACKS[: draw(st.integers(1, max_packs))]
    signs, extensions = _signs(draw, Room(order, upto=0, below=-1, depth=1, negated=True), names)
    lowest = Room(order, upto=0, below=-1, depth=1, negated=True)
    quantities = [quantity(f"q{n}", f"Q {n}", random_number(draw, lowest, grows=True)) for n in range(draw(st.integers(0, 2)))]
    named = tuple((one, 0) for one in quantities)
    room = Room(order, upto=0, below=-1, depth=depth, signs=((signs, 0),), quantities=named)
    plans = _plans(draw, order, draw(st.integers(1, max_rules)), names, idle)
    top_rank = len(order) - 1
    rules = [_rule(draw, p, plans, _room_of(room, p, top_rank if p.idle else free), stratified and not p.idle) for p in plans]
    top = replace(room, upto=top_rank, below=top_rank)
    constraints = [_constraint(draw, f"c{i}", top) for i in range(draw(st.integers(0, 2)))]

    def of(name: str, things: Sequence[Any], plan: Sequence[_Plan] = plans) -> list[Any]:
        return [thing for thing, place in zip(things, plan, strict=True) if place.name.startswith(f"{name}:")]

    base, *others = (
        Pack(name, version="1", title=name.title(), rules=of(name, rules), extends=extensions.get(name, ())) for name in names
    )
    base = replace(
        base,
        constraints=constraints, terms=TERMS, parameters=PARAMETERS, sign_sets=[signs], quantities=quantities,
        fact_types=[*OPEN, *CLOSED, Finding, Radiating, Recommendation, Course, Onset],
    )  # fmt: skip
    return [base, *(replace(pack, requires=[base.id]) for pack in others)]


def _signs(draw: DrawFn, room: Room, names: Sequence[str]) -> tuple[SignSet, dict[str, list[Extension]]]:
    members = [random_premise(draw, room) for _ in range(draw(st.integers(2, 3)))]
    signs = sign_set("signs", *distinct([*members, *draw(st.sampled_from((no_signs, like_signs)))(draw)]))
    extensions: dict[str, list[Extension]] = {}
    for name in names:
        if draw(st.booleans()):
            target = signs if draw(st.booleans()) else "base:signs"
            extensions[name] = [extend(target, random_premise(draw, room), *draw(st.sampled_from((no_signs, like_signs)))(draw))]
    return signs, extensions


def _layers(draw: DrawFn) -> Layers:
    """The groups of conclusions from the ground up, one, two or more in a layer."""
    order: tuple[Target, ...] = tuple(draw(st.permutations(TARGETS)))
    size = draw(st.integers(1, 3))
    return tuple(order[start : start + size] for start in range(0, len(order), size))


def _plans(draw: DrawFn, order: Layers, count: int, names: Sequence[str], idle: bool) -> list[_Plan]:
    plans: list[_Plan] = []
    rank_of = {target: rank for rank, layer in enumerate(order) for target in layer}
    for number in range(count):
        heads = draw(st.lists(st.sampled_from(list(rank_of)), min_size=1, max_size=2, unique=True))
        rank = min(rank_of[head] for head in heads)
        recursive = draw(st.booleans())
        unreplaced = [p.name for p in plans if all(q.replaces != p.name for q in plans)]
        plans.append(
            _Plan(
                name=f"{draw(st.sampled_from(names))}:r{number}",
                heads=tuple(heads),
                rank=rank,
                recursive=recursive,
                level=rank if recursive else rank - 1 + (number + 1) / (count + 1),
                replaces=draw(st.sampled_from([None] * 9 + unreplaced)),
                idle=idle and draw(st.integers(0, 4)) == 0,
            )
        )
    return plans


def _room_of(room: Room, plan: _Plan, free: int | None) -> Room:
    if free is not None:
        return replace(room, upto=free, below=free)
    return replace(room, upto=plan.rank if plan.recursive else plan.rank - 1, below=plan.rank - 1)


def _rule(draw: DrawFn, plan: _Plan, plans: Sequence[_Plan], room: Room, stratified: bool) -> Rule:
    for _ in range(draw(st.sampled_from([0, 1, 2, 2, 2, 3]))):
        room = replace(room, variables=(*room.variables, random_variable(draw, room)))
    used: list[Bound] = []
    then = [_conclusion(draw, head, room, used) for head in plan.heads]
    matched: list[Given] = [premise(bound.variable) for bound in used]
    if plan.idle:
        matched.append(UNFOUND)
    when = together(room, matched, random_premise(draw, room))
    return Rule(
        plan.name.partition(":")[2],
        when=when,
        then=then,
        overrides=_overrides(draw, plan, plans, stratified),
        replaces=plan.replaces,
    )


def _conclusion(draw: DrawFn, target: Target, room: Room, used: list[Bound]) -> Conclusion[Any]:
    """A conclusion of this group; variables that it copies from are added to `used`."""

    def copy(name: str, *, kind: type[Fact] = target.kind, required: bool = False) -> object:
        field = kind.schema_.fields[name]
        refs = [
            (bound, ref)
            for bound in room.variables
            for ref in bound.refs()
            if ref.field.is_key and sort_of(ref.field) == sort_of(field) and not (required and ref.field.is_slot)
        ]
        values: list[tuple[Bound | None, Ref[Any] | Any]] = [(None, value) for value in constants(sort_of(field))]
        bound, value = draw(st.sampled_from([*refs, *values] if required else [(None, None), *refs, *values]))
        if bound is not None and bound not in used:
            used.append(bound)
        return value

    match target.term:
        case ConditionTerm() as found:
            strength = draw(st.sampled_from(constants(sort_of(Finding.schema_.fields["strength"]))))
            if draw(st.integers(0, 3)) == 0:
                side = copy("side", kind=Radiating)
                return conclude(Radiating, condition=found, region=copy("region"), strength=strength, side=side)
            return conclude(Finding, condition=found, region=copy("region"), strength=strength)
        case InterventionTerm() as done:
            until = draw(st.sampled_from([None, "better", phrase("pain below {mild}/10", MILD)]))
            return conclude(Recommendation, intervention=done, for_condition=copy("for_condition"), until=until)
        case _:
            if target.kind is Onset:
                return conclude(Onset, began=copy("began", required=True), region=copy("region"))
            return conclude(Course, region=copy("region"), grade=draw(st.sampled_from([None, 3, MILD, 8])))


def _overrides(draw: DrawFn, plan: _Plan, plans: Sequence[_Plan], stratified: bool) -> list[Overridden]:
    """Acts of overriding: rules by name, or everything of a type or of a template, where each rule hit fires above this one."""
    by_replaced = {p.replaces: p for p in plans if p.replaces}

    def standing(other: _Plan) -> _Plan:
        while other.name in by_replaced:
            other = by_replaced[other.name]
        return other

    def above(other: _Plan) -> bool:
        return other is not plan and (other.level > plan.level or not stratified)

    options: list[Overridden] = [p.name for p in plans if above(standing(p))]
    for pattern, hit in _patterns():
        if pattern is Finding and stratified:
            continue  # it takes back what was known before as well, which any rule may read
        hits = [p for p in map(standing, plans) if p is not plan and any(head in hit for head in p.heads)]
        if hits and all(above(p) for p in hits):
            options.append(pattern)
    return draw(st.lists(st.sampled_from(options), max_size=2, unique=True)) if options else []


def _patterns() -> list[tuple[Overridden, tuple[Target, ...]]]:
    """What overrides may name besides rules, with the groups of conclusions it may touch."""
    kinds: list[tuple[Overridden, tuple[Target, ...]]] = [
        (kind, tuple(t for t in TARGETS if t.kind is kind)) for kind in (Finding, Recommendation, Course)
    ]
    kinds.append((Radiating, tuple(t for t in TARGETS if t.kind is Finding)))
    for term in INTERVENTIONS:
        kinds.append((each(Recommendation, kind=term.kind), (Target(Recommendation, term),)))
    for target in TARGETS:
        narrow: list[dict[str, object]] = [{}, {"region": "neck"}]
        match target.term:
            case ConditionTerm() as found:
                narrow += [{"region": "lumbar", "strength": "may_indicate"}]
                kinds += [(each(Radiating, condition=found, **where), (target,)) for where in ({}, {"side": "left"})]
                kinds += [(found.finding(), (target,)), (found.finding(strength="indicates"), (target,))]
            case InterventionTerm() as done:
                narrow = [{}, {"for_condition": CONDITIONS[0]}]
                kinds += [(done.recommend(), (target,)), (done.recommend(until=phrase("pain below {mild}/10", MILD)), (target,))]
            case _ if target.kind is Course:
                narrow += [{"grade": MILD}, {"region": "lumbar", "grade": 8}]
        kinds += [(each(target.kind, **target.where, **where), (target,)) for where in narrow]
    return kinds


def _constraint(draw: DrawFn, id: str, room: Room) -> Constraint:
    for _ in range(draw(st.integers(0, 2))):
        room = replace(room, variables=(*room.variables, random_variable(draw, room)))
    return never(id, together(room, [], *(random_premise(draw, room) for _ in range(draw(st.integers(1, 2))))))
