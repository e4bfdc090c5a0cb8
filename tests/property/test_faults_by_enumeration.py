"""BR003 to BR007 of small rule bases, held to every case that there is, partial ones included: neither false alarms nor misses.

A slot of a sum may be only sampled; then a fault may be missed, if the report says that it could not be decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Annotated, Any

import pytest
from annotated_types import Ge, Le
from hypothesis import given, settings
from hypothesis import strategies as st

from backpain_rules import (
    Caution,
    Fact,
    Finding,
    Key,
    KnowledgeBase,
    Pack,
    Recommendation,
    Region,
    Rule,
    Slot,
    Symptom,
    all_of,
    any_of,
    condition,
    each,
    intervention,
    is_known,
    is_unknown,
    never,
    not_,
    parameter,
    partition,
    slot,
    symptom,
    unless,
)
from backpain_rules.solve import world as worlds
from effort import examples


class Summed(Fact):
    region: Key[Region]
    a: Slot[Annotated[int, Ge(0), Le(2)]] = slot(ask="a?")
    b: Slot[Annotated[int, Ge(0), Le(2)]] = slot(ask="b?")


SIGNS = A, B, C = [symptom(name, name, ask=f"{name}?") for name in "abc"]
X, Y = condition("x", "x"), condition("y", "y")
M = intervention("m", "m")
NOTE = parameter("note", "often", "how it is written")
q = each(Summed, region="lumbar")
Case = tuple[Fact, ...]

READS: tuple[Any, ...] = (A, B, C, A.absent, is_known(B), is_unknown(B), q.a + q.b >= 2, q.a * q.b >= 4, q.a >= 1, X, Y)
HEADS: tuple[Any, ...] = (
    X.finding(),
    Y.finding(),
    X.finding(strength="may_indicate"),
    M.recommend(note="often"),
    M.recommend(note="n"),
)
OVERRIDES: tuple[Any, ...] = (
    X.finding(), X.finding(strength="may_indicate"), Finding, Recommendation, each(Recommendation, note=NOTE),
    each(Finding, condition=X, region="lumbar"),
)  # fmt: skip
FORBIDDEN: tuple[Any, ...] = (all_of(A, B), X, all_of(X, A), all_of(X, Y), q.a + q.b >= 3)
KINDS: tuple[Any, ...] = (A, A.absent, B, q.a + q.b < 2, q.a + q.b >= 2, X, all_of(A, B))


def every_case() -> Iterator[Case]:
    signs = [[None, Symptom(term=name), Symptom(term=name, present=False)] for name in "abc"]
    slots = [{n: v for n, v in zip("ab", values, strict=True) if v is not None} for values in product((None, 0, 1, 2), repeat=2)]
    for chosen in product(*signs, [None, *(Summed(region="lumbar", **said) for said in slots)]):
        yield tuple(fact for fact in chosen if fact is not None)


CASES = list(every_case())


@st.composite
def premises(draw: st.DrawFn) -> Any:
    first, second = (draw(st.sampled_from(READS)) for _ in range(2))
    sign = draw(st.sampled_from(SIGNS))
    forms = (first, first, all_of(first, second), any_of(first, second), all_of(first, unless(sign)), all_of(first, not_(sign)))
    return draw(st.sampled_from(forms))


@dataclass(frozen=True)
class Written:
    """What a rule base is made of."""

    rules: tuple[tuple[Any, tuple[Any, ...], tuple[Any, ...]], ...]
    constraints: tuple[Any, ...]
    kinds: tuple[Any, ...]
    given: Any

    def base(self, *, without: Iterable[str] = ()) -> KnowledgeBase:
        rules = [
            Rule(f"r{n}", when=when, then=list(heads), overrides=list(overrides))
            for n, (when, heads, overrides) in enumerate(self.rules)
            if f"t:r{n}" not in set(without)
        ]
        constraints = [never(f"c{n}", of) for n, of in enumerate(self.constraints)]
        parts = [partition("part", *self.kinds, given=self.given)] if self.kinds else []
        pack = Pack("t", version="1", title="T", rules=rules, terms=[*SIGNS, X, Y, M], constraints=constraints, partitions=parts,
                    fact_types=[Summed], parameters=[NOTE])  # fmt: skip
        return KnowledgeBase([pack])


heads = st.lists(st.sampled_from(HEADS), min_size=1, max_size=2, unique_by=id).map(tuple)
overrides = st.one_of(st.just(()), st.just(()), st.sampled_from(OVERRIDES).map(lambda one: (one,)))


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Rule bases with overrides by pattern; a rule that overrides reads signs alone, so that no circle goes through it."""
    rules = []
    for when, then, over in draw(st.lists(st.tuples(premises(), heads, overrides), min_size=1, max_size=4)):
        rules.append((draw(st.sampled_from(SIGNS)), (Y.caution("stop", "stop"),), over) if over else (when, then, over))
    constraints = draw(st.lists(st.sampled_from(FORBIDDEN), max_size=2, unique_by=id))
    kinds = draw(st.one_of(st.just([]), st.lists(st.sampled_from(KINDS), min_size=2, max_size=3, unique_by=id)))
    return Written(tuple(rules), tuple(constraints), tuple(kinds), draw(st.sampled_from([None, None, A, q])))


