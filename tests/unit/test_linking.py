"""Packs put together: every name must lead somewhere, every act on another pack must be possible, or loading says why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from backpain_rules import (
    BackpainRulesError,
    DefinitionError,
    DuplicatePackError,
    Finding,
    KnowledgeBase,
    Pack,
    Pain,
    ParameterError,
    PremiseError,
    Recommendation,
    Rule,
    RuleBaseWarning,
    StratificationError,
    UnknownPackError,
    UnknownTargetError,
    all_of,
    any_of,
    at_least,
    conclude,
    condition,
    each,
    extend,
    intervention,
    not_,
    parameter,
    score,
    sign_set,
    symptom,
    unless,
)

COLD, HEAT, THIRST = (symptom(id, id.title(), ask=f"{id}?") for id in ("cold", "heat", "thirst"))
CHILL, FEVER = condition("chill", "Chill"), condition("fever", "Fever")
TEA, REST = intervention("tea", "Tea"), intervention("rest", "Rest")
SIGNS = sign_set("signs", COLD, THIRST.absent)
ENOUGH = parameter("enough", 1, "signs that make a chill", ge=1, le=3)
LONG = parameter("long", timedelta(days=2), "how long is long", ge=timedelta(days=1))
pain = each(Pain)

chill = Rule("chill", when=at_least(ENOUGH, SIGNS), then=CHILL.finding())
tea = Rule("tea", when=CHILL, then=TEA.recommend(for_condition=CHILL))
BASE = Pack("base", version="1", title="Base", rules=[chill, tea], terms=[FEVER, REST])


def other(*rules: Rule, **more: object) -> Pack:
    return Pack("other", version="1", title="Other", rules=rules, requires=["base"], **more)  # type: ignore[arg-type]


def rule(id: str = "r", **fields: object) -> Rule:
    return Rule(id, **{"when": HEAT, "then": REST.recommend(), **fields})  # type: ignore[arg-type]


def test_the_base_and_a_pack_that_acts_on_it_go_together() -> None:
    added = extend("base:signs", HEAT)
    kb = KnowledgeBase([other(rule(overrides="base:tea"), extends=[added]), BASE])
    assert [pack.id for pack in kb.packs] == ["base", "other"]
    assert {r.name: r.overridden_by for r in kb._linked.rules} == {"base:chill": (), "base:tea": ("other:r",), "other:r": ()}
    assert [(one.pack, one.target) for one in kb._linked.extensions] == [("other", "base:signs")]


REFUSED: list[tuple[str, Callable[[], list[Pack]], type[BackpainRulesError], str]] = [
    (
        "two packs of one name",
        lambda: [BASE, Pack("base", version="2", title="")],
        DuplicatePackError,
        "two packs are called 'base'",
    ),
    ("a pack that is not there", lambda: [other()], UnknownPackError, "pack 'other' requires pack 'base', which is not loaded"),
    (
        "packs in a circle",
        lambda: [Pack("a", version="1", title="", requires=["b"]), Pack("b", version="1", title="", requires=["a"])],
        DefinitionError,
        "require each other in a circle: a, b",
    ),
    (
        "a term declared otherwise",
        lambda: [BASE, other(terms=[symptom("cold", "Has a cold", ask="Have you a cold?")])],
        DefinitionError,
        "pack 'other' declares symptom 'cold' otherwise than pack 'base' does",
    ),
    ("no such rule", lambda: [BASE, other(rule(overrides="base:tee"))], UnknownTargetError, "did you mean 'base:tea'"),
    (
        "no such rule to replace",
        lambda: [BASE, other(rule(replaces="base:chil"))],
        UnknownTargetError,
        "did you mean 'base:chill'",
    ),
    (
        "a rule of no pack",
        lambda: [BASE, other(rule(overrides=rule("x")))],
        UnknownTargetError,
        "'x', which is in no loaded pack",
    ),
    ("no such sign set", lambda: [BASE, other(extends=[extend("base:sings", HEAT)])], UnknownTargetError, "mean 'base:signs'"),
    ("itself overridden", lambda: [BASE, other(rule(overrides="r"))], DefinitionError, "rule other:r overrides itself"),
    ("itself replaced", lambda: [BASE, other(rule(replaces="r"))], DefinitionError, "rule other:r replaces itself"),
    (
        "replaced twice",
        lambda: [BASE, other(rule("a", replaces="base:tea"), rule("b", replaces="base:tea"))],
        DefinitionError,
        "rules other:a and other:b both replace base:tea",
    ),
    (
        "replacing in a circle",
        lambda: [BASE, other(rule("a", replaces="b"), rule("b", replaces="a"))],
        DefinitionError,
        "replace each other in a circle: other:b -> other:a -> other:b",
    ),
    (
        "an override in a circle",
        lambda: [BASE, other(rule("a", overrides="b"), rule("b", overrides="a"))],
        StratificationError,
        "rules 'other:a' and 'other:b' each depend on the absence of the other; "
        "remove one negation or override: other:a -> not other:b -> not other:a (test_linking.py, line ",
    ),
    (
        "a cycle through a negation",
        lambda: [BASE, other(rule("a", when=unless(FEVER), then=CHILL.finding()), rule("b", when=CHILL, then=FEVER.finding()))],
        StratificationError,
        "remove one negation or override: other:a -> not other:b -> other:a (test_linking.py, line ",
    ),
    (
        "a count beyond its members",
        lambda: [BASE, other(rule(when=at_least(3, COLD, HEAT)))],
        PremiseError,
        "rule other:r: at_least(3, cold, heat): 3 of 2 can never be reached",
    ),
    (
        "a score beyond its points",
        lambda: [BASE, other(rule(when=score((1, COLD), (2, HEAT)) >= 4))],
        PremiseError,
        "score(...) is 0 to 3",
    ),
    (
        "a mandatory sign that does not count",
        lambda: [BASE, other(rule(when=at_least(1, SIGNS, mandatory=[HEAT])))],
        PremiseError,
        "mandatory heat is not among those counted",
    ),
    ("unless under not_", lambda: [BASE, other(rule(when=not_(unless(HEAT))))], PremiseError, "write x, here heat"),
    (
        "a key of a fact that is not bound",
        lambda: [BASE, other(rule(when=all_of(HEAT, not_(pain)), then=CHILL.finding(region=pain.region)))],
        PremiseError,
        "copies from a fact that is not bound for the whole rule",
    ),
    (
        "a stated fact concluded",
        lambda: [BASE, other(rule(then=conclude(Pain, region="neck")))],
        PremiseError,
        "Pain is stated by the caller",
    ),
    (
        "an id that nothing declares",
        lambda: [BASE, other(rule(when=Finding(condition="chil")))],
        UnknownTargetError,
        "did you mean 'chill'",
    ),
]


@pytest.mark.parametrize(("packs", "kind", "said"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
def test_what_does_not_go_together_is_refused(packs: Callable[[], list[Pack]], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as caught:
        KnowledgeBase(packs())
    assert said in str(caught.value)


VALUES: list[tuple[str, dict[str, object], str]] = [
    ("no such parameter", {"base:enuogh": 2}, "no loaded pack has a parameter 'base:enuogh'; did you mean 'base:enough'"),
    ("without its pack", {"enough": 2}, "did you mean 'base:enough'"),
    ("above its bounds", {"base:enough": 4}, "'enough' must be at least 1 and at most 3, not 4"),
    ("text", {"base:enough": "2"}, "takes a value of type int, not '2'"),
    ("truth", {"base:enough": True}, "takes a value of type int, not True"),
    ("a bare number for a time", {"other:long": 3}, "takes a value of type timedelta, not 3"),
    ("too short a time", {"other:long": timedelta(hours=1)}, "must be at least 24 h, not 1 h"),
]


@pytest.mark.parametrize(("values", "said"), [pytest.param(*row[1:], id=row[0]) for row in VALUES])
def test_a_parameter_takes_a_value_of_its_type_within_its_bounds(values: dict[str, object], said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        KnowledgeBase([BASE, other(rule(when=pain.duration >= LONG))], parameters=values)
    assert said in str(caught.value)


def test_a_parameter_changes_a_result_and_shows_in_its_explanation() -> None:
    case = [COLD.present, THIRST.present]
    one, two = (KnowledgeBase([BASE], parameters={ENOUGH: k}).assess(case) for k in (1, 2))
    assert [f.condition for f in one.findings] == ["chill"]
    assert two.findings == ()
    assert "with base:enough = 1" in one.explain()


def test_what_is_extended_overridden_or_replaced_says_so() -> None:
    ginger = rule("ginger", when=CHILL, then=TEA.recommend(for_condition=CHILL, note="with ginger"), replaces="base:tea")
    stop = rule("stop", when=THIRST, then=REST.recommend(), overrides=Recommendation)
    added = extend("base:signs", HEAT)
    result = KnowledgeBase([BASE, other(ginger, stop, extends=[added])]).assess([HEAT.present, THIRST.absent])
    told = result.explain()
    assert "pack other adds heat to base:signs" in told
    assert "replaces base:tea" in told
    assert "unless other:stop fires" in told


def test_whatever_order_the_packs_come_in_the_rule_base_is_the_same() -> None:
    extra = other(rule(overrides="base:tea"))
    case = [COLD.present, HEAT.present]
    assert KnowledgeBase([BASE, extra]).assess(case).explain() == KnowledgeBase([extra, BASE]).assess(case).explain()


def test_what_is_allowed_and_probably_not_meant_is_a_warning_and_its_advice_ends_it() -> None:
    first, second = all_of(COLD, HEAT), all_of(COLD, THIRST)
    with pytest.warns(RuleBaseWarning, match="cold occurs in two members.*leave it out of one.*any_of") as given:
        kb = KnowledgeBase([BASE, other(rule("twice", when=at_least(1, first, second)))])
    assert [str(one.message) for one in given] == list(kb.warnings)
    assert given[0].filename == __file__
    for advised in (at_least(1, first, THIRST), at_least(1, any_of(first, second))):
        assert KnowledgeBase([BASE, other(rule("twice", when=advised))]).warnings == ()
