"""Forty-eight mistakes that authors make, each with words that must stand in what they are told; None: it is no mistake.

`# static` marks the lines that strict type checkers report before anything runs. The others raise when the rule is
written, the last one when packs are linked.
"""

from __future__ import annotations

from collections.abc import Callable

from good_pack import DESK_BACK, DESK_SIGNS, HANDBOOK, LONG_PAIN, LONG_SITTING, MIN_DESK_SIGNS

from backpain_rules import (
    Finding,
    Injury,
    KnowledgeBase,
    Pack,
    Pain,
    Rule,
    all_of,
    at_least,
    conclude,
    condition,
    each,
    intervention,
    not_,
    score,
    symptom,
)

pain, injury = each(Pain, region="lumbar"), each(Injury)
PIT = condition("deep_pit", "Deep pit")

# fmt: off
MISTAKES: list[tuple[str, Callable[[], object], str | None]] = [
    # a field and what it is compared with
    ("field misspelt", lambda: pain.sevrity >= 5, "did you mean 'severity'"),  # static
    ("text for a number, equal", lambda: all_of(pain.severity == "high"), "valid integer"),  # static
    ("text for a number, ordered", lambda: pain.severity >= "5", "valid integer"),  # static
    ("parameter of another type", lambda: pain.severity >= LONG_PAIN, "severity >= "),  # static
    ("bare number for a duration", lambda: pain.duration >= 12, "valid timedelta"),  # static
    ("value misspelt", lambda: all_of(pain.region == "lumber"), "did you mean 'lumbar'"),  # static
    ("value outside the bounds", lambda: pain.severity >= 50, "less than or equal to 10"),
    ("fields of different types", lambda: all_of(injury.mechanism == pain.severity), "cannot be compared"),  # static
    ("None", lambda: pain.severity >= None, "is_unknown(...)"),  # static
    ("present compared", lambda: all_of(injury.present is True), "not_(pattern) says absent"),  # static
    # a pattern
    ("pattern with a field misspelt", lambda: each(Pain, regoin="lumbar"), "did you mean 'region'"),
    ("pattern with a value misspelt", lambda: each(Pain, region="lumber"), "did you mean 'lumbar'"),
    ("pattern of a name, not a type", lambda: each("Pain", region="lumbar"), "with the class itself"),  # static
    ("a fact by position", lambda: all_of(Finding("desk_back")), "write Finding(condition=..."),  # static
    # premises put together
    ("chained comparison", lambda: all_of(3 <= pain.severity <= 5), "all_of, any_of and not_ instead of and"),
    ("and between premises", lambda: all_of(pain.severity >= 5 and LONG_SITTING), "all_of, any_of and not_ instead of and"),
    ("operator between premises", lambda: pain.severity >= 5 & LONG_SITTING, "write all_of(a, b)"),  # static
    ("or of operators", lambda: all_of(LONG_SITTING | pain), "write any_of(a, b)"),  # static
    ("not by operator", lambda: all_of(~LONG_SITTING), "write not_(a)"),  # static
    ("a member of a sign set", lambda: LONG_SITTING in DESK_SIGNS, "as in at_least(k, SIGNS)"),  # static
    ("a statement by name", lambda: Rule("r", when=PIT, then=PIT.finding(), source="S1"), "is not a statement"),  # static
    ("a version by number", lambda: Pack("p", version=1.0, title=""), 'write version="1.0"'),  # static
    ("a pack for packs", lambda: KnowledgeBase(Pack("p", version="1", title="")), "write KnowledgeBase([PACK])"),  # static
    ("an id for a premise", lambda: all_of("long_sitting"), "declare it with symptom(...)"),  # static
    ("a sign set for a premise", lambda: all_of(pain, DESK_SIGNS), "at_least(k, DESK_SIGNS)"),  # static
    ("count and signs swapped", lambda: at_least(DESK_SIGNS, MIN_DESK_SIGNS), "the number comes first"),  # static
    ("text for a count", lambda: at_least("3", DESK_SIGNS), "'3' is not a whole number"),  # static
    ("not_ of two", lambda: not_(pain.severity >= 5, LONG_SITTING), "positional argument"),  # static
    ("name misspelt", lambda: all_of(LONG_SITING), "'LONG_SITING' is not defined"),  # noqa: F821  # static
    ("property of a term misspelt", lambda: LONG_SITTING.presnt, "no attribute 'presnt'"),  # static
    # conclusions
    ("conclusion with a field misspelt", lambda: conclude(Finding, conditon="desk_back"), "did you mean 'condition'"),
    ("conclusion without its key", lambda: conclude(Finding, region="lumbar"), "lacks 'condition'"),
    ("conclusion with a wrong value", lambda: conclude(Finding, condition="desk_back", region="elbow"), "one of lumbar, neck"),
    ("finding in a wrong region", lambda: DESK_BACK.finding(region="elbow"), "one of lumbar, neck"),  # static
    ("finding of a wrong strength", lambda: DESK_BACK.finding(strength="maybe"), "one of indicates, may_indicate"),  # static
    ("finding with another field", lambda: DESK_BACK.finding(region=pain.severity), "only keys of a matched fact"),  # static
    # rules and packs
    ("statement misspelt", lambda: HANDBOOK["S11"], "did you mean 'S1'"),
    ("a term for a conclusion", lambda: Rule("r", when=LONG_SITTING, then=DESK_BACK), "X.finding()"),  # static
    ("no source", lambda: Rule("r", when=LONG_SITTING, then=DESK_BACK.finding()), None),
    ("a case for cases", lambda: Rule("r", when=PIT, then=PIT.finding(), fires_on=[PIT.diagnosed]), "=[[...]]"),  # static
    ("an id as a rule's premise", lambda: Rule("r", when="sit", then=PIT.finding()), "declare it with symptom(...)"),  # static
    ("a function for a premise", lambda: Rule("r", when=lambda: True, then=PIT.finding()), "is not a premise"),  # static
    ("a conclusion that is not called", lambda: Rule("r", when=PIT, then=PIT.finding), "finding"),  # static
    ("points after their premise", lambda: score((LONG_SITTING, 1)), "the number comes first"),  # static
    ("a kind of no intervention", lambda: intervention("a", "A", kind="drug"), "not one of treatment"),  # static
    ("asked of a doctor", lambda: symptom("a", "A", ask_of="doctor"), "ask_of='doctor'"),  # static
    ("a term for terms", lambda: Pack("p", version="1", title="", terms=LONG_SITTING), "is not a list"),  # static
    ("id that nothing concludes", lambda: KnowledgeBase([Pack("p", version="1", title="", rules=[
        Rule("r", when=Finding(condition="deep_pti"), then=PIT.finding())])]), "did you mean 'deep_pit'"),
]
# fmt: on
