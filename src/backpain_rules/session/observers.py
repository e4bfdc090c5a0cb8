"""Observers of a session, such as audit logs and metrics. An exception in an observer is logged and has no other effect."""

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
    """One firing of a rule: its name ("pack:rule") and its conclusions."""

    rule: str
    conclusions: tuple[Fact, ...]


class Observer:
    """Override the methods you need; a method that is not overridden costs nothing.

    An exception in an observer is logged (logger `backpain_rules.observers`) and not propagated.
    """

    def fired(self, activation: Activation) -> None:
        """Called when a rule starts to fire."""

    def retracted(self, activation: Activation) -> None:
        """Called when a rule stops firing."""

    def assessed(self, result: Assessment) -> None:
        """Called when a result is requested."""


class Audience:
    """The observers of one session. Only overridden methods are called."""

    def __init__(self, observers: Iterable[Observer]) -> None:
        given = observers if isinstance(observers, Sequence) or not isinstance(observers, Iterable) else tuple(observers)
        members = listed("session", "observers", given, Observer, "an observer; subclass Observer")
        self._fired = [o.fired for o in members if type(o).fired is not Observer.fired]
        self._retracted = [o.retracted for o in members if type(o).retracted is not Observer.retracted]
        self._assessed = [o.assessed for o in members if type(o).assessed is not Observer.assessed]

    @property
    def wants_activations(self) -> bool:
        """Whether any observer needs activations."""
        return bool(self._fired or self._retracted)

    def activations(self, fired: Iterable[Activation], retracted: Iterable[Activation]) -> None:
        """Report which rules start and stop firing."""
        for activation in retracted:
            for tell in self._retracted:
                _safely(tell, activation)
        for activation in fired:
            for tell in self._fired:
                _safely(tell, activation)

    def assessed(self, result: Assessment) -> None:
        """Report that a result was requested."""
        for tell in self._assessed:
            _safely(tell, result)


def _safely(tell: object, what: object) -> None:
    try:
        tell(what)  # type: ignore[operator]
    except Exception:
        logging.getLogger(LOGGER).exception("an observer failed on %r; it stays, and the session goes on", what)
