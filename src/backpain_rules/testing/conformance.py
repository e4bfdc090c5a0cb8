"""One meaning for every engine: random rule bases, random cases and random edits, judged by the reference engine.

A backend author writes one test:

    def test_it_means_what_the_others_mean() -> None:
        print(engine_conformance(MyEngine))

`python -m backpain_rules.testing.conformance 20000` runs every engine that is here, sessions and tables on so many examples.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from ..assessment import Assessment
from ..engine.engines import ENGINES, Maker, Reference, make_engine
from ..engine.outcome import Outcome
from ..errors import BeyondEngineError, FactError, MissingExtraError
from ..facts.base import Fact
from ..ground.compile import compile_program
from ..ground.program import Program
from ..link.link import link
from ..pack import Pack
from ..session.session import Session
from .case_strategies import cases_of
from .chains import chained_cases, chained_packs
from .joined import joined_cases, joined_packs
from .rule_bases import packs
from .source_code import to_source
from .tangles import tangled_cases, tangled_packs
from .watchdog import returning

Example = tuple[list[Pack], list[list[Fact]]]


@dataclass
class Tally:
    """What a conformance run looked at. `refused` are rule bases that the engine declined with a `BeyondEngineError`."""

    rule_bases: int = 0
    refused: int = 0
    rules: int = 0
    rules_refused: int = 0
    cases: int = 0
    reasons: dict[str, int] = field(default_factory=dict[str, int])

    def __str__(self) -> str:
        taken, rules = self.rule_bases - self.refused, self.rules - self.rules_refused
        said = f"{self.cases} cases of {taken} rule bases without a disagreement"
        accepted = f"; took {rules} of {self.rules} rules ({100 * rules / max(self.rules, 1):.1f} %)"
        return said + accepted + "".join(f"\n  refused {count}: {reason}" for reason, count in sorted(self.reasons.items()))


@st.composite
def examples(draw: st.DrawFn, *, max_cases: int = 4) -> Example:
    """A rule base and cases of it: all kinds of premises, joins and packs in some, long chains and circles in others.

    Some have rules that cannot fire.
    """
    if draw(st.booleans()):
        chained = draw(chained_packs())
        return chained, [list(case) for case in draw(st.lists(chained_cases(), min_size=1, max_size=max_cases))]
    rule_base = draw(packs(idle=True))
    cases = draw(st.lists(cases_of(link(rule_base, {})), min_size=1, max_size=max_cases))
    return rule_base, [list(case) for case in cases]


def tangled_examples(*, max_cases: int = 4) -> st.SearchStrategy[Example]:
    """A rule base with rules that cannot fire, circles, overrides by type and episodes that come and go, and cases of it."""
    return st.tuples(tangled_packs(), st.lists(tangled_cases(), min_size=1, max_size=max_cases))


def joined_examples(*, max_cases: int = 4) -> st.SearchStrategy[Example]:
    """A rule base that joins records by equal values and ranges, also in circles, and cases of it."""
    return st.tuples(joined_packs(), st.lists(joined_cases(), min_size=1, max_size=max_cases))


def any_examples(*, max_cases: int = 4) -> st.SearchStrategy[Example]:
    """Examples of every kind."""
    return st.one_of(examples(max_cases=max_cases), tangled_examples(max_cases=max_cases), joined_examples(max_cases=max_cases))


def engine_conformance(engine: str | Maker, *, max_examples: int = 200, shrink: bool = True) -> Tally:
    """Hold an engine, by name or as what makes it from a `Program`, to the meaning of rules.

    For each example: the same conclusions with the same bits as the reference engine, the same result as JSON and as
    explanation, whatever the order of the facts and of the cases; and a `FactError` for what is no case. An engine may decline a
    rule base with a `BeyondEngineError`. Raises `AssertionError` with a counterexample that can be pasted, the smallest found
    unless `shrink` is off.
    """
    tally = Tally()

    def check(example: Example) -> None:
        rule_base, cases = example
        program = compile_program(link(rule_base, {}))
        rules = len(program.linked.rules)
        tally.rule_bases += 1
        tally.rules += rules
        try:
            made = make_engine(engine, program) if isinstance(engine, str) else engine(program)
            for case in cases:
                tally.cases += 1
                _compare(rule_base, case, made.run(case), program)
                _compare(rule_base, case, made.run(case[::-1]), program)
        except BeyondEngineError as refusal:
            tally.refused += 1
            tally.rules_refused += rules
            tally.reasons[refusal.message] = tally.reasons.get(refusal.message, 0) + 1
            return
        for wrong in ([*cases[0], object()], _contradiction(cases[0])):
            if wrong:
                _refuses(made.run, wrong)

    _run(check, max_examples, shrink)
    return tally


def session_conformance(*, max_examples: int = 200, shrink: bool = True) -> Tally:
    """Hold `Session` to the meaning of rules: after every edit it has what assessing its facts from scratch gives.

    The edits lead from case to case by inserting, retracting and replacing, one fact or several at a time; one that does not
    come back within a minute is a counterexample. Raises
    `AssertionError` with a counterexample that can be pasted, the smallest found unless `shrink` is off.
    """
    tally = Tally()

    @given(any_examples(), st.data())
    @run_settings(max_examples, shrink)
    def run(example: Example, data: DataObject) -> None:
        rule_base, cases = example
        program = compile_program(link(rule_base, {}))
        tally.rule_bases += 1
        tally.rules += len(program.linked.rules)
        session = Session(program)
        for case in cases:
            for step in _edits(session.facts, case, data):
                with returning("a session"):
                    step(session)
                tally.cases += 1
                _compare(rule_base, list(session.facts), session.result._outcome, program, session)

    run()
    return tally


def run_settings(max_examples: int, shrink: bool) -> settings:
    """How a conformance run tries so many examples: without a deadline, and without a memory of earlier runs."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    checks = list(HealthCheck)
    return settings(max_examples=max_examples, deadline=None, database=None, phases=phases, suppress_health_check=checks)


