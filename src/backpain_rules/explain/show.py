"""A derivation as lines of text, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Sequence

from ..ir.conclusions import spoken
from .derivation import Derivation, PremiseState, Support
from .words import say_fact

MARKS = {"true": "+", "by default": "~", "unknown": "?", "false": "-"}


def show(derivation: Derivation) -> str:
    """The tree, one premise a line: `+` holds, `~` holds by default, `?` is unknown, `-` does not hold."""
    return "\n".join(_derivation(derivation))


def _derivation(derivation: Derivation) -> list[str]:
    found = [f"{say_fact(derivation.fact)}  [{'firm' if derivation.firm else 'provisional'}]"]
    if derivation.rests_on:
        found.append(f"  rests on what is not known: {_listed(derivation.rests_on)}")
    for number, support in enumerate(derivation.supports):
        found += _tree(
            _support(support, "because" if number == 0 else "and because"), last=number == len(derivation.supports) - 1
        )
    return found


def _support(support: Support, word: str) -> list[str]:
    found = [f"{word} rule {support.rule}" + ("" if support.firm else " (provisional)")]
    below: list[list[str]] = [_premise(premise) for premise in support.premises]
    if support.parameters:
        below.append(["with " + ", ".join(f"{name} = {spoken(value)}" for name, value in support.parameters)])
    for statement in support.sources:
        standing = "" if statement.standing == "stated" else f" ({statement.standing})"
        below.append([f"source {statement.cite}{standing}: {statement.text}"])
    below += [[f"note: {note}"] for note in support.notes]
    for number, block in enumerate(below):
        found += _tree(block, last=number == len(below) - 1)
    return found


def _premise(premise: PremiseState) -> list[str]:
    if premise.derivation is not None and premise.text == say_fact(premise.derivation.fact):
        first, *rest = _derivation(premise.derivation)
        return [f"{MARKS[premise.state]} {first}", *rest]
    facts = f"  <- {'; '.join(say_fact(fact) for fact in premise.stated)}" if premise.stated else ""
    rests = f"  (not known: {_listed(premise.rests_on)})" if premise.rests_on else ""
    found = [f"{MARKS[premise.state]} {premise.text}{facts}{rests}"]
    for number, part in enumerate(premise.parts):
        found += _tree(_premise(part), last=number == len(premise.parts) - 1)
    return found


def _listed(unknowns: Sequence[object], most: int = 6) -> str:
    shown = ", ".join(str(unknown) for unknown in unknowns[:most])
    return shown if len(unknowns) <= most else f"{shown} and {len(unknowns) - most} more"


def _tree(block: Sequence[str], *, last: bool) -> list[str]:
    first, *rest = block
    return [f"{'└─' if last else '├─'} {first}", *(f"{'  ' if last else '│ '} {line}" for line in rest)]
