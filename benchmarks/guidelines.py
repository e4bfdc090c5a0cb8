"""How long it takes to find and to group what guidelines contradict each other in: 600 rules of 12 guidelines on 30 medicines.

    python -m benchmarks.guidelines [RULES]          # default: 600

Prints the time of `KnowledgeBase.check` and of its groups, how many pairs of rules and groups there are, and what is still
found when the first proposal of each group is accepted. One run each.
"""

from __future__ import annotations

import sys
from random import Random
from time import perf_counter
from typing import Final

from backpain_rules import (
    KnowledgeBase,
    Pack,
    Patient,
    Premise,
    Rule,
    Source,
    all_of,
    any_of,
    each,
    intervention,
    not_,
    symptom,
)

GUIDELINES: Final = 12
MEDICINES: Final = 30
POSITIONS: Final = ("recommended", "not recommended")


def pack(rules: int = 600, medicines: int = MEDICINES, guidelines: int = GUIDELINES, seed: int = 2026) -> Pack:
    """Rules of guidelines that recommend a medicine to some patients, or advise against it; some medicines are named often.

    Each names an indication, other signs and mostly an age, so that most pairs of rules on one medicine overlap in part.
    """
    dice = Random(seed)
    signs = [symptom(f"sign_{n}", f"Sign {n}", ask=f"Sign {n}?") for n in range(24)]
    drugs = [intervention(f"medicine_{n}", f"Medicine {n}", kind="medication") for n in range(medicines)]
    weights = [1 / (n + 1.7) for n in range(medicines)]
    patient = each(Patient)
    texts = {f"guideline_{g}": {f"S{n}": f"statement {n}" for n in range(rules)} for g in range(guidelines)}
    sources = [Source(id, f"Guideline {id.rpartition('_')[2]}", statements) for id, statements in texts.items()]

    def population() -> list[Premise]:
        parts: list[Premise] = [all_of(sign) for sign in dice.sample(signs, dice.randint(1, 3))]
        if dice.random() < 0.3:
            parts.append(any_of(*dice.sample(signs, 2)))
        if dice.random() < 0.3:
            parts.append(not_(dice.choice(signs)))
        if dice.random() < 0.6:
            age = dice.choice((18, 40, 65, 75))
            parts.append(dice.choice((patient.age >= age, patient.age < age)))
        return parts

    made: list[Rule] = []
    for number in range(rules):
        drug = dice.choices(drugs, weights)[0]
        then = drug.recommend(strength=dice.choice(POSITIONS))
        source = dice.choice(sources)[f"S{number}"]
        made.append(Rule(f"r{number}", when=all_of(*population()), then=then, source=source))
    return Pack("guidelines", version="1", title="Guidelines", sources=sources, rules=made, terms=[*signs, *drugs])


def main(rules: int) -> None:
    kb = KnowledgeBase([pack(rules)])
    begin = perf_counter()
    report = kb.check()
    found = perf_counter() - begin
    codes = [one.code for one in report]
    print(f"check: {found:.1f} s; " + ", ".join(f"{code} {codes.count(code)}" for code in sorted(set(codes))))
    begin = perf_counter()
    groups = report.groups
    print(
        f"groups: {perf_counter() - begin:.1f} s; {len(groups)} of them, {sum(g.best is None for g in groups)} without a proposal"
    )
    begin = perf_counter()
    left = kb.revised(*(group.best for group in groups if group.best)).check()
    print(f"accepted and proved again: {perf_counter() - begin:.1f} s; {len(left)} found")
    for group in groups[:3]:
        print(f"\n{group}")


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["600"])[0]))
