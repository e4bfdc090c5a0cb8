"""Every engine, and every session, means the same; and the kit that says so finds the engines that do not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import EngineError, Fact, KnowledgeBase, MissingExtraError, Outcome, Pack, Program, Rule, condition, symptom
from backpain_rules.engine import engines
from backpain_rules.engine.engines import ENGINES, Reference
from backpain_rules.engine.maintenance import Maintained
from backpain_rules.engine.native import Native
from backpain_rules.ground.grounding import Environment
from backpain_rules.ground.incremental import IncrementalGrounder, _Possible
from backpain_rules.ground.nodes import Place
from backpain_rules.ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from backpain_rules.ir.premises import Exists
from backpain_rules.link.identity import identity
from backpain_rules.link.link import link
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.conformance import engine_conformance, session_conformance
from backpain_rules.testing.rule_bases import packs
from backpain_rules.testing.source_code import to_source
from backpain_rules.testing.table_conformance import table_conformance
from effort import examples

CASES = sorted(p for p in (Path(__file__).parents[2] / "examples" / "cases").glob("*.json") if ".expected" not in p.name)
durable = pytest.mark.skipif(sys.version_info >= (3, 13), reason="durable-rules has no release that works here")


def test_native_conforms() -> None:
    assert engine_conformance("native", max_examples=examples(100)).refused == 0


@durable
def test_durable_conforms_and_takes_nearly_every_rule() -> None:
    tally = engine_conformance("durable", max_examples=examples(60))
    assert tally.rules_refused < 0.2 * tally.rules


def test_sessions_conform() -> None:
    tally = session_conformance(max_examples=examples(60))
    assert tally.cases > tally.rule_bases


def test_tables_conform() -> None:
    tally = table_conformance(max_examples=examples(60))
    assert tally.cases > tally.rule_bases


@durable
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_shipped_packs_give_the_same_bytes_on_every_engine(case: Path) -> None:
    kb = shipped()
    facts = kb.read_case(case.read_text())
    results = {engine: kb.assess(facts, engine=engine) for engine in ENGINES}
    assert len({result.to_json() for result in results.values()}) == 1
    assert len({result.explain() for result in results.values()}) == 1


def shipped(kept: list[KnowledgeBase] = []) -> KnowledgeBase:  # noqa: B006  one for all cases: durable-rules is slow to load
    kept or kept.append(KnowledgeBase.load())
    return kept[0]


# --- engines that do not conform --------------------------------------------------------------------------------------


class Forgetful(Native):
    """Looks at all facts but the last."""

    def run(self, facts: Iterable[Fact]) -> Outcome:
        return super().run(tuple(facts)[:-1])


class Credulous(Reference):
    """Takes what is possible for established."""

    def run(self, facts: Iterable[Fact]) -> Outcome:
        outcome = super().run(facts)
        bits = {number: b | ESTABLISHED if b else 0 for number, b in (outcome._bits or {}).items()}
        return Outcome(outcome.program, outcome.facts, tuple(n for n, b in bits.items() if b), bits)


class Sure(Reference):
    """Takes every conclusion for firm."""

    def run(self, facts: Iterable[Fact]) -> Outcome:
        outcome = super().run(facts)
        bits = {number: 7 if b & ESTABLISHED else b for number, b in (outcome._bits or {}).items()}
        return Outcome(outcome.program, outcome.facts, outcome.established, bits)


class Careless(Native):
    """Takes anything for a case."""

    def run(self, facts: Iterable[Fact]) -> Outcome:
        places = {Place(type(f), tuple(getattr(f, k) for k in f.schema_.keys)): f for f in facts if isinstance(f, Fact)}
        return super().run(places.values())


@pytest.mark.parametrize("faulty", [Forgetful, Credulous, Sure, Careless], ids=lambda kind: kind.__name__)
def test_a_faulty_engine_is_found_and_the_counterexample_can_be_pasted(faulty: Callable[[Program], Native | Reference]) -> None:
    with pytest.raises(AssertionError) as caught:
        engine_conformance(faulty, max_examples=5000, shrink=False)
    told = str(caught.value)
    if "for this rule base and case:\n\n" in told:
        defined: dict[str, list[object]] = {}
        exec(told.partition("for this rule base and case:\n\n")[2], defined)
        assert KnowledgeBase(defined["packs"])  # type: ignore[arg-type]
        assert defined["cases"]


def drop_no_support(self: Maintained, number: int, heads: Iterable[int], bits: int) -> None:
    """Supports are counted up and never down."""
    before, self._bits[number] = self._bits[number], bits
    for head in heads:
        certain, established, possible = (
            count + bool(bits & bit and not before & bit)
            for count, bit in zip(self._supports.get(head, (0, 0, 0)), (CERTAIN, ESTABLISHED, POSSIBLE), strict=True)
        )
        self._supports[head] = (certain, established, possible)


def skip_strata(self: Maintained, stale: Iterable[int]) -> list[list[int]]:
    """What depends on something is settled before it."""
    return reached(self, stale)[::-1]


def keep_circles(self: Maintained, stale: Iterable[int]) -> list[list[int]]:
    """What supports itself in a circle is not taken back before it is derived anew."""
    return [[number] for group in reached(self, stale) for number in group]


def forget_overrides(self: IncrementalGrounder, by: int, target: int) -> None:
    """No instance takes back another."""


def forget_additions(self: IncrementalGrounder) -> None:
    """A conclusion that has become derivable joins in nothing."""
    self._added.clear()


def keep_choices(self: IncrementalGrounder, place: Place) -> list[int]:
    """A closed fact that goes leaves its instances behind."""
    return []


def keep_what_never_fires(self: _Possible, premise: Exists, outer: Environment) -> bool:
    """A rule that the compiled program leaves out as it cannot fire is there, and closes a circle through a negation."""
    return True


reached = Maintained._reached
MUTATIONS = [
    (Maintained, "_give", drop_no_support),
    (Maintained, "_reached", skip_strata),
    (Maintained, "_reached", keep_circles),
    (IncrementalGrounder, "_overrides", forget_overrides),
    (IncrementalGrounder, "_ground_added", forget_additions),
    (IncrementalGrounder, "remove_closed", keep_choices),
    (_Possible, "has_choice", keep_what_never_fires),
]


@pytest.mark.parametrize(("kind", "name", "fault"), MUTATIONS, ids=[fault.__name__ for _, _, fault in MUTATIONS])
def test_a_fault_of_the_truth_maintenance_is_found(
    kind: type, name: str, fault: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, name, fault)
    with pytest.raises((AssertionError, KeyError, EngineError)):
        session_conformance(max_examples=5000, shrink=False)


# --- engines by name --------------------------------------------------------------------------------------------------

COLD, CHILL = symptom("cold", "Cold", ask="Cold?"), condition("chill", "Chill")
SMALL = Pack("small", version="1", title="Small", rules=[Rule("chill", when=COLD, then=CHILL.finding())])


class Entry:
    """An entry point of another distribution."""

    dist = None

    def __init__(self, name: str, load: Callable[[], object]) -> None:
        self.name, self.load = name, load


def faulty_import() -> object:
    raise ZeroDivisionError("oops")


def test_another_distribution_may_bring_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Entry("mine", lambda: Native), Entry("broken", faulty_import)]
    monkeypatch.setattr(engines, "entry_points", lambda group: found if group == "backpain_rules.engines" else [])
    kb = KnowledgeBase([SMALL])
    assert kb.assess([COLD.present], engine="mine").findings == kb.assess([COLD.present]).findings
    with pytest.raises(EngineError, match="engine 'broken' of no distribution cannot be loaded: ZeroDivisionError: oops"):
        kb.assess([], engine="broken")
    with pytest.raises(EngineError, match="no engine is called 'mien'; did you mean 'mine'"):
        kb.assess([], engine="mien")


def test_durable_says_what_it_needs_where_it_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'backpain-rules\[durable\]'.* Python 3.13"):
        KnowledgeBase([SMALL]).assess([], engine="durable")


@durable
def test_durable_refuses_a_rule_base_beyond_its_limits() -> None:
    many = Pack(
        "many", version="1", title="", rules=[Rule(f"r{n}", when=COLD, then=condition(f"c{n}", "").finding()) for n in range(300)]
    )
    with pytest.raises(EngineError, match="300 rules that share one premise, and it takes 250"):
        KnowledgeBase([many]).assess([], engine="durable")


@durable
def test_a_run_that_failed_leaves_nothing_for_the_next_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    kb = KnowledgeBase([SMALL])
    expected = kb.assess([], engine="durable").to_json()
    matcher = kb._engines["durable"]._matcher  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(matcher._host, "get_state", lambda rules, name: {"exception": "planted"})
        with pytest.raises(EngineError, match="planted"):
            kb.assess([COLD.present], engine="durable")
    assert kb.assess([], engine="durable").to_json() == expected


@durable
def test_durable_leaves_no_thread_behind() -> None:
    import threading

    before = threading.active_count()
    KnowledgeBase([SMALL]).assess([COLD.present], engine="durable")
    assert threading.active_count() == before


@given(packs(), st.data())
def test_what_is_pasted_is_what_was_found(rule_base: list[Pack], data: st.DataObject) -> None:
    case = data.draw(cases_of(link(rule_base, {})))
    defined: dict[str, list[Pack]] = {}
    exec(to_source(rule_base, case), defined)
    assert identity(link(defined["packs"], {})) == identity(link(rule_base, {}))
    assert list(defined["cases"][0]) == list(case)  # type: ignore[call-overload]
