"""To see every case that is assessed: for tools that look at a test-suite from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..engine.outcome import Outcome
from ..engine.watchers import told


@contextmanager
def watching(see: Callable[[Outcome], None]) -> Iterator[None]:
    """For its length `see` is told of each outcome of `KnowledgeBase.assess`, and of the case in a session after each change.

    Only of this thread, or this task and those that it starts: other threads are not told. Not of tables (`cohort`), nor of what
    proofs replay. What `see` raises is raised where the case was assessed.

    >>> from backpain_rules import KnowledgeBase, Pack, Rule, condition, symptom
    >>> COLD, CHILL = symptom("cold", "Cold", ask="Are you cold?"), condition("chill", "Chill")
    >>> kb = KnowledgeBase([Pack("demo", version="1", title="Demo", rules=[Rule("chill", when=COLD, then=CHILL.finding())])])
    >>> with watching(lambda outcome: print(outcome.facts)):
    ...     result = kb.assess([COLD.present])
    (Symptom(term='cold', present=True),)
    """
    with told(see):
        yield
