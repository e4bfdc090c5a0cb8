"""A table gives each row what assessing it alone gives: the same conclusions, as firm, as open, and the same conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from backpain_rules import Assessment, Conflict, Fact, Pack
from backpain_rules.cohort.columns import columns_of
from backpain_rules.cohort.kernel import Kernel
from backpain_rules.cohort.rows import facts_of_row, row_of_facts
from backpain_rules.engine.engines import Reference
from backpain_rules.facts.base import to_data
from backpain_rules.ground.compile import compile_program
from backpain_rules.ground.nodes import Derived
from backpain_rules.ground.program import Program
from backpain_rules.ir.bits import FALSE, TRUE, UNKNOWN
from backpain_rules.link.link import link
from backpain_rules.testing.case_strategies import cases_of
from backpain_rules.testing.case_tables import batch_of
from backpain_rules.testing.chains import chained_cases, chained_packs
from backpain_rules.testing.rule_bases import packs
from backpain_rules.testing.table_conformance import disagreements


@given(packs(), st.data())
def test_a_row_gives_what_the_reference_gives_its_facts(rule_base: list[Pack], data: st.DataObject) -> None:
    program = compile_program(link(rule_base, {}))
    cases = data.draw(st.lists(cases_of(program.linked, max_closed=0), max_size=20))
    agree(program, cases, text=data.draw(st.booleans()))


@given(chained_packs(), st.lists(chained_cases(), max_size=20))
def test_a_row_gives_what_the_reference_gives_through_long_chains(rule_base: list[Pack], cases: list[list[Fact]]) -> None:
    agree(compile_program(link(rule_base, {})), cases)


@given(packs(), st.data())
def test_a_row_says_the_facts_that_it_was_made_of(rule_base: list[Pack], data: st.DataObject) -> None:
    program = compile_program(link(rule_base, {}))
    case = data.draw(cases_of(program.linked, max_closed=0))
    columns = kernel_of(program).inputs
    assert set(facts_of_row(program.linked, columns, row_of_facts(program.linked, columns, case))) == set(case)


@given(packs(), st.data())
def test_it_does_not_matter_how_a_table_is_cut_into_batches(rule_base: list[Pack], data: st.DataObject) -> None:
    program = compile_program(link(rule_base, {}))
    kernel = kernel_of(program)
    batch = batch_of(kernel, data.draw(st.lists(cases_of(program.linked, max_closed=0), min_size=1, max_size=20)))
    cut = data.draw(st.integers(0, batch.num_rows))
    whole = kernel.run(batch).to_pylist()
    assert kernel.run(batch.slice(0, cut)).to_pylist() + kernel.run(batch.slice(cut)).to_pylist() == whole


def kernel_of(program: Program) -> Kernel:
    return Kernel(program, columns_of(program)).ignoring(["case"])


def agree(program: Program, cases: Sequence[Iterable[Fact]], *, text: bool = False) -> None:
    """The rows of a table have the bits and the conflicts that the reference engine gives each case; columns lose none."""
    assert disagreements(program, cases, text=text) == []
    kernel = kernel_of(program)
    results = kernel.run(batch_of(kernel, cases, text=text)).select([column.name for column in kernel.outputs])
    firm = {column.name for column in kernel.outputs if column.shows == "firm"}
    for case, row in zip(cases, results.to_pylist(), strict=True):
        outcome = Reference(program).run(case)
        for column in kernel.outputs:
            if isinstance(column.node, Derived) and column.shows == "result" and f"{column.name}__firm" not in firm:
                assert outcome.evaluation.node(column.node) in (TRUE, UNKNOWN, FALSE)
        found = [column.about for column in kernel.outputs if column.name.startswith("conflict__") and row[column.name]]
        assert sorted(map(str, found)) == sorted({str(about(conflict)) for conflict in Assessment(outcome).conflicts})


def about(conflict: Conflict) -> Mapping[str, object]:
    """What a conflict is about, as the column for it says."""
    if conflict.kind == "constraint":
        return {"constraint": conflict.constraint}
    fact = conflict.facts[0]
    return {"contradiction": {name: value for name, value in to_data(fact).items() if name in ("type", *fact.schema_.keys)}}
