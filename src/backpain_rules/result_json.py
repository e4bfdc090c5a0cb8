"""A result as JSON text, put together from pieces: what is said of a conclusion in one state is written once for a program.

The plain way is `json.dumps` of `Assessment.to_data`; this gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from .explain.unknowns import Unknown
from .facts.base import Fact, to_data
from .facts.types import Caution, Finding, Recommendation, Referral
from .ground.program import Program
from .ground.whole import BITS, EmptyCase, State
from .ir.bits import CERTAIN, ESTABLISHED, POSSIBLE

MOST_KEPT: Final = 20_000
"""How many texts are kept besides one for each conclusion, and how many lists of unknowns; others are written anew."""

SECTIONS: Final[dict[str, type[Fact]]] = {
    "findings": Finding,
    "recommendations": Recommendation,
    "cautions": Caution,
    "referrals": Referral,
}


class ResultTexts:
    """The pieces for one program."""

    def __init__(self, program: Program) -> None:
        self._facts = program.facts
        self._empty = program.once(EmptyCase)
        self._sections = [(name, program.of_type.get(kind, frozenset[int]())) for name, kind in SECTIONS.items()]
        self._others = frozenset(n for n, fact in enumerate(program.facts) if type(fact) not in SECTIONS.values())
        self._conclusions: list[dict[State, str]] = [{} for _ in program.facts]
        self._gaps: list[str] = [_dumps(Unknown(*gap.place, gap.slot).to_data()) for gap in self._empty.gaps]
        self._lists: dict[State, str] = {}
        self._room = MOST_KEPT

    def whole(self, established: Iterable[int], states: Sequence[State], conflicts: str) -> str:
        """The text of a result with these conflicts, joined once: a copy of a long text costs more than finding its pieces."""
        pieces = self._undecided(states) or [""]
        pieces[0] = f'{{{self._concluded(established, states)}, "conflicts": {conflicts}, "undecided": [{pieces[0]}'
        pieces[-1] += "]}"
        return ", ".join(pieces)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _concluded(self, established: Iterable[int], states: Sequence[State]) -> str:
        """The sections of what is concluded, each conclusion by itself."""
        numbers = sorted(established)
        parts = [
            f'"{name}": [{", ".join([self._text(n, states[n]) for n in numbers if n in those]) if those else ""}]'
            for name, those in self._sections
        ]
        others = self._others and [
            f'{{"type": {_dumps(self._facts[n].tag())}, {self._text(n, states[n])[1:]}'
            for n in sorted(self._others.intersection(numbers))
        ]
        if others:
            parts.append(f'"others": [{", ".join(others)}]')
        return ", ".join(parts)

    def _undecided(self, states: Sequence[State]) -> list[str]:
        """Each conclusion that is still possible."""
        kept = self._conclusions
        open_ = ESTABLISHED | POSSIBLE
        return [
            kept[number].get(state) or self._text(number, state)
            for number, state in enumerate(states)
            if state & open_ == POSSIBLE
        ]

    def _text(self, number: int, state: State) -> str:
        kept = self._conclusions[number]
        text = kept.get(state)
        if text is None:
            text = self._written(number, state)
            if not kept:
                kept[state] = text
            elif self._room > 0:
                self._room -= 1
                kept[state] = text
        return text

    def _written(self, number: int, state: State) -> str:
        data = to_data(self._facts[number])
        if not state & ESTABLISHED:
            return f'{_dumps(data)[:-1]}, "needs": [{self._unknowns(state)}]}}'
        del data["type"]
        firm = _dumps({**data, "firm": bool(state & CERTAIN)})
        return firm if state & CERTAIN else f'{firm[:-1]}, "rests_on": [{self._unknowns(state)}]}}'

    def _unknowns(self, state: State) -> str:
        """What a state rests on, without the brackets."""
        rest = state & ~BITS
        text = self._lists.get(rest)
        if text is None:
            text = ", ".join([self._gaps[number] for number in self._empty.numbers(rest)])
            if len(self._lists) < MOST_KEPT:
                self._lists[rest] = text
        return text


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
