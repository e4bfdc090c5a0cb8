"""Proofs, comparisons and test cases of small rule bases, held to every case that there is, partial ones included.

The slots are few and small, so that all cases can be enumerated; the bound on the diagram of a sum is lowered in half of
the examples, so that only some values are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any

import pytest
from annotated_types import Ge, Interval, Le
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import model_validator

from backpain_rules import (
    DONT_KNOW,
    Fact,
    Finding,
    Key,
    KnowledgeBase,
    Pack,
    Region,
    Rule,
    Slot,
    Symptom,
    all_of,
    any_of,
    at_least,
    condition,
    each,
    is_known,
    is_unknown,
    never,
    not_,
    parameter,
    slot,
    symptom,
    unless,
)
from backpain_rules.analysis.goal import FIRES, SILENT
from backpain_rules.ir.expressions import Premise
from backpain_rules.solve import world as worlds
from effort import examples


class Scored(Fact):
    region: Key[Region]
    a: Slot[Annotated[int, Interval(ge=0, le=2)]] = slot(ask="a?")
    b: Slot[Annotated[int, Ge(0), Le(2)]] = slot(ask="b?")
    c: Slot[Annotated[int, Interval(gt=-1, lt=3)]] = slot(ask="c?")


SIGNS = A, B = [symptom(name, name, ask=f"{name}?") for name in ("a", "b")]
CONDITIONS = X, Y = [condition(name, name) for name in ("x", "y")]
q = each(Scored, region="lumbar")
Case = tuple[Fact, ...]

SUMS: list[Premise] = [
    q.a + q.b + q.c >= 5,
    q.a + q.b + q.c >= 7,
    q.a - q.b < q.c - 1,
    q.a * 2 - q.c == 3,
    5 - (q.a + q.c) <= q.b * 3,
    q.a * q.b >= 4,
    q.a + q.b == q.a + q.c,
    q.a + q.b - q.c != 0,
]
STRENGTH = parameter("surely", "indicates", "how sure a finding is that is taken back")
PATTERNS: list[Any] = [
    X.finding(), Y.finding(), Finding, each(Finding, condition=X, strength=STRENGTH), each(Finding, condition=X, region="lumbar"),
]  # fmt: skip
READS = [*SUMS, q.a >= 1, is_known(A), is_unknown(B), A, B, A.absent, any_of(B, B.absent)]


@st.composite
def premises(draw: st.DrawFn) -> Premise | Any:
    """A premise over signs, sums and conclusions, positive circles included."""
    member = st.sampled_from([*READS, A, B, X, Y])
    first, second, third = (draw(member) for _ in range(3))
    forms = [
        first,
        all_of(first, second),
        any_of(first, second),
        any_of(first, all_of(second, third)),
        *([all_of(first, unless(draw(st.sampled_from([A, B]))), second)]),
        *([all_of(first, not_(draw(st.sampled_from([A, B]))))]),
    ]
    if first is not second and second is not third and first is not third:
        forms.append(at_least(2, first, second, third))
    return draw(st.sampled_from(forms))


@dataclass(frozen=True)
class Version:
    """What a rule base is made of: (condition, premise) for each rule, the constraints, and (sign, pattern) for overrides."""

    rules: tuple[tuple[Any, Any], ...]
    constraints: tuple[tuple[str, Any], ...]
    overrides: tuple[tuple[Any, Any], ...] = ()

    def base(self) -> KnowledgeBase:
        rules = [Rule(f"r{n}", when=when, then=then.finding()) for n, (then, when) in enumerate(self.rules)]
        rules += [
            Rule(f"stop{n}", when=sign, then=Y.caution(f"stop{n}", "stop"), overrides=pattern)
            for n, (sign, pattern) in enumerate(self.overrides)
        ]
        constraints = [never(name, of) for name, of in self.constraints]
        pack = Pack("t", version="1", title="T", rules=rules, terms=[*SIGNS, *CONDITIONS], constraints=constraints,
                    fact_types=[Scored], parameters=[STRENGTH])  # fmt: skip
        return KnowledgeBase([pack])


@st.composite
def versions(draw: st.DrawFn) -> Version:
    rules = draw(st.lists(st.tuples(st.sampled_from(CONDITIONS), premises()), min_size=1, max_size=4))
    forbidden = st.tuples(st.sampled_from(["one", "two"]), st.sampled_from([A, B, all_of(A, B), q.a + q.b >= 3, X, all_of(X, A)]))
    constraints = draw(st.lists(forbidden, max_size=1))
    overrides = draw(st.lists(st.tuples(st.sampled_from([A, B, q.a + q.b >= 3]), st.sampled_from(PATTERNS)), max_size=2))
    return Version(tuple(rules), tuple(constraints), tuple(overrides))


def every_case() -> Iterator[Case]:
    """Each sign present, absent or not said; the fact not there, or each of its slots not said or with any value."""
    signs = [[None, Symptom(term=name), Symptom(term=name, present=False)] for name in ("a", "b")]
    slots = product((None, 0, 1, 2), repeat=3)
    scored = [None, *(Scored(region="lumbar", **_said(zip("abc", values, strict=True))) for values in slots)]
    for chosen in product(*signs, scored):
        yield tuple(fact for fact in chosen if fact is not None)


def _said(values: Any) -> dict[str, int]:
    return {name: value for name, value in values if value is not None}


CASES = list(every_case())


class Brute:
    """What the engine says of every case."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.firm: dict[Case, dict[Fact, bool]] = {}
        self.broken: dict[Case, frozenset[str]] = {}
        self.fired: dict[Case, frozenset[str]] = {}
        for case in CASES:
            result = kb.assess(case)
            outcome = result._outcome
            self.firm[case] = {fact: result.is_firm(fact) for fact in result.derived}
            bodies = [(c.constraint.name, outcome.evaluation.node(c.body)) for c in outcome.program.constraints]
            self.broken[case] = frozenset(name for name, bits in bodies if bits & 2)
            instances = enumerate(outcome.program.instances)
            self.fired[case] = frozenset(one.rule.name for n, one in instances if outcome.evaluation.instance(n) & 2)

    @property
    def patients(self) -> list[Case]:
        """The cases that break no constraint."""
        return [case for case in CASES if not self.broken[case]]


