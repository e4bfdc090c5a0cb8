"""Certificates: the claims that `check` proved, as clauses and proofs that `drup` verifies without a solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any, Final

from ..deadline import NEVER, Deadline, OutOfTime
from ..drup import FORMAT, digest
from ..errors import CertificateError, ProofError
from ..explain.words import say_fact
from ..facts.types import Symptom
from ..ground.cone import cone
from ..ground.nodes import Derived, Place, Presence
from ..link.dependencies import resting_on_records
from ..link.identity import identity, parameter_values
from ..link.model import Linked
from ..solve.solver import Refuter, Solver
from .checks.exclusive import contradictions
from .checks.idle_signs import ANSWERS
from .diagnostic import Report
from .prove import goals_of, prove
from .prover import reads_conclusions
from .query import Query
from .statements import BITS, BROKEN, Key, Statement, Statements

BEYOND: Final = "BR008: that no value of a parameter breaks anything rests on other rule bases; check them with --set"

TOO_LATE: Final = "the time was up before everything was certified; give it more"


def certify(linked: Linked, report: Report, deadline: Deadline = NEVER) -> dict[str, Any]:
    """The certificate of a report as JSON data: a claim for each statement that `report.proved` summarises.

    `not_certified` lists the claims without a proof. Raises `CertificateError` after the deadline, and `MissingExtraError` if
    python-sat is not installed.
    """
    if not report.complete:
        raise CertificateError("a check that was cut off is not certified; give it more time")
    try:
        missing = [BEYOND] if linked.parameters else []
        keys = list(_provable(linked, report, missing, deadline))
        return _written(linked, Statements(linked), keys, missing, deadline)
    except OutOfTime:
        raise CertificateError(TOO_LATE) from None


def certify_query(linked: Linked, query: Query, deadline: Deadline = NEVER) -> dict[str, Any]:
    """The certificate of the answer to a named question, yes or no.

    Raises `CertificateError` for an undecided question, and for `same_as`, which involves another rule base.
    """
    if query.other is not None:
        raise CertificateError("same_as has no certificate: it speaks of another knowledge base too", part="query")
    verdict = prove(linked, query, deadline)
    keys: Iterable[Key] = ()
    if verdict.how == "proof":
        keys = [("query", "impossible", str(query), number) for number in range(len(goals_of(linked, query)))]
    elif verdict.how == "patient":
        scratch = Statements(linked, [query])
        solver = Solver(scratch.world.clauses)
        choices = [("query", "possible", str(query), number) for number in range(len(scratch.queries[str(query)][1]))]
        keys = [key for key in choices if scratch.world.allows_all and solver.is_possible(scratch.of(key).literals)][:1]
    if not keys:
        raise CertificateError(f"{verdict!r} cannot be certified", part="query", query=str(query))
    try:
        return _written(linked, Statements(linked, [query]), keys, (), deadline)
    except OutOfTime:
        raise CertificateError(TOO_LATE) from None


def compare(data: Mapping[str, Any], linked: Linked, queries: Iterable[Query] = ()) -> None:
    """Refuse a certificate whose packs, parameters, statements or clauses differ from this rule base and these questions."""
    for part, here in (("packs", _packs(linked)), ("parameters", parameter_values(linked))):
        if data[part] != here:
            names = ", ".join(f"{pack.id} {pack.version}" for pack in identity(linked))
            raise CertificateError(
                f"this is no certificate of {names}: its {part} differ; name the packs that it was made of",
                part=part,
            )
    statements = Statements(linked, queries)
    for number, claim in enumerate(data["claims"]):
        key = claim["key"]
        made = statements.of(key if isinstance(key, list) else [key])
        if (claim["says"], claim["kind"], claim["literals"]) != (made.says, made.kind, list(made.literals)):
            message = f"claims[{number}] is not what these rules make of it: {made.says}"
            raise CertificateError(message, part="claims", number=number)
    if data["clauses"] != [*map(list, statements.clauses)] or data["variables"] != statements.world.clauses.size:
        raise CertificateError("the clauses are not those of this knowledge base", part="clauses")


def _written(
    linked: Linked, statements: Statements, keys: Iterable[Key], missing: Sequence[str], deadline: Deadline
) -> dict[str, Any]:
    """The certificate of the provable statements."""
    made = [(key, statements.of(key)) for key in keys]
    clauses = statements.world.clauses
    solver, refuter = Solver(clauses), Refuter(clauses)
    models: list[list[int]] = []
    claims: list[dict[str, Any]] = []
    for number, (key, one) in enumerate(made, start=1):
        deadline.poll(f"certifying statement {number} of {len(made)}")
        rests_on: dict[str, Any] = (
            {"model": _model(one, solver, models, clauses.size)}
            if one.kind == "possible"
            else {"proof": refuter.lemmas(one.literals, deadline)}
        )
        claims.append({"key": [*key], "says": one.says, "kind": one.kind, "literals": [*one.literals], **rests_on})
    data = {
        "format": FORMAT,
        "packs": _packs(linked),
        "parameters": parameter_values(linked),
        "variables": clauses.size,
        "clauses": [*map(list, clauses.all)],
        "models": models,
        "claims": claims,
        "not_certified": [*missing],
    }
    return {**data, "digest": digest(data)}


def _model(one: Statement, solver: Solver, models: list[list[int]], size: int) -> int:
    """The number of a model of a statement, reusing an earlier model if possible."""
    for number, true in enumerate(models):
        holds = frozenset(true)
        if all((abs(literal) in holds) is (literal > 0) for literal in one.literals):
            return number
    model = solver.solve(one.literals)
    if model is None:
        raise ProofError(f"{one.says}: it was possible before and is not now; please report this with the packs")
    models.append([variable for variable in range(1, size + 1) if model[variable]])
    return len(models) - 1


# --- the statements ---------------------------------------------------------------------------------------------------


def _provable(linked: Linked, report: Report, missing: list[str], deadline: Deadline) -> Iterator[Key]:
    """The keys of the provable statements; the others are added to `missing`."""
    scratch = Statements(linked)
    solver = Solver(scratch.world.clauses)

    def holds(key: Key) -> bool:
        deadline.poll("choosing what to certify")
        one = scratch.of(key)
        if one.kind == "possible" and not scratch.world.allows_all:
            return False  # a validator of a fact type may forbid the model
        return solver.is_possible(one.literals) is (one.kind == "possible")

    for what, choices in _choices(scratch, report):
        chosen = next(filter(None, ([*keys] if all(map(holds, keys)) else None for keys in choices)), None)
        if chosen is None:
            missing.append(what)
        else:
            yield from chosen


def _choices(base: Statements, report: Report) -> Iterator[tuple[str, Iterator[tuple[Key, ...]]]]:
    """For each proved claim: its text, and alternative sets of statements, each of which shows it."""
    if not report.proved:
        return
    linked, program = base.linked, base.program
    found = {one.key for one in (*report, *report.accepted)}
    beyond = resting_on_records(linked)
    silent = {names[0] for code, names in found if code in ("BR001", "BR002")}
    overriding = {program.instances[number].rule.name for instance in program.instances for number in instance.overriders}
    without: list[str] = []
    for rule in (rule.name for rule in linked.rules if rule.name not in beyond):
        yield f"BR001: rule {rule}", iter([(("BR001", "impossible" if rule in silent else "possible", rule),)])
        if ("BR003", (rule,)) in found:
            without.append(rule)
        elif rule not in silent and rule not in overriding:
            yield f"BR003: rule {rule} adds something", _needed(base, rule, [*without, rule])
    for one, other in map(sorted, contradictions(program)):
        pairs = [
            ("BR004", "impossible", "rules", left, right)
            for left in program.producers[one]
            for right in program.producers[other]
            if ("BR004", _names(base, left, right)) not in found
        ]
        both = say_fact(program.facts[one]), say_fact(program.facts[other])
        if pairs:
            yield f"BR004: {' | '.join(both)}", iter([(("BR004", "impossible", "conclusions", one, other),), tuple(pairs)])
    kinds = [("BR005", one) for one in linked.constraints] + [("BR006", one.gap) for one in linked.partitions]
    kinds += [("BR007", goal) for one in linked.partitions for goal in one.overlaps]
    for code, goal in kinds:
        numbers = [number for number, one in enumerate(program.constraints) if one.constraint is goal]
        if (code, (goal.name,)) in found or (code == "BR005" and not any(_is_on_conclusions(base, n) for n in numbers)):
            continue
        yield f"{code}: {goal.name}", iter([tuple((code, "impossible", number) for number in numbers)])
    yield from _signs(base, found)


def _needed(base: Statements, rule: str, without: list[str]) -> Iterator[tuple[Key, ...]]:
    for number in base.instances[rule]:
        for head in base.program.instances[number].heads:
            for bit in BITS:
                yield (("BR003", "possible", rule, number, head, bit, without),)


def _signs(base: Statements, found: set[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, Iterator[tuple[Key, ...]]]]:
    program = base.program
    constrained = [cone(program, (program.constraints[number].body,)).atoms for number in base.own]
    rests_on = {number: cone(program, (Derived(number),)).atoms for number in range(len(program.facts))}
    for id in base.linked.ids("symptom"):
        atom = program.atom_numbers.get(Presence(Place(Symptom, (id,))))
        name = f"{base.linked.owners['symptom', id]}:{id}"
        if atom is None or ("BR009", (name,)) in found:
            continue
        decided = [(number, bit) for number, atoms in rests_on.items() if atom in atoms for bit in ("established", "certain")]
        decided += [(number, BROKEN) for number, atoms in enumerate(constrained) if atom in atoms]
        keys = (
            (("BR009", "possible", id, number, bit, one, other),)
            for number, bit in decided
            for one, other in permutations(range(len(ANSWERS)), 2)
        )
        yield f"BR009: sign {id} decides something", keys


def _names(base: Statements, *instances: int) -> tuple[str, ...]:
    return tuple(sorted({base.program.instances[number].rule.name for number in instances}))


def _is_on_conclusions(base: Statements, number: int) -> bool:
    return reads_conclusions(base.program.constraints[number].body)


def _packs(linked: Linked) -> list[dict[str, str]]:
    return [dict(pack._asdict()) for pack in identity(linked)]
