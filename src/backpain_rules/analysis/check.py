"""Run all checks of a rule base in order, set accepted findings apart, and report unused acceptances."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Final, TypeAlias

from ..acceptance import CODES, Acceptance
from ..deadline import NEVER, Deadline, OutOfTime
from ..ir.conclusions import spoken
from ..link.dependencies import UNBOUNDED
from ..link.model import Linked
from .checks import constraints, exclusive, idle_signs, parameters, partitions, redundant, unreachable
from .diagnostic import Diagnostic, Report
from .groups.proposals import groups_of
from .prover import Prover

Look: TypeAlias = Callable[[Prover], Iterable[Diagnostic]]
FAULTS: Final[Mapping[Look, tuple[str, ...]]] = {
    unreachable.check: ("BR001", "BR002"),
    exclusive.check: ("BR004",),
    constraints.check: ("BR005",),
    partitions.check: ("BR006", "BR007"),
}
"""The checks for faults that break a rule base, with their codes. A parameter value can cause these faults too."""
WASTE: Final[Mapping[Look, tuple[str, ...]]] = {redundant.check: ("BR003",), idle_signs.check: ("BR009",)}
"""The checks for things without effect."""
ALL: Final = (*(code for codes in (*FAULTS.values(), *WASTE.values()) for code in codes), "BR008")
"""The codes in the order of the checks."""


def check(linked: Linked, deadline: Deadline = NEVER) -> Report:
    """All provable faults of a rule base, each with a patient as witness if there is one.

    After the deadline, the report has the findings so far and names the checks that are missing. Raises `MissingExtraError` if
    python-sat is not installed.
    """
    found: list[Diagnostic] = []
    done: set[str] = set()
    prover: Prover | None = None
    try:
        deadline.poll("putting the rules into clauses")
        prover = Prover(linked, deadline=deadline)
        hopeless = constraints.impossible(prover)
        if hopeless is not None:
            return _report(linked, prover, [hopeless], ALL, (), ("everything else: no patient is possible",))
        for look, codes in (*FAULTS.items(), *WASTE.items()):
            deadline.poll(_named(codes))
            for one in look(prover):
                found.append(one)
            done.update(codes)
        deadline.poll(_named(("BR008",)))
        for one in parameters.check(linked, tuple(found), partial(faults, deadline=deadline)):
            found.append(one)
        done.add("BR008")
    except OutOfTime:
        missing = [code for code in ALL if code not in done]
        rest = (f"{code} {CODES[code]}: the time was up before every case of it was looked for" for code in missing)
        proved, not_proved = ((), ()) if prover is None else (_proved(prover, found, done), _not_proved(prover))
        return _report(linked, prover, found, done, proved, (*rest, *not_proved), complete=False)
    return _report(linked, prover, found, done, _proved(prover, found, done), _not_proved(prover))


def _named(codes: Iterable[str]) -> str:
    return f"looking for {' and '.join(f'{code} {CODES[code]}' for code in codes)}"


def faults(linked: Linked, known: Iterable[parameters.Found], deadline: Deadline = NEVER) -> Iterator[Diagnostic]:
    """Yield the faults that break a rule base and are not known yet."""
    prover = Prover(linked, known, deadline)
    hopeless = constraints.impossible(prover)
    if hopeless is not None:
        yield hopeless
        return
    for look in FAULTS:
        yield from look(prover)


def _report(
    linked: Linked,
    prover: Prover | None,
    found: Iterable[Diagnostic],
    done: Collection[str],
    proved: Iterable[str],
    not_proved: Iterable[str],
    *,
    complete: bool = True,
) -> Report:
    """The report: findings, accepted findings, and unused acceptances of finished checks (`done`)."""
    accepted = [(pack.id, acceptance) for pack in linked.packs for acceptance in pack.accepts]
    by_what = {_what(pack, acceptance): acceptance for pack, acceptance in accepted}
    faults: list[Diagnostic] = []
    allowed: list[Diagnostic] = []
    for one in found:
        acceptance = by_what.get((one.code, frozenset(one.subjects)))
        if acceptance is None:
            faults.append(one)
        else:
            allowed.append(one.accept(acceptance))
    needed = {one.accepted for one in allowed}
    for pack, acceptance in accepted:
        if acceptance not in needed:
            code, names = _what(pack, acceptance)
            if code not in done:
                continue
            subjects = tuple(sorted(names))
            message = f"pack {pack} accepts {code} of {', '.join(subjects)}, and nothing of that kind is found; take it out"
            faults.append(Diagnostic("BR010", message, subjects))
    faults, allowed = sorted(faults, key=_order), sorted(allowed, key=_order)
    grouped = () if prover is None else partial(groups_of, prover, tuple(allowed))
    return Report(faults, allowed, tuple(proved), tuple(not_proved), complete, grouped)


def _what(pack: str, acceptance: Acceptance) -> tuple[str, frozenset[str]]:
    return acceptance.code, frozenset(t if ":" in t else f"{pack}:{t}" for t in acceptance.targets)


def _order(one: Diagnostic) -> tuple[str, tuple[str, ...], str]:
    return one.code, one.subjects, one.message


def _proved(prover: Prover, found: Iterable[Diagnostic], done: Collection[str]) -> Iterator[str]:
    """What the finished checks (`done`) proved, apart from the findings, and over which cases."""
    linked, world = prover.linked, prover.cases.world
    places, slots = len(world.places), len(world.said) - len(world.places)
    many = len(linked.constraints)
    under = " that break no constraint" if many == 1 else f" that break none of {many} constraints" if many else ""
    yield (
        f"over all cases{under}, complete or not, of {places} stated facts and {slots} of their slots, whose values are cut at "
        "every threshold that occurs:"
    )
    codes = {one.code for one in found}
    rules = len(linked.rules) - len(prover.beyond)
    claims = (
        ({"BR001", "BR002"}, rules, "each of {} rules can fire"),
        ({"BR003"}, rules, "none of {} rules can be left out without a change"),
        ({"BR004"}, exclusive.count(prover), "of {} two contradicting conclusions, none are drawn together"),
        ({"BR005"}, _on_conclusions(prover), "no rule breaks a constraint on conclusions, of which there are {}"),
        ({"BR006"}, len(linked.partitions), "no patient falls into a gap of a partition, of which there are {}"),
        ({"BR007"}, len(linked.partitions), "no patient is two kinds of a partition, of which there are {}"),
        ({"BR008"}, len(linked.parameters), "no value tried of {} parameters, each by itself, breaks any of that"),
        ({"BR009"}, len(linked.ids("symptom")), "each of {} signs decides something"),
    )
    for kinds, many, claim in claims:
        if many and kinds <= set(done):
            but = ["what is reported"] if kinds & codes else []
            but += ["what is neither shown nor proved"] if kinds & prover.undecided.keys() else []
            yield f"{claim.format(many)}{', but for ' if but else ''}{' and '.join(but)}"


def _on_conclusions(prover: Prover) -> int:
    stated = {prover.program.constraints[number].constraint.name for number in prover.stated_constraints}
    return sum(1 for constraint in prover.linked.constraints if constraint.name not in stated)


def _not_proved(prover: Prover) -> Iterator[str]:
    for name in sorted(prover.beyond):
        yield f"rule {name}: {UNBOUNDED}"
    for said in prover.cases.world.inexact:
        key = ", ".join(spoken(part) for part in said.place.key)
        yield f"{said.place.kind.__name__}({key}).{said.slot}: not all of its values could be told apart, only samples were tried"
    for code in sorted(prover.undecided):
        yield from prover.undecided[code]
    yield from parameters.unbounded(prover.linked)
