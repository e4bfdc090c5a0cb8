"""How long it takes to say why not, and what would bring a conclusion about, as the rule base around it grows.

    python -m benchmarks.otherwise [RULES ...]          # default: 1000 10000

Random rules of three symptoms, a tenth of them chained. For each size the medians over conclusions that are absent, taken in
turns, and how many rules bear on one of them. Nothing here is asserted.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

from backpain_rules import Assessment, Finding, present
from backpain_rules.ground.cone import cone
from backpain_rules.ground.nodes import Derived

from .rule_bases import POOL, drawn_rules, knowledge_base

ASKED = 60


def main(sizes: list[int]) -> None:
    print("| rules | that bear on one | why_not | changes | to_ask |")
    print("|---|---|---|---|---|")
    for size in sizes:
        kb = knowledge_base(drawn_rules(size))
        result = kb.assess([present(name) for name in POOL[::9]])
        program = kb._program
        numbers = {fact.condition: number for number, fact in enumerate(program.facts) if isinstance(fact, Finding)}
        found = {finding.condition for finding in result.findings}
        asked = [name for n in range(9, size, max(1, size // ASKED)) if (name := f"c{n}") not in found]
        bearing = [len(cone(program, [Derived(numbers[name])]).instances) for name in asked]
        result.why_not(asked[0])  # what is made once
        times = [timed(result, name) for name in asked]
        cells = " | ".join(f"{median(taken) * 1e3:.2f} ms" for taken in zip(*times, strict=True))
        print(f"| {size:,} | {median(bearing):g} | {cells} |")


def timed(result: Assessment, name: str) -> tuple[float, float, float]:
    """The seconds for the marking, for the smallest changes and for the smallest sets to ask."""
    start = perf_counter()
    why_not = result.why_not(name)
    marked = perf_counter()
    assert why_not.changes
    changed = perf_counter()
    assert isinstance(why_not.to_ask, tuple)
    return marked - start, changed - marked, perf_counter() - changed


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 10_000])
