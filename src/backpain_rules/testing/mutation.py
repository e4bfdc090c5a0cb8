"""How many slips in its rules do the cases of a pack notice?

Each mutant of the rules (`mutants`) is given the cases. It is killed by a case of which it says something else: another
conclusion, another firmness, another thing undecided. A mutant that no case kills is compared with the rules by proof: one that
concludes the same of every patient, as firmly, is equivalent and does not count; any other is alive.

    python -m backpain_rules.testing.mutation acupuncture
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from ..analysis.diff import diff
from ..engine.native import Native
from ..errors import BackpainRulesError, StratificationError
from ..facts.base import Fact
from ..ground.compile import compile_program
from ..knowledge import KnowledgeBase
from .mutants import Mutant, mutants

PROGRAM: Final = "python -m backpain_rules.testing.mutation"
Case = Sequence[Fact]


@dataclass(frozen=True)
class Score:
    """What became of each mutant. `refused` are those that no knowledge base would take."""

    killed: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    alive: tuple[Mutant, ...]
    refused: tuple[Mutant, ...]

    @property
    def value(self) -> float:
        """The part of the mutants that was killed, of those that are not equivalent."""
        return len(self.killed) / max(1, len(self.killed) + len(self.alive))

    def __str__(self) -> str:
        many = len(self.killed) + len(self.alive) + len(self.equivalent)
        raw = len(self.killed) / max(1, many)
        lines = [
            f"{len(self.killed)} of {many} mutants killed ({raw:.1%}); {len(self.equivalent)} proved equivalent, "
            f"{len(self.alive)} alive, {len(self.refused)} refused",
            f"mutation score {self.value:.1%}",
        ]
        lines += [f"  alive       {one}" for one in self.alive]
        lines += [f"  equivalent  {one}" for one in self.equivalent]
        return "\n".join(lines)


def mutation_score(kb: KnowledgeBase, cases: Sequence[Case], *, pack: str | None = None) -> Score:
    """Hold cases against every mutant of the rules, those of one pack or all.

    Raises `MissingExtraError` when python-sat is not installed.
    """
    linked = kb.rule_base
    rules = {rule.name for rule in linked.rules if pack in (None, rule.pack)}
    expected = [_said(Native(kb._program), case) for case in cases]
    order = _readers_first(kb, rules, cases)
    found: dict[str, list[Mutant]] = {"killed": [], "equivalent": [], "alive": [], "refused": []}
    for mutant in mutants(linked, rules):
        try:
            native = Native(compile_program(mutant.linked))
        except StratificationError:
            found["refused"].append(mutant)
            continue
        if any(_said(native, cases[n]) != expected[n] for n in order[mutant.rule]):
            found["killed"].append(mutant)
        else:
            found["equivalent" if diff(linked, mutant.linked).equivalent else "alive"].append(mutant)
    return Score(**{name: tuple(listed) for name, listed in found.items()})


def _said(native: Native, case: Case) -> dict[Fact, int]:
    """Everything that a rule base says of a case: the bits of each conclusion that is possible."""
    outcome = native.run(case)
    facts = outcome.program.facts
    return {fact: bits for number, fact in enumerate(facts) if (bits := outcome.evaluation.proposition(number))}


def _readers_first(kb: KnowledgeBase, rules: Collection[str], cases: Sequence[Case]) -> dict[str, list[int]]:
    """For each rule the cases, those in which it fires or stays open first: they are likely to notice a change of it."""
    possible: list[set[str]] = []
    for case in cases:
        evaluation = Native(kb._program).run(case).evaluation
        possible.append({one.rule.name for n, one in enumerate(kb._program.instances) if evaluation.instance(n)})
    numbers = range(len(cases))
    return {name: sorted(numbers, key=lambda n: (name not in possible[n], len(possible[n]))) for name in rules}


def main(argv: Sequence[str]) -> int:
    """The score of the test cases of one installed pack; exit status 1 when it is below the second argument, in percent."""
    try:
        name, least = _arguments(argv)
        begin = perf_counter()
        kb = KnowledgeBase.load(name)
        cases = kb.test_cases(pack=name)
        score = mutation_score(kb, [case.facts for case in cases], pack=name)
    except (BackpainRulesError, ValueError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    print(f"{len(cases)} cases\n{score}\n{perf_counter() - begin:.0f} s")
    return 1 if 100 * score.value < least else 0


def _arguments(argv: Sequence[str]) -> tuple[str, float]:
    if len(argv) not in (1, 2):
        raise ValueError("usage: PACK [LEAST_PERCENT]")
    try:
        return argv[0], float(argv[1]) if len(argv) > 1 else 0.0
    except ValueError:
        raise ValueError(f"{argv[1]!r} is not a number of percent") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
