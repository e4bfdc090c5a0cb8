"""Tables held to the meaning of rules: each row has what the reference engine gives its facts. Needs the extra `cohort`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from ..cohort.columns import OutputColumn, columns_of
from ..cohort.kernel import Kernel
from ..engine.engines import Reference
from ..facts.base import Fact
from ..ground.compile import compile_program
from ..ground.evaluate import Evaluation
from ..ground.program import Program
from ..ir.bits import CERTAIN, ESTABLISHED, POSSIBLE
from ..link.link import link
from .case_tables import batch_of
from .conformance import Example, Tally, any_examples, run_settings, told


def table_conformance(*, max_examples: int = 200, shrink: bool = True) -> Tally:
    """Hold tables to the meaning of rules, on cases without facts of closed types, as rows have none.

    Raises `AssertionError` with a counterexample that can be pasted, the smallest found unless `shrink` is off.
    """
    tally = Tally()

    @given(any_examples(max_cases=8), st.data())
    @run_settings(max_examples, shrink)
    def run(example: Example, data: DataObject) -> None:
        rule_base, stated = example
        program = compile_program(link(rule_base, {}))
        cases = [[fact for fact in case if fact.schema_.is_open] for case in stated]
        tally.rule_bases += 1
        tally.rules += len(program.linked.rules)
        tally.cases += len(cases)
        for case, differ in disagreements(program, cases, text=data.draw(st.booleans())):
            raise AssertionError(told(rule_base, case, f"columns differ: {'; '.join(differ)}"))

    run()
    return tally


def disagreements(
    program: Program, cases: Sequence[Iterable[Fact]], *, text: bool = False
) -> list[tuple[Sequence[Fact], list[str]]]:
    """The cases whose row differs from what the reference engine gives their facts, each with the columns that differ.

    With `text`, the table has times and dates as text, and words without a dictionary.
    """
    stated = [tuple(case) for case in cases]
    kernel = Kernel(program, columns_of(program)).ignoring(["case"])
    rows = kernel.run(batch_of(kernel, stated, text=text)).select([column.name for column in kernel.outputs]).to_pylist()
    found: list[tuple[Sequence[Fact], list[str]]] = []
    for case, row in zip(stated, rows, strict=True):
        judged = Reference(program).run(case).evaluation
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
