"""Random examples shown to several parts of the library at once, and what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from ...facts.base import Fact
from .examples import Example, any_examples
from .judge import Judge

MOST_CASES: Final = 4
"""Engines and sessions go through so many of the cases of an example; tables take all."""


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

    def __add__(self, other: Tally) -> Tally:
        reasons = {
            reason: self.reasons.get(reason, 0) + other.reasons.get(reason, 0) for reason in {*self.reasons, *other.reasons}
        }
        return Tally(
            self.rule_bases + other.rule_bases, self.refused + other.refused, self.rules + other.rules,
            self.rules_refused + other.rules_refused, self.cases + other.cases, reasons,
        )  # fmt: skip


Check = Callable[[Judge, Sequence[Sequence[Fact]], DataObject, Tally], None]
"""Holds one part of the library to the judge on the cases of one rule base, and counts what it looked at."""


def hold(
    checks: Mapping[str, Check], *, max_examples: int, max_cases: int = MOST_CASES, shrink: bool = True, seeded: int | None = None
) -> dict[str, Tally]:
    """Try each check on the same random examples. Raises what the first check that fails raises, the smallest such example
    unless `shrink` is off. With `seeded` the examples are the same every time.
    """
    tallies = {name: Tally() for name in checks}

    @given(any_examples(max_cases=max_cases), st.data())
    @_settings(max_examples, shrink)
    def run(example: Example, data: DataObject) -> None:
        rule_base, cases = example
        judge = Judge(rule_base)
        for name, check in checks.items():
            tallies[name].rule_bases += 1
            tallies[name].rules += judge.rules
            check(judge, cases, data, tallies[name])

    (run if seeded is None else seed(seeded)(run))()
    return tallies


def _settings(max_examples: int, shrink: bool) -> settings:
    """So many examples, without a deadline, and without a memory of earlier runs."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    checks = list(HealthCheck)
    return settings(max_examples=max_examples, deadline=None, database=None, phases=phases, suppress_health_check=checks)
