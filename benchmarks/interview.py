"""Interviews of simulated patients: are the conclusions right, how many questions does it take, how long does an answer take?

    python -m benchmarks.interview [--patients 1000] [--seed 0] [--present 0.5]

1. Patients answer from full random cases of the shipped packs: each fact there or not, each slot with any of the values
   that rules tell apart, all as likely; cases that break a constraint are drawn anew. What follows when the interview
   stops is compared with what follows from the full case, each time; a difference ends the run with status 1.
2. Some rules of the packs make bases small enough to compute the best decision tree, by dynamic programming over every
   state of knowledge. Its expected number of questions is compared with that of the interview, over the same cases.

Times are those of one answer: reading it, and finding the next question or that there is none.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from random import Random
from time import perf_counter, thread_time
from typing import Any, NamedTuple

from backpain_rules import Fact, Interview, KnowledgeBase, Question
from backpain_rules.ground.nodes import Place, Said
from backpain_rules.questions.answers import read_answer
from backpain_rules.questions.asking import Asking
from backpain_rules.questions.case import Askable, Case
from backpain_rules.questions.items import items
from backpain_rules.solve.world import World

SMALL: dict[str, tuple[str, tuple[str, ...]]] = {
    "fracture and aneurysm": ("red_flags", ("fracture-flag", "fracture", "fracture-urgent", "aneurysm", "aneurysm-emergency")),
    "nerves": ("red_flags", ("nerve-deficit", "nerve-examination", "several-nerve-signs", "recent-frequent-urination")),
    "kidney yin": ("acupuncture", ("chronic-pain", "organ-gate", "kidney-yin")),
    "imbalance and weakness": (
        "acupuncture",
        (
            "chronic-pain", "muscle-weakness", "strength-training", "imbalance-shown", "imbalance-from-posture",
            "imbalance-from-movement", "imbalance-from-injuries", "treat-imbalance", "no-training-in-imbalance",
        ),
    ),
    "strain": ("acupuncture", ("chronic-pain", "acute-strain", "neither-acute-nor-chronic", "treat-strain", "start-early")),
}  # fmt: skip


# --- patients ---------------------------------------------------------------------------------------------------------


class Patients:
    """Random full cases of a knowledge base, and the answers of the patients that they describe."""

    def __init__(self, kb: KnowledgeBase, present: float = 0.5) -> None:
        self.kb, self.present = kb, present
        self.askable = Askable(kb._linked)
        self.world: World = kb._program.once(Asking).completions(Case({})).world
        self.slots = [said for said in self.world.said if self.askable(said)]

    def draw(self, random: Random) -> dict[Place, Fact]:
        """One patient of whom everything is known, and who breaks no constraint."""
        while True:
            case = {place: self._fact(random, place) for place in self.world.places}
            if not any(conflict.constraint for conflict in self.kb.assess(case.values()).conflicts):
                return case

    def _fact(self, random: Random, place: Place) -> Fact:
        key = dict(zip(place.kind.schema_.keys, place.key, strict=True))
        if place.kind.schema_.has_present and random.random() >= self.present:
            return place.kind(**key, present=False)
        slots = [said for said in self.world.slots(place) if self.askable(said)]
        return place.kind(**key, **{str(said.slot): random.choice(self.world.values(said)) for said in slots})


def answer(question: Question, case: Mapping[Place, Fact]) -> object:
    """What the patient says."""
    fact = case[question.unknown.place]
    return fact.__dict__[question.unknown.slot or "present"]


def interviewed(interview: Interview, case: Mapping[Place, Fact], times: list[tuple[float, float]]) -> Interview:
    """The interview, answered until it ends; `times` takes the time of each answer, by the clock and of the processor."""
    question = interview.question
    while question is not None:
        said = answer(question, case)
        start, busy = perf_counter(), thread_time()
        interview.answer(said)
        question = interview.question
        times.append((perf_counter() - start, thread_time() - busy))
    return interview


def simulate(count: int, seed: int, present: float = 0.5) -> bool:
    """The first part; whether every interview ended with the right conclusions."""
    kb = KnowledgeBase.load("acupuncture", "red_flags", "tcm_signs")
    patients, random = Patients(kb, present), Random(seed)
    asked: list[int] = []
    times: list[tuple[float, float]] = []
    wrong = 0
    for _ in range(count):
        case = patients.draw(random)
        interview = interviewed(kb.interview(), case, times)
        asked.append(len(interview.answers))
        wrong += interview.result.derived != kb.assess(case.values()).derived
    mean, everything = statistics.mean(asked), len(items(kb._linked))
    print(f"{count} patients, all shipped packs ({len(kb._linked.rules)} rules)")
    print(f"  conclusions other than with everything answered: {wrong}")
    print(f"  questions asked: mean {mean:.1f}, {min(asked)} to {max(asked)}")
    print(f"    of {everything} that can be asked: {mean / everything:.1%}; of {len(patients.slots)} that rules read: ", end="")
    print(f"{mean / len(patients.slots):.1%}")
    for what, measured in zip(("by the clock", "of the processor"), zip(*times, strict=True), strict=True):
        cuts = statistics.quantiles(measured, n=1000)
        print(f"  one answer, ms {what}: median {1e3 * cuts[499]:.1f}, 99 of 100 below {1e3 * cuts[989]:.1f}, ", end="")
        print(f"999 of 1,000 below {1e3 * cuts[998]:.1f}, most {1e3 * max(measured):.1f}")
    return not wrong


# --- the best decision tree -------------------------------------------------------------------------------------------


class Thing(NamedTuple):
    """Something that can be asked, with the completions in which each answer is given, as planes; `after` must be yes."""

    said: Said
    parts: tuple[int, ...]
    values: tuple[Any, ...]
    after: int | None


class Tree:
    """Every completion of nothing, and what can be asked: the ground on which decision trees are compared."""

    def __init__(self, kb: KnowledgeBase) -> None:
        patients = Patients(kb)
        self.kb = kb
        dice = [(said, patients.world.values(said) if said.slot else (True, False)) for said in patients.slots]
        self.cases = [
            self._case(dict(zip((said for said, _ in dice), values, strict=True))) for values in product(*(v for _, v in dice))
        ]
        every = [at for at, case in enumerate(self.cases) if not broken(kb, case)]
        self.all = sum(1 << at for at in every)
        outcomes: dict[frozenset[int], int] = {}
        for at in every:
            found = frozenset(kb.assess(self.cases[at].values())._outcome.established)
            outcomes[found] = outcomes.get(found, 0) | 1 << at
        self.outcomes = tuple(outcomes.values())
        self.things: list[Thing] = []
        rolls = list(product(*(range(len(values)) for _, values in dice)))
        for number, (said, values) in enumerate(dice):
            parts = tuple(sum(1 << at for at in every if rolls[at][number] == face) for face in range(len(values)))
            first = next((n for n, (other, _) in enumerate(dice) if said.slot and other == Said(said.place)), None)
            self.things.append(Thing(said, parts, values, first))

    def _case(self, values: Mapping[Said, Any]) -> dict[Place, Fact]:
        case: dict[Place, Fact] = {}
        for place in dict.fromkeys(said.place for said in values):
            key = dict(zip(place.kind.schema_.keys, place.key, strict=True))
            if values.get(Said(place)) is False:
                case[place] = place.kind(**key, present=False)
            else:
                slots = {said.slot: value for said, value in values.items() if said.place == place and said.slot}
                case[place] = place.kind(**key, **slots)
        return case

    def best(self) -> float:
        """The expected number of questions of the best decision tree."""

        @cache
        def cost(known: tuple[int, ...]) -> float:
            plane = self.all
            for thing, face in zip(self.things, known, strict=True):
                if face >= 0:
                    plane &= thing.parts[face]
            if not plane or any(plane & ~outcome == 0 for outcome in self.outcomes):
                return 0.0
            total, found = plane.bit_count(), float("inf")
            for number, thing in enumerate(self.things):
                if known[number] >= 0 or (thing.after is not None and known[thing.after] != 0):
                    continue
                sizes = [(plane & part).bit_count() for part in thing.parts]
                if max(sizes) == total and thing.said.slot is None:
                    continue
                here = 1.0
                for face, size in enumerate(sizes):
                    if size and here < found:
                        here += size / total * cost((*known[:number], face, *known[number + 1 :]))
                found = min(found, here)
            return found

        return cost((-1,) * len(self.things))

    def interview(self) -> float:
        """The expected number of questions of the interview, over all the completions."""
        asked: dict[str, Question | None] = {}
        total = sum(self._asked(case, asked) for at, case in enumerate(self.cases) if self.all >> at & 1)
        return total / self.all.bit_count()

    def _asked(self, case: Mapping[Place, Fact], asked: dict[str, Question | None]) -> int:
        """How many questions one patient is asked; `asked` remembers what is asked after which answers."""
        interview = self.kb.interview()
        while True:
            known = str([given[1:] for given in interview.answers])
            if known not in asked:
                asked[known] = interview.question
            question = asked[known]
            if question is None:
                return len(interview.answers)
            interview = Interview(self.kb._program, answers=[*interview.answers, read_answer(question, answer(question, case))])


def broken(kb: KnowledgeBase, case: Mapping[Place, Fact]) -> bool:
    return any(conflict.constraint for conflict in kb.assess(case.values()).conflicts)


def small(name: str) -> KnowledgeBase:
    """Some rules of a pack, as a knowledge base."""
    pack_id, rules = SMALL[name]
    pack = next(pack for pack in KnowledgeBase.load(pack_id).packs if pack.id == pack_id)
    kept = [rule for rule in pack.rules if rule.id in rules]
    return KnowledgeBase([replace(pack, rules=kept, partitions=[], constraints=[], accepts=[], translations={})])


def compare(names: Sequence[str]) -> None:
    """The second part."""
    print("\nthe best decision tree, and the interview: expected questions")
    for name in names:
        tree = Tree(small(name))
        best, ours = tree.best(), tree.interview()
        print(
            f"  {name:<24}{len(tree.things):>3} slots  best {best:.3f}  interview {ours:.3f}  +{ours / best - 1:.1%}", flush=True
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interview", description="Interviews, measured.")
    parser.add_argument("--patients", type=int, default=1000, help="how many patients are simulated (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="of the random cases (default: 0)")
    parser.add_argument("--present", type=float, default=0.5, help="how likely each sign is to be there (default: 0.5)")
    options = parser.parse_args()
    is_right = simulate(options.patients, options.seed, options.present)
    compare(list(SMALL))
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
