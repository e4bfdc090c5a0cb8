"""How long the proofs take: random rules over 90 slots, of which one pair in six contradict each other.

Once with guards that keep nearly all of these apart, as a rule base in use has them, and once without any, where nearly
each pair meets and each of them is shown with a patient.

    python benchmarks/proofs.py [RULES ...]          # default: 500 1000

Prints the size of each rule base and the time of each check, one run each, and how long it takes to read the witnesses of some
findings: where rules contradict each other, those are made when they are read.
"""

from __future__ import annotations

import sys
from random import Random
from time import perf_counter
from typing import Literal

from backpain_rules import (
    Fact,
    Key,
    Pack,
    Premise,
    Rule,
    Slot,
    all_of,
    any_of,
    at_least,
    each,
    intervention,
    not_,
    slot,
    symptom,
    unless,
)
from backpain_rules.analysis import check as analysis
from backpain_rules.analysis.checks import constraints, exclusive, idle_signs, partitions, redundant, unreachable
from backpain_rules.analysis.prover import Prover
from backpain_rules.ground.compile import compile_program
from backpain_rules.link.link import link

Side = Literal["left", "right", "both", "none"]
NUMBERS = [f"n{i}" for i in range(9)]
SIDES = ("left", "right", "both", "none")


class Reading(Fact):
    """A measured thing: a number and a side."""

    name: Key[Literal["n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11", "n12", "n13", "n14"]]
    value: Slot[int] = slot(ge=0, le=100)
    side: Slot[Side] = slot()


SIGNS = [symptom(f"s{i}", f"Sign {i}", ask="?") for i in range(60)]
READINGS = [each(Reading, name=f"n{i}") for i in range(15)]
CARE = [intervention(f"care{i}", f"Care {i}") for i in range(5)]
FREQUENCIES = [f"every {n} days" for n in range(1, 6)]


def random_rule(dice: Random, number: int, *, guarded: bool) -> Rule:
    """Three to five premises, of which one may be a count, and one recommendation.

    Guarded, a rule asks for a stage too, one for each frequency, so that rules which contradict each other cannot meet;
    one rule in fifty forgets it.
    """

    def literal() -> Premise:
        kind = dice.random()
        if kind < 0.5:
            sign = dice.choice(SIGNS)
            return dice.choice((all_of(sign), all_of(sign), not_(sign), unless(sign)))
        reading = dice.choice(READINGS)
        if kind < 0.8:
            threshold = dice.randrange(5, 100, 5)
            return dice.choice((reading.value >= threshold, reading.value < threshold))
        return dice.choice((reading.side == dice.choice(SIDES), reading.side != dice.choice(SIDES)))

    parts = [literal() for _ in range(dice.randint(2, 4))]
    parts.append(at_least(2, *dice.sample(SIGNS, 4)) if dice.random() < 0.4 else any_of(literal(), literal()))
    chosen = dice.randrange(len(FREQUENCIES))
    if guarded and dice.random() < 0.98:
        parts += [READINGS[0].value >= 20 * chosen, READINGS[0].value < 20 * (chosen + 1)]
    return Rule(f"r{number}", when=all_of(*parts), then=dice.choice(CARE).recommend(frequency=FREQUENCIES[chosen]))


def measure(rules: int, *, guarded: bool) -> None:
    dice = Random(2026)
    made = [random_rule(dice, n, guarded=guarded) for n in range(rules)]
    linked = link([Pack("bench", version="1", title="Bench", rules=made, terms=[*SIGNS, *CARE])], {})
    begin = perf_counter()
    compile_program(linked)
    kind, slots = "guarded" if guarded else "random", len(SIGNS) + 2 * len(READINGS)
    print(f"\n{rules} {kind} rules over {slots} slots; ground in {perf_counter() - begin:.2f} s")
    begin = whole = perf_counter()
    prover = Prover(linked)
    pairs = sum(
        len(prover.program.producers[one]) * len(prover.program.producers[other])
        for one, other in exclusive.contradictions(prover.program)
    )
    print(f"  {'as clauses':<28}{perf_counter() - begin:7.2f} s   {len(prover.cases.world.clauses.all)} clauses")
    looks = (unreachable.check, exclusive.check, constraints.check, partitions.check, redundant.check, idle_signs.check)
    for look in looks:
        begin = perf_counter()
        found = list(look(prover))
        name = look.__module__.rpartition(".")[2]
        of = f" of {pairs} pairs of rules" if look is exclusive.check else ""
        print(f"  {name:<28}{perf_counter() - begin:7.2f} s   {len(found)} found{of}")
    print(f"  {'all of them':<28}{perf_counter() - whole:7.2f} s")
    begin = perf_counter()
    report = analysis.check(linked)
    print(f"  {'KnowledgeBase.check':<28}{perf_counter() - begin:7.2f} s   {len(report)} found")
    some = dice.sample(report, min(len(report), 500))
    begin = perf_counter()
    for one in some:
        assert one.witness is not None or one.code == "BR001"
    print(f"  {'witnesses, read at random':<28}{perf_counter() - begin:7.2f} s   {len(some)} of them")


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ("500", "1000")):
        measure(count, guarded=True)
        measure(count, guarded=False)
