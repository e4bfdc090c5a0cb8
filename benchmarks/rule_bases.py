"""The rule bases that are measured, cases for them, and what follows from each case by the plainest of means.

Knowledge base A is eleven rules, chained and counting, over a complaint and sixteen signs; B(n) adds n random rules of
three symptoms out of 200, a tenth of them chained.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from backpain_rules import Fact, KnowledgeBase, Pack, Rule, Slot, Symptom, all_of, at_least, condition, each, not_, slot, symptom

YIN: Final = ("weak_knees", "hot_flashes", "night_sweats", "warm_drinks", "dry_membranes")
YANG: Final = ("feeling_cold", "cold_feet", "cold_sensitivity", "no_thirst", "frequent_urination", "low_libido")
SIGNS: Final = (*YIN, *YANG, "disk_herniation", "muscle_weakness", "muscle_imbalance", "dampness", "heat")
BY_HAND: Final = (
    "acute_strain", "treat_now", "every_other_day", "chronic_pain", "strength_training", "egoscue_first", "herniated_disk",
    "kidney_yin", "kidney_yang", "damp_heat", "damp_cold",
)  # fmt: skip
POOL: Final = tuple(f"s{number}" for number in range(200))


class Complaint(Fact):
    """What knowledge base A reads besides signs."""

    onset: Slot[Literal["acute", "chronic"]] = slot()
    mechanism: Slot[Literal["lifting", "fall", "none"]] = slot()
    hours: Slot[float] = slot(ge=0, unit="h")
    pain: Slot[int] = slot(ge=0, le=10)


class Drawn(NamedTuple):
    """A random rule of B: these symptoms, and perhaps an earlier conclusion."""

    conclusion: str
    symptoms: tuple[str, ...]
    earlier: str | None


def drawn_rules(count: int) -> list[Drawn]:
    dice = random.Random(7)
    found: list[Drawn] = []
    for number in range(count):
        chained = number % 10 == 9
        symptoms = tuple(dice.sample(POOL, 2 if chained else 3))
        found.append(Drawn(f"c{number}", symptoms, f"c{dice.randrange(number)}" if chained else None))
    return found


def knowledge_base(drawn: Sequence[Drawn] = ()) -> KnowledgeBase:
    """Knowledge base A, or B with these rules."""
    sign = {name: symptom(name, name, ask=name) for name in (*SIGNS, *(POOL if drawn else ()))}
    found = {name: condition(name, name) for name in (*BY_HAND, *(rule.conclusion for rule in drawn))}
    complaint, strain, chronic = each(Complaint), found["acute_strain"], found["chronic_pain"]

    def rule(name: str, *when: Any) -> Rule:
        return Rule(name, when=all_of(*when), then=found[name].finding())

    rules = [
        rule("acute_strain", complaint.onset == "acute", complaint.mechanism != "none"),
        rule("treat_now", strain, complaint.hours <= 24.0),
        rule("every_other_day", strain, complaint.pain >= 5),
        rule("chronic_pain", complaint.onset == "chronic"),
        rule("strength_training", chronic, sign["muscle_weakness"], not_(sign["muscle_imbalance"])),
        rule("egoscue_first", chronic, sign["muscle_imbalance"]),
        rule("herniated_disk", sign["disk_herniation"]),
        rule("kidney_yin", chronic, at_least(3, *(sign[name] for name in YIN))),
        rule("kidney_yang", chronic, at_least(3, *(sign[name] for name in YANG))),
        rule("damp_heat", chronic, sign["dampness"], sign["heat"]),
        rule("damp_cold", chronic, sign["dampness"], sign["feeling_cold"], not_(sign["heat"])),
        *(rule(d.conclusion, *(sign[s] for s in d.symptoms), *([found[d.earlier]] if d.earlier else [])) for d in drawn),
    ]
    terms = [*sign.values(), *found.values()]
    return KnowledgeBase([Pack("bench", version="1", title="Benchmark", rules=rules, terms=terms, fact_types=[Complaint])])


# --- cases --------------------------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """One patient: what is complained of, every sign of A there or not, and the symptoms of B that are there."""

    complaint: Mapping[str, Any]
    signs: Mapping[str, bool]
    symptoms: tuple[str, ...]

    def facts(self) -> tuple[Fact, ...]:
        """The case as facts, made anew."""
        said = (*self.signs.items(), *((name, True) for name in self.symptoms))
        return (Complaint(**self.complaint), *(Symptom(term=name, present=there) for name, there in said))


def drawn_cases(count: int, drawn: Sequence[Drawn] = ()) -> list[Case]:
    """Random cases; for B with twelve symptoms, half of the cases with all that one chained rule needs."""
    dice = random.Random(11)
    by_name = {rule.conclusion: rule for rule in drawn}
    chained = [rule for rule in drawn if rule.earlier]
    found: list[Case] = []
    for number in range(count):
        complaint = {
            "onset": dice.choice(("acute", "chronic")),
            "mechanism": dice.choice(("lifting", "fall", "none")),
            "hours": round(dice.uniform(0, 72), 1),
            "pain": dice.randint(0, 10),
        }
        signs = {name: dice.random() < 0.4 for name in SIGNS}
        symptoms: set[str] = set()
        rule = dice.choice(chained) if chained and number % 2 else None
        while rule:
            symptoms.update(rule.symptoms)
            rule = by_name[rule.earlier] if rule.earlier else None
        while drawn and len(symptoms) < 12:
            symptoms.add(dice.choice(POOL))
        found.append(Case(complaint, signs, tuple(sorted(symptoms))))
    return found


def reference(case: Case, drawn: Sequence[Drawn] = ()) -> frozenset[str]:
    """What follows, by trying every rule until none gives more: slow, and sure."""
    says, is_ = case.complaint, case.signs
    found: set[str] = set()
    while True:
        strain, chronic = "acute_strain" in found, "chronic_pain" in found
        holds = {
            "acute_strain": says["onset"] == "acute" and says["mechanism"] != "none",
            "treat_now": strain and says["hours"] <= 24,
            "every_other_day": strain and says["pain"] >= 5,
            "chronic_pain": says["onset"] == "chronic",
            "strength_training": chronic and is_["muscle_weakness"] and not is_["muscle_imbalance"],
            "egoscue_first": chronic and is_["muscle_imbalance"],
            "herniated_disk": is_["disk_herniation"],
            "kidney_yin": chronic and sum(is_[name] for name in YIN) >= 3,
            "kidney_yang": chronic and sum(is_[name] for name in YANG) >= 3,
            "damp_heat": chronic and is_["dampness"] and is_["heat"],
            "damp_cold": chronic and is_["dampness"] and is_["feeling_cold"] and not is_["heat"],
        }
        known = found | set(case.symptoms)
        more = {name for name, held in holds.items() if held}
        more |= {r.conclusion for r in drawn if known.issuperset(r.symptoms) and (r.earlier is None or r.earlier in known)}
        if more <= found:
            return frozenset(found)
        found |= more