def told(rule_base: Sequence[Pack], case: Sequence[Fact], what: str) -> str:
    """What is wrong, with the rule base and the case as source that can be pasted."""
    return f"{what}\n\nfor this rule base and case:\n\n{to_source(rule_base, case)}"


# --- inside -----------------------------------------------------------------------------------------------------------


def _run(check: Callable[[Example], None], max_examples: int, shrink: bool) -> None:
    @given(any_examples())
    @run_settings(max_examples, shrink)
    def run(example: Example) -> None:
        check(example)

    run()


def _compare(
    rule_base: Sequence[Pack], case: Sequence[Fact], outcome: Outcome, program: Program, session: Session | None = None
) -> None:
    judged = Reference(program).run(case)
    expected, found = _bits(judged), _bits(outcome)
    if session is not None and session.derived != Assessment(judged).derived:
        raise AssertionError(told(rule_base, case, "session.derived is not what the reference engine concludes"))
    if expected != found:
        differ = [
            f"{fact!r}: {found.get(fact, 0)} and not {bits}" for fact, bits in expected.items() if found.get(fact, 0) != bits
        ]
        differ += [f"{fact!r}: {bits} and not 0" for fact, bits in found.items() if fact not in expected]
        raise AssertionError(told(rule_base, case, "bits (4 certain, 2 established, 1 possible) differ: " + "; ".join(differ)))
    mine, its = Assessment(outcome), Assessment(judged)
    if mine.derived != its.derived or mine.to_json() != its.to_json():
        raise AssertionError(told(rule_base, case, f"the result is\n{mine.to_json()}\nand not\n{its.to_json()}"))
    if mine.explain() != its.explain():
        raise AssertionError(told(rule_base, case, f"the explanation is\n{mine.explain()}\nand not\n{its.explain()}"))


def _bits(outcome: Outcome) -> dict[Fact, int]:
    """The bits of every conclusion that has one, those that the engine says are established made sure of."""
    evaluation = outcome.evaluation
    bits = {fact: evaluation.proposition(number) for number, fact in enumerate(outcome.program.facts)}
    established = {outcome.program.facts[number] for number in outcome.established}
    return {fact: (b & ~2) | (2 if fact in established else 0) for fact, b in bits.items() if b or fact in established}


def _contradiction(case: Sequence[Fact]) -> list[Fact]:
    """The case with a fact that says the opposite of one in it; empty when none can."""
    for fact in case:
        if "present" in type(fact).model_fields:
            fields: dict[str, object] = {name: fact.__dict__[name] for name in fact.schema_.keys}
            return [*case, type(fact).model_validate({**fields, "present": not fact.__dict__["present"]})]
    return []


def _refuses(run: Callable[[Sequence[Fact]], Outcome], wrong: Sequence[object]) -> None:
    try:
        run(wrong)  # type: ignore[arg-type]
    except FactError:
        return
    except Exception as error:
        raise AssertionError(f"{wrong!r} is no case, and gives {error!r} and not a FactError") from error
    raise AssertionError(f"{wrong!r} is no case, and is taken for one")


def _edits(before: Sequence[Fact], case: Sequence[Fact], data: DataObject) -> list[Callable[[Session], object]]:
    """Steps from the facts that are there to those of a case."""

    def place(fact: Fact) -> tuple[object, ...]:
        return (type(fact), *(fact.__dict__[name] for name in fact.schema_.keys))

    wanted = {place(fact): fact for fact in case}
    there = {place(fact): fact for fact in before}
    gone = [fact for at, fact in there.items() if at not in wanted]
    fresh = [fact for at, fact in wanted.items() if at not in there]
    other = [fact for at, fact in wanted.items() if at in there and there[at] != fact]
    if data.draw(st.booleans()):
        return [lambda s: s.retract(*gone), lambda s: s.replace(*other), lambda s: s.insert(*fresh)]
    steps: list[Callable[[Session], object]] = [lambda s, f=f: s.retract(f) for f in gone]  # type: ignore[misc]
    steps += [lambda s, f=f: s.replace(f) for f in other]  # type: ignore[misc]
    steps += [lambda s, f=f: s.insert(f) for f in fresh]  # type: ignore[misc]
    return data.draw(st.permutations(steps))


def main(argv: Sequence[str]) -> int:
    """Every engine that is here, sessions by random edits, and tables; prints what each was held to."""
    print(
        "rule bases of every kind: premises, joins and packs; chains; circles, rules that cannot fire, overrides; records",
        flush=True,
    )
    number = int(argv[0]) if argv else 1000
    for name in ENGINES:
        if name != "reference":
            try:
                print(f"{name}: {engine_conformance(name, max_examples=number)}", flush=True)
            except MissingExtraError as error:
                print(f"{name}: {error.message}")
    print(f"session: {session_conformance(max_examples=number)}", flush=True)
    try:
        from .table_conformance import table_conformance
    except ImportError as error:
        print(f"tables: not run, as {error.name} is missing: pip install 'backpain-rules[cohort]'")
    else:
        print(f"tables: {table_conformance(max_examples=number)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
