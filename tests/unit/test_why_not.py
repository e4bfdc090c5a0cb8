"""Why not, what if, and how much a conclusion can lose: each answer, and each question that has none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

import backpain_pack_acupuncture
import backpain_pack_red_flags
from backpain_pack_acupuncture.words import KIDNEY_YIN, NIGHT_SWEATS
from backpain_rules import (
    ConflictingFactError,
    Fact,
    FactError,
    Finding,
    Injury,
    Key,
    KnowledgeBase,
    MissingExtraError,
    Pack,
    Pain,
    ParameterError,
    Recommendation,
    Rule,
    Slot,
    UnknownIdError,
    absent,
    all_of,
    any_of,
    at_least,
    condition,
    each,
    intervention,
    never,
    not_,
    present,
    slot,
    symptom,
    unless,
)
from backpain_rules.engine.outcome import Outcome
from backpain_rules.explain.explainer import Explainer
from backpain_rules.ground.evaluate import Baseline
from backpain_rules.ground.program import Instance, Program
from backpain_rules.otherwise.why_not import why_not

ARTICLE = KnowledgeBase([backpain_pack_acupuncture.PACK])
FLAGGED = KnowledgeBase([backpain_pack_acupuncture.PACK, backpain_pack_red_flags.PACK])
STRAIN = [Pain(region="lumbar", severity=8, duration=timedelta(hours=6)), Injury(region="lumbar", mechanism="lifting")]
COLD, WET, TIRED = (symptom(name, name.title(), ask="?") for name in ("cold", "wet", "tired"))
CHILL, FLU, REST = condition("chill", "Chill"), condition("flu", "Flu"), intervention("rest", "Rest")
NEVER_GIVEN = condition("never_given", "Never given")


def base(*rules: Rule, constraints: tuple[Any, ...] = ()) -> KnowledgeBase:
    terms = [COLD, WET, TIRED, CHILL, FLU, REST, NEVER_GIVEN]
    return KnowledgeBase([Pack("demo", version="1", title="Demo", rules=rules, terms=terms, constraints=constraints)])


CHILLS = base(
    Rule("both", when=all_of(COLD, WET), then=CHILL.finding()),
    Rule("three", when=all_of(COLD, WET, TIRED), then=CHILL.finding(strength="may_indicate")),
    Rule("flu", when=all_of(CHILL, TIRED), then=FLU.finding()),
)


# --- what is asked for --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    ["kidney_yin_deficiency", "acupuncture:kidney_yin_deficiency", KIDNEY_YIN, Finding(condition="kidney_yin_deficiency")],
    ids=["id", "qualified", "term", "fact"],
)
def test_an_id_a_term_and_a_fact_ask_for_the_same(asked: Any) -> None:
    why = ARTICLE.assess(STRAIN).why_not(asked)
    assert [rule.rule for rule in why.rules] == ["acupuncture:kidney-yin"]


def test_a_fact_asks_for_the_conclusions_that_have_the_fields_it_was_given() -> None:
    result = CHILLS.assess([])
    assert {rule.rule for rule in result.why_not(Finding(condition="chill")).rules} == {"demo:both", "demo:three"}
    assert [r.rule for r in result.why_not(Finding(condition="chill", strength="may_indicate")).rules] == ["demo:three"]
    assert [r.rule for r in result.why_not(result.undecided[0].fact).rules] == ["demo:both"]


def test_what_is_concluded_is_refused_with_the_word_why() -> None:
    with pytest.raises(
        FactError, match=r"'chill' is concluded \(chill\): result.why\(fact\) says why; not concluded.*may indicate"
    ):
        CHILLS.assess([COLD.present, WET.present]).why_not("chill")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("chil", "did you mean 'chill'?"),
        ("demo:chil", "did you mean 'demo:chill'?"),
        ("dmo:chill", "did you mean 'demo:chill'?"),
        ("demo:both", "'demo:both' is a rule; ask for what it gives: chill"),
        (condition("chilly", "Chilly"), "no loaded pack declares the condition 'chilly'; did you mean 'chill'"),
        (Finding(condition="chil"), "why_not: Finding.condition: no loaded pack declares the condition 'chil'"),
    ],
)
def test_an_unknown_id_is_refused_with_the_nearest(asked: Any, answer: str) -> None:
    with pytest.raises(UnknownIdError) as caught:
        CHILLS.assess([]).why_not(asked)
    assert answer in caught.value.message


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("cold", "'cold' is a symptom, no conclusion"),
        (COLD, "'cold' is a symptom, no conclusion"),
        (COLD.present, "Symptom is stated, no conclusion"),
        (7, "takes an id, a declared term or a derived fact, not 7"),
    ],
)
def test_what_no_rule_could_conclude_is_refused(asked: Any, answer: str) -> None:
    with pytest.raises(FactError) as caught:
        CHILLS.assess([]).why_not(asked)
    assert answer in caught.value.message


def test_of_a_condition_that_no_rule_gives_it_is_said_that_it_can_never_be() -> None:
    why = CHILLS.assess([]).why_not(NEVER_GIVEN)
    assert "no rule of the loaded packs concludes it, so it can never be concluded" in str(why)
    assert (why.rules, why.changes, why.to_ask, why.has_more) == ((), (), (), False)


# --- the rules that miss ------------------------------------------------------------------------------------------------


def test_the_nearest_miss_comes_first() -> None:
    assert [(r.rule, r.away) for r in CHILLS.assess([COLD.present]).why_not("chill").rules] == [
        ("demo:both", 1),
        ("demo:three", 2),
    ]
    more = base(
        Rule("a", when=at_least(2, COLD, WET, TIRED), then=CHILL.finding()),
        Rule("b", when=all_of(any_of(COLD, all_of(WET, TIRED)), not_(WET)), then=CHILL.finding()),
    )
    assert [(r.rule, r.away) for r in more.assess([WET.absent]).why_not("chill").rules] == [("demo:b", 1), ("demo:a", 2)]


def test_a_circle_of_rules_is_far_off_by_what_it_rests_on() -> None:
    kb = base(
        Rule("chill", when=any_of(COLD, FLU), then=CHILL.finding()),
        Rule("flu", when=CHILL, then=FLU.finding()),
        Rule("rest", when=all_of(unless(FLU), TIRED), then=REST.recommend()),
    )
    assert [rule.away for rule in kb.assess([COLD.present]).why_not("rest").rules] == [2]
    assert [rule.away for rule in kb.assess([]).why_not("chill").rules] == [1]


def test_a_rule_that_nothing_makes_fire_comes_last_and_says_so() -> None:
    class Dated(Fact):
        day: Key[date]

    dated = each(Dated)
    kb = base(
        Rule("dated", when=all_of(dated, dated.day == date(2026, 1, 1), COLD), then=CHILL.finding()),
        Rule("wet", when=WET, then=CHILL.finding()),
    )
    other = kb.assess([Dated(day=date(2026, 1, 2))]).why_not("chill")
    assert [(r.rule, r.away) for r in other.rules] == [("demo:wet", 1)]
    why = kb.assess([]).why_not("chill")
    assert [r.rule for r in why.rules] == ["demo:wet"]
    assert why.elsewhere == ("demo:dated",)
    assert "rule demo:dated: this case states no fact of the kind it reads" in str(why)
    assert [r.rule for r in kb.assess([Dated(day=date(2026, 1, 1))]).why_not("chill").rules] == ["demo:dated", "demo:wet"]


def test_a_missing_premise_that_rules_conclude_is_opened_down_to_what_was_stated() -> None:
    kb = base(Rule("chill", when=COLD, then=CHILL.finding()), Rule("flu", when=all_of(CHILL, TIRED), then=FLU.finding()))
    assert str(kb.assess([COLD.absent, TIRED.present]).why_not("flu")).splitlines() == [
        "flu is not concluded",
        "└─ rule demo:flu: 1 fact away",
        "   ├─ - chill",
        "   │  └─ - rule demo:chill",
        "   │     └─ - cold  <- no cold",
        "   └─ + tired  <- stated",
    ]


def test_what_takes_a_rule_back_is_one_of_its_premises_and_says_why_it_fires() -> None:
    kb = base(
        Rule("treat", when=COLD, then=REST.recommend()),
        Rule("flag", when=all_of(WET, TIRED), then=FLU.finding(), overrides=Recommendation),
    )
    result = kb.assess([COLD.present, WET.present, TIRED.present])
    lines = str(result.why_not("rest")).splitlines()
    assert lines[2:] == [
        "   ├─ + cold  <- stated",
        "   └─ - unless demo:flag fires",
        "      ├─ + wet  <- stated",
        "      └─ + tired  <- stated",
    ]
    assert "takes back rule demo:treat: rest" in str(result.why(result.findings[0]))
    assert "takes back" not in str(kb.assess([WET.present, TIRED.present]).explain())


def test_it_is_shown_as_text_html_markdown_and_data() -> None:
    why = CHILLS.assess([COLD.present, WET.absent]).why_not("chill")
    data = why.to_data()
    assert data["rules"][0]["away"] == 1
    assert [premise["state"] for premise in data["rules"][0]["premises"]] == ["true", "false"]
    assert "    - `-` wet  \\<- no wet\n" in why.to_markdown()
    assert 'title="does not hold"' in why._repr_html_()


def test_without_the_extra_the_tree_is_whole_and_the_search_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    result = CHILLS.assess([COLD.present])
    why = result.why_not("chill")
    assert "1 fact away" in str(why)
    with pytest.raises(MissingExtraError, match=r"pip install 'backpain-rules\[prove\]'"):
        _ = why.changes


# --- the smallest changes -----------------------------------------------------------------------------------------------


def test_a_changed_fact_keeps_what_it_can_and_goes_no_further_than_it_must() -> None:
    case = [Pain(region="lumbar", severity=8, duration=timedelta(weeks=20)), present("weak_core")]
    assert str(ARTICLE.assess(case).why_not("organ_gate").changes[0]) == "pain lumbar: severity 8 -> 3"


def test_a_change_breaks_no_constraint_that_holds_now() -> None:
    kb = base(
        Rule("chill", when=COLD, then=CHILL.finding()),
        constraints=(never("not-both", COLD, WET), never("one", COLD, not_(TIRED))),
    )
    [edit] = kb.assess([WET.present, TIRED.absent]).why_not("chill").changes
    assert str(edit) == "+ cold; no tired -> tired; wet -> no wet"
    assert kb.assess(edit.of([WET.present, TIRED.absent])).conflicts == ()
    assert kb.assess([WET.present]).why_not("chill").to_ask == ()


def test_facts_of_closed_types_stay_as_they_are() -> None:
    class Episode(Fact):
        day: Key[date]
        severity: Slot[int] = slot(ge=0, le=10)

    episode = each(Episode)
    kb = base(
        Rule("severe", when=episode.severity >= 5, then=CHILL.finding()),
        Rule("cold", when=all_of(episode, COLD, WET), then=CHILL.finding()),
    )
    day = date(2026, 1, 1)
    stated = kb.assess([Episode(day=day, severity=2)]).why_not("chill")
    assert [str(edit) for edit in stated.changes] == ["+ cold; + wet"]
    unsaid = kb.assess([Episode(day=day)]).why_not("chill")
    assert [tuple(map(str, unknowns)) for unknowns in unsaid.to_ask] == [("episode 2026-01-01: severity",)]


def test_the_order_of_the_facts_does_not_matter() -> None:
    case = [*STRAIN, absent("muscle_imbalance"), present("night_sweats")]
    told = {
        (str(why), why.changes, why.to_ask, str(result.robustness(result.findings[0])))
        for order in list(permutations(case))[::5]
        for result in [ARTICLE.assess(order)]
        for why in [result.why_not("kidney_yin_deficiency")]
    }
    assert len(told) == 1


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_any_engine_replays_the_changes(engine: str) -> None:
    result = ARTICLE.assess(STRAIN, engine=engine)
    assert result.why_not("chronic_pain").changes == ARTICLE.assess(STRAIN).why_not("chronic_pain").changes


def test_the_result_of_a_session_answers_as_that_of_an_assessment() -> None:
    live, assessed = ARTICLE.session(STRAIN).result, ARTICLE.assess(STRAIN)
    assert live.why_not("chronic_pain") == assessed.why_not("chronic_pain")
    assert live.why_not("chronic_pain").changes == assessed.why_not("chronic_pain").changes
    assert live.what_if(insert=[present("cold")]) == assessed.what_if(insert=[present("cold")])


# --- only what bears on it ----------------------------------------------------------------------------------------------


class Counting(tuple[Instance, ...]):
    """Rule instances that note which of them are looked at."""

    seen: set[int]

    def __getitem__(self, number: Any) -> Any:
        self.seen.add(number)
        return super().__getitem__(number)

    def __iter__(self) -> Iterator[Instance]:
        raise AssertionError("all rules are walked")


def test_rules_that_do_not_bear_on_the_question_are_not_looked_at() -> None:
    signs = [symptom(f"s{n}", "Sign", ask="?") for n in range(60)]
    ill = [condition(f"c{n}", "Ill") for n in range(300)]
    rules = [
        Rule(
            f"r{n}",
            when=all_of(signs[n % 60], signs[(7 * n + 1) % 60], *([ill[n - 50]] if n >= 50 else [])),
            then=ill[n].finding(),
        )
        for n in range(300)
    ]
    kb = KnowledgeBase([Pack("many", version="1", title="Many", rules=rules, terms=[*signs, *ill])])
    outcome = kb._native.run([signs[0].present])
    program: Program = outcome.program
    program.once(Baseline)  # made once for all cases, from every rule
    instances = Counting(program.instances)
    instances.seen = set()
    vars(program)["instances"] = instances
    try:
        asked = Outcome(program, outcome.facts, outcome.established)
        why = why_not(asked, kb._native.run, Explainer(asked.evaluation), "c299")
        assert why.changes
        assert why.to_ask
    finally:
        vars(program)["instances"] = tuple.__add__(instances, ())
    bearing = {f"many:r{n}" for n in range(299, 0, -50)}
    assert {tuple.__getitem__(instances, number).rule.name for number in instances.seen} == bearing


# --- what if ------------------------------------------------------------------------------------------------------------


def test_what_if_tells_what_comes_what_goes_and_what_is_more_or_less_sure() -> None:
    result = CHILLS.assess([COLD.present, TIRED.present])
    change = result.what_if(insert=[WET.present])
    assert [f.condition for f in change.appeared if isinstance(f, Finding)] == ["chill", "chill", "flu"]
    assert change.inserted == (WET.present,)
    back = CHILLS.assess([COLD.present, TIRED.present, WET.present]).what_if(replace=[WET.absent], retract=[TIRED.present])
    assert (back.gone, back.inserted) == (change.appeared, (WET.absent,))
    assert set(back.retracted) == {TIRED.present, WET.present}
    assert not result.what_if(insert=[COLD.present])
    flagged = FLAGGED.assess(STRAIN)
    denied = flagged.what_if(insert=[absent("saddle_anaesthesia")])
    assert not denied.appeared
    assert result.derived == CHILLS.assess([COLD.present, TIRED.present]).derived


def test_what_if_takes_other_parameters_and_says_which() -> None:
    result = ARTICLE.assess([Pain(region="lumbar", severity=2, duration=timedelta(weeks=10))])
    change = result.what_if(parameters={"acupuncture:chronic_after": timedelta(weeks=8)})
    assert "chronic_pain (lumbar)" in str(change)
    assert change.to_data()["parameters"] == {"acupuncture:chronic_after": {"from": "12 weeks", "to": "8 weeks"}}
    assert not result.what_if(parameters={"acupuncture:chronic_after": timedelta(weeks=12)})
    both = result.what_if(insert=[present("weak_core")], parameters={"acupuncture:chronic_after": timedelta(weeks=8)})
    assert set(change.appeared) < set(both.appeared)
    kept = KnowledgeBase(ARTICLE.packs, parameters={"acupuncture:chronic_after": timedelta(weeks=8)}).assess(result.facts)
    assert not kept.what_if(parameters={"acupuncture:min_signs": 2}).gone


def test_what_if_refuses_what_a_session_refuses() -> None:
    result = CHILLS.assess([COLD.present])
    with pytest.raises(FactError, match=r"retract\[0\]: the case does not have .*it has Symptom"):
        result.what_if(retract=[COLD.absent])
    with pytest.raises(ConflictingFactError, match=r"insert\[0\]: .*what_if\(replace=\[...\]\) puts it in that one's place"):
        result.what_if(insert=[COLD.absent])
    with pytest.raises(ConflictingFactError, match=r"replace\[1\]: .*give one of them"):
        result.what_if(replace=[COLD.absent, COLD.present])
    with pytest.raises(FactError, match=r"insert\[0\]: Finding is concluded by rules"):
        result.what_if(insert=[Finding(condition="chill")])
    with pytest.raises(UnknownIdError, match=r"insert\[0\].term: .*did you mean 'cold'"):
        result.what_if(insert=[present("cald")])
    with pytest.raises(ParameterError, match="no loaded pack has a parameter 'min_sings'"):
        result.what_if(parameters={"min_sings": 2})


# --- robustness ---------------------------------------------------------------------------------------------------------


def test_a_conclusion_says_what_it_stands_on() -> None:
    result = base(Rule("strong", when=each(Pain, region="neck").severity >= 5, then=CHILL.finding())).assess(
        [Pain(region="neck", severity=8, duration=timedelta(hours=6)), COLD.present]
    )
    robustness = result.robustness(result.findings[0])
    assert str(robustness) == "chill stands until pain neck: severity 8 -> 4"
    assert robustness.to_data()["changes"] == [
        {"replace": [{"type": "pain", "region": "neck", "severity": 4, "duration": "PT6H", "present": True}]}
    ]


def test_what_has_two_supports_falls_with_both_and_not_with_one() -> None:
    kb = base(Rule("a", when=COLD, then=CHILL.finding()), Rule("b", when=WET, then=CHILL.finding()))
    result = kb.assess([COLD.present, WET.present])
    assert str(result.robustness(result.findings[0])) == "chill stands until cold -> no cold; wet -> no wet"


def test_what_rests_on_no_stated_fact_stands_whatever_is_changed() -> None:
    result = base(Rule("default", when=unless(COLD), then=CHILL.finding())).assess([WET.present])
    robustness = result.robustness(result.findings[0])
    assert (robustness.changes, str(robustness)) == ((), "chill stands whatever is changed of the stated facts")


def test_of_what_is_not_concluded_there_is_no_robustness() -> None:
    with pytest.raises(FactError, match="is not among the conclusions"):
        CHILLS.assess([]).robustness(Finding(condition="chill"))
    with pytest.raises(FactError, match="'chill' is no conclusion; take one from"):
        CHILLS.assess([]).robustness("chill")  # type: ignore[arg-type]


def test_terms_can_be_asked_for_though_a_case_says_nothing() -> None:
    assert NIGHT_SWEATS.id in {u.key[0] for unknowns in ARTICLE.assess([]).why_not(KIDNEY_YIN).to_ask for u in unknowns}
