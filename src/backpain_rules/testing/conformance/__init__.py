"""One meaning for every engine: random rule bases, random cases and random edits, judged by the reference engine.

A backend author writes one test:

    def test_it_means_what_the_others_mean() -> None:
        print(engine_conformance(MyEngine))

`python -m backpain_rules.testing.conformance 20000` runs every engine that is here, sessions and tables on so many examples.
"""

from __future__ import annotations

from .engines import engine_conformance
from .sessions import session_conformance
from .trial import Tally

__all__ = ["Tally", "engine_conformance", "session_conformance"]
