"""What putting packs together must keep, whatever the rules: laws that the linker is held to apart from any engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import (
    Caution,
    Fact,
    Finding,
    KnowledgeBase,
    Pack,
    Pain,
    Recommendation,
    Rule,
    Slot,
    Symptom,
    all_of,
    any_of,
    at_least,
    conclude,
    condition,
    each,
    exists,
    extend,
    intervention,
    parameter,
    quantity,
    score,
    sign_set,
    slot,
    symptom,
)
from backpain_rules.cohort.columns import columns_of
from backpain_rules.cohort.kernel import Kernel
from backpain_rules.engine.reference import evaluate
from backpain_rules.ground.nodes import Derived
from backpain_rules.ground.planes import NEGATIONS
from backpain_rules.ir.premises import Exists
from backpain_rules.ir.structure import structure
from backpain_rules.link.link import link
from backpain_rules.link.model import Linked
from backpain_rules.testing.case_tables import batch_of
from backpain_rules.testing.rule_bases import packs
from effort import examples

often = settings(deadline=None, max_examples=examples(100))

A, B, C = (symptom(id, id.upper(), ask=f"{id}?") for id in "abc")
X, Y = condition("x", "X"), condition("y", "Y")
M = intervention("m", "M")
TERMS = (A, B, C, X, Y, M)
pain, lumbar, neck = each(Pain), each(Pain, region="lumbar"), each(Pain, region="neck")
SIGNS: tuple[Any, ...] = (
    A, B, C.absent, pain.severity >= 5, lumbar.severity >= 5, neck.severity >= 5, neck, exists(Pain, region="neck"),
    all_of(A, lumbar), any_of(B, neck.severity >= 5),
)  # fmt: skip

cases = st.tuples(
    *(st.sampled_from([None, sign.present, sign.absent]) for sign in (A, B, C)),
    *(
        st.sampled_from([None, Pain(region=r, present=False), Pain(region=r, severity=2), Pain(region=r, severity=8)])  # type: ignore[arg-type]
        for r in ("lumbar", "neck")
    ),
).map(lambda facts: [fact for fact in facts if fact is not None])


def run(rules: Sequence[Rule], case: Sequence[Fact], *others: Pack) -> dict[Fact, int]:
    return evaluate(link([Pack("p", version="1", title="P", rules=rules, terms=TERMS), *others], {}), case)


def bits(when: Any, case: Sequence[Fact]) -> int:
    """The three bits of a premise in a case."""
    return run([Rule("r", when=when, then=X.finding())], case).get(Finding(condition="x"), 0)


def shape(linked: Linked) -> list[object]:
    """A rule base with nothing of the objects that it was made of."""
    return [(rule.name, structure(Exists(rule.variables, rule.body)), rule.overridden_by, rule.replaces) for rule in linked.rules]


def test_a_quantity_is_the_same_in_two_rule_bases_and_another_one_is_not() -> None:
    def total(id: str) -> Rule:
        return Rule("r", when=quantity(id, "Total", score((2, A), (1, B))) >= 2, then=X.finding())

    def linked(id: str) -> list[object]:
        return shape(link([Pack("p", version="1", title="P", rules=[total(id)], terms=TERMS)], {}))

    assert linked("one") == linked("one")
    assert linked("one") != linked("other")


@often
@given(packs(idle=True), st.data())
def test_the_order_of_packs_and_rules_does_not_matter(base: list[Pack], data: st.DataObject) -> None:
    shuffled = [replace(pack, rules=data.draw(st.permutations(pack.rules))) for pack in data.draw(st.permutations(base))]
    assert shape(link(shuffled, {})) == shape(link(base, {}))


@often
@given(cases, st.lists(st.sampled_from(SIGNS), min_size=1, unique_by=id), st.sampled_from(SIGNS), st.integers(1, 3))
def test_a_further_sign_takes_no_conclusion_away(case: list[Fact], members: list[Any], added: Any, k: int) -> None:
    signs = sign_set("signs", *members)
    rule = Rule("r", when=at_least(min(k, len(members)), signs), then=X.finding())
    before = run([rule], case)
    after = run([rule], case, Pack("q", version="1", title="Q", extends=[extend(signs, added)]))
    assert all(after.get(fact, 0) & bits == bits for fact, bits in before.items())


@often
@given(cases, st.lists(st.sampled_from(SIGNS), min_size=1, unique_by=id))
def test_one_of_a_count_is_any_of_its_members(case: list[Fact], members: list[Any]) -> None:
    counted, choice = (run([Rule("r", when=when, then=X.finding())], case) for when in (at_least(1, *members), any_of(*members)))
    assert counted == choice


@often
@given(cases, st.lists(st.sampled_from(SIGNS), min_size=1, unique_by=id))
def test_a_branch_that_holds_alone_is_enough(case: list[Fact], members: list[Any]) -> None:
    expected = 0
    for member in members:
        expected |= bits(member, case)
    assert bits(any_of(*members), case) == expected


@often
@given(cases, st.lists(st.sampled_from(SIGNS[:7]), min_size=2, max_size=3, unique_by=id))
def test_a_count_of_all_its_members_holds_when_each_holds_alone(case: list[Fact], members: list[Any]) -> None:
    expected = 7
    for member in members:
        expected &= bits(member, case)
    assert bits(at_least(len(members), *members), case) == expected


SHARING: tuple[Any, ...] = (A, pain.severity >= 5, pain.severity <= 3, neck.severity >= 5)
"""Two of these premises share a variable."""


@often
@given(cases, st.lists(st.sampled_from(SHARING), min_size=2, max_size=3, unique_by=id), st.data())
def test_a_mandatory_member_is_a_fact_of_its_own_like_any_other_member(
    case: list[Fact], members: list[Any], data: st.DataObject
) -> None:
    must = data.draw(st.lists(st.sampled_from(members), min_size=1, unique_by=id))
    k = data.draw(st.integers(1, len(members)))
    expected = bits(at_least(k, *members), case)
    for member in must:
        expected &= bits(member, case)
    assert bits(at_least(k, *members, mandatory=must), case) == expected


HEADS: tuple[Any, ...] = (
    X.finding(), X.finding(region="neck"), X.finding(strength="may_indicate"), X.finding(region=pain.region), Y.finding(),
    Y.finding(region=pain.region), M.recommend(), M.recommend(note=""), M.recommend(for_condition=X),
)  # fmt: skip
PATTERNS: tuple[tuple[Any, Any], ...] = (
    (Finding, lambda f: isinstance(f, Finding)),
    (Recommendation, lambda f: isinstance(f, Recommendation)),
    (X.finding(), lambda f: isinstance(f, Finding) and f.condition == "x"),
    (X.finding(strength="indicates"), lambda f: isinstance(f, Finding) and (f.condition, f.strength) == ("x", "indicates")),
    (each(Finding, region="neck"), lambda f: isinstance(f, Finding) and f.region == "neck"),
    (M.recommend(for_condition=X), lambda f: isinstance(f, Recommendation) and f.for_condition == "x"),
)


@often
@given(cases, st.lists(st.sampled_from(HEADS), min_size=1, max_size=3, unique_by=id), st.sampled_from(PATTERNS))
def test_a_pattern_takes_back_exactly_the_conclusions_that_it_names(case: list[Fact], heads: list[Any], named: Any) -> None:
    pattern, covers = named
    base = Rule("base", when=pain, then=heads)
    free = run([base], case)
    fires = run([Rule("stop", when=A, then=Y.caution("stop", "stop"))], case)
    [stop] = fires.values() or [0]
    found = run([base, Rule("stop", when=A, then=Y.caution("stop", "stop"), overrides=pattern)], case)
    for fact, bits in free.items():
        spared = bits & NEGATIONS["unless"][stop] if covers(fact) else bits
        assert found.get(fact, 0) == spared


LIMIT = parameter("limit", 8, "a grade", ge=0, le=10)


class Graded(Finding):
    grade: Slot[int] = slot(ge=0, le=10)


GRADED: tuple[Any, ...] = (
    *HEADS[:6], conclude(Graded, condition=X, region=pain.region, grade=8), conclude(Graded, condition=X, grade=LIMIT),
    conclude(Graded, condition=Y, grade=3), M.recommend(note="n"),
)  # fmt: skip
NAMED: tuple[tuple[Any, Any], ...] = (
    *PATTERNS,
    (each(Graded, grade=LIMIT), lambda f: isinstance(f, Graded) and f.grade == 8),
    (each(Graded, condition=X, region="lumbar"), lambda f: isinstance(f, Graded) and (f.condition, f.region) == ("x", "lumbar")),
    (
        each(Finding, condition=X, region="lumbar"),
        lambda f: isinstance(f, Finding) and (f.condition, f.region) == ("x", "lumbar"),
    ),
    (conclude(Graded, condition=X, grade=8), lambda f: isinstance(f, Graded) and (f.condition, f.grade) == ("x", 8)),
)
stops = st.lists(st.tuples(st.sampled_from((A, B, C)), st.sampled_from(NAMED)), min_size=1, max_size=3)


def overridden(heads: Sequence[Any], chosen: Sequence[tuple[Any, tuple[Any, Any]]]) -> list[Pack]:
    """A rule with these conclusions, and a rule for each sign and pattern that takes back what the pattern names."""
    others = [
        Rule(f"stop{n}", when=sign, then=Y.caution(f"stop{n}", "stop"), overrides=named)
        for n, (sign, (named, _)) in enumerate(chosen)
    ]
    rules = [Rule("base", when=pain, then=heads), *others]
    return [Pack("p", version="1", title="P", rules=rules, terms=TERMS, parameters=[LIMIT], fact_types=[Graded])]


def spared(heads: Sequence[Any], chosen: Sequence[tuple[Any, tuple[Any, Any]]], case: Sequence[Fact]) -> dict[Fact, int]:
    """What the rule concludes by itself, less what each pattern covers as far as its sign is there."""
    free = evaluate(link(overridden(heads, []), {}), case)
    said = {fact.term: fact.present for fact in case if isinstance(fact, Symptom)}
    for fact, bits in free.items():
        for sign, (_, covers) in chosen:
            stop = {True: 7, None: 1, False: 0}[said.get(sign.id)]
            bits &= NEGATIONS["unless"][stop] if covers(fact) else 7
        free[fact] = bits
    return {fact: bits for fact, bits in free.items() if bits}


@often
@given(st.lists(cases, min_size=1, max_size=4), st.lists(st.sampled_from(GRADED), min_size=1, max_size=3, unique_by=id), stops)
def test_several_rules_take_back_what_their_patterns_name_in_engines_sessions_and_tables(
    stated: list[list[Fact]], heads: list[Any], chosen: list[Any]
) -> None:
    kb = KnowledgeBase(overridden(heads, chosen))
    session = kb.session()
    kernel = Kernel(kb._program, columns_of(kb._program)).ignoring(["case"])
    rows = kernel.run(batch_of(kernel, stated)).to_pylist()
    for case, row in zip(stated, rows, strict=True):
        expected = spared(heads, chosen, case)
        for column in kernel.outputs:
            if isinstance(column.node, Derived) and column.shows == "result":
                fact = kb._program.facts[column.node.proposition]
                bits = expected.get(fact, 0)
                assert isinstance(fact, Caution) or row[column.name] is (True if bits & 2 else None if bits else False)
        for engine in ("reference", "native"):
            result = kb.assess(case, engine=engine)
            known = {f: result._outcome.evaluation.proposition(n) for n, f in enumerate(kb._program.facts)}
            assert {f: b for f, b in known.items() if b and not isinstance(f, Caution)} == expected
        session.retract(*session.facts)
        session.insert(*case)
        live = session._conclusions.maintained.facts()
        assert {f: b for f, b in live.items() if not isinstance(f, Caution)} == expected


@settings(deadline=None, max_examples=examples(40))
@given(st.lists(st.sampled_from(GRADED), min_size=1, max_size=2, unique_by=id), stops, cases)
def test_several_patterns_mean_the_same_to_proofs_and_interviews(heads: list[Any], chosen: list[Any], case: list[Fact]) -> None:
    kb = KnowledgeBase(overridden(heads, chosen))
    ways = [[Pain(region=r, severity=8)] for r in ("lumbar", "neck")]  # type: ignore[arg-type]
    signs = product(*((sign.present, sign.absent, None) for sign in (A, B, C)))
    patients = [[*pains, *(f for f in told if f is not None)] for told in signs for pains in ways]
    fires = any(bits & 2 for patient in patients for bits in spared(heads, chosen, patient).values())
    stated = {one.subjects[0] for one in kb.check() if one.code in ("BR001", "BR002")}
    assert ("p:base" in stated) is not fires
    interview = kb.interview(case)
    while (question := interview.question) is not None:
        interview.answer(question.options[0].value if question.options else 8)
    end = list(interview.facts)
    now = {fact for fact, bits in spared(heads, chosen, end).items() if bits & 2}
    assert now == {fact for fact in kb.assess(end).derived if not isinstance(fact, Caution)}


# --- points that docs/meaning.md decides -------------------------------------------------------------------------------

SEVERE: list[Fact] = [Pain(region="lumbar", severity=8), Pain(region="neck", severity=8)]
FOUND = Finding(condition="x")


def test_a_member_that_two_facts_make_true_counts_once() -> None:
    assert run([Rule("r", when=at_least(2, pain.severity >= 5, A), then=X.finding())], SEVERE) == {FOUND: 1}
    assert run([Rule("r", when=at_least(2, lumbar.severity >= 5, neck.severity >= 5, A), then=X.finding())], SEVERE) == {FOUND: 7}


def test_a_key_that_a_pattern_fixes_is_shared_with_the_rules_that_override() -> None:
    stop = Rule("stop", when=lumbar.severity >= 5, then=Y.finding(), overrides="p:base")
    assert run([Rule("base", when=neck, then=X.finding()), stop], SEVERE)[FOUND] == 7
    assert FOUND not in run([Rule("base", when=lumbar, then=X.finding()), stop], SEVERE)


class Stabbing(Pain):
    """Made from a stated type."""


def test_a_class_made_from_a_stated_type_is_a_type_of_its_own() -> None:
    rule = Rule("r", when=exists(Pain), then=X.finding())
    base = [Pack("p", version="1", title="P", rules=[rule], terms=TERMS, fact_types=[Stabbing])]
    assert not KnowledgeBase(base).assess([Stabbing(region="lumbar")]).findings
    both = KnowledgeBase(base).assess([Stabbing(region="lumbar"), Pain(region="lumbar", present=False)])
    assert not both.findings
    assert not both.conflicts
