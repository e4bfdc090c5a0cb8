"""One patient: this library and its peers side by side, in turns, each answer checked against the plain reference."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .peers import Contender, contenders
from .rule_bases import Case, drawn_cases, drawn_rules, reference

CASES = 40


class Measured(NamedTuple):
    """Microseconds for one patient by contender, on one rule base; this library is the first."""

    rule_base: str
    micros: dict[str, float]


def measure(drawn_count: int, *, rounds: int) -> Measured:
    """The median over the rounds, and in each round the mean over the cases; raises when an answer is wrong."""
    drawn = drawn_rules(drawn_count)
    cases = drawn_cases(CASES, drawn)
    expected = [reference(case, drawn) for case in cases]
    found = list(contenders(drawn))
    for contender in found:
        for case, names in zip(cases, expected, strict=True):
            said = set(contender.names(contender.run(contender.prepare(case))))
            if said != names:
                raise AssertionError(f"{contender.name} says {sorted(said)}, not {sorted(names)}, of {case}")
    return Measured(f"B({drawn_count:,})" if drawn_count else "A", in_turns(found, cases, rounds))


def in_turns(found: Sequence[Contender], cases: Sequence[Case], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {contender.name: [] for contender in found}
    for _ in range(rounds):
        for contender in found:
            given = [contender.prepare(case) for case in cases]  # anew: nobody profits from having seen these facts
            times[contender.name].append(timed(contender.run, given))
    return {name: statistics.median(measured) for name, measured in times.items()}


def timed(run: Callable[[object], object], given: Sequence[object]) -> float:
    """Microseconds for one of these."""
    gc.collect()
    started = time.perf_counter()
    for one in given:
        run(one)
    return (time.perf_counter() - started) / len(given) * 1e6


def table(measured: Sequence[Measured]) -> str:
    """Markdown: microseconds, and in parentheses how many times this library's."""
    names = list(dict.fromkeys(name for one in measured for name in one.micros))
    lines = [f"| one patient, µs | {' | '.join(one.rule_base for one in measured)} |", "|---|" + "---|" * len(measured)]
    for name in names:
        cells = [
            f"{one.micros[name]:,.1f} ({one.micros[name] / next(iter(one.micros.values())):.2f})" if name in one.micros else "-"
            for one in measured
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
