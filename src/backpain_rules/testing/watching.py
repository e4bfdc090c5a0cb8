"""To see every case that is assessed, whoever assesses it: for tools that look at a test-suite from outside.

Ordinary runs have nothing to do with it: the classes are changed for as long as somebody watches, and no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from ..assessment import Assessment
from ..engine.outcome import Outcome
from ..knowledge import KnowledgeBase
from ..session.session import Session


@contextmanager
def watching(see: Callable[[Outcome], None]) -> Iterator[None]:
    """For its length `see` is told of each outcome of `KnowledgeBase.assess`, and of the case in a session after each change.

    Not of tables (`cohort`), nor of what proofs replay. What `see` raises is raised where the case was assessed.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
    >>> with watching(lambda outcome: print(outcome.facts)):
    ...     result = kb.assess([COLD.present])
    (Symptom(term='cold', present=True),)
    """
    assess, change = KnowledgeBase.assess, Session._change

    @wraps(assess)
    def assess_and_tell(self: KnowledgeBase, *given: Any, **more: Any) -> Assessment:
        result = assess(self, *given, **more)
        see(result._outcome)
        return result

    @wraps(change)
    def change_and_tell(self: Session, *given: Any) -> Any:
        found = change(self, *given)
        see(Outcome(self._program, self.facts, ()))
        return found

    KnowledgeBase.assess, Session._change = assess_and_tell, change_and_tell  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        KnowledgeBase.assess, Session._change = assess, change  # type: ignore[method-assign]
