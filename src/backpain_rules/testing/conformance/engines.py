"""One engine held to the meaning of rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis.strategies import DataObject

from ...engine.engines import Maker, make_engine
from ...engine.outcome import Outcome
from ...errors import BeyondEngineError, FactError
from ...facts.base import Fact
from .judge import Judge
from .trial import MOST_CASES, Check, Tally, hold


def engine_conformance(engine: str | Maker, *, max_examples: int = 200, shrink: bool = True) -> Tally:
    """Hold an engine, by name or as what makes it from a `Program`, to the meaning of rules.

    For each example: the same conclusions with the same bits as the reference engine, the same result as JSON and as
    explanation, whatever the order of the facts and of the cases; and a `FactError` for what is no case. An engine may decline a
    rule base with a `BeyondEngineError`. Raises `AssertionError` with a counterexample that can be pasted, the smallest found
    unless `shrink` is off.
    """
    return hold({"engine": engine_check(engine)}, max_examples=max_examples, shrink=shrink)["engine"]


def engine_check(engine: str | Maker) -> Check:
    """The check of one engine."""

    def check(judge: Judge, cases: Sequence[Sequence[Fact]], data: DataObject, tally: Tally) -> None:
        try:
            made = make_engine(engine, judge.program) if isinstance(engine, str) else engine(judge.program)
            for case in cases[:MOST_CASES]:
                tally.cases += 1
                judge.compare(case, made.run(case))
                judge.compare(case, made.run(case[::-1]))
        except BeyondEngineError as refusal:
            tally.refused += 1
            tally.rules_refused += judge.rules
            tally.reasons[refusal.message] = tally.reasons.get(refusal.message, 0) + 1
            return
        for wrong in ([*cases[0], object()], _contradiction(cases[0])):
            if wrong:
                _refuses(made.run, wrong)

    return check


def _contradiction(case: Sequence[Fact]) -> list[Fact]:
    """The case with a fact that says the opposite of one in it; empty when none can."""
    for fact in case:
        if "present" in type(fact).model_fields:
            fields: dict[str, object] = {name: fact.__dict__[name] for name in fact.schema_.keys}
            return [*case, type(fact).model_validate({**fields, "present": not fact.__dict__["present"]})]
    return []


def _refuses(run: Callable[[Sequence[Fact]], Outcome], wrong: Sequence[object]) -> None:
    try:
        run(wrong)  # type: ignore[arg-type]
    except FactError:
        return
    except Exception as error:
        raise AssertionError(f"{wrong!r} is no case, and gives {error!r} and not a FactError") from error
    raise AssertionError(f"{wrong!r} is no case, and is taken for one")
