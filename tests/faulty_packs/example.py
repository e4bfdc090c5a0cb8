"""What a faulty pack and its repaired twin are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from backpain_rules import (
    Finding,
    Injury,
    KnowledgeBase,
    Pack,
    Pain,
    Patient,
    Recommendation,
    Report,
    condition,
    each,
    intervention,
)
from backpain_rules import symptom as sign

A, B, C, D = (sign(name, name.upper(), ask=f"{name.upper()}?") for name in "abcd")
ILL, WORSE, WELL = (condition(name, name.title()) for name in ("ill", "worse", "well"))
REST, WORK = (intervention(name, name.title()) for name in ("rest", "work"))
pain, injury, patient = each(Pain), each(Injury), each(Patient)
ill, worse = each(Finding, condition=ILL), each(Finding, condition=WORSE)
advice = each(Recommendation)


class Example(NamedTuple):
    """A rule base with faults, each a code and the names it speaks of, and the same rule base repaired."""

    name: str
    faults: Sequence[tuple[str, str]]
    faulty: Sequence[Pack]
    repaired: Sequence[Pack]


def example(name: str, faults: str | Sequence[str], faulty: object, repaired: object) -> Example:
    """`faults` are written `BR001 unreachable`, the names apart by `+`; the packs are one each, or several."""
    several = [faults] if isinstance(faults, str) else faults
    return Example(name, [_fault(fault) for fault in several], _packs(faulty), _packs(repaired))


def pack(*rules: Any, id: str = "p", **more: Any) -> Pack:
    """A pack of these rules."""
    return Pack(id, version="1", title=id.upper(), rules=rules, **more)


def report_of(packs: Sequence[Pack]) -> Report:
    """What is found in these packs."""
    return KnowledgeBase(packs).check()


def _fault(text: str) -> tuple[str, str]:
    code, _, subjects = text.partition(" ")
    return code, "+".join(name if ":" in name else f"p:{name}" for name in subjects.split("+"))


def _packs(given: object) -> Sequence[Pack]:
    return [given] if isinstance(given, Pack) else given  # type: ignore[return-value]
