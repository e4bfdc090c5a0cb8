"""Seeded fuzzing: good inputs are mutated and read; each is accepted or refused by an error of the library, in bounded time.

To fuzz another reader, write a test that calls `fuzz` with the fixture `inputs`, some good inputs, a mutator and the reader:

    def test_a_mutated_journal_is_read_or_refused(inputs: int) -> None:
        fuzz("journal", inputs, [GOOD], mutated_text, read_journal)

Of the mutators, `mutated` takes data like JSON, `mutated_text` takes text, `mutated_json` takes data and gives JSON text. Input n
of a name is always the same, and a failure names it: `replay("journal", n, [GOOD], mutated_text)` gives it again.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from random import Random
from traceback import extract_tb
from types import TracebackType
from typing import Final, TypeVar

from shrinking import smallest

from backpain_rules import BackpainRulesError
from backpain_rules.testing.watchdog import stopped_after

S = TypeVar("S")
T = TypeVar("T")

MOST_SECONDS: Final = 1.0
"""Of processor time for one input. A busy machine does not use it up, and no input takes a tenth of it."""
MOST_WAITING: Final = 60.0
"""Seconds by the clock: a reader that waits for something uses no processor time."""
LONGEST_SENTENCE: Final = 5000
TRIES: Final = 1000
"""How many smaller inputs are tried for a failure. One that hangs takes its second each time."""
TRIES_OF_A_HANG: Final = 30
HANGS: Final = "hangs"

tried: dict[str, int] = {}
"""How many inputs each name was given in this process; the end of the run says how many that were."""


class Hangs(BaseException):
    """A reader takes too long. Not an `Exception`, so that no reader takes it for a fault of its input."""


def fuzz(name: str, inputs: int, good: Sequence[S], mutate: Callable[[Random, S], T], read: Callable[[T], object]) -> None:
    """Read this many mutations of the good inputs.

    Fails for an exception that is no `BackpainRulesError`, for a sentence as long as its input, and for a reader that takes more
    than a second of processor time. The failure gives the seed and the smallest input that fails in the same way.
    """
    refused = 0
    for number in range(inputs):
        given = replay(name, number, good, mutate)
        error, fault = _read(given, read)
        refused += error is not None
        if fault:
            raise AssertionError(f"{name} {number}: {fault}: {error}\n{_smallest(given, read, fault)}") from error
    tried[name] = tried.get(name, 0) + inputs
    assert refused or inputs < 100, f"{name}: none of {inputs} inputs was refused, so the mutations reach nothing"


def replay(name: str, number: int, good: Sequence[S], mutate: Callable[[Random, S], T]) -> T:
    """Input `number` of a name."""
    rng = Random(f"{name}:{number}")
    return mutate(rng, rng.choice(good))


def _smallest(given: T, read: Callable[[T], object], fault: str) -> str:
    """The smallest input with this fault, as a sentence."""
    tries = TRIES_OF_A_HANG if fault == HANGS else TRIES
    shown = repr(smallest(given, lambda less: _read(less, read)[1] == fault, tries))
    return f"smallest input ({len(shown)} characters): {shown[:2000]}"


def _read(given: T, read: Callable[[T], object]) -> tuple[BaseException | None, str]:
    """What reading an input raises, and the fault in that: its kind and its place; empty where there is none."""
    hangs = Hangs(f"more than {MOST_SECONDS} s of processor time, or {MOST_WAITING} s by the clock")
    try:
        with stopped_after(hangs, processor=MOST_SECONDS, clock=MOST_WAITING):
            read(copy.deepcopy(given))
    except BackpainRulesError as error:
        return error, "a sentence as long as its input" if len(str(error)) >= LONGEST_SENTENCE else ""
    except Hangs as error:
        return error, HANGS
    except Exception as error:
        return error, f"{type(error).__name__} at {_place(error.__traceback__)}"
    return None, ""


def _place(trace: TracebackType | None) -> str:
    last = extract_tb(trace)[-1]
    return f"{last.filename}:{last.lineno}"
