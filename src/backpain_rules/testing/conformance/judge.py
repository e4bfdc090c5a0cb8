"""What an engine gives for a case, held against the reference engine: each case of a rule base is judged once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...assessment import Assessment
from ...engine.engines import Reference
from ...engine.outcome import Outcome
from ...facts.base import Fact
from ...ground.compile import compile_program
from ...link.link import link
from ...pack import Pack
from ..source_code import to_source


class Judgement:
    """What the reference engine says of one case."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._assessment = Assessment(outcome)

    @cached_property
    def bits(self) -> dict[Fact, int]:
        """The bits of every conclusion that has one."""
        return bits_of(self.outcome)

    @property
    def derived(self) -> tuple[Fact, ...]:
        """The result."""
        return self._assessment.derived

    @cached_property
    def json(self) -> str:
        """The result as JSON."""
        return self._assessment.to_json()

    @cached_property
    def explanation(self) -> str:
        """The result as an explanation."""
        return self._assessment.explain()


@dataclass
class Judge:
    """One rule base, linked and compiled once, and what the reference engine says of its cases."""

    rule_base: Sequence[Pack]
    _judged: dict[frozenset[str], Judgement] = field(default_factory=dict[frozenset[str], Judgement])

    def __post_init__(self) -> None:
        self.program = compile_program(link(self.rule_base, {}))

    @property
    def rules(self) -> int:
        """The number of rules."""
        return len(self.program.linked.rules)

    def judgement(self, case: Sequence[Fact]) -> Judgement:
        """What the reference engine says of a case. A case is known by how its facts are written, in any order."""
        key = frozenset(map(repr, case))
        if key not in self._judged:
            self._judged[key] = Judgement(Reference(self.program).run(case))
        return self._judged[key]

    def compare(self, case: Sequence[Fact], outcome: Outcome) -> None:
        """Raise an `AssertionError` unless an engine gave this case the same bits, the same result and the same explanation."""
        judged, found = self.judgement(case), bits_of(outcome)
        if judged.bits != found:
            differ = [
                f"{fact!r}: {found.get(fact, 0)} and not {bits}"
                for fact, bits in judged.bits.items()
                if found.get(fact, 0) != bits
            ]
            differ += [f"{fact!r}: {bits} and not 0" for fact, bits in found.items() if fact not in judged.bits]
            raise self.wrong(case, "bits (4 certain, 2 established, 1 possible) differ: " + "; ".join(differ))
        mine = Assessment(outcome)
        json = mine.to_json()
        if mine.derived != judged.derived or json != judged.json:
            raise self.wrong(case, f"the result is\n{json}\nand not\n{judged.json}")
        if (explanation := mine.explain()) != judged.explanation:
            raise self.wrong(case, f"the explanation is\n{explanation}\nand not\n{judged.explanation}")

    def wrong(self, case: Sequence[Fact], what: str) -> AssertionError:
        """An error that says what is wrong, with the rule base and the case as source that can be pasted."""
        return AssertionError(f"{what}\n\nfor this rule base and case:\n\n{to_source(self.rule_base, case)}")


def bits_of(outcome: Outcome) -> dict[Fact, int]:
    """The bits of every conclusion that has one, those that the engine says are established made sure of."""
    evaluation = outcome.evaluation
    bits = {fact: evaluation.proposition(number) for number, fact in enumerate(outcome.program.facts)}
    established = {outcome.program.facts[number] for number in outcome.established}
    return {fact: (b & ~2) | (2 if fact in established else 0) for fact, b in bits.items() if b or fact in established}
