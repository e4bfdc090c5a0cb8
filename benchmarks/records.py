"""Joins of records beside CLIPS and code by hand: `python -m benchmarks.records`. Each ratio is of times of one run.

Every answer is compared before it is timed. Times are seconds of the processor, the least of `--rounds`. CLIPS gets each record
by `assert_fact` on a template, which is its fastest way; it is left out where clipspy is not installed.
"""

from __future__ import annotations

import argparse
import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

from backpain_rules import Fact, Key, KnowledgeBase, Pack, Rule, Slot, all_of, conclude, condition, each, slot, symptom

GAP, LONGEST, LEAST = timedelta(days=30), timedelta(days=365), 5
FIRST = date(1000, 1, 1)
RECURRENT, AGAIN = condition("recurrent", "Recurrent pain"), condition("again", "Again")


class Episode(Fact):
    """An episode of pain."""

    day: Key[date]
    severity: Slot[int] = slot()


class Visit(Fact):
    """A visit, and the one that it follows."""

    id: Key[int]
    follows: Slot[int] = slot()


class Edge(Fact):
    """An edge of a graph."""

    start: Key[int]
    end: Key[int]


class Path(Fact):
    """That there is a way from one node to another."""

    start: Key[int]
    end: Key[int]


a, b = each(Episode), each(Episode)
earlier, later = each(Visit), each(Visit)
edge, path = each(Edge), each(Path)
SIGNS = [symptom(f"sign{number}", f"Sign {number}", ask="Is it there?") for number in range(60)]
JOIN = Rule(
    "recurrent",
    when=all_of(a, b, b.day - a.day >= GAP, b.day - a.day <= LONGEST, a.severity >= LEAST),
    then=RECURRENT.finding(),
)


def knowledge_base(count: int) -> KnowledgeBase:
    """So many rules on three symptoms each, and the join."""
    dice = random.Random(count)
    names = [condition(f"c{number}", f"Condition {number}") for number in range(count)]
    rules = [Rule(one.id, when=all_of(*dice.sample(SIGNS, 3)), then=one.finding()) for one in names]
    return KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[*rules, JOIN], terms=SIGNS, fact_types=[Episode])])


def episodes(count: int, *, apart: int = 20) -> list[Episode]:
    return [Episode(day=FIRST + timedelta(days=apart * number), severity=number % 10) for number in range(count)]


def by_hand(records: Sequence[Episode]) -> bool:
    """The same join with an ordered index of the days."""
    days = sorted(record.day for record in records)
    for record in records:
        if record.severity is not None and record.severity >= LEAST:
            start = bisect_left(days, record.day + GAP)
            if start < bisect_right(days, record.day + LONGEST):
                return True
    return False


def clips_join(count: int) -> Callable[[Iterable[Episode]], bool]:
    """CLIPS with so many rules on symptoms besides."""
    from clips import Environment

    environment = Environment()
    environment.build("(deftemplate episode (slot day (type INTEGER)) (slot severity (type INTEGER)))")
    environment.build("(deftemplate sign (slot id (type SYMBOL)))")
    dice = random.Random(count)
    for number in range(count):
        wanted = " ".join(f"(sign (id {sign.id}))" for sign in dice.sample(SIGNS, 3))
        environment.build(f"(defrule c{number} {wanted} => (assert (found c{number})))")
    environment.build(
        "(defrule recurrent (episode (day ?a) (severity ?s&:(>= ?s 5))) "
        "(episode (day ?b&:(>= (- ?b ?a) 30)&:(<= (- ?b ?a) 365))) => (assert (found recurrent)))"
    )
    template = environment.find_template("episode")

    def run(records: Iterable[Episode]) -> bool:
        environment.reset()
        for record in records:
            template.assert_fact(day=record.day.toordinal(), severity=record.severity)
        environment.run()
        return any(fact.template.name == "found" for fact in environment.facts())

    return run


def least(run: Callable[[], object], rounds: int) -> float:
    """The least seconds of so many rounds, each of as many runs as take half a millisecond.

    Seconds of this process: what else the machine does meanwhile is not counted.
    """
    start = time.process_time()
    run()
    times = max(1, round(0.0005 / max(time.process_time() - start, 1e-6)))
    found: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            run()
        found.append((time.process_time() - start) / times)
    return min(found)


def joins(rules: int, count: int, rounds: int) -> str:
    """One line of the table: a case without records, with them, by hand, and in CLIPS."""
    kb, records = knowledge_base(rules), episodes(count)
    signs = [sign.present for sign in SIGNS[:10]]
    case = [*signs, *records]
    assert by_hand(records) == _is_found(kb, case)
    plain = least(lambda: kb.assess(signs).findings, rounds)
    joined = least(lambda: kb.assess(case).findings, rounds)
    hand = least(lambda: by_hand(records), rounds)
    said = f"{rules:>6} {count:>8} {plain * 1e6:>10.1f} {joined * 1e6:>10.1f} {joined / plain:>8.1f}"
    said += f" {hand * 1e6:>10.1f} {joined / hand:>8.1f}"
    if not find_spec("clips"):
        return f"{said} {'-':>12} {'-':>8}"
    run = clips_join(rules)
    assert run(records) == by_hand(records)
    peer = least(lambda: run(records), rounds)
    return f"{said} {peer * 1e6:>12.1f} {peer / joined:>8.1f}"


