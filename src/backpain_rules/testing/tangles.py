"""Random rule bases whose rules hang together in every way that a rule base may: for sessions above all.

Some rules cannot fire, since nothing concludes what they read; some support each other in a circle, some override all
of a type, some read episodes and conclude what only an episode gives a key.
"""

from __future__ import annotations

from collections.abc import Callable
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
from ..terms import condition, intervention, symptom
from .playground import Episode, Onset

SIGNS: Final = tuple(symptom(f"s{i}", f"Sign {i}", ask=f"Sign {i}?") for i in range(3))
CONDITIONS: Final = tuple(condition(f"c{i}", f"Condition {i}") for i in range(5))
REST: Final = intervention("rest", "Rest")
REGIONS: Final = get_args(Region)[:2]
DATES: Final = (date(2024, 1, 1), date(2024, 2, 1))
NEGATIONS: Final[tuple[Callable[[Given], Premise], ...]] = (unless, unless, not_, is_unknown, is_known)
READ: Final[tuple[Given, ...]] = (
    *SIGNS, *CONDITIONS, *CONDITIONS, exists(Onset), exists(Onset, region=REGIONS[0]), exists(Episode, severity=7)
)  # fmt: skip
CONCLUSIONS: Final[tuple[Conclusion[Any], ...]] = (
    *(one.finding() for one in CONDITIONS[:-1]), REST.recommend(), REST.recommend(note="often"), conclude(Onset, began=DATES[0])
)  # fmt: skip
"""Nothing concludes the last condition, and an `Onset` in a region takes an episode there."""


@st.composite
def tangled_packs(draw: DrawFn, *, max_rules: int = 9) -> list[Pack]:
    """One pack; rule bases with a cycle through a negation are left out."""
    count = draw(st.integers(2, max_rules))
    rules = [_rule(draw, number, count) for number in range(count)]
    tangled = Pack(
        "tangled", version="1", title="Tangled", rules=rules, terms=(*SIGNS, *CONDITIONS, REST),
        fact_types=[Pain, Episode, Finding, Recommendation, Onset],
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


def _rule(draw: DrawFn, number: int, count: int) -> Rule:
    conclusion = draw(st.sampled_from(CONCLUSIONS))
    members = [draw(st.sampled_from(READ)) for _ in range(draw(st.integers(1, 2)))]
    for _ in range(draw(st.sampled_from((0, 0, 1)))):
        members.append(draw(st.sampled_from(NEGATIONS))(draw(st.sampled_from(READ))))
    when = draw(st.sampled_from((all_of, all_of, any_of, _two_of)))(*members)
    match draw(st.sampled_from(("", "", "", "episode", "onset", "pain"))):
        case "episode":
            episode = each(Episode)
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


def _overrides(draw: DrawFn, number: int, count: int) -> list[Overridden]:
    options: list[Overridden] = [f"tangled:r{other}" for other in range(count) if other != number]
    options += [Recommendation, Recommendation, Finding]
    return draw(st.lists(st.sampled_from(options), max_size=1)) if draw(st.integers(0, 3)) == 0 else []


def _two_of(*members: Given) -> Premise:
    return at_least(min(2, len(set(members))), *members)
