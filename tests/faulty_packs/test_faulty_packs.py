"""Every fault of the faulty packs is found and shown, and nothing is found in their repaired twins."""

from __future__ import annotations

from collections import Counter

import pytest

from backpain_rules.acceptance import CODES

from . import acceptances, constraints, exclusive, idle_signs, overridden, parameters, partitions, redundant, unreachable
from .example import Example, report_of

EXAMPLES = [
    one
    for module in (unreachable, overridden, redundant, exclusive, constraints, partitions, parameters, idle_signs, acceptances)
    for one in module.EXAMPLES
]
each_example = pytest.mark.parametrize("one", EXAMPLES, ids=[one.name for one in EXAMPLES])


@each_example
def test_the_faults_are_found_and_nothing_else(one: Example) -> None:
    assert sorted((d.code, "+".join(d.subjects)) for d in report_of(one.faulty)) == sorted(one.faults)


@each_example
def test_nothing_is_found_in_the_repaired_twin(one: Example) -> None:
    assert [str(d) for d in report_of(one.repaired)] == []


def test_there_are_three_of_each_kind_and_more_than_thirty() -> None:
    kinds = Counter(code for one in EXAMPLES for code, _ in one.faults)
    assert min(kinds[code] for code in CODES) >= 3
    assert len(EXAMPLES) >= 30