def _is_found(kb: KnowledgeBase, case: Iterable[Fact]) -> bool:
    return any(found.condition == RECURRENT.id for found in kb.assess(case).findings)


def equality(sizes: Sequence[int], rounds: int) -> Iterable[str]:
    """Visits joined by equal values: what one case costs, and what each record of it does."""
    rule = Rule("again", when=all_of(earlier, later, earlier.id == later.follows, earlier.id > later.id), then=AGAIN.finding())
    kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[rule], fact_types=[Visit])])
    for size in sizes:
        case = [Visit(id=number, follows=number - 1) for number in range(size)]
        assert not kb.assess(case).findings
        seconds = least(lambda case=case: kb.assess(case), rounds)  # type: ignore[misc]
        yield f"{size:>8} visits, no pair to find: {seconds * 1e3:>9.1f} ms, {seconds / size * 1e6:.2f} us each"


def closure(nodes: int, edges: int, rounds: int) -> Iterable[str]:
    """All paths of a random graph."""
    dice = random.Random(nodes)
    pairs = sorted({(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(edges)})
    rules = [
        Rule("edge", when=edge, then=conclude(Path, start=edge.start, end=edge.end)),
        Rule("path", when=all_of(path, edge, path.end == edge.start), then=conclude(Path, start=path.start, end=edge.end)),
    ]
    kb = KnowledgeBase([Pack("graph", version="1", title="Graph", rules=rules, fact_types=[Edge, Path])])
    case = [Edge(start=start, end=end) for start, end in pairs]
    found = len(kb.assess(case).derived)
    expected = len(_reached(pairs))
    assert found == expected, (found, expected)
    seconds = least(lambda: kb.assess(case).derived, rounds)
    hand = least(lambda: _reached(pairs), rounds)
    yield f"{nodes} nodes, {len(pairs)} edges, {found} paths: {seconds:.3f} s; by hand with sets of pairs {hand:.3f} s"
    if find_spec("clips"):
        run = clips_closure()
        assert run(pairs) == expected
        peer = least(lambda: run(pairs), 1)
        yield f"    CLIPS {peer:.3f} s, {peer / seconds:.1f} times ours"


def _reached(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Semi-naive, with an index of the edges."""
    following: dict[int, list[int]] = {}
    for start, end in pairs:
        following.setdefault(start, []).append(end)
    known = set(pairs)
    added = list(pairs)
    while added:
        fresh: list[tuple[int, int]] = []
        for start, middle in added:
            for end in following.get(middle, ()):
                if (start, end) not in known:
                    known.add((start, end))
                    fresh.append((start, end))
        added = fresh
    return known


def clips_closure() -> Callable[[Iterable[tuple[int, int]]], int]:
    from clips import Environment

    environment = Environment()
    environment.build("(deftemplate edge (slot start) (slot end))")
    environment.build("(deftemplate path (slot start) (slot end))")
    environment.build("(defrule edge (edge (start ?a) (end ?b)) => (assert (path (start ?a) (end ?b))))")
    environment.build(
        "(defrule path (path (start ?a) (end ?b)) (edge (start ?b) (end ?c)) => (assert (path (start ?a) (end ?c))))"
    )
    template = environment.find_template("edge")

    def run(pairs: Iterable[tuple[int, int]]) -> int:
        environment.reset()
        for start, end in pairs:
            template.assert_fact(start=start, end=end)
        environment.run()
        return sum(fact.template.name == "path" for fact in environment.facts())

    return run


def session(count: int) -> Iterable[str]:
    """One record after the other, each with what it concludes."""
    live = knowledge_base(10).session([sign.present for sign in SIGNS[:10]])
    times: list[float] = []
    for record in episodes(count):
        start = time.process_time()
        live.insert(record)
        times.append(time.process_time() - start)
    for at in (100, 1000, 10_000):
        if at <= count:
            around = times[at - 20 : at]
            yield f"record {at:>6}: {min(around) * 1e3:.2f} ms"
    yield f"all {count}: {sum(times):.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.records", description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender, at least (default: 5)")
    parser.add_argument("--rules", type=int, default=1000, help="the larger rule base of the joins (default: 1000)")
    parser.add_argument("--episodes", type=int, nargs="*", default=[50, 200, 1000], help="records of the joins with 10 rules")
    parser.add_argument("--visits", type=int, nargs="*", default=[100, 1000, 10_000], help="records of the equality join")
    parser.add_argument("--graph", type=int, nargs=2, default=[200, 400], metavar=("NODES", "EDGES"), help="0 0 for none")
    parser.add_argument("--session", type=int, default=1000, help="records of the session (default: 1000; 0 for none)")
    options = parser.parse_args()
    parts: list[tuple[str, Any]] = [
        (
            f"{'rules':>6} {'records':>8} {'without us':>10} {'with us':>10} {'ratio':>8} {'by hand us':>10} {'ratio':>8} "
            f"{'CLIPS us':>12} {'ratio':>8}",
            (joins(rules, count, options.rounds) for rules, count in ((options.rules, 3), *((10, n) for n in options.episodes))),
        ),
        ("Joined by equal values", equality(options.visits, options.rounds)),
    ]
    if options.graph[0]:
        parts.append(("All paths of a graph", closure(*options.graph, options.rounds)))
    if options.session:
        parts.append(("A session, record by record", session(options.session)))
    for title, lines in parts:
        print(title)
        for line in lines:
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
