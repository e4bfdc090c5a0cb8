"""`kb.cohort_diff`: exactly the rows and conclusions that two versions assess otherwise, with the rules that `assess` names."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_proofs_by_enumeration import CASES, Version, versions

from backpain_rules import Fact, KnowledgeBase, Pack, Rule, TableError, all_of, condition, symptom, unless
from backpain_rules.cohort.rows import row_of_facts
from effort import examples

A, B = symptom("a", "A", ask="A?"), symptom("b", "B", ask="B?")
ILL = condition("ill", "Ill")


def rows(kb: KnowledgeBase, cases: list[tuple[Fact, ...]]) -> list[dict[str, Any]]:
    inputs = {column.name: column for column in kb.cohort_columns().inputs}
    return [{"id": n, **row_of_facts(kb.rule_base, inputs, case)} for n, case in enumerate(cases)]


def rules(kb: KnowledgeBase, case: tuple[Fact, ...], fact: Fact) -> str:
    outcome = kb.assess(case)._outcome
    if fact not in outcome.program.numbers:
        return ""
    producers = outcome.program.producers[outcome.program.numbers[fact]]
    return ", ".join(sorted({outcome.program.instances[n].rule.name for n in producers if outcome.evaluation.instance(n) & 2}))


@settings(max_examples=examples(60), deadline=None)
@given(old=versions(), new=versions(), cases=st.lists(st.sampled_from(CASES), min_size=1, max_size=12))
def test_the_rows_that_change_are_those_that_are_assessed_otherwise(
    old: Version, new: Version, cases: list[tuple[Fact, ...]]
) -> None:
    one, other = old.base(), new.base()
    table = pa.Table.from_pylist(rows(one, cases), schema=pa.schema([("id", pa.int64()), *_types(one)]))
    found = one.cohort_diff(other, table).to_pylist()
    findings = {(row["row"], row["conclusion"]): row for row in found if row["conclusion"].startswith("finding")}
    for n, case in enumerate(cases):
        before, after = one.assess(case), other.assess(case)
        for fact in {*before.findings} ^ {*after.findings}:
            name = f"finding__{fact.condition}"
            here = [row for (at, column), row in findings.items() if at == n and column.startswith(name)]
            [row] = [row for row in here if not row["conclusion"].endswith("firm")]
            assert (row["old"] is True, row["new"] is True) == (fact in before.findings, fact in after.findings)
            assert (row["old_rules"], row["new_rules"]) == (rules(one, case, fact), rules(other, case, fact))
            assert row["id"] == n
    for row in found:
        assert row["old"] is not row["new"]
    assert [row["row"] for row in found] == sorted(row["row"] for row in found)
    assert one.cohort_diff(one, table).num_rows == 0


def _types(kb: KnowledgeBase) -> list[tuple[str, Any]]:
    kinds = {"true or false": pa.bool_(), "true": pa.bool_(), "a whole number": pa.int64()}
    return [(column.name, kinds.get(column.holds, pa.string())) for column in kb.cohort_columns().inputs]


def version(*made: Rule) -> KnowledgeBase:
    return KnowledgeBase([Pack("p", version="1", title="P", rules=made, terms=[ILL])])


def test_a_column_that_only_one_version_knows_is_read_by_that_one() -> None:
    old, new = version(Rule("r", when=A, then=ILL.finding())), version(Rule("r", when=all_of(A, unless(B)), then=ILL.finding()))
    table = pa.table({"symptom__a": [True, True], "symptom__b": [True, None]})
    [gone] = [row for row in old.cohort_diff(new, table).to_pylist() if row["conclusion"] == "finding__ill"]
    assert (gone["row"], gone["old"], gone["new"], gone["old_rules"], gone["new_rules"]) == (0, True, False, "p:r", "")


def test_what_is_no_table_and_a_name_that_is_taken_are_refused() -> None:
    kb = version(Rule("r", when=A, then=ILL.finding()))
    with pytest.raises(TableError, match="no Arrow table"):
        kb.cohort_diff(kb, [1])
    with pytest.raises(TableError, match="has a name that the table of changes uses; rename it"):
        kb.cohort_diff(kb, pa.table({"row": [1], "symptom__a": [True]}))
