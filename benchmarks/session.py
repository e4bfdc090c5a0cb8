"""What one change of a session costs when it holds 100 facts, and when it holds 100,000: `python -m benchmarks.session`.

The facts are readings, one an hour: a closed type. The rules look at one reading, at two of one day, at whether any
reading has a property, and at what none has; so a change touches a few of them, however many there are.
"""

from __future__ import annotations

import statistics
import time
from datetime import date, timedelta

from backpain_rules import (
    Fact,
    Finding,
    Key,
    KnowledgeBase,
    Pack,
    Rule,
    Session,
    Slot,
    all_of,
    condition,
    each,
    exists,
    not_,
    slot,
    symptom,
    unless,
)

SIZES = (100, 100_000)
ROUNDS = 400


class Reading(Fact):
    """A temperature taken on some day, at some hour."""

    day: Key[date]
    hour: Key[int]
    tenths: Slot[int] = slot(ge=300, le=450)


FEVER, RISING, NORMAL, CHILL = (condition(id, id.title()) for id in ("fever", "rising", "normal", "chill"))
COLD = symptom("cold", "Cold", ask="Are you cold?")
one, two = each(Reading), each(Reading)
other = each(Reading, day=one.day)
PACK = Pack("readings", version="1", title="Readings", rules=[
    Rule("fever", when=one.tenths >= 380, then=FEVER.finding()),
    Rule("rising", when=all_of(one, two, two.day == one.day, two.hour == one.hour + 1, two.tenths >= one.tenths + 10),
         then=RISING.finding()),
    Rule("normal", when=all_of(exists(Reading), not_(exists(Finding, condition=FEVER))), then=NORMAL.finding()),
    Rule("chill", when=all_of(COLD, one.tenths >= 375, unless(exists(other, other.tenths >= 400))), then=CHILL.finding()),
])  # fmt: skip


def reading(number: int, tenths: int = 365) -> Reading:
    """The reading of one hour, counted from the first."""
    return Reading(day=date(2000, 1, 1) + timedelta(days=number // 24), hour=number % 24, tenths=tenths)


def one_change(session: Session, number: int) -> float:
    """Seconds for a reading that comes and goes."""
    fact = reading(number, 385)
    start = time.perf_counter()
    session.insert(fact)
    session.retract(fact)
    return time.perf_counter() - start


def main() -> None:
    kb = KnowledgeBase([PACK])
    sessions: dict[int, Session] = {}
    for size in SIZES:
        start = time.perf_counter()
        sessions[size] = kb.session([COLD.present, *(reading(number) for number in range(size))])
        print(f"{size:>7} facts: taken up in {time.perf_counter() - start:.2f} s")
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for turn in range(ROUNDS):
        for size in SIZES:
            times[size].append(one_change(sessions[size], size + turn % 24))
    medians = {size: statistics.median(times[size]) for size in SIZES}
    for size in SIZES:
        print(f"{size:>7} facts: insert and retract {medians[size] * 1e6:.0f} us (median of {ROUNDS})")
    print(f"ratio {medians[SIZES[1]] / medians[SIZES[0]]:.2f}")


if __name__ == "__main__":
    main()