class Brute:
    """What the engine says of every case; of partitions, through a rule for each kind."""

    def __init__(self, what: Written) -> None:
        kb = what.base()
        self.bits: dict[Case, dict[Fact, int]] = {}
        self.broken: dict[Case, frozenset[str]] = {}
        self.by: dict[Case, Mapping[Fact, frozenset[str]]] = {}
        for case in CASES:
            outcome = kb.assess(case)._outcome
            program, said = outcome.program, outcome.evaluation
            self.bits[case] = {fact: said.proposition(n) for n, fact in enumerate(program.facts) if said.proposition(n)}
            self.broken[case] = frozenset(c.constraint.name for c in program.constraints if said.node(c.body) & 2)
            givers: dict[Fact, frozenset[str]] = {}
            for n, one in enumerate(program.instances):
                if said.instance(n) & 2:
                    for head in one.heads:
                        givers[program.facts[head]] = givers.get(program.facts[head], frozenset()) | {one.rule.name}
            self.by[case] = givers
        self.patients = [case for case in CASES if not self.broken[case]]

    def fires(self, case: Case) -> frozenset[str]:
        return frozenset[str]().union(*self.by[case].values())


@pytest.fixture(params=["every value", "some values"], scope="module")
def bound(request: pytest.FixtureRequest) -> Iterator[bool]:
    """With and without a bound so low that hardly any sum can be encoded exactly."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "some values":
            patch.setattr(worlds, "MOST_EDGES", 3)
        yield request.param == "every value"


@settings(max_examples=examples(30), deadline=None)
@given(what=written())
def test_each_fault_that_is_reported_is_one_and_none_is_missed_without_a_word(bound: bool, what: Written) -> None:
    report, brute = what.base().check(), Brute(what)
    if any("nothing else can be proved" in one.message for one in report):
        assert not brute.patients
        return
    assert brute.patients

    def found(code: str) -> set[tuple[str, ...]]:
        return {one.subjects for one in report if one.code == code}

    def agree(code: str, expected: set[tuple[str, ...]]) -> None:
        assert found(code) <= expected, (code, "false alarm", found(code) - expected)
        for subjects in expected - found(code):
            assert any("nor a proof" in text and all(name in text for name in subjects) for text in report.not_proved), (
                code,
                subjects,
            )

    agree("BR004", contradicting(brute))
    stated = {f"t:c{n}" for n, of in enumerate(what.constraints) if of is FORBIDDEN[0] or of is FORBIDDEN[4]}
    agree("BR005", {(name,) for case in CASES if not brute.broken[case] & stated for name in brute.broken[case] - stated})
    gap, overlap = partition_faults(what, brute)
    agree("BR006", {("t:part",)} if gap else set())
    agree("BR007", {("t:part",)} if overlap else set())
    redundant(what, brute, {name for (name,) in found("BR003")}, report.not_proved)


def contradicting(brute: Brute) -> set[tuple[str, ...]]:
    """The rules, two by two or one by itself, that draw conclusions about one thing which say different things of it."""
    pairs: set[tuple[str, ...]] = set()
    for case in brute.patients:
        for one, other in combinations(brute.by[case], 2):
            if type(one) is type(other) and key(one) == key(other) and differ(one, other):
                pairs |= {tuple(sorted({a, b})) for a, b in product(brute.by[case][one], brute.by[case][other])}
    return pairs


def key(fact: Fact) -> tuple[object, ...]:
    return tuple(fact.__dict__[name] for name in fact.schema_.keys)


def differ(one: Fact, other: Fact) -> bool:
    values = [(one.__dict__[name], other.__dict__[name]) for name in one.schema_.slots]
    return any(a is not None and b is not None and a != b for a, b in values)


def partition_faults(what: Written, brute: Brute) -> tuple[bool, bool]:
    """Whether some patient is none of the kinds, known not to be any, and whether some is two of them."""
    if not what.kinds:
        return False, False
    marks = [Y.caution(f"k{n}", "a mark, which no override names") for n in range(len(what.kinds) + 1)]
    within = what.given if what.given is not None else any_of(A, not_(A), is_unknown(A))
    rules = [Rule(f"mark{n}", when=of, then=mark) for n, (of, mark) in enumerate(zip((*what.kinds, within), marks, strict=True))]
    old = what.base()._linked.packs[0]
    pack = Pack("t", version="1", title="T", rules=[*old.rules, *rules], terms=old.terms, fact_types=[Summed],
                parameters=[NOTE])  # fmt: skip
    kb = KnowledgeBase([pack])
    gap = overlap = False
    for case in brute.patients:
        said = kb.assess(case)._outcome.evaluation
        numbers = kb._program.numbers
        bits = [said.proposition(n) if (n := numbers.get(mark_of(k))) is not None else 0 for k in range(len(marks))]
        if bits[-1] & 2 or what.given is None:
            gap |= not any(bits[:-1])
            overlap |= sum(bool(bit & 2) for bit in bits[:-1]) > 1
    return gap, overlap


def mark_of(number: int) -> Fact:
    return Caution(about=f"k{number}", for_condition="y", text="a mark, which no override names")


def redundant(what: Written, brute: Brute, reported: set[str], not_proved: Iterable[str]) -> None:
    """Without all that is reported every patient has the same bits; without one that fires more, some patient has others."""

    def same(without: Iterable[str]) -> bool:
        kb = what.base(without=without)
        facts = list(enumerate(kb._program.facts))
        for case in brute.patients:
            said = kb.assess(case)._outcome.evaluation
            if {fact: said.proposition(n) for n, fact in facts if said.proposition(n)} != brute.bits[case]:
                return False
        return True

    assert not reported or same(reported)
    fire = frozenset[str]().union(*map(brute.fires, brute.patients))
    for n, (_, _, over) in enumerate(what.rules):
        name = f"t:r{n}"
        if name in fire and name not in reported and not over and same({*reported, name}):
            undecided = (f"rule {name}: neither shown", f"rule {name}: no patient was found for whom it fires, nor a proof")
            assert any(text.startswith(undecided) for text in not_proved), name


# --- signs that decide nothing -------------------------------------------------------------------------------------------

FORBIDDEN_CONCLUSIONS: tuple[Any, ...] = (
    X, Y, all_of(X, A), all_of(X, Y), all_of(X, unless(Y)), all_of(A, not_(X)), is_unknown(X), all_of(is_known(X), B),
    each(Finding, condition=X, strength="may_indicate"), all_of(B, C), is_unknown(C), M,
)  # fmt: skip


@st.composite
def with_forbidden_conclusions(draw: st.DrawFn) -> Written:
    """Rule bases of two or three signs whose constraints read conclusions."""
    what = draw(written())
    constraints = draw(st.lists(st.sampled_from(FORBIDDEN_CONCLUSIONS), min_size=1, max_size=2, unique_by=id))
    return Written(what.rules, tuple(constraints), (), None)


@settings(max_examples=examples(60), deadline=None)
@given(what=with_forbidden_conclusions())
def test_a_sign_is_said_to_decide_nothing_if_and_only_if_no_answer_of_a_patient_changes_anything(what: Written) -> None:
    report, brute = what.base().check(), Brute(what)
    if any("nothing else can be proved" in one.message for one in report):
        assert not brute.patients
        return
    assert {one.subjects[0] for one in report if one.code == "BR009"} == {f"t:{sign}" for sign in idle_signs(brute)}


def idle_signs(brute: Brute) -> set[str]:
    """The signs whose other answers give no patient other established or certain conclusions, and break no constraint."""

    def seen(case: Case) -> tuple[object, ...]:
        return {fact: bits & 6 for fact, bits in brute.bits[case].items() if bits & 6}, brute.broken[case]

    idle = set("abc")
    for case in brute.patients:
        for sign in tuple(idle):
            rest = tuple(fact for fact in case if not (isinstance(fact, Symptom) and fact.term == sign))
            others = [rest, (*rest, Symptom(term=sign)), (*rest, Symptom(term=sign, present=False))]
            if any(seen(tuple(sorted(other, key=in_order))) != seen(case) for other in others):
                idle.discard(sign)
    return idle


def in_order(fact: Fact) -> tuple[bool, str]:
    return isinstance(fact, Summed), getattr(fact, "term", "")
