"""What beginners write by mistake, and what they are told: each error names the argument or the field, and what to write.

`tests/typing/planted_mistakes.py` has the mistakes that type checkers are tried on.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

import backpain_rules
from arguments_tried import try_each
from backpain_rules import (
    BackpainRulesError,
    Caution,
    Constraint,
    Fact,
    Finding,
    Injury,
    Key,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    PremiseError,
    Region,
    Rule,
    Slot,
    Source,
    Statement,
    Symptom,
    Translation,
    accept,
    all_of,
    any_of,
    at_least,
    conclude,
    condition,
    constraints_in,
    each,
    exists,
    extend,
    intervention,
    never,
    not_,
    parameter,
    partition,
    phrase,
    quantity,
    rules_in,
    score,
    sign_set,
    slot,
    symptom,
    terms_in,
    unless,
)

FEVER, STIFF = symptom("fever", "Fever", ask="Fever?"), symptom("stiff", "Stiff", ask="Stiff?")
FLU, OK = condition("flu", "Flu"), condition("ok", "Ok")
REST = intervention("rest", "Rest")
SIGNS = sign_set("signs", FEVER, STIFF)
LEAST = parameter("least", 2, "signs that are enough", ge=1, le=5)
LONG = parameter("long", timedelta(days=3), "long from here on")
NOTES: Any = Source("notes", "Notes", {"A1": "fever is hot", "A2": "stiff is stiff"})
pain, patient = each(Pain), each(Patient)
words = types.ModuleType("words")
vars(words).update(FEVER=FEVER)
E: Any = each  # mistakes that type checkers refuse are written through Any
F: Any = FEVER


def rule(**changes: Any) -> Rule:
    return Rule("r", **{"when": FEVER, "then": FLU.finding(), **changes})


def pack(*rules: Rule, **changes: Any) -> Pack:
    return Pack("p", **{"version": "1", "title": "P", "rules": rules, "terms": [FEVER, STIFF, FLU, OK, REST], **changes})


def load(*rules: Rule, **changes: Any) -> KnowledgeBase:
    return KnowledgeBase([pack(*rules, **changes)])


kb: Any = load(rule())
result: Any = kb.assess([FEVER.present])
TRUTH = "use all_of, any_of and not_ instead of and, or, not, in, if or a chained comparison"
HERE = "(test_beginners_mistakes.py, line "

# fmt: off
MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    # Python's own operators
    "FEVER and STIFF": (lambda: FEVER and STIFF, f"symptom 'fever' has no truth value while a rule is being written: {TRUTH}"),
    "FEVER or STIFF": (lambda: FEVER or STIFF, TRUTH),
    "not FEVER": (lambda: not FEVER, TRUTH),
    "FLU and STIFF": (lambda: FLU and STIFF, "condition 'flu' has no truth value"),
    "REST if FEVER else FLU": (lambda: REST if FEVER else FLU, TRUTH),
    "FEVER.present and STIFF.present": (lambda: FEVER.present and STIFF.present, "present=True) has no truth value"),
    "FEVER.absent or STIFF": (lambda: FEVER.absent or STIFF, "Symptom(term='fever', present=False) has no truth value"),
    "FLU.diagnosed and FEVER": (lambda: FLU.diagnosed and FEVER, "Diagnosis(condition='flu', present=True) has no truth value"),
    "FLU.excluded and FEVER": (lambda: FLU.excluded and FEVER, "Diagnosis(condition='flu', present=False) has no truth value"),
    "fact and term": (lambda: Pain(region="neck") and STIFF, "in a rule use all_of, any_of and not_"),
    "if fact": (lambda: 1 if result.findings[0] else 0, "in an application ask `fact is not None`, or fact.present"),
    "SIGNS and FEVER": (lambda: SIGNS and FEVER, "sign set 'signs' has no truth value"),
    "pain and FEVER": (lambda: pain and FEVER, "each(Pain) has no truth value"),
    "pain.severity and FEVER": (lambda: pain.severity and FEVER, "Pain.severity has no truth value"),
    "LEAST or 3": (lambda: LEAST or 3, "least has no truth value"),
    "score and premise": (lambda: score((1, FEVER)) and FEVER, "score(...) has no truth value"),
    "premise and premise": (lambda: (pain.severity > 3) and FEVER, "a premise has no truth value"),
    "chained comparison": (lambda: 3 <= pain.severity <= 5, TRUTH),
    "comparison with in": (lambda: pain.region in ("lumbar", "neck"), TRUTH),
    "value in a field": (lambda: "x" in pain.region, "write any_of(x == a, x == b)"),  # type: ignore[operator]
    "sign in a sign set": (lambda: FEVER in SIGNS, "as in at_least(k, SIGNS)"),  # type: ignore[operator]
    "starred sign set": (lambda: at_least(2, *SIGNS), "give it as one argument"),  # type: ignore[misc]
    "FEVER & STIFF": (lambda: F & STIFF, "symptom 'fever' has no operator &: write all_of(a, b)"),
    "FEVER | STIFF": (lambda: F | STIFF, "has no operator |: write any_of(a, b)"),
    "~FEVER": (lambda: ~F, "has no operator ~: write not_(a)"),
    "FEVER ^ STIFF": (lambda: F ^ STIFF, "has no operator ^"),
    "fact & fact": (lambda: F.present & STIFF.present, "has no operator &: write all_of(a, b)"),
    "~fact": (lambda: ~F.present, "has no operator ~: write not_(a)"),
    "premise | premise": (lambda: (pain.severity > 3) | not_(FEVER), "a premise has no operator |"),  # type: ignore[operator]
    "two conclusions with and": (lambda: FLU.finding() and OK.finding(), "a Conclusion has no truth value"),
    "two rules with or": (lambda: rule(overrides=rule() or rule()), "rule 'r' has no truth value"),
    "two statements with and": (lambda: NOTES["A1"] and NOTES["A2"], "for two statements write SOURCE('A1', 'A2')"),
    # texts
    "field in an f-string": (lambda: f"pain of {pain.severity}", "Pain.severity cannot be put into a text: a text shows"),
    "parameter in an f-string": (lambda: f"{LEAST} signs", "by phrase("),
    "term in an f-string": (lambda: f"has {FEVER}", "symptom 'fever' cannot be put into a text: write its .label, or its .id"),
    "str of a premise": (lambda: str(pain.severity > 3), "a premise cannot be put into a text"),
    "format of a pattern": (lambda: "{}".format(pain), "each(Pain) cannot be put into a text"),  # noqa: UP032
    "str of a sign set": (lambda: str(SIGNS), "write its .label, or its .id"),
    "phrase of another parameter": (lambda: phrase("{mots}", LEAST), "given are least"),
    "phrase with a term": (lambda: phrase("{fever}", F), "is not a parameter; declare it with parameter(...)"),
    # fields and comparisons
    "field of the class": (lambda: Pain.severity > 3, "write pain = each(Pain), then pain.severity"),
    "field misspelt": (lambda: E(Pain).sevrity, "did you mean 'severity'"),
    "bool field as a premise": (lambda: any_of(patient.pregnant, FEVER), "write patient.pregnant == True"),
    "number field as a premise": (lambda: all_of(pain.severity), "compare it with a value, as in pain.severity >= ..."),
    "None compared": (lambda: pain.severity == None, "is_unknown(...)"),  # noqa: E711
    "a duration compared with a number": (lambda: E(Pain).duration > 3, "valid timedelta"),
    "a word out of the list": (lambda: E(Pain).region == "elbow", "one of lumbar, neck"),
    "a word misspelt": (lambda: E(Pain).region == "lumbr", "did you mean 'lumbar'"),
    "a value beyond the bounds": (lambda: pain.severity > 11, "less than or equal to 10"),
    "present compared": (lambda: E(Pain).present == True, "not_(pattern) says absent"),  # noqa: E712
    "division": (lambda: E(Pain).severity / 2 > 1, "no other arithmetic than +, - and *"),
    "minus sign": (lambda: -E(Pain).severity, "write 0 - x"),
    "score with a text": (lambda: score((1, FEVER)) > "1", "cannot be compared"),
    "score with a duration": (lambda: score((1, FEVER)) == timedelta(days=1), "cannot be compared"),
    "no points": (lambda: score((0, FEVER)), "0 points say nothing"),
    "a quantity of a premise": (lambda: quantity("q", "Q", FEVER), "is not a number of the case"),
    "a quantity as premise": (lambda: all_of(quantity("q", "Q", score((1, FEVER)))), "compare it with a value, as in q >= ..."),  # type: ignore[arg-type]
    "words ordered": (lambda: pain.region > "lumbar", "use == or !="),
    # premises
    "an id": (lambda: all_of("fever"), "declare it with symptom(...)"),  # type: ignore[arg-type]
    "a list of premises": (lambda: all_of([FEVER, STIFF]), "write all_of(...) or any_of(...)"),  # type: ignore[arg-type]
    "a sign set": (lambda: all_of(SIGNS), "at_least(k, SIGNS)"),  # type: ignore[arg-type]
    "a score": (lambda: all_of(score((1, FEVER))), "as in score(...) >= ..."),  # type: ignore[arg-type]
    "nothing": (lambda: all_of(), "needs at least one premise"),
    "count last": (lambda: at_least(SIGNS, 2), "the number comes first"),  # type: ignore[call-overload]
    "count of nothing": (lambda: at_least(0, FEVER), "0 is not positive"),
    "count with a duration": (lambda: at_least(LONG, FEVER), "not a whole number"),  # type: ignore[call-overload]
    "mandatory alone": (lambda: at_least(1, FEVER, mandatory=FEVER), "write mandatory=[A]"),  # type: ignore[call-overload]
    "score without points": (lambda: score(FEVER), "pairs (points, premise)"),  # type: ignore[arg-type]
    "pattern of a name": (lambda: E("Pain"), "with the class itself"),
    "exists of a name": (lambda: exists("Pain"), "the first argument is a fact type"),  # type: ignore[arg-type]
    "not_ of unless": (lambda: load(rule(when=not_(unless(FEVER)))), "write x, here fever"),
    "count that cannot be reached": (lambda: load(rule(when=at_least(3, SIGNS))), "3 of 2 can never be reached"),
    # declarations
    "label that is a number": (lambda: symptom("a", F.id and 3), "symptom 'a': label=3 is not a text"),
    "ask that is True": (lambda: symptom("a", "A", ask=True), "ask=True is not a text"),  # type: ignore[arg-type]
    "id with a blank": (lambda: condition("deep pit", "Deep pit"), "use letters, digits"),
    "codes as a list": (lambda: condition("a", "A", codes=["x"]), "codes=['x'] is not a mapping of codes"),  # type: ignore[arg-type]
    "bounds swapped": (lambda: parameter("n", 4, "n", ge=6, le=3), "parameter 'n': ge=6 is above le=3, so it can have no value"),
    "default beyond its bounds": (lambda: parameter("n", 4, "n", ge=6), "must be at least 6, not 4"),
    "bound of another type": (lambda: parameter("n", 4, "n", ge="1"), "ge='1' is not of the type of its default, int"),  # type: ignore[arg-type]
    "doc that is missing": (lambda: parameter("n", 4, None), "doc=None is not a text"),  # type: ignore[arg-type]
    "members as a list": (lambda: sign_set("s", [FEVER]), "is not a premise"),  # type: ignore[arg-type]
    "statements as a list": (lambda: Source("s", "S", ["a"]), "statements=['a'] is not a mapping of texts"),  # type: ignore[arg-type]
    "standing misspelt": (lambda: Source("s", "S", {"a": "b"}, standing={"a": "implid"}), "did you mean 'implied'"),  # type: ignore[dict-item]
    "statement misspelt": (lambda: NOTES["A11"], "did you mean 'A1'"),
    "statement by number": (lambda: NOTES[1], "has no statement 1"),
    "labels as a list": (lambda: Translation(labels=["a"]), "labels=['a'] is not a mapping of texts"),  # type: ignore[arg-type]
    "statement of numbers": (lambda: Statement("s", 1, "t"), "id=1 is not a text"),  # type: ignore[arg-type]
    # rules
    "source by name": (lambda: rule(source="notes:1"), "rule 'r': source='notes:1' is not a statement; write SOURCE["),
    "source whole": (lambda: rule(source=NOTES), 'it is a whole source; name what you cite, as in SOURCE["A1"]'),
    "term in a case": (lambda: rule(fires_on=[[FEVER]]), "a term is no fact: write FEVER.present or FEVER.absent"),
    "case for cases": (lambda: rule(silent_on=[FEVER.present]), "write silent_on=[[...]]"),
    "fact for cases": (lambda: rule(fires_on=FEVER.present), "is not a list"),
    "note that is a number": (lambda: rule(note=3), "rule 'r': note=3 is not a text"),
    "overrides by number": (lambda: rule(overrides=3), "overrides=3 is not a list"),
    "overrides a class": (lambda: rule(overrides=int), "is not a rule, a fact type or a conclusion"),
    "replaces a list": (lambda: rule(replaces=["a"]), "is not a rule or the name of one"),
    "term for a conclusion": (lambda: rule(then=FLU), "write X.finding()"),
    "no conclusion": (lambda: rule(then=[]), "rule 'r' concludes nothing"),
    "never of nothing": (lambda: never("n"), "needs at least one premise"),
    "never with a source by name": (lambda: never("n", FEVER, source="A1"), "source='A1' is not a statement"),  # type: ignore[arg-type]
    "partition of one": (lambda: partition("n", FEVER), "needs at least two kinds"),
    "constraint by hand": (lambda: Constraint("c", premise=F), "write never(id, A, B)"),
    "conclusion of a name": (lambda: conclude("Finding"), "the first argument is a fact type"),  # type: ignore[type-var]
    "conclusion without its key": (lambda: conclude(Finding), "lacks 'condition'"),
    "conclusion with a slot": (lambda: conclude(Caution, about=E(Pain).severity), "only keys of a matched fact"),
    "conclusion with a word of another kind": (lambda: conclude(Finding, condition=FEVER), "takes a condition, and"),
    # packs
    "version that is a number": (lambda: pack(version=1.0), "pack 'p': version=1.0 is not a text; write version=\"1.0\""),
    "requires a string": (lambda: pack(requires="acupuncture"), "requires='acupuncture' is not a list; write requires=[...]"),
    "a rule for rules": (lambda: pack(rules=rule()), "is not a list; write rules=[...]"),
    "a term among rules": (lambda: pack(rules=[FEVER]), "is not a Rule"),
    "a fact among fact types": (lambda: pack(fact_types=[Pain(region="neck")]), "fact_types[0]="),
    "a class among fact types": (lambda: pack(fact_types=[int]), "is not a fact type"),
    "translations by hand": (lambda: pack(translations={"de": {"a": "b"}}), "write Translation(labels={...})"),
    "rules in words": (lambda: rules_in(words), "module words defines no rule at its top level"),
    "rules in rules": (lambda: rules_in(rule()), "import it and name it"),  # type: ignore[arg-type]
    "terms in nothing": (lambda: terms_in(), "needs at least one module"),
    "constraints in a name": (lambda: constraints_in("words"), "modules='words' is not a module"),  # type: ignore[arg-type]
    "extend without signs": (lambda: extend(SIGNS), "adds no sign"),
    "extend a term": (lambda: extend(F, STIFF), "is not a sign set or the name of one"),
    "accept an unknown code": (lambda: accept("BR01", "r", "why"), "did you mean 'BR001'"),
    "accept without a reason": (lambda: accept("BR001", "r", " "), "say why"),
    "accept a number": (lambda: accept("BR001", 3, "why"), "target=3 is not a rule"),  # type: ignore[arg-type]
    # loading: with the place
    "accept a rule misspelt": (
        lambda: load(rule(), accepts=[accept("BR001", ["p:rr"], "why")]),
        "pack 'p' accepts BR001 of 'p:rr', which no loaded pack has; did you mean 'p:r'?",
    ),
    "accept a sign misspelt": (lambda: load(rule(), accepts=[accept("BR009", "stif", "why")]), "did you mean 'p:stiff'?"),
    "override misspelt": (lambda: load(rule(overrides="rr")), HERE),
    "id that no pack declares": (lambda: load(rule(when=Finding(condition="fluu"))), f"did you mean 'flu'? {HERE}"),
    "conclusion about the patient": (lambda: load(rule(then=conclude(Pain, region="neck"))), f"no rule can conclude it {HERE}"),
    "a requirement that is not there": (lambda: load(requires=["q"]), f"requires pack 'q', which is not loaded {HERE}"),
    "a rule without an order": (lambda: load(rule(when=unless(FLU))), "'p:r' depends on its own absence; remove one negation"),
    # applications
    "a pack for packs": (lambda: KnowledgeBase(pack()), "write KnowledgeBase([PACK])"),  # type: ignore[arg-type]
    "names for packs": (lambda: KnowledgeBase(["acupuncture"]), "KnowledgeBase.load('name') takes names"),  # type: ignore[list-item]
    "names as a list": (lambda: KnowledgeBase.load(["a"]), "give the names one by one"),  # type: ignore[arg-type]
    "parameters as a list": (lambda: KnowledgeBase([pack()], parameters=[1]), "parameters=[1] is not a mapping"),  # type: ignore[arg-type]
    "a fact for facts": (lambda: kb.assess(Pain(region="neck")), "give a list: write assess([Pain("),
    "nothing for facts": (lambda: kb.assess(None), "give a list"),
    "a term for a fact": (lambda: kb.assess([FEVER]), "a term is no fact: write FEVER.present"),
    "data for a fact": (lambda: kb.assess([{"type": "pain"}]), "which is no fact"),
    "a finding for a fact": (lambda: kb.assess([Finding(condition="flu")]), "is concluded by rules"),
    "a session with a fact": (lambda: kb.session(FEVER.present), "give a list"),
    "an interview with a fact": (lambda: kb.interview(FEVER.present), "give a list"),
    "a pack to compare with": (lambda: kb.diff(pack()), "write kb.diff(KnowledgeBase([PACK]))"),
    "an engine that is not there": (lambda: kb.assess([], engine="nativ"), "did you mean 'native'"),
    "an id misspelt in of": (lambda: result.of(Finding, condition="fluu"), "did you mean 'flu'"),
    "a term in of": (lambda: result.of(Finding, condition=FLU), "write condition='flu'"),
    "a region misspelt in of": (lambda: result.of(Finding, region="nek"), "did you mean 'neck'"),
    "a name in of": (lambda: result.of("Finding"), "the first argument is a fact type"),
    "a field misspelt in of": (lambda: result.of(Finding, regoin="neck"), "did you mean 'region'"),
    "why of a term": (lambda: result.why(FLU), "is no conclusion"),
    "why_not of a number": (lambda: result.why_not(3), "takes an id, a declared term or a derived fact"),
    "a fact with a field misspelt": (lambda: Pain(regoin="neck"), "did you mean 'region'"),  # type: ignore[call-arg]
    "a fact with a word for a number": (lambda: Pain(region="neck", severity="9"), "Pain.severity cannot be '9'"),  # type: ignore[arg-type]
    "a fact without its key": (lambda: Injury(), "Injury needs 'region'"),  # type: ignore[call-arg]
    # more of the same kinds, tried one by one
    "a symptom without an id": (lambda: symptom(None, "A"), "None"),  # type: ignore[arg-type]
    "an empty id": (lambda: symptom("", "A"), "''"),
    "asked of a doctor": (lambda: symptom("a", "A", ask_of="doctor"), "ask_of='doctor'"),  # type: ignore[arg-type]
    "a kind that is none": (lambda: intervention("a", "A", kind="drug"), "is not one of treatment, medication"),  # type: ignore[arg-type]
    "a strength misspelt": (lambda: FLU.finding(strength="indicate"), "did you mean 'indicates'"),  # type: ignore[arg-type]
    "a region misspelt": (lambda: FLU.finding(region="lumbr"), "did you mean 'lumbar'"),  # type: ignore[arg-type]
    "a term for a region": (lambda: load(rule(then=FLU.finding(region=F))), "one of lumbar, neck"),
    "a conclusion that is not called": (lambda: rule(then=FLU.finding), "finding"),
    "a set of conclusions": (lambda: rule(then={FLU.finding()}), "then"),
    "a fact for a conclusion": (lambda: rule(then=Finding(condition="flu")), "then"),
    "an id for a conclusion": (lambda: rule(then="flu"), "'flu'"),
    "an id for a premise": (lambda: rule(when="fever"), "declare it with symptom(...)"),
    "a list for a premise": (lambda: rule(when=[FEVER]), "all_of(...)"),
    "True for a premise": (lambda: rule(when=True), "True"),
    "None for a premise": (lambda: rule(when=None), "None"),
    "a function for a premise": (lambda: rule(when=lambda: True), "is not a premise"),
    "an id of a rule with a blank": (lambda: Rule("my rule", when=FEVER, then=FLU.finding()), "'my rule'"),
    "an id of a rule with its pack": (lambda: Rule("p:r", when=FEVER, then=FLU.finding()), "'p:r'"),
    "a rule that overrides itself": (lambda: load(rule(overrides="r")), "overrides itself"),
    "two rules of one id": (lambda: load(rule(), rule()), "'r'"),
    "a rule replaced that is not there": (lambda: load(rule(replaces="q:zz")), "'q:zz', which no loaded pack has"),
    "data for a case": (lambda: rule(fires_on=[[{"type": "symptom"}]]), "is not a fact"),
    "text for cases": (lambda: rule(fires_on="fever"), "is not a list"),
    "a finding in a case": (lambda: rule(silent_on=[[Finding(condition="flu")]]), "it is concluded by rules: give the facts"),
    "a count as text": (lambda: at_least("2", FEVER), "'2'"),  # type: ignore[call-overload]
    "a count that is no whole number": (lambda: at_least(2.0, FEVER), "2.0"),  # type: ignore[call-overload]
    "a count below one": (lambda: at_least(-1, FEVER), "-1 is not positive"),
    "a count of a list": (lambda: at_least(1, [FEVER, STIFF]), "is not a premise"),  # type: ignore[call-overload]
    "True for a count": (lambda: at_least(True, FEVER), "True"),
    "points below zero": (lambda: load(rule(when=score((-1, FEVER)) >= 1)), "can never be reached"),
    "points after their premise": (lambda: score((FEVER, 1)) >= 1, "the number comes first, as in"),  # type: ignore[arg-type]
    "a score that cannot be reached": (lambda: load(rule(when=score((1, FEVER)) >= 5)), "can never be reached"),
    "a pattern of a fact": (lambda: E(Pain(region="neck")), "with the class itself"),
    "a pattern of another class": (lambda: E(str), "is not a fact type"),
    "a pattern of every fact": (lambda: E(Fact), "is not a fact type"),
    "a comparison in a pattern": (lambda: E(Pain, severity=">3"), "valid integer"),
    "several values in a pattern": (lambda: E(Pain, region=["neck", "lumbar"]), "one of lumbar, neck"),
    "severity in a range": (lambda: pain.severity in range(3, 5), TRUTH),
    "going through a pattern": (lambda: list(E(Pain)), "no members to go through"),
    "any of Python": (lambda: any([FEVER, STIFF]), TRUTH),
    "all of Python": (lambda: all([FEVER, STIFF]), TRUTH),
    "not_ of an id": (lambda: not_("fever"), "declare it with symptom(...)"),  # type: ignore[arg-type]
    "unless of a rule": (lambda: unless(rule()), "is not a premise"),  # type: ignore[arg-type]
    "a test of None by is": (lambda: all_of(FEVER, pain.severity is not None), "True"),  # type: ignore[arg-type]
    "a severity as text": (lambda: E(Pain).severity >= "7", "valid integer"),
    "a severity with a half": (lambda: E(Pain).severity >= 7.5, "valid integer"),
    "an age that is True": (lambda: E(Patient).age >= True, "valid integer"),
    "a sex misspelt": (lambda: E(Patient).sex == "femal", "did you mean 'female'"),
    "a parameter that is no number": (lambda: parameter("n", float("nan"), "d"), "parameter 'n' is a number, not nan"),
    "a parameter that is a list": (lambda: parameter("n", [1], "d"), "[1]"),
    "a parameter that is not there": (lambda: KnowledgeBase([pack()], parameters={"p:n": 3}), "'p:n'"),
    "a sign set in a negation": (lambda: not_(SIGNS), "at_least(k, SIGNS)"),  # type: ignore[arg-type]
    "a set extended that is not there": (lambda: load(extends=[extend("q:s", FEVER)]), "'q:s', which no loaded pack has"),
    "a statement that is a number": (lambda: Source("s", "S", {"a": 3}), "statements"),  # type: ignore[dict-item]
    "a second statement misspelt": (lambda: NOTES("A1", "A3"), "'A3'"),
    "an id of a pack with a blank": (lambda: Pack("my pack", version="1", title="T"), "'my pack'"),
    "an id among terms": (lambda: pack(terms=["fever"]), "terms[0]='fever'"),
    "one id of two terms": (lambda: load(terms=[FEVER, symptom("fever", "Other")]), "'fever'"),
    "one id of two packs": (lambda: KnowledgeBase([pack(), pack()]), "'p'"),
    "a label of an unknown id": (lambda: load(translations={"de": Translation(labels={"fevr": "x"})}), "did you mean 'fever'"),
    "a module for packs": (lambda: KnowledgeBase([words]), "is not a pack"),  # type: ignore[list-item]
    "an installed pack misspelt": (lambda: KnowledgeBase.load("acupunctur"), "did you mean 'acupuncture'"),
    "ids for facts": (lambda: kb.assess(["fever"]), "which is no fact"),
    "a class among facts": (lambda: kb.assess([Pain]), "which is no fact"),
    "present and absent": (lambda: kb.assess([FEVER.present, FEVER.absent]), "two facts say different things"),
    "a severity below zero": (lambda: Pain(region="neck", severity=-1), "greater than or equal to 0"),
    "a severity of what is absent": (lambda: Pain(region="neck", present=False, severity=3), "present is false"),
    "a fact that is changed": (lambda: setattr(Pain(region="neck"), "severity", 3), "a fact never changes"),
    "a finding misspelt": (lambda: result.why_not("fluu"), "did you mean 'flu'"),
    "a list of facts inserted": (lambda: kb.session().insert([FEVER.present]), "fact"),
    "a case that is a list": (lambda: kb.read_case([]), 'an object with a list called "facts"'),
    "the name of a file for a case": (lambda: kb.read_case("case.json"), "JSON"),
    "a language that is not there": (lambda: kb.interview(language="klingon"), "klingon"),
    "a table as a dictionary": (lambda: kb.cohort({"symptom__fever": [True]}), "no Arrow table"),
    "a table as a list": (lambda: list(kb.cohort([1])), "no Arrow table, record batch, stream or series"),
    "seconds as text": (lambda: kb.check(seconds="3"), "'3'"),
    "a rule misspelt in a graph": (lambda: kb.graph("p:rr"), "did you mean 'p:r'"),
}
# fmt: on


@pytest.mark.parametrize("written", MISTAKES)
def test_a_mistake_is_refused_by_an_error_that_says_what_to_write(written: str) -> None:
    mistake, telling = MISTAKES[written]
    with pytest.raises(BackpainRulesError) as caught:
        mistake()
    assert telling in str(caught.value)
    assert json.loads(json.dumps(caught.value.fields, allow_nan=False)) == caught.value.fields
    assert not isinstance(caught.value.__context__, KeyError) or caught.value.__suppress_context__


# --- every object that an author handles, and every operator

OBJECTS: dict[str, Any] = {
    "symptom": FEVER,
    "condition": FLU,
    "intervention": REST,
    "present": FEVER.present,
    "absent": FEVER.absent,
    "diagnosed": FLU.diagnosed,
    "excluded": FLU.excluded,
    "fact": Pain(region="neck", severity=3),
    "fact of a result": result.findings[0],
    "fact of a session": kb.session([FEVER.present]).facts[0],
    "sign set": SIGNS,
    "pattern": pain,
    "field": pain.severity,
    "arithmetic": E(Pain).severity + 1,
    "parameter": LEAST,
    "comparison": pain.severity > 3,
    "premise": all_of(FEVER, STIFF),
    "score": score((1, FEVER)),
    "phrase": phrase("{least}", LEAST),
    "conclusion": FLU.finding(),
    "rule": rule(),
    "constraint": never("n", FEVER, STIFF),
    "partition": partition("n", FEVER, STIFF),
    "extension": extend(SIGNS, FEVER),
    "acceptance": accept("BR001", "r", "why"),
    "source": NOTES,
    "statement": NOTES["A1"],
    "translation": Translation(),
    "pack": pack(),
}
ONE_OPERAND: dict[str, Callable[[Any], object]] = {
    "and": lambda one: one and FEVER,
    "or": lambda one: one or FEVER,
    "not": lambda one: not one,
    "if": lambda one: 1 if one else 2,
    "&": lambda one: one & F,
    "|": lambda one: one | F,
    "^": lambda one: one ^ F,
    "~": lambda one: ~one,
    "None &": lambda one: None & one,
    "None |": lambda one: None | one,
}


@pytest.mark.parametrize("operator", ONE_OPERAND)
@pytest.mark.parametrize("name", OBJECTS)
def test_no_operator_of_python_drops_a_part_of_a_rule(name: str, operator: str) -> None:
    with pytest.raises(PremiseError, match=r"has no (truth value|operator)"):
        ONE_OPERAND[operator](OBJECTS[name])


# --- every public constructor, and every wrong value

WRONG: list[Any] = [
    None,
    3,
    1.5,
    True,
    "",
    "text",
    b"x",
    (),
    [],
    {},
    [None],
    {"a": 1},
    object(),
    int,
    Pain,
    FEVER,
    pain,
    lambda: 0,
]
LISTS = [
    "sources",
    "rules",
    "constraints",
    "partitions",
    "accepts",
    "extends",
    "terms",
    "parameters",
    "sign_sets",
    "fact_types",
    "requires",
]
GOOD: dict[str, tuple[Callable[..., object], list[Any], dict[str, Any]]] = {
    "Source": (Source, ["s", "S", {"a": "b"}], {"url": None, "standing": {}, "notes": {}, "unused": {}}),
    "Statement": (Statement, ["s", "a", "b"], {"standing": "stated", "note": None}),
    "symptom": (symptom, ["a", "A"], {"ask": None, "codes": None}),
    "condition": (condition, ["a", "A"], {"ask": None, "codes": None}),
    "intervention": (intervention, ["a", "A"], {"codes": None}),
    "parameter": (parameter, ["n", 3, "doc"], {"ge": 1, "le": 5}),
    "phrase": (phrase, ["{least}", LEAST], {}),
    "sign_set": (sign_set, ["s", FEVER], {"label": None}),
    "Rule": (
        Rule,
        ["r"],
        {
            "when": FEVER,
            "then": FLU.finding(),
            "source": None,
            "fires_on": (),
            "silent_on": (),
            "overrides": (),
            "replaces": None,
        },
    ),
    "never": (never, ["n", FEVER], {"source": None}),
    "partition": (partition, ["n", FEVER, STIFF], {"given": None, "source": None}),
    "Constraint": (Constraint, ["c"], {"premise": not_(FEVER), "source": None}),
    "extend": (extend, [SIGNS, FEVER], {"source": None}),
    "accept": (accept, ["BR001", "r", "why"], {"source": None}),
    "Translation": (Translation, [], {"labels": {}, "questions": {}, "statements": {}, "texts": {}}),
    "Pack": (
        Pack,
        ["p"],
        {
            "version": "1",
            "title": "P",
            "translations": {},
            "codes": {},
            **dict.fromkeys(LISTS, ()),
        },
    ),
    "all_of": (all_of, [FEVER], {}),
    "any_of": (any_of, [FEVER], {}),
    "not_": (not_, [FEVER], {}),
    "unless": (unless, [FEVER], {}),
    "at_least": (at_least, [1, FEVER], {"mandatory": ()}),
    "score": (score, [(1, FEVER)], {}),
    "each": (each, [Pain], {"region": "neck"}),
    "exists": (exists, [Pain], {"region": "neck"}),
    "conclude": (conclude, [Finding], {"condition": FLU, "region": "neck"}),
    "rules_in": (rules_in, [types.ModuleType("m")], {}),
    "KnowledgeBase": (KnowledgeBase, [[]], {"parameters": None}),
    "KnowledgeBase.load": (KnowledgeBase.load, ["acupuncture"], {}),
    "assess": (kb.assess, [[]], {"engine": "native"}),
    "of": (result.of, [Finding], {"condition": "flu", "region": "neck"}),
    "why": (result.why, [result.findings[0]], {}),
    "why_not": (result.why_not, ["ok"], {}),
    "is_firm": (result.is_firm, [result.findings[0]], {}),
    "read_case": (kb.read_case, [{"facts": []}], {}),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_wrong_argument_is_refused_by_the_library_or_has_a_meaning(name: str) -> None:
    function, positional, named = GOOD[name]
    try_each(function, positional, named, WRONG)


# --- what cannot be in a fact


@dataclass
class Changeable:
    degrees: int


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (list[str], "a list cannot be in a fact"),
        (tuple[list[str], ...], "a list cannot be in a fact"),
        (tuple[int, frozenset[str] | set[str]], "a set cannot be in a fact"),
        (Changeable, "a Changeable cannot be in a fact, which never changes; freeze it"),
        (tuple[Changeable, ...], "freeze it"),
    ],
)
def test_a_slot_or_key_that_could_change_is_refused_where_its_type_is_made(kind: Any, said: str) -> None:
    for annotation, default in ((Slot[kind], {"bent": slot()}), (Key[kind], {})):
        with pytest.raises(BackpainRulesError, match=said) as caught:
            type("Bend", (Fact,), {"__module__": __name__, "__annotations__": {"bent": annotation}, **default})
        assert "Bend.bent" in str(caught.value)
        assert caught.value.fields["field"] == "bent"


# --- what stays as it is


def test_facts_of_results_and_sessions_equal_those_that_were_given() -> None:
    assert FEVER.present in result.facts
    assert kb.session([FEVER.present]).facts == (Symptom(term="fever"),)


def test_a_hint_never_repeats_what_was_written() -> None:
    def stiffness() -> type[Fact]:
        class Stiffness(Fact):
            region: Key[Region]

        return Stiffness

    known, other = stiffness(), stiffness()
    with pytest.raises(BackpainRulesError, match="another class than the Stiffness of") as caught:
        load(rule(), fact_types=[known]).assess([other(region="neck")])
    assert "did you mean" not in str(caught.value)


def test_every_error_of_the_face_is_of_the_tree() -> None:
    errors = [value for name in dir(backpain_rules) if name.endswith("Error") and (value := getattr(backpain_rules, name))]
    assert all(issubclass(error, BackpainRulesError) for error in errors)
