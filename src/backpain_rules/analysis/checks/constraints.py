"""BR005: constraints on conclusions that rules can break, and constraints that exclude every patient."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.render import render
from ...rule import Written
from ...solve.witness import Claim
from ..diagnostic import Diagnostic
from ..prover import Prover


def impossible(prover: Prover) -> Diagnostic | None:
    """BR005 if every case, even the empty one, breaks some constraint."""
    if prover.cases.is_possible(()):
        return None
    cases = prover.unconstrained
    clauses = cases.world.clauses
    kept: dict[str, int] = {}
    for number in prover.constraints:
        instance = prover.program.constraints[number]
        asked = kept.setdefault(instance.constraint.name, clauses.fresh())
        clauses.add(-asked, -cases.encoding.node(instance.body))
    core = cases.solver.minimal_core(list(kept.values())) or ()
    names = tuple(name for name, literal in kept.items() if literal in core)
    what = "every patient breaks" if len(names) == 1 else "every patient breaks one of"
    return Diagnostic("BR005", f"{what} {', '.join(names)}; nothing else can be proved", names, _places(prover, names), ())


def check(prover: Prover) -> Iterator[Diagnostic]:
    """BR005, once for each constraint on conclusions. Constraints on stated facts define the possible patients."""
    on_conclusions = [number for number in prover.constraints if number not in prover.stated_constraints]
    if not on_conclusions:
        return
    cases = prover.possible_cases(prover.stated_constraints)
    done = {subjects for code, subjects in prover.known if code == "BR005"}
    for number in on_conclusions:
        instance = prover.program.constraints[number]
        name = instance.constraint.name
        if (name,) in done:
            continue
        claims = [Claim(instance.body)]
        witness = cases.find(claims)
        if witness is None and cases.is_open(claims):
            prover.leave_open("BR005", f"constraint {name}: no patient was found who breaks it, nor a proof that there is none")
        if witness is not None:
            done.add((name,))
            never = render(instance.constraint.constraint.premise).removeprefix("all_of")
            yield Diagnostic(
                "BR005", f"constraint {name} can be broken: never {never}", (name,), _places(prover, (name,)), witness
            )


def _places(prover: Prover, names: tuple[str, ...]) -> dict[str, Written]:
    found = {c.name: c.constraint.written for c in prover.linked.constraints if c.name in names}
    return {name: written for name, written in found.items() if written is not None}
