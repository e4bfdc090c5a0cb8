"""What a rule base means, one small example a row. They read as the specification, and the reference keeps them.

Three bits: 7 is known true, 3 holds by default, 1 is only possible, 0 is known false.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

import pytest

from backpain_rules import (
    ConflictingFactError,
    DefinitionError,
    Fact,
    Finding,
    Injury,
    InvalidFactError,
    Key,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Premise,
    PremiseError,
    Recommendation,
    Region,
    Rule,
    Slot,
    StratificationError,
    all_of,
    any_of,
    at_least,
    conclude,
    condition,
    each,
    exists,
    extend,
    intervention,
    is_known,
    is_unknown,
    never,
    not_,
    parameter,
    score,
    sign_set,
    slot,
    symptom,
    unless,
)
from backpain_rules.engine.reference import broken, evaluate
from backpain_rules.link.link import link

COLD, THIRST, HEAT = (symptom(id, id.title(), ask=f"{id.title()}?") for id in ("cold", "thirst", "heat"))
STRAIN, DAMPNESS, DEFICIENCY = (condition(id, id.title()) for id in ("strain", "dampness", "deficiency"))
HERBS, NEEDLES = intervention("herbs", "Herbs"), intervention("needles", "Needles")
TRUE, DEFAULT, POSSIBLE, FALSE = 7, 3, 1, 0

LUMBAR, NO_LUMBAR = Pain(region="lumbar"), Pain(region="lumbar", present=False)


class Episode(Fact):
    """A closed type: what is not stated is not there."""

    began: Key[date]
    region: Key[Region]
    severity: Slot[int] = slot(ge=0, le=10)


class Numbness(Fact):
    """An open type that is keyed by a region one may leave out."""

    region: Slot[Region] = slot(key=True)
    present: bool = True


class Course(Fact):
    """A derived type with a slot."""

    region: Slot[Region] = slot(key=True)
    grade: Slot[int] = slot(ge=0, le=10)


JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
WORDS = (COLD, THIRST, HEAT, STRAIN, DAMPNESS, DEFICIENCY, HERBS, NEEDLES)


def run(rules: Sequence[Rule], *facts: Fact, **more: Any) -> dict[Fact, int]:
    """The conclusions of these rules as one pack, with their bits."""
    return evaluate(link([Pack("p", version="1", title="P", rules=rules, terms=WORDS, **more)], {}), facts)


def bits(when: Any, *facts: Fact) -> int:
    """The bits of one premise in a case."""
    return run([Rule("r", when=when, then=STRAIN.finding())], *facts).get(Finding(condition="strain"), FALSE)


pain, injury = each(Pain), each(Injury)
lumbar, neck = each(Pain, region="lumbar"), each(Pain, region="neck")
first, second = each(Episode), each(Episode)


# --- a literal on open facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("premise", "facts", "expected"),
    [
        (COLD, [COLD.present], TRUE),
        (COLD, [COLD.absent], FALSE),
        (COLD, [], POSSIBLE),
        (COLD.absent, [COLD.absent], TRUE),
        (COLD.absent, [COLD.present], FALSE),
        (COLD.absent, [], POSSIBLE),
        (STRAIN.diagnosed, [STRAIN.diagnosed], TRUE),
        (STRAIN.excluded, [STRAIN.diagnosed], FALSE),
        (Pain, [LUMBAR], TRUE),
        (Pain, [NO_LUMBAR], POSSIBLE),
        (Pain, [NO_LUMBAR, Pain(region="neck", present=False)], FALSE),
        (pain.severity >= 5, [Pain(region="lumbar", severity=5)], TRUE),
        (pain.severity >= 5, [Pain(region="lumbar", severity=4), Pain(region="neck", severity=4)], FALSE),
        (pain.severity >= 5, [Pain(region="lumbar", severity=4)], POSSIBLE),
        (exists(Pain, region="lumbar", severity=5), [LUMBAR], POSSIBLE),
        (exists(Pain, region="lumbar", severity=5), [NO_LUMBAR], FALSE),
        (Pain(region="lumbar", severity=5), [Pain(region="lumbar", severity=5)], TRUE),
        (Pain(region="lumbar", present=False), [NO_LUMBAR], TRUE),
        (Pain(region="lumbar", present=False), [LUMBAR], FALSE),
    ],
)
def test_a_literal_is_true_when_stated_false_when_denied_and_else_unknown(
    premise: Any, facts: Sequence[Fact], expected: int
) -> None:
    assert bits(premise, *facts) == expected


def test_present_false_makes_every_pattern_on_that_fact_false_whatever_it_compares() -> None:
    lumbar = each(Pain, region="lumbar")
    for compared in (lumbar.region == "lumbar", lumbar.severity >= 5, lumbar.severity < 5, lumbar.severity != 5):
        assert bits(compared, NO_LUMBAR) == FALSE
        assert bits(not_(compared), NO_LUMBAR) == TRUE


def test_a_slot_that_nobody_filled_is_unknown_also_when_it_is_denied() -> None:
    lumbar = each(Pain, region="lumbar")
    assert bits(lumbar.severity >= 5, LUMBAR) == POSSIBLE
    assert bits(not_(lumbar.severity >= 5), LUMBAR) == POSSIBLE
    assert bits(lumbar.severity != 5, LUMBAR) == POSSIBLE
    assert bits(is_known(lumbar.severity == 5), LUMBAR) == POSSIBLE


def test_a_key_is_known_before_its_fact_is() -> None:
    assert bits(all_of(pain, pain.region == "lumbar")) == POSSIBLE
    assert bits(all_of(pain, pain.region != "lumbar", pain.region != "neck")) == FALSE


def test_a_type_without_keys_has_one_fact_which_is_unknown_until_it_is_stated() -> None:
    assert bits(Patient) == POSSIBLE
    assert bits(Patient, Patient(age=40)) == TRUE
    assert bits(each(Patient).age >= 65, Patient(age=40)) == FALSE
    assert bits(each(Patient).age >= 65, Patient()) == POSSIBLE


def test_two_slots_are_compared_when_both_are_known_and_false_as_soon_as_one_fact_is_absent() -> None:
    joined = all_of(pain, injury, injury.region == pain.region, injury.since <= pain.duration + timedelta(hours=1))
    hurt = Injury(region="lumbar", since=timedelta(hours=3))
    others = Pain(region="neck", present=False)
    assert bits(joined, hurt, others, Pain(region="lumbar", duration=timedelta(hours=2))) == TRUE
    assert bits(joined, hurt, others, Pain(region="lumbar", duration=timedelta(hours=1))) == FALSE
    assert bits(joined, hurt, others, LUMBAR) == POSSIBLE
    assert bits(joined, Injury(region="lumbar", present=False), others, LUMBAR) == FALSE


# --- closed types ---------------------------------------------------------------------------------------------------


def test_what_a_closed_type_does_not_state_is_not_there() -> None:
    assert bits(Episode) == FALSE
    assert bits(not_(Episode)) == TRUE
    assert bits(Episode, Episode(began=JANUARY, region="neck")) == TRUE


def test_a_slot_of_a_closed_fact_may_still_be_unknown() -> None:
    severe = exists(first, first.severity >= 5)
    assert bits(severe, Episode(began=JANUARY, region="neck")) == POSSIBLE
    assert bits(severe, Episode(began=JANUARY, region="neck", severity=4)) == FALSE
    assert bits(severe, Episode(began=JANUARY, region="neck"), Episode(began=MARCH, region="neck", severity=6)) == TRUE


def test_closed_facts_join_like_in_any_rule_engine() -> None:
    again = all_of(first, second, second.region == first.region, second.began - first.began >= timedelta(weeks=4))
    january, march = Episode(began=JANUARY, region="neck"), Episode(began=MARCH, region="neck")
    assert bits(again, january, march) == TRUE
    assert bits(again, january) == FALSE
    assert bits(again, january, Episode(began=MARCH, region="lumbar")) == FALSE


# --- compositions ---------------------------------------------------------------------------------------------------

UNKNOWN = COLD
"""In the tables below, COLD is not said, THIRST is there and HEAT is not; DAMPNESS is found by default."""

BY_DEFAULT = Rule("by-default", when=unless(COLD), then=DAMPNESS.finding())
SAID = (THIRST.present, HEAT.absent)


def row(when: Any) -> int:
    found = run([BY_DEFAULT, Rule("r", when=when, then=STRAIN.finding())], *SAID)
    assert found[Finding(condition="dampness")] == DEFAULT
    return found.get(Finding(condition="strain"), FALSE)


@pytest.mark.parametrize(
    ("premise", "expected"),
    [
        (not_(THIRST), FALSE), (not_(DAMPNESS), POSSIBLE), (not_(UNKNOWN), POSSIBLE), (not_(HEAT), TRUE),
        (unless(THIRST), FALSE), (unless(DAMPNESS), POSSIBLE), (unless(UNKNOWN), DEFAULT), (unless(HEAT), TRUE),
        (is_unknown(THIRST), FALSE), (is_unknown(DAMPNESS), POSSIBLE), (is_unknown(UNKNOWN), DEFAULT),
        (is_unknown(HEAT), FALSE),
        (is_known(THIRST), TRUE), (is_known(DAMPNESS), DEFAULT), (is_known(UNKNOWN), POSSIBLE), (is_known(HEAT), TRUE),
        (all_of(THIRST, DAMPNESS), DEFAULT), (all_of(THIRST, UNKNOWN), POSSIBLE), (all_of(UNKNOWN, HEAT), FALSE),
        (any_of(HEAT, DAMPNESS), DEFAULT), (any_of(HEAT, UNKNOWN), POSSIBLE), (any_of(UNKNOWN, THIRST), TRUE),
        (at_least(2, THIRST, DAMPNESS, HEAT), DEFAULT), (at_least(2, THIRST, UNKNOWN, HEAT), POSSIBLE),
        (at_least(2, UNKNOWN, HEAT), FALSE), (at_least(1, UNKNOWN, THIRST), TRUE),
        (score((2, THIRST), (1, HEAT)) >= 2, TRUE), (score((2, THIRST), (1, UNKNOWN)) >= 3, POSSIBLE),
        (score((2, THIRST), (1, DAMPNESS)) >= 3, DEFAULT), (score((1, THIRST), (5, HEAT)) >= 2, FALSE),
    ],
)  # fmt: skip
def test_the_table_of_compositions(premise: Premise, expected: int) -> None:
    assert row(premise) == expected


def test_a_firm_conclusion_of_a_default_needs_the_denial() -> None:
    assert bits(unless(COLD)) == DEFAULT
    assert bits(unless(COLD), COLD.absent) == TRUE
    assert bits(unless(COLD), COLD.present) == FALSE


def test_a_count_goes_over_a_set() -> None:
    assert bits(at_least(1, THIRST, THIRST, COLD), THIRST.present) == TRUE
    with pytest.raises(PremiseError, match="can never be reached"):
        bits(at_least(3, THIRST, THIRST, COLD), THIRST.present, COLD.present)


def test_a_mandatory_member_counts_and_must_be_there() -> None:
    counted = at_least(2, THIRST, HEAT, COLD, mandatory=[COLD])
    assert bits(counted, THIRST.present, HEAT.present, COLD.absent) == FALSE
    assert bits(counted, THIRST.present, HEAT.present) == POSSIBLE
    assert bits(counted, THIRST.present, COLD.present) == TRUE


def test_members_that_only_print_alike_count_apart() -> None:
    both = [Pain(region="lumbar", severity=8), Pain(region="neck", severity=8)]
    for counted in (
        at_least(2, lumbar.severity >= 5, neck.severity >= 5),
        at_least(2, lumbar.severity >= 5, neck.severity >= 5, COLD),
    ):
        assert bits(counted, *both) == TRUE
        assert bits(counted, both[0], Pain(region="neck", severity=2), COLD.absent) == FALSE


def test_members_that_are_built_alike_are_one_also_where_each_binds_a_fact_of_its_own() -> None:
    again = each(Pain, region="lumbar")
    with pytest.raises(PremiseError, match="2 of 1 can never be reached"):
        bits(at_least(2, lumbar.severity >= 5, again.severity >= 5))
    assert (
        bits(all_of(lumbar, again, at_least(2, lumbar.severity >= 5, again.severity >= 5)), Pain(region="lumbar", severity=8))
        == TRUE
    )


def test_two_members_that_one_fact_makes_true_are_two() -> None:
    assert bits(at_least(2, lumbar.severity >= 5, pain.severity >= 5), Pain(region="lumbar", severity=8)) == TRUE


def test_a_mandatory_member_is_one_of_those_counted_and_not_one_that_prints_alike() -> None:
    with pytest.raises(PremiseError, match="is not among those counted"):
        bits(at_least(1, lumbar.severity >= 5, COLD, mandatory=[neck.severity >= 5]))


def test_a_variable_of_a_mandatory_member_is_bound_in_its_count() -> None:
    counted = at_least(1, pain.severity >= 5, HEAT, mandatory=[pain.severity >= 5])
    assert bits(any_of(counted, COLD), COLD.present) == TRUE
    assert bits(counted, HEAT.present, Pain(region="lumbar", severity=2), Pain(region="neck", severity=2)) == FALSE
    assert bits(counted, Pain(region="neck", severity=8)) == TRUE


def test_a_count_over_a_sign_set_goes_over_what_other_packs_add() -> None:
    signs, least = sign_set("signs", COLD, THIRST), parameter("least", 2, "how many", ge=1)
    rule = Rule("r", when=at_least(least, signs), then=STRAIN.finding())
    base = Pack("base", version="1", title="Base", rules=[rule], terms=WORDS)
    more = Pack("more", version="1", title="More", requires=["base"], extends=[extend(signs, HEAT.absent)])
    case = [COLD.present, THIRST.absent, HEAT.absent]
    assert evaluate(link([base], {}), case) == {}
    assert evaluate(link([base, more], {}), case) == {Finding(condition="strain"): TRUE}
    assert evaluate(link([base, more], {"base:least": 3}), case) == {}


@pytest.mark.parametrize(
    "premise",
    [not_(unless(COLD)), not_(is_unknown(COLD)), unless(unless(COLD)), is_known(unless(COLD)), not_(any_of(HEAT, unless(COLD)))],
)
def test_default_reasoning_does_not_stand_under_a_negation(premise: Premise) -> None:
    with pytest.raises(PremiseError, match="stands under a negation"):
        bits(premise)


def test_negations_of_what_is_known_nest() -> None:
    assert bits(not_(not_(COLD)), COLD.present) == TRUE
    assert bits(not_(not_(COLD))) == POSSIBLE
    assert bits(unless(not_(COLD))) == DEFAULT
    assert bits(not_(all_of(THIRST, not_(COLD))), THIRST.present, COLD.present) == TRUE


# --- variables ------------------------------------------------------------------------------------------------------


def test_a_variable_stands_for_one_fact_in_the_whole_rule() -> None:
    severe_and_long = all_of(pain.severity >= 5, pain.duration >= timedelta(weeks=12))
    apart = [Pain(region="lumbar", severity=9, duration=timedelta(0)), Pain(region="neck", severity=1, duration=timedelta(365))]
    assert bits(severe_and_long, *apart) == FALSE
    assert bits(all_of(exists(pain, pain.severity >= 5), exists(pain, pain.duration >= timedelta(weeks=12))), *apart) == TRUE


def test_a_variable_that_occurs_only_under_a_negation_is_existential_there() -> None:
    no_severe_pain = not_(pain.severity >= 5)
    assert bits(no_severe_pain, Pain(region="lumbar", severity=2)) == POSSIBLE
    assert bits(no_severe_pain, Pain(region="lumbar", severity=2), Pain(region="neck", present=False)) == TRUE
    assert bits(no_severe_pain, Pain(region="lumbar", severity=2), Pain(region="neck", severity=9)) == FALSE


def test_a_variable_that_also_occurs_outside_the_negation_is_that_fact() -> None:
    some_mild_pain = all_of(pain, not_(pain.severity >= 5))
    assert bits(some_mild_pain, Pain(region="lumbar", severity=2), Pain(region="neck", severity=9)) == TRUE


def test_a_variable_that_occurs_only_in_a_count_is_existential_in_each_member() -> None:
    apart = [Pain(region="lumbar", severity=9, duration=timedelta(0)), Pain(region="neck", severity=1, duration=timedelta(365))]
    assert bits(at_least(2, pain.severity >= 5, pain.duration >= timedelta(weeks=12)), *apart) == TRUE


def test_a_variable_that_some_branches_of_an_any_of_bind_is_existential_in_each_of_them() -> None:
    who = each(Patient)
    young_old_or_cold = any_of(who.age < 18, who.age > 65, COLD)
    assert bits(young_old_or_cold, COLD.present) == TRUE
    assert bits(young_old_or_cold, COLD.absent, Patient(age=70)) == TRUE
    assert bits(young_old_or_cold, COLD.absent, Patient(age=40)) == FALSE


def test_a_variable_that_every_branch_of_an_any_of_binds_is_one_fact_in_the_whole_rule() -> None:
    either = any_of(pain.severity >= 5, pain.duration >= timedelta(weeks=12))
    case = [Pain(region="lumbar", severity=8), Pain(region="neck", severity=1, duration=timedelta(0))]
    found = run([Rule("r", when=either, then=STRAIN.finding(region=pain.region))], *case)
    assert found[Finding(condition="strain", region="lumbar")] == TRUE
    assert Finding(condition="strain", region="neck") not in found


@pytest.mark.parametrize(
    "beside",
    [
        any_of(pain.duration >= timedelta(0), HEAT),
        not_(pain.duration >= timedelta(0)),
        at_least(1, pain.severity >= 9, HEAT),
    ],
)
def test_a_variable_of_some_branches_that_stands_beside_them_too_is_refused_with_both_ways_to_write_it(beside: Premise) -> None:
    with pytest.raises(PremiseError, match=r"write all_of\(pain, ...\) if the Pain must be there, or exists\(pain, ...\)"):
        bits(all_of(any_of(pain.severity >= 5, COLD), beside))
    assert bits(all_of(pain, any_of(pain.severity >= 5, COLD), beside)) == POSSIBLE


def test_a_conclusion_copies_nothing_from_a_fact_that_only_some_branches_bind() -> None:
    with pytest.raises(PremiseError, match="in every branch of an any_of"):
        run([Rule("r", when=any_of(pain.severity >= 5, COLD), then=STRAIN.finding(region=pain.region))])


def test_a_variable_bound_anew_inside_has_nothing_to_do_with_the_one_outside() -> None:
    pain = each(Pain)
    anew = exists(pain, pain.region == pain.region, pain.severity >= 5)
    pack = Pack("anew", version="1", title="", rules=[Rule("r", when=all_of(pain, anew), then=condition("x", "X").finding())])
    kb = KnowledgeBase([pack])
    case = [Pain(region="lumbar"), Pain(region="neck", severity=6)]
    for engine in ("native", "reference"):
        assert len(kb.assess(case, engine=engine).findings) == 1
    assert kb.session(case).derived == kb.assess(case, engine="reference").derived


def test_a_fact_with_present_false_is_no_choice_for_a_variable() -> None:
    assert bits(all_of(pain, not_(pain.severity >= 5)), NO_LUMBAR, Pain(region="neck", present=False)) == FALSE


# --- conclusions ----------------------------------------------------------------------------------------------------


def test_a_conclusion_copies_a_key_and_has_the_bits_of_its_instance() -> None:
    rule = Rule("r", when=pain.severity >= 5, then=STRAIN.finding(region=pain.region))
    assert run([rule], Pain(region="lumbar", severity=7)) == {
        Finding(condition="strain", region="lumbar"): TRUE,
        Finding(condition="strain", region="neck"): POSSIBLE,
    }


def test_rules_feed_each_other_and_themselves() -> None:
    here = each(Finding, condition=STRAIN)
    spread = Rule("spread", when=here, then=DAMPNESS.finding(region=here.region))
    back = Rule("back", when=all_of(DAMPNESS, THIRST), then=STRAIN.finding(region="neck"))
    start = Rule("start", when=COLD, then=STRAIN.finding(region="lumbar"))
    found = run([spread, back, start], COLD.present, THIRST.present)
    assert {(f.condition, f.region): b for f, b in found.items() if isinstance(f, Finding)} == {
        (c, r): TRUE for c in ("strain", "dampness") for r in ("lumbar", "neck")
    }
    assert run([spread, back], THIRST.present) == {}, "what only supports itself is not there"


def test_a_term_finds_its_finding_in_whatever_region() -> None:
    rules = [Rule("a", when=COLD, then=STRAIN.finding(region="neck")), Rule("b", when=STRAIN, then=DAMPNESS.finding())]
    assert run(rules, COLD.present)[Finding(condition="dampness")] == TRUE
    at_neck, at_lumbar = (exists(Finding, condition=STRAIN, region=region) for region in ("neck", "lumbar"))
    rules[1] = Rule("b", when=all_of(at_neck, not_(at_lumbar)), then=DAMPNESS.finding())
    assert run(rules, COLD.present)[Finding(condition="dampness")] == TRUE


def test_none_in_a_derived_field_compares_false_and_is_not_unknown() -> None:
    course = each(Course)
    start = Rule("start", when=COLD, then=conclude(Course))
    for compared in (course.grade >= 3, course.grade != 3, course.region == "neck", course.region != "neck"):
        found = run([start, Rule("r", when=compared, then=STRAIN.finding())], COLD.present)
        assert found == {Course(): TRUE}
        found = run([start, Rule("r", when=not_(compared), then=STRAIN.finding())], COLD.present)
        assert found == {Course(): TRUE, Finding(condition="strain"): TRUE}


def test_a_key_that_a_stated_fact_leaves_out_compares_false_because_no_answer_can_fill_it() -> None:
    numb = each(Numbness)
    elsewhere = [Numbness(region="lumbar", present=False), Numbness(region="neck", present=False)]
    assert bits(numb, Numbness(), *elsewhere) == TRUE
    assert bits(numb.region == "neck", Numbness(), *elsewhere) == FALSE
    assert bits(numb.region != "neck", Numbness(), *elsewhere) == FALSE


def test_two_conclusions_with_one_key_both_stand_and_every_pattern_sees_both() -> None:
    course = each(Course)
    rules = [
        Rule("mild", when=COLD, then=conclude(Course, region="neck", grade=2)),
        Rule("severe", when=THIRST, then=conclude(Course, region="neck", grade=8)),
        Rule("low", when=course.grade <= 3, then=STRAIN.finding()),
        Rule("high", when=course.grade >= 7, then=DAMPNESS.finding()),
    ]
    assert set(run(rules, COLD.present, THIRST.present)) == {
        Course(region="neck", grade=2), Course(region="neck", grade=8),
        Finding(condition="strain"), Finding(condition="dampness"),
    }  # fmt: skip


def test_one_conclusion_of_two_rules_has_the_bits_of_either() -> None:
    rules = [Rule("a", when=unless(COLD), then=STRAIN.finding()), Rule("b", when=THIRST, then=STRAIN.finding())]
    assert run(rules) == {Finding(condition="strain"): DEFAULT}
    assert run(rules, THIRST.present) == {Finding(condition="strain"): TRUE}


# --- overrides ------------------------------------------------------------------------------------------------------


def test_what_is_overridden_is_provisional_until_the_overriding_rule_is_known_not_to_fire() -> None:
    rules = [
        Rule("flag", when=HEAT, then=DAMPNESS.finding(), overrides="treat"),
        Rule("treat", when=COLD, then=STRAIN.finding()),
    ]
    strain = Finding(condition="strain")
    assert run(rules, COLD.present)[strain] == DEFAULT
    assert run(rules, COLD.present, HEAT.absent)[strain] == TRUE
    assert strain not in run(rules, COLD.present, HEAT.present)


def test_a_rule_that_is_itself_overridden_reinstates_what_it_overrides() -> None:
    rules = [
        Rule("a", when=HEAT, then=DEFICIENCY.finding(), overrides="b"),
        Rule("b", when=THIRST, then=DAMPNESS.finding(), overrides="d"),
        Rule("d", when=COLD, then=STRAIN.finding()),
    ]
    both = [COLD.present, THIRST.present]
    assert set(run(rules, *both, HEAT.absent)) == {Finding(condition="dampness")}
    assert run(rules, *both, HEAT.present) == {Finding(condition="deficiency"): TRUE, Finding(condition="strain"): TRUE}
    assert run(rules, *both) == {
        Finding(condition="deficiency"): POSSIBLE, Finding(condition="dampness"): DEFAULT, Finding(condition="strain"): POSSIBLE,
    }  # fmt: skip


def test_instances_override_each_other_where_they_agree_on_the_keys_that_both_bind() -> None:
    rules = [
        Rule("hurt", when=injury, then=DAMPNESS.finding(region=injury.region), overrides="ache"),
        Rule("ache", when=pain, then=STRAIN.finding(region=pain.region)),
    ]
    case = [Pain(region="lumbar"), Pain(region="neck"), Injury(region="neck"), Injury(region="lumbar", present=False)]
    assert run(rules, *case) == {
        Finding(condition="strain", region="lumbar"): TRUE,
        Finding(condition="dampness", region="neck"): TRUE,
    }


def test_where_no_key_is_shared_all_instances_are_overridden() -> None:
    rules = [
        Rule("hurt", when=exists(Injury, region="neck"), then=DAMPNESS.finding(), overrides="ache"),
        Rule("ache", when=pain, then=STRAIN.finding(region=pain.region)),
    ]
    case = [Pain(region="lumbar"), Pain(region="neck"), Injury(region="neck")]
    assert run(rules, *case) == {Finding(condition="dampness"): TRUE}


def test_a_type_or_a_conclusion_as_the_target_overrides_every_rule_that_concludes_it() -> None:
    stop = {"when": HEAT, "then": DAMPNESS.finding()}
    treat = [Rule("herbs", when=COLD, then=HERBS.recommend()), Rule("needles", when=COLD, then=NEEDLES.recommend())]
    of_herbs, both = HERBS.recommend(), [COLD.present, HEAT.present]
    pattern: Any = of_herbs.kind
    assert len(run([Rule("stop", **stop, overrides=pattern), *treat], *both)) == 1
    assert len(run([Rule("stop", **stop, overrides=of_herbs), *treat], *both)) == 2


def findings(*rules: Rule, facts: Sequence[Fact] = (COLD.present, THIRST.present), **more: Any) -> set[tuple[object, ...]]:
    """What is established of these rules, as the values of its first three fields."""
    return {tuple(vars(fact).values())[:3] for fact, b in run(rules, *facts, **more).items() if b & 2}


def test_a_pattern_takes_back_the_conclusions_that_it_covers_and_no_others() -> None:
    pains = [Pain(region="lumbar"), Pain(region="neck"), COLD.present]
    copies = Rule("copies", when=pain, then=STRAIN.finding(region=pain.region))
    stop = Rule("stop", when=COLD, then=HERBS.recommend(), overrides=each(Finding, condition=STRAIN, region="lumbar"))
    assert ("strain", "neck", "indicates") in findings(copies, stop, facts=pains)
    assert ("strain", "lumbar", "indicates") not in findings(copies, stop, facts=pains)


def test_a_type_takes_back_only_the_conclusions_of_that_type() -> None:
    both = Rule("both", when=THIRST, then=[STRAIN.finding(), HERBS.recommend()])
    stop = Rule("stop", when=COLD, then=DAMPNESS.finding(), overrides=Recommendation)
    assert findings(both, stop) == {("strain", None, "indicates"), ("dampness", None, "indicates")}


def test_a_template_takes_back_what_agrees_with_all_that_it_says() -> None:
    weak = Rule("weak", when=THIRST, then=STRAIN.finding(strength="may_indicate"))
    for target, stands in ((STRAIN.finding(strength="indicates"), True), (STRAIN.finding(), False)):
        stop = Rule("stop", when=COLD, then=HERBS.recommend(), overrides=target)
        assert (("strain", None, "may_indicate") in findings(weak, stop)) is stands


def test_a_parameter_in_a_pattern_has_its_value() -> None:
    grade = parameter("grade", 3, "the grade that is taken back", ge=0, le=10)
    rules = [Rule(f"g{n}", when=THIRST, then=conclude(Course, grade=n)) for n in (3, 8)]
    stop = Rule("stop", when=COLD, then=HERBS.recommend(), overrides=each(Course, grade=grade))
    assert {f for f in run([*rules, stop], COLD.present, THIRST.present) if isinstance(f, Course)} == {Course(grade=8)}


def test_a_pattern_that_copies_is_refused() -> None:
    stop = Rule("stop", when=pain, then=HERBS.recommend(), overrides=each(Finding, region=pain.region))
    with pytest.raises(DefinitionError, match="give a constant or a parameter, or leave region out"):
        run([stop])


def test_a_rule_overrides_as_long_as_one_of_its_conclusions_stands() -> None:
    target = Rule("target", when=THIRST, then=DAMPNESS.finding())
    half = Rule("half", when=THIRST, then=[STRAIN.finding(), HERBS.recommend()], overrides="target")
    stop = Rule("stop", when=COLD, then=DEFICIENCY.finding(), overrides=Recommendation)
    all_of_it = Rule("all", when=COLD, then=DEFICIENCY.finding(), overrides=[Recommendation, each(Finding, condition=STRAIN)])
    assert ("dampness", None, "indicates") not in findings(target, half, stop)
    assert ("dampness", None, "indicates") in findings(target, half, all_of_it)


def test_a_constant_region_of_a_conclusion_is_no_shared_key() -> None:
    constant = Rule("constant", when=THIRST, then=STRAIN.finding(region="neck"))
    stop = Rule("stop", when=pain.severity >= 5, then=HERBS.recommend(), overrides=STRAIN.finding())
    case = [THIRST.present, Pain(region="lumbar", severity=8)]
    assert ("strain", "neck", "indicates") not in findings(constant, stop, facts=case)


def test_a_replacement_takes_the_place_of_its_rule() -> None:
    rules = [
        Rule("old", when=COLD, then=STRAIN.finding()),
        Rule("new", when=THIRST, then=STRAIN.finding(), replaces="old"),
        Rule("stop", when=HEAT, then=DAMPNESS.finding(), overrides="old"),
    ]
    assert run(rules, COLD.present, THIRST.absent, HEAT.absent) == {}
    assert run(rules, THIRST.present, HEAT.present) == {Finding(condition="dampness"): TRUE}


# --- the whole ------------------------------------------------------------------------------------------------------


def test_a_cycle_through_a_negation_has_no_result() -> None:
    rules = [
        Rule("a", when=unless(DAMPNESS), then=STRAIN.finding()),
        Rule("b", when=unless(STRAIN), then=DAMPNESS.finding()),
    ]
    with pytest.raises(StratificationError):
        run(rules)


class Sided(Finding):
    """A finding that says more."""

    side: Slot[str] = slot(key=True)


def test_a_rule_that_reads_a_condition_sees_findings_of_types_made_from_finding() -> None:
    found = each(Finding, condition=STRAIN)
    rules = [
        Rule("sided", when=pain.severity >= 5, then=conclude(Sided, condition=STRAIN, region=pain.region, side="left")),
        Rule("term", when=STRAIN, then=HERBS.recommend()),
        Rule("copies", when=all_of(found, not_(COLD)), then=DAMPNESS.finding(region=found.region)),
    ]
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=rules, terms=WORDS)])
    session = kb.session()
    for case in ([Pain(region="neck", severity=8), COLD.absent], [Pain(region="neck", severity=2)], []):
        judged = kb.assess(case, engine="reference")
        assert len(judged.derived) == (3 if len(case) == 2 else 0)
        assert kb.assess(case).derived == judged.derived
        session.retract(*session.facts)
        session.insert(*case)
        assert session.derived == judged.derived


class OpenEpisode(Fact):
    """As `Episode`, but of finitely many days."""

    began: Key[Literal["monday", "tuesday"]]
    region: Key[Region]


class Onset(Fact):
    """Derived: something began in a region."""

    region: Key[Region]


@pytest.mark.parametrize("kind", [Episode, OpenEpisode])
def test_closed_types_are_put_in_layers_by_their_finite_keys_as_open_types_are(kind: Any) -> None:
    at = each(kind)
    low = each(kind, region="lumbar")
    rules = [
        Rule("neck", when=each(kind, region="neck"), then=conclude(Onset, region="neck")),
        Rule("lumbar", when=all_of(low, unless(exists(Onset, region="neck"))), then=conclude(Onset, region=low.region)),
        Rule(
            "any",
            when=all_of(at, at.region == "lumbar", unless(exists(Onset, region="neck"))),
            then=conclude(Onset, region=at.region),
        ),
    ]
    kb = KnowledgeBase([Pack("p", version="1", title="P", rules=rules, terms=WORDS)])
    began = JANUARY if kind is Episode else "monday"
    for case, regions in (
        ([kind(began=began, region="lumbar")], {"lumbar"}),
        ([kind(began=began, region=r) for r in ("lumbar", "neck")], {"neck"}),
    ):
        for engine in ("native", "reference"):
            assert {fact.region for fact in kb.assess(case, engine=engine).of(Onset)} == regions


def test_negations_stack_in_as_many_layers_as_it_takes() -> None:
    chain = [condition(f"c{i}", f"C{i}") for i in range(6)]
    rules = [Rule("r0", when=COLD, then=chain[0].finding())]
    rules += [Rule(f"r{i}", when=not_(chain[i - 1]), then=chain[i].finding()) for i in range(1, 6)]
    assert set(run(rules, COLD.present)) == {Finding(condition=f"c{i}") for i in (0, 2, 4)}
    assert set(run(rules, COLD.absent)) == {Finding(condition=f"c{i}") for i in (1, 3, 5)}
    assert set(run(rules).values()) == {POSSIBLE}


def test_a_constraint_is_broken_for_each_choice_that_establishes_it() -> None:
    linked = link(
        [
            Pack(
                "p", version="1", title="P", terms=WORDS,
                constraints=[never("cold-and-hot", COLD, HEAT), never("painless", pain, pain.severity == 0)],
            )
        ],
        {},
    )  # fmt: skip
    none, neck = Pain(region="lumbar", severity=0), Pain(region="neck")
    assert broken(linked, [COLD.present, neck], {}) == set()
    assert broken(linked, [COLD.present, HEAT.present, none, neck], {}) == {("p:cold-and-hot", ()), ("p:painless", (none,))}


def test_a_constraint_speaks_of_conclusions_too() -> None:
    linked = link(
        [Pack("p", version="1", title="P", rules=[BY_DEFAULT], constraints=[never("dry", DAMPNESS, THIRST)], terms=WORDS)], {}
    )
    derived = evaluate(linked, [THIRST.present])
    assert broken(linked, [THIRST.present], derived) == {("p:dry", ())}
    assert broken(linked, [THIRST.present, COLD.present], {}) == set()


def test_a_case_has_one_fact_for_each_key_and_no_conclusion() -> None:
    rules = [Rule("r", when=COLD, then=STRAIN.finding())]
    assert run(rules, COLD.present, COLD.present) == {Finding(condition="strain"): TRUE}
    with pytest.raises(ConflictingFactError):
        run(rules, COLD.present, COLD.absent)
    with pytest.raises(InvalidFactError):
        run(rules, Finding(condition="strain"))
