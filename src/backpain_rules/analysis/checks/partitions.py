"""BR006 and BR007: a partition with a patient to whom none or two of its categories apply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ...facts.base import Fact
from ...ir.render import Namer, render
from ...link.model import LinkedConstraint, LinkedPartition
from ...solve.witness import Claim
from ..diagnostic import Diagnostic
from ..prover import Prover


def check(prover: Prover) -> Iterator[Diagnostic]:
    """BR006 and BR007, each at most once for a partition."""
    for entry in prover.linked.partitions:
        gap = None if ("BR006", (entry.name,)) in prover.known else _case(prover, "BR006", entry, entry.gap)
        if gap is not None:
            yield _diagnostic("BR006", f"partition {entry.name} leaves out a patient who is none of {_kinds(entry)}", entry, gap)
        if ("BR007", (entry.name,)) in prover.known:
            continue
        for overlap, (one, other) in zip(entry.overlaps, combinations(_texts(entry), 2), strict=True):
            both = _case(prover, "BR007", entry, overlap)
            if both is not None:
                yield _diagnostic("BR007", f"partition {entry.name} has a patient who is both {one} and {other}", entry, both)
                break


def _case(prover: Prover, code: str, entry: LinkedPartition, goal: LinkedConstraint) -> tuple[Fact, ...] | None:
    claims = [[Claim(body)] for body in prover.goals(goal)]
    case = next((case for case in map(prover.cases.find, claims) if case is not None), None)
    if case is None and any(map(prover.cases.is_open, claims)):
        what = "whom it leaves out" if code == "BR006" else "who is of two of its kinds"
        prover.leave_open(code, f"partition {entry.name}: no patient was found {what}, nor a proof that there is none")
    return case


def _diagnostic(code: str, message: str, entry: LinkedPartition, witness: tuple[Fact, ...]) -> Diagnostic:
    written = entry.partition.written
    return Diagnostic(code, message, (entry.name,), {} if written is None else {entry.name: written}, witness)


def _texts(entry: LinkedPartition) -> list[str]:
    names = Namer(entry.gap.variables)
    return [render(kind, names) for kind in entry.partition.kinds]


def _kinds(entry: LinkedPartition) -> str:
    return " | ".join(_texts(entry))
