"""Those who watch: audit logs, metrics. A faulty one is reported and disturbs nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..arguments import listed
from ..assessment import Assessment
from ..facts.base import Fact

LOGGER: Final = "backpain_rules.observers"


@dataclass(frozen=True)
class Activation:
    """One choice of values for which a rule fires: the rule ("pack:rule") and what it concludes there."""

    rule: str
    conclusions: tuple[Fact, ...]


class Observer:
    """Override what you want to see; what is not overridden costs nothing.

    An exception in an observer is logged (logger `backpain_rules.observers`) and goes no further.
    """

    def fired(self, activation: Activation) -> None:
        """A rule fires that did not before."""

    def retracted(self, activation: Activation) -> None:
        """A rule fires no longer."""

    def assessed(self, result: Assessment) -> None:
        """A result was asked for."""


class Audience:
    """The observers of one session, each asked only for what it overrides."""

    def __init__(self, observers: Iterable[Observer]) -> None:
        given = observers if isinstance(observers, Sequence) or not isinstance(observers, Iterable) else tuple(observers)
        members = listed("session", "observers", given, Observer, "an observer; subclass Observer")
        self._fired = [o.fired for o in members if type(o).fired is not Observer.fired]
        self._retracted = [o.retracted for o in members if type(o).retracted is not Observer.retracted]
        self._assessed = [o.assessed for o in members if type(o).assessed is not Observer.assessed]

    @property
    def wants_activations(self) -> bool:
        """Whether anybody looks at activations."""
        return bool(self._fired or self._retracted)

    def activations(self, fired: Iterable[Activation], retracted: Iterable[Activation]) -> None:
        """Tell what fires now, and what no longer does."""
        for activation in retracted:
            for tell in self._retracted:
                _safely(tell, activation)
        for activation in fired:
            for tell in self._fired:
                _safely(tell, activation)

    def assessed(self, result: Assessment) -> None:
        """Tell that a result was asked for."""
        for tell in self._assessed:
            _safely(tell, result)


def _safely(tell: object, what: object) -> None:
    try:
        tell(what)  # type: ignore[operator]
    except Exception:
        logging.getLogger(LOGGER).exception("an observer failed on %r; it stays, and the session goes on", what)
