"""Random rule bases whose rules hang together in every way that a rule base may: for sessions above all.

Some rules cannot fire, since nothing concludes what they read; some support each other in a circle, some override all
of a type, some read episodes and conclude what only an episode gives a key. In most rule bases some rules would close a
circle, often through a negation, if one of them could fire that cannot: an engine that keeps such a rule goes round in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, get_args

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..errors import StratificationError
from ..facts.base import Fact
from ..facts.types import Finding, Pain, Recommendation, Region
from ..ground.compile import compile_program
from ..ir.conclusions import Conclusion, conclude
from ..ir.expressions import Premise
from ..ir.premises import Given, all_of, any_of, at_least, each, exists, is_known, is_unknown, not_, premise, unless
from ..link.link import link
from ..pack import Pack
from ..rule import Overridden, Rule
from ..terms import ConditionTerm, InterventionTerm, condition, intervention, symptom
from .playground import Episode, Onset, Radiating

SIGNS: Final = tuple(symptom(f"s{i}", f"Sign {i}", ask=f"Sign {i}?") for i in range(3))
CONDITIONS: Final = tuple(condition(f"c{i}", f"Condition {i}") for i in range(5))
REST: Final = intervention("rest", "Rest")
REGIONS: Final[tuple[Region, ...]] = get_args(Region)[:2]
NEAR, FAR = REGIONS
DATES: Final = (date(2024, 1, 1), date(2024, 2, 1))
NEGATIONS: Final[tuple[Callable[[Given], Premise], ...]] = (unless, unless, not_, is_unknown, is_known)
READ: Final[tuple[Given, ...]] = (
    *SIGNS, *CONDITIONS, *CONDITIONS, exists(Onset), *(exists(Onset, region=region) for region in REGIONS),
    exists(Episode, severity=7), exists(Radiating)
)  # fmt: skip
CONCLUSIONS: Final[tuple[Conclusion[Any], ...]] = (
    *(one.finding() for one in CONDITIONS[:-1]), REST.recommend(), REST.recommend(note="often"), conclude(Onset, began=DATES[0]),
    conclude(Radiating, condition=CONDITIONS[1], side="left"),
)  # fmt: skip
"""Nothing concludes the last condition, and an `Onset` in a region takes an episode there."""


@st.composite
def tangled_packs(draw: DrawFn, *, max_rules: int = 9) -> list[Pack]:
    """One pack; rule bases with a cycle through a negation are left out."""
    regions = draw(st.sampled_from(((NEAR,), (NEAR,), REGIONS)))
    circle = _circle(draw) if draw(st.integers(0, 3)) else []
    count = draw(st.integers(0 if circle else 2, max(2, max_rules - len(circle))))
    rules = [*circle, *(_rule(draw, number, count, regions) for number in range(count))]
    tangled = Pack(
        "tangled", version="1", title="Tangled", rules=rules, terms=(*SIGNS, *CONDITIONS, REST),
        fact_types=[Pain, Episode, Finding, Radiating, Recommendation, Onset],
    )  # fmt: skip
    try:
        compile_program(link([tangled], {}))
    except StratificationError:
        assume(False)
    return [tangled]


@st.composite
def tangled_cases(draw: DrawFn) -> list[Fact]:
    """A case for them: signs, pains, and up to three episodes."""
    told = [draw(st.sampled_from((sign.present, sign.present, sign.absent, None))) for sign in SIGNS]
    keys = st.tuples(st.sampled_from(DATES), st.sampled_from(REGIONS))
    episodes = [
        Episode(began=began, region=region, severity=draw(st.sampled_from((None, 2, 7))))
        for began, region in draw(st.lists(keys, max_size=3, unique=True))
    ]
    pains = [Pain(region=region, present=draw(st.booleans())) for region in draw(st.lists(st.sampled_from(REGIONS), unique=True))]
    return [*(fact for fact in told if fact is not None), *episodes, *pains]


def _circle(draw: DrawFn) -> list[Rule]:
    """Rules each of which bears on the next, round to the first; one or two of them cannot fire, so that it is no circle.

    A rule reads what the one before it concludes, or is overridden by it. Further rules conclude the same from signs.
    """
    order: list[ConditionTerm | InterventionTerm] = draw(st.permutations((*CONDITIONS[1:-1], REST)))
    heads = order[: draw(st.integers(2, 4))]
    names = [f"circle{number}" for number in range(len(heads))]
    idle = draw(st.sets(st.sampled_from(range(len(heads))), min_size=1, max_size=2))
    by_override = [draw(st.sampled_from((False, False, True))) for _ in heads]
    rules: list[Rule] = []
    for number, head in enumerate(heads):
        members: list[Given] = [draw(st.sampled_from(SIGNS))] if draw(st.booleans()) or by_override[number] else []
        if not by_override[number]:
            read = heads[number - 1]
            members.append(draw(st.sampled_from((unless, unless, not_, is_unknown, premise)))(read))
        if number in idle:
            members.append(_never(draw))
        following = (number + 1) % len(heads)
        kind = Recommendation if heads[following] is REST else Finding
        overrides = [draw(st.sampled_from((f"tangled:{names[following]}", kind)))] if by_override[following] else []
        rules.append(Rule(names[number], when=all_of(*members), then=_given(head), overrides=overrides))
    for number, head in enumerate(heads):
        if draw(st.booleans()):
            rules.append(Rule(f"support{number}", when=draw(st.sampled_from(SIGNS)), then=_given(head)))
    if draw(st.booleans()):
        near = each(Episode, region=NEAR)
        copies: list[Conclusion[Any]] = [
            conclude(Onset, began=near.began, region=near.region),
            conclude(Finding, condition=CONDITIONS[0], region=near.region),
        ]
        rules.append(Rule("near", when=near, then=copies))
    return rules


def _given(term: ConditionTerm | InterventionTerm) -> Conclusion[Any]:
    return term.recommend() if isinstance(term, InterventionTerm) else term.finding()


def _never(draw: DrawFn) -> Given:
    """What never holds: nothing concludes it at all, or not in the region where it is asked for."""
    onset, pain = each(Onset), each(Pain, region=FAR)
    found = each(Finding, condition=CONDITIONS[0], region=pain.region)
    nothing: list[Given] = [CONDITIONS[-1], exists(onset, onset.region == FAR)]
    nothing += [exists(pain, exists(inside)) for inside in (each(Onset, region=pain.region), found)]
    return draw(st.sampled_from(nothing))


def _rule(draw: DrawFn, number: int, count: int, regions: Sequence[Region]) -> Rule:
    conclusion = draw(st.sampled_from(CONCLUSIONS))
    members = [draw(st.sampled_from(READ)) for _ in range(draw(st.integers(1, 2)))]
    for _ in range(draw(st.sampled_from((0, 0, 1)))):
        members.append(draw(st.sampled_from(NEGATIONS))(draw(st.sampled_from(READ))))
    when = draw(st.sampled_from((all_of, all_of, any_of, _two_of)))(*members)
    match draw(st.sampled_from(("", "", "", "episode", "onset", "pain"))):
        case "episode":
            episode = _episode(draw, regions)
            when = all_of(draw(st.sampled_from((premise(episode), episode.severity >= 5))), when)
            copies = (
                conclude(Onset, began=episode.began, region=episode.region), conclude(Onset, began=episode.began),
                conclude(Finding, condition=CONDITIONS[0], region=episode.region),
            )  # fmt: skip
            conclusion = draw(st.sampled_from((conclusion, *copies)))
        case "onset":
            onset = each(Onset)
            when = all_of(onset, when)
            conclusion = draw(st.sampled_from((conclusion, conclude(Onset, began=onset.began))))
        case "pain":
            pain = each(Pain)
            episode = each(Episode, region=pain.region)
            found = each(Finding, condition=draw(st.sampled_from(CONDITIONS)))
            when = all_of(pain, episode, draw(st.sampled_from((unless, is_known)))(exists(found, episode)), when)
        case _:
            pass
    return Rule(f"r{number}", when=when, then=conclusion, overrides=_overrides(draw, number, count))


def _episode(draw: DrawFn, regions: Sequence[Region]) -> type[Episode]:
    """A variable for episodes in a region that onsets and findings may copy from them, or in any if all are such."""
    if len(regions) > 1 and draw(st.booleans()):
        return each(Episode)
    return each(Episode, region=draw(st.sampled_from(regions)))


def _overrides(draw: DrawFn, number: int, count: int) -> list[Overridden]:
    options: list[Overridden] = [f"tangled:r{other}" for other in range(count) if other != number]
    options += [Recommendation, Recommendation, Finding]
    return draw(st.lists(st.sampled_from(options), max_size=1)) if draw(st.integers(0, 3)) == 0 else []


def _two_of(*members: Given) -> Premise:
    return at_least(min(2, len(set(members))), *members)
