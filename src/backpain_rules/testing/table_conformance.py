"""Tables held to the meaning of rules: each row has what the reference engine gives its facts. Needs the extra `cohort`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from ..cohort.columns import OutputColumn, columns_of
from ..cohort.kernel import Kernel
from ..engine.engines import Reference
from ..facts.base import Fact
from ..ground.evaluate import Evaluation
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from .case_tables import batch_of
from .conformance.judge import Judge
from .conformance.trial import Tally, hold

MOST_CASES: Final = 8
"""A table has at most so many rows."""


def table_conformance(*, max_examples: int = 200, shrink: bool = True) -> Tally:
    """Hold tables to the meaning of rules, on cases without facts of closed types, as rows have none.

    Raises `AssertionError` with a counterexample that can be pasted, the smallest found unless `shrink` is off.
    """
    return hold({"tables": table_check}, max_examples=max_examples, max_cases=MOST_CASES, shrink=shrink)["tables"]


def table_check(judge: Judge, cases: Sequence[Sequence[Fact]], data: DataObject, tally: Tally) -> None:
    """The check of tables: all cases as one table."""
    rows = [[fact for fact in case if fact.schema_.is_open] for case in cases]
    tally.cases += len(rows)
    text = data.draw(st.booleans())
    for case, differ in _differing(judge.program, rows, lambda case: judge.judgement(case).outcome.evaluation, text):
        raise judge.wrong(case, f"columns differ: {'; '.join(differ)}")


def disagreements(
    program: Program, cases: Sequence[Iterable[Fact]], *, text: bool = False
) -> list[tuple[Sequence[Fact], list[str]]]:
    """The cases whose row differs from what the reference engine gives their facts, each with the columns that differ.

    With `text`, the table has times and dates as text, and words without a dictionary.
    """
    return _differing(program, cases, lambda case: Reference(program).run(case).evaluation, text)


def _differing(
    program: Program, cases: Sequence[Iterable[Fact]], evaluated: Callable[[Sequence[Fact]], Evaluation], text: bool
) -> list[tuple[Sequence[Fact], list[str]]]:
    stated = [tuple(case) for case in cases]
    kernel = Kernel(program, columns_of(program)).ignoring(["case"])
    rows = kernel.run(batch_of(kernel, stated, text=text)).select([column.name for column in kernel.outputs]).to_pylist()
    found: list[tuple[Sequence[Fact], list[str]]] = []
    for case, row in zip(stated, rows, strict=True):
        judged = evaluated(case)
        differ = [
            f"{column.name}: {row[column.name]} and not {expected}"
            for column in kernel.outputs
            if row[column.name] is not (expected := _shown(column, judged))
        ]
        if differ:
            found.append((case, differ))
    return found


def _shown(column: OutputColumn, judged: Evaluation) -> bool | None:
    """What a column says of these bits."""
    bits = judged.node(column.node)
    if column.shows == "firm":
        return bool(bits & CERTAIN)
    return True if bits & ESTABLISHED else None if bits & POSSIBLE else False