@pytest.fixture(params=["every value", "some values"], scope="module")
def bound(request: pytest.FixtureRequest) -> Iterator[None]:
    """With and without a bound so low that hardly any sum can be encoded exactly."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "some values":
            patch.setattr(worlds, "MOST_EDGES", 6)
        yield


@settings(max_examples=examples(12))
@given(version=versions())
def test_whoever_is_said_not_to_exist_does_not(bound: None, version: Version) -> None:
    kb = version.base()
    report, brute = kb.check(), Brute(kb)
    if any("nothing else can be proved" in one.message for one in report):
        assert not brute.patients
        return
    fired = frozenset[str]().union(*(brute.fired[case] for case in brute.patients))
    silent = {one.subjects[0] for one in report if one.code in ("BR001", "BR002")}
    open_ = {text.split(":")[1].join(["t:", ""]) for text in report.not_proved if "nor a proof" in text}
    assert not silent & fired
    assert not {rule.name for rule in kb._linked.rules} - silent - fired - open_, report.not_proved
    for one in report:
        if one.code == "BR009":
            idle_decides_nothing(brute, one.subjects[0].removeprefix("t:"))
        if one.code == "BR003":
            rule = next(n for n in range(len(version.rules)) if one.subjects == (f"t:r{n}",))
            assert all(len(brute.fired[case]) > 1 for case in brute.patients if f"t:r{rule}" in brute.fired[case])


def idle_decides_nothing(brute: Brute, sign: str) -> None:
    """Whatever else is known, the three answers give the same conclusions, as firm."""
    answers = [None, Symptom(term=sign), Symptom(term=sign, present=False)]
    for case in CASES:
        if not any(isinstance(fact, Symptom) and fact.term == sign for fact in case):
            cases = [tuple(sorted((*case, *([] if answer is None else [answer])), key=in_order)) for answer in answers]
            assert brute.firm[cases[0]] == brute.firm[cases[1]] == brute.firm[cases[2]] or any(map(brute.broken.get, cases))


def in_order(fact: Fact) -> tuple[bool, str]:
    return isinstance(fact, Scored), getattr(fact, "term", "")


@settings(max_examples=examples(12))
@given(old=versions(), new=versions())
def test_versions_are_equivalent_only_if_no_case_tells_them_apart(bound: None, old: Version, new: Version) -> None:
    comparison = old.base().diff(new.base())
    one, other = Brute(old.base()), Brute(new.base())
    both = [case for case in CASES if not one.broken[case] and not other.broken[case]]
    differ = any(one.firm[case] != other.firm[case] for case in both)
    forbids = any(bool(one.broken[case]) != bool(other.broken[case]) for case in CASES)
    assert comparison.undecided or comparison.equivalent is not (differ or forbids)
    if comparison.equivalent:
        assert not differ
        assert not forbids
    for change in comparison.constraints:
        by, others = (one, other) if change.forbidden_by == "old" else (other, one)
        case = tuple(sorted(change.case, key=in_order))
        assert change.constraint in by.broken[case]
        assert not others.broken[case]


@settings(max_examples=examples(12))
@given(version=versions())
def test_an_idle_sign_of_a_rule_turns_nothing(bound: None, version: Version) -> None:
    kb = version.base()
    brute = Brute(kb)
    if not brute.patients:
        return
    for rule, leaf in kb.test_cases().idle:
        if leaf not in ("a", "b") or any(sign_is_read_elsewhere(version, rule)):
            continue
        for case in brute.patients:
            turned = next((f for f in case if isinstance(f, Symptom) and f.term == leaf), None)
            if turned is None:
                continue
            others = tuple(fact for fact in case if fact is not turned)
            for answer in ([], [Symptom(term=leaf, present=not turned.present)]):
                changed = tuple(sorted([*others, *answer], key=in_order))
                if not brute.broken[changed]:
                    assert (rule in brute.fired[case]) == (rule in brute.fired[changed])


@settings(max_examples=examples(12))
@given(version=versions())
def test_test_cases_show_each_rule_fire_and_be_silent_if_some_patient_does(bound: None, version: Version) -> None:
    kb = version.base()
    brute = Brute(kb)
    cases = kb.test_cases()
    for one in cases:
        facts = tuple(sorted(one.facts, key=in_order))
        assert facts in brute.patients
        assert {said.fact: said.firm for said in one.expected} == brute.firm[facts]
    for rule in kb._linked.rules:
        shown = {goal.value for one in cases for goal in one.shows if goal.rule == rule.name and not goal.leaf}
        does = {FIRES if rule.name in brute.fired[case] else SILENT for case in brute.patients}
        assert shown <= does
        open_ = {
            value
            for value in (FIRES, SILENT)
            if f"rule {rule.name}: neither shown nor proved whether it {value}" in cases.left_out
        }
        assert does <= shown | open_


def sign_is_read_elsewhere(version: Version, rule: str) -> Iterator[bool]:
    """Whether there are other rules, which may read the sign too; and whether the rule itself reads it more than once."""
    yield len(version.rules) + len(version.overrides) > 1
    yield any(read in repr(version.rules[0][1]) for read in ("IsKnown", "IsUnknown", "Not", "Unless", "present=False"))


@settings(max_examples=examples(12))
@given(version=versions(), data=st.data())
def test_an_interview_asks_if_and_only_if_some_answers_lead_to_other_conclusions(
    bound: None, version: Version, data: st.DataObject
) -> None:
    kb = version.base()
    brute = Brute(kb)
    case = data.draw(st.sampled_from(CASES))
    interview = kb.interview(case)
    exact = not any("Scored" in text for text in kb.check().not_proved)
    declined: set[str] = set()
    while (question := interview.question) is not None:
        assert not exact or can_change(brute, interview.facts, declined)
        options = [True, False, DONT_KNOW] if question.kind == "yes_no" else [0, 1, 2, DONT_KNOW]
        answer = data.draw(st.sampled_from(options))
        if answer is DONT_KNOW:
            declined.add(question.id)
        interview.answer(answer)
    assert not can_change(brute, interview.facts, declined)


def can_change(brute: Brute, facts: Sequence[Fact], declined: set[str]) -> bool:
    """Whether a case that says more, nothing of what was declined, has other conclusions."""
    now = tuple(sorted(facts, key=in_order))
    more = [case for case in CASES if says_more(case, now, declined)]
    complete = max(map(said_in, more))
    broken = brute.broken[now]
    keeps = any(brute.broken[case] <= broken for case in more if said_in(case) == complete)
    allowed = [case for case in more if not keeps or brute.broken[case] <= broken]
    return any(brute.firm[case].keys() != brute.firm[now].keys() for case in allowed)


def said_in(case: Case) -> int:
    return sum(1 + sum(fact.__dict__.get(name) is not None for name in "abc") for fact in case)


def says_more(case: Case, now: Case, declined: set[str]) -> bool:
    def said(one: Case) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for fact in one:
            if isinstance(fact, Symptom):
                found[f"symptom/{fact.term}"] = fact.present
            else:
                found["scored"] = True
                found |= {f"scored/lumbar/{n}": v for n in "abc" if (v := fact.__dict__[n]) is not None}
        return found

    before, after = said(now), said(case)
    slots = [name for name in after if name.startswith("scored/")]
    if "scored" in after and "scored" not in before and not slots:
        return False  # it is there only where something is said of it
    return before.items() <= after.items() and declined.isdisjoint(after.keys() - before.keys())


# --- what would bring a conclusion about ------------------------------------------------------------------------------


@settings(max_examples=examples(12))
@given(version=versions(), data=st.data())
def test_nothing_to_ask_and_no_change_is_proved_or_the_slots_are_named_that_were_only_sampled(
    bound: None, version: Version, data: st.DataObject
) -> None:
    kb = version.base()
    brute = Brute(kb)
    case, fact = data.draw(st.sampled_from(CASES)), data.draw(st.sampled_from(CONDITIONS)).finding()
    wanted = Finding(condition=fact.fields["condition"].id)
    if wanted in brute.firm[case] or all(rule[0].id != wanted.condition for rule in version.rules):
        return
    why_not = kb.assess(case).why_not(wanted)
    allowed = [other for other in CASES if wanted in brute.firm[other] and brute.broken[other] <= brute.broken[case]]
    answered = [other for other in allowed if says_more(other, case, set())]
    for edits, those in ((why_not.changes, allowed), (why_not.answers, answered)):
        assert all(tuple(sorted(edit.of(case), key=in_order)) in those for edit in edits)
        assert edits or not those or why_not.sampled
    if not why_not.sampled:
        fewest = [min((len(differing(case, other)) for other in allowed), default=0)]
        assert {len(edit) for edit in why_not.changes} <= set(fewest)


def differing(case: Case, other: Case) -> set[str]:
    """The facts that two cases do not share, by what they are about."""
    return {str(getattr(fact, "term", "scored")) for fact in {*case} ^ {*other}}


class Paired(Fact):
    """The values that tell the tests apart are often forbidden, where others like them are not."""

    region: Key[Region]
    pairs: Slot[Annotated[int, Ge(0)]] = slot(ask="pairs?")

    @model_validator(mode="after")
    def _is_even(self) -> Paired:
        if self.pairs is not None and self.pairs % 2:
            raise ValueError("pairs come in twos")
        return self


pairs = each(Paired, region="lumbar").pairs
PAIRED = [pairs >= 3, pairs == 5, pairs != 4, pairs < 3, pairs > 7, pairs <= 7, pairs * 2 >= 5, pairs * pairs < 60]


@settings(max_examples=examples(60))
@given(st.lists(st.sampled_from(PAIRED), min_size=1, max_size=3, unique_by=id), st.sampled_from([None, 0, 2, 4, 6, 8, 10]))
def test_what_a_validator_leaves_of_the_values_is_no_proof_either(premises: list[Any], known: int | None) -> None:
    rule = Rule("r", when=all_of(*premises), then=X.finding())
    kb = KnowledgeBase([Pack("t", version="1", title="T", rules=[rule], terms=CONDITIONS, fact_types=[Paired])])
    case = [] if known is None else [Paired(region="lumbar", pairs=known)]
    fires = [n for n in range(0, 20, 2) if kb.assess([Paired(region="lumbar", pairs=n)]).findings]
    report = kb.check()
    assert not fires or not any(one.code == "BR001" for one in report)
    result = kb.assess(case)
    if result.findings:
        return
    why_not = result.why_not(X)
    assert why_not.changes or why_not.sampled or not fires
    assert why_not.to_ask or why_not.sampled or not fires or case
    if not case and fires:
        assert kb.interview(case).question is not None
