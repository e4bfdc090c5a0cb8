"""Check a certificate: clauses, and for each claim a model or a proof by reverse unit propagation. No solver has a part in it.

A claim that something is impossible comes with lemmas. Each must follow from the clauses, the literals of the claim and the
lemmas before it by unit propagation alone: assume it false, and a conflict must come. The last conflict needs no assumption. A
claim that something is possible comes with a model: the variables that are true in it. (Goldberg and Novikov, "Verification of
proofs of unsatisfiability for CNF formulas", 2003; lemmas are not deleted here, so that no more of them fail.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from .errors import CertificateError, shown

FORMAT: Final = "backpain-rules certificate 1"
KINDS: Final = ("impossible", "possible")
PARTS: Final = {"format", "packs", "parameters", "variables", "clauses", "models", "claims", "not_certified", "digest"}
CLAIM: Final = {"key", "says", "kind", "literals"}


class Verified(NamedTuple):
    """How many claims of each kind were checked."""

    impossible: int
    possible: int


def digest(data: dict[str, Any]) -> str:
    """The SHA-256 of everything in a certificate but the digest itself."""
    said = {name: value for name, value in data.items() if name != "digest"}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def verify(data: Any) -> Verified:
    """Check every claim of a certificate, given as JSON data. Raises `CertificateError` for the first thing that is wrong."""
    _check_shape(data)
    if digest(data) != data["digest"]:
        raise CertificateError("the certificate was changed after it was written: its digest is another one", part="digest")
    clauses: list[list[int]] = data["clauses"]
    models = [_model(model, data["variables"]) for model in data["models"]]
    for number, model in enumerate(models):
        if any(not any(model[abs(literal)] is (literal > 0) for literal in clause) for clause in clauses):
            raise CertificateError(f"models[{number}] does not satisfy all clauses", part="models", number=number)
    propagator = Propagator(data["variables"], clauses)
    for number, claim in enumerate(data["claims"]):
        literals: list[int] = claim["literals"]
        if claim["kind"] == "possible":
            model = models[claim["model"]]
            proved = all(model[abs(literal)] is (literal > 0) for literal in literals)
        else:
            proved = propagator.refutes(literals, claim["proof"])
        if not proved:
            raise CertificateError(
                f"claims[{number}] is not proved: {claim['says']}", part="claims", number=number, says=claim["says"]
            )
    kinds = [claim["kind"] for claim in data["claims"]]
    return Verified(kinds.count("impossible"), kinds.count("possible"))


def _model(true: Sequence[int], variables: int) -> list[bool]:
    values = [False] * (variables + 1)
    for variable in true:
        values[variable] = True
    return values


class Propagator:
    """Unit propagation over clauses, each watched at two of its literals."""

    def __init__(self, variables: int, clauses: Iterable[Sequence[int]]) -> None:
        self._values: list[int] = [0] * (variables + 1)
        """1 for true, -1 for false, 0 for unknown."""
        self._trail: list[int] = []
        self._done = 0
        self._watched: dict[int, list[list[int]]] = {}
        self._clash = False
        for clause in clauses:
            self._add(clause)
        self._clash = self._clash or not self._propagate()

    def refutes(self, literals: Iterable[int], lemmas: Iterable[Sequence[int]]) -> bool:
        """Whether the lemmas follow one after the other, and lead to a conflict of these literals with the clauses."""
        if self._clash:
            return True
        start = len(self._trail)
        added: list[list[int]] = []
        try:
            if not self._assume(literals):
                return True
            for lemma in lemmas:
                here = len(self._trail)
                follows = not self._assume(-literal for literal in lemma)
                self._undo(here)
                if not follows:
                    return False
                added.append(self._add(lemma))
                if self._clash or not self._propagate():
                    return True
            return False
        finally:
            self._undo(start)
            self._clash = False
            for clause in added:
                clause.clear()  # whoever watches it drops it

    def _value(self, literal: int) -> int:
        return self._values[literal] if literal > 0 else -self._values[-literal]

    def _set(self, literal: int) -> bool:
        """Make a literal true; False where it is false already."""
        value = self._value(literal)
        if not value:
            self._values[abs(literal)] = 1 if literal > 0 else -1
            self._trail.append(literal)
        return value >= 0

    def _assume(self, literals: Iterable[int]) -> bool:
        """Make these literals true, and all that follows; False on a conflict."""
        return all(self._set(literal) for literal in literals) and self._propagate()

    def _undo(self, to: int) -> None:
        for literal in self._trail[to:]:
            self._values[abs(literal)] = 0
        del self._trail[to:]
        self._done = to

    def _add(self, literals: Sequence[int]) -> list[int]:
        clause = sorted(dict.fromkeys(literals), key=self._value, reverse=True)  # what is false comes last
        if not clause or self._value(clause[0]) < 0:
            self._clash = True
        elif len(clause) == 1 or self._value(clause[1]) < 0:
            self._set(clause[0])
        for literal in clause[:2]:
            self._watched.setdefault(literal, []).append(clause)
        return clause

    def _propagate(self) -> bool:
        while self._done < len(self._trail):
            false = -self._trail[self._done]
            self._done += 1
            waiting = self._watched.get(false, [])
            kept = self._watched[false] = []
            while waiting:
                clause = waiting.pop()
                if not clause:
                    continue
                if len(clause) > 1 and clause[0] == false:
                    clause[0], clause[1] = clause[1], clause[0]
                if len(clause) > 1 and self._value(clause[0]) <= 0:
                    at = next((n for n in range(2, len(clause)) if self._value(clause[n]) >= 0), 0)
                    if at:
                        clause[1], clause[at] = clause[at], clause[1]
                        self._watched.setdefault(clause[1], []).append(clause)
                        continue
                kept.append(clause)
                if not self._set(clause[0]):
                    kept += waiting
                    return False
        return True


# --- the form of the data ---------------------------------------------------------------------------------------------


def _check_shape(data: Any) -> None:
    """Refuse what is no certificate, before anything in it is used."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise CertificateError(f"this is not a certificate: its format is not {FORMAT!r}", part="format")
    variables = data.get("variables")
    if data.keys() != PARTS or type(variables) is not int or variables < 1 or not isinstance(data["claims"], list):
        raise CertificateError(f"a certificate has the parts {', '.join(sorted(PARTS))}", part="format")
    _check_literals("clauses", data["clauses"], variables)
    _check_literals("models", data["models"], variables)
    if any(variable < 1 for model in data["models"] for variable in model):
        raise CertificateError("a model lists the variables that are true", part="models")
    for number, claim in enumerate(data["claims"]):
        _check_claim(f"claims[{number}]", claim, variables, len(data["models"]))


def _check_claim(place: str, claim: Any, variables: int, models: int) -> None:
    if not isinstance(claim, dict) or claim.get("kind") not in KINDS or not isinstance(claim.get("says"), str):
        raise CertificateError(f"{place} needs a text `says` and a `kind`: {' or '.join(KINDS)}", part="claims")
    rests_on = "proof" if claim["kind"] == "impossible" else "model"
    if claim.keys() != CLAIM | {rests_on}:
        raise CertificateError(f"{place} has the parts {', '.join(sorted(CLAIM | {rests_on}))}", part="claims")
    _check_literals(place, [claim["literals"]], variables)
    if rests_on == "proof":
        _check_literals(place, claim["proof"], variables)
    elif type(claim["model"]) is not int or not 0 <= claim["model"] < models:
        raise CertificateError(f"{place}: there is no model {shown(claim['model'])}", part="claims")


def _check_literals(place: str, lists: Any, variables: int) -> None:
    for one in lists if isinstance(lists, list) else [lists]:
        if not isinstance(one, list) or any(type(n) is not int or not 1 <= abs(n) <= variables for n in one):
            raise CertificateError(f"{place}: {shown(one)} is not a list of literals of {variables} variables", part=place)
