"""The proofs and Hypothesis agree: what the one claims of a random rule base, no case that the other draws contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backpain_rules import Fact, KnowledgeBase, Pack, Report, RuleBaseError
from backpain_rules.engine.outcome import Outcome
from backpain_rules.ir.bits import ESTABLISHED
from backpain_rules.link.link import link
from backpain_rules.testing.case_strategies import cases_of, completions_of
from backpain_rules.testing.chains import chained_cases, chained_packs
from backpain_rules.testing.rule_bases import packs
from effort import examples

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def run(kb: KnowledgeBase, case: Sequence[Fact]) -> Outcome:
    return kb._native.run(case)


def fired(outcome: Outcome) -> set[str]:
    """The rules that fire in a case."""
    numbers = range(len(outcome.program.instances))
    return {outcome.program.instances[n].rule.name for n in numbers if outcome.evaluation.instance(n) & ESTABLISHED}


def meeting(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    """Each two rules that fire and whose conclusions contradict each other."""
    program = outcome.program
    firing = [n for n in range(len(program.instances)) if outcome.evaluation.instance(n) & ESTABLISHED]
    for one, other in combinations(firing, 2):
        facts = [
            (program.facts[a], program.facts[b]) for a in program.instances[one].heads for b in program.instances[other].heads
        ]
        if any(contradict(*pair) for pair in facts):
            yield tuple(sorted({program.instances[one].rule.name, program.instances[other].rule.name}))


def contradict(one: Fact, other: Fact) -> bool:
    if type(one) is not type(other) or any(one.__dict__[name] != other.__dict__[name] for name in one.schema_.keys):
        return False
    said = [(one.__dict__[name], other.__dict__[name]) for name in one.schema_.slots]
    return any(a is not None and b is not None and a != b for a, b in said)


def subjects(report: Report, *codes: str) -> set[tuple[str, ...]]:
    return {one.subjects for one in report if one.code in codes}


def never_contradicted(kb: KnowledgeBase, report: Report, cases: Sequence[Sequence[Fact]]) -> None:
    """What was proved holds in these cases."""
    silent = {name for (name,) in subjects(report, "BR001", "BR002")}
    exclusive = subjects(report, "BR004")
    unproved = {":".join(text.split(":")[:2]).removeprefix("rule ") for text in report.not_proved if text.startswith("rule ")}
    sampled = any("only samples were tried" in text for text in report.not_proved)
    for case in cases:
        outcome = run(kb, case)
        broken = {conflict.constraint for conflict in kb.assess(case).conflicts if conflict.constraint}
        if broken or any(not fact.schema_.is_open for fact in case):
            assert sampled or not report.proved or broken <= {name for (name,) in subjects(report, "BR005")} | stated(kb)
            continue
        assert report.proved, "no patient is possible, and here is one"
        if not sampled:
            assert not fired(outcome) & silent
            assert {pair for pair in meeting(outcome) if not unproved & set(pair)} <= exclusive


def stated(kb: KnowledgeBase) -> set[str]:
    """The constraints that a case can break by what it states."""
    return {constraint.name for constraint in kb._linked.constraints}


def shows_what_it_says(kb: KnowledgeBase, report: Report) -> None:
    """Each witness does what its finding says, as the other engine has it."""
    for one in report:
        if one.witness is None or one.parameters:
            continue
        result = kb.assess(one.witness, engine="reference")
        if one.code == "BR004":
            assert one.subjects in set(meeting(run(kb, one.witness)))
            assert any(conflict.kind == "contradiction" for conflict in result.conflicts)
        if one.code == "BR005" and report.proved:
            assert one.subjects[0] in {conflict.constraint for conflict in result.conflicts}
        if one.code == "BR002":
            assert one.subjects[0] not in fired(run(kb, one.witness))
        if one.code == "BR003":
            without = [keep(pack, one.subjects[0]) for pack in kb.packs]
            assert one.subjects[0] in fired(run(kb, one.witness))
            if loads(without):
                assert KnowledgeBase(without).assess(one.witness).derived == result.derived


def keep(pack: Pack, name: str) -> Pack:
    """The pack without one rule."""
    return replace(pack, rules=[rule for rule in pack.rules if f"{pack.id}:{rule.id}" != name])


def loads(rule_base: Sequence[Pack]) -> bool:
    """Whether a rule base without that rule still makes sense: none other may name it."""
    try:
        KnowledgeBase(rule_base)
    except RuleBaseError:
        return False
    return True


@settings(max_examples=examples(30), suppress_health_check=SLOW)
@given(packs(), st.data())
def test_no_case_contradicts_what_was_proved(rule_base: list[Pack], data: st.DataObject) -> None:
    kb = KnowledgeBase(rule_base)
    report = kb.check()
    linked = link(rule_base, {})
    cases = data.draw(st.lists(cases_of(linked, max_closed=0), min_size=3, max_size=5))
    cases.append(data.draw(completions_of(linked, cases[0])))
    never_contradicted(kb, report, cases)
    shows_what_it_says(kb, report)


@settings(max_examples=examples(40), suppress_health_check=SLOW)
@given(chained_packs(max_rules=10), st.lists(chained_cases(), min_size=5, max_size=10))
def test_no_case_contradicts_what_was_proved_of_long_chains(rule_base: list[Pack], cases: list[list[Fact]]) -> None:
    kb = KnowledgeBase(rule_base)
    report = kb.check()
    never_contradicted(kb, report, cases)
    shows_what_it_says(kb, report)


@settings(max_examples=examples(30), suppress_health_check=SLOW)
@given(chained_packs(max_rules=10), st.lists(chained_cases(), min_size=5, max_size=10))
def test_a_rule_that_adds_nothing_can_be_left_out(rule_base: list[Pack], cases: list[list[Fact]]) -> None:
    kb = KnowledgeBase(rule_base)
    for (name,) in sorted(subjects(kb.check(), "BR003"))[:1]:
        without = KnowledgeBase([keep(pack, name) for pack in rule_base])
        for case in cases:
            one, other = kb.assess(case), without.assess(case)
            assert one.derived == other.derived
            assert [one.is_firm(fact) for fact in one.derived] == [other.is_firm(fact) for fact in other.derived]
