"""A long conformance run, cut into batches with seeds of their own that several processes share."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from time import perf_counter
from typing import Final

from ...engine.engines import ENGINES, make_engine
from ...ground.compile import compile_program
from ...link.link import link
from .engines import engine_check
from .sessions import session_check
from .trial import MOST_CASES, Check, Tally, hold

SIZE: Final = 500
"""Rule bases in a batch: enough for Hypothesis to vary, few enough that a broken-off run loses little."""
PARTS: Final = (*(name for name in ENGINES if name != "reference"), "sessions", "tables")
BATCHES_OF_A_PROCESS: Final = 4
"""A process is replaced after so many batches, since durable-rules does not give back all memory."""


@dataclass(frozen=True)
class Batch:
    """So many rule bases from one seed, shown to each of these parts."""

    seed: int
    rule_bases: int
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What came of a batch: the tally of each part, or what failed."""

    batch: Batch
    seconds: float
    tallies: dict[str, Tally] = field(default_factory=dict[str, Tally])
    failure: str = ""


def check_of(part: str) -> Check:
    """The check of one part: `sessions`, `tables`, or an engine by name.

    Raises `EngineError` for an unknown name, and `ImportError` or `MissingExtraError` where an extra is missing.
    """
    if part == "sessions":
        return session_check
    if part == "tables":
        from ..table_conformance import table_check

        return table_check
    make_engine(part, compile_program(link([], {})))
    return engine_check(part)


def batches(rule_bases: int, parts: Sequence[str], seed: int) -> list[Batch]:
    """The batches of a run: the first has this seed, and each other the next."""
    starts = range(0, rule_bases, SIZE)
    return [Batch(seed + n, min(SIZE, rule_bases - start), tuple(parts)) for n, start in enumerate(starts)]


def run(batch: Batch) -> Done:
    """Run one batch in this process. Whatever fails is told as a traceback, so that the other batches go on."""
    begin = perf_counter()
    checks = {part: check_of(part) for part in batch.parts}
    cases = 8 if "tables" in checks else MOST_CASES
    try:
        tallies = hold(checks, max_examples=batch.rule_bases, max_cases=cases, seeded=batch.seed)
    except Exception:
        return Done(batch, perf_counter() - begin, failure=traceback.format_exc())
    return Done(batch, perf_counter() - begin, tallies)


def run_all(todo: Sequence[Batch], processes: int) -> Iterator[Done]:
    """Run the batches in so many processes; what is done comes first."""
    with ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=BATCHES_OF_A_PROCESS) as pool:
        for future in as_completed([pool.submit(run, batch) for batch in todo]):
            yield future.result()
