"""A small interface to python-sat: models, cores, minimal unsatisfiable sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Final, Protocol
from weakref import finalize

from ..deadline import Deadline
from ..errors import MissingExtraError, ProofError
from .clauses import Clauses

BACKEND: Final = "glucose4"
"""There are many small and similar questions, so a solver with little overhead for each call does better than a strong one."""
CONFLICTS: Final = 4_000
PROPAGATIONS: Final = 4_000_000
"""Conflicts in one slice, about a tenth of a second. Between slices the deadline is polled and an interrupt is handled."""


class Assignment(Protocol):
    """Maps each literal to whether it holds."""

    def __getitem__(self, literal: int) -> bool: ...


class Model:
    """An assignment to all variables."""

    __slots__ = ("_values",)

    def __init__(self, values: Sequence[int]) -> None:
        self._values = values

    def __getitem__(self, literal: int) -> bool:
        """Whether a literal holds; a variable created after the model counts as false."""
        variable = abs(literal) - 1
        holds = variable < len(self._values) and self._values[variable] > 0
        return holds is (literal > 0)

    def holding(self, literals: Sequence[int]) -> list[int]:
        """The positions of the literals that hold."""
        values = self._values
        known = len(values)
        return [at for at, one in enumerate(literals) if (abs(one) <= known and values[abs(one) - 1] > 0) is (one > 0)]


class Solver:
    """Solves a set of clauses, which may grow between calls.

    During a solve, other threads run, interrupts are handled, and the deadline of the clauses is polled. After `OutOfTime` the
    solver can be used again. Raises `MissingExtraError` when python-sat is not installed.
    """

    def __init__(self, clauses: Clauses) -> None:
        self.clauses = clauses
        self._fed = 0
        self._lock = Lock()  # other threads run while the backend solves, and must not touch it
        self._backend = _backend()
        finalize(self, self._backend.delete)  # at interpreter exit too, when python-sat itself no longer can

    def prefer(self, literals: Iterable[int]) -> None:
        """Prefer models in which these literals hold; a hint, not a guarantee."""
        self._backend.set_phases(list(literals))

    def solve(self, assumptions: Iterable[int] = (), effort: int | None = None) -> Model | None:
        """A model in which the assumptions hold, or None when there is none.

        With an `effort`, None may also mean that the search gave up after so many conflicts.
        """
        with self._lock:
            return Model(self._backend.get_model()) if self._search(assumptions, effort) else None

    def is_possible(self, assumptions: Iterable[int] = ()) -> bool:
        """Whether there is a model in which the assumptions hold."""
        with self._lock:
            return self._search(assumptions, None)

    def _search(self, assumptions: Iterable[int], effort: int | None) -> bool:
        """Solve in slices until there is an answer, or until so many conflicts have occurred."""
        self._feed()
        given, met = list(assumptions), 0
        while effort is None or met < effort:
            self.clauses.deadline.poll()
            slice_ = CONFLICTS if effort is None else min(CONFLICTS, effort - met)
            self._backend.conf_budget(slice_)
            self._backend.prop_budget(PROPAGATIONS)
            found = self._backend.solve_limited(assumptions=given, expect_interrupt=True)
            if found is not None:
                return bool(found)
            met += slice_
        return False

    def implied(self, literals: Iterable[int]) -> frozenset[int] | None:
        """The literals that unit propagation derives from these; None on a conflict."""
        with self._lock:
            self._feed()
            possible, found = self._backend.propagate(assumptions=list(literals))
        return frozenset(found) if possible else None

    def _feed(self) -> None:
        clauses = self.clauses.all
        if self._fed < len(clauses):
            self._backend.append_formula(clauses[self._fed :])
            self._fed = len(clauses)

    def core(self, assumptions: Sequence[int]) -> tuple[int, ...] | None:
        """An unsatisfiable subset of the assumptions; None if they are satisfiable."""
        with self._lock:
            if self._search(assumptions, None):
                return None
            found = set(self._backend.get_core() or ())
        return tuple(literal for literal in assumptions if literal in found)

    def minimal_core(self, assumptions: Sequence[int], given: Sequence[int] = ()) -> tuple[int, ...] | None:
        """A minimal set of assumptions that is unsatisfiable together with the `given`.

        None if all are satisfiable; empty if the given alone are unsatisfiable. The result keeps the order of the assumptions;
        earlier ones are dropped first.
        """
        found = self.core([*given, *assumptions])
        if found is None:
            return None
        kept = [literal for literal in found if literal not in given]
        for literal in list(kept):
            if literal not in kept:
                continue
            smaller = self.core([*given, *(other for other in kept if other != literal)])
            if smaller is not None:
                kept = [other for other in smaller if other not in given]
        return tuple(kept)


class Refuter:
    """Proves literals unsatisfiable under a fixed set of clauses."""

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses
        self._plain = Solver(clauses)
        """Solves nothing, for what it learnt would be in no proof."""

    def lemmas(self, literals: Sequence[int], deadline: Deadline) -> list[list[int]]:
        """Lemmas, each derivable by unit propagation from the earlier ones, up to a conflict with these literals.

        Empty if propagation alone finds the conflict. Raises `ProofError` if there is no conflict.
        """
        if self._plain.implied(literals) is None:
            return []
        backend = _backend(with_proof=True)
        try:
            backend.append_formula(self._clauses.all)
            backend.append_formula([[literal] for literal in literals])
            found = None
            while found is None:
                deadline.poll()
                backend.conf_budget(CONFLICTS)
                found = backend.solve_limited(expect_interrupt=True)
            if found:
                raise ProofError("these literals can hold together, which a proof was to exclude", literals=list(literals))
            steps = [[int(word) for word in line.split()[:-1]] for line in backend.get_proof() if not line.startswith("d")]
        finally:
            backend.delete()
        return [step for step in steps if step]


def _backend(*, with_proof: bool = False) -> Any:
    try:
        from pysat.solvers import Solver as Backend
    except ImportError as error:
        raise MissingExtraError(
            "proofs and questions need python-sat, which is not installed: pip install 'backpain-rules[prove]'",
            extra="prove", package="python-sat",
        ) from error  # fmt: skip
    return Backend(name=BACKEND, with_proof=with_proof)
